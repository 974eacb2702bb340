"""Pages of a SELECT: the query's own LIMIT and OFFSET, narrowed to a part of its solutions.

The engine cannot be told to stop after some rows, so the cap is written into the solution
modifiers of the outermost SELECT. Nothing else of the text changes, and a text whose modifiers
cannot be found stays as it is. A sealed release gives the solutions of the same text in the same
order each time, so the pages of one release fit together.

Grammar: https://www.w3.org/TR/sparql11-query/#rSolutionModifier , #rValuesClause
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from app.store.workers import lexer

_NUMBER: Final = re.compile(r"(?:\s|\#[^\n\r]*[\n\r])*(\d{1,18})(?!\w)")


@dataclass(frozen=True, slots=True)
class Page:
    """A query text narrowed to `rows` solutions; `last` when its own LIMIT ends it there."""

    text: str
    rows: int
    last: bool


@dataclass(slots=True)
class _Modifiers:
    limit: int | None = None
    offset: int = 0
    spans: tuple[tuple[int, int], ...] = ()
    end: int = 0


def page(text: str, rows: int, skip: int = 0) -> Page | None:
    """At most `rows` of the solutions of a SELECT, after the first `skip` of them. None when it
    is no SELECT, or its modifiers cannot be found."""
    if lexer.form(text) != "select":
        return None
    found = _modifiers(text)
    if found is None:
        return None
    left = max(found.limit - skip, 0) if found.limit is not None else None
    last = left is not None and left <= rows
    if last and skip == 0:
        return Page(text, left or 0, last=True)
    taken = left if last and left is not None else rows
    parts, start = [], 0
    for first, end in found.spans:
        parts += [text[start:first], " "]
        start = end
    offset = f" OFFSET {found.offset + skip}" if found.offset + skip else ""
    parts += [text[start : found.end], f"\nLIMIT {taken}{offset}\n", text[found.end :]]
    return Page("".join(parts), taken, last)


def _modifiers(text: str) -> _Modifiers | None:
    """LIMIT, OFFSET and VALUES outside all braces, after the last group."""
    found = _Modifiers(end=len(text))
    depth = 0
    for kind, token, start in lexer.marked_tokens(text):
        if kind == "mark":
            depth += {"{": 1, "}": -1}.get(token, 0)
        elif kind == "word" and depth == 0:
            word = token.upper()
            if word == "VALUES":
                found.end = start
                break
            if word in ("LIMIT", "OFFSET"):
                number = _NUMBER.match(text, start + len(word))
                if number is None:
                    return None
                found.spans += ((start, number.end()),)
                if word == "LIMIT":
                    found.limit = int(number[1])
                else:
                    found.offset = int(number[1])
    return found if depth >= 0 and len(found.spans) <= 2 else None
