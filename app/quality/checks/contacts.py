"""Telephone numbers, mail and web addresses."""

from __future__ import annotations

import re
from typing import ClassVar, Final

from app.errors import Text
from app.findings import Severity, kind
from app.quality import shapes
from app.quality.check import Kinds
from app.quality.checks.judged import JudgedCheck, Verdict
from app.quality.role import Role
from app.rdf.terms import is_valid_iri

PHONE_INVALID = kind(
    "phone-invalid",
    Severity.ERROR,
    what=Text("「{value}」は電話番号の形ではありません。", "{value} is no telephone number."),
    why=Text("電話をかけられません。", "Nobody can call it."),
    mend=Text(
        "087-839-2611 のように市外局番から半角で書いてください。",
        "Write it with the area code, like 087-839-2611.",
    ),
)
PHONE_LOST_ZERO = kind(
    "phone-lost-zero",
    Severity.ERROR,
    what=Text(
        "「{value}」は先頭の 0 が失われた電話番号のようです。",
        "{value} seems to be a telephone number without its leading zero.",
    ),
    why=Text("電話をかけられません。", "Nobody can call it."),
    mend=Text("列を文字列として書き出してください。", "Export the column as text."),
)
PHONE_SEVERAL = kind(
    "phone-several",
    Severity.WARNING,
    what=Text(
        "一つのセルに電話番号以外のもの（複数の番号、内線など）があります: 「{value}」",
        "a cell holds more than one telephone number: “{value}”",
    ),
    why=Text("そのまま発信や検索ができません。", "It can be neither dialled nor searched."),
    mend=Text(
        "番号は一つにし、内線番号は別の列に書いてください。", "Use a column for each of them."
    ),
)
MAIL_INVALID = kind(
    "mail-invalid",
    Severity.ERROR,
    what=Text("「{value}」はメールアドレスの形ではありません。", "{value} is no mail address."),
    mend=Text("info@example.jp の形で一つだけ書いてください。", "Write one, like info@example.jp."),
)
URL_INVALID = kind(
    "url-invalid",
    Severity.ERROR,
    what=Text("「{value}」は URL の形ではありません。", "{value} is no web address."),
    why=Text("リンクとして開けません。", "It cannot be opened."),
    mend=Text(
        "https:// から、空白を入れずに一つだけ書いてください。",
        "Write one address from https:// on, without blanks.",
    ),
)

_SHORT: Final = re.compile(r"1\d\d|#\d{4}", re.ASCII)
_ABROAD: Final = re.compile(r"\+\d{1,3}[-\s]?\d[\d\-\s]{6,14}", re.ASCII)
_ONE: Final = re.compile(r"[\d()\-ー+#\s]+(?:\(代表?\)|代表)?", re.ASCII)


class Phones(JudgedCheck):
    """Ten or eleven digits from 0 on, grouped or not; short numbers such as 119."""

    kinds: ClassVar[Kinds] = (PHONE_INVALID, PHONE_LOST_ZERO, PHONE_SEVERAL)
    roles: ClassVar[tuple[Role, ...]] = (Role.PHONE,)
    fine: ClassVar[str | None] = (
        r"^0(\d-\d{4}-\d{4}|\d{2}-\d{3}-\d{4}|\d{3}-\d{2}-\d{4}|\d{4}-\d-\d{4}|[5789]0-\d{4}-\d{4})$"
    )

    def judge(self, value: str) -> Verdict | None:
        """By the number of its digits."""
        digits = re.sub(r"\D", "", value)
        if _SHORT.fullmatch(value) or _ABROAD.fullmatch(value):
            return None
        if not _ONE.fullmatch(value) or len(digits) > 11:
            return (PHONE_SEVERAL, {}) if len(digits) >= 9 else (PHONE_INVALID, {})
        if not digits.startswith("0"):
            lost = len(digits) in (9, 10)
            return (PHONE_LOST_ZERO, {}) if lost else (PHONE_INVALID, {})
        lengths: tuple[int, ...] = (11,) if re.match(r"0[5789]0", digits) else (10,)
        if digits.startswith(("0120", "0570", "0990", "0800", "020")):
            lengths = (10, 11)
        return None if len(digits) in lengths else (PHONE_INVALID, {})


class Mails(JudgedCheck):
    """The form of mail addresses."""

    kinds: ClassVar[Kinds] = (MAIL_INVALID,)
    roles: ClassVar[tuple[Role, ...]] = (Role.MAIL,)
    fine: ClassVar[str | None] = shapes.MAIL

    def judge(self, value: str) -> Verdict | None:
        """What is not fine is wrong."""
        return None if re.search(shapes.MAIL, value, re.ASCII) else (MAIL_INVALID, {})


class WebAddresses(JudgedCheck):
    """The form of web addresses; nothing is fetched."""

    kinds: ClassVar[Kinds] = (URL_INVALID,)
    roles: ClassVar[tuple[Role, ...]] = (Role.URL,)
    fine: ClassVar[str | None] = r"^https?://[\w\-]+(\.[\w\-]+)+(:\d+)?(/[\w\-./~?=&#+:,;@!]*)?$"

    def judge(self, value: str) -> Verdict | None:
        """RFC 3987, http or https."""
        fine = re.match(r"https?://[^/\s.]+\.[^/\s]+|https?://localhost", value, re.IGNORECASE)
        return None if fine and is_valid_iri(value) else (URL_INVALID, {})
