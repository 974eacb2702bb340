"""The CSV of a database's table: its columns have types, so its values have natural datatypes.

A database knows the types; a CSV of it does not say them. They are found in the cells, all of
one column, before the first row is given: a column whose cells are all written as the natural
mapping of SQL writes integers is one of integers, and so on. `007` is not: it is a code.

Source: R2RML, section 10.2 (natural mapping of SQL values); RML-IO registry, SQL2008Table.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from app.mapping.datatypes import LEXICAL_SPACES
from app.rdf.namespaces import XSD
from app.tabular.batch import Batch, Table, TableDescription

_TYPES: Final = {
    XSD + "boolean": "^(true|false)$",
    XSD + "integer": "^(0|-?[1-9][0-9]*)$",
    XSD + "decimal": r"^-?(0|[1-9][0-9]*)(\.[0-9]+)?$",
    XSD + "double": r"^-?[0-9](\.[0-9]+)?[Ee][+-]?[0-9]+$",
    **{XSD + name: LEXICAL_SPACES[XSD + name] for name in ("date", "dateTime", "time")},
}
"""Datatype → how a cell of such a column is written, the first that fits all cells wins."""


@dataclass
class DatabaseTable:
    """A `app.tabular.batch.Table` that tells the natural datatypes of its values."""

    table: Table
    _found: dict[str, str | None] = field(default_factory=dict, init=False)

    @property
    def name(self) -> str:
        """That of the file."""
        return self.table.name

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of the file."""
        return self.table.columns

    @property
    def description(self) -> TableDescription:
        """That of the file."""
        return self.table.description

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> Iterator[Batch]:
        """See `app.tabular.batch.Table`."""
        names = list(self.columns if columns is None else columns)
        self._find([name for name in names if name not in self._found])
        for batch in self.table.batches(columns, limit=limit):
            types = {
                name: pa.repeat(pa.scalar(datatype), len(batch))
                for name in names
                if (datatype := self._found[name]) is not None
            }
            yield replace(batch, datatypes=types)

    def _find(self, names: Sequence[str]) -> None:
        """Look through the cells of columns for the first time."""
        if not names:
            return
        possible = {name: list(_TYPES) for name in names}
        for batch in self.table.batches(names):
            for name, types in possible.items():
                cells = batch.table.column(name)
                cells = cells.filter(pc.not_equal(cells, ""))
                possible[name] = [each for each in types if _all_match(cells, _TYPES[each])]
        self._found |= {name: next(iter(types), None) for name, types in possible.items()}


def _all_match(cells: pa.Array, pattern: str) -> bool:
    return bool(pc.all(pc.match_substring_regex(cells, pattern), min_count=0).as_py())
