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
from typing import Final

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from app.errors import Place, SourceEmpty, SourceError, Text
from app.findings import Findings
from app.tabular.batch import Dialect, TableDescription
from app.tabular.cell_text import cell_text
from app.tabular.header import Header, find_header
from app.tabular.held import HeldTable, held_batches
from app.tabular.limits import ReadLimits
from app.tabular.records import CarefulRecord
from app.tabular.rows import cell_too_long
from app.tabular.source import ByteSource
from app.tabular.workbook_notes import (
    OTHER_SHEETS,
    Merge,
    Rows,
    damaged,
    legacy,
    no_such_sheet,
    tell_contents,
    tell_merges,
)
from app.tabular.workbook_safety import (
    column_number,
    scan_workbook,
)

SUFFIXES: Final = (".xlsx", ".xlsm", ".ods")
_SAMPLED_ROWS: Final = 200

_RANGE: Final = re.compile(r"\$?([A-Za-z]{1,3})\$?(\d{0,7}):\$?([A-Za-z]{1,3})\$?(\d{0,7})")
_LEGACY: Final = b"\xd0\xcf\x11\xe0"


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
        raise legacy(place)
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
            raise legacy(place) from error
        except CalamineError as error:
            raise damaged(place, error) from error
        tell_contents(scan, workbook, sheet.name, source.name, findings)
    first_row, rows, merges = _cut(grid, merges, cells, place)
    filled = _fill_merges(rows, merges)
    header = _header(rows, merges, first_row, dialect, limits, source.name, findings)
    tell_merges(filled, rows, header, first_row, source.name, findings)
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
            raise no_such_sheet(name, wanted, list(sheets))
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
