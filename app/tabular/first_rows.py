"""The beginning of a table, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from app.tabular.batch import Batch, Table, TableDescription


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The first `most` rows of another table (`app.tabular.batch.Table`)."""

    table: Table
    most: int

    @property
    def name(self) -> str:
        """That of the table."""
        return self.table.name

    @property
    def columns(self) -> tuple[str, ...]:
        """Those of the table."""
        return self.table.columns

    @property
    def description(self) -> TableDescription:
        """How the table is being read."""
        return self.table.description

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> Iterator[Batch]:
        """The rows in order, at most `most` of them."""
        rows = self.most if limit is None else min(limit, self.most)
        return self.table.batches(columns, limit=rows)
