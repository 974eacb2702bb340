"""Katakana to romaji as the signs of places are written: Hepburn without marks for long vowels.

Long vowels are dropped (トウキョウ → Tokyo), as the tables of the Digital Agency's address base
registry do. Kana do not show where one word ends and the next begins, so a vowel that belongs to
the next word (松浦 マツ・ウラ) has to be marked in the input by a middle dot.
"""

from __future__ import annotations

import re
from typing import Final

_ROWS: Final = {
    "アイウエオ": "a i u e o",
    "カキクケコ": "ka ki ku ke ko",
    "サシスセソ": "sa shi su se so",
    "タチツテト": "ta chi tsu te to",
    "ナニヌネノ": "na ni nu ne no",
    "ハヒフヘホ": "ha hi fu he ho",
    "マミムメモ": "ma mi mu me mo",
    "ヤユヨ": "ya yu yo",
    "ラリルレロ": "ra ri ru re ro",
    "ワヰヱヲン": "wa i e o n",
    "ガギグゲゴ": "ga gi gu ge go",
    "ザジズゼゾ": "za ji zu ze zo",
    "ダヂヅデド": "da ji zu de do",
    "バビブベボ": "ba bi bu be bo",
    "パピプペポ": "pa pi pu pe po",
}
_SYLLABLES: Final[dict[str, str]] = {
    kana: latin
    for row, spelled in _ROWS.items()
    for kana, latin in zip(row, spelled.split(), strict=True)
} | {
    kana + small: stem + vowel
    for kana, stem in {
        "キ": "ky",
        "シ": "sh",
        "チ": "ch",
        "ニ": "ny",
        "ヒ": "hy",
        "ミ": "my",
        "リ": "ry",
        "ギ": "gy",
        "ジ": "j",
        "ヂ": "j",
        "ビ": "by",
        "ピ": "py",
    }.items()
    for small, vowel in zip("ャュョ", "auo", strict=True)
}
_LONG_VOWEL: Final = re.compile("ou|oo|uu")
_BEFORE_LABIAL: Final = re.compile("n(?=[bmp])")


def romaji(kana: str) -> str:
    """A word of katakana in Latin letters, with a capital at the start.

    Raises ValueError for a character that is not katakana.
    """
    spelled = "".join(_word(word) for word in kana.split("・"))
    return spelled[:1].upper() + spelled[1:]


def _word(kana: str) -> str:
    parts: list[str] = []
    doubled = False
    position = 0
    while position < len(kana):
        character = kana[position]
        if character == "ッ":
            doubled = True
            position += 1
            continue
        if character == "ー":
            position += 1
            continue
        length = 2 if kana[position : position + 2] in _SYLLABLES else 1
        try:
            latin = _SYLLABLES[kana[position : position + length]]
        except KeyError:
            raise ValueError(f"{character!r} of {kana!r} is not katakana") from None
        if doubled:
            latin = ("t" if latin.startswith("ch") else latin[0]) + latin
            doubled = False
        parts.append(latin)
        position += length
    shortened = _LONG_VOWEL.sub(lambda match: match[0][0], "".join(parts))
    return _BEFORE_LABIAL.sub("m", shortened)
