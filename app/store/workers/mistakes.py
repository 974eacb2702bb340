"""Mistakes that people make in SPARQL, known by their look.

The engine says of many errors only that the text as a whole is none of its own (a variable bound
twice, a brace too many), or what keyword it tried last. Each rule here knows one usual mistake
and its mend. Rules are asked only about a text that the engine has refused, so a rule may take
for a mistake what could be right elsewhere.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from difflib import get_close_matches
from itertools import pairwise
from typing import Final

from app.errors import Text
from app.store.workers import lexer, scoping
from app.store.workers.scoping import Mistake, Token

_CLOSES: Final = {"{": "}", "(": ")", "[": "]"}
_AGGREGATES: Final = frozenset({"COUNT", "SUM", "MIN", "MAX", "AVG", "SAMPLE", "GROUP_CONCAT"})
_NARROW: Final = {
    "。": ".",
    "、": ",",
    "“": '"',
    "”": '"',
    "„": '"',
    "‘": "'",
    "’": "'",
    "「": '"',
    "」": '"',
}
_OPERATORS: Final = {"==": "=", "<>": "!=", "AND": "&&", "OR": "||"}
# SPARQL 1.1, sections 17.4 and 18.5, and what the engine knows of SPARQL 1.2.
_FUNCTIONS: Final = frozenset(
    (
        *(
            "ABS",
            "ADJUST",
            "AVG",
            "BNODE",
            "BOUND",
            "CEIL",
            "COALESCE",
            "CONCAT",
            "CONTAINS",
            "COUNT",
            "DATATYPE",
            "DAY",
        ),
        *(
            "ENCODE_FOR_URI",
            "EXISTS",
            "FILTER",
            "FLOOR",
            "GROUP_CONCAT",
            "HASLANG",
            "HASLANGDIR",
            "HOURS",
            "IF",
            "IN",
            "IRI",
            "ISBLANK",
        ),
        *(
            "ISIRI",
            "ISLITERAL",
            "ISNUMERIC",
            "ISTRIPLE",
            "ISURI",
            "LANG",
            "LANGDIR",
            "LANGMATCHES",
            "LCASE",
            "MAX",
            "MD5",
            "MIN",
            "MINUTES",
        ),
        *(
            "MONTH",
            "NOW",
            "OBJECT",
            "PREDICATE",
            "RAND",
            "REGEX",
            "REPLACE",
            "ROUND",
            "SAMETERM",
            "SAMPLE",
            "SECONDS",
            "SHA1",
            "SHA256",
            "SHA384",
        ),
        *(
            "SHA512",
            "STR",
            "STRAFTER",
            "STRBEFORE",
            "STRDT",
            "STRENDS",
            "STRLANG",
            "STRLANGDIR",
            "STRLEN",
            "STRSTARTS",
            "STRUUID",
            "SUBJECT",
        ),
        *("SUBSTR", "SUM", "TIMEZONE", "TRIPLE", "TZ", "UCASE", "URI", "UUID", "YEAR"),
    )
)
_BEFORE_BRACKET: Final = _FUNCTIONS | frozenset(
    {
        "AS",
        "BIND",
        "BY",
        "DISTINCT",
        "HAVING",
        "MINUS",
        "NOT",
        "REDUCED",
        "SELECT",
        "UNDEF",
        "VALUES",
        "WHERE",
        "ASC",
        "DESC",
        "A",
    }
)
_TAKE_GROUP: Final = frozenset({"WHERE", "OPTIONAL", "MINUS", "UNION"})


def certain(text: str) -> Mistake | None:
    """Mistakes that are one wherever they stand: wide punctuation, brackets that do not pair."""
    tokens = lexer.every_token(text)
    return _first(tokens, (_wide, _quotes, _brackets))


def likely(text: str) -> Mistake | None:
    """The first mistake that looks like a usual one."""
    tokens = lexer.every_token(text)
    if lexer.form(text) != "update":  # whose operations end with a semicolon
        for mistake in _after_the_end(tokens):
            return mistake
    return _first(tokens, (_neighbours, scoping.bound_again, scoping.uneven_values))


def _first(
    tokens: list[Token], rules: Iterable[Callable[[list[Token]], Iterator[Mistake]]]
) -> Mistake | None:
    for rule in rules:
        for mistake in rule(tokens):
            return mistake
    return None


def _wide(tokens: list[Token]) -> Iterator[Mistake]:
    """Punctuation and blanks of Japanese input methods. The engine takes some of them for letters
    of names (SPARQL 1.1, PN_CHARS_BASE reaches from U+3001 to U+D7FF and up to U+FFFD)."""
    for kind, piece, start in tokens:
        if kind in ("string", "iri"):
            continue
        for at, character in enumerate(piece, start):
            narrow = _NARROW.get(character, unicodedata.normalize("NFKC", character))
            if narrow == character or not narrow.isascii() or narrow.isalnum():
                continue
            shown = "空白" if narrow == " " else f"「{character}」"
            shown_en = "blank" if narrow == " " else f"“{character}”"
            yield Mistake(
                at,
                Text(
                    ja=f"全角の{shown}があります。",
                    en=f"There is a full-width {shown_en}.",
                ),
                Text(
                    ja="半角の空白にしてください。"
                    if narrow == " "
                    else f"半角の {narrow} にしてください。",
                    en="Write a plain blank." if narrow == " " else f"Write {narrow} instead.",
                ),
                instead=narrow,
                replaces=1,
            )


def _quotes(tokens: list[Token]) -> Iterator[Mistake]:
    for kind, piece, start in tokens:
        if kind != "string":
            continue
        quote = piece[:3] if piece[:3] in ('"""', "'''") else piece[0]
        if len(piece) < 2 * len(quote) or not piece.endswith(quote):
            yield Mistake(
                start,
                Text(ja="この引用符が閉じられていません。", en="This quote is not closed."),
                Text(
                    ja=f"{quote} を補ってください。改行を含む文字列は 3 つの引用符で囲みます。",
                    en=f"Add {quote}. A text of several lines stands between three quotes.",
                ),
            )


