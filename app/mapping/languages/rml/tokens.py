"""The tokens of Turtle and the escapes in them.

Source: RDF 1.1 Turtle, sections 6.4 and 6.5.
"""

from __future__ import annotations

import re
from typing import Final

_NAME_END: Final = r"\s<>\"'\[\]();,#@^"
TOKEN: Final = re.compile(
    rf"""
    (?P<space>(?:\s+|\#[^\n\r]*)+)
  | (?P<iri><[^<>\s]*>)
  | (?P<long>\"\"\"(?:\"{{0,2}}(?:[^\"\\]|\\.))*\"\"\"|'''(?:'{{0,2}}(?:[^'\\]|\\.))*''')
  | (?P<string>\"(?:[^\"\\\n\r]|\\.)*\"|'(?:[^'\\\n\r]|\\.)*')
  | (?P<at>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
  | (?P<number>[+-]?(?:\d*\.\d+(?:[eE][+-]?\d+)?|\d+(?:\.\d*)?[eE][+-]?\d+|\d+))
  | (?P<name>(?:[^{_NAME_END}.\\]|\\.|\.(?=[^{_NAME_END}]))+)
  | (?P<mark>\^\^|[.;,\[\]()])
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE: Final = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|.)", re.DOTALL)
_UNKNOWN_ESCAPE: Final = re.compile(r"\\[^tbnrf\"'\\uU]", re.DOTALL)
_SIMPLE_ESCAPES: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f"}


def unescape(text: str) -> str:
    """What a string or IRI means; a backslash before a character that needs none stays."""
    if "\\" not in text:
        return text

    def replaced(match: re.Match[str]) -> str:
        escape = match[1]
        if len(escape) > 1:
            return chr(int(escape[1:], 16))
        known = escape if escape in "\"'\\" else match[0]
        return _SIMPLE_ESCAPES.get(escape, known)

    return _ESCAPE.sub(replaced, text)


def with_known_escapes(text: str) -> tuple[str, list[int]]:
    """The text with backslashes doubled where a string's escape is unknown, and where they are."""
    if _UNKNOWN_ESCAPE.search(text) is None:
        return text, []
    parts: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(text) and (token := TOKEN.match(text, at)) is not None:
        part = token[0]
        if token.lastgroup in {"string", "long"}:
            places.extend(
                at + found.start()
                for found in _ESCAPE.finditer(part)
                if _UNKNOWN_ESCAPE.fullmatch(found[0][:2])
            )
            part = _ESCAPE.sub(
                lambda m: "\\" + m[0] if _UNKNOWN_ESCAPE.fullmatch(m[0][:2]) else m[0], part
            )
        parts.append(part)
        at = token.end()
    return "".join(parts) + text[at:], places
