"""Strings: cut, joined, compared."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from app.errors import Text
from app.mapping.functions.cells import natural, wrong_parameter
from app.mapping.functions.registry import Example, Result, function
from app.rdf.namespaces import XSD

_NOT_WORD: Final = re.compile(r"[\W_]+")


@function(
    "trim",
    summary=Text(
        ja="前後の空白（全角も）を取り除きます。",
        en="Without blanks at either end, ideographic ones too.",
    ),
    examples=(Example({"value": "　高松市 "}, "高松市"),),
)
def trim(value: str) -> Result:
    """All that Unicode calls white space."""
    return value.strip()


@function(
    "normalizeSpace",
    summary=Text(
        ja="空白や改行の並びを半角空白一つにし、前後から取り除きます。",
        en="Every run of blanks and line ends becomes one space, none at either end.",
    ),
    examples=(Example({"value": "セントラル\n　クリニック "}, "セントラル クリニック"),),
)
def normalize_space(value: str) -> Result:
    """For cells with line ends inside."""
    return " ".join(value.split())


@function(
    "upper",
    summary=Text(ja="大文字にします。", en="In upper case."),
    examples=(Example({"value": "aed"}, "AED"),),
)
def upper(value: str) -> Result:
    """Unicode's default mapping."""
    return value.upper()


@function(
    "lower",
    summary=Text(ja="小文字にします。", en="In lower case."),
    examples=(Example({"value": "AED"}, "aed"),),
)
def lower(value: str) -> Result:
    """Unicode's default mapping."""
    return value.lower()


@function(
    "concat",
    summary=Text(
        ja="値を順につなぎます。separator を間に入れます。どれかが空（値なし）なら値なしになります。",
        en="Joins values in order, with `separator` between; null when one of them is null.",
    ),
    examples=(
        Example({"value": ("香川県", "高松市")}, "香川県高松市"),
        Example({"value": ("a", "b", "c"), "separator": "-"}, "a-b-c"),
    ),
)
def concat(value: tuple[str, ...], separator: str = "") -> Result:
    """Give the parameter `value` as often as needed."""
    return separator.join(value)


@function(
    "replace",
    summary=Text(
        ja="文字列を別の文字列に置き換えます（正規表現ではありません）。",
        en="Replaces every occurrence of a string; no regular expression.",
    ),
    examples=(Example({"value": "1丁目2丁目", "find": "丁目", "replacement": "-"}, "1-2-"),),
)
def replace(value: str, find: str, replacement: str = "") -> Result:
    """An empty `find` is refused."""
    if not find:
        raise wrong_parameter(
            "find", find, Text(ja="探す文字列を書いてください。", en="Write what is to be found.")
        )
    return value.replace(find, replacement)


@function(
    "split",
    summary=Text(
        ja="区切り文字で分け、複数の値にします。前後の空白と空の部分は除きます。separator に複数の文字を"
        "書くと、その文字列全体が区切りです。",
        en="Several values, taken apart at `separator`; blanks around them and empty ones are "
        "left out.",
    ),
    examples=(
        Example(
            {"value": "日本語、英語、 中国語", "separator": "、"}, ("日本語", "英語", "中国語")
        ),
        Example({"value": "", "separator": ";"}, None),
    ),
)
def split(value: str, separator: str = ",") -> Result:
    """Each value gives a triple of its own."""
    if not separator:
        raise wrong_parameter(
            "separator", separator, Text(ja="区切り文字が必要です。", en="A separator is needed.")
        )
    return tuple(part for piece in value.split(separator) if (part := piece.strip())) or None


@function(
    "part",
    summary=Text(
        ja="区切り文字で分けた index 番目（1から）を返します。なければ値なしです。",
        en="The part number `index`, from 1, of a value taken apart at `separator`; null when "
        "there is none.",
    ),
    examples=(
        Example({"value": "34.342286,134.055021", "index": "2"}, "134.055021"),
        Example({"value": "a;b", "index": "3", "separator": ";"}, None),
    ),
)
def part(value: str, index: str, separator: str = ",") -> Result:
    """For cells that hold a pair, such as a latitude and a longitude."""
    number = natural("index", index)
    pieces = value.split(separator) if separator else [value]
    if not 1 <= number <= len(pieces):
        return None
    return pieces[number - 1].strip() or None


