"""What is told of a workbook: findings about its cells, and why it cannot be read."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from python_calamine import CalamineWorkbook

from app.errors import Place, SourceError, SourceNotFound, Text
from app.findings import Findings, Severity, kind
from app.tabular.header import Header
from app.tabular.workbook_safety import SheetExtent, WorkbookScan, column_letters

Merge = tuple[tuple[int, int], tuple[int, int]]
Rows = list[list[str]]

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


def tell_contents(
    scan: WorkbookScan, workbook: CalamineWorkbook, sheet: str, name: str, findings: Findings
) -> None:
    """Macros, formulas and cells with errors."""
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


def tell_merges(
    merges: Iterable[Merge],
    rows: Rows,
    header: Header,
    first_row: int,
    name: str,
    findings: Findings,
) -> None:
    """Each merge of cells among the data."""
    for (r0, c0), (r1, c1) in merges:
        line = first_row + r0 + 1
        if line <= header.end_line or c0 >= len(header.names):
            continue
        cells = f"{column_letters(c0 + 1)}{line}:{column_letters(c1 + 1)}{first_row + r1 + 1}"
        place = Place(name, line, field=header.names[c0], end_line=first_row + r1 + 1)
        value = rows[r0][c0]
        shown = value if len(value) <= 40 else value[:39] + "…"
        findings.add(MERGED_CELLS, place, {"cells": cells, "value": shown})


def no_such_sheet(name: str, wanted: str, sheets: list[str]) -> SourceNotFound:
    """The sheet that is asked for is not there."""
    near = "、".join(get_close_matches(wanted, sheets, n=3, cutoff=0.4) or sheets[:5])
    return SourceNotFound(
        Text(f"シート「{wanted}」がありません。", f"there is no sheet {wanted!r}."),
        place=Place(name),
        hint=Text(f"あるシート: {near}", f"There are: {near}."),
    )


def legacy(place: Place) -> SourceError:
    """A workbook of the old form, or with a password."""
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


def damaged(place: Place, error: Exception) -> SourceError:
    """A workbook that cannot be read."""
    return SourceError(
        Text(f"ブックを読めません: {error}", f"the workbook cannot be read: {error}"),
        place=place,
        hint=Text(
            "表計算ソフトで開いて保存し直すか、CSV で保存してください。",
            "Open it and save it again, or save it as CSV.",
        ),
    )
