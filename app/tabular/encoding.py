"""Which character encoding a source has: declared, else by its byte order mark, else detected.

Names are Python codec names. Shift_JIS is always read as CP932: real "Shift_JIS" files hold
①, ㈱, 髙 and 﨑, which only Microsoft's table has.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from app.errors import Place, SourceError, Text

CANDIDATES = (
    "utf-8",
    "cp932",
    "euc_jp",
    "euc_jis_2004",
    "iso2022_jp",
    "iso2022_jp_2004",
    "utf-16-le",
    "utf-16-be",
)
"""What Japanese tables come in; `euc_jis_2004` and `iso2022_jp_2004` also have ① and ㈱."""

_ALIASES = {
    "shift_jis": "cp932",
    "shiftjis": "cp932",
    "sjis": "cp932",
    "s_jis": "cp932",
    "x_sjis": "cp932",
    "ms_kanji": "cp932",
    "windows_31j": "cp932",
    "windows31j": "cp932",
    "ms932": "cp932",
    "ansi": "cp932",
    "utf_8_sig": "utf-8",
    "utf8_bom": "utf-8",
    "utf8": "utf-8",
    "jis": "iso2022_jp",
    "euc": "euc_jp",
    "x_euc_jp": "euc_jp",
    "ascii": "utf-8",
    "us_ascii": "utf-8",
    "unicode": "utf-16",
}

_NOT_OF_FILES = {"utf-7", "unicode-escape", "raw-unicode-escape", "punycode", "idna", "undefined"}
"""Python text codecs that no table is written in and that can make lone surrogates."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

SAMPLE_BYTES = 1 << 20
"""How much is looked at, counted from the first byte that is not ASCII."""

ASCII_BYTES = 64 << 20
"""After so much pure ASCII the rest is taken to be UTF-8."""


@dataclass(frozen=True, slots=True)
class Encoding:
    """`codec`: a Python codec name; `source`: "declared", "bom" or "detected"."""

    codec: str
    source: str


def declared_encoding(name: str, place: Place) -> str:
    """The codec for a name as people write it. Raises SourceError with near names."""
    key = name.strip().lower().replace("-", "_").replace(" ", "_")
    if key in _ALIASES:
        return _ALIASES[key]
    try:
        codec = codecs.lookup(key)
    except LookupError:
        codec = None
    if codec is not None and codec._is_text_encoding and codec.name not in _NOT_OF_FILES:
        return {"shift_jis": "cp932", "ascii": "utf-8"}.get(codec.name, codec.name)
    known = sorted({*_ALIASES, *CANDIDATES, "utf-16", "shift_jis", "euc-jp", "iso-2022-jp"})
    near = ", ".join(get_close_matches(key, known, n=3)) or "utf-8, cp932, euc-jp"
    raise SourceError(
        Text(
            ja=f"文字コード「{name}」という名前は知られていません。",
            en=f"there is no character encoding called {name!r}.",
        ),
        place=place,
        hint=Text(ja=f"{near} のことですか。", en=f"Did you mean {near}?"),
    )


def find_encoding(chunks: Iterable[bytes], declared: str | None, place: Place) -> Encoding:
    """The encoding of a source given in pieces from its beginning."""
    sample, reached_end = _sample(chunks)
    mark = next((codec for bom, codec in _MARKS if sample.startswith(bom)), None)
    if declared is not None:
        codec = declared_encoding(declared, place)
        if codec == "utf-16":  # the mark tells the order; RFC 2781 4.3: big-endian without one
            codec = (
                mark
                if mark in ("utf-16-le", "utf-16-be")
                else utf16_without_mark(sample) or "utf-16-be"
            )
        return Encoding(codec, "declared")
    if mark is not None:
        return Encoding(mark, "bom")
    return Encoding(detect(sample, final=reached_end), "detected")


def detect(sample: bytes, *, final: bool = True) -> str:
    """The likeliest codec of a sample; `final` when it is the whole source.

    UTF-16 betrays itself by NUL bytes, ISO-2022-JP by escape sequences, UTF-8 by being valid;
    between CP932 and EUC-JP validity decides, then which reading looks more like Japanese.
    """
    if (utf16 := utf16_without_mark(sample)) is not None:
        return utf16
    if b"\x1b$" in sample or b"\x1b(" in sample:
        for codec in ("iso2022_jp", "iso2022_jp_2004"):
            if _decoded(sample, codec, final) is not None:
                return codec
    if _decoded(sample, "utf-8", final) is not None:
        return "utf-8"
    readings = [(codec, _decoded(sample, codec, final)) for codec in ("cp932", "euc_jp")]
    if all(text is None for _, text in readings):
        readings.append(("euc_jis_2004", _decoded(sample, "euc_jis_2004", final)))
    likely = [(_plausibility(text), codec) for codec, text in readings if text is not None]
    if likely:
        return max(likely, key=lambda pair: pair[0])[1]
    return _fewest_errors(sample)


