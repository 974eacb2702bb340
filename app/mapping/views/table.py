"""A logical view as a table: its columns are the names of its fields and of their positions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa

from app.findings import Findings
from app.mapping.model import POSITION, View
from app.mapping.vector import Rows
from app.mapping.views.blocks import Block, combined, positions_as_text
from app.mapping.views.expand import expand, references_of
from app.mapping.views.joins import JoinedView
from app.mapping.views.records import Items, Reading, Records, TableRecords
from app.tabular.batch import Batch, Table, TableDescription
from app.tabular.json_source import JsonTable

MOST_ROWS: Final = 65_536
"""Rows of a batch: one batch of the source may give many."""


@dataclass
class ViewTable:
    """A `app.tabular.batch.Table` over a view. `on` is the table of the source below, `parents`
    those of the joined views. Rows have the line of the row that they were derived from."""

    view: View
    on: Table
    parents: Sequence[Table]
    findings: Findings
    _told: int = field(default=0, init=False)
    """How many rows of the source have been passed: what is odd about them has been told."""
    _joins: list[JoinedView] | None = field(default=None, init=False)
    """The parents, held for further passes."""

    @property
    def name(self) -> str:
        """That of the file below."""
        return self.on.name

    @property
    def columns(self) -> tuple[str, ...]:
        """What can be referred to."""
        return self.view.columns()

    @property
    def description(self) -> TableDescription:
        """That of the file below."""
        return self.on.description

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> Iterator[Batch]:
        """See `app.tabular.batch.Table`."""
        wanted = list(self.columns if columns is None else columns)
        made = 0
        for block, lines in self._rows():
            for start in range(0, len(lines), MOST_ROWS):
                end = min(start + MOST_ROWS, len(lines))
                if limit is not None:
                    end = min(end, start + limit - made)
                if end <= start:
                    return
                yield _batch(block, lines, wanted, start, end, made + 1)
                made += end - start

    def _rows(self) -> Iterator[tuple[Block, Rows]]:
        if self._joins is None:
            self._joins = [
                JoinedView(join, parent, self._reading(parent.name, self.findings, nulls=()))
                for join, parent in zip(self.view.joins, self.parents, strict=True)
            ]
        joins = [join.afresh() for join in self._joins]
        before: list[str] = []
        for records, first in self._records():
            fields = expand(records, self.view.fields)
            owners = np.arange(len(records), dtype=np.int64) if fields.rows is None else fields.rows
            texts, integer = positions_as_text(owners + (first - 1))
            root = Block({POSITION: texts}, {POSITION: integer})
            block = combined([root, Block(fields.columns, fields.types)], len(owners))
            lines = records.lines[owners]
            before = list(block.columns)
            yield self._joined(block, lines, joins)
        for number, join in enumerate(joins):
            rest = join.unmatched(before)
            before = [*before, *(name for name in join.columns)]
            if rest is not None:
                lines = np.ones(len(rest.columns[POSITION]), dtype=np.int64)
                yield self._joined(rest, lines, joins[number + 1 :])

    def _joined(self, block: Block, lines: Rows, joins: Sequence[JoinedView]) -> tuple[Block, Rows]:
        for join in joins:
            block, lines = join.extended(block, lines, self._reading(self.name, Findings(), ()))
        return block, lines

    def _records(self) -> Iterator[tuple[Records, int]]:
        """The rows of the source, batch by batch, with the number of the first, from 1."""
        is_json = isinstance(self.on, JsonTable)
        names = () if is_json else references_of(f.expression for f in self.view.fields)
        for batch in self.on.batches(names):
            last = batch.first_row + len(batch) - 1
            findings = self.findings if last > self._told else Findings()
            self._told = max(self._told, last)
            reading = self._reading(self.on.name, findings, self.view.on.nulls)
            if isinstance(self.on, JsonTable):
                items = self.on.rows[batch.first_row - 1 : last]
                yield Items(reading, batch.lines, items), batch.first_row
            else:
                yield TableRecords(reading, batch), batch.first_row

    @staticmethod
    def _reading(name: str, findings: Findings, nulls: tuple[str, ...]) -> Reading:
        return Reading(name, nulls, findings)


def _batch(
    block: Block, lines: Rows, wanted: Sequence[str], start: int, end: int, first: int
) -> Batch:
    part = slice(start, end)
    length = end - start
    arrays = [block.columns[name].slice(start, length) for name in wanted]
    if arrays:
        table = pa.RecordBatch.from_arrays(arrays, names=list(wanted))
    else:
        table = pa.RecordBatch.from_struct_array(pa.array([{}] * length, pa.struct([])))
    types = {name: block.types[name].slice(start, length) for name in wanted if name in block.types}
    return Batch(table, lines[part], first, types)
