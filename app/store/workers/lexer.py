"""SPARQL's words, as far as needed to tell what a query is before the engine is asked.

This is not a parser: it skips comments, strings and IRIs, and gives keywords. What it decides
is only which sentence a person reads; what a query may do is decided by the sandbox.

Productions: https://www.w3.org/TR/sparql11-query/#sparqlGrammar (IRIREF, STRING_LITERAL_*,
PNAME_NS, VAR1), codepoint escapes: https://www.w3.org/TR/sparql11-query/#codepointEscape
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

# Each alternative is linear: no nested repetition can match the same text in two ways.
_PATTERN: Final = r"""
      (?P<comment>  \#[^\n\r]* )
    | (?P<string>   \"{3} (?: [^"\\] | \\. | "{1,2}(?!") )* (?: \"{3} | \Z )
                  | '{3}  (?: [^'\\] | \\. | '{1,2}(?!') )* (?: '{3} | \Z )
                  | "     (?: [^"\\\n\r] | \\. )* "?
                  | '     (?: [^'\\\n\r] | \\. )* '?     )
    | (?P<iri>      <[^<>"{}|^`\\\x00-\x20]*> )
    | (?P<variable> [?$]\w+ )
    | (?P<language> @[A-Za-z][A-Za-z0-9-]* )
    | (?P<name>     [\w.\-]*:(?:[\w.:\-] | %[0-9A-Fa-f]{2} | \\[^\w\s])* )
    | (?P<word>     [^\W\d]\w* )
    """
_TOKEN: Final = re.compile(_PATTERN, re.VERBOSE | re.DOTALL)
_MARKED_TOKEN: Final = re.compile(_PATTERN + r"| (?P<mark> [{}();] )", re.VERBOSE | re.DOTALL)
_EVERY_TOKEN: Final = re.compile(
    _PATTERN
    + r"""
    | (?P<number> \d+(?:\.\d+)?(?:[eE][+-]?\d+)? )
    | (?P<mark>   &&|\|\||!=|<=|>=|==|<>|\^\^|[{}()\[\];,.=<>!*+/|^-] )
    | (?P<odd>    [^ \t\r\n] )
    """,
    re.VERBOSE | re.DOTALL,
)
_CODEPOINT: Final = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_SERVICE_WORD: Final = re.compile(r"(?<![\w:?$@.\-])service(?![\w:])", re.IGNORECASE | re.ASCII)
_FORMS: Final = frozenset({"SELECT", "ASK", "CONSTRUCT", "DESCRIBE"})
_UPDATES: Final = frozenset(
    {"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH"}
)


def tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """Kind, text and start of every token but comments and punctuation."""
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind != "comment":
            yield kind, match.group(), match.start()


def marked_tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """The same with braces, parentheses and semicolons as tokens of kind "mark"."""
    for match in _MARKED_TOKEN.finditer(text):
        kind = match.lastgroup or ""
        if kind != "comment":
            yield kind, match.group(), match.start()


def every_token(text: str) -> list[tuple[str, str, int]]:
    """All tokens but comments, with numbers, operators ("mark") and what is no token of SPARQL
    ("odd")."""
    found = ((m.lastgroup or "", m.group(), m.start()) for m in _EVERY_TOKEN.finditer(text))
    return [token for token in found if token[0] != "comment"]


def form(text: str) -> str | None:
    """The query form in lower case (select, ask, construct, describe), "update" for an update,
    None when the first keyword after the prologue is neither."""
    for kind, token, _ in tokens(text):
        if kind == "word":
            word = token.upper()
            if word in _FORMS:
                return word.lower()
            if word in _UPDATES:
                return "update"
            if word not in ("BASE", "PREFIX", "VERSION"):
                return None
    return None


def declared_prefixes(text: str) -> dict[str, str]:
    """The prefixes that the prologue binds."""
    prefixes: dict[str, str] = {}
    name: str | None = None
    declaring = False
    for kind, token, _ in tokens(text):
        if kind == "word":
            declaring = token.upper() == "PREFIX"
            if token.upper() not in ("BASE", "PREFIX", "VERSION"):
                break
        elif declaring and kind == "name":
            name = token[:-1]
        elif declaring and kind == "iri" and name is not None:
            prefixes[name] = token[1:-1]
            name, declaring = None, False
    return prefixes


def names_dataset(text: str) -> bool:
    """Whether the query has a FROM clause. The engine's union of all graphs would override it."""
    if "from" not in text.lower():
        return False
    return any(kind == "word" and token.upper() == "FROM" for kind, token, _ in tokens(text))


def calls_service(text: str) -> bool:
    """Whether the text has a SERVICE clause. May miss one in text that is made to mislead
    (`?a<?b` can begin an IRI or a comparison): see `without_service`."""
    if "\\u" in text or "\\U" in text:
        text = _CODEPOINT.sub(_character, text)
    if "service" not in text.lower():
        return False
    return any(kind == "word" and token.upper() == "SERVICE" for kind, token, _ in tokens(text))


def without_service(text: str) -> str:
    """The text with another word wherever SERVICE may be the keyword. Within a string, a
    comment or an IRI that changes nothing for a parser; a SERVICE clause becomes an error. So
    the engine's own parser says whether there is one."""
    return _SERVICE_WORD.sub("SERVICX", text)


def _character(match: re.Match[str]) -> str:
    code = int(match.group(1) or match.group(2), 16)
    return chr(code) if code <= 0x10FFFF else " "
