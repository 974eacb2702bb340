"""The outcome of a check, typed and as JSON."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.findings import Findings
from app.quality.assessment import Assessment
from app.quality.excerpt import ExcerptRow
from app.quality.roles import ColumnRole
from app.tabular.batch import TableDescription


@dataclass(frozen=True, slots=True)
class CheckReport:
    """What was found out about one table: its reading, its columns, its findings, its grades.

    `rows`: data rows that could be read. `seconds`: how long it took. `excerpt`: the rows that a
    page shows, when they were asked for.
    """

    file: str
    rows: int
    description: TableDescription
    columns: Mapping[str, ColumnRole]
    findings: Findings
    assessment: Assessment
    seconds: float
    excerpt: tuple[ExcerptRow, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The one shape of a report for machines."""
        return {
            "file": self.file,
            "rows": self.rows,
            "encoding": self.description.encoding,
            "delimiter": self.description.delimiter,
            "header_line": self.description.header_line,
            "header_rows": self.description.header_rows,
            "columns": [{"name": name, **role.to_json()} for name, role in self.columns.items()],
            **self.assessment.to_json(),
            **self.findings.to_json(),
            "seconds": round(self.seconds, 3),
        }
