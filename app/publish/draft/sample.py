"""The first rows of a table, from which a draft is made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from app.publish.draft.describing import LOST_FORMULAS, MISSING
from app.publish.draft.telling import SAMPLE_ROWS
from app.tabular.batch import Table


class Sample:
    """The first rows: the table of them, the filled cells of each column, and which texts stand
    for nothing."""

    def __init__(self, table: Table) -> None:
        batches = list(table.batches(limit=SAMPLE_ROWS))
        self.batches = batches
        self.table = table
        self.cells: dict[str, list[str]] = {name: [] for name in table.columns}
        met: set[str] = set()
        self.lost = 0
        for batch in batches:
            for name in table.columns:
                values = [str(v) for v in _flat(batch.table.column(name).to_pylist()) if v]
                self.cells[name] += values
        for values in self.cells.values():
            met.update(value for value in {v.strip() for v in values} if value in MISSING)
            self.lost += sum(value.strip() in LOST_FORMULAS for value in values)
        self.missing = tuple(sorted(met))
        for name, values in self.cells.items():
            self.cells[name] = [value for value in values if value.strip() not in met]


def _flat(values: Sequence[Any]) -> list[Any]:
    return [each for v in values for each in (v if isinstance(v, list) else (v,))]
