"""What the tests of READ share: a table read to its end as plain values."""

from __future__ import annotations

from dataclasses import dataclass

from app.findings import Findings
from app.tabular.batch import Dialect, Table
from app.tabular.limits import ReadLimits
from app.tabular.reader import open_bytes


@dataclass(frozen=True)
class Read:
    """A table, its rows with their lines, and (code, line) of each finding."""

    table: Table
    rows: list[tuple[int, tuple[str | None, ...]]]
    findings: list[tuple[str, int | None]]

    @property
    def cells(self) -> list[tuple[str | None, ...]]:
        return [cells for _, cells in self.rows]


def read(
    data: bytes | str,
    dialect: Dialect | None = None,
    *,
    name: str = "t.csv",
    limits: ReadLimits | None = None,
) -> Read:
    """Reads a table given as text or bytes."""
    findings = Findings()
    encoded = data.encode() if isinstance(data, str) else data
    table = open_bytes(name, encoded, dialect, findings=findings, limits=limits)
    rows = rows_of(table)
    for finding in findings:
        assert finding.message("ja") != finding.message("en")
        assert finding.to_json()["severity"]
    return Read(table, rows, [(f.kind.code, f.place.line) for f in findings])


def rows_of(table: Table) -> list[tuple[int, tuple[str | None, ...]]]:
    """All rows with their physical lines."""
    rows: list[tuple[int, tuple[str | None, ...]]] = []
    for batch in table.batches():
        columns = [column.to_pylist() for column in batch.table.columns]
        rows += zip(batch.lines.tolist(), zip(*columns, strict=True), strict=True)
    return rows
