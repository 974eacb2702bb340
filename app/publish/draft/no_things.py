"""Rows of a table that are no things: sums below it, and headings and titles between its parts."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc

from app.errors import Text
from app.publish.draft.keys import Key
from app.quality.checks.notes import SUM
from app.tabular.batch import Batch, Table

_TITLE: Final = re.compile(r"\s*([【＜<〈《≪\[［■●◆▼◎].*|※.*|[（(]?注.*)", re.DOTALL)
_MOST: Final = 0.2
"""A larger share of sums, and they are what the table is about (男・女・計)."""

_MOST_WORDS: Final = 20


@dataclass(frozen=True, slots=True)
class NoThings:
    """The rows that have one of `words` in `column`."""

    column: str
    words: tuple[str, ...]
    rows: int

    @property
    def confirm(self) -> Text:
        """What the steward is told."""
        shown = "・".join(" ".join(word.split()) for word in self.words[:5])
        return Text(
            f"「{self.column}」が「{shown}」の {self.rows:,} 行は、合計や見出しなどでデータではないので公開しません。",
            f"{self.rows:,} rows with {shown} in {self.column} are sums or headings, not data, "
            "and are not published.",
        )


def find_no_things(table: Table, key: Key) -> NoThings | None:
    """Rows to leave out, told by the cell of the key, or else of the first column."""
    columns = table.columns
    if len(columns) < 2:
        return None
    by = columns[0] if key.is_row else key.columns[0]
    # One column is read in a fifth of the time of all; most tables have no such rows.
    if not any(pc.any(_likely(batch, by)).as_py() for batch in table.batches((by,))):
        return None
    others = [name for name in columns if name != by]
    found: Counter[str] = Counter()
    total = sums = 0
    for batch in table.batches(columns):
        total += len(batch)
        cells = batch.table.column(by)
        for position in pc.indices_nonzero(_likely(batch, by)).to_pylist():
            cell = cells[position].as_py()
            rest = {name: batch.table.column(name)[position].as_py() for name in others}
            if _is_no_thing(cell, by, rest):
                found[cell] += 1
                sums += SUM.fullmatch(cell) is not None
    if sums > max(1, _MOST * total):
        found = Counter({cell: n for cell, n in found.items() if not SUM.fullmatch(cell)})
    if not found or len(found) > _MOST_WORDS or sum(found.values()) * 2 > total:
        return None
    return NoThings(by, tuple(sorted(found)), sum(found.values()))


_LIKELY: Final = r"計|^\s*[【＜<〈《≪\[［■●◆▼◎※（(注]"


def _likely(batch: Batch, by: str) -> pa.BooleanArray:
    """Rows worth a look; none where cells are no text (lists of JSON)."""
    cells = batch.table.column(by)
    if not pa.types.is_string(cells.type) and not pa.types.is_large_string(cells.type):
        return pa.array([False] * len(batch))
    filled = pc.fill_null(cells, "")
    return pc.or_(pc.match_substring_regex(filled, _LIKELY), pc.equal(filled, by))


def _is_no_thing(cell: str, by: str, rest: dict[str, str | None]) -> bool:
    filled = {name: value for name, value in rest.items() if value and value.strip()}
    if SUM.fullmatch(cell):
        return True
    if cell == by and filled and all(value == name for name, value in filled.items()):
        return True
    return _TITLE.fullmatch(cell) is not None and not filled