class TextDecoder(Protocol):
    """The part of `codecs.IncrementalDecoder` that is used here."""

    def decode(self, data: bytes, final: bool = False) -> str:
        """The characters that are complete. Raises UnicodeDecodeError, whose object is what was
        pending and `data`."""


def strict_decoder(codec: str) -> TextDecoder:
    """A decoder that refuses every byte its encoding does not have."""
    if codec == "cp932":
        return _Cp932Decoder()
    return codecs.getincrementaldecoder(codec)("strict")


_CP932_UNASSIGNED = ("\x80", "\uf8f0", "\uf8f1", "\uf8f2", "\uf8f3")


class _Cp932Decoder:
    """Python, like Windows, maps the bytes 80, A0, FD, FE and FF, which CP932 leaves open, to
    control and private characters. In a file they are damage, or the sign of another encoding."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("cp932")("strict")

    def decode(self, data: bytes, final: bool = False) -> str:
        pending = self._decoder.getstate()[0]
        text = self._decoder.decode(data, final)
        positions = [text.index(bad) for bad in _CP932_UNASSIGNED if bad in text]
        if positions:
            start = len(text[: min(positions)].encode("cp932"))
            raise UnicodeDecodeError("cp932", pending + data, start, start + 1, "not assigned")
        return text


def decodes(chunks: Iterable[bytes], codec: str) -> bool:
    """Whether every byte of a source is valid in an encoding."""
    decoder = strict_decoder(codec)
    try:
        for chunk in chunks:
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _sample(chunks: Iterable[bytes]) -> tuple[bytes, bool]:
    """The beginning of a source up to a megabyte past its first byte that is not ASCII, and
    whether that is all of it."""
    parts: list[bytes] = []
    ascii_bytes = rest = 0
    for chunk in chunks:
        if not rest and chunk.isascii() and b"\x1b" not in chunk and b"\0" not in chunk:
            ascii_bytes += len(chunk)
            parts = [chunk] if not parts else [parts[0]]
            if ascii_bytes >= ASCII_BYTES:
                return parts[0], False
            continue
        parts.append(chunk)
        rest += len(chunk)
        if rest >= SAMPLE_BYTES:
            return b"".join(parts), False
    return b"".join(parts), True


def _decoded(sample: bytes, codec: str, final: bool) -> str | None:
    try:
        return strict_decoder(codec).decode(sample, final)
    except UnicodeDecodeError:
        return None


def utf16_without_mark(sample: bytes) -> str | None:
    """Little- or big-endian UTF-16 without a mark: the high bytes of ASCII are NUL."""
    head = sample[: 64 << 10]
    low, high = head[0::2].count(0), head[1::2].count(0)
    if max(low, high) < 2 or min(low, high) * 4 > max(low, high):
        return None
    if max(low, high) * 50 < len(head):  # a stray NUL in a text of single bytes
        return None
    codec = "utf-16-le" if high > low else "utf-16-be"
    text = _decoded(head[: len(head) // 2 * 2], codec, final=False)
    if text is None or not any(separator in text for separator in ",\t;\n\r"):
        return None
    # Most line ends must be two bytes wide; a few may be halves of characters such as 上 (4E 0A).
    wide, narrow = text.count("\n"), head.count(b"\n")
    return codec if wide * 2 >= narrow else None


def _plausibility(text: str) -> float:
    """How much a text looks like Japanese: from -1 to 1 for each character that is not ASCII.

    EUC-JP read as CP932 is full of half-width kana between rare kanji; CP932 read as EUC-JP has
    hardly any kana at all.
    """
    counts = Counter(text)
    weighed = total = 0.0
    for character, count in counts.items():
        if (code := ord(character)) < 0x80:
            continue
        total += count
        weighed += count * _character_weight(character, code)
    return weighed / total if total else 0.0


def _character_weight(character: str, code: int) -> float:
    if 0x3000 <= code <= 0x30FF or 0xFF01 <= code <= 0xFF5E:
        return 1.0  # kana, CJK punctuation, full-width letters and digits
    if 0xFF61 <= code <= 0xFF9F:
        return 0.2  # half-width kana
    try:
        row = character.encode("euc_jp")[0]
    except UnicodeEncodeError:
        return -0.5
    return 0.8 if 0xB0 <= row <= 0xCF else -0.5  # JIS X 0208 level 1 kanji, or anything else


def _fewest_errors(sample: bytes) -> str:
    """Of the three usual encodings the one with the fewest bad bytes, so that the error shown
    later points at the damage and not at the first Japanese character."""
    bad = ("\ufffd", *_CP932_UNASSIGNED)

    def errors(codec: str) -> int:
        text = sample.decode(codec, "replace")
        return sum(map(text.count, bad))

    return min(("utf-8", "cp932", "euc_jp"), key=errors)
