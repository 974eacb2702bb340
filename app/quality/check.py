"""What a check is: it is started with the table's facts, shown the rows batch by batch, ended.

The shape is that of Frictionless (start, row, end), with columns in place of rows. All checks run
in one pass; what they find goes to a `Reporter`, which joins neighbouring cells into ranges and
keeps memory bounded however bad a table is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.codes.regions import RegionTable
from app.errors import Place
from app.findings import FindingKind, Findings, Severity
from app.quality.metadata import Metadata
from app.quality.roles import ColumnRole, Role
from app.tabular.batch import Batch, TableDescription

Mask = npt.NDArray[np.bool_]
Positions = npt.NDArray[np.int64]
Kinds = tuple[FindingKind, ...]
Describe = Callable[[int], Mapping[str, object]]

SHOWN_CHARACTERS = 40
"""So much of a cell is quoted in a finding."""

RANGES_PER_COLUMN = 20
"""So many ranges of one kind are told of a column one by one; the rest is told as one."""

_FULL_TO_HALF = {code + 0xFEE0: code for code in range(0x21, 0x7F)} | {
    0x3000: 0x20,
    0x2212: 0x2D,
    0x2010: 0x2D,
    0x2011: 0x2D,
    0x2013: 0x2D,
    0x2015: 0x2D,
}


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of a table before its rows are read."""

    file: str
    columns: tuple[str, ...]
    roles: Mapping[str, ColumnRole]
    description: TableDescription
    metadata: Metadata
    regions: RegionTable
    is_dataset: bool

    def with_role(self, *roles: Role) -> tuple[str, ...]:
        """The columns that have one of these roles, in the order of the file."""
        return tuple(name for name in self.columns if self.roles[name].role in roles)


class Cells:
    """One column of a batch, with the views of it that checks share."""

    def __init__(self, name: str, array: pa.Array, lines: Positions, first_row: int) -> None:
        self.name = name
        self.raw = array
        self.lines = lines
        self.first_row = first_row

    @classmethod
    def of(cls, array: pa.Array) -> Cells:
        """Some cells by themselves, without a place."""
        return cls("", array, np.empty(0, dtype=np.int64), 0)

    def __len__(self) -> int:
        return len(self.raw)

    @cached_property
    def is_ascii(self) -> bool:
        """Whether every character is ASCII: most checks of characters end here."""
        return pc.all(pc.string_is_ascii(self.raw)).as_py() is not False

    @cached_property
    def plain(self) -> pa.Array:
        """Without blanks at the ends, full-width ASCII as half-width. Marks such as ① and ㎡
        stay as they are: NFKC would make digits of them."""
        trimmed = pc.utf8_trim_whitespace(self.raw)
        if self.is_ascii:
            return trimmed
        wide = pc.match_substring_regex(trimmed, r"[\x{ff01}-\x{ff5e}\x{3000}‐-―−]")
        if not pc.any(wide).as_py():
            return trimmed
        narrow = [v.translate(_FULL_TO_HALF).strip() for v in trimmed.filter(wide).to_pylist()]
        return pc.replace_with_mask(trimmed, wide, pa.array(narrow, pa.string()))

    @cached_property
    def filled(self) -> Mask:
        """Cells that hold more than blanks."""
        return as_mask(pc.not_equal(pc.utf8_trim_whitespace(self.raw), ""))

    def matching(self, pattern: str) -> Mask:
        """Which cells, as they stand, have a match of an RE2 pattern."""
        return as_mask(pc.match_substring_regex(self.raw, pattern))

    def containing(self, text: str) -> Mask:
        """Which cells hold a text."""
        return as_mask(pc.match_substring(self.raw, text))

    def distinct(self) -> list[str]:
        """Each plain value that occurs, once, without the empty one."""
        return [value for value in pc.unique(self.plain).to_pylist() if value]

    def having(self, values: Sequence[str]) -> Mask:
        """Which cells have one of these plain values."""
        return as_mask(pc.is_in(self.plain, value_set=pa.array(values, pa.string())))

    def text(self, position: int) -> str:
        """One cell as it stands."""
        return self.raw[position].as_py() or ""


class Rows:
    """One batch as columns that are looked at once."""

    def __init__(self, batch: Batch) -> None:
        self.batch = batch
        self._cells: dict[str, Cells] = {}

    def __len__(self) -> int:
        return len(self.batch)

    def column(self, name: str) -> Cells:
        """A column by its name."""
        if name not in self._cells:
            self._cells[name] = Cells(
                name, self.batch.table.column(name), self.batch.lines, self.batch.first_row
            )
        return self._cells[name]


class Check(Protocol):
    """One thing, or a few that belong together, that is looked for in a table."""

    kinds: ClassVar[Kinds]
    """Every kind that it can report."""

    def start(self, subject: Subject, report: Reporter) -> None:
        """What can be said before any row is read."""

    def batch(self, rows: Rows) -> None:
        """The next rows."""

    def end(self) -> None:
        """What can be said only after the last row."""


