"""The value of a workbook's cell as the text that a person would type."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final

_SIGNIFICANT: Final = 15
"""Digits that a spreadsheet keeps of a number; what a float has beyond them is noise."""


def cell_text(value: Any) -> str:
    """A cell's value as a person would type it."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return _number(value)
        case datetime():
            if value.year < 1900:
                return _clock(value.hour, value.minute, value.second)
            seconds = value.second + round(value.microsecond / 1_000_000)
            moment = value.replace(microsecond=0, second=0) + timedelta(seconds=seconds)
            return moment.isoformat(sep=" ")
        case date():
            # The number 1 in a cell formatted as a time of day: 24 hours.
            return "24:00" if value <= date(1900, 1, 1) else value.isoformat()
        case time():
            return _clock(value.hour, value.minute, value.second)
        case timedelta():
            total = round(value.total_seconds())
            return _clock(total // 3600, total // 60 % 60, total % 60)
        case _:
            return str(value)


def _number(value: float) -> str:
    if value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    if len(text) > _SIGNIFICANT:
        text = f"{value:.{_SIGNIFICANT}g}"
    return f"{Decimal(text):f}" if "e" in text and abs(value) < 1e30 else text


def _clock(hours: int, minutes: int, seconds: int) -> str:
    shown = f"{hours:02d}:{minutes:02d}"
    return f"{shown}:{seconds:02d}" if seconds else shown
