"""What tests of checks share: a check of a table given as text."""

from __future__ import annotations

from app.codes.bundled import region_table
from app.findings import Findings
from app.quality.metadata import Metadata
from app.quality.report import CheckReport
from app.quality.run import check_table
from app.settings import load
from app.tabular.reader import open_bytes

SETTINGS = load(environment={})


def check(
    text: str | bytes,
    *,
    metadata: Metadata | None = None,
    is_dataset: bool = False,
    kept: int = 100,
    excerpt_rows: int = 0,
) -> CheckReport:
    """The report of a table given as text."""
    findings = Findings(kept)
    data = text.encode("utf-8-sig") if isinstance(text, str) else text
    table = open_bytes("t.csv", data, findings=findings)
    return check_table(
        table,
        findings,
        region_table(),
        metadata=metadata,
        is_dataset=is_dataset,
        excerpt_rows=excerpt_rows,
    )


def places(report: CheckReport, code: str) -> list[tuple[int | None, int | None, str | None, int]]:
    """First line, last line, column and count of each finding of a code."""
    return [
        (f.place.line, f.place.end_line, f.place.field, f.count)
        for f in report.findings
        if f.kind.code == code
    ]
