"""Dates: that there is such a day, one form in a column, western years (rule 6)."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import ClassVar, Final

import numpy as np

from app.codes.calendar import ERA_BY_SIGN
from app.errors import Text
from app.findings import Severity, kind
from app.quality import shapes
from app.quality.check import Cells, Kinds, Reporter, Rows, Subject
from app.quality.checks.judged import JudgedCheck, Verdict
from app.quality.role import Role

DATE_INVALID = kind(
    "date-invalid",
    Severity.ERROR,
    what=Text(
        "「{value}」という日付はありません。{reason}", "there is no day {value}. {reason_en}"
    ),
    why=Text("日付として読めません。", "It cannot be read as a date."),
    mend=Text("元の資料で年月日を確かめてください。", "Look the date up in the original."),
)
DATE_UNREADABLE = kind(
    "date-unreadable",
    Severity.WARNING,
    what=Text("「{value}」は日付の形ではありません。", "{value} has not the form of a date."),
    why=Text("日付として並べ替えや検索ができません。", "It cannot be sorted or searched by date."),
    mend=Text(
        "2024-09-02 のように書き、説明は備考の列に移してください。",
        "Write it like 2024-09-02, and move words into a column of notes.",
    ),
)
DATE_ERA = kind(
    "date-era",
    Severity.WARNING,
    what=Text(
        "「{value}」は和暦だけで書かれています{western}。",
        "{value} has its year in the Japanese calendar only{western_en}.",
    ),
    why=Text(
        "並べ替えや計算ができず、海外の利用者には読めません（規則 6）。",
        "It cannot be sorted, and readers abroad do not know the eras (rule 6).",
    ),
    mend=Text(
        "西暦（2024-09-02）で書くか、西暦の列を加えてください。",
        "Write the western year (2024-09-02), or add a column with it.",
    ),
)
DATE_MONTH_FIRST = kind(
    "date-month-first",
    Severity.WARNING,
    what=Text(
        "「{value}」は月と日のどちらが先か決められません。",
        "whether month or day comes first in {value} cannot be told.",
    ),
    why=Text(
        "国によって 5/1/2023 は5月1日とも1月5日とも読まれます。",
        "Depending on the country 5/1/2023 is May 1st or January 5th.",
    ),
    mend=Text(
        "2023-05-01 のように年から書いてください。", "Write the year first, like 2023-05-01."
    ),
)
DATE_SERIAL = kind(
    "date-serial",
    Severity.WARNING,
    what=Text(
        "「{value}」は Excel のシリアル値のようです（{western}）。",
        "{value} seems to be a serial date of Excel ({western}).",
    ),
    why=Text(
        "日付であることが他のソフトに伝わりません。", "Other software does not see a date in it."
    ),
    mend=Text(
        "Excel でセルの書式を yyyy-mm-dd にして保存し直してください。",
        "Set the format of the cells to yyyy-mm-dd in Excel and save again.",
    ),
)
DATE_SHORT_YEAR = kind(
    "date-short-year",
    Severity.WARNING,
    what=Text("「{value}」の年が2桁です。", "the year of {value} has two digits."),
    why=Text(
        "05 が2005年か令和5年か平成5年か分かりません。",
        "05 may be 2005, Reiwa 5 or Heisei 5.",
    ),
    mend=Text("4桁の西暦で書いてください。", "Write the year with four digits."),
)
DATE_NOT_ISO = kind(
    "date-not-iso",
    Severity.INFO,
    what=Text(
        "「{value}」は YYYY-MM-DD の形ではありません。", "{value} is not written YYYY-MM-DD."
    ),
    why=Text(
        "自治体標準オープンデータセットは日付を YYYY-MM-DD としています。",
        "The municipal standard data sets write dates as YYYY-MM-DD (ISO 8601).",
    ),
    mend=Text(
        "YYYY-MM-DD にそろえてください。`tsunagu fix` で直せます。",
        "Use YYYY-MM-DD; `tsunagu fix` does it.",
    ),
)
DATE_MIXED = kind(
    "date-mixed-formats",
    Severity.WARNING,
    what=Text(
        "「{column}」に日付の書き方が {count} 通りあります: {forms}",
        "dates in {column} are written in {count} ways: {forms}",
    ),
    why=Text("機械が一つの形式として読めません。", "No program can read the column by one format."),
    mend=Text("YYYY-MM-DD にそろえてください。", "Use YYYY-MM-DD throughout."),
)
HEADING_ERA = kind(
    "heading-era",
    Severity.INFO,
    what=Text(
        "見出し「{column}」の年が和暦だけです。",
        "the year in the heading {column} is of the Japanese calendar only.",
    ),
    why=Text("年を数として扱えません（規則 6）。", "The year cannot be used as a number (rule 6)."),
    mend=Text("令和5年度(2023年度) のように西暦も書いてください。", "Write 令和5年度(2023年度)."),
)

_FORMS: Final = (
    ("YYYY-MM-DD", shapes.ISO_DATE),
    ("YYYY/M/D", r"^\d{4}/\d{1,2}/\d{1,2}$"),
    ("YYYY-M-D", r"^\d{4}-\d{1,2}-\d{1,2}$"),
    ("YYYY.M.D", r"^\d{4}\.\d{1,2}\.\d{1,2}$"),
    ("YYYY年M月D日", r"^(西暦)?\d{4}年\d{1,2}月\d{1,2}日$"),
    ("YYYYMMDD", shapes.COMPACT_DATE),
    ("和暦 R6.9.2", r"^[MTSHRmtshr]\.?\d{1,2}[-/.年]"),
    ("和暦 令和6年", r"^(明治|大正|昭和|平成|令和|[明大昭平令])"),
    ("M/D/YYYY", shapes.MONTH_FIRST),
    ("Excel 44698", shapes.SERIAL_DATE),
    ("YY/M/D", shapes.SHORT_YEAR),
)
_YEAR_MONTH_DAY: Final = re.compile(
    r"(?:西暦)?(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})\s?日?"
    r"(?:\s*\(?[月火水木金土日](?:曜日?)?\)?)?(?:[ T]+0?0:00(?::00)?)?|(\d{4})(\d{2})(\d{2})",
    re.ASCII,
)
_ERA_DATE: Final = re.compile(
    r"(明治|大正|昭和|平成|令和|[明大昭平令]|[MTSHRmtshr])\.?\s*(元|\d{1,2})\s*[-/.年]\s*(\d{1,2})"
    r"\s*[-/.月]\s*(\d{1,2})\s*日?(?:\s*\(?[月火水木金土日](?:曜日?)?\)?)?",
    re.ASCII,
)
_HAS_ERA: Final = re.compile(shapes.ERA_WORD + "|" + shapes.ERA_YEAR, re.ASCII)
_HAS_BOTH: Final = re.compile(shapes.ERA_WITH_WESTERN, re.ASCII)
_MONTH_FIRST: Final = re.compile(shapes.MONTH_FIRST, re.ASCII)
_SHORT_YEAR: Final = re.compile(shapes.SHORT_YEAR, re.ASCII)
_SERIAL: Final = re.compile(shapes.SERIAL_DATE, re.ASCII)
_PARTIAL: Final = re.compile(shapes.YEAR + "|" + shapes.YEAR_MONTH, re.ASCII)
_DATE_TIME: Final = re.compile(shapes.DATE_TIME, re.ASCII)
_HEADING_ERA: Final = re.compile(
    r"(明治|大正|昭和|平成|令和)(元|[\d０-９]{1,2})年|[MTSHR]\d{1,2}(年|\.)"
)
_WESTERN_YEAR: Final = re.compile(r"(18|19|20)\d{2}|西暦")
_ISO: Final = re.compile(shapes.ISO_DATE, re.ASCII)
_EXCEL_EPOCH: Final = date(1899, 12, 30).toordinal()


class NoSuchDay(ValueError):
    """Year, month and day that the calendar does not have. `text` says why."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text


