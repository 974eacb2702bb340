"""Notes where data should be (rule 3): marks in names, rows of notes, columns of instructions."""

from __future__ import annotations

import re
from typing import ClassVar, Final

import numpy as np

from app.errors import Text
from app.findings import Severity, kind
from app.quality.check import Kinds, Reporter, Rows, Subject, shown
from app.quality.checks.numbers import CELL_NOTE
from app.quality.role import Role

NOTE_ROW = kind(
    "note-row",
    Severity.WARNING,
    what=Text("データではない注記の行です: 「{value}」", "a row of notes, not data: “{value}”"),
    why=Text(
        "1件のデータとして数えられてしまいます（規則 3）。",
        "It will be counted as a thing (rule 3).",
    ),
    mend=Text(
        "データセットの説明か、備考の列に移してください。",
        "Move it to the description of the data set, or to a column of notes.",
    ),
)
NOTE_COLUMN = kind(
    "note-column",
    Severity.WARNING,
    what=Text(
        "「{column}」はデータの列ではなく、記入のための注記のようです。",
        "“{column}” seems to be an instruction, not a column of data.",
    ),
    why=Text(
        "利用者には不要で、項目名と取り違えられます（規則 3）。",
        "It will be taken for an item (rule 3).",
    ),
    mend=Text("公開する前に列を削除してください。", "Delete the column before publishing."),
)

TOTAL_ROW = kind(
    "total-row",
    Severity.WARNING,
    what=Text("合計の行です: 「{value}」", "a row that adds up others: “{value}”"),
    why=Text(
        "1件のデータとして数えられ、集計すると二重になります（規則 3）。",
        "It will be counted as a thing, and sums come out double (rule 3).",
    ),
    mend=Text(
        "合計の行を表から除いてください。合計は利用者が計算できます。",
        "Take the row out of the table: whoever needs the sum can compute it.",
    ),
)
SUM: Final = re.compile(r"\s*(総|小|中|合|累)?\s*(合|累)?\s*計\s*|\s*総\s*合\s*計\s*")
"""What stands in the first cell of a row that adds up others."""

_MOST_SUMS: Final = 0.2
"""A larger share of sums, and they are what the table is about (男・女・計)."""

_MARK: Final = (
    r"[(（\[［]\s*(注|※|\*|＊)\s*[0-9０-９]*\s*[)）\]］]|[※＊][0-9０-９]+|[^0-9*\s]\*[0-9]{1,2}$"
)
_NOTE_BEGINS: Final = r"^\s*(※|＊|\*|注[)）0-9０-９::\s]|[(（\[［【]注|[(（]?出典|資料[::]|備考[::]|以上$|合計は|NOTE:|Source:)"
_INSTRUCTION: Final = re.compile(
    r"^[←→↑↓]|^※|(入力|記入|記載)(して|すること|する|例)|してください$|^例[::]"
)
_SUM_LIKE: Final = r"計\s*$"
_FREE_TEXT: Final = (Role.NOTE, Role.TEXT, Role.URL, Role.MAIL, Role.AMOUNT, Role.EMPTY, Role.KEY)


class Notes:
    """Looks at names, at rows with a single cell, and at headings."""

    kinds: ClassVar[Kinds] = (CELL_NOTE, NOTE_ROW, NOTE_COLUMN, TOTAL_ROW)

    def start(self, subject: Subject, report: Reporter) -> None:
        """Headings that instruct; the columns in which a mark is out of place."""
        self._rows = 0
        self._sums: list[tuple[int, str]] = []
        self._subject = subject
        self._report = report
        self._marked = [n for n in subject.columns if subject.roles[n].role not in _FREE_TEXT]
        for name in subject.columns:
            if _INSTRUCTION.search(name):
                report.column(NOTE_COLUMN, name, line=subject.description.header_line or None)

    def batch(self, rows: Rows) -> None:
        """Marks in cells; rows that are notes."""
        for name in self._marked:
            cells = rows.column(name)
            if not cells.is_ascii:
                self._report.cells(CELL_NOTE, cells, cells.matching(_MARK))
        self._note_rows(rows)
        if len(self._subject.columns) > 1:
            cells = rows.column(self._subject.columns[0])
            self._rows += len(cells.lines)
            for position in np.flatnonzero(cells.matching(_SUM_LIKE)).tolist():
                if SUM.fullmatch(cells.text(position)):
                    self._sums.append((int(cells.lines[position]), cells.text(position)))

    def end(self) -> None:
        """Rows that add up others."""
        if len(self._sums) > max(1, _MOST_SUMS * self._rows):
            return
        for line, text in self._sums:
            self._report.table(TOTAL_ROW, line=line, value=shown(text))

    def _note_rows(self, rows: Rows) -> None:
        if len(self._subject.columns) < 2:
            return
        for name in self._subject.columns[:2]:
            cells = rows.column(name)
            for position in np.flatnonzero(cells.matching(_NOTE_BEGINS)).tolist():
                others = (n for n in self._subject.columns if n != name)
                if not any(rows.column(n).text(position).strip() for n in others):
                    line = int(cells.lines[position])
                    self._report.table(NOTE_ROW, line=line, value=shown(cells.text(position)))
