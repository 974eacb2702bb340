"""The part of a table that a report shows: the rows with findings and one on either side."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from app.findings import Finding, Findings
from app.tabular.batch import Table

ROWS: Final = 200
"""Most rows that are shown."""

_WITHOUT_FINDINGS: Final = 5
_LINES_OF_A_RANGE: Final = 3


@dataclass(frozen=True, slots=True)
class ExcerptRow:
    """A row with its physical line; `gap`: rows before it are left out."""

    line: int
    cells: tuple[str, ...]
    gap: bool


@dataclass(frozen=True, slots=True)
class Marks:
    """Findings by what they mark: cells by line and column, rows by line, columns by name."""

    cells: dict[tuple[int, str], list[Finding]]
    rows: dict[int, list[Finding]]
    columns: dict[str, list[Finding]]


def excerpt(table: Table, findings: Findings, most: int = ROWS) -> tuple[ExcerptRow, ...]:
    """The rows to show, at most `most`; the first few when no row has a finding."""
    wanted = np.array(sorted(_lines(findings, table.description.header_line)), dtype=np.int64)
    rows: list[ExcerptRow] = []
    before = 0
    for batch in table.batches(limit=None if len(wanted) else _WITHOUT_FINDINGS):
        hits = (
            np.flatnonzero(np.isin(batch.lines, wanted)).tolist()
            if len(wanted)
            else list(range(len(batch)))
        )
        near = sorted({p + step for p in hits for step in (-1, 0, 1) if 0 <= p + step < len(batch)})
        columns = [batch.table.column(name) for name in table.columns]
        for position in near[: most - len(rows)]:
            number = batch.first_row + position
            cells = tuple(column[position].as_py() or "" for column in columns)
            rows.append(ExcerptRow(int(batch.lines[position]), cells, number > before + 1))
            before = number
        if len(rows) >= most or (len(wanted) and batch.lines[-1] >= wanted[-1]):
            break
    return tuple(rows)


def marks(findings: Findings, rows: Iterable[ExcerptRow], header_line: int) -> Marks:
    """Which findings mark which of these rows and cells."""
    lines = [row.line for row in rows]
    found = Marks({}, {}, {})
    for finding in findings:
        place = finding.place
        if place.line is None or place.line <= header_line:
            if place.field is not None:
                found.columns.setdefault(place.field, []).append(finding)
            continue
        last = place.end_line or place.line
        for line in lines:
            if not place.line <= line <= last:
                continue
            if place.field is None:
                found.rows.setdefault(line, []).append(finding)
            else:
                found.cells.setdefault((line, place.field), []).append(finding)
    return found


def _lines(findings: Findings, header_line: int) -> set[int]:
    lines: set[int] = set()
    for finding in findings:
        line = finding.place.line
        if line is not None and line > header_line:
            last = finding.place.end_line or line
            lines.update(range(line, min(last, line + _LINES_OF_A_RANGE - 1) + 1))
    return lines
