"""Datatype descriptions of columns, and what can be wrong with them and with values.

Source: Metadata Vocabulary, section 5.11, https://www.w3.org/TR/tabular-metadata/ .
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.mapping.languages.csvw.vocabulary import DATATYPES


class InvalidValue(ValueError):
    """A cell's text is not of its datatype. `constraint` names what it breaks: "datatype",
    "format", "length" or "range"."""

    def __init__(self, constraint: str, expected: str) -> None:
        super().__init__(expected)
        self.constraint = constraint
        self.expected = expected


class InvalidDatatype(ValueError):
    """A datatype description contradicts itself (section 5.11.2); the metadata is in error."""


class InvalidFormat(ValueError):
    """A format is not understood; it is to be ignored with a warning."""


@dataclass(frozen=True, slots=True)
class Datatype:
    """A datatype description. `format` is a number pattern, "true|false" words, a date format or
    a regular expression, as `base` asks; bounds are lexical forms."""

    base: str = "string"
    id: str | None = None
    format: str | None = None
    group_char: str | None = None
    decimal_char: str | None = None
    length: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_inclusive: str | None = None
    max_inclusive: str | None = None
    min_exclusive: str | None = None
    max_exclusive: str | None = None

    @property
    def iri(self) -> str:
        """The datatype of literals."""
        return self.id or DATATYPES[self.base]

    def __str__(self) -> str:
        return f"{self.base} ({self.format})" if self.format else self.base


STRING: Final = Datatype()
