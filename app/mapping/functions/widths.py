"""Width, normalisation and the two kana scripts."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from app.errors import Text
from app.mapping.functions.registry import Example, Result, function

_FULL_ASCII: Final = {code: code + 0xFEE0 for code in range(0x21, 0x7F)} | {0x20: 0x3000}
_HALF_ASCII: Final = {full: half for half, full in _FULL_ASCII.items()}
_HALF_KANA: Final = re.compile("[\uff61-\uff9f]+")

# U+3041 to U+3096, and the iteration marks ゝ ゞ, stand 0x60 before their katakana.
_TO_KATAKANA: Final = {code: code + 0x60 for code in (*range(0x3041, 0x3097), 0x309D, 0x309E)}
_TO_HIRAGANA: Final = {kata: hira for hira, kata in _TO_KATAKANA.items()}


@function(
    "nfkc",
    summary=Text(
        ja="Unicode 正規化 (NFKC)。全角英数字は半角に、半角カナは全角に、㈱ などは分解されます。",
        en="Unicode normalisation form NFKC: full-width letters become ASCII, half-width kana "
        "full-width, ㈱ and its like are taken apart.",
    ),
    examples=(
        Example({"value": "ＡＢＣ　１２３"}, "ABC 123"),
        Example({"value": "ﾀｶﾏﾂ㈱"}, "タカマツ(株)"),
    ),
)
def nfkc(value: str) -> Result:
    """Unicode Standard Annex 15."""
    return unicodedata.normalize("NFKC", value)


@function(
    "fullWidth",
    summary=Text(
        ja="英数字・記号・空白・カタカナを全角にします。",
        en="Makes ASCII, blanks and katakana full-width.",
    ),
    examples=(Example({"value": "1丁目 ｱ-2"}, "１丁目　ア－２"),),
)
def full_width(value: str) -> Result:
    """ASCII to U+FF01–FF5E, half-width kana (with its marks) to katakana."""
    return wide_kana(value).translate(_FULL_ASCII)


@function(
    "halfWidth",
    summary=Text(
        ja="全角の英数字・記号・空白を半角にします。カタカナは全角にそろえます。",
        en="Makes full-width letters, digits, signs and blanks ASCII; katakana become full-width, "
        "because half-width kana is an encoding's relic.",
    ),
    examples=(Example({"value": "１丁目　ｱ－２"}, "1丁目 ア-2"),),
)
def half_width(value: str) -> Result:
    """U+FF01–FF5E to ASCII; nothing else of NFKC (㈱ and ① stay)."""
    return wide_kana(value).translate(_HALF_ASCII)


@function(
    "kana",
    summary=Text(
        ja="ひらがなと半角カナを全角カタカナにします。ほかの文字はそのままです。",
        en="Hiragana and half-width kana to katakana; other characters stay.",
    ),
    examples=(
        Example({"value": "たかまつし"}, "タカマツシ"),
        Example({"value": "ｶﾞｯｺｳ"}, "ガッコウ"),
    ),
)
def kana(value: str) -> Result:
    """For readings (名称_カナ), which the standards want in full-width katakana."""
    return wide_kana(value).translate(_TO_KATAKANA)


@function(
    "hiragana",
    summary=Text(
        ja="カタカナ（半角も）をひらがなにします。ほかの文字はそのままです。",
        en="Katakana, half-width too, to hiragana; other characters stay.",
    ),
    examples=(
        Example({"value": "タカマツシ"}, "たかまつし"),
        Example({"value": "ﾄｲﾚ"}, "といれ"),
    ),
)
def hiragana(value: str) -> Result:
    """The long vowel mark ー is common to both scripts and stays."""
    return wide_kana(value).translate(_TO_HIRAGANA)


def wide_kana(value: str) -> str:
    """Half-width katakana and its punctuation, full-width; voiced marks joined."""
    return _HALF_KANA.sub(lambda m: unicodedata.normalize("NFKC", m.group()), value)
