"""Dates by an explicit format, serial numbers of spreadsheets, and moments."""

from __future__ import annotations

import re
from datetime import date as Date  # noqa: N812 - `date` is the name of the function below
from datetime import timedelta
from decimal import Decimal
from typing import Final

from app.errors import Text
from app.mapping.functions.cells import blank_is_null, plain, wrong_parameter
from app.mapping.functions.date_patterns import parse
from app.mapping.functions.eras import A_DATE, read_date
from app.mapping.functions.registry import BadValue, Example, Result, function
from app.mapping.functions.times import END_OF_DAY, read_time
from app.rdf.namespaces import XSD

A_MOMENT: Final = Text(ja="日時", en="a date with a time")
A_SERIAL: Final = Text(ja="Excel の日付シリアル値", en="a serial date of Excel")
AN_EXCEL_TIME: Final = Text(ja="Excel の時刻シリアル値", en="a serial time of Excel")

# Excel counts 1900-02-29, a day that never was, as 60 (compatibility with Lotus 1-2-3): from
# 61 on the days count from 1899-12-30, before it from 1899-12-31.
# https://learn.microsoft.com/office/troubleshoot/excel/wrongly-assumes-1900-is-leap-year
_FAKE_DAY: Final = 60
_LAST_SERIAL: Final = 2958465  # 9999-12-31
_AFTER_FAKE: Final = Date(1899, 12, 30)
_BEFORE_FAKE: Final = Date(1899, 12, 31)

_SERIAL: Final = re.compile(r"(?a)\d{1,7}(?:\.0+)?")
_FRACTION: Final = re.compile(r"(?a)(?:0|1)?(?:\.\d{1,30})?")
_SECONDS_OF_DAY: Final = 86400

_ZONE: Final = re.compile(r"(?a)Z|[+-](?:0\d|1[0-3]):[0-5]\d|[+-]14:00")
_MOMENT: Final = re.compile(
    r"(?a)(?P<day>.*?日(?:\s*\(?[月火水木金土日](?:曜日?)?\)?)?|[^\sT]+?)(?:\s*T\s*|\s+|(?<=[日曜)]))"
    r"(?P<time>[^日Z+]*?)(?P<fraction>\.\d{1,9})?(?P<zone>Z|[+-]\d\d:?\d\d)?"
)


@function(
    "date",
    summary=Text(
        ja="指定した形式（例 M/d/yyyy）で日付を読み、xsd:date にします。",
        en="Reads a date by the format that is given, such as M/d/yyyy, as xsd:date.",
    ),
    examples=(
        Example({"value": "5/1/2023", "format": "M/d/yyyy"}, "2023-05-01"),
        Example({"value": "20240902", "format": "yyyyMMdd"}, "2024-09-02"),
        Example({"value": "01 April 2022", "format": "dd MMMM yyyy"}, "2022-04-01"),
    ),
    datatype=XSD + "date",
)
@blank_is_null
def date(value: str, format: str) -> Result:
    """The letters are those of UTS 35: yyyy, M, MM, d, dd, MMM (English month names)."""
    return parse(value, plain(value), plain(format), A_DATE).date().isoformat()


@function(
    "excelDate",
    summary=Text(
        ja="Excel の日付シリアル値（1900年方式、44698）を xsd:date にします。",
        en="A serial date of Excel (the 1900 system: 44698) as xsd:date.",
    ),
    examples=(
        Example({"value": "44698"}, "2022-05-17"),
        Example({"value": "59"}, "1900-02-28"),
        Example({"value": "61.0"}, "1900-03-01"),
    ),
    datatype=XSD + "date",
)
@blank_is_null
def excel_date(value: str) -> Result:
    """60 is refused: it is 1900-02-29, which Excel has and the calendar has not."""
    text = plain(value).replace(",", "")
    serial = int(text.split(".")[0]) if _SERIAL.fullmatch(text) else 0
    if not 1 <= serial <= _LAST_SERIAL or serial == _FAKE_DAY:
        raise BadValue.expected(
            value,
            A_SERIAL,
            Text(
                ja="1〜2958465 の整数です（60 は存在しない 1900-02-29）。日付の文字列なら"
                " jfn:eraDate を使ってください。",
                en="It is a whole number from 1 to 2958465 (60 is 1900-02-29, which never was); "
                "for dates in words use jfn:eraDate.",
            ),
        )
    origin = _AFTER_FAKE if serial > _FAKE_DAY else _BEFORE_FAKE
    return (origin + timedelta(days=serial)).isoformat()


