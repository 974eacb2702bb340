"""A table whose cells are in memory: sheets of workbooks, JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

import numpy as np
import pyarrow as pa

from app.errors import Place, SourceError, Text
from app.tabular.batch import Batch, TableDescription

BATCH_ROWS: Final = 8192


@dataclass(frozen=True, slots=True)
class HeldTable:
    """A `app.tabular.batch.Table` over batches that are there already."""

    name: str
    columns: tuple[str, ...]
    description: TableDescription
    parts: tuple[Batch, ...]

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> Iterator[Batch]:
        """See `app.tabular.batch.Table`. Raises SourceError for an unknown column."""
        wanted = list(dict.fromkeys(self.columns if columns is None else columns))
        for name in wanted:
            if name not in self.columns:
                raise _no_such_column(self.name, name, self.columns)
        left = limit
        for part in self.parts:
            table, lines = part.table.select(wanted), part.lines
            if left is not None:
                if left <= 0:
                    return
                table, lines = table.slice(0, left), lines[:left]
                left -= len(lines)
            yield Batch(table, lines, part.first_row)


def held_batches(
    rows: Iterable[tuple[int, Sequence[str | None]]], names: Sequence[str]
) -> Iterator[Batch]:
    """Batches of rows, each with its physical line and as many cells as there are names."""
    kept: list[Sequence[str | None]] = []
    lines: list[int] = []
    given = 0
    for line, cells in rows:
        kept.append(cells)
        lines.append(line)
        if len(kept) == BATCH_ROWS:
            yield _batch(kept, lines, names, given)
            given += len(kept)
            kept, lines = [], []
    if kept:
        yield _batch(kept, lines, names, given)


def _batch(
    rows: list[Sequence[str | None]], lines: list[int], names: Sequence[str], given: int
) -> Batch:
    columns = [pa.array(column, pa.string()) for column in zip(*rows, strict=True)]
    table = pa.RecordBatch.from_arrays(columns, names=list(names))
    return Batch(table, np.array(lines, dtype=np.int64), given + 1)


def _no_such_column(name: str, column: str, names: Sequence[str]) -> SourceError:
    near = ", ".join(get_close_matches(column, names, n=3)) or ", ".join(names[:5])
    return SourceError(
        Text(ja=f"列「{column}」がありません。", en=f"there is no column {column!r}."),
        place=Place(name),
        hint=Text(ja=f"{near} のことですか。", en=f"Did you mean {near}?"),
    )