@dataclass(slots=True)
class _Ranges:
    """Neighbouring cells of one kind in one column: the open range, and what is past the bound."""

    kind: FindingKind
    column: str
    told: int = 0
    first_line: int = 0
    last_line: int = 0
    last_row: int = -2
    count: int = 0
    values: Mapping[str, object] = field(default_factory=dict)
    rest_first: int = 0
    rest_last: int = 0
    rest_count: int = 0
    rest_values: Mapping[str, object] = field(default_factory=dict)


class Reporter:
    """Takes what checks find and gives it to `Findings` as ranges of cells.

    Neighbouring cells become one range when their messages are the same, or when the kind is a
    mere matter of style (INFO), where the first cell stands for all.
    """

    def __init__(self, file: str, findings: Findings) -> None:
        self._file = file
        self._findings = findings
        self._ranges: dict[tuple[str, str], _Ranges] = {}

    def table(self, kind: FindingKind, *, line: int | None = None, **values: object) -> None:
        """A finding about the table, or about one of its lines."""
        self._findings.add(kind, Place(self._file, line), values)

    def column(
        self, kind: FindingKind, column: str, *, line: int | None = None, **values: object
    ) -> None:
        """A finding about a column as a whole, or about one cell of it that is known by line."""
        self._findings.add(
            kind, Place(self._file, line, field=column), {"column": shown(column)} | values
        )

    def cells(
        self, kind: FindingKind, cells: Cells, found: Mask, describe: Describe | None = None
    ) -> None:
        """A finding for every marked cell. The values of the message are `value`, the cell, and
        what `describe` adds for the position of the cell in the batch."""
        positions = np.flatnonzero(found)
        if not len(positions):
            return
        ranges = self._ranges.setdefault((kind.code, cells.name), _Ranges(kind, cells.name))
        for begin, end in _runs(positions):
            if ranges.told >= RANGES_PER_COLUMN:
                self._add_rest(ranges, cells, positions[positions >= begin], describe)
                return
            self._add_run(ranges, cells, begin, end, describe)

    def _add_run(
        self, ranges: _Ranges, cells: Cells, begin: int, end: int, describe: Describe | None
    ) -> None:
        step = end - begin if ranges.kind.severity is Severity.INFO else 1
        for position in range(begin, end, step):
            values = _values(cells, position, describe)
            row = cells.first_row + position
            goes_on = row == ranges.last_row + 1 and (step > 1 or values == ranges.values)
            if ranges.kind.severity is Severity.INFO and row == ranges.last_row + 1:
                goes_on = True
            if not goes_on:
                self._tell(ranges)
                if ranges.told >= RANGES_PER_COLUMN:
                    rest = np.arange(position, end, dtype=np.int64)
                    self._add_rest(ranges, cells, rest, describe)
                    return
                ranges.first_line, ranges.count = int(cells.lines[position]), 0
                ranges.values = values
            last = position + step - 1
            ranges.last_line, ranges.last_row = int(cells.lines[last]), cells.first_row + last
            ranges.count += step

    def _add_rest(
        self, ranges: _Ranges, cells: Cells, positions: Positions, describe: Describe | None
    ) -> None:
        if not ranges.rest_count:
            ranges.rest_first = int(cells.lines[positions[0]])
            ranges.rest_values = _values(cells, int(positions[0]), describe)
        ranges.rest_last = int(cells.lines[positions[-1]])
        ranges.rest_count += len(positions)

    def _tell(self, ranges: _Ranges) -> None:
        if ranges.count:
            place = self._range(ranges.column, ranges.first_line, ranges.last_line)
            self._findings.add(ranges.kind, place, ranges.values, count=ranges.count)
            ranges.told += 1
            ranges.count = 0

    def _range(self, column: str, first: int, last: int) -> Place:
        return Place(self._file, first, field=column, end_line=last if last > first else None)

    def close(self) -> None:
        """Tell the ranges that are still open."""
        for ranges in self._ranges.values():
            self._tell(ranges)
            if ranges.rest_count:
                place = self._range(ranges.column, ranges.rest_first, ranges.rest_last)
                self._findings.add(ranges.kind, place, ranges.rest_values, count=ranges.rest_count)


def shown(value: str) -> str:
    """A cell as it is quoted in a message: on one line, not too long."""
    line = value.replace("\r\n", "⏎").replace("\n", "⏎").replace("\r", "⏎")
    return line if len(line) <= SHOWN_CHARACTERS else line[: SHOWN_CHARACTERS - 1] + "…"


def as_mask(array: Any) -> Mask:
    """An Arrow array of booleans as a NumPy one; null is false."""
    if array.null_count:
        array = pc.fill_null(array, False)
    mask: Mask = array.to_numpy(zero_copy_only=False)
    return mask


def _values(cells: Cells, position: int, describe: Describe | None) -> dict[str, object]:
    value = cells.text(position)
    more = describe(position) if describe is not None else {}
    return {"value": shown(value), "column": shown(cells.name), **more}


def _runs(positions: Positions) -> list[tuple[int, int]]:
    """Begin and end of each run of neighbouring positions."""
    breaks = np.flatnonzero(np.diff(positions) > 1)
    begins = positions[np.concatenate(([0], breaks + 1))]
    ends = positions[np.concatenate((breaks, [len(positions) - 1]))] + 1
    return list(zip(begins.tolist(), ends.tolist(), strict=True))