@function(
    "substring",
    summary=Text(
        ja="start 文字目（0から）から end 文字目の前までを返します。start が長さを超えたら値なしです。",
        en="The characters from `start`, counted from 0, to before `end`; null when the string "
        "ends before `start`.",
    ),
    examples=(
        Example({"value": "131016", "start": "0", "end": "5"}, "13101"),
        Example({"value": "Venus", "start": "5"}, ""),
        Example({"value": "Venus", "start": "6"}, None),
    ),
)
def substring(value: str, start: str, end: str | None = None) -> Result:
    """Characters are Unicode code points."""
    first = natural("start", start)
    last = len(value) if end is None else natural("end", end)
    return None if first > len(value) else value[first:last]


@function(
    "length",
    summary=Text(ja="文字数を返します。", en="The number of characters."),
    examples=(Example({"value": "高松市"}, "3"),),
    datatype=XSD + "integer",
)
def length(value: str) -> Result:
    """Unicode code points."""
    return str(len(value))


@function(
    "padLeft",
    summary=Text(
        ja="指定の長さになるまで左に文字（既定は 0）を足します。",
        en="Filled on the left with a character, 0 by default, up to a length.",
    ),
    examples=(
        Example({"value": "501", "length": "10"}, "0000000501"),
        Example({"value": "12345", "length": "3"}, "12345"),
    ),
)
def pad_left(value: str, length: str, fill: str = "0") -> Result:
    """For codes whose leading zeros were lost and whose length is known."""
    width = natural("length", length)
    if len(fill) != 1 or width > 1000:
        raise wrong_parameter(
            "fill" if len(fill) != 1 else "length",
            fill if len(fill) != 1 else length,
            Text(ja="fill は一文字、length は 1000 まで。", en="One character, up to 1000 places."),
        )
    return value.rjust(width, fill)


@function(
    "slug",
    summary=Text(
        ja="IRI の一部に使える形にします。NFKC・小文字にし、文字と数字以外を - にします。日本語は残ります。",
        en="A form fit for a part of an IRI: NFKC, lower case, runs of anything but letters and "
        "digits become one hyphen; Japanese stays.",
    ),
    examples=(
        Example({"value": "Ｈｉｔｚ 瀬戸の都トイレ（高松駅）"}, "hitz-瀬戸の都トイレ-高松駅"),
        Example({"value": "AED #12"}, "aed-12"),
        Example({"value": "★"}, None),
    ),
)
def slug(value: str) -> Result:
    """Null when nothing is left."""
    return _NOT_WORD.sub("-", unicodedata.normalize("NFKC", value).lower()).strip("-") or None


@function(
    "contains",
    summary=Text(ja="文字列を含むかどうか。", en="Whether a string occurs in the value."),
    examples=(
        Example({"value": "平日のみ", "find": "平日"}, "true"),
        Example({"value": "毎日", "find": "平日"}, "false"),
    ),
    boolean=True,
)
def contains(value: str, find: str) -> Result:
    """Exactly, character by character."""
    return "true" if find in value else "false"


@function(
    "startsWith",
    summary=Text(ja="文字列で始まるかどうか。", en="Whether the value begins with a string."),
    examples=(Example({"value": "香川県高松市", "find": "香川県"}, "true"),),
    boolean=True,
)
def starts_with(value: str, find: str) -> Result:
    """Exactly, character by character."""
    return "true" if value.startswith(find) else "false"


@function(
    "endsWith",
    summary=Text(ja="文字列で終わるかどうか。", en="Whether the value ends with a string."),
    examples=(Example({"value": "高松市", "find": "県"}, "false"),),
    boolean=True,
)
def ends_with(value: str, find: str) -> Result:
    """Exactly, character by character."""
    return "true" if value.endswith(find) else "false"
