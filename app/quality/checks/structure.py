"""The form of the table: one table, one header row, no merged and no omitted cells (rules 1, 2,
4, 5)."""

from __future__ import annotations

from typing import ClassVar, Final

import numpy as np
import pyarrow.compute as pc

from app.errors import Text
from app.findings import Severity, kind
from app.quality import shapes
from app.quality.check import Cells, Kinds, Mask, Reporter, Rows, Subject, as_mask, shown
from app.quality.role import Role

SEVERAL_TABLES = kind(
    "several-tables",
    Severity.WARNING,
    what=Text(
        "ここから別の表が始まっているようです: 「{value}」",
        "another table seems to begin here: “{value}”",
    ),
    why=Text(
        "一つの表として読むと、見出しや別の項目がデータに混ざります（規則 1）。",
        "Read as one table, headings and other items end up among the data (rule 1).",
    ),
    mend=Text("表ごとに別のファイルに分けてください。", "Put each table into a file of its own."),
)
SEVERAL_TABLES_ABREAST = kind(
    "several-tables-abreast",
    Severity.WARNING,
    what=Text(
        "空の列「{column}」を挟んで、表が左右に並んでいるようです。",
        "two tables seem to stand side by side, parted by the empty column {column}.",
    ),
    why=Text(
        "同じ行の左右が別々のデータになり、1行を1件として扱えません（規則 1）。",
        "A row then holds two things that have nothing to do with each other (rule 1).",
    ),
    mend=Text("表ごとに別のファイルに分けてください。", "Put each table into a file of its own."),
)
HEADER_ROW_IN_DATA = kind(
    "header-row-in-data",
    Severity.WARNING,
    what=Text(
        "見出しの次の行も見出しのようです: 「{value}」",
        "the row after the header seems to be a header too: “{value}”",
    ),
    why=Text(
        "見出しが2行あると、2行目がデータとして読まれます（規則 2）。",
        "The second header row is read as data (rule 2).",
    ),
    mend=Text(
        "見出しを1行にまとめてください。単位は 人口[人] のように見出しの中に書きます。",
        "Use one header row; units belong inside the heading, like 人口[人].",
    ),
)
CELL_MERGED = kind(
    "cell-merged",
    Severity.WARNING,
    what=Text(
        "「{column}」の列は、結合されたセルを分けずに保存したようです。{cells} 個のセルが空です。",
        "the column {column} seems to come from merged cells; {cells} of its cells are empty.",
    ),
    why=Text(
        "並べ替えや抽出をすると、空のセルが何の値だったか分からなくなります（規則 4）。",
        "After sorting or filtering nobody can tell what the empty cells meant (rule 4).",
    ),
    mend=Text("すべての行に値を書いてください。", "Write the value into every row."),
)
CELL_OMITTED = kind(
    "cell-omitted",
    Severity.WARNING,
    what=Text("「{value}」で値が省略されています。", "a value is omitted: “{value}”"),
    why=Text(
        "並べ替えや抽出をすると、何を指すか分からなくなります（規則 5）。",
        "After sorting or filtering nobody can tell what it stands for (rule 5).",
    ),
    mend=Text("上の行と同じ値を書いてください。", "Write the value itself into the cell."),
)

_DITTO: Final = (
    r"^[\s\x{3000}]*(〃+|″|”|“|〟|仝|々+|ゝ|\"{1,2}|同上|同左|同前|同じ|上に?同じ|上記と?に?同じ|左に?同じ)"
    r"[\s\x{3000}]*$"
)
_TYPED: Final = {
    Role.AMOUNT: r"[\d]|^[-…*]",
    Role.LATITUDE: r"\d",
    Role.LONGITUDE: r"\d",
    Role.COORDINATES: r"\d",
    Role.DATE: r"[\d元]",
    Role.DATE_TIME: r"\d",
    Role.YEAR: r"[\d元]",
    Role.TIME: r"\d",
    Role.POSTAL_CODE: r"\d",
    Role.REGION_CODE: r"\d",
    Role.PHONE: r"\d",
    Role.CORPORATE_NUMBER: r"\d",
    Role.FLAG: shapes.FLAG,
}
"""What every value of a role holds, and a heading does not."""

_MERGEABLE: Final = (
    Role.TEXT,
    Role.NAME,
    Role.PREFECTURE,
    Role.MUNICIPALITY,
    Role.YEAR,
    Role.DATE,
    Role.EMPTY,
)
_MOST_GROUPS: Final = 10_000


