"""FIX: writes a repaired copy of a table as CSV in UTF-8, and every change beside it."""

from __future__ import annotations

import csv
import io
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from app.codes.regions import RegionTable
from app.errors import DataRejected, Place, Text, UsageError
from app.findings import Finding, Findings
from app.quality.checks.statements import ENCODING_NOT_UTF8, ENCODING_UNDECLARED, encoding_label
from app.quality.repairs import Change, Repairer
from app.settings import Settings
from app.tabular.batch import Table
from app.tabular.delimited import NUL_REMOVED
from app.tabular.header import COLUMNS_DROPPED, HEADER_ROWS_JOINED, TITLE_ROW
from app.tabular.limits import ReadLimits
from app.tabular.naming import HEADER_EMPTY, HEADER_REPEATED, HEADER_TRIMMED
from app.tabular.reader import open_bytes, open_table
from app.tabular.rows import EMPTY_ROW, RAGGED_ROW, TEXT_AFTER_QUOTE, UNCLOSED_QUOTE

SHOWN_CHANGES = 1000
"""So many changes are kept in memory for a page; the list beside the file has all."""

_CHANGES_HEADER = ("line", "column", "before", "after", "codes")
_KEPT_FINDINGS = 10_000
_LOST_ROWS = (RAGGED_ROW, UNCLOSED_QUOTE, TEXT_AFTER_QUOTE)
_MADE_BY_READING = (
    NUL_REMOVED,
    HEADER_ROWS_JOINED,
    COLUMNS_DROPPED,
    TITLE_ROW,
    HEADER_TRIMMED,
    EMPTY_ROW,
)


@dataclass(slots=True)
class Fixed:
    """What a repair did: where it wrote, how much it changed, and the first changes."""

    output: Path
    changes_file: Path
    rows: int = 0
    count: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "output": str(self.output),
            "changes_file": str(self.changes_file),
            "rows": self.rows,
            "changed": self.count,
            "counts": self.counts,
            "changes": [change.to_json() for change in self.changes],
        }


def fix_file(
    path: Path,
    settings: Settings,
    regions: RegionTable,
    *,
    output: Path | None = None,
    overwrite: bool = False,
) -> Fixed:
    """Write `FILE.fixed.csv` (or `output`) and `….changes.csv`; both appear whole or not at all.

    The original is never touched. Raises UsageError when a file would be overwritten, SourceError,
    and DataRejected when rows of the original cannot be read: a copy without them would lose data.
    """
    output = output or path.with_name(f"{path.name.split('.')[0]}.fixed.csv")
    fixed = Fixed(output, output.with_suffix(".changes.csv"))
    _refuse_to_overwrite(path, fixed, overwrite=overwrite)
    findings = Findings(_KEPT_FINDINGS)
    table = open_table(path, findings=findings, limits=ReadLimits.from_settings(settings))
    with _appearing(fixed.output) as text, _appearing(fixed.changes_file) as listed:
        changes = csv.writer(listed)
        changes.writerow(_CHANGES_HEADER)

        def changed(change: Change) -> None:
            fixed.count += 1
            for code in change.codes:
                fixed.counts[code] = fixed.counts.get(code, 0) + 1
            if len(fixed.changes) < SHOWN_CHANGES:
                fixed.changes.append(change)
            cells = (change.line, change.column, change.before, change.after)
            changes.writerow((*("" if c is None else c for c in cells), " ".join(change.codes)))

        fixed.rows = _write(table, text, Repairer(table, findings, regions), changed, findings)
    return fixed


def fix_bytes(
    name: str, data: bytes, settings: Settings, regions: RegionTable
) -> tuple[bytes, list[Change]]:
    """The repaired copy of an upload or a paste, and all changes. Raises SourceError,
    DataRejected."""
    findings = Findings(_KEPT_FINDINGS)
    table = open_bytes(name, data, findings=findings, limits=ReadLimits.from_settings(settings))
    changes: list[Change] = []
    text = io.StringIO(newline="")
    _write(table, text, Repairer(table, findings, regions), changes.append, findings)
    return text.getvalue().encode("utf-8-sig"), changes


