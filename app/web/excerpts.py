"""The line of a query on which something is wrong, and a caret under the place."""

from __future__ import annotations

from typing import Final

from app.errors import Place

_MOST: Final = 400
_FIRST_WIDE: Final = 0x2E7F


def excerpt(text: str, place: Place | None) -> str | None:
    """The line of `place`, and below it a caret under its column; None where there is no such
    line. A line that is longer than anyone reads is cut, and then has no caret beyond its end."""
    lines = text.splitlines()
    if place is None or place.line is None or not 1 <= place.line <= len(lines):
        return None
    line = lines[place.line - 1][:_MOST]
    if place.column is None or place.column > len(line) + 1:
        return line
    # Japanese letters are as wide as two others in the fonts of code.
    before = ("\u3000" if ord(letter) > _FIRST_WIDE else " " for letter in line[: place.column - 1])
    return f"{line}\n{''.join(before)}^"
