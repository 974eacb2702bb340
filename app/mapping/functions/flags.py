"""Marks that mean yes, no, or in part."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from app.errors import Text
from app.mapping.functions.cells import NO_VALUE_ADVICE, means_no_value, plain
from app.mapping.functions.registry import BadValue, Example, Result, function


def _marks(words: str) -> frozenset[str]:
    return frozenset(plain(word).lower() for word in words.split())


_YES: Final = _marks(
    "○ ◯ 〇 ● ◎ ⭕ ✓ ✔ ☑ レ 有 有り あり 可 可能 要 はい 該当 対応 設置 済 1 1.0 true yes y on"
)
_NO: Final = _marks(
    "× ✕ ✖ ✗ ❌ x 無 無し なし 不可 不可能 否 不要 いいえ 非該当 該当なし 非対応 未対応 未設置 未 "
    "0 0.0 false no n off"
)
_PARTLY: Final = _marks("△ ▲ 一部 一部可 一部有 一部あり 部分的 条件付 条件付き 条件付可")

_EXAMPLE: Final = Text(
    ja="○/×、有/無、1/0 のどれかで書くか、引数 yes・no に語を加えてください（「|」区切り）。",
    en="Write ○/×, 有/無 or 1/0, or add words to the parameters yes and no (separated by |).",
)


@function(
    "flag",
    summary=Text(
        ja="○・有・あり・1・1.0・true などを true に、×・無・なし・0・false などを false にします。"
        "空欄は値なし。△ は知らせます（jfn:flag3 を使います）。",
        en="○, 有, あり, 1, 1.0, true and so on become true, ×, 無, なし, 0, false and so on false; "
        "empty is no value; △ is a finding (use jfn:flag3). `yes` and `no` add words, separated "
        "by |.",
    ),
    examples=(
        Example({"value": "○"}, "true"),
        Example({"value": "1.0"}, "true"),
        Example({"value": "無"}, "false"),
        Example({"value": "  "}, None),
        Example({"value": "予約制", "yes": "予約制|常時"}, "true"),
    ),
    boolean=True,
)
def flag(value: str, yes: str = "", no: str = "") -> Result:
    """Raises BadValue for △ and for unknown marks."""
    match _read(value, yes, no):
        case "yes":
            return "true"
        case "no":
            return "false"
        case "partial":
            raise BadValue.expected(
                value,
                Text(ja="はい・いいえ", en="yes or no"),
                Text(
                    ja="△ は「一部」の意味です。jfn:flag3 で三つの値に分けるか、○ か × にしてください。",
                    en="△ means “in part”: use jfn:flag3 for three values, or decide on ○ or ×.",
                ),
            )
    return None


@function(
    "flag3",
    summary=Text(
        ja="○・△・× を三つの値にします。引数 yes・partial・no に、使いたい文字列や IRI を渡せます。",
        en="○, △ and × as three values: yes, partial and no, or the strings or IRIs given in these "
        "parameters; empty is no value.",
    ),
    examples=(
        Example({"value": "△"}, "partial"),
        Example({"value": "○"}, "yes"),
        Example(
            {"value": "×", "no": "http://example.jp/def/flag/none"},
            "http://example.jp/def/flag/none",
        ),
    ),
)
def flag3(value: str, yes: str = "yes", partial: str = "partial", no: str = "no") -> Result:
    """Raises BadValue for unknown marks."""
    read = _read(value)
    return None if read is None else {"yes": yes, "partial": partial, "no": no}[read]


def _read(value: str, yes: str = "", no: str = "") -> str | None:
    mark = plain(value).lower()
    if not mark:
        return None
    if mark in _YES or mark in _words(yes):
        return "yes"
    if mark in _NO or mark in _words(no):
        return "no"
    if mark in _PARTLY:
        return "partial"
    advice = NO_VALUE_ADVICE if means_no_value(mark) else _EXAMPLE
    raise BadValue.expected(value, Text(ja="○や×の印", en="a mark like ○ or ×"), advice)


@lru_cache(maxsize=64)
def _words(parameter: str) -> frozenset[str]:
    return frozenset(plain(word).lower() for word in parameter.split("|") if word.strip())
