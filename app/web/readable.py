"""Values said as people say them: opening hours in words, telephone numbers and mail addresses
as links, pictures as pictures. What does not read as expected stays as it is."""

from __future__ import annotations

import re
from typing import Final

from app.errors import Language
from app.rdf.namespaces import FOAF, IC, SCHEMA

OPENING_HOURS: Final = SCHEMA + "openingHours"
TELEPHONES: Final = frozenset(
    (SCHEMA + "telephone", FOAF + "phone", IC + "電話番号", IC + "携帯電話番号")
)
MAILS: Final = frozenset((SCHEMA + "email", FOAF + "mbox", IC + "Eメールアドレス"))
PICTURES: Final = frozenset(
    (SCHEMA + "image", FOAF + "img", FOAF + "depiction", IC + "画像", SCHEMA + "photo")
)

_SIGNS: Final = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH")
_DAYS: Final = {
    "ja": ("月", "火", "水", "木", "金", "土", "日", "祝"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "public holidays"),
}
_DAY: Final = "|".join(_SIGNS)
_HOURS: Final = re.compile(
    rf"((?:{_DAY})(?:-(?:{_DAY}))?(?:,(?:{_DAY})(?:-(?:{_DAY}))?)*)"
    r"(?:\s+(\d{1,2}:\d{2})-(\d{1,2}:\d{2}))?"
)
_TELEPHONE: Final = re.compile(r"\+?[0-9][0-9() \-]{4,18}[0-9]")
_MAIL: Final = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~\-]{1,64}@[A-Za-z0-9.\-]{3,190}")


def opening_hours(text: str, language: Language) -> str | None:
    """`Mo-Fr 08:30-17:15` (https://schema.org/openingHours) as 月〜金 8:30〜17:15; None for what
    is not written so."""
    match = _HOURS.fullmatch(text.strip())
    if match is None:
        return None
    days, opens, closes = match.groups()
    said = _days(days, language)
    if opens is None:
        return said
    if (opens, closes) in (("00:00", "24:00"), ("00:00", "23:59"), ("00:00", "00:00")):
        return f"{said} 24時間" if language == "ja" else f"{said}, 24 hours"
    between = "〜" if language == "ja" else "–"
    return f"{said} {_time(opens)}{between}{_time(closes)}"


def telephone(text: str) -> str | None:
    """The address of a call (RFC 3966); None for what is no number."""
    if _TELEPHONE.fullmatch(text.strip()) is None:
        return None
    return "tel:" + re.sub(r"[() \-]", "", text.strip())


def mail(text: str) -> str | None:
    """The address of a mail (RFC 6068); None for what is no mail address."""
    written = text.strip().removeprefix("mailto:")
    return f"mailto:{written}" if _MAIL.fullmatch(written) else None


def _days(signs: str, language: Language) -> str:
    names = _DAYS[language]
    if signs in ("Mo-Su", "Mo-Su,PH"):
        return "毎日" if language == "ja" else "Every day"
    said = []
    for part in signs.split(","):
        first, _, last = part.partition("-")
        name = names[_SIGNS.index(first)]
        if last:
            name += ("〜" if language == "ja" else "–") + names[_SIGNS.index(last)]
        said.append(name)
    return ("・" if language == "ja" else ", ").join(said)


def _time(text: str) -> str:
    return text[1:] if text.startswith("0") else text
