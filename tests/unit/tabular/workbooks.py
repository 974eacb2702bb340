"""Small workbooks written by hand, so that tests say every cell of them."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence

from app.tabular.workbook_safety import column_letters

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_RELS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
DATE, TIME, DURATION = 1, 2, 3
"""Styles of `Cell`."""

Cell = str | int | float | tuple[float, int] | None
"""Text, a number, a number with a style, or nothing; text beginning with `<` is XML as it is."""


def xlsx(
    sheets: Mapping[str, Sequence[Sequence[Cell]] | str],
    *,
    merges: Mapping[str, Sequence[str]] | None = None,
    hidden: Sequence[str] = (),
    more: Mapping[str, bytes] | None = None,
) -> bytes:
    """A workbook of Excel; a sheet that is one text is XML as it is."""
    merges = merges or {}
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        types, entries, relations = [], [], []
        for number, (name, rows) in enumerate(sheets.items(), 1):
            part = f"worksheets/sheet{number}.xml"
            types.append(
                f'<Override PartName="/xl/{part}" ContentType="application/vnd.openxmlformats-'
                'officedocument.spreadsheetml.worksheet+xml"/>'
            )
            state = ' state="hidden"' if name in hidden else ""
            entries.append(f'<sheet name="{name}" sheetId="{number}"{state} r:id="r{number}"/>')
            relations.append(
                f'<Relationship Id="r{number}" Type="{_RELS}/worksheet" Target="{part}"/>'
            )
            xml = rows if isinstance(rows, str) else sheet_xml(rows, merges.get(name, ()))
            archive.writestr(f"xl/{part}", xml)
        relations.append(f'<Relationship Id="s" Type="{_RELS}/styles" Target="styles.xml"/>')
        archive.writestr(
            "[Content_Types].xml",
            f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-'
            f'officedocument.spreadsheetml.sheet.main+xml"/>{"".join(types)}</Types>',
        )
        archive.writestr(
            "_rels/.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="w" '
            f'Type="{_RELS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        archive.writestr(
            "xl/_rels/workbook.xml.rels",
            f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
            f"{''.join(relations)}</Relationships>",
        )
        archive.writestr(
            "xl/workbook.xml",
            f'{_HEAD}<workbook {_MAIN} xmlns:r="{_RELS}"><sheets>{"".join(entries)}</sheets>'
            "</workbook>",
        )
        formats = "".join(f'<xf numFmtId="{n}"/>' for n in (0, 14, 20, 46))
        archive.writestr(
            "xl/styles.xml",
            f"{_HEAD}<styleSheet {_MAIN}><cellXfs>{formats}</cellXfs></styleSheet>",
        )
        for name, data in (more or {}).items():
            archive.writestr(name, data)
    return output.getvalue()


def sheet_xml(rows: Sequence[Sequence[Cell]], merges: Sequence[str] = ()) -> str:
    """The XML of one sheet."""
    lines = []
    for number, row in enumerate(rows, 1):
        cells = [
            _cell(f"{column_letters(column)}{number}", cell)
            for column, cell in enumerate(row, 1)
            if cell is not None
        ]
        lines.append(f'<row r="{number}">{"".join(cells)}</row>')
    joined = "".join(f'<mergeCell ref="{merge}"/>' for merge in merges)
    merged = f"<mergeCells>{joined}</mergeCells>" if joined else ""
    return f"{_HEAD}<worksheet {_MAIN}><sheetData>{''.join(lines)}</sheetData>{merged}</worksheet>"


def _cell(at: str, cell: Cell) -> str:
    match cell:
        case str() if cell.startswith("<"):
            return cell.replace("AT", at)
        case str():
            return f'<c r="{at}" t="inlineStr"><is><t>{cell}</t></is></c>'
        case (number, style):
            return f'<c r="{at}" s="{style}"><v>{number}</v></c>'
        case _:
            return f'<c r="{at}"><v>{cell}</v></c>'


def ods(body: str) -> bytes:
    """An OpenDocument spreadsheet with this inside `office:spreadsheet`."""
    names = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{prefix}:1.0"'
        for prefix in ("office", "table", "text")
    )
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            f'{_HEAD}<m:manifest xmlns:m="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
        archive.writestr(
            "content.xml",
            f"{_HEAD}<office:document-content {names}><office:body><office:spreadsheet>{body}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return output.getvalue()
