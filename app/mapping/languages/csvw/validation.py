"""Validation of annotated tables: cells, required columns, primary keys, foreign keys.

Cells are parsed once for each distinct text of a column and batch.

Source: Model for Tabular Data, section 6.6, https://www.w3.org/TR/tabular-data-model/ .
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from app.errors import Place
from app.findings import Findings
from app.mapping.languages.csvw.cells import Cell, CellFormat, cell_parser
from app.mapping.languages.csvw.findings import (
    CELL_INVALID,
    CELL_REQUIRED,
    FOREIGN_KEY_AMBIGUOUS,
    FOREIGN_KEY_UNKNOWN,
    PRIMARY_KEY_REPEATED,
)
from app.mapping.languages.csvw.model import ForeignKey
from app.mapping.languages.csvw.reading import AnnotatedGroup
from app.mapping.languages.csvw.schemas import referenced_table
from app.mapping.languages.csvw.tables import AnnotatedTable
from app.tabular.batch import Batch

Key = tuple[tuple[str, ...], ...]
"""The values of some cells of a row; a null cell is an empty tuple."""


def validate(group: AnnotatedGroup, findings: Findings) -> None:
    """Check every table of a group; what is wrong goes to `findings`.

    Whether columns fit the header was checked when the group was opened with `validating`.
    Raises SourceError when a table cannot be read to its end.
    """
    for table in group.tables:
        _validate_rows(table, findings)
    for table in group.tables:
        for key in table.description.schema.foreign_keys:
            _validate_foreign_key(group, table, key, findings)


def _validate_rows(table: AnnotatedTable, findings: Findings) -> None:
    primary = _PrimaryKey(table, findings)
    for batch in table.rows.batches(table.keys):
        for column, key in zip(table.real_columns, table.keys, strict=True):
            cells = _DistinctCells(batch.table.column(key), column.cell_format)
            _report_cells(cells, batch, Place(table.rows.name, field=key), findings)
        primary.check(batch)


@dataclass(frozen=True, slots=True, init=False)
class _DistinctCells:
    """The parsed cells of a column: `codes[row]` is the position in `texts` and `cells`."""

    codes: npt.NDArray[np.int64]
    texts: list[str]
    cells: list[Cell]

    def __init__(self, array: pa.Array, form: CellFormat) -> None:
        encoded = array.dictionary_encode()
        codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        texts = encoded.dictionary.to_pylist()
        parse = cell_parser(form)
        object.__setattr__(self, "codes", codes)
        object.__setattr__(self, "texts", texts)
        object.__setattr__(self, "cells", [parse(text) for text in texts])


def _report_cells(
    distinct: _DistinctCells, batch: Batch, column: Place, findings: Findings
) -> None:
    for code, cell in enumerate(distinct.cells):
        if not cell.missing and not cell.errors:
            continue
        rows = np.flatnonzero(distinct.codes == code)
        place = Place(column.file, int(batch.lines[rows[0]]), field=column.field)
        if cell.missing:
            findings.add(CELL_REQUIRED, place, count=len(rows))
        for value in cell.values:
            if value.invalid is not None:
                values = {"value": value.lexical, "expected": value.invalid.expected}
                findings.add(CELL_INVALID, place, values, count=len(rows))


def _keys(table: AnnotatedTable, names: Sequence[str], batch: Batch) -> Iterator[tuple[Key, int]]:
    """The values of some columns of each row, with the row's line."""
    columns = []
    for name in names:
        column, key = table.column(name), table.key(name)
        if column is None or key is None:
            continue
        distinct = _DistinctCells(batch.table.column(key), column.cell_format)
        values = [tuple(value.lexical for value in cell.values) for cell in distinct.cells]
        columns.append([values[code] for code in distinct.codes])
    yield from zip(zip(*columns, strict=True), batch.lines.tolist(), strict=True)


def _batch_columns(table: AnnotatedTable, names: Sequence[str]) -> list[str]:
    return [key for name in names if (key := table.key(name)) is not None]


def _shown(key: Key) -> str:
    return ", ".join(";".join(values) for values in key)


class _PrimaryKey:
    """Remembers the keys of the rows seen so far."""

    def __init__(self, table: AnnotatedTable, findings: Findings) -> None:
        self._table = table
        self._names = table.description.schema.primary_key
        self._findings = findings
        self._lines: dict[Key, int] = {}

    def check(self, batch: Batch) -> None:
        if not self._names:
            return
        for key, line in _keys(self._table, self._names, batch):
            first = self._lines.setdefault(key, line)
            if first != line:
                place = Place(self._table.rows.name, line, field=", ".join(self._names))
                values = {"key": _shown(key), "first_line": first}
                self._findings.add(PRIMARY_KEY_REPEATED, place, values)


def _validate_foreign_key(
    group: AnnotatedGroup, table: AnnotatedTable, key: ForeignKey, findings: Findings
) -> None:
    description = referenced_table(group.description, key)
    if description is None:
        return
    target = group.by_url[description.url]
    # A null cell refers to nothing and so breaks the key as well: section 6.6 makes no exception
    # for it, and the suite's test034 asks for an error.
    known: dict[Key, int] = {}
    _each_key(target, key.referenced_columns, lambda found, _: known.update(_counted(known, found)))

    def check(found: Key, line: int) -> None:
        count = known.get(found, 0)
        if count == 1:
            return
        problem = FOREIGN_KEY_AMBIGUOUS if count else FOREIGN_KEY_UNKNOWN
        place = Place(table.rows.name, line, field=", ".join(key.columns))
        values = {"key": _shown(found), "table": target.rows.name}
        findings.add(problem, place, values, mapping_place=key.place)

    _each_key(table, key.columns, check)


def _counted(known: dict[Key, int], key: Key) -> dict[Key, int]:
    return {key: known.get(key, 0) + 1}


def _each_key(
    table: AnnotatedTable, names: Sequence[str], use: Callable[[Key, int], object]
) -> None:
    for batch in table.rows.batches(_batch_columns(table, names)):
        for key, line in _keys(table, names, batch):
            use(key, line)
