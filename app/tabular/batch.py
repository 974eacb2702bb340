"""What READ hands to the rest: batches of string columns, each row with its physical line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa


@dataclass(frozen=True, slots=True)
class Batch:
    """Some rows of a table.

    `table`: columns of type string, cells as they stand in the source (an empty cell is "",
    a missing one null). `lines`: for each row the physical line, from 1, on which it begins in
    the file. `first_row`: the number, from 1, of the first row among the table's data rows.
    A column of lists holds several values for each row. `datatypes`: for columns whose source
    has types (JSON), the datatype IRI of each value, flattened; null for strings.
    """

    table: pa.RecordBatch
    lines: npt.NDArray[np.int64]
    first_row: int
    datatypes: Mapping[str, pa.Array] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.table.num_rows)


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a delimited text is to be read; None means: find out and say so.

    The names follow the CSV dialect of the CSVW and Frictionless specifications. Of a workbook:
    `sheet` is the name of the sheet, `cells` a rectangle of it (A3:F200).
    """

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = '"'
    escape: str | None = None
    header_rows: int | None = None
    skip_rows: int = 0
    comment_prefix: str | None = None
    skip_initial_space: bool = False
    skip_blank_rows: bool = True
    trim: bool = False
    sheet: str | None = None
    cells: str | None = None


@dataclass(frozen=True, slots=True)
class TableDescription:
    """What was found out about a source while opening it.

    `encoding` is a Python codec name, `encoding_source` "declared", "bom" or "detected";
    `header_line` the physical line of the (last) header row; `comments` the cells of the rows
    before the header that are not data (LinkData `#…` rows).
    """

    encoding: str
    encoding_source: str
    delimiter: str
    header_line: int
    header_rows: int
    comments: tuple[tuple[str, ...], ...] = ()
    bytes: int | None = None


class Table(Protocol):
    """A table that can be read, more than once, from its beginning."""

    @property
    def name(self) -> str:
        """The file's name as it is shown in findings."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Unique, non-empty names, in the order of the file."""

    @property
    def description(self) -> TableDescription:
        """How it is being read."""

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> Iterator[Batch]:
        """The rows in order, with only the named columns, at most `limit` rows.

        Rows that cannot be read become findings (once, on the first pass) and are left out.
        Raises SourceError.
        """


@dataclass(frozen=True, slots=True)
class MemoryTable:
    """A table that is already there: for previews, inline sources and tests."""

    name: str
    table: pa.Table
    description: TableDescription = field(
        default=TableDescription("utf-8", "declared", ",", header_line=1, header_rows=1)
    )

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(self.table.column_names)

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> Iterator[Batch]:
        table = self.table if columns is None else self.table.select(list(columns))
        if limit is not None:
            table = table.slice(0, limit)
        row = 1
        for part in table.combine_chunks().to_batches():
            header = self.description.header_line
            yield Batch(part, np.arange(row, row + len(part), dtype=np.int64) + header, row)
            row += len(part)
