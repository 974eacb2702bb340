"""Whether a licence is an open one: anyone may use, change and share the data, for any purpose.

Source: Open Definition 2.1, https://opendefinition.org/od/2.1/ ; the guide's licences.
"""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum
from typing import Final


class Openness(StrEnum):
    """What can be said of a licence by its name or IRI."""

    OPEN = "open"
    CLOSED = "closed"
    UNKNOWN = "unknown"
    NONE = "none"


_CLOSED: Final = re.compile(
    r"by-n[cd]|by-nc|[\s-](nc|nd)([\s-]|\d|$)|非営利|改変禁止|転載禁止|無断|all rights reserved"
)
_OPEN: Final = re.compile(
    r"creativecommons\.org/(licenses/by(-sa)?/|publicdomain/)|\bcc[\s-]?0|cc[\s-]?by([\s-]sa)?([\s-]|\d|$)|"
    r"クリエイティブ・?コモンズ.*表示|public[_ -]?data[_ -]?license|\bpdl|公共データ利用規約|政府標準利用規約|"
    r"opendatacommons|\b(odbl|odc-by|pddl|odc-pddl)\b|apache|\bmit\b|パブリックドメイン|public domain"
)


def openness(licence: str) -> Openness:
    """`CC-BY-4.0` is open, `CC BY-NC` is not, `市の規約による` nobody can tell."""
    text = unicodedata.normalize("NFKC", licence).strip().lower()
    if not text:
        return Openness.NONE
    if _CLOSED.search(text):
        return Openness.CLOSED
    return Openness.OPEN if _OPEN.search(text) else Openness.UNKNOWN
