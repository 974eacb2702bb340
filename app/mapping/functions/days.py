"""Days of the week and opening hours."""

from __future__ import annotations

import re
from typing import Final

from app.errors import Text
from app.mapping.functions.cells import blank_is_null, plain
from app.mapping.functions.registry import BadValue, Example, Result, function
from app.mapping.functions.times import read_time
from app.rdf.namespaces import SCHEMA

_KANJI: Final = "月火水木金土日"
_NAMES: Final = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
    "PublicHolidays",
)
_HOLIDAYS: Final = 7
_ALL_DAYS: Final = tuple(range(7))
_WORDS: Final = {
    "平日": tuple(range(5)),
    "土日祝": (5, 6, 7),
    "毎日": _ALL_DAYS,
    "全日": _ALL_DAYS,
    "全曜日": _ALL_DAYS,
    "年中無休": (*_ALL_DAYS, _HOLIDAYS),
    "無休": (*_ALL_DAYS, _HOLIDAYS),
    "通年": _ALL_DAYS,
}
_TOKEN: Final = re.compile(
    r"(?P<word>土日祝(?!祭?日)|平日|毎日|全日|全曜日|年中無休|無休|通年)"
    r"|(?P<first>[月火水木金土日])(?:曜日?)?\s*(?:[~〜-]|から)\s*"
    r"(?P<last>[月火水木金土日])(?:曜日?)?(?:まで)?"
    r"|(?P<holidays>祝(?:祭?日)?)"
    r"|(?P<day>[月火水木金土日])(?:曜日?)?"
    r"|[\s・、,/.()]+|及び|と"
)
_ENGLISH: Final = re.compile(r"\b(MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]*\.?")
_KANJI_OF: Final = {name[:3].upper(): _KANJI[number] for number, name in enumerate(_NAMES[:7])}


@function(
    "days",
    summary=Text(
        ja="曜日の並び（月火水木金、月〜金、平日、毎日、土日祝、月曜日・水曜日）を曜日の IRI"
        " (schema:Monday など) にします。祝は schema:PublicHolidays です。",
        en="Days of the week (月火水木金, 月〜金, 平日, 毎日, 土日祝, Mon Wed) as IRIs such as "
        "schema:Monday, in the order of the week; 祝 is schema:PublicHolidays.",
    ),
    examples=(
        Example({"value": "月火水"}, tuple(SCHEMA + name for name in _NAMES[:3])),
        Example(
            {"value": "月水・土曜日"},
            (SCHEMA + "Monday", SCHEMA + "Wednesday", SCHEMA + "Saturday"),
        ),
        Example({"value": "土日祝"}, tuple(SCHEMA + name for name in _NAMES[5:])),
    ),
)
@blank_is_null
def days(value: str) -> Result:
    """https://schema.org/DayOfWeek"""
    return tuple(SCHEMA + _NAMES[number] for number in read_days(value)) or None


@function(
    "openingHours",
    summary=Text(
        ja="曜日・開始時刻・終了時刻から schema:openingHours の文字列（Mo-Fr 08:30-17:15）を作ります。",
        en="The text of schema:openingHours, such as Mo-Fr 08:30-17:15, from days, a time of "
        "opening and one of closing.",
    ),
    examples=(
        Example({"days": "月火水木金", "opens": "8:30", "closes": "17:15"}, "Mo-Fr 08:30-17:15"),
        Example(
            {"days": "月水木金土日", "opens": "9:00", "closes": "24:00"}, "Mo,We-Su 09:00-24:00"
        ),
        Example({"days": "土日祝", "opens": "10時", "closes": "16時"}, "Sa,Su,PH 10:00-16:00"),
    ),
)
@blank_is_null
def opening_hours(days: str, opens: str, closes: str) -> Result:
    """https://schema.org/openingHours; PH (public holidays) is the addition of OpenStreetMap."""
    numbers = read_days(days)
    if not numbers:
        return None
    begin, end = read_time(opens), read_time(closes)
    return f"{_runs(numbers)} {begin[0]:02}:{begin[1]:02}-{end[0]:02}:{end[1]:02}"


def read_days(value: str) -> tuple[int, ...]:
    """The days of a cell, 0 for Monday to 6 for Sunday, 7 for public holidays, in order and
    once each. Raises BadValue."""
    text = _ENGLISH.sub(lambda m: _KANJI_OF[m[1]], plain(value).upper())
    found: set[int] = set()
    position = 0
    while position < len(text):
        match = _TOKEN.match(text, position)
        if match is None:
            raise BadValue.expected(value, Text(ja="曜日", en="days of the week"), _ADVICE)
        found.update(_meant(match))
        position = match.end()
    return tuple(sorted(found))


_ADVICE: Final = Text(
    ja="月火水木金 や 月〜金 のように、開いている曜日だけを書いてください。休みの日や例外は備考の列に"
    "書きます。",
    en="Write the open days only, like 月火水木金 or 月〜金; closed days and exceptions belong in a "
    "note.",
)


def _meant(match: re.Match[str]) -> tuple[int, ...]:
    if match["word"]:
        return _WORDS[match["word"]]
    if match["first"]:
        first, last = _KANJI.index(match["first"]), _KANJI.index(match["last"])
        span = last - first if last >= first else last - first + 7
        return tuple((first + step) % 7 for step in range(span + 1))
    if match["holidays"]:
        return (_HOLIDAYS,)
    return (_KANJI.index(match["day"]),) if match["day"] else ()


def _runs(numbers: tuple[int, ...]) -> str:
    """Neighbouring days joined: three or more with a hyphen, fewer with commas."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1 and number != _HOLIDAYS:
            runs[-1].append(number)
        else:
            runs.append([number])
    signs = [name[:2] for name in _NAMES[:7]] + ["PH"]
    return ",".join(
        f"{signs[run[0]]}-{signs[run[-1]]}" if len(run) > 2 else ",".join(signs[n] for n in run)
        for run in runs
    )
