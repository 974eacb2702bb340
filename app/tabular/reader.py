"""READ: opens a table and gives its rows as batches of string columns with physical lines.

The way of the bytes::

    source     a file, memory, a member of an archive: unpacked, within limits
    encoding   declared, byte order mark, or detected
    decoding   blocks of valid UTF-8
    header     comments, header rows, names              (once, from the beginning)
    delimited  the table: block by block, as often as it is asked for
    blocks     records → cells, by pyarrow or the csv module

Memory is bounded by a few blocks, however large the table is. A table can be read again and
again; findings about its rows are reported the first time a line is passed.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from app.errors import Place, SourceError, Text
from app.findings import Findings
from app.tabular import json_tables, spreadsheet
from app.tabular.batch import Dialect, Table, TableDescription
from app.tabular.content import refuse_what_is_no_text
from app.tabular.decoding import utf8_blocks
from app.tabular.delimited import NUL_REMOVED, DelimitedTable
from app.tabular.encoding import find_encoding
from app.tabular.grammar import Grammar, find_grammar
from app.tabular.header import find_header
from app.tabular.limits import ReadLimits
from app.tabular.records import CarefulRecord, careful_records, ends_inside_quotes, line_ends
from app.tabular.rows import cell_too_long
from app.tabular.source import ByteSource, from_bytes, from_path

HEAD_BYTES = 1 << 20
"""How much of a table its header, width and delimiter are found out from."""


def open_table(
    path: Path,
    dialect: Dialect | None = None,
    *,
    findings: Findings,
    limits: ReadLimits | None = None,
    name: str | None = None,
) -> Table:
    """Opens a table in a file (.csv, .tsv, .txt; also .gz, .zst, .zip, `archive.zip#member`), a
    workbook (.xlsx, .ods, `book.xlsx#Sheet!A1:F20`), GeoJSON, JSON or JSON lines.

    What `dialect` leaves open is found out and told by `Table.description`; what is odd about
    the header goes to `findings` at once, what is odd about rows while they are read. `name` is
    how findings call the file (its own name by default).
    Raises SourceNotFound, SourceEmpty, SourceEncodingError, SourceTooLarge, SourceError.
    """
    limits = limits or ReadLimits()
    return _open(from_path(path, limits, name), dialect or Dialect(), findings, limits)


def open_bytes(
    name: str,
    data: bytes,
    dialect: Dialect | None = None,
    *,
    findings: Findings,
    limits: ReadLimits | None = None,
) -> Table:
    """The same for an upload, a paste or an inline table; the suffix of `name` tells its kind."""
    limits = limits or ReadLimits()
    return _open(from_bytes(name, data, limits), dialect or Dialect(), findings, limits)


def _open(source: ByteSource, dialect: Dialect, findings: Findings, limits: ReadLimits) -> Table:
    if source.kind in spreadsheet.SUFFIXES:
        return spreadsheet.open_spreadsheet(source, dialect, findings, limits)
    if source.kind in json_tables.SUFFIXES:
        return json_tables.open_json_table(source, dialect, findings, limits)
    if source.kind in (".xls", ".xlsb", ".pdf"):
        raise SourceError(
            Text(
                ja=f"{source.kind} の表は読めません。",
                en=f"tables of kind {source.kind} are not read.",
            ),
            place=Place(source.name),
            hint=Text(
                ja=".xlsx か CSV (UTF-8) として保存してください。",
                en="Save it as .xlsx or as CSV (UTF-8).",
            ),
        )
    return _open_text(source, dialect, findings, limits)


def _open_text(
    source: ByteSource, dialect: Dialect, findings: Findings, limits: ReadLimits
) -> DelimitedTable:
    place = Place(source.name)
    refuse_what_is_no_text(source.head(64 << 10), place)
    encoding = find_encoding(source.chunks(), dialect.encoding, place)
    head, whole = _head(source, encoding.codec)
    text = head.replace(b"\0", b"").decode()
    grammar = find_grammar(dialect, text, source.kind, place)
    records = _sample_records(text, grammar, limits, source.name, whole=whole)
    header = find_header(records, dialect, limits, source.name, findings)
    ends = line_ends(head, np.frombuffer(head, dtype=np.uint8))
    data_offset = int(ends[header.end_line - 1]) + 1 if 0 < header.end_line <= len(ends) else 0
    if header.end_line > len(ends):  # the last header row has no line end
        data_offset = len(head)
    if data_offset == len(head) and whole and ends_inside_quotes(text, records[-1].line, grammar):
        raise _header_not_closed(source.name, records[-1].line + 1)
    if count := head.count(b"\0", 0, data_offset):
        findings.add(NUL_REMOVED, Place(source.name, header.line), {"count": count}, count=count)
    description = TableDescription(
        encoding.codec,
        encoding.source,
        grammar.delimiter,
        header.line,
        header.rows,
        header.comments,
        source.size,
    )
    return DelimitedTable(
        source, dialect, grammar, header, data_offset, description, findings, limits
    )


def _head(source: ByteSource, codec: str) -> tuple[bytes, bool]:
    """The beginning of the text as UTF-8, and whether it is all of it."""
    blocks = utf8_blocks(source, codec, HEAD_BYTES)
    head = next(blocks, b"")
    return head, next(blocks, None) is None


def _sample_records(
    text: str, grammar: Grammar, limits: ReadLimits, name: str, *, whole: bool
) -> list[CarefulRecord]:
    records = list(careful_records(text, grammar))
    if not whole:
        records = records[:-1]  # it may go on after the sample
        if not records:
            raise cell_too_long(name, 1, len(text.encode()), limits.cell_bytes)
    return records


def _header_not_closed(name: str, line: int) -> SourceError:
    return SourceError(
        Text(
            ja='見出しの行の引用符 (") が閉じていません。',
            en="a quote in the header row is never closed.",
        ),
        place=Place(name, line),
        hint=Text(
            ja="引用符を閉じるか、引用符のない表なら dialect に quote: null と書いてください。",
            en="Close it, or state quote: null in the dialect of a table without quoting.",
        ),
    )
