"""CHECK: one pass over a table, all checks at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from app.codes.regions import RegionTable
from app.findings import Findings
from app.quality.assessment import assess
from app.quality.check import Check, Reporter, Rows, Subject
from app.quality.checks import ALL_CHECKS
from app.quality.excerpt import excerpt
from app.quality.metadata import Metadata, from_comments
from app.quality.report import CheckReport
from app.quality.roles import recognise
from app.tabular.batch import Table


def check_table(
    table: Table,
    findings: Findings,
    regions: RegionTable,
    *,
    metadata: Metadata | None = None,
    is_dataset: bool = False,
    excerpt_rows: int = 0,
    checks: Sequence[Callable[[], Check]] = ALL_CHECKS,
) -> CheckReport:
    """Check a table. `findings` is the collector that the table was opened with, so that what
    reading it met is in the report too.

    `metadata` is what is stated about the table outside of it; `is_dataset`: it belongs to a data
    set with a description, which is then held to the guide's metadata items. Raises SourceError.
    """
    started = time.monotonic()
    stated = (metadata or Metadata()).or_else(from_comments(table.description.comments))
    subject = Subject(
        table.name,
        table.columns,
        recognise(table),
        table.description,
        stated,
        regions,
        is_dataset,
    )
    report = Reporter(table.name, findings)
    running = [make() for make in checks]
    for check in running:
        check.start(subject, report)
    count = 0
    for batch in table.batches():
        rows = Rows(batch)
        for check in running:
            check.batch(rows)
        count += len(batch)
    for check in running:
        check.end()
    report.close()
    return CheckReport(
        table.name,
        count,
        table.description,
        subject.roles,
        findings,
        assess(subject, findings, count),
        time.monotonic() - started,
        excerpt(table, findings, excerpt_rows) if excerpt_rows else (),
    )