def _write(
    table: Table,
    text: IO[str],
    repairer: Repairer,
    changed: Callable[[Change], None],
    findings: Findings,
) -> int:
    """Write the table and tell the changes; the number of rows. Raises DataRejected."""
    description = table.description
    writer = csv.writer(text)
    if description.encoding != "utf-8":
        before = encoding_label(description.encoding)
        changed(Change(None, None, before, "UTF-8 (BOM)", (ENCODING_NOT_UTF8.code,)))
    elif description.encoding_source == "detected":
        changed(Change(None, None, "UTF-8", "UTF-8 (BOM)", (ENCODING_UNDECLARED.code,)))
    if description.delimiter != ",":
        changed(Change(None, None, description.delimiter, ",", ("delimiter",)))
    for cells in description.comments:
        if cells and cells[0].startswith("#"):
            writer.writerow(cells)
    if description.header_rows:
        writer.writerow(_headings(table, findings))
    for batch in repairer.batches(changed):
        writer.writerows(zip(*(c.fill_null("").to_pylist() for c in batch.columns), strict=True))
    _refuse_lost_rows(findings)
    for finding in findings:
        if finding.kind in _MADE_BY_READING:
            changed(_made_by_reading(finding))
    return repairer.rows


def _headings(table: Table, findings: Findings) -> list[str]:
    """The names as they stand in the file: reading invents some, which are not written."""
    names = list(table.columns)
    for finding in findings:
        if finding.kind in (HEADER_EMPTY, HEADER_REPEATED):
            number = finding.values["number"]
            assert isinstance(number, int)  # the number of the column
            names[number - 1] = "" if finding.kind is HEADER_EMPTY else str(finding.values["name"])
    return names


def _made_by_reading(finding: Finding) -> Change:
    """What READ has put right in passing."""
    values = finding.values
    before = str(values.get("title", ""))
    after = str(values.get("name", ""))
    return Change(finding.place.line, finding.place.field, before, after, (finding.kind.code,))


def _refuse_lost_rows(findings: Findings) -> None:
    lost = [finding for finding in findings if finding.kind in _LOST_ROWS]
    if not lost:
        return
    count = sum(findings.counts().get(kind.code, 0) for kind in _LOST_ROWS)
    raise DataRejected(
        Text(
            f"正しく読めない行が {count:,} 行あります。直したファイルから抜け落ちるので、"
            "書き出しませんでした。",
            f"{count:,} rows cannot be read as they stand and would be lost: nothing was written.",
        ),
        place=lost[0].place,
        hint=lost[0].kind.mend.format(**lost[0].values),
    )


def _refuse_to_overwrite(path: Path, fixed: Fixed, *, overwrite: bool) -> None:
    for target in (fixed.output, fixed.changes_file):
        same = target.exists() and path.exists() and target.samefile(path)
        if same or (target.exists() and not overwrite):
            raise UsageError(
                Text(
                    "元のファイルには上書きしません。" if same else "ファイルがすでにあります。",
                    "the original is never overwritten." if same else "the file is already there.",
                ),
                place=Place(str(target)),
                hint=Text(
                    "-o で別の名前を指定してください。"
                    + ("" if same else "置き換えるには --force を付けます。"),
                    "Name another one with -o." + ("" if same else " --force replaces it."),
                ),
            )


@contextmanager
def _appearing(target: Path) -> Iterator[IO[str]]:
    """A text file that takes its name only when it has been written whole.

    With a byte order mark, by which spreadsheets know UTF-8, and CRLF (RFC 4180).
    """
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    except OSError as error:
        raise UsageError(
            Text(f"書き出せません: {error.strerror}", f"it cannot be written: {error.strerror}"),
            place=Place(str(target)),
            hint=Text("-o で別の場所を指定してください。", "Name another place with -o."),
        ) from error
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8-sig", newline="") as text:
            yield text
        temporary.chmod(0o644)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)
