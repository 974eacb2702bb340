"""One block of records becomes one batch of string columns, by the fast way or the careful one.

Both keep the rules of `app.tabular.rows`, and a property test holds them together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as pa_csv

from app.tabular.records import (
    Positions,
    Records,
    careful_records,
    ends_inside_quotes,
    find_records,
    line_ends,
    lines_with_text_after_quote,
)
from app.tabular.rows import (
    EMPTY_ROW,
    TEXT_AFTER_QUOTE,
    UNCLOSED_QUOTE,
    Layout,
    Report,
    row_of,
)

CAREFUL_ROWS = 128
"""From so few rows on the csv module is as fast as another try with pyarrow."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """A block's rows with the physical line of each, and what they took of the block: bytes and
    physical lines."""

    table: pa.RecordBatch
    lines: Positions
    consumed: int
    lines_consumed: int


class BlockParser:
    """Parses blocks that begin with a record."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        names = [f"c{n}" for n in range(layout.width)]
        self._wanted_names = [layout.names[n] for n in layout.wanted]
        self._unnamed = names[len(layout.names) :]
        columns = [names[n] for n in layout.wanted]
        # Reading no column at all would leave the number of rows unknown.
        included = list(dict.fromkeys([*columns, *self._unnamed])) or names[:1]
        self._columns = columns
        grammar = layout.grammar
        self._read = pa_csv.ReadOptions(
            column_names=names, block_size=2 * layout.limits.record_bytes, use_threads=True
        )
        self._parse = (
            pa_csv.ParseOptions(
                delimiter=grammar.delimiter,
                quote_char=grammar.quote or False,
                newlines_in_values=True,
            )
            if grammar.delimiter.isascii() and (grammar.quote or '"').isascii()
            else None
        )
        self._convert = pa_csv.ConvertOptions(
            check_utf8=False,  # the decoder has done it
            column_types=dict.fromkeys(names, pa.string()),
            include_columns=included,
            strings_can_be_null=False,
            quoted_strings_can_be_null=False,
        )

    def parse(self, block: bytes, line: int, *, final: bool, report: Report) -> Parsed | None:
        """The rows of a block as far as they end in it; None when no record does.

        `line`: the physical line of the block's first byte. `final`: the text ends with the
        block. Raises SourceTooLarge for a cell past the limit.
        """
        found = find_records(block, self._layout.grammar, final=final)
        if found is None:
            return self._parse_carefully(block, line, final=final, report=report)
        parts = list(self._parse_found(block[: found.consumed], line, found, report))
        if len(parts) == 1:
            return parts[0]
        columns = [
            pa.concat_arrays([part.table.column(n) for part in parts])
            for n in range(len(self._columns))
        ]
        return Parsed(
            self._batch(columns, sum(part.table.num_rows for part in parts)),
            np.concatenate([part.lines for part in parts]),
            found.consumed,
            found.lines_consumed,
        )

    def _parse_found(
        self, block: bytes, line: int, found: Records, report: Report
    ) -> Iterator[Parsed]:
        """Whole records by the fast way. Where it fails, halves are tried, so that a bad row
        costs its neighbours little: one in each block would slow a table down by six."""
        fast = self._parse_fast(block, line, found, report)
        if fast is not None:
            yield fast
            return
        middle = len(found.starts) // 2
        if middle < CAREFUL_ROWS:
            careful = self._parse_carefully(block, line, final=True, report=report)
            assert careful is not None  # whole records
            yield careful
            return
        cut = int(found.starts[middle])
        for half in (block[:cut], block[cut:]):
            records = find_records(half, self._layout.grammar, final=True)
            assert records is not None  # a half of regular records
            yield from self._parse_found(half, line, records, report)
            line += records.lines_consumed

    def _parse_fast(self, block: bytes, line: int, found: Records, report: Report) -> Parsed | None:
        """By pyarrow; None when a row needs the careful way."""
        layout = self._layout
        rows = len(found.starts)
        if self._parse is None or (not layout.skip_blank_rows and rows != found.lines_consumed):
            return None
        if rows and int((found.stops - found.starts).max()) > layout.limits.cell_bytes:
            return None
        if layout.comment_prefix is not None and _has_comment(block, found, layout):
            return None
        empty = _empty_rows(block, found, layout) if layout.skip_blank_rows else []
        if not rows:
            columns = [pa.array([], pa.string()) for _ in self._columns]
            batch = self._batch(columns, 0)
            return Parsed(batch, found.lines, found.consumed, found.lines_consumed)
        try:
            table = pa_csv.read_csv(
                pa.BufferReader(pa.py_buffer(block)),
                read_options=self._read,
                parse_options=self._parse,
                convert_options=self._convert,
            )
        except pa.ArrowInvalid:
            return None  # a ragged row: the careful way names it
        if table.num_rows != rows:
            return None
        if any(pc.max(pc.binary_length(table[name])).as_py() for name in self._unnamed):
            return None
        batch = self._finished([table[name].combine_chunks() for name in self._columns], rows)
        lines = found.lines + line
        if empty:
            kept = np.ones(rows, dtype=np.bool_)
            kept[empty] = False
            for row in empty:
                report(EMPTY_ROW, int(lines[row]), {})
            batch, lines = batch.filter(pa.array(kept)), lines[kept]
        return Parsed(batch, lines, found.consumed, found.lines_consumed)

    def _parse_carefully(
        self, block: bytes, line: int, *, final: bool, report: Report
    ) -> Parsed | None:
        """By the csv module, record by record."""
        layout = self._layout
        text = block.decode()
        records = list(careful_records(text, layout.grammar))
        ends = line_ends(block, np.frombuffer(block, dtype=np.uint8))
        if not final:
            records = records[:-1]  # it may go on in the next block
            if not records:
                return None
        elif records and ends_inside_quotes(text, records[-1].line, layout.grammar):
            report(UNCLOSED_QUOTE, line + records.pop().line, {})
        for number in lines_with_text_after_quote(text, records, layout.grammar):
            report(TEXT_AFTER_QUOTE, line + number, {})
        rows: list[Sequence[str | None]] = []
        lines: list[int] = []
        for record in records:
            row = row_of(record.cells, line + record.line, layout, report)
            if row is not None:
                rows.append(row)
                lines.append(line + record.line)
        lines_consumed = len(ends) if final else records[-1].end_line
        consumed = len(block) if final else int(ends[lines_consumed - 1]) + 1
        columns = [pa.array([row[n] for row in rows], pa.string()) for n in layout.wanted]
        return Parsed(
            self._finished(columns, len(rows)),
            np.array(lines, dtype=np.int64),
            consumed,
            lines_consumed,
        )

    def _finished(self, columns: list[pa.Array], rows: int) -> pa.RecordBatch:
        if self._layout.trim:
            columns = [pc.utf8_trim_whitespace(column) for column in columns]
        return self._batch(columns, rows)

    def _batch(self, columns: list[pa.Array], rows: int) -> pa.RecordBatch:
        if not columns:
            empty = pa.array([{}] * rows, type=pa.struct([]))
            return pa.RecordBatch.from_struct_array(empty)
        return pa.RecordBatch.from_arrays(columns, names=self._wanted_names)


