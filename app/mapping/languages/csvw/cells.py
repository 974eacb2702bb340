"""One cell of an annotated table: its text to values, by the steps of "Parsing Cells".

Source: Model for Tabular Data, section 6.4, https://www.w3.org/TR/tabular-data-model/#parsing-cells .
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from app.mapping.languages.csvw.datatypes import STRING, Datatype, InvalidValue
from app.mapping.languages.csvw.lexical import reader
from app.mapping.languages.csvw.vocabulary import KEEPS_WHITE_SPACE

_LINE_WHITE_SPACE = re.compile(r"[\r\n\t]")
_WHITE_SPACE_RUN = re.compile(r" {2,}")

REMEMBERED_CELLS = 32768
"""Texts of a column whose cells are remembered: about what a batch has rows, so that the values
and the errors of a cell are found by one parse."""


@dataclass(frozen=True, slots=True)
class CellFormat:
    """What a column says of the text of its cells. `nulls` are compared after white space is
    normalised; with a `separator` a cell holds a list."""

    datatype: Datatype = STRING
    nulls: tuple[str, ...] = ("",)
    default: str = ""
    separator: str | None = None
    required: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether a cell that is not null has one value, its text, which is always valid."""
        return self.separator is None and not self.default and self.datatype in _FREE_TEXT


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a cell. An `invalid` one keeps its text and becomes a plain string."""

    lexical: str
    invalid: InvalidValue | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """All values of a cell in order, none when it is null; `missing` when it is null or an
    empty list though the column is required."""

    values: tuple[Value, ...]
    missing: bool = False

    @property
    def errors(self) -> tuple[InvalidValue, ...]:
        """What is wrong with its values."""
        return tuple(value.invalid for value in self.values if value.invalid is not None)


_FREE_TEXT = frozenset({STRING, Datatype("anyAtomicType")})

CellParser = Callable[[str], Cell]


@lru_cache(maxsize=256)
def cell_parser(form: CellFormat) -> CellParser:
    """The function that parses the text of a cell. It remembers what it has met."""
    read = reader(form.datatype)
    base = form.datatype.base

    def single(text: str) -> Value | None:
        if text in form.nulls:
            return None
        try:
            return Value(read(text))
        except InvalidValue as invalid:
            return Value(text, invalid)

    @lru_cache(maxsize=REMEMBERED_CELLS)
    def parse(text: str) -> Cell:
        text = normalized(text, base) or form.default
        if form.separator is None:
            value = single(text)
            return Cell((value,)) if value is not None else Cell((), missing=form.required)
        if not text or text in form.nulls:
            return Cell((), missing=form.required)
        items = text.split(form.separator)
        if base not in ("string", "anyAtomicType"):
            items = [item.strip() for item in items]
        values = (single(item or form.default) for item in items)
        return Cell(tuple(value for value in values if value is not None))

    return parse


def parse_cell(text: str, form: CellFormat) -> Cell:
    """The values in the text of a cell."""
    return cell_parser(form)(text)


def normalized(text: str, base: str) -> str:
    """White space as the datatype wants it (steps 1 and 2)."""
    if base in KEEPS_WHITE_SPACE:
        return text
    text = _LINE_WHITE_SPACE.sub(" ", text)
    return text if base == "normalizedString" else _WHITE_SPACE_RUN.sub(" ", text.strip(" "))
