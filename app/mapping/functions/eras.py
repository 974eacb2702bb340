"""Dates in the Japanese calendar, and the western forms that Japanese tables mix with them."""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from app.codes.calendar import ERA_BY_SIGN, ERAS, Era
from app.errors import Text
from app.mapping.functions.cells import (
    NO_VALUE_ADVICE,
    arabic,
    blank_is_null,
    means_no_value,
    plain,
)
from app.mapping.functions.registry import BadValue, Example, Result, function
from app.rdf.namespaces import XSD

A_DATE: Final = Text(ja="日付", en="a date")


_WEEKDAYS: Final = "月火水木金土日"
_WEEKDAY: Final = rf"\s*(?:\(?\s*(?P<weekday>[{_WEEKDAYS}])(?:曜日?)?\s*\)?)?"
_MIDNIGHT: Final = r"(?:[ T]+0{1,2}:00(?::00)?)?"
_MONTH_DAY: Final = (
    r"(?P<month>\d{1,2})\s*(?:月|[-/.])\s*(?P<day>\d{1,2})\s*日?" + _WEEKDAY + _MIDNIGHT
)
_ERA_DATE: Final = re.compile(
    r"(?a)(?P<era>明治|大正|昭和|平成|令和|[明大昭平令]|[MTSHRmtshr])\.?\s*(?P<year>元|\d{1,2})\s*"
    r"(?:年|[-/.])\s*" + _MONTH_DAY
)
_WESTERN_DATE: Final = re.compile(r"(?a)(?:西暦)?(?P<year>\d{4})\s*(?:年|[-/.])\s*" + _MONTH_DAY)
_COMPACT_DATE: Final = re.compile(r"(?a)(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})")
_YEAR_LAST: Final = re.compile(r"(?a)\d{1,2}[-/.]\d{1,2}[-/.]\d{4}")
_NO_DAY: Final = re.compile(r"(?a).*(?:年|\d[-/.])\s*\d{0,2}月?|.*年度|\D*\d{1,4}")


@function(
    "eraDate",
    summary=Text(
        ja="和暦（M/T/S/H/R、令和6年9月2日、元年、S28.03.23）と西暦（2023/5/1、2023年5月1日）の"
        "日付を xsd:date にします。元号の範囲と曜日も確かめます。",
        en="Dates of the Japanese calendar (M/T/S/H/R, 令和6年9月2日, year 元, S28.03.23) and "
        "western ones with the year first, as xsd:date. Era bounds and weekdays are checked.",
    ),
    examples=(
        Example({"value": "S28.03.23"}, "1953-03-23"),
        Example({"value": "令和6年9月2日"}, "2024-09-02"),
        Example({"value": "平成元年１月８日"}, "1989-01-08"),
        Example({"value": "2023/5/1"}, "2023-05-01"),
    ),
    datatype=XSD + "date",
)
@blank_is_null
def era_date(value: str) -> Result:
    """Month first or day first (5/1/2023) is refused: `jfn:date` reads it with its format."""
    return read_date(value).isoformat()


def read_date(value: str) -> date:
    """The day that a cell means. Raises BadValue."""
    text = arabic(plain(value))
    if match := _ERA_DATE.fullmatch(text):
        return _in_era(value, match)
    match = _WESTERN_DATE.fullmatch(text) or _COMPACT_DATE.fullmatch(text)
    if match is None:
        raise BadValue.expected(value, A_DATE, _advice(text))
    day = _day(value, int(match["year"]), match)
    return _on_weekday(value, day, match)


def _in_era(value: str, match: re.Match[str]) -> date:
    era = ERA_BY_SIGN[match["era"].upper()]
    year = 1 if match["year"] == "元" else int(match["year"])
    day = _day(value, era.offset + year, match)
    if year == 0 or not era.first <= day <= era.last:
        raise BadValue.expected(value, A_DATE, _out_of_era(era, day))
    return _on_weekday(value, day, match)


def _day(value: str, year: int, match: re.Match[str]) -> date:
    try:
        return date(year, int(match["month"]), int(match["day"]))
    except ValueError:
        raise BadValue.expected(
            value,
            A_DATE,
            Text(
                ja=f"{year}年にこの月日はありません。月と日を確かめてください。",
                en=f"The year {year} has no such day: check month and day.",
            ),
        ) from None


def _on_weekday(value: str, day: date, match: re.Match[str]) -> date:
    given = match.groupdict().get("weekday")
    actual = _WEEKDAYS[day.weekday()]
    if given is not None and given != actual:
        raise BadValue.expected(
            value,
            A_DATE,
            Text(
                ja=f"{day} は{actual}曜日です。日付と曜日のどちらかが違います。",
                en=f"{day} is a {day:%A}: either the date or the weekday is wrong.",
            ),
        )
    return day


def _out_of_era(era: Era, day: date) -> Text:
    right = next((other for other in reversed(ERAS) if day >= other.first), None)
    if right is None:
        return Text(
            ja="明治5年以前は太陰太陽暦なので変換できません。西暦で書いてください。",
            en="Before Meiji 6 (1873) months and days are lunar: write the western date.",
        )
    written = f"{right.letter}{day.year - right.offset}.{day.month}.{day.day}"
    last = "" if era.last == date.max else era.last.isoformat()
    return Text(
        ja=f"{era.name}は {era.first}〜{last} です。{right.name}の {written} でしょうか。",
        en=f"{era.name} ran from {era.first} to {last}: perhaps {written} ({day}) is meant.",
    )


def _advice(text: str) -> Text:
    if means_no_value(text):
        return NO_VALUE_ADVICE
    if _YEAR_LAST.fullmatch(text):
        return Text(
            ja='月と日の順が分かりません。jfn:date に format "M/d/yyyy" などを付けて使うか、'
            "2023-05-01 の形で書いてください。",
            en='Month and day may stand in either order: use jfn:date with a format such as "'
            'M/d/yyyy", or write 2023-05-01.',
        )
    if text.isdecimal() and len(text) == 5:
        return Text(
            ja="Excel のシリアル値のようです。jfn:excelDate を使ってください。",
            en="This looks like a serial date of Excel: use jfn:excelDate.",
        )
    if ":" in text or "時" in text:
        return Text(
            ja="時刻が付いています。jfn:dateTime を使ってください。",
            en="There is a time in it: use jfn:dateTime.",
        )
    if _NO_DAY.fullmatch(text):
        return Text(
            ja="日まで書いてください。年や年月だけの列には xsd:gYear や xsd:gYearMonth を使います。",
            en="Write the day too; for years or months alone use xsd:gYear or xsd:gYearMonth.",
        )
    return Text(
        ja="2024-09-02、2024年9月2日、令和6年9月2日、R6.9.2 のように書いてください。",
        en="Write it like 2024-09-02, 2024年9月2日, 令和6年9月2日 or R6.9.2.",
    )
