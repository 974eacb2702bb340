"""Durations of XML Schema: the lexical form and the partial order.

Source: XML Schema Part 2, https://www.w3.org/TR/xmlschema11-2/#duration .
"""

from __future__ import annotations

import re
from decimal import Decimal

from app.mapping.languages.csvw.times import days_from_epoch

_DATE_PART = r"(?:(?P<years>\d{1,18})Y)?(?:(?P<months>\d{1,18})M)?"
_DAY_PART = (
    r"(?:(?P<days>\d{1,18})D)?"
    r"(?:T(?=\d)(?:(?P<hours>\d{1,18})H)?(?:(?P<minutes>\d{1,18})M)?(?:(?P<seconds>\d{1,18}(?:\.\d+)?)S)?)?"
)
_PATTERNS = {
    "duration": re.compile(rf"-?P(?=[\dT]){_DATE_PART}{_DAY_PART}", re.ASCII),
    "yearMonthDuration": re.compile(rf"-?P(?=\d){_DATE_PART}", re.ASCII),
    "dayTimeDuration": re.compile(rf"-?P(?=[\dT]){_DAY_PART}", re.ASCII),
}
_REFERENCE_MONTHS = ((1696, 9), (1697, 2), (1903, 3), (1903, 7))
"""The four moments that decide the order of durations (section on order relation)."""


class NotADuration(ValueError):
    """The cell is not a duration."""


def read_duration(base: str, text: str) -> str:
    """The text itself when it is a duration of that datatype. Raises NotADuration."""
    if _PATTERNS[base].fullmatch(text) is None:
        raise NotADuration(text)
    return text


def span(text: str) -> tuple[tuple[int, Decimal], ...]:
    """Whole and fractional seconds from each of four reference moments. One duration is less
    than another when it is less from all four."""
    found = _PATTERNS["duration"].fullmatch(text)
    if found is None:
        raise NotADuration(text)
    part = found.groupdict(default="0")
    months = 12 * int(part["years"]) + int(part["months"])
    whole, _, fraction = part["seconds"].partition(".")
    minutes = 1440 * int(part["days"]) + 60 * int(part["hours"]) + int(part["minutes"])
    seconds = 60 * minutes + int(whole)
    rest = Decimal(f"0.{fraction or '0'}")
    sign = -1 if text.startswith("-") else 1
    spans = []
    for year, month in _REFERENCE_MONTHS:
        years, month_index = divmod(month - 1 + sign * months, 12)
        days = days_from_epoch(year + years, month_index + 1, 1) - days_from_epoch(year, month, 1)
        spans.append((86400 * days + sign * seconds, sign * rest))
    return tuple(spans)
