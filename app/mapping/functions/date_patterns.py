"""Date patterns in the letters of Unicode (UTS 35): `yyyy`, `M`, `dd`, `HH`, `mm`, `ss`, `MMM`.

They are what CSVW, Excel and Java users know. A pattern is compiled once.
"""

from __future__ import annotations

import re
from datetime import datetime
from functools import lru_cache
from typing import Final

from app.errors import MappingError, Text
from app.mapping.functions.cells import wrong_parameter
from app.mapping.functions.registry import BadValue

MONTHS: Final = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_MONTH_NAME: Final = (
    r"(?P<name>" + "|".join(f"{month[:3]}(?:{month[3:]})?" for month in MONTHS) + r")\.?"
)

# Letter runs → regular expression. One letter takes one or more digits, two take exactly two.
_FIELDS: Final = {
    "yyyy": r"(?P<year>\d{4})",
    "uuuu": r"(?P<year>\d{4})",
    "y": r"(?P<year>\d{4})",
    "u": r"(?P<year>\d{4})",
    "yy": r"(?P<short_year>\d{2})",
    "uu": r"(?P<short_year>\d{2})",
    "M": r"(?P<month>\d{1,2})",
    "L": r"(?P<month>\d{1,2})",
    "MM": r"(?P<month>\d{2})",
    "LL": r"(?P<month>\d{2})",
    "MMM": _MONTH_NAME,
    "LLL": _MONTH_NAME,
    "MMMM": _MONTH_NAME,
    "LLLL": _MONTH_NAME,
    "d": r"(?P<day>\d{1,2})",
    "dd": r"(?P<day>\d{2})",
    "H": r"(?P<hour>\d{1,2})",
    "HH": r"(?P<hour>\d{2})",
    "h": r"(?P<half_hour>\d{1,2})",
    "hh": r"(?P<half_hour>\d{2})",
    "a": r"(?P<half>[AaPp][Mm]|午前|午後)",
    "m": r"(?P<minute>\d{1,2})",
    "mm": r"(?P<minute>\d{2})",
    "s": r"(?P<second>\d{1,2})",
    "ss": r"(?P<second>\d{2})",
}
_TOKEN: Final = re.compile(r"'((?:[^']|'')*)'|([A-Za-z])\2*|.", re.DOTALL)

# A year of two digits lies in these hundred years (java.time uses 2000 to 2099 as well).
_CENTURY: Final = 2000

_LONGEST_PATTERN: Final = 100


@lru_cache(maxsize=256)
def compile_pattern(pattern: str) -> re.Pattern[str]:
    """The pattern as a regular expression. Raises MappingError when a letter has no meaning."""
    if len(pattern) > _LONGEST_PATTERN:
        raise _refused(pattern[:_LONGEST_PATTERN])
    parts: list[str] = []
    for token in _TOKEN.finditer(pattern):
        text = token.group()
        if token[2] is not None:
            if text not in _FIELDS:
                raise _refused(pattern)
            parts.append(_FIELDS[text])
        elif token[1] is not None:
            parts.append(re.escape(token[1].replace("''", "'") or "'"))
        else:
            parts.append(re.escape(text))
    try:
        return re.compile("".join(parts), re.IGNORECASE | re.ASCII)
    except re.error:  # the same field twice
        raise _refused(pattern) from None


def parse(value: str, text: str, pattern: str, what: Text) -> datetime:
    """The moment that `text` means under the pattern; `value` is the cell as it stands.
    Missing month, day and time are the first. Raises BadValue."""
    match = compile_pattern(pattern).fullmatch(text)
    if match is None:
        raise BadValue.expected(
            value,
            what,
            Text(
                ja=f"指定された形式 {pattern} と合いません。",
                en=f"It does not have the stated format {pattern}.",
            ),
        )
    found = {name: part for name, part in match.groupdict().items() if part is not None}
    try:
        return datetime(_year(found), _month(found), int(found.get("day", 1)), *_clock(found))
    except ValueError:
        raise BadValue.expected(
            value,
            what,
            Text(
                ja=f"形式 {pattern} で読むと、存在しない日付か時刻になります。",
                en=f"Read as {pattern}, there is no such date or time.",
            ),
        ) from None


def _year(found: dict[str, str]) -> int:
    if "short_year" in found:
        return _CENTURY + int(found["short_year"])
    return int(found["year"])


def _month(found: dict[str, str]) -> int:
    if "name" in found:
        short = found["name"][:3].capitalize()
        return next(n for n, name in enumerate(MONTHS, 1) if name.startswith(short))
    return int(found.get("month", 1))


def _clock(found: dict[str, str]) -> tuple[int, int, int]:
    if "half_hour" in found:
        hour = int(found["half_hour"])
        if not 1 <= hour <= 12:
            raise ValueError(hour)
        afternoon = found.get("half", "").lower() in {"pm", "午後"}
        hour = hour % 12 + (12 if afternoon else 0)
    else:
        hour = int(found.get("hour", 0))
    return hour, int(found.get("minute", 0)), int(found.get("second", 0))


def _refused(pattern: str) -> MappingError:
    return wrong_parameter(
        "format",
        pattern,
        Text(
            ja="yyyy M MM d dd H HH m mm s ss と区切り文字で書いてください（例: M/d/yyyy）。"
            "文字そのものは '…' で囲みます。",
            en="Write it with yyyy M MM d dd H HH m mm s ss and separators, such as M/d/yyyy; "
            "letters that stand for themselves go between '…'.",
        ),
    )
