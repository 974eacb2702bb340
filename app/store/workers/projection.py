"""The columns of `SELECT *`, in the order in which the query names them.

SPARQL leaves the order open (section 16.1); the engine gives the alphabetical one, and readers
expect that of the text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from app.store.workers import lexer

_BLANK: Final = r"(?:\s|\#[^\n\r]*[\n\r])*"
_STAR: Final = re.compile(rf"{_BLANK}(?:(?:DISTINCT|REDUCED)\b{_BLANK})?(\*)", re.IGNORECASE)


def in_order(text: str, columns: Callable[[str], Sequence[str]]) -> str:
    """The text with the variables in place of the star of its outermost SELECT. `columns` tells
    the variables that a text gives; it is asked only where there is a star."""
    star = _star(text)
    if star is None:
        return text
    names = columns(text)
    named = {token[1:]: None for kind, token, _ in lexer.tokens(text) if kind == "variable"}
    ordered = [name for name in named if name in names]
    ordered += [name for name in names if name not in named]
    if not ordered:
        return text
    written = " ".join(f"?{name}" for name in ordered)
    return f"{text[:star]} {written} {text[star + 1 :]}"


def _star(text: str) -> int | None:
    for kind, token, start in lexer.tokens(text):
        if kind == "word" and token.upper() == "SELECT":
            found = _STAR.match(text, start + len(token))
            return found.start(1) if found is not None else None
        if kind == "word" and token.upper() not in ("BASE", "PREFIX", "VERSION"):
            return None
    return None
