"""How functions read a cell before they interpret it, and the refusals that several share.

Python's `\\d` matches the digits of every script. Expressions of this package that read digits
begin with `(?a)`, so that only ASCII digits, or what `plain` has made of full-width ones, pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import wraps
from inspect import Parameter, signature
from typing import Final

from app.errors import MappingError, Text
from app.mapping.functions.registry import Result

# Hyphens, dashes and minus signs that people type for one another. The long vowel mark ー is
# a letter and not among them: functions that read digits only turn it into "-" themselves.
_DASHES: Final = dict.fromkeys(map(ord, "‐‑‒–—―−⁃﹣"), "-")
_KANJI_DIGITS: Final = {character: digit for digit, character in enumerate("〇一二三四五六七八九")}
_KANJI_NUMBER: Final = re.compile("[〇一二三四五六七八九十]+")


# Marks that NFKC would turn into digits: a note in 1.6² or 100① must not become a digit of the
# number before it. Superscripts, subscripts, circled and bracketed numbers.
_NOTE_MARKS: Final = re.compile("([\u00b2\u00b3\u00b9\u2070-\u209f\u2460-\u249b\u24ea-\u24ff]+)")


def plain(value: str) -> str:
    """A cell in NFKC, with one kind of hyphen, without blanks at either end. Superscripts and
    numbers in circles, which mark notes, stay as they are."""
    pieces = _NOTE_MARKS.split(value)
    pieces[::2] = [unicodedata.normalize("NFKC", piece) for piece in pieces[::2]]
    return "".join(pieces).translate(_DASHES).strip()


_NO_VALUE: Final = re.compile("[-ー*…‥.xX]+|不明|不詳|非公表|なし|無し?|該当なし")

NO_VALUE_ADVICE: Final = Text(
    ja="値がないという印なら、対応づけで null として宣言するか、空欄にしてください。",
    en="If this sign means “no value”, declare it as a null in the mapping, or leave the cell "
    "empty.",
)


def means_no_value(text: str) -> bool:
    """Whether a plain text is one of the signs by which tables say that there is no value. Only
    the mapping can decide that it is one (an `x` may mean: withheld), so it is not guessed."""
    return _NO_VALUE.fullmatch(text) is not None


def blank_is_null(call: Callable[..., Result]) -> Callable[..., Result]:
    """Make a function give null when a required argument has nothing but blanks in it: to a
    reader of the table such a cell is empty."""
    required = tuple(
        name for name, p in signature(call).parameters.items() if p.default is Parameter.empty
    )

    @wraps(call)
    def checked(**arguments: str) -> Result:
        if any(arguments[name].isspace() or not arguments[name] for name in required):
            return None
        return call(**arguments)

    return checked


def arabic(text: str) -> str:
    """Kanji numbers up to 99 (二十三) and strings of kanji digits (二〇二四) as digits."""
    return _KANJI_NUMBER.sub(lambda m: _number(m.group()), text)


def _number(kanji: str) -> str:
    if "十" not in kanji:
        return "".join(str(_KANJI_DIGITS[character]) for character in kanji)
    tens, _, ones = kanji.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return kanji
    return str((_KANJI_DIGITS[tens] if tens else 1) * 10 + (_KANJI_DIGITS[ones] if ones else 0))


def wrong_parameter(name: str, value: str, hint: Text) -> MappingError:
    """A constant of the mapping that a function cannot use: the mapping must be mended, no
    row is to blame."""
    return MappingError(
        Text(
            ja=f"引数 {name} の値「{value}」は使えません。",
            en=f"the parameter {name} cannot be “{value}”.",
        ),
        hint=hint,
    )


def natural(name: str, value: str) -> int:
    """The value of a parameter that counts. Raises MappingError."""
    if not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise wrong_parameter(
            name,
            value,
            Text(ja="0 以上の整数を半角で書いてください。", en="Write a whole number from 0 up."),
        )
    return int(value)
