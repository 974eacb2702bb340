"""READ: opens a table and gives its rows as batches of string columns with physical lines.

The way of the bytes::

    source     a file, memory, a member of an archive: unpacked, within limits
    encoding   declared, byte order mark, or detected
    decoding   blocks of valid UTF-8
    header     comments, header rows, names              (once, from the beginning)
    blocks     records → cells, by pyarrow or the csv module

Memory is bounded by a few blocks, however large the table is. A table can be read again and
again; findings about its rows are reported the first time a line is passed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

import numpy as np

from app.errors import Place, SourceError, Text
from app.findings import FindingKind, Findings, Severity, kind
from app.tabular.batch import Batch, Dialect, Table, TableDescription
from app.tabular.blocks import BlockParser
from app.tabular.content import refuse_what_is_no_text
from app.tabular.decoding import utf8_blocks
from app.tabular.encoding import find_encoding
from app.tabular.grammar import Grammar, find_grammar
from app.tabular.header import Header, find_header
from app.tabular.limits import ReadLimits
from app.tabular.records import CarefulRecord, careful_records, ends_inside_quotes, line_ends
from app.tabular.rows import Layout, cell_too_long
from app.tabular.source import ByteSource, from_bytes, from_path

BLOCK_BYTES = 2 << 20
"""Decoded bytes handled at once: 1 MiB to 4 MiB are equally fast (benchmarks/read_speed.py)."""

HEAD_BYTES = 1 << 20
"""How much of a table its header, width and delimiter are found out from."""

NUL_REMOVED = kind(
    "table-nul-character",
    Severity.WARNING,
    what=Text(
        ja="NUL 文字 (0x00) が {count} 個あります。取り除いて読みました。",
        en="{count} NUL characters (0x00) were removed.",
    ),
    why=Text(
        ja="NUL は RDF や XML に書けません。",
        en="Neither XML nor most tools can hold a NUL.",
    ),
    mend=Text(
        ja="元のシステムの出力設定を確かめ、保存し直してください。",
        en="Check how the file was exported and save it again.",
    ),
)


def open_table(
    path: Path,
    dialect: Dialect | None = None,
    *,
    findings: Findings,
    limits: ReadLimits | None = None,
    name: str | None = None,
) -> Table:
    """Opens a table in a file (.csv, .tsv, .txt; also .gz, .zst, .zip, `archive.zip#member`).

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
    if source.kind in (".xlsx", ".xlsm", ".xls", ".ods", ".pdf", ".json", ".jsonl"):
        raise SourceError(
            Text(
                ja=f"{source.kind} の表は読めません。",
                en=f"tables of kind {source.kind} are not read.",
            ),
            place=Place(source.name),
            hint=Text(ja="CSV (UTF-8) として保存してください。", en="Save it as CSV (UTF-8)."),
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


class DelimitedTable:
    """A delimited text that can be read from its beginning more than once."""

    def __init__(
        self,
        source: ByteSource,
        dialect: Dialect,
        grammar: Grammar,
        header: Header,
        data_offset: int,
        description: TableDescription,
        findings: Findings,
        limits: ReadLimits,
        block_bytes: int | None = None,
    ) -> None:
        self._source = source
        self._dialect = dialect
        self._grammar = grammar
        self._header = header
        self._data_offset = data_offset
        self._description = description
        self._findings = findings
        self._limits = limits
        self._block_bytes = block_bytes or BLOCK_BYTES
        self._reported_line = 0

    @property
    def name(self) -> str:
        """The file's name as it is shown in findings."""
        return self._source.name

    @property
    def columns(self) -> tuple[str, ...]:
        """Unique, non-empty names, in the order of the file."""
        return self._header.names

    @property
    def description(self) -> TableDescription:
        """How it is being read."""
        return self._description

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> Iterator[Batch]:
        """The rows in order, with only the named columns, at most `limit` rows.

        Rows that cannot be read become findings (the first time they are met) and are left out.
        Raises SourceError: an unknown column at once, the rest while reading.
        """
        wanted = self._positions(columns)
        return self._batches(wanted, limit)

    def _positions(self, columns: Sequence[str] | None) -> tuple[int, ...]:
        names = self._header.names
        if columns is None:
            return tuple(range(len(names)))
        positions = {name: position for position, name in enumerate(names)}
        for column in columns:
            if column not in positions:
                raise _no_such_column(self.name, column, names)
        return tuple(positions[column] for column in dict.fromkeys(columns))

    def _batches(self, wanted: tuple[int, ...], limit: int | None) -> Iterator[Batch]:
        parser = BlockParser(
            Layout(
                self.name,
                self._grammar,
                self._header.names,
                self._header.width,
                wanted,
                self._limits,
                self._dialect.comment_prefix,
                self._dialect.skip_blank_rows,
                self._dialect.trim,
            )
        )
        rows_given = 0
        line = self._header.end_line + 1  # physical line of the next block's first byte
        pending = b""
        for block, final in _with_last(self._data_blocks()):
            if limit is not None and rows_given >= limit:
                return
            data = pending + block if pending else block
            data = self._without_nul(data, line)
            if final:
                data = data.removesuffix(b"\x1a")  # the end-of-file mark of CP/M and old DOS tools
            report = _Reporter(self.name, self._findings, self._reported_line)
            parsed = parser.parse(data, line, final=final, report=report)
            if parsed is None:
                if len(data) > self._limits.record_bytes:
                    raise cell_too_long(self.name, line, len(data), self._limits.cell_bytes)
                pending = data
                continue
            pending = data[parsed.consumed :]
            line += parsed.lines_consumed
            self._reported_line = max(self._reported_line, line - 1)
            table, lines = parsed.table, parsed.lines
            if limit is not None and rows_given + table.num_rows > limit:
                table, lines = table.slice(0, limit - rows_given), lines[: limit - rows_given]
            if table.num_rows:
                yield Batch(table, lines, rows_given + 1)
                rows_given += table.num_rows

    def _data_blocks(self) -> Iterator[bytes]:
        """The decoded text after the header."""
        skip = self._data_offset
        for block in utf8_blocks(self._source, self._description.encoding, self._block_bytes):
            if skip >= len(block):
                skip -= len(block)
                continue
            yield block[skip:] if skip else block
            skip = 0

    def _without_nul(self, data: bytes, line: int) -> bytes:
        if b"\0" not in data:
            return data
        first = data.index(b"\0")
        line += len(line_ends(data[:first], np.frombuffer(data[:first], dtype=np.uint8)))
        if line > self._reported_line:
            count = data.count(b"\0")
            place = Place(self.name, line)
            self._findings.add(NUL_REMOVED, place, {"count": count}, count=count)
        return data.replace(b"\0", b"")


class _Reporter:
    """Adds a finding about a row, unless an earlier pass has been at its line."""

    def __init__(self, name: str, findings: Findings, reported_line: int) -> None:
        self._name = name
        self._findings = findings
        self._reported_line = reported_line

    def __call__(self, kind: FindingKind, line: int, values: dict[str, object]) -> None:
        if line > self._reported_line:
            self._findings.add(kind, Place(self._name, line), values)


def _with_last(blocks: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """Each block and whether it is the last; one empty last block when there is none."""
    before = next(blocks, b"")
    for block in blocks:
        yield before, False
        before = block
    yield before, True


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


def _no_such_column(name: str, column: str, names: Sequence[str]) -> SourceError:
    near = ", ".join(get_close_matches(column, names, n=3)) or ", ".join(names[:5])
    return SourceError(
        Text(ja=f"列「{column}」がありません。", en=f"there is no column {column!r}."),
        place=Place(name),
        hint=Text(ja=f"{near} のことですか。", en=f"Did you mean {near}?"),
    )