def _has_comment(block: bytes, found: Records, layout: Layout) -> bool:
    """Whether a record may begin with the comment prefix (a quote before it does not matter)."""
    assert layout.comment_prefix is not None
    if not layout.comment_prefix:
        return True
    view = np.frombuffer(block, dtype=np.uint8)
    first = layout.comment_prefix.encode()[0]
    firsts = view[found.starts]
    if layout.grammar.quote is not None and (firsts == ord(layout.grammar.quote)).any():
        return (layout.grammar.quote + layout.comment_prefix).encode() in block or bool(
            (firsts == first).any()
        )
    return bool((firsts == first).any())


def _empty_rows(block: bytes, found: Records, layout: Layout) -> list[int]:
    """Positions of the rows whose cells are all empty, with or without quotes."""
    lengths = found.stops - found.starts
    delimiter = layout.grammar.delimiter.encode()
    # Nothing but delimiters: a row with as many cells as most has no byte left for a value.
    bare = np.flatnonzero(lengths == layout.width - 1)
    # Each cell is nothing or two quotes.
    short = np.flatnonzero((lengths >= layout.width) & (lengths <= 3 * layout.width - 1))
    if not len(short):
        return bare.tolist()
    view = np.frombuffer(block, dtype=np.uint8)
    allowed = [ord(delimiter)] + ([ord(layout.grammar.quote)] if layout.grammar.quote else [])
    short = short[np.isin(view[found.starts[short]], allowed)]
    quoted = (layout.grammar.quote or "").encode() * 2
    return bare.tolist() + [
        row
        for row in short.tolist()
        if all(
            cell in (b"", quoted)
            for cell in block[found.starts[row] : found.stops[row]].split(delimiter)
        )
    ]
