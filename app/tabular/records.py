"""Where records begin and end, and the careful way to read them.

Two ways lead from a block of UTF-8 to cells. The careful one is Python's csv module, which
defines what is right. The fast one finds record ends by numpy and hands whole records to
pyarrow; `find_records` refuses (None) whenever the two could differ.

Quotes are regular when every opening quote stands at the start of a cell and every closing one
at its end. Then a line end is the end of a record exactly if the number of quotes before it is
even, whichever parser one asks: a doubled quote closes and reopens in the same place.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
import numpy.typing as npt

from app.tabular.grammar import Grammar

LF, CR = 0x0A, 0x0D

Positions = npt.NDArray[np.int64]

# The csv module refuses fields over 131,072 characters, a limit of the whole process. Ours is
# ReadLimits.cell_bytes, checked on each cell; records are bounded before they get here.
csv.field_size_limit(max(csv.field_size_limit(), 1 << 30))


@dataclass(frozen=True, slots=True)
class Records:
    """The records of one block, as found by numpy.

    `starts` and `stops`: byte positions; a stop is that of the line end (the CR of a CRLF), or
    of the end of the text. `lines`: physical lines, from 0, within the block. `consumed` and
    `lines_consumed`: what the records take of the block, blank lines included.
    """

    starts: Positions
    stops: Positions
    lines: Positions
    consumed: int
    lines_consumed: int


@dataclass(frozen=True, slots=True)
class CarefulRecord:
    """One record: its cells, and its physical lines, from 0, within the text: first and one past
    the last."""

    cells: list[str]
    line: int
    end_line: int


def careful_records(text: str, grammar: Grammar) -> Iterator[CarefulRecord]:
    """The records as the csv module sees them; an empty line is a record without cells."""
    reader = csv.reader(io.StringIO(text, newline=""), **grammar.csv_options)
    line = 0
    for cells in reader:
        yield CarefulRecord(cells, line, reader.line_num)
        line = reader.line_num


def ends_inside_quotes(text: str, line: int, grammar: Grammar) -> bool:
    """Whether the last record of a text, which begins on its physical `line` (from 0), ends
    inside quotes: then one more line would still belong to it."""
    last = "".join(islice(io.StringIO(text, newline=""), line, None))
    *_, record = careful_records(last.rstrip("\r\n") + "\nx\n", grammar)
    return record.line == 0


def lines_with_text_after_quote(
    text: str, records: Sequence[CarefulRecord], grammar: Grammar
) -> list[int]:
    """The lines, from 0, of those records that only a lenient reader accepts."""
    if _is_strict(io.StringIO(text, newline=""), grammar):
        return []
    lines = list(io.StringIO(text, newline=""))
    return [r.line for r in records if not _is_strict(lines[r.line : r.end_line], grammar)]


def _is_strict(lines: Iterable[str], grammar: Grammar) -> bool:
    try:
        for _ in csv.reader(lines, **{**grammar.csv_options, "strict": True}):
            pass
    except csv.Error:
        return False
    return True


def line_ends(block: bytes, view: npt.NDArray[np.uint8]) -> Positions:
    """Positions of the last byte of each line end: LF, CRLF or a lone CR."""
    ends = np.flatnonzero(view == LF)
    if b"\r" not in block:
        return ends
    returns = np.flatnonzero(view == CR)
    follower = view[np.minimum(returns + 1, len(view) - 1)]
    lone = returns[(follower != LF) | (returns == len(view) - 1)]
    return np.sort(np.concatenate((ends, lone))) if len(lone) else ends


def find_records(block: bytes, grammar: Grammar, *, final: bool) -> Records | None:
    """The records of a block that begins with a record, as far as they end in it.

    `final`: the text ends with the block. None when the careful way must be taken: quotes are
    not regular, a feature is used that pyarrow lacks, or no record ends in the block.
    """
    if not _is_plain(block, grammar):
        return None
    view = np.frombuffer(block, dtype=np.uint8)
    lines = line_ends(block, view)
    if not final and block.endswith(b"\r"):
        lines = lines[:-1]  # the first half of a CRLF, perhaps
    numbers = np.arange(1, len(lines) + 1, dtype=np.int64)
    quotes = _quotes(block, view, grammar)
    ends = lines
    if len(quotes):
        outside = np.searchsorted(quotes, lines) % 2 == 0
        ends, numbers = lines[outside], numbers[outside]
    cut = int(ends[-1]) + 1 if len(ends) else 0
    rest = final and cut < len(block)
    if rest:  # the last record has no line end
        ends, cut = np.append(ends, len(block)), len(block)
        numbers = np.append(numbers, len(lines))
        if len(quotes) % 2:
            return None  # a quote is never closed
    if not len(ends) or not _regular(view, quotes, cut, grammar):
        return None
    starts = np.concatenate((np.zeros(1, dtype=np.int64), ends[:-1] + 1))
    first_lines = np.concatenate((np.zeros(1, dtype=np.int64), numbers[:-1]))
    stops = ends - ((view[np.maximum(ends - 1, 0)] == CR) & (ends > starts) & _is_lf(view, ends))
    blank = starts == stops
    if blank.any():
        kept = ~blank
        starts, stops, first_lines = starts[kept], stops[kept], first_lines[kept]
    return Records(starts, stops, first_lines, cut, int(numbers[-1]))


def _is_plain(block: bytes, grammar: Grammar) -> bool:
    """Whether the grammar has only what both ways can do."""
    if grammar.escape is not None or not grammar.delimiter.isascii():
        return False
    if grammar.quote is not None and not grammar.quote.isascii():
        return False
    if grammar.skip_initial_space:
        delimiter = grammar.delimiter.encode()
        spaces = (delimiter + b" ", b"\n ", b"\r ")
        return not block.startswith(b" ") and not any(space in block for space in spaces)
    return True


def _quotes(block: bytes, view: npt.NDArray[np.uint8], grammar: Grammar) -> Positions:
    if grammar.quote is None or grammar.quote.encode() not in block:
        return np.empty(0, dtype=np.int64)
    return np.flatnonzero(view == ord(grammar.quote))


def _regular(view: npt.NDArray[np.uint8], quotes: Positions, cut: int, grammar: Grammar) -> bool:
    """Whether each quote before `cut` opens a cell at its start or closes one at its end."""
    quotes = quotes[: np.searchsorted(quotes, cut)]
    if not len(quotes):
        return True
    assert grammar.quote is not None
    neighbour = np.zeros(256, dtype=np.bool_)
    neighbour[[LF, CR, ord(grammar.delimiter), ord(grammar.quote)]] = True
    opening, closing = quotes[0::2], quotes[1::2]
    if opening[0] == 0:
        opening = opening[1:]
    if len(closing) and closing[-1] == len(view) - 1:
        closing = closing[:-1]
    return bool(neighbour[view[opening - 1]].all() and neighbour[view[closing + 1]].all())


def _is_lf(view: npt.NDArray[np.uint8], ends: Positions) -> npt.NDArray[np.bool_]:
    is_lf: npt.NDArray[np.bool_] = view[np.minimum(ends, len(view) - 1)] == LF
    return is_lf & (ends < len(view))
