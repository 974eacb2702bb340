"""Keys, names and rows that should be unique."""

from __future__ import annotations

from typing import Any, ClassVar, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.codes.spelling import fold, fold_all
from app.errors import Text
from app.findings import Severity, kind
from app.quality.check import Kinds, Positions, Reporter, Rows, Subject, shown
from app.quality.role import Role

KEY_DUPLICATE = kind(
    "key-duplicate",
    Severity.ERROR,
    what=Text(
        "「{column}」の値「{value}」が {first} 行目にもあります。",
        "{value} in {column} stands on line {first} too.",
    ),
    why=Text(
        "別のものが同じアドレスになり、データが混ざります。",
        "Two things would share one address and be mixed up.",
    ),
    mend=Text("行ごとに違う番号にしてください。", "Give every row a number of its own."),
)
KEY_EMPTY = kind(
    "key-empty",
    Severity.ERROR,
    what=Text("「{column}」が空です。", "{column} is empty."),
    why=Text("この行のものにアドレスを付けられません。", "The row's thing gets no address."),
    mend=Text("番号を付けてください。", "Give it a number."),
)
NAME_NEAR_DUPLICATE = kind(
    "name-near-duplicate",
    Severity.WARNING,
    what=Text(
        "「{value}」は {first} 行目の「{other}」と書き方だけが違います。",
        "“{value}” differs from “{other}” on line {first} only in the way it is written.",
    ),
    why=Text(
        "同じものなら二重に数えられ、検索でも片方しか見つかりません。",
        "If they are the same, it is counted twice and found once.",
    ),
    mend=Text(
        "同じものなら、書き方をそろえてください。", "If they are the same, write them alike."
    ),
)
ROW_DUPLICATE = kind(
    "row-duplicate",
    Severity.WARNING,
    what=Text("{first} 行目とまったく同じ行です。", "the row is the same as that on line {first}."),
    why=Text("件数や合計が実際より多くなります。", "Counts and sums come out too high."),
    mend=Text("重複した行を削除してください。", "Delete the repeated row."),
)

_MOST_REMEMBERED: Final = 5_000_000
"""Rows whose key, name and hash are remembered: some hundred bytes each."""


class KeyColumn:
    """The key that the description states, or else the column that numbers the rows."""

    kinds: ClassVar[Kinds] = (KEY_DUPLICATE, KEY_EMPTY)

    def start(self, subject: Subject, report: Reporter) -> None:
        """One column; keys of several columns are told by the last of them."""
        self._report = report
        stated = tuple(name for name in subject.metadata.key if name in subject.columns)
        self._columns = stated or subject.with_role(Role.KEY)[:1]
        self._stated = bool(stated)
        self._keys: list[pa.Array] = []
        self._lines: list[Positions] = []
        self._remembered = 0
        self._filled = 0

    def batch(self, rows: Rows) -> None:
        """Remember the keys."""
        if not self._columns or self._remembered > _MOST_REMEMBERED:
            return
        columns = [rows.column(name) for name in self._columns]
        filled = np.logical_and.reduce([cells.filled for cells in columns])
        self._empty(rows, ~filled)
        joined = pc.binary_join_element_wise(*(cells.plain for cells in columns), "\x1f")
        self._keys.append(joined.filter(pa.array(filled)))
        self._lines.append(rows.batch.lines[filled])
        self._remembered += len(rows)
        self._filled += int(np.count_nonzero(filled))

    def _empty(self, rows: Rows, empty: npt.NDArray[np.bool_]) -> None:
        """In a numbering that leaves most rows out an empty cell says nothing."""
        if self._stated or np.count_nonzero(empty) * 5 < len(rows):
            cells = rows.column(self._columns[-1])
            self._report.cells(KEY_EMPTY, cells, empty)

    def end(self) -> None:
        """Keys that occur again; when half of them do, the column is no key."""
        if not self._filled:
            return
        keys = pa.chunked_array(self._keys, pa.string()).combine_chunks()
        lines = np.concatenate(self._lines)
        repeated = _repeated(keys)
        if not self._stated and len(repeated) * 2 > len(keys):
            return
        name = self._columns[-1]
        for position, first in repeated:
            value = shown(keys[position].as_py().replace("\x1f", ", "))
            self._report.column(
                KEY_DUPLICATE, name, line=int(lines[position]), value=value, first=int(lines[first])
            )


