"""A class diagram in the manner of UML, laid out here and drawn by a template as SVG.

The classes above stand over a class, nearest last; the class itself lists its properties; those
below stand under it. Boxes are placed on a fixed grid: no graph layout is needed for a tree of
one class. Lengths are CSS pixels.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from app.web.entity_context import Link

WIDTH: Final = 640
_BOX_WIDTH: Final = 200
_BOX_HEIGHT: Final = 34
_GAP: Final = 34
_MARGIN: Final = 8
_LINE: Final = 22
_COLUMNS: Final = 3
_MAX_ABOVE: Final = 4
_MAX_BELOW: Final = 12
_MAX_MEMBERS: Final = 14
_MAIN_WIDTH: Final = 380
_CHARACTER: Final = 7.2  # half the width of a full-width character at 14 px


@dataclass(frozen=True, slots=True)
class Member:
    """A property in the box of its class; `y` is the baseline of its text."""

    link: Link
    range: str
    y: int


@dataclass(frozen=True, slots=True)
class Box:
    """A class: upper left corner and size."""

    link: Link
    x: int
    y: int
    width: int
    height: int
    main: bool = False
    members: tuple[Member, ...] = ()

    @property
    def middle(self) -> int:
        """Where lines meet the box."""
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True)
class Line:
    """A way from a class to the one above it: an SVG path, and the place of the triangle that
    means generalization."""

    path: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Diagram:
    """What the template draws, from `left` on; `more` counts the classes below that found no
    place."""

    left: int
    width: int
    height: int
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    more: int = 0


def class_diagram(
    term: Link,
    above: Sequence[Link],
    below: Sequence[Link],
    members: Sequence[tuple[Link, str]],
) -> Diagram:
    """The diagram of one class. `above` is nearest first; `members` are properties with the
    name of their range."""
    boxes: list[Box] = []
    lines: list[Line] = []
    y = _MARGIN
    for link in reversed(above[:_MAX_ABOVE]):
        boxes.append(_centred(link, y, _BOX_WIDTH, _BOX_HEIGHT))
        y += _BOX_HEIGHT + _GAP
    shown = members[:_MAX_MEMBERS]
    height = _BOX_HEIGHT + (len(shown) * _LINE + 12 if shown else 0)
    placed = tuple(
        Member(_cut(link, 24), _shortened(range_, 18), y + _BOX_HEIGHT + 20 + n * _LINE)
        for n, (link, range_) in enumerate(shown)
    )
    main = _centred(term, y, _MAIN_WIDTH, height, main=True, members=placed)
    boxes.append(main)
    lines += [_down(upper, lower) for upper, lower in pairwise(boxes)]
    y += height
    for n, link in enumerate(below[:_MAX_BELOW]):
        row, column = divmod(n, _COLUMNS)
        step = (WIDTH - _BOX_WIDTH) // (_COLUMNS - 1)
        box = Box(
            _cut(link, 26),
            column * step if len(below) >= _COLUMNS else _spread(column, len(below)),
            y + _GAP + row * (_BOX_HEIGHT + _GAP // 2),
            _BOX_WIDTH,
            _BOX_HEIGHT,
        )
        boxes.append(box)
        if row == 0:
            lines.append(_down(main, box))
    rows = -(-min(len(below), _MAX_BELOW) // _COLUMNS)
    y += _GAP + rows * (_BOX_HEIGHT + _GAP // 2) if rows else _MARGIN
    left = min(box.x for box in boxes) - _MARGIN
    width = max(box.x + box.width for box in boxes) + _MARGIN - left
    more = max(0, len(below) - _MAX_BELOW)
    return Diagram(left, width, y, tuple(boxes), tuple(lines), more)


def text_width(text: str) -> float:
    """About how wide a text is at 14 px: Japanese characters count twice."""
    wide = sum(unicodedata.east_asian_width(c) in "WFA" for c in text)
    return (len(text) + wide) * _CHARACTER


def _centred(
    link: Link,
    y: int,
    width: int,
    height: int,
    *,
    main: bool = False,
    members: tuple[Member, ...] = (),
) -> Box:
    cells = 50 if main else 26
    return Box(_cut(link, cells), (WIDTH - width) // 2, y, width, height, main, members)


def _spread(column: int, count: int) -> int:
    return (WIDTH - count * _BOX_WIDTH) // (count + 1) * (column + 1) + column * _BOX_WIDTH


def _down(upper: Box, lower: Box) -> Line:
    start, end = upper.y + upper.height, lower.y
    bend = start + (end - start) // 2 + 4
    return Line(f"M{lower.middle} {end}V{bend}H{upper.middle}V{start + 11}", upper.middle, start)


def _cut(link: Link, cells: int) -> Link:
    return Link(_shortened(link.text, cells), link.iri, link.href, link.external)


def _shortened(text: str, cells: int) -> str:
    if text_width(text) <= cells * _CHARACTER:
        return text
    while text and text_width(text) > (cells - 2) * _CHARACTER:
        text = text[:-1]
    return text + "…"
