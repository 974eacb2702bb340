"""READ for workbooks (.xlsx, .xlsm, .ods): one sheet, or a range of it, as a table.

Cells become the text that a person would type: 1234.0 is "1234", dates are ISO dates, times
"09:30", 24 hours "24:00". Merged cells all get the value of the merge, with a finding. Formulas
count by the value that was saved with them; macros are never looked at. "Line" is the row of the
sheet, from 1.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from app.errors import Place, SourceEmpty, SourceError, SourceNotFound, Text
from app.findings import Findings, Severity, kind
from app.tabular.batch import Dialect, TableDescription
from app.tabular.header import Header, find_header
from app.tabular.held import HeldTable, held_batches
from app.tabular.limits import ReadLimits
from app.tabular.records import CarefulRecord
from app.tabular.rows import cell_too_long
from app.tabular.source import ByteSource
from app.tabular.workbook_safety import (
    SheetExtent,
    WorkbookScan,
    column_letters,
    column_number,
    scan_workbook,
)

SUFFIXES: Final = (".xlsx", ".xlsm", ".ods")
_SAMPLED_ROWS: Final = 200
_SIGNIFICANT: Final = 15
"""Digits that a spreadsheet keeps of a number; what a float has beyond them is noise."""

_RANGE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{0,7}):\$?([A-Za-z]{1,3})\$?(\d{0,7})")
_LEGACY: Final = b"\xd0\xcf\x11\xe0"

MERGED_CELLS = kind(
    "sheet-merged-cells",
    Severity.WARNING,
    what=Text(
        ja="結合されたセル {cells} のすべてに「{value}」があるものとして読みました。",
        en="the merged cells {cells} were all read as “{value}”.",
    ),
    why=Text(
        ja="結合したセルでは、値がどの行のものか機械には分かりません（オープンデータガイド 表(4)）。",
        en="A machine cannot tell to which rows a merged cell belongs (open-data guide, rule 4).",
    ),
    mend=Text(
        ja="結合を解除し、それぞれのセルに値を入れてください。",
        en="Undo the merge and put the value into each cell.",
    ),
)
OTHER_SHEETS = kind(
    "sheet-others",
    Severity.INFO,
    what=Text(
        ja="シート「{sheet}」を読みました。ほかに {others} があります。",
        en="the sheet {sheet} was read; there are also {others}.",
    ),
    mend=Text(
        ja="別のシートなら dialect に sheet: 名前 と書くか、「ファイル名#シート名」と指定してください。",
        en="For another one write sheet: NAME into the dialect, or name it as FILE#SHEET.",
    ),
)
FORMULAS = kind(
    "sheet-formulas",
    Severity.INFO,
    what=Text(
        ja="{count} 個の数式は、保存されたときの計算結果で読みました。",
        en="{count} formulas were read by the results that were saved with them.",
    ),
    mend=Text(
        ja="結果が古くないか、表計算ソフトで開いて確かめてください。",
        en="Open it in a spreadsheet program to be sure that the results are up to date.",
    ),
)
ERROR_CELLS = kind(
    "sheet-error-cells",
    Severity.WARNING,
    what=Text(
        ja="{count} 個のセルが #REF! などのエラーなので、空として読みました。",
        en="{count} cells hold errors such as #REF!, so they were read as empty.",
    ),
    mend=Text(
        ja="数式を直して保存し直してください。", en="Correct the formulas and save it again."
    ),
)
MACROS = kind(
    "sheet-macros",
    Severity.INFO,
    what=Text(ja="マクロは無視しました。", en="the macros were ignored."),
    mend=Text(
        ja="公開するファイルは .xlsx か CSV で保存してください。",
        en="Save what you publish as .xlsx or CSV.",
    ),
)

Merge = tuple[tuple[int, int], tuple[int, int]]
Rows = list[list[str]]


def open_spreadsheet(
    source: ByteSource, dialect: Dialect, findings: Findings, limits: ReadLimits
) -> HeldTable:
    """Open a sheet of a workbook. Which one: `dialect.sheet`, or `#name!A1:F20` behind the file's
    name, or the first that is visible and not empty. The rectangle: `dialect.cells`.

    The whole sheet is held in memory, so its cells have a limit of their own.
    Raises SourceError, SourceNotFound, SourceEmpty, SourceTooLarge.
    """
    place = Place(source.name)
    if source.head(4) == _LEGACY:
        raise _legacy(place)
    sheet_name, cells = _wanted(source.part, dialect)
    with source.open() as opened:
        # A workbook inside an archive can be read only once; its size is bounded there.
        stream = opened if opened.seekable() else io.BytesIO(opened.read())
        scan = scan_workbook(stream, source.name, source.packed_size, limits)
        stream.seek(0)
        try:
            workbook = CalamineWorkbook.from_filelike(stream)
            sheet = _sheet(workbook, sheet_name, source.name, findings)
            merges = sheet.merged_cell_ranges or []
            grid = _grid(sheet, source.name, limits)
        except PasswordError as error:
            raise _legacy(place) from error
        except CalamineError as error:
            raise _damaged(place, error) from error
        _tell_contents(scan, workbook, sheet.name, source.name, findings)
    first_row, rows, merges = _cut(grid, merges, cells, place)
    filled = _fill_merges(rows, merges)
    header = _header(rows, merges, first_row, dialect, limits, source.name, findings)
    _tell_merges(filled, rows, header, first_row, source.name, findings)
    description = TableDescription(
        "utf-8", "declared", "", header.line, header.rows, header.comments, source.size
    )
    parts = tuple(held_batches(_data(rows, first_row, header), header.names))
    return HeldTable(source.name, header.names, description, parts)


# The sheet ------------------------------------------------------------------------------------


def _wanted(part: str | None, dialect: Dialect) -> tuple[str | None, str | None]:
    """The sheet and the rectangle that are asked for."""
    sheet, cells = dialect.sheet, dialect.cells
    if part:
        named, mark, behind = part.rpartition("!")
        if mark and _RANGE.fullmatch(behind):
            sheet, cells = named or sheet, behind
        else:
            sheet = part
    return sheet, cells


def _sheet(
    workbook: CalamineWorkbook, wanted: str | None, name: str, findings: Findings
) -> CalamineSheet:
    sheets = {
        each.name: each for each in workbook.sheets_metadata if each.typ is SheetTypeEnum.WorkSheet
    }
    if wanted is not None:
        if wanted not in sheets:
            raise _no_such_sheet(name, wanted, list(sheets))
        return workbook.get_sheet_by_name(wanted)
    visible = [n for n, each in sheets.items() if each.visible is SheetVisibleEnum.Visible]
    choice = visible or list(sheets)
    for number, each in enumerate(choice, 1):
        sheet = workbook.get_sheet_by_name(each)
        if sheet.height:
            others = choice[number : number + 5]
            if others:
                values = {"sheet": each, "others": "、".join(others)}
                findings.add(OTHER_SHEETS, Place(name), values)
            return sheet
    raise SourceEmpty(
        Text("ブックのどのシートも空です。", "every sheet of the workbook is empty."),
        place=Place(name),
        hint=Text("表を入れて保存してください。", "Put a table into it and save it."),
    )


def _grid(sheet: CalamineSheet, name: str, limits: ReadLimits) -> Rows:
    """All cells as text, from A1 on."""
    start = sheet.start or (0, 0)
    rows: Rows = [[] for _ in range(start[0])]
    margin = [""] * start[1]
    for cells in sheet.to_python(skip_empty_area=True):
        texts = [*margin, *(cell if type(cell) is str else cell_text(cell) for cell in cells)]
        longest = max(map(len, texts), default=0)
        if 4 * longest > limits.cell_bytes:
            size = max(len(text.encode()) for text in texts)
            if size > limits.cell_bytes:
                raise cell_too_long(name, len(rows) + 1, size, limits.cell_bytes)
        rows.append(texts)
    return rows


def cell_text(value: Any) -> str:
    """A cell's value as a person would type it."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return _number(value)
        case datetime():
            if value.year < 1900:
                return _clock(value.hour, value.minute, value.second)
            seconds = value.second + round(value.microsecond / 1_000_000)
            moment = value.replace(microsecond=0, second=0) + timedelta(seconds=seconds)
            return moment.isoformat(sep=" ")
        case date():
            # The number 1 in a cell formatted as a time of day: 24 hours.
            return "24:00" if value <= date(1900, 1, 1) else value.isoformat()
        case time():
            return _clock(value.hour, value.minute, value.second)
        case timedelta():
            total = round(value.total_seconds())
            return _clock(total // 3600, total // 60 % 60, total % 60)
        case _:
            return str(value)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    if len(text) > _SIGNIFICANT:
        text = f"{value:.{_SIGNIFICANT}g}"
    return f"{Decimal(text):f}" if "e" in text and abs(value) < 1e30 else text


def _clock(hours: int, minutes: int, seconds: int) -> str:
    shown = f"{hours:02d}:{minutes:02d}"
    return f"{shown}:{seconds:02d}" if seconds else shown


# The table in the sheet -----------------------------------------------------------------------


def _cut(
    grid: Rows, merges: Iterable[Merge], cells: str | None, place: Place
) -> tuple[int, Rows, list[Merge]]:
    """The rows of the rectangle, its first row in the sheet, and the merges within it."""
    top, left, bottom, right = 0, 0, len(grid), max(map(len, grid), default=0)
    if cells is not None:
        match = _RANGE.fullmatch(cells.strip())
        if match is None:
            raise SourceError(
                Text(f"セル範囲「{cells}」は読めません。", f"{cells!r} is no range of cells."),
                place=place,
                hint=Text("A3:F200 のように書いてください。", "Write it as A3:F200."),
            )
        left = column_number(match[1].upper()) - 1
        right = min(right, column_number(match[3].upper()))
        top = int(match[2] or 1) - 1
        bottom = min(bottom, int(match[4] or len(grid)))
    width = max(right - left, 0)
    rows = [[*row[left:right], *[""] * (width - len(row[left:right]))] for row in grid[top:bottom]]
    inside = [
        ((r0 - top, c0 - left), (r1 - top, c1 - left))
        for (r0, c0), (r1, c1) in merges
        if r0 >= top and c0 >= left and r1 < bottom and c1 < right
    ]
    return top, rows, inside


def _fill_merges(rows: Rows, merges: Iterable[Merge]) -> list[Merge]:
    """Put the value of each merge into all its cells; a title that is alone in its row stays."""
    filled = []
    for (r0, c0), (r1, c1) in merges:
        value = rows[r0][c0]
        if r0 == r1 and c1 - c0 > 1 and sum(map(bool, rows[r0])) == 1:
            continue
        if not value:
            continue
        for row in rows[r0 : r1 + 1]:
            row[c0 : c1 + 1] = [value] * (c1 - c0 + 1)
        filled.append(((r0, c0), (r1, c1)))
    return filled


def _header(
    rows: Rows,
    merges: Iterable[Merge],
    first_row: int,
    dialect: Dialect,
    limits: ReadLimits,
    name: str,
    findings: Findings,
) -> Header:
    """The header, by the same rules as for delimited text; merges over several rows of it tell
    how many rows it has."""
    begin = 0
    if dialect.header_rows is None:
        begin, count = _merged_header(rows, list(merges))
        if count > 1:
            dialect = replace(dialect, header_rows=count)
        else:
            begin = 0
    records = [
        CarefulRecord(cells, first_row + number, first_row + number + 1)
        for number, cells in enumerate(rows[: begin + _SAMPLED_ROWS])
        if number >= begin
    ]
    if not any(any(record.cells) for record in records):
        raise SourceEmpty(
            Text("範囲に値がありません。", "there is no value in the range."), place=Place(name)
        )
    return find_header(records, dialect, limits, name, findings)


def _merged_header(rows: Rows, merges: list[Merge]) -> tuple[int, int]:
    """The first row of a header with merged cells, and its number of rows (1: not known)."""
    begin = next((n for n, row in enumerate(rows) if len({*filter(None, row)}) > 2), 0)
    down = [r1 for (r0, _), (r1, _) in merges if r0 == begin and r1 > r0]
    across = [c1 for (r0, c0), (_, c1) in merges if r0 == begin and c1 > c0]
    if down and across and max(down) - begin < 4:
        return begin, max(down) - begin + 1
    return begin, 1


def _data(rows: Rows, first_row: int, header: Header) -> Iterator[tuple[int, list[str]]]:
    """The rows below the header that are not empty, each with its row in the sheet."""
    for number in range(header.end_line - first_row, len(rows)):
        cells = rows[number][: len(header.names)]
        if any(cells):
            yield first_row + number + 1, cells


# What is told ---------------------------------------------------------------------------------


def _tell_contents(
    scan: WorkbookScan, workbook: CalamineWorkbook, sheet: str, name: str, findings: Findings
) -> None:
    if scan.has_macros:
        findings.add(MACROS, Place(name))
    extent = scan.sheets.get(sheet) or _extent(scan, workbook, sheet)
    if extent.formulas:
        findings.add(FORMULAS, Place(name), {"count": extent.formulas})
    if extent.errors:
        findings.add(ERROR_CELLS, Place(name), {"count": extent.errors}, count=extent.errors)


def _extent(scan: WorkbookScan, workbook: CalamineWorkbook, sheet: str) -> SheetExtent:
    """Of an Excel sheet. Sheets are numbered in the order of their names almost always; where
    there is but one file it is that one."""
    if len(scan.sheets) == 1:
        return next(iter(scan.sheets.values()))
    number = workbook.sheet_names.index(sheet) + 1
    return scan.sheets.get(f"xl/worksheets/sheet{number}.xml", SheetExtent())


def _tell_merges(
    merges: Iterable[Merge],
    rows: Rows,
    header: Header,
    first_row: int,
    name: str,
    findings: Findings,
) -> None:
    for (r0, c0), (r1, c1) in merges:
        line = first_row + r0 + 1
        if line <= header.end_line or c0 >= len(header.names):
            continue
        cells = f"{column_letters(c0 + 1)}{line}:{column_letters(c1 + 1)}{first_row + r1 + 1}"
        place = Place(name, line, field=header.names[c0], end_line=first_row + r1 + 1)
        value = rows[r0][c0]
        shown = value if len(value) <= 40 else value[:39] + "…"
        findings.add(MERGED_CELLS, place, {"cells": cells, "value": shown})


def _no_such_sheet(name: str, wanted: str, sheets: list[str]) -> SourceNotFound:
    near = "、".join(get_close_matches(wanted, sheets, n=3, cutoff=0.4) or sheets[:5])
    return SourceNotFound(
        Text(f"シート「{wanted}」がありません。", f"there is no sheet {wanted!r}."),
        place=Place(name),
        hint=Text(f"あるシート: {near}", f"There are: {near}."),
    )


def _legacy(place: Place) -> SourceError:
    return SourceError(
        Text(
            "パスワードのかかったブックか、旧形式 (.xls) のブックです。",
            "this is a workbook with a password, or one of the old form (.xls).",
        ),
        place=place,
        hint=Text(
            "Excel で開き、パスワードなしの .xlsx か CSV UTF-8 で保存してください。",
            "Open it in Excel and save it as .xlsx without a password, or as CSV UTF-8.",
        ),
    )


def _damaged(place: Place, error: Exception) -> SourceError:
    return SourceError(
        Text(f"ブックを読めません: {error}", f"the workbook cannot be read: {error}"),
        place=place,
        hint=Text(
            "表計算ソフトで開いて保存し直すか、CSV で保存してください。",
            "Open it and save it again, or save it as CSV.",
        ),
    )
