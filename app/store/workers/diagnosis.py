"""Turns the engine's syntax errors into a place, a sentence and a likely repair.

The engine's grammar (a PEG) reports the furthest place it looked at. Keywords are compared
without regard to case by taking as many characters as the keyword has, so a place that failed
on keywords only is too far to the right by the length of the shortest: `SELECT * { … unknown(?s)
}` is reported 14 characters late because ENCODE_FOR_URI was tried. That is corrected here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any, Final

from app.errors import Place, QuerySyntaxError, Text
from app.rdf.namespaces import PREFIXES
from app.store.workers import lexer, mistakes, scoping
from app.store.workers.scoping import Mistake

_REPORT: Final = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_QUOTED: Final = re.compile(r'"(?:\\.|[^"\\])*"')
_CLASS: Final = re.compile(r"\['.*?'\]|\[_\]", re.DOTALL)
_KEYWORD: Final = re.compile(r"[A-Z][A-Z_0-9]+")
_KEYWORDS: Final = (
    *("SELECT", "ASK", "CONSTRUCT", "DESCRIBE", "PREFIX", "BASE", "FROM", "NAMED", "WHERE"),
    *("DISTINCT", "REDUCED", "OPTIONAL", "UNION", "MINUS", "GRAPH", "FILTER", "BIND", "VALUES"),
    *("EXISTS", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "UNDEF", "COUNT", "SAMPLE"),
    *("GROUP_CONCAT", "SEPARATOR", "REGEX", "CONTAINS", "STRSTARTS", "STRENDS", "LCASE", "UCASE"),
    *("LANGMATCHES", "DATATYPE", "BOUND", "COALESCE", "CONCAT", "REPLACE", "SUBSTR", "STRLEN"),
)
_MOST_EXPECTED: Final = 8


def syntax_error(text: str, detail: str, bound: Mapping[str, str]) -> QuerySyntaxError:
    """The error for a query text, from what the engine said; `bound` are prefixes that the
    endpoint binds by itself."""
    report = _REPORT.search(detail)
    if report is None:
        return QuerySyntaxError(_sentence(detail))
    line, column, expected = int(report[1]), int(report[2]), report[3]
    symbols = _QUOTED.findall(expected)
    rest = _CLASS.sub("", _QUOTED.sub("", expected))
    classes = [found for found in _CLASS.findall(expected) if found != "[_]"]
    said = [part.strip() for part in rest.split(",") if re.search("[a-z] ", part)]
    keywords = [part for part in _KEYWORD.findall(rest) if not any(part in s for s in said)]
    offset = _offset(text, line, column)
    mistake = mistakes.certain(text)
    if mistake is not None:
        return _usual(text, mistake)
    undefined = _undefined_prefix(text, bound)
    if undefined is not None and undefined[1] <= offset:
        # An error in any case, and often hidden by what else was tried at the same place.
        return _undefined(text, *undefined, bound)
    if keywords and not symbols and not classes and not said:
        offset = max(offset - min(map(len, keywords)), 0)
    mistake = _meant(text, said) or mistakes.likely(text)
    if mistake is not None:
        return _usual(text, mistake)
    return _unexpected(text, offset, said, [*symbols, *keywords])


def told(error: QuerySyntaxError) -> dict[str, Any]:
    """An error as JSON, for the way from the process that looked at the text."""
    place, hint = error.place, error.hint
    return {
        "text": [error.text.ja, error.text.en],
        "hint": [hint.ja, hint.en] if hint is not None else None,
        "place": [place.line, place.column] if place is not None else None,
        "instead": error.instead,
        "replaces": error.replaces,
    }


def from_told(told: Mapping[str, Any]) -> QuerySyntaxError:
    """The error that became such JSON."""
    hint, place = told["hint"], told["place"]
    return QuerySyntaxError(
        Text(*told["text"]),
        place=Place(line=place[0], column=place[1]) if place is not None else None,
        hint=Text(*hint) if hint is not None else None,
        instead=told["instead"],
        replaces=told["replaces"],
    )


def _undefined_prefix(text: str, bound: Mapping[str, str]) -> tuple[str, int] | None:
    known = {*bound, *lexer.declared_prefixes(text)}
    in_declaration = False
    for kind, token, start in lexer.tokens(text):
        if kind == "name" and not in_declaration:
            prefix = token.split(":", 1)[0]
            if prefix not in known and prefix != "_":
                return prefix, start
        in_declaration = kind == "word" and token.upper() == "PREFIX"
    return None


def _undefined(text: str, prefix: str, offset: int, bound: Mapping[str, str]) -> QuerySyntaxError:
    known = {**PREFIXES, **bound}
    near = get_close_matches(prefix, known, n=1, cutoff=0.7)
    instead = None
    if prefix in ("http", "https", "urn"):
        hint = Text(
            ja=f"IRI は <{prefix}:…> のように山かっこで囲んでください。",
            en=f"Write IRIs in angle brackets: <{prefix}:…>.",
        )
    elif prefix in known:
        line = f"PREFIX {prefix}: <{known[prefix]}>"
        hint = Text(
            ja=f"クエリの先頭に {line} を加えてください。",
            en=f"Add {line} at the beginning of the query.",
        )
    elif near:
        instead = near[0]
        hint = Text(ja=f"{instead}: のことですか。", en=f"Did you mean {instead}: ?")
    else:
        hint = Text(
            ja=f"クエリの先頭に PREFIX {prefix}: <…> を加えてください。",
            en=f"Add PREFIX {prefix}: <…> at the beginning of the query.",
        )
    return QuerySyntaxError(
        Text(
            ja=f"接頭辞 {prefix}: が宣言されていません。",
            en=f"The prefix {prefix}: is not declared.",
        ),
        place=_place(text, offset),
        hint=hint,
        instead=instead,
        replaces=len(prefix),
    )


def _meant(text: str, said: list[str]) -> Mistake | None:
    """What the engine says in a sentence, with the place and the names that it leaves out."""
    tokens = lexer.every_token(text)
    if any("variable that is unbound" in sentence for sentence in said):
        return next(scoping.ungrouped(tokens), None)
    if any("overrides an existing variable" in sentence for sentence in said):
        return next(scoping.overriding(tokens), None)
    if any("IRI parsing failed" in sentence for sentence in said):
        return next(mistakes.bad_iris(text), None)
    return None


def _usual(text: str, mistake: Mistake) -> QuerySyntaxError:
    return QuerySyntaxError(
        mistake.text,
        place=_place(text, mistake.offset),
        hint=mistake.hint,
        instead=mistake.instead,
        replaces=mistake.replaces,
    )


def _unexpected(text: str, offset: int, said: list[str], expected: list[str]) -> QuerySyntaxError:
    place = _place(text, offset)
    found = _word_at(text, offset)
    if said:
        return QuerySyntaxError(_sentence("; ".join(said)), place=place)
    if not text.strip():
        return QuerySyntaxError(
            Text(ja="クエリが空です。", en="The query is empty."),
            place=place,
            hint=Text(
                ja="例: SELECT * { ?s ?p ?o } LIMIT 10", en="Try SELECT * { ?s ?p ?o } LIMIT 10"
            ),
        )
    if not found:
        return QuerySyntaxError(
            Text(
                ja="クエリ全体が SPARQL として読めません。",
                en="The query as a whole is not SPARQL.",
            ),
            place=place,
            hint=Text(
                ja="引用符の閉じ忘れ、同じ変数への二度の代入、文の間の . を確認してください。",
                en="Look for a quote that is not closed, a variable that is given a value twice, "
                "and full stops between statements.",
            ),
        )
    wanted = ""
    if 0 < len(expected) <= _MOST_EXPECTED:
        wanted = " ".join(sorted(set(expected)))
    near = get_close_matches(found.upper(), _KEYWORDS, n=1, cutoff=0.75)
    hint = instead = None
    if near and near[0] != found.upper():
        instead = near[0]
        hint = Text(ja=f"{instead} のことですか。", en=f"Did you mean {instead}?")
    elif found[0] in "?$<" and not any(part.startswith('"') for part in expected):
        hint = Text(
            ja="前の文の終わりに . が要るかもしれません。",
            en="The statement before it may lack its full stop.",
        )
    elif wanted:
        hint = Text(ja=f"ここに書けるもの: {wanted}", en=f"What may stand here: {wanted}")
    return QuerySyntaxError(
        Text(
            ja=f"SPARQL として読めません: ここに「{found}」は書けません。",
            en=f"This is not SPARQL: “{found}” cannot stand here.",
        ),
        place=place,
        hint=hint,
        instead=instead,
        replaces=len(found),
    )


def _sentence(detail: str) -> Text:
    return Text(ja=f"SPARQL として読めません: {detail}", en=f"This is not SPARQL: {detail}")


def _offset(text: str, line: int, column: int) -> int:
    start = 0
    for _ in range(line - 1):
        start = text.find("\n", start) + 1
    return min(start + column - 1, len(text))


def _place(text: str, offset: int) -> Place:
    line = text.count("\n", 0, offset) + 1
    return Place(line=line, column=offset - (text.rfind("\n", 0, offset) + 1) + 1)


def _word_at(text: str, offset: int) -> str:
    word = re.compile(r"[?$]?\w{1,40}|\S").match(text, offset)
    return word.group() if word else text[offset : offset + 40].strip()