@function(
    "excelTime",
    summary=Text(
        ja="Excel の時刻シリアル値（0.375）を秒に丸めて xsd:time にします。1 は 24:00:00 です。",
        en="A serial time of Excel (0.375) as xsd:time, rounded to seconds; 1 is 24:00:00.",
    ),
    examples=(
        Example({"value": "0.375"}, "09:00:00"),
        Example({"value": "0.729166666666667"}, "17:30:00"),
        Example({"value": "1"}, "24:00:00"),
    ),
    datatype=XSD + "time",
)
@blank_is_null
def excel_time(value: str) -> Result:
    """The fraction of a day, computed with decimals."""
    text = plain(value)
    if not text or not _FRACTION.fullmatch(text) or text == "." or Decimal(text) > 1:
        raise BadValue.expected(
            value,
            AN_EXCEL_TIME,
            Text(
                ja="0 から 1 までの小数です。09:00 のような時刻なら jfn:time を使ってください。",
                en="It is a fraction from 0 to 1; for times like 09:00 use jfn:time.",
            ),
        )
    seconds = int((Decimal(text) * _SECONDS_OF_DAY).to_integral_value())
    return f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"


@function(
    "dateTime",
    summary=Text(
        ja="日時（令和6年9月2日午後6時、2024/9/2 18:00）を xsd:dateTime にします。zone に"
        " +09:00 を渡すと時差を付けます。",
        en="A date with a time (令和6年9月2日午後6時, 2024/9/2 18:00) as xsd:dateTime; `zone`, "
        "such as +09:00, is added when the cell has none; `format` reads other forms.",
    ),
    examples=(
        Example({"value": "令和6年9月2日午後6時"}, "2024-09-02T18:00:00"),
        Example({"value": "2024/9/2 18:05", "zone": "+09:00"}, "2024-09-02T18:05:00+09:00"),
        Example({"value": "2024-09-02T24:00"}, "2024-09-03T00:00:00"),
        Example({"value": "9/2/2024 6:05 PM", "format": "M/d/yyyy h:mm a"}, "2024-09-02T18:05:00"),
    ),
    datatype=XSD + "dateTime",
)
@blank_is_null
def date_time(value: str, format: str = "", zone: str = "") -> Result:
    """24:00 becomes 0:00 of the next day, which is the same moment (XSD 1.1, 3.3.7)."""
    if zone and not _ZONE.fullmatch(zone):
        raise wrong_parameter(
            "zone",
            zone,
            Text(ja="+09:00 や Z のように書いてください。", en="Write it like +09:00 or Z."),
        )
    if format:
        moment = parse(value, plain(value), plain(format), A_MOMENT)
        return moment.isoformat() + zone
    return _moment(value, zone)


def _moment(value: str, zone: str) -> str:
    match = _MOMENT.fullmatch(plain(value))
    if match is None or not match["time"]:
        raise BadValue.expected(
            value,
            A_MOMENT,
            Text(
                ja="2024-09-02T18:00 や 令和6年9月2日午後6時 のように書いてください。日付だけなら"
                " jfn:eraDate を使います。",
                en="Write it like 2024-09-02T18:00 or 令和6年9月2日午後6時; for dates alone use "
                "jfn:eraDate.",
            ),
        )
    day, clock = read_date(match["day"]), read_time(match["time"])
    own = match["zone"] or ""
    if len(own) == 5:
        own = f"{own[:3]}:{own[3:]}"
    if clock == END_OF_DAY:
        day, clock = day + timedelta(days=1), (0, 0, 0)
    hour, minute, second = clock
    fraction = (match["fraction"] or "").rstrip("0.")
    return f"{day}T{hour:02}:{minute:02}:{second:02}{fraction}{own or zone}"
