"""Times of day: 00:00 to 24:00, two digits each."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from app.errors import Text
from app.findings import Severity, kind
from app.quality.check import Kinds
from app.quality.checks.judged import JudgedCheck, Verdict
from app.quality.role import Role

TIME_INVALID = kind(
    "time-invalid",
    Severity.ERROR,
    what=Text("「{value}」という時刻はありません。", "there is no time {value}."),
    why=Text("時刻として読めません。", "It cannot be read as a time."),
    mend=Text(
        "00:00 から 24:00 までで書いてください。翌日にまたがるときは備考に書きます。",
        "Write 00:00 to 24:00; say in a note when it runs into the next day.",
    ),
)
TIME_SHORT = kind(
    "time-one-digit",
    Severity.INFO,
    what=Text("「{value}」の時が1桁です。", "the hour of {value} has one digit."),
    why=Text(
        "文字として並べ替えると 8:00 が 19:00 の後になります。",
        "Sorted as text 8:00 comes after 19:00.",
    ),
    mend=Text(
        "08:00 のように2桁で書いてください。`tsunagu fix` で直せます。",
        "Write two digits, like 08:00; `tsunagu fix` does it.",
    ),
)
TIME_RANGE = kind(
    "time-range",
    Severity.WARNING,
    what=Text(
        "一つのセルに開始と終了があります: 「{value}」",
        "a cell holds a beginning and an end: “{value}”",
    ),
    why=Text("開いている時間を検索できません。", "Nobody can search for what is open."),
    mend=Text("開始時間と終了時間の列に分けてください。", "Use a column for each of the two."),
)
TIME_WORDS = kind(
    "time-words",
    Severity.WARNING,
    what=Text("「{value}」は HH:MM の形ではありません。", "{value} is not written HH:MM."),
    why=Text("時刻として読めません。", "It cannot be read as a time."),
    mend=Text(
        "09:00 のように24時間で書き、説明は備考の列に移してください。",
        "Write it like 09:00 by 24 hours, and move words into a column of notes.",
    ),
)

_CLOCK: Final = re.compile(r"(\d{1,2})[::](\d{2})(?:[::](\d{2}))?", re.ASCII)
_RANGE: Final = re.compile(r"\d\s*[時分]?\s*[~〜\-－―から]+\s*\d", re.ASCII)


class Times(JudgedCheck):
    """24:00 is the end of a day and fine."""

    kinds: ClassVar[Kinds] = (TIME_INVALID, TIME_SHORT, TIME_RANGE, TIME_WORDS)
    roles: ClassVar[tuple[Role, ...]] = (Role.TIME,)
    fine: ClassVar[str | None] = r"^(([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?|24:00(:00)?)$"

    def judge(self, value: str) -> Verdict | None:
        """A clock time that is not fine, or something else."""
        match = _CLOCK.fullmatch(value)
        if match is None:
            return (TIME_RANGE, {}) if _RANGE.search(value) else (TIME_WORDS, {})
        hour, minute, second = int(match[1]), int(match[2]), int(match[3] or 0)
        if minute > 59 or second > 59 or (hour, minute, second) > (24, 0, 0):
            return TIME_INVALID, {}
        return (TIME_SHORT, {}) if len(match[1]) == 1 else (TIME_WORDS, {})
