"""Dates and times of CSVW: formats in UAX 35 field symbols, and the lexical forms of XML Schema.

The Tabular Data Model (section 6.4.4, https://www.w3.org/TR/tabular-data-model/) lists formats
that must be understood, all of them made of `yyyy M MM d dd HH mm ss S X x` and separators. Any
other order and any separator of these symbols is understood as well, so that `yyyy年M月d日` works.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final


class NotATime(ValueError):
    """The cell does not follow the format, or names a day that does not exist."""


class BadFormat(ValueError):
    """The format holds symbols that are not understood."""


FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "date": frozenset({"year", "month", "day"}),
    "time": frozenset({"hour", "minute"}),
    "dateTime": frozenset({"year", "month", "day", "hour", "minute"}),
    "dateTimeStamp": frozenset({"year", "month", "day", "hour", "minute"}),
    "gYear": frozenset({"year"}),
    "gYearMonth": frozenset({"year", "month"}),
    "gMonth": frozenset({"month"}),
    "gMonthDay": frozenset({"month", "day"}),
    "gDay": frozenset({"day"}),
}
"""The fields that a value of each datatype must have; seconds may be left out of formats."""

_SYMBOLS: Final = {
    "yyyy": r"(?P<year>[0-9]{4})",
    "M": r"(?P<month>[0-9]{1,2})",
    "MM": r"(?P<month>[0-9]{2})",
    "d": r"(?P<day>[0-9]{1,2})",
    "dd": r"(?P<day>[0-9]{2})",
    "H": r"(?P<hour>[0-9]{1,2})",
    "HH": r"(?P<hour>[0-9]{2})",
    "m": r"(?P<minute>[0-9]{1,2})",
    "mm": r"(?P<minute>[0-9]{2})",
    "s": r"(?P<second>[0-9]{1,2})",
    "ss": r"(?P<second>[0-9]{2})",
    "X": r"(?P<zone>Z|[+-][0-9]{2}(?:[0-9]{2})?)",
    "XX": r"(?P<zone>Z|[+-][0-9]{4})",
    "XXX": r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})",
    "x": r"(?P<zone>[+-][0-9]{2}(?:[0-9]{2})?)",
    "xx": r"(?P<zone>[+-][0-9]{4})",
    "xxx": r"(?P<zone>[+-][0-9]{2}:[0-9]{2})",
}
_TOKEN = re.compile(r"'(?P<quoted>[^']*)'|(?P<symbol>([A-Za-z])\3*)|(?P<other>[^A-Za-z']+)")

_YEAR = r"(?P<year>-?(?:[1-9][0-9]{3,17}|0[0-9]{3}))"
_MONTH, _DAY = r"(?P<month>[0-9]{2})", r"(?P<day>[0-9]{2})"
_TIME = r"(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2}):(?P<second>[0-9]{2})(?:\.(?P<fraction>[0-9]+))?"
_ZONE = r"(?P<zone>Z|[+-][0-9]{2}:[0-9]{2})"
_LEXICAL: Final = {
    "date": rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}?",
    "time": rf"{_TIME}{_ZONE}?",
    "dateTime": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}?",
    "dateTimeStamp": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "gYear": rf"{_YEAR}{_ZONE}?",
    "gYearMonth": rf"{_YEAR}-{_MONTH}{_ZONE}?",
    "gMonth": rf"--{_MONTH}{_ZONE}?",
    "gMonthDay": rf"--{_MONTH}-{_DAY}{_ZONE}?",
    "gDay": rf"---{_DAY}{_ZONE}?",
}
_LEXICAL_PATTERNS = {base: re.compile(pattern) for base, pattern in _LEXICAL.items()}
_DAYS_OF_MONTH = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class TimeFormat:
    """A format made ready for one datatype."""

    base: str
    pattern: re.Pattern[str]

    def read(self, text: str) -> str:
        """The lexical form of XML Schema. Raises NotATime."""
        found = self.pattern.fullmatch(text)
        if found is None:
            raise NotATime(text)
        fields = {name: value for name, value in found.groupdict().items() if value is not None}
        return _lexical_form(self.base, fields, text)


def parse_format(base: str, text: str) -> TimeFormat:
    """A format for values of `base` (a key of FIELDS). Raises BadFormat."""
    parts: list[str] = []
    fields: set[str] = set()
    position = 0
    for token in _TOKEN.finditer(text):
        if token.start() != position:
            raise BadFormat(text)
        position = token.end()
        parts.append(_token_pattern(token, text, parts, fields))
    if position != len(text) or not FIELDS[base] <= fields | {"second"}:
        raise BadFormat(text)
    if fields - FIELDS[base] - {"second", "fraction", "zone"}:
        raise BadFormat(text)
    return TimeFormat(base, re.compile("".join(parts)))


def _token_pattern(token: re.Match[str], text: str, parts: list[str], fields: set[str]) -> str:
    symbol = token["symbol"]
    if symbol is None:
        literal = token["quoted"] if token["quoted"] is not None else token["other"]
        return re.escape(literal).replace(r"\ ", " ")
    if symbol == "T":
        return "T"
    if set(symbol) == {"S"}:
        pattern, name = rf"(?P<fraction>[0-9]{{1,{len(symbol)}}})", "fraction"
        if parts and parts[-1] == r"\.":
            # The number of S is a maximum: without any fraction the point goes as well.
            parts.pop()
            pattern = rf"(?:\.{pattern})?"
    elif symbol in _SYMBOLS:
        pattern = _SYMBOLS[symbol]
        name = pattern[4 : pattern.index(">")]
    else:
        raise BadFormat(text)
    if name in fields:
        raise BadFormat(text)
    fields.add(name)
    return pattern


def read_lexical(base: str, text: str) -> str:
    """A value that is already written as XML Schema asks. Raises NotATime."""
    found = _LEXICAL_PATTERNS[base].fullmatch(text)
    if found is None:
        raise NotATime(text)
    _check_calendar(found.groupdict(), text)
    return text


def _lexical_form(base: str, fields: Mapping[str, str], text: str) -> str:
    _check_calendar(fields, text)
    day = fields.get("day", "").zfill(2)
    month = fields.get("month", "").zfill(2)
    clock = ":".join(fields.get(name, "0").zfill(2) for name in ("hour", "minute", "second"))
    if "fraction" in fields:
        clock += f".{fields['fraction']}"
    year = fields.get("year", "")
    forms = {
        "date": f"{year}-{month}-{day}",
        "time": clock,
        "gYear": year,
        "gYearMonth": f"{year}-{month}",
        "gMonth": f"--{month}",
        "gMonthDay": f"--{month}-{day}",
        "gDay": f"---{day}",
    }
    form = forms.get(base, f"{year}-{month}-{day}T{clock}")
    if base == "dateTimeStamp" and "zone" not in fields:
        raise NotATime(text)
    return form + _lexical_zone(fields.get("zone", ""))


def _lexical_zone(zone: str) -> str:
    if zone in ("", "Z"):
        return zone
    digits = zone[1:].replace(":", "").ljust(4, "0")
    return f"{zone[0]}{digits[:2]}:{digits[2:]}"


def _check_calendar(fields: Mapping[str, str | None], text: str) -> None:
    number = {name: int(value) for name, value in fields.items() if value and name != "zone"}
    month, day = number.get("month", 1), number.get("day", 1)
    if not 1 <= month <= 12 or not 1 <= day <= _days_of_month(number.get("year", 4), month):
        raise NotATime(text)
    hour, minute, second = (number.get(name, 0) for name in ("hour", "minute", "second"))
    midnight = hour == 24 and not minute and not second and not number.get("fraction", 0)
    if (hour > 23 and not midnight) or minute > 59 or second > 59:
        raise NotATime(text)
    zone = _lexical_zone(fields.get("zone") or "")
    if len(zone) == 6 and (zone[1:] > "14:00" or zone[4:] > "59"):
        raise NotATime(text)


def _days_of_month(year: int, month: int) -> int:
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    return 29 if month == 2 and leap else _DAYS_OF_MONTH[month - 1]


def instant(base: str, lexical: str) -> tuple[int, Decimal]:
    """Whole and fractional seconds on the time line, to compare values of a datatype. Missing fields are taken
    from 1972-12-31 and missing zones as UTC (XML Schema Part 2, appendix on timeOnTimeline)."""
    found = _LEXICAL_PATTERNS[base].fullmatch(lexical)
    if found is None:
        raise NotATime(lexical)
    fields = {name: value for name, value in found.groupdict().items() if value}
    year, month = int(fields.get("year", "1972")), int(fields.get("month", "12"))
    day = int(fields.get("day", str(min(31, _days_of_month(year, month)))))
    minutes = 60 * int(fields.get("hour", "0")) + int(fields.get("minute", "0"))
    zone = fields.get("zone", "Z")
    if zone != "Z":
        offset = 60 * int(zone[1:3]) + int(zone[4:])
        minutes += offset if zone[0] == "-" else -offset
    seconds = (days_from_epoch(year, month, day) * 1440 + minutes) * 60
    return seconds + int(fields.get("second", "0")), Decimal(f"0.{fields.get('fraction', '0')}")


def days_from_epoch(year: int, month: int, day: int) -> int:
    """Days since 0000-03-01 of the proleptic Gregorian calendar, for any year."""
    year, month = (year - 1, month + 9) if month < 3 else (year, month - 3)
    return 365 * year + year // 4 - year // 100 + year // 400 + (153 * month + 2) // 5 + day - 1