class TablesAndHeaders:
    """Looks for header rows among the data, and for tables side by side."""

    kinds: ClassVar[Kinds] = (SEVERAL_TABLES, SEVERAL_TABLES_ABREAST, HEADER_ROW_IN_DATA)

    def start(self, subject: Subject, report: Reporter) -> None:
        """An unnamed empty column with columns on both sides parts two tables."""
        self._subject = subject
        self._report = report
        self._typed = [
            (name, pattern)
            for name in subject.columns
            if (pattern := _TYPED.get(subject.roles[name].role)) is not None
        ]
        self._last_line = subject.description.header_line
        self._last_breaks = 0
        for number, name in enumerate(subject.columns):
            unnamed = name == f"column_{number + 1}" and subject.roles[name].role is Role.EMPTY
            left, right = subject.columns[:number], subject.columns[number + 1 :]
            if unnamed and _named(left) >= 2 and _named(right) >= 2:
                line = subject.description.header_line or None
                report.column(SEVERAL_TABLES_ABREAST, name, line=line)

    def batch(self, rows: Rows) -> None:
        """Rows that repeat the headings, and rows after a blank one that fit no column."""
        repeated = self._repeats_headings(rows)
        alien = self._fits_no_column(rows)
        lines = rows.batch.lines
        for position in np.flatnonzero(repeated | alien).tolist():
            first = rows.batch.first_row + position == 1
            value = shown("、".join(_filled(rows, position, self._subject.columns)))
            if first:
                self._report.table(HEADER_ROW_IN_DATA, line=int(lines[position]), value=value)
            elif repeated[position] or self._after_a_blank_row(rows, position):
                self._report.table(SEVERAL_TABLES, line=int(lines[position]), value=value)
        if len(rows):
            self._last_line = int(lines[-1])
            self._last_breaks = _line_breaks(rows, len(rows) - 1, self._subject.columns)

    def end(self) -> None:
        """Nothing more."""

    def _repeats_headings(self, rows: Rows) -> Mask:
        """At least two cells, and four in five of the filled ones, equal their heading."""
        columns = self._subject.columns
        equal = np.zeros(len(rows), dtype=np.int32)
        for name in columns:
            equal += as_mask(pc.equal(rows.column(name).raw, name))
        candidates = np.flatnonzero(equal >= 2)
        found = np.zeros(len(rows), dtype=np.bool_)
        for position in candidates.tolist():
            filled = len(_filled(rows, position, columns))
            found[position] = equal[position] >= 0.8 * filled
        return found

    def _fits_no_column(self, rows: Rows) -> Mask:
        """At least two cells of columns with a fixed form are filled, none of them fitting, and
        no two of the row are the same."""
        fits = np.zeros(len(rows), dtype=np.int32)
        filled = np.zeros(len(rows), dtype=np.int32)
        for name, pattern in self._typed:
            cells = rows.column(name)
            fits += as_mask(pc.match_substring_regex(cells.plain, pattern))
            filled += cells.filled
        found: Mask = (filled >= 2) & (fits == 0)
        for position in np.flatnonzero(found).tolist():
            values = _filled(rows, position, self._subject.columns)
            found[position] = len({*values}) == len(values)
        return found

    def _after_a_blank_row(self, rows: Rows, position: int) -> bool:
        lines = rows.batch.lines
        if position:
            before = int(lines[position - 1])
            breaks = _line_breaks(rows, position - 1, self._subject.columns)
        else:
            before, breaks = self._last_line, self._last_breaks
        return int(lines[position]) - before - breaks > 1


class MergedCells:
    """Leading columns in which a value stands once for the rows below it."""

    kinds: ClassVar[Kinds] = (CELL_MERGED,)

    def start(self, subject: Subject, report: Reporter) -> None:
        """Only columns at the left, before the first of another kind, can group rows."""
        self._report = report
        self._groups: list[_Groups] = []
        for name in subject.columns[:-1]:
            role = subject.roles[name].role
            if role in _MERGEABLE:
                self._groups.append(_Groups(name))
            elif role is not Role.KEY:
                break

    def batch(self, rows: Rows) -> None:
        """Follow the groups."""
        for groups in self._groups:
            groups.add(rows.column(groups.name))

    def end(self) -> None:
        """Tell those that look merged; a column right of a merged one may be merged too."""
        for groups in self._groups:
            if groups.look_merged():
                self._report.column(
                    CELL_MERGED, groups.name, line=groups.first_empty, cells=groups.empty
                )


class OmittedCells:
    """Ditto marks."""

    kinds: ClassVar[Kinds] = (CELL_OMITTED,)

    def start(self, subject: Subject, report: Reporter) -> None:
        """All columns."""
        self._columns = subject.columns
        self._report = report

    def batch(self, rows: Rows) -> None:
        """Cells that hold nothing but such a mark."""
        for name in self._columns:
            cells = rows.column(name)
            if not cells.is_ascii or cells.containing('"').any():
                self._report.cells(CELL_OMITTED, cells, cells.matching(_DITTO))

    def end(self) -> None:
        """Nothing more."""


class _Groups:
    """How a column's values and the empty cells below them follow each other."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.empty = 0
        self.first_empty: int | None = None
        self._filled = 0
        self._followed = 0
        self._begins_filled = False
        self._was_filled = False
        self._values: set[str] = set()
        self._repeated = False

    def add(self, cells: Cells) -> None:
        filled = cells.filled
        if not len(filled):
            return
        if not self._filled and not self.empty:
            self._begins_filled = bool(filled[0])
        before = np.concatenate(([self._was_filled], filled[:-1]))
        self._followed += int(np.count_nonzero(before & ~filled))
        self._was_filled = bool(filled[-1])
        count = int(np.count_nonzero(filled))
        self._filled += count
        self.empty += len(filled) - count
        if self.first_empty is None and count < len(filled):
            self.first_empty = int(cells.lines[int(np.argmin(filled))])
        if not self._repeated and self._filled <= _MOST_GROUPS:
            for value in cells.plain.filter(filled).to_pylist():
                if value in self._values:
                    self._repeated = True
                    return
                self._values.add(value)

    def look_merged(self) -> bool:
        """The first row has a value, no value comes twice, most values have empty cells below
        them, and at least a third of the cells are empty."""
        rows = self._filled + self.empty
        return (
            self._begins_filled
            and not self._repeated
            and 2 <= self._filled <= _MOST_GROUPS
            and self._followed * 2 > self._filled
            and self.empty * 3 >= rows
        )


def _named(names: tuple[str, ...]) -> int:
    return sum(not name.startswith("column_") for name in names)


def _filled(rows: Rows, position: int, columns: tuple[str, ...]) -> list[str]:
    values = (rows.column(name).text(position).strip() for name in columns)
    return [value for value in values if value]


def _line_breaks(rows: Rows, position: int, columns: tuple[str, ...]) -> int:
    texts = (rows.column(name).text(position) for name in columns)
    return sum(max(text.count("\n"), text.count("\r")) for text in texts)