def bad_iris(text: str) -> Iterator[Mistake]:
    """IRIs with characters that no IRI has (IRIREF in the grammar; RFC 3987)."""
    for found in re.finditer(r"<([^<>\n]*)>", text):
        bad = re.search(r"[\s\"{}|^`\\]", found[1])
        if bad is not None:
            shown = "空白" if bad[0].isspace() else bad[0]
            yield Mistake(
                found.start(),
                Text(
                    ja=f"IRI に使えない文字があります: {shown}",
                    en=f"An IRI cannot hold {'a blank' if bad[0].isspace() else bad[0]}.",
                ),
                Text(
                    ja="パーセント符号化してください (空白は %20)。",
                    en="Percent-encode it (a blank is %20).",
                ),
            )


def _brackets(tokens: list[Token]) -> Iterator[Mistake]:
    open_ones: list[tuple[str, int]] = []
    for kind, piece, start in tokens:
        if kind != "mark":
            continue
        if piece in _CLOSES:
            open_ones.append((piece, start))
        elif piece in _CLOSES.values():
            if not open_ones:
                yield Mistake(
                    start,
                    Text(
                        ja=f"この {piece} に対応する開きかっこがありません。",
                        en=f"Nothing was opened that this {piece} could close.",
                    ),
                    Text(ja=f"{piece} を消してください。", en=f"Leave {piece} out."),
                )
                return
            opened, at = open_ones.pop()
            if _CLOSES[opened] != piece:
                yield _unclosed(opened, at)
                return
    for opened, at in reversed(open_ones):
        yield _unclosed(opened, at)


def _unclosed(opened: str, at: int) -> Mistake:
    return Mistake(
        at,
        Text(ja=f"この {opened} が閉じられていません。", en=f"This {opened} is not closed."),
        Text(ja=f"{_CLOSES[opened]} を補ってください。", en=f"Add {_CLOSES[opened]}."),
    )


def _after_the_end(tokens: list[Token]) -> Iterator[Mistake]:
    if tokens and tokens[-1][:2] == ("mark", ";"):
        yield Mistake(
            tokens[-1][2],
            Text(ja="クエリの終わりに ; は書けません。", en="A query does not end with ;"),
            Text(ja="; を消してください。", en="Leave ; out."),
        )


