"""A delimited text that has been opened: its rows, block by block, as often as they are wanted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

import numpy as np

from app.errors import Place, SourceError, Text
from app.findings import FindingKind, Findings, Severity, kind
from app.tabular.batch import Batch, Dialect, TableDescription
from app.tabular.blocks import BlockParser
from app.tabular.decoding import utf8_blocks
from app.tabular.grammar import Grammar
from app.tabular.header import Header
from app.tabular.limits import ReadLimits
from app.tabular.records import line_ends
from app.tabular.rows import Layout, cell_too_long
from app.tabular.source import ByteSource

BLOCK_BYTES = 2 << 20
"""Decoded bytes handled at once: 1 MiB to 4 MiB are equally fast (benchmarks/read_speed.py)."""

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


def _no_such_column(name: str, column: str, names: Sequence[str]) -> SourceError:
    near = ", ".join(get_close_matches(column, names, n=3)) or ", ".join(names[:5])
    return SourceError(
        Text(ja=f"列「{column}」がありません。", en=f"there is no column {column!r}."),
        place=Place(name),
        hint=Text(ja=f"{near} のことですか。", en=f"Did you mean {near}?"),
    )
