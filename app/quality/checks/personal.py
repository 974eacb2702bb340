"""Personal data that may have been left in a table by mistake."""

from __future__ import annotations

from typing import ClassVar, Final

import numpy as np

from app.errors import Text
from app.findings import FindingKind, Severity, kind
from app.quality.check import Cells, Kinds, Mask, Reporter, Rows, Subject
from app.quality.role import Role

_WHY: Final = Text(
    "個人情報は、本人の同意や法令の根拠なしに公開できません。一度公開すると取り戻せません。",
    "Personal data may not be published without consent or a law; once out, it stays out.",
)
PERSONAL_NAME = kind(
    "personal-name",
    Severity.WARNING,
    what=Text(
        "「{column}」は人の氏名の列のようです。", "{column} seems to hold the names of persons."
    ),
    why=_WHY,
    mend=Text(
        "公開してよい氏名（公職者など）か確かめ、そうでなければ列を削除してください。",
        "Make sure that they may be published (public office); else delete the column.",
    ),
)
PERSONAL_BIRTHDAY = kind(
    "personal-birthday",
    Severity.WARNING,
    what=Text("「{column}」は生年月日の列のようです。", "{column} seems to hold dates of birth."),
    why=_WHY,
    mend=Text(
        "列を削除するか、年代などに丸めてください。", "Delete the column, or round it to decades."
    ),
)
PERSONAL_MOBILE = kind(
    "personal-mobile",
    Severity.WARNING,
    what=Text("携帯電話の番号があります: 「{value}」", "a mobile telephone number: “{value}”"),
    why=_WHY,
    mend=Text(
        "個人の番号なら削除し、公開用の代表番号に替えてください。",
        "If it is somebody's own number, put the number of the office in its place.",
    ),
)
PERSONAL_MAIL = kind(
    "personal-mail",
    Severity.WARNING,
    what=Text("メールアドレスがあります: 「{value}」", "there is a mail address: “{value}”"),
    why=_WHY,
    mend=Text(
        "個人のアドレスなら削除し、公開用の代表アドレスに替えてください。",
        "If it is somebody's own address, put that of the office in its place.",
    ),
)

_MOBILE: Final = r"(^|[^\d\-])0[789]0[-()\s]{0,2}\d{4}[-\s]?\d{4}([^\d]|$)"
_FREE_MAIL: Final = (
    r"@(gmail|googlemail|yahoo|ymail|outlook|hotmail|live|icloud|me|docomo|ezweb|au|softbank|"
    r"i\.softbank|vodafone|ybb|nifty|biglobe|ocn|plala|so-net|aol)\.(com|co\.jp|ne\.jp|jp|net)"
)
_WITHOUT: Final = (
    Role.AMOUNT,
    Role.LATITUDE,
    Role.LONGITUDE,
    Role.COORDINATES,
    Role.DATE,
    Role.TIME,
    Role.URL,
    Role.CORPORATE_NUMBER,
    Role.EMPTY,
)
"""Columns that hold no such thing: skipped for speed."""


class PersonalData:
    """Names and birthdays by their headings, mobile numbers anywhere, mail addresses where none
    are expected or where they are those of a free service."""

    kinds: ClassVar[Kinds] = (PERSONAL_NAME, PERSONAL_BIRTHDAY, PERSONAL_MOBILE, PERSONAL_MAIL)

    def start(self, subject: Subject, report: Reporter) -> None:
        """Headings first."""
        self._subject = subject
        self._report = report
        line = subject.description.header_line or None
        for role, told in ((Role.PERSON, PERSONAL_NAME), (Role.BIRTHDAY, PERSONAL_BIRTHDAY)):
            for name in subject.with_role(role):
                report.column(told, name, line=line)

    def batch(self, rows: Rows) -> None:
        """Numbers and addresses in cells."""
        for name in self._subject.columns:
            role = self._subject.roles[name].role
            if role in _WITHOUT:
                continue
            cells = rows.column(name)
            self._tell(PERSONAL_MOBILE, cells, _in_plain(cells, _MOBILE))
            at = cells.containing("@")
            if at.any():
                surprising = cells.matching(_FREE_MAIL) if role is Role.MAIL else at
                self._tell(PERSONAL_MAIL, cells, surprising)

    def end(self) -> None:
        """Nothing more."""

    def _tell(self, told: FindingKind, cells: Cells, found: Mask) -> None:
        if np.any(found):
            self._report.cells(told, cells, found)


def _in_plain(cells: Cells, pattern: str) -> Mask:
    """Matches in half width, so that ０９０ is found too."""
    return Cells.of(cells.plain).matching(pattern)