def _neighbours(tokens: list[Token]) -> Iterator[Mistake]:
    """What is wrong with two tokens that stand side by side."""
    selecting, depth = False, 0
    for (kind, piece, start), (next_kind, follows, next_start) in pairwise(tokens):
        word = piece.upper() if kind == "word" else ""
        if word == "SELECT":
            selecting = True
        elif piece in ("{", "WHERE") or word in ("FROM", "WHERE"):
            selecting = False
        depth += (piece == "(") - (piece == ")")
        wanted = follows.upper() if next_kind == "word" else ""
        if selecting and depth == 0 and wanted in _AGGREGATES:
            yield _aggregate(wanted, next_start)
        elif selecting and depth == 0 and follows == ",":
            yield Mistake(
                next_start,
                Text(ja="変数の間に , は書けません。", en="No comma stands between variables."),
                Text(ja=", を消してください。", en="Leave the comma out."),
            )
        elif selecting and depth and piece == ")" and next_kind == "variable":
            yield Mistake(
                next_start,
                Text(
                    ja=f"{follows} の前に AS がありません。", en=f"AS is missing before {follows}."
                ),
                Text(ja=f"AS {follows} と書いてください。", en=f"Write AS {follows}."),
                instead=f"AS {follows}",
                replaces=len(follows),
            )
        elif word == "GRAPH" and follows == "{":
            yield Mistake(
                next_start,
                Text(
                    ja="GRAPH の後にはグラフの IRI か変数が要ります。",
                    en="GRAPH is followed by the IRI of a graph, or a variable.",
                ),
                Text(ja="GRAPH ?g { … } と書いてください。", en="Write GRAPH ?g { … }."),
                instead="?g {",
                replaces=1,
            )
        elif word == "AS" and next_kind != "variable":
            name = follows if next_kind == "word" else "name"
            yield Mistake(
                next_start,
                Text(
                    ja=f"AS の後は変数です。「{follows}」は変数ではありません。",
                    en=f"AS is followed by a variable; “{follows}” is none.",
                ),
                Text(ja=f"?{name} と書いてください。", en=f"Write ?{name}."),
                instead=f"?{name}" if next_kind == "word" else None,
                replaces=len(follows),
            )
        elif word in ("LIMIT", "OFFSET") and next_kind != "number":
            yield Mistake(
                next_start,
                Text(
                    ja=f"{word} の後は 0 以上の整数です。",
                    en=f"{word} is followed by a whole number from 0 up.",
                ),
                Text(ja=f"例: {word} 10", en=f"For example: {word} 10"),
            )
        elif word in ("ORDER", "GROUP") and wanted != "BY":
            yield Mistake(
                start,
                Text(ja=f"{word} の後に BY がありません。", en=f"{word} lacks BY."),
                Text(ja=f"{word} BY と書いてください。", en=f"Write {word} BY."),
                instead=f"{word} BY",
                replaces=len(piece),
            )
        elif word in _TAKE_GROUP and follows != "{":
            yield Mistake(
                next_start,
                Text(ja=f"{word} の後には {{ が要ります。", en=f"{word} is followed by {{."),
                Text(ja=f"{word} {{ … }} と書いてください。", en=f"Write {word} {{ … }}."),
            )
        elif word in ("FILTER", "HAVING", "ASC", "DESC") and next_kind in ("variable", "number"):
            yield Mistake(
                next_start,
                Text(ja=f"{word} の式にはかっこが要ります。", en=f"{word} needs parentheses."),
                Text(
                    ja=f"{word}({follows} …) と書いてください。", en=f"Write {word}({follows} …)."
                ),
            )
        elif piece in _OPERATORS or (depth and word in _OPERATORS):
            right = _OPERATORS[piece if piece in _OPERATORS else word]
            yield Mistake(
                start,
                Text(ja=f"SPARQL に {piece} はありません。", en=f"SPARQL has no {piece}."),
                Text(ja=f"{right} と書いてください。", en=f"Write {right}."),
                instead=right,
                replaces=len(piece),
            )
        elif word and follows == "(" and word not in _BEFORE_BRACKET:
            yield _unknown_function(piece, start)
        elif piece == "," and follows in ("}", ".", "]"):
            yield Mistake(
                start,
                Text(ja="この , の後に値がありません。", en="No value follows this comma."),
                Text(ja=", を消してください。", en="Leave the comma out."),
            )


def _unknown_function(name: str, start: int) -> Mistake:
    near = get_close_matches(name.upper(), _BEFORE_BRACKET, n=1, cutoff=0.8)
    return Mistake(
        start,
        Text(
            ja=f"関数「{name}」は SPARQL にありません。",
            en=f"SPARQL has no function “{name}”.",
        ),
        Text(ja=f"{near[0]} のことですか。", en=f"Did you mean {near[0]}?")
        if near
        else Text(
            ja="独自の関数は <IRI>(…) か 接頭辞:名前(…) と書きます。",
            en="Functions of others are written <IRI>(…) or prefix:name(…).",
        ),
        instead=near[0] if near else None,
        replaces=len(name),
    )


def _aggregate(name: str, start: int) -> Mistake:
    example = "(COUNT(*) AS ?n)" if name == "COUNT" else f"({name}(?x) AS ?y)"
    return Mistake(
        start,
        Text(
            ja=f"SELECT の {name} には、かっこと AS で名前を付けます。",
            en=f"{name} in SELECT stands in parentheses and is given a name with AS.",
        ),
        Text(ja=f"{example} のように書いてください。", en=f"Write it like {example}."),
    )
