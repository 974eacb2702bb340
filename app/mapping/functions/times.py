"""Times of day."""

from __future__ import annotations

import re
from typing import Final

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

A_TIME: Final = Text(ja="時刻", en="a time of day")
END_OF_DAY: Final = (24, 0, 0)

_HALVES: Final = {"午前": 0, "AM": 0, "A.M.": 0, "午後": 12, "PM": 12, "P.M.": 12}
_HALF: Final = r"午前|午後|[AP]\.?M\.?"
_CLOCK: Final = (
    r"(?P<hour>\d{1,2})(?:(?:\s*:\s*(?P<minute>\d{2})(?:\s*:\s*(?P<second>\d{2}))?)"
    r"|(?:\s*時(?:\s*(?:(?P<kminute>\d{1,2})\s*分(?:\s*(?P<ksecond>\d{1,2})\s*秒)?|(?P<half>半)))?"
    r"(?:ちょうど)?))?"
)
_TIME: Final = re.compile(rf"(?a)(?:(?P<before>{_HALF})\s*)?{_CLOCK}(?:\s*(?P<after>{_HALF}))?")
_FOUR_DIGITS: Final = re.compile(r"(?a)(\d{2})(\d{2})")
_NAMED: Final = {"正午": (12, 0, 0), "零時": (0, 0, 0), "正子": (0, 0, 0)}


@function(
    "time",
    summary=Text(
        ja="時刻（8:00、18時半、午後6時30分、9:00 PM、24:00）を xsd:time にします。"
        "24:00 は一日の終わりとしてそのまま残します。",
        en="A time of day (8:00, 18時半, 午後6時30分, 9:00 PM, 24:00) as xsd:time; 24:00 stays "
        "24:00:00, the end of the day (XSD 1.1 part 2, 3.3.8).",
    ),
    examples=(
        Example({"value": "8:00"}, "08:00:00"),
        Example({"value": "２４：００"}, "24:00:00"),
        Example({"value": "午後6時30分"}, "18:30:00"),
    ),
    datatype=XSD + "time",
)
@blank_is_null
def time(value: str) -> Result:
    """午前12時 and 午後12時 are refused: by the law of 1872 and in daily use they differ."""
    hour, minute, second = read_time(value)
    return f"{hour:02}:{minute:02}:{second:02}"


def read_time(value: str) -> tuple[int, int, int]:
    """Hour (24 only as 24:00:00), minute, second. Raises BadValue."""
    text = arabic(plain(value)).upper().removesuffix("頃").strip()
    if text in _NAMED:
        return _NAMED[text]
    if match := _FOUR_DIGITS.fullmatch(text):
        return _checked(value, int(match[1]), int(match[2]), 0)
    match = _TIME.fullmatch(text)
    if match is None or (match["before"] and match["after"]) or text.isdigit():
        raise BadValue.expected(value, A_TIME, _advice(text))
    hour = int(match["hour"])
    minute = 30 if match["half"] else int(match["minute"] or match["kminute"] or 0)
    second = int(match["second"] or match["ksecond"] or 0)
    half = match["before"] or match["after"]
    if half is not None:
        hour = _in_half(value, half, hour)
    return _checked(value, hour, minute, second)


def _in_half(value: str, half: str, hour: int) -> int:
    japanese = half.startswith("午")
    if hour == 12 and japanese:
        raise BadValue.expected(
            value,
            A_TIME,
            Text(
                ja=f"{half}12時は正午とも真夜中とも読めます。12:00 か 0:00 か 24:00 と書いてください。",
                en=f"{half}12時 may be noon or midnight: write 12:00, 0:00 or 24:00.",
            ),
        )
    if hour > 12:
        if _HALVES[half]:
            return hour
        raise BadValue.expected(value, A_TIME, _advice(""))
    return hour % 12 + _HALVES[half]


def _checked(value: str, hour: int, minute: int, second: int) -> tuple[int, int, int]:
    read = (hour, minute, second)
    if minute > 59 or second > 59 or (hour > 23 and read != END_OF_DAY):
        if 24 <= hour < 36 and minute < 60:
            raise BadValue.expected(
                value,
                A_TIME,
                Text(
                    ja=f"翌日の {hour - 24}:{minute:02} のことなら、24:00 までに区切るか、"
                    "備考に書いてください。xsd:time は 24:00:00 までです。",
                    en=f"If {hour - 24}:{minute:02} of the next day is meant, say so in a note: "
                    "xsd:time ends at 24:00:00.",
                ),
            )
        raise BadValue.expected(value, A_TIME, _advice(""))
    return read


def _advice(text: str) -> Text:
    if means_no_value(text):
        return NO_VALUE_ADVICE
    if re.fullmatch(r"0?\.\d+|0", text):
        return Text(
            ja="Excel の時刻のシリアル値のようです。jfn:excelTime を使ってください。",
            en="This looks like a serial time of Excel: use jfn:excelTime.",
        )
    if re.search(r"[~〜-]", text):
        return Text(
            ja="開始と終了の列に分けてください。",
            en="Put the beginning and the end into two columns.",
        )
    return Text(
        ja="09:00 や 午後6時30分 のように、0:00 から 24:00 までで書いてください。",
        en="Write it like 09:00 or 午後6時30分, from 0:00 to 24:00.",
    )
