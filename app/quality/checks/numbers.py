"""Amounts: nothing but digits in the cell, the unit in the heading (rules 3 and 7)."""

from __future__ import annotations

import re
from typing import ClassVar, Final

import pyarrow.compute as pc

from app.errors import Text
from app.findings import Severity, kind
from app.quality import shapes
from app.quality.check import Cells, Kinds, Reporter, Rows, Subject
from app.quality.checks.judged import NO_VALUE, JudgedCheck, Verdict
from app.quality.role import Role
from app.quality.units import needs_unit, unit_of_cell

CELL_NOTE = kind(
    "cell-note",
    Severity.WARNING,
    what=Text("「{value}」に注記の印が混ざっています。", "“{value}” has the mark of a note in it."),
    why=Text(
        "値だけを取り出せず、数値や名前として読めません（規則 3）。",
        "The value cannot be read without taking the mark away (rule 3).",
    ),
    mend=Text(
        "印を外し、注記は備考の列に書いてください。",
        "Take the mark away and write the note into a column of its own.",
    ),
)
CELL_UNIT = kind(
    "cell-unit",
    Severity.WARNING,
    what=Text(
        "数値「{value}」に単位（{unit}）が付いています。",
        "the number “{value}” has its unit with it.",
    ),
    why=Text("数値として読めません（規則 3）。", "It cannot be read as a number (rule 3)."),
    mend=Text(
        "セルは数字だけにし、単位は見出しに {column}[{unit}] のように書いてください。",
        "Leave digits only and write the unit into the heading: {column}[{unit}].",
    ),
)
THOUSANDS_SEPARATOR = kind(
    "thousands-separator",
    Severity.INFO,
    what=Text(
        "数値「{value}」に桁区切りのカンマがあります。",
        "the number {value} has thousands separators.",
    ),
    why=Text(
        "数値として読めないソフトがあり、CSV では列がずれる原因になります。",
        "Some software cannot read it as a number, and in CSV the columns may shift.",
    ),
    mend=Text(
        "カンマを削除してください。`tsunagu fix` で直せます。",
        "Delete the commas; `tsunagu fix` does it.",
    ),
)
NEGATIVE_MARK = kind(
    "negative-mark",
    Severity.WARNING,
    what=Text(
        "負の数が △ や ▲ で書かれています: 「{value}」",
        "a negative number is written with a triangle: “{value}”",
    ),
    why=Text("数値として読めません。", "It cannot be read as a number."),
    mend=Text("-5 のように半角のマイナスで書いてください。", "Write it like -5."),
)
NUMBER_ROUNDED = kind(
    "number-rounded",
    Severity.ERROR,
    what=Text(
        "「{value}」は表計算ソフトが指数に丸めた値です。",
        "{value} is a number that a spreadsheet has rounded to an exponent.",
    ),
    why=Text("下の桁が失われています。", "Its last digits are lost."),
    mend=Text(
        "元のファイルでセルの書式を「文字列」か「数値」にして書き出し直してください。",
        "Set the format of the cell to text or number in the original and export it again.",
    ),
)
NUMBER_INVALID = kind(
    "number-invalid",
    Severity.WARNING,
    what=Text(
        "数値の列{column}に「{value}」があります。",
        "the column {column} of numbers holds “{value}”.",
    ),
    why=Text(
        "集計や地図表示のときに落ちます（規則 3）。",
        "It is lost when the column is added up (rule 3).",
    ),
    mend=Text(
        "数値だけを書き、説明は備考の列に移してください。",
        "Write a number only, and move words into a column of notes.",
    ),
)
SPREADSHEET_ERROR = kind(
    "spreadsheet-error",
    Severity.ERROR,
    what=Text(
        "表計算ソフトのエラー値「{value}」があります。", "{value} is an error of a spreadsheet."
    ),
    why=Text("本来の値が失われています。", "The value itself is lost."),
    mend=Text(
        "元のファイルで数式を直し、値として貼り付けて書き出し直してください。",
        "Mend the formula in the original, paste it as values and export it again.",
    ),
)
MISSING_SIGN = kind(
    "value-missing-sign",
    Severity.INFO,
    what=Text(
        "値がないことを「{value}」と書いています。", "a missing value is written as “{value}”."
    ),
    why=Text(
        "「{value}」が値なのか「値なし」なのか、機械には区別できません。",
        "A machine cannot tell whether “{value}” is a value or means that there is none.",
    ),
    mend=Text(
        "空欄にするか、説明の missingValues に書いてください。",
        "Leave the cell empty, or list the sign under missingValues in the description.",
    ),
)
UNIT_MISSING = kind(
    "unit-missing",
    Severity.INFO,
    what=Text("「{column}」の単位が分かりません。", "the unit of {column} is not stated."),
    why=Text(
        "m か km か、円か千円かで値の意味が変わります（規則 7）。", "It may be m or km (rule 7)."
    ),
    mend=Text(
        "見出しに {column}[単位] の形で書くか、説明の fields に unit を書いてください。",
        "Write it into the heading, {column}[unit], or as `unit` of the field's description.",
    ),
)

