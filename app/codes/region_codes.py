"""How codes of regions are written: five digits (JIS X 0402), six with the check digit of the Ministry
of Internal Affairs (全国地方公共団体コード), and what tables make of them."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.codes.invalid import InvalidCode
from app.errors import Text

_WEIGHTS: Final = (6, 5, 4, 3, 2)


class CodeRemark(StrEnum):
    """What had to be assumed to read a code."""

    REWRITTEN = "rewritten"
    """Full-width digits, blanks or a decimal `.0` were put right."""
    LOST_ZERO = "lost-zero"
    """A leading zero was missing, as spreadsheets leave it."""
    AMBIGUOUS = "ambiguous"
    """Also a valid six-digit code without its zero; read as a five-digit one."""
    PREFECTURE_ONLY = "prefecture-only"
    """Only the two digits of a prefecture."""
    UNKNOWN = "unknown"
    """Well-formed, but no region has this code today: abolished, or never given."""


@dataclass(frozen=True, slots=True)
class NormalisedCode:
    """Both forms of a region code, and what was assumed to read it."""

    code5: str
    code6: str
    remarks: tuple[CodeRemark, ...] = ()


def check_digit(code5: str) -> str:
    """The sixth digit: (11 − Σ digit × weight mod 11) mod 10, weights 6, 5, 4, 3, 2."""
    weighted = sum(int(digit) * weight for digit, weight in zip(code5, _WEIGHTS, strict=True))
    return str((11 - weighted % 11) % 10)


def read_digits(code: str) -> tuple[str, tuple[CodeRemark, ...]]:
    """The digits of a code, however they are written. Raises InvalidCode."""
    digits = unicodedata.normalize("NFKC", code).strip().removesuffix(".0")
    if not digits.isdecimal() or not digits.isascii():
        raise InvalidCode(
            Text(
                f"地域コードは数字だけで書きます（{code!r}）。",
                f"A region code has digits only, not {code!r}.",
            )
        )
    return digits, (CodeRemark.REWRITTEN,) if digits != code else ()


def without_check_digit(code6: str) -> str:
    """The five digits of a code of six. Raises InvalidCode when the sixth is another."""
    code5, given = code6[:5], code6[5]
    if (wanted := check_digit(code5)) != given:
        raise InvalidCode(
            Text(
                f"{code6} の検査数字が違います（末尾は {wanted} のはず）。写し間違いがないか確かめてください。",
                f"The check digit of {code6} should be {wanted}: look for a mistyped digit.",
            )
        )
    return code5
