"""Looks through a workbook before it is parsed: how large it is unpacked, how large its sheets
are, what in them is a formula or an error.

A workbook of a few kilobytes can unpack to gigabytes, and two cells in opposite corners of a
sheet make the parser allocate every cell between them (17 thousand million). Both are refused
here, from a stream, before anything is allocated.

Sources: ECMA-376 part 1, 18.3 (worksheets); OpenDocument 1.3 part 3, 9.1 (tables).
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO, BinaryIO, Final
from xml.parsers import expat

from app.errors import Place, SourceError, SourceTooLarge, Text
from app.tabular.limits import ReadLimits
from app.tabular.packing import unpacking_errors
from app.tabular.source import EXPANSION_FLOOR_BYTES

_CHUNK: Final = 1 << 20
_OVERLAP: Final = 4096
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_CELL: Final = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r=[\"']([A-Z]{1,3})(\d{1,7})[\"']")
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ERROR: Final = re.compile(rb"\st=[\"']e[\"']")
_DECLARATION: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_TABLE: Final = "urn:oasis:names:tc:opendocument:xmlns:table:1.0 "
_OFFICE: Final = "urn:oasis:names:tc:opendocument:xmlns:office:1.0 "
_BYTES_PER_CELL: Final = 64
"""Of XML, far more than a cell of an ordinary table takes."""

_SPARSE: Final = 1 << 20
"""Sheets of up to so many cells may be as empty as they like."""


@dataclass(slots=True)
class SheetExtent:
    """The rows and columns up to the last cell, how many cells are there at all, and how many of
    them are formulas or errors."""

    rows: int = 0
    columns: int = 0
    cells: int = 0
    formulas: int = 0
    errors: int = 0


@dataclass(slots=True)
class WorkbookScan:
    """What was seen. `sheets` by the name of their file in the archive (Excel) or of the sheet
    (OpenDocument); `has_macros`: there is a VBA project, which is never run."""

    sheets: dict[str, SheetExtent] = field(default_factory=dict)
    has_macros: bool = False


def scan_workbook(
    stream: BinaryIO, name: str, packed_size: int, limits: ReadLimits
) -> WorkbookScan:
    """Look through a workbook. Raises SourceTooLarge, SourceError."""
    scan = WorkbookScan()
    ratio_bound = max(EXPANSION_FLOOR_BYTES, packed_size * limits.expansion)
    # The texts of all sheets are held in memory while one is read.
    bound = min(limits.bytes, ratio_bound, _BYTES_PER_CELL * limits.sheet_cells)
    seen = 0
    with unpacking_errors(name), zipfile.ZipFile(stream) as archive:
        for info in archive.infolist():
            if info.flag_bits & 0x1:
                raise _protected(name)
            lower = info.filename.lower()
            scan.has_macros = scan.has_macros or lower.endswith("vbaproject.bin")
            if not lower.endswith((".xml", ".rels")):
                # Pictures and programs: the parser does not open them.
                continue
            with archive.open(info) as member:
                chunks = _bounded(member, bound - seen, name, bound)
                if _SHEET.fullmatch(info.filename):
                    extent = scan.sheets.setdefault(info.filename, SheetExtent())
                    seen += _scan_excel_sheet(chunks, extent, name, limits)
                elif lower == "content.xml":
                    seen += _scan_open_document(chunks, scan, name, limits)
                else:
                    seen += sum(_checked(chunk, name) for chunk in chunks)
    return scan


def _bounded(member: IO[bytes], left: int, name: str, bound: int) -> Iterator[bytes]:
    while chunk := member.read(_CHUNK):
        left -= len(chunk)
        if left < 0:
            raise SourceTooLarge(
                Text(
                    f"ブックを展開すると上限 ({bound:,} バイト) を超えます。",
                    f"unpacked, the workbook is larger than the limit of {bound:,} bytes.",
                ),
                place=Place(name),
                hint=Text(
                    "不要なシートや書式を消して保存し直すか、CSV で保存してください。",
                    "Save it without unneeded sheets and formats, or as CSV.",
                ),
            )
        yield chunk


def _checked(chunk: bytes, name: str) -> int:
    if _DECLARATION.search(chunk):
        raise _declares_entities(name)
    return len(chunk)


def _scan_excel_sheet(
    chunks: Iterator[bytes], extent: SheetExtent, name: str, limits: ReadLimits
) -> int:
    seen, carried = 0, b""
    for chunk in chunks:
        seen += _checked(chunk, name)
        text = carried + chunk
        end = text.rfind(b">") + 1
        if not end:
            carried = text[-_OVERLAP:]
            continue
        text, carried = text[:end], text[end:][-_OVERLAP:]
        found = _CELL.findall(text)
        extent.cells += len(found)
        for letters in {cell[0] for cell in found}:
            extent.columns = max(extent.columns, column_number(letters.decode()))
        for digits in {cell[1] for cell in found}:
            extent.rows = max(extent.rows, int(digits))
        extent.errors += len(_ERROR.findall(text))
        extent.formulas += len(_FORMULA.findall(text))
        _refuse_too_large(extent, name, limits)
    return seen


def _scan_open_document(
    chunks: Iterator[bytes], scan: WorkbookScan, name: str, limits: ReadLimits
) -> int:
    reader = _OpenDocument(scan, name, limits)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    seen = 0
    try:
        for chunk in chunks:
            seen += _checked(chunk, name)
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise SourceError(
            Text(f"ブックの XML が壊れています: {error}", f"the XML is damaged: {error}"),
            place=Place(name),
            hint=Text("表計算ソフトで開いて保存し直してください。", "Open it and save it again."),
        ) from error
    return seen


class _OpenDocument:
    """Follows the repeats of rows and cells, which need no space in the file."""

    def __init__(self, scan: WorkbookScan, name: str, limits: ReadLimits) -> None:
        self._scan, self._name, self._limits = scan, name, limits
        self._sheet = SheetExtent()
        self._row = self._column = self._repeat = 0
        self._filled = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if tag == f"{_TABLE}table":
            self._sheet = SheetExtent()
            self._scan.sheets[attributes.get(f"{_TABLE}name", "")] = self._sheet
            self._row = 0
        elif tag == f"{_TABLE}table-row":
            self._repeat = _repeated(attributes.get(f"{_TABLE}number-rows-repeated"))
            self._column = self._filled = 0
        elif tag in (f"{_TABLE}table-cell", f"{_TABLE}covered-table-cell"):
            repeat = _repeated(attributes.get(f"{_TABLE}number-columns-repeated"))
            self._column += repeat
            if f"{_OFFICE}value-type" in attributes or f"{_TABLE}formula" in attributes:
                self._filled = self._column
                self._sheet.cells += repeat
                self._sheet.formulas += f"{_TABLE}formula" in attributes

    def end(self, tag: str) -> None:
        if tag == f"{_TABLE}table-row":
            self._row += self._repeat
            if self._filled:
                self._sheet.rows = self._row
                self._sheet.columns = max(self._sheet.columns, self._filled)
                self._sheet.cells += self._filled * (self._repeat - 1)
                _refuse_too_large(self._sheet, self._name, self._limits)


def _repeated(text: str | None) -> int:
    return int(text) if text is not None and text.isascii() and text.isdecimal() else 1


def column_number(letters: str) -> int:
    """A → 1, Z → 26, AA → 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _refuse_too_large(extent: SheetExtent, name: str, limits: ReadLimits) -> None:
    area = extent.rows * extent.columns
    too_many = area > limits.sheet_cells
    # The parser allocates the whole rectangle: a nearly empty one is a slip or an attack.
    too_empty = area > _SPARSE and area > 200 * max(extent.cells, 1)
    if too_many or too_empty:
        corner = f"{column_letters(extent.columns)}{extent.rows}"
        raise SourceTooLarge(
            Text(
                f"シートが {corner} まで {area:,} セルあります（値のあるセルは {extent.cells:,}、"
                f"上限は {limits.sheet_cells:,} セル）。",
                f"a sheet reaches to {corner}, {area:,} cells ({extent.cells:,} of them filled); "
                f"the limit is {limits.sheet_cells:,}.",
            ),
            place=Place(name),
            hint=Text(
                "表の外にある値を消すか、CSV で保存するか、設定 source_sheet_cells を見直してください。",
                "Delete what stands outside the table, save it as CSV, or raise "
                "source_sheet_cells.",
            ),
        )


def _protected(name: str) -> SourceError:
    return SourceError(
        Text("ブックにパスワードがかかっています。", "the workbook is protected by a password."),
        place=Place(name),
        hint=Text("パスワードなしで保存してください。", "Save it without a password."),
    )


def _declares_entities(name: str) -> SourceError:
    return SourceError(
        Text(
            "ブックの XML に DOCTYPE 宣言があります。表計算ソフトが書いたものではありません。",
            "the workbook's XML has a DOCTYPE: no spreadsheet program wrote it.",
        ),
        place=Place(name),
        hint=Text(
            "表計算ソフトで保存し直してください。", "Save it again in a spreadsheet program."
        ),
    )