ERROR_VALUE: Final = r"^\s*#(REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|#+)\s*$"
"""What Excel and Calc leave in place of a value; ### is a column too narrow for its number."""

_NUMBER: Final = r"[+\-▲△]?\s?[\d,]*\.?\d+"
_NOTED: Final = re.compile(
    rf"{_NUMBER}\s*(?:[(\[]?\s*(?:[*※†‡#]|注)\s*\d*\s*[)\]]?|[\u00b2\u00b3\u00b9\u2070-\u209f\u2460-\u24ff]+)",
    re.ASCII,
)
_GROUPED: Final = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_TRIANGLE: Final = re.compile(r"[▲△]\s?[\d,]*\.?\d+", re.ASCII)
_EXPONENT: Final = re.compile(r"[+-]?\d(?:\.\d+)?[Ee][+-]?\d{1,3}", re.ASCII)
_SIGNED: Final = re.compile(r"\+?\d+(?:\.\d+)?", re.ASCII)

_WITH_VALUES: Final = (
    Role.AMOUNT,
    Role.LATITUDE,
    Role.LONGITUDE,
    Role.COORDINATES,
    Role.DATE,
    Role.DATE_TIME,
    Role.YEAR,
    Role.TIME,
    Role.PHONE,
    Role.POSTAL_CODE,
    Role.REGION_CODE,
    Role.CORPORATE_NUMBER,
    Role.MAIL,
    Role.URL,
)


class Amounts(JudgedCheck):
    """What else stands in the cells of a column of numbers."""

    kinds: ClassVar[Kinds] = (
        CELL_NOTE,
        CELL_UNIT,
        THOUSANDS_SEPARATOR,
        NEGATIVE_MARK,
        NUMBER_ROUNDED,
        NUMBER_INVALID,
    )
    roles: ClassVar[tuple[Role, ...]] = (Role.AMOUNT,)
    fine: ClassVar[str | None] = shapes.PLAIN_NUMBER

    def judge(self, value: str) -> Verdict | None:
        """From the form of the whole cell."""
        if _GROUPED.fullmatch(value):
            return THOUSANDS_SEPARATOR, {}
        if _NOTED.fullmatch(value):
            return CELL_NOTE, {}
        if (unit := unit_of_cell(value)) is not None:
            return CELL_UNIT, {"unit": unit}
        if _TRIANGLE.fullmatch(value):
            return NEGATIVE_MARK, {}
        if _EXPONENT.fullmatch(value):
            return NUMBER_ROUNDED, {}
        if _SIGNED.fullmatch(value) or re.match(ERROR_VALUE, value):
            return None
        return NUMBER_INVALID, {}


class SpreadsheetErrors:
    """#REF!, #N/A and their like, in any column."""

    kinds: ClassVar[Kinds] = (SPREADSHEET_ERROR,)

    def start(self, subject: Subject, report: Reporter) -> None:
        """All columns are looked at."""
        self._columns = subject.columns
        self._report = report

    def batch(self, rows: Rows) -> None:
        """Whole cells."""
        for name in self._columns:
            cells = rows.column(name)
            if cells.containing("#").any():
                self._report.cells(SPREADSHEET_ERROR, cells, cells.matching(ERROR_VALUE))

    def end(self) -> None:
        """Nothing more."""


class MissingSigns(JudgedCheck):
    """Hyphens, dots and words in place of an empty cell."""

    kinds: ClassVar[Kinds] = (MISSING_SIGN,)
    roles: ClassVar[tuple[Role, ...]] = _WITH_VALUES
    fine: ClassVar[str | None] = r"\d"

    def _doubtful(self, cells: Cells) -> list[str]:
        rest = cells.plain.filter(pc.invert(pc.match_substring_regex(cells.plain, r"\d")))
        return [value for value in pc.unique(rest).to_pylist() if value]

    def judge(self, value: str) -> Verdict | None:
        """The whole cell is such a sign."""
        return (MISSING_SIGN, {}) if NO_VALUE.fullmatch(value) else None


class Units:
    """Whether quantities that need a unit have one: in the heading, the cells or the metadata."""

    kinds: ClassVar[Kinds] = (UNIT_MISSING,)

    def start(self, subject: Subject, report: Reporter) -> None:
        """Headings and metadata are enough."""
        for name in subject.with_role(Role.AMOUNT):
            unit = subject.roles[name].unit
            if unit is None and not subject.metadata.units.get(name) and needs_unit(name):
                report.column(UNIT_MISSING, name, line=subject.description.header_line or None)

    def batch(self, rows: Rows) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""