def western_day(value: str) -> date | None:
    """The day of a date with the year first, or of an era; None for any other form.

    Raises NoSuchDay.
    """
    if match := _YEAR_MONTH_DAY.fullmatch(value):
        year, month, day = (int(part) for part in match.groups() if part is not None)
        return _day(year, month, day)
    match = _ERA_DATE.fullmatch(value)
    if match is None:
        return None
    era = ERA_BY_SIGN[match[1].upper()]
    number = 1 if match[2] == "元" else int(match[2])
    found = _day(era.offset + number, int(match[3]), int(match[4]))
    if number == 0 or not era.first <= found <= era.last:
        last = "" if era.last == date.max else f"{era.last}"
        raise NoSuchDay(
            Text(
                f"{era.name}は {era.first}〜{last} です。",
                f"{era.name} ran from {era.first} to {last or 'today'}.",
            )
        )
    return found


def _day(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NoSuchDay(Text("暦にない月日です。", "The calendar has no such day.")) from None


class Dates(JudgedCheck):
    """Every date by itself, and the forms of a column together."""

    kinds: ClassVar[Kinds] = (
        DATE_INVALID,
        DATE_UNREADABLE,
        DATE_ERA,
        DATE_MONTH_FIRST,
        DATE_SERIAL,
        DATE_SHORT_YEAR,
        DATE_NOT_ISO,
        DATE_MIXED,
    )
    roles: ClassVar[tuple[Role, ...]] = (Role.DATE, Role.BIRTHDAY)

    def start(self, subject: Subject, report: Reporter) -> None:
        """Count the forms of each column."""
        super().start(subject, report)
        self._forms: dict[str, Counter[str]] = {name: Counter() for name in self.columns}
        self._first: dict[tuple[str, str], int] = {}
        self._has_western = any("西暦" in name for name in subject.columns)

    def judge(self, value: str) -> Verdict | None:
        """By its form, then by the calendar."""
        try:
            day = western_day(value)
        except NoSuchDay as error:
            return DATE_INVALID, {"reason": error.text.ja, "reason_en": error.text.en}
        if _ISO.fullmatch(value):
            return None
        if _HAS_ERA.search(value) or _ERA_DATE.fullmatch(value):
            return self._era(value, day)
        if day is not None:
            return DATE_NOT_ISO, {}
        if _MONTH_FIRST.fullmatch(value):
            return DATE_MONTH_FIRST, {}
        if _SERIAL.fullmatch(value):
            western = date.fromordinal(_EXCEL_EPOCH + int(value.split(".")[0]))
            return DATE_SERIAL, {"western": western}
        if _SHORT_YEAR.fullmatch(value):
            return DATE_SHORT_YEAR, {}
        if _PARTIAL.fullmatch(value) or _DATE_TIME.search(value):
            return None
        return DATE_UNREADABLE, {}

    def _era(self, value: str, day: date | None) -> Verdict | None:
        if self._has_western or _HAS_BOTH.search(value):
            return None
        told = f"（{day}）" if day is not None else ""
        return DATE_ERA, {"western": told, "western_en": f" ({day})" if day is not None else ""}

    def judge_cells(self, cells: Cells) -> None:
        """Also which forms occur, until every cell has one."""
        super().judge_cells(cells)
        open_cells = cells.filled.copy()
        plain = Cells("", cells.plain, cells.lines, cells.first_row)
        for form, pattern in _FORMS:
            if not open_cells.any():
                return
            found = plain.matching(pattern) & open_cells
            if found.any():
                self._forms[cells.name][form] += int(np.count_nonzero(found))
                first = int(cells.lines[int(np.argmax(found))])
                self._first.setdefault((cells.name, form), first)
                open_cells &= ~found

    def end(self) -> None:
        """Columns with more than one form."""
        for name, forms in self._forms.items():
            if len(forms) > 1:
                told = "、".join(f"{form} × {count:,}" for form, count in forms.most_common())
                rarest = forms.most_common()[-1][0]
                line = self._first[name, rarest]
                self.report.column(DATE_MIXED, name, line=line, count=len(forms), forms=told)


class Years(JudgedCheck):
    """Years and moments of the Japanese calendar."""

    kinds: ClassVar[Kinds] = (DATE_ERA,)
    roles: ClassVar[tuple[Role, ...]] = (Role.YEAR, Role.DATE_TIME)
    fine: ClassVar[str | None] = r"^(18|19|20)\d{2}"

    def start(self, subject: Subject, report: Reporter) -> None:
        """A column with western years beside it makes up for the era."""
        super().start(subject, report)
        if any("西暦" in name for name in subject.columns):
            self.columns = ()

    def judge(self, value: str) -> Verdict | None:
        """An era without a western year."""
        if _HAS_BOTH.search(value) or not _HAS_ERA.search(value):
            return None
        return DATE_ERA, {"western": "", "western_en": ""}


class HeadingYears:
    """Years in headings."""

    kinds: ClassVar[Kinds] = (HEADING_ERA,)

    def start(self, subject: Subject, report: Reporter) -> None:
        """Headings are enough."""
        for name in subject.columns:
            if _HEADING_ERA.search(name) and not _WESTERN_YEAR.search(name):
                report.column(HEADING_ERA, name, line=subject.description.header_line or None)

    def batch(self, rows: Rows) -> None:
        """Nothing."""

    def end(self) -> None:
        """Nothing."""
