"""Text for searching: one spelling, cut into the tokens that index and query share.

Japanese is written without blanks and in four scripts, so runs of it are cut into single
characters and overlapping pairs: every two-character word is found, and a longer one as its
pairs in a row. Words of other scripts are found by their beginnings. Folding and cutting happen
here and nowhere else; the engine only splits at blanks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import add
from typing import Final

from app.codes.spelling import fold

MAX_TEXT: Final = 300
"""Characters of one text that are looked at: names and addresses are far shorter."""

WORD_BEGINNING: Final = 16
"""Longest beginning of a word that is a token; what is asked beyond it is not compared."""

KEY_BEGINNING: Final = 8
"""Longest beginning of a whole name that is a token: what suggestions rank by."""

WHOLE: Final = "$"
"""Ends the token that stands for a whole name; folding leaves no such character."""

_REMEMBERED: Final = 5_000
"""Texts whose tokens are remembered: readings and addresses come again and again."""

_JA: Final = (
    "\u3005-\u3007\u3041-\u3096\u309d\u309e\u30fc"  # 々〆〇, hiragana, ゝゞ, ー
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U000323af"  # kanji
)
_PIECE: Final = re.compile(rf"[{_JA}]+|(?:(?![{_JA}])[^\W_])+")
_KANA: Final = {code: code - 0x60 for code in range(0x30A1, 0x30F7)} | {
    0x30FD: 0x309D,
    0x30FE: 0x309E,
}
_DOTS: Final = str.maketrans("", "", "・･'’")
# 680-0001, also with the dashes and the long vowel mark that people type for a hyphen.
_NUMBERS: Final = re.compile(r"(?<=\d)[\-\u2010-\u2015\u2212\u30fcｰ](?=\d)")


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of Japanese, or a word of another script."""

    text: str
    japanese: bool

    @property
    def pairs(self) -> list[str]:
        """Overlapping pairs of the characters of a run."""
        return [one + two for one, two in zip(self.text, self.text[1:], strict=False)]


def folded(text: str) -> str:
    """One spelling: Unicode compatibility forms, case, width, hiragana for katakana, and the
    usual one among variants of kanji (髙, 﨑). Numbers with hyphens are joined."""
    text = text[:MAX_TEXT]
    if not text.isascii():
        text = " ".join(map(fold, text.split())).translate(_DOTS)
    plain = _NUMBERS.sub("", text).casefold()
    return plain if plain.isascii() else unicodedata.normalize("NFKC", plain).translate(_KANA)


def pieces(text: str) -> Iterator[Piece]:
    """The pieces of a folded text, in order."""
    for found in _PIECE.finditer(text):
        yield Piece(found.group(), _JAPANESE[found.group()[0]])


def key(text: str) -> str:
    """A folded text without whatever stands between its pieces."""
    return "".join(_PIECE.findall(text))


@dataclass(frozen=True, slots=True)
class Tokens:
    """One text as it goes into the index, each joined by blanks: pairs (their order counts);
    characters and beginnings of words (it does not); beginnings of the whole, and itself."""

    pairs: str
    parts: str
    beginnings: str


@lru_cache(maxsize=_REMEMBERED)
def tokens(text: str) -> Tokens:
    """The tokens of a text as it is written; about 10 µs."""
    pairs: list[str] = []
    parts: dict[str, None] = {}
    found = _PIECE.findall(folded(text))
    for piece in found:
        if _JAPANESE[piece[0]]:
            pairs += map(add, piece, piece[1:])
            parts.update(dict.fromkeys(piece))
        else:
            for end in range(1, min(len(piece), WORD_BEGINNING) + 1):
                parts[piece[:end]] = None
    whole = "".join(found)
    beginnings = [whole[:end] for end in range(1, min(len(whole), KEY_BEGINNING) + 1)]
    if whole:
        beginnings.append(whole + WHOLE)
    return Tokens(" ".join(pairs), " ".join(parts), " ".join(beginnings))


class _Japanese(dict[str, bool]):
    """Whether a character is one of Japanese; remembered."""

    def __missing__(self, character: str) -> bool:
        self[character] = known = _JAPANESE_CHARACTER.match(character) is not None
        return known


_JAPANESE_CHARACTER: Final = re.compile(f"[{_JA}]")
_JAPANESE: Final = _Japanese()