class Names:
    """Names that are the same once width, blanks and variants of characters are put aside."""

    kinds: ClassVar[Kinds] = (NAME_NEAR_DUPLICATE,)

    def start(self, subject: Subject, report: Reporter) -> None:
        """The first column of names."""
        self._report = report
        self._columns = subject.with_role(Role.NAME)[:1]
        self._names: list[pa.Array] = []
        self._folded: list[pa.Array] = []
        self._lines: list[Positions] = []
        self._remembered = 0

    def batch(self, rows: Rows) -> None:
        """Fold each name."""
        for name in self._columns:
            if self._remembered > _MOST_REMEMBERED:
                return
            cells = rows.column(name)
            self._names.append(cells.raw)
            self._folded.append(_folded(cells.raw))
            self._lines.append(cells.lines)
            self._remembered += len(rows)

    def end(self) -> None:
        """Compare each name with the first one that folds to the same."""
        if not self._folded:
            return
        names = pa.chunked_array(self._names, pa.string()).combine_chunks()
        lines = np.concatenate(self._lines)
        folded = pa.chunked_array(self._folded, pa.string()).combine_chunks()
        for position, first in _repeated(folded):
            text, other = names[position].as_py() or "", names[first].as_py() or ""
            if text.strip() and text.strip() != other.strip():
                self._report.column(
                    NAME_NEAR_DUPLICATE,
                    self._columns[0],
                    line=int(lines[position]),
                    value=shown(text),
                    other=shown(other),
                    first=int(lines[first]),
                )


class RepeatedRows:
    """Rows that are the same in every column."""

    kinds: ClassVar[Kinds] = (ROW_DUPLICATE,)

    def start(self, subject: Subject, report: Reporter) -> None:
        """All columns count; with a single one repetition is no fault."""
        self._report = report
        self._columns = subject.columns if len(subject.columns) > 1 else ()
        self._hashes: list[npt.NDArray[np.int64]] = []
        self._lines: list[Positions] = []
        self._remembered = 0

    def batch(self, rows: Rows) -> None:
        """Remember a hash of 64 bits for each row."""
        if not self._columns or self._remembered > _MOST_REMEMBERED:
            return
        joined = pc.binary_join_element_wise(
            *(rows.batch.table.column(name) for name in self._columns),
            "\x1f",
            null_handling="replace",
        )
        hashes = np.fromiter(map(hash, joined.to_pylist()), np.int64, len(joined))
        self._hashes.append(hashes)
        self._lines.append(rows.batch.lines)
        self._remembered += len(rows)

    def end(self) -> None:
        """Tell each row that has come before."""
        if not self._hashes:
            return
        lines = np.concatenate(self._lines)
        for position, first in _repeated(pa.array(np.concatenate(self._hashes))):
            self._report.table(ROW_DUPLICATE, line=int(lines[position]), first=int(lines[first]))


def _repeated(values: Any) -> list[tuple[int, int]]:
    """Positions of values that occurred before, each with that of the first."""
    codes = values.dictionary_encode().indices.to_numpy(zero_copy_only=False)
    count = int(codes.max()) + 1 if len(codes) else 0
    if count == len(codes):
        return []
    first = np.full(count, -1, dtype=np.int64)
    first[codes[::-1]] = np.arange(len(codes) - 1, -1, -1)
    again = np.flatnonzero(first[codes] != np.arange(len(codes)))
    return [(int(position), int(first[codes[position]])) for position in again]


_IGNORED: Final = dict.fromkeys(map(ord, "-‐‑–—−・･,，.．'’\"”“"))


def _folded(names: Any) -> pa.Array:
    """`app.codes.spelling.fold` of each, without hyphens and middle dots, in small letters; all at
    once, for a call costs as much as the work on a name."""
    if not len(names):
        return pa.array([], pa.string())
    texts = pc.fill_null(names, "").to_pylist()
    if any("\0" in text for text in texts):
        folded = [fold(text) for text in texts]
    else:
        folded = fold_all(texts)
    return pa.array("\0".join(folded).translate(_IGNORED).lower().split("\0"), pa.string())
