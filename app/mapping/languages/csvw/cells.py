"""One cell of an annotated table: its text to values, by the steps of "Parsing Cells".

Source: Model for Tabular Data, section 6.4, https://www.w3.org/TR/tabular-data-model/#parsing-cells .
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from app.mapping.languages.csvw.datatypes import STRING, Datatype, InvalidValue, reader
from app.mapping.languages.csvw.vocabulary import KEEPS_WHITE_SPACE

_LINE_WHITE_SPACE = re.compile(r"[\r\n\t]")
_WHITE_SPACE_RUN = re.compile(r" {2,}")


@dataclass(frozen=True, slots=True)
class CellFormat:
    """What a column says of the text of its cells. `nulls` are compared after white space is
    normalised; with a `separator` a cell holds a list."""

    datatype: Datatype = STRING
    nulls: tuple[str, ...] = ("",)
    default: str = ""
    separator: str | None = None
    required: bool = False


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


@lru_cache(maxsize=65536)
def parse_cell(text: str, form: CellFormat) -> Cell:
    """The values in the text of a cell."""
    text = normalized(text, form.datatype.base) or form.default
    if form.separator is None:
        value = _single(text, form)
        return Cell((value,)) if value is not None else Cell((), missing=form.required)
    if not text:
        return Cell((), missing=form.required)
    if text in form.nulls:
        return Cell((), missing=form.required)
    items = text.split(form.separator)
    if form.datatype.base not in ("string", "anyAtomicType"):
        items = [item.strip() for item in items]
    values = (_single(item or form.default, form) for item in items)
    return Cell(tuple(value for value in values if value is not None))


def normalized(text: str, base: str) -> str:
    """White space as the datatype wants it (steps 1 and 2)."""
    if base in KEEPS_WHITE_SPACE:
        return text
    text = _LINE_WHITE_SPACE.sub(" ", text)
    return text if base == "normalizedString" else _WHITE_SPACE_RUN.sub(" ", text.strip(" "))


def _single(text: str, form: CellFormat) -> Value | None:
    if text in form.nulls:
        return None
    try:
        return Value(reader(form.datatype)(text))
    except InvalidValue as invalid:
        return Value(text, invalid)
