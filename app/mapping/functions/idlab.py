"""The functions of IDLab, under the IRIs that RML and YARRRML mappings use.

Source: functions_idlab.ttl, https://github.com/FnOio/idlab-functions-java .
`refusals` names those that are not offered, `idlab_dates` has the ones on dates.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Final

from app.errors import Text
from app.mapping.functions import grel_parameters as g
from app.mapping.functions.conditions import truth
from app.mapping.functions.numbers import A_DECIMAL, read_decimal
from app.mapping.functions.registry import RESULT, Example, Output, Result, function
from app.rdf.formats import Formats
from app.rdf.namespaces import IDLAB_FN, XSD

OLD_IDLAB_FN: Final = "http://example.com/idlab/function/"
"""The namespace of earlier releases, which mappings still use."""


def idlab(*names: str) -> tuple[str, ...]:
    """IRIs in both namespaces of IDLab."""
    return tuple(space + name for name in names for space in (IDLAB_FN, OLD_IDLAB_FN))


STR: Final = (*idlab("str", "_str"), *g.VALUE)
_OTHER: Final = (*idlab("otherStr", "_otherStr"), *g.VALUE_2)
_DELIMITER: Final = idlab("delimiter", "_delimiter")
STRING_OUT: Final = (Output((*idlab("_stringOut", "stringOut"), RESULT)),)
_BOOLEAN_OUT: Final = (Output((*idlab("_boolOut", "o_boolOut"), RESULT), XSD + "boolean"),)
_PAIR: Final = {
    "left": (*g.VALUE, *idlab("str", "_str")),
    "right": (*g.VALUE_2, *idlab("otherStr", "_otherStr", "expectedStr", "_expectedStr")),
}


@function(
    IDLAB_FN + "equal",
    summary=Text(ja="二つの値が等しいかどうか。", en="Whether two strings are equal."),
    examples=(Example({"left": "A", "right": "A"}, "true"),),
    aliases=(OLD_IDLAB_FN + "equal",),
    parameters=_PAIR,
    boolean=True,
    outputs=_BOOLEAN_OUT,
)
def equal(left: str, right: str) -> Result:
    """Null when one is null."""
    return truth(left == right)


@function(
    IDLAB_FN + "notEqual",
    summary=Text(ja="二つの値が異なるかどうか。", en="Whether two strings differ."),
    examples=(Example({"left": "A", "right": "B"}, "true"),),
    aliases=(OLD_IDLAB_FN + "notEqual",),
    parameters=_PAIR,
    boolean=True,
    outputs=_BOOLEAN_OUT,
)
def not_equal(left: str, right: str) -> Result:
    """Null when one is null."""
    return truth(left != right)


@function(
    IDLAB_FN + "isNull",
    summary=Text(ja="値がないかどうか。", en="Whether there is no value."),
    examples=(Example({"value": None}, "true"), Example({"value": "x"}, "false")),
    aliases=(OLD_IDLAB_FN + "isNull",),
    parameters={"value": STR},
    takes_null=True,
    boolean=True,
    outputs=_BOOLEAN_OUT,
)
def is_null(value: str | None) -> Result:
    """Which cells are null is the source's affair."""
    return truth(value is None)


@function(
    IDLAB_FN + "trueCondition",
    summary=Text(
        ja="条件が true なら値を返します。", en="The value where the condition is true, else null."
    ),
    examples=(
        Example({"condition": "true", "value": "x"}, "x"),
        Example({"condition": "false", "value": "x"}, None),
    ),
    aliases=(OLD_IDLAB_FN + "trueCondition",),
    parameters={"condition": idlab("strBoolean", "_strBoolean", "strBool"), "value": STR},
    outputs=STRING_OUT,
)
def true_condition(condition: str, value: str) -> Result:
    """What YARRRML's conditions are made of."""
    return value if condition == "true" else None


@function(
    IDLAB_FN + "decide",
    summary=Text(
        ja="値が expected に等しければ result を返します。",
        en="`result` where the value equals `expected`, else null.",
    ),
    examples=(
        Example({"value": "a", "expected": "a", "result": "b"}, "b"),
        Example({"value": "c", "expected": "a", "result": "b"}, None),
    ),
    aliases=(OLD_IDLAB_FN + "decide",),
    parameters={
        "value": STR,
        "expected": idlab("expectedStr", "_expectedStr"),
        "result": idlab("result", "_result"),
    },
    outputs=STRING_OUT,
)
def decide(value: str, expected: str, result: str) -> Result:
    """Compared as strings."""
    return result if value == expected else None


@function(
    IDLAB_FN + "stringContainsOtherString",
    summary=Text(
        ja="区切り文字で分けた部分のどれかが other と等しいかどうか。",
        en="Whether `other` is one of the parts of a delimited string.",
    ),
    examples=(
        Example({"value": "a,b", "other": "b", "delimiter": ","}, "true"),
        Example({"value": "ab,c", "other": "b", "delimiter": ","}, "false"),
        Example({"value": "John", "other": "J", "delimiter": ""}, "true"),
    ),
    aliases=(OLD_IDLAB_FN + "stringContainsOtherString",),
    parameters={"value": STR, "other": _OTHER, "delimiter": _DELIMITER},
    boolean=True,
    outputs=_BOOLEAN_OUT,
)
def string_contains_other_string(value: str, other: str, delimiter: str) -> Result:
    """An empty delimiter takes the string apart into characters."""
    return truth(other in (value.split(delimiter) if delimiter else [*value]))


@function(
    IDLAB_FN + "listContainsElement",
    summary=Text(ja="値の中に value があるかどうか。", en="Whether a value is among several."),
    examples=(Example({"list": ("a", "b"), "value": "b"}, "true"),),
    aliases=(OLD_IDLAB_FN + "listContainsElement",),
    parameters={"list": idlab("list", "_list"), "value": STR},
    boolean=True,
    outputs=_BOOLEAN_OUT,
)
def list_contains_element(list: tuple[str, ...], value: str) -> Result:
    """A list is all values of its parameter."""
    return truth(value in list)


@function(
    IDLAB_FN + "inRange",
    summary=Text(
        ja="数値が start 以上 end 未満かどうか。端は省略できます。",
        en="Whether a number is at least `start` and less than `end`; either may be left out.",
    ),
    examples=(
        Example({"value": "3", "start": "1", "end": "5"}, "true"),
        Example({"value": "5", "start": "1", "end": "5"}, "false"),
        Example({"value": "5", "start": "1"}, "true"),
    ),
    aliases=(OLD_IDLAB_FN + "inRange",),
    parameters={
        "value": idlab("p_test", "_test"),
        "start": idlab("p_from", "_from"),
        "end": idlab("p_to", "_to"),
    },
    takes_null=True,
    boolean=True,
    outputs=_BOOLEAN_OUT,
)
def in_range(value: str | None, start: str | None = None, end: str | None = None) -> Result:
    """Compared exactly; false for null."""
    if value is None:
        return "false"
    number = _number(value)
    return truth(
        (start is None or number >= _number(start)) and (end is None or number < _number(end))
    )


@function(
    IDLAB_FN + "toUpperCaseURL",
    summary=Text(
        ja="大文字にし、HTTP:// で始まらなければ http:// を付けます。",
        en="In upper case, with http:// before it unless it begins so.",
    ),
    examples=(
        Example({"value": "http://example.com/venus"}, "HTTP://EXAMPLE.COM/VENUS"),
        Example({"value": "www.example.com"}, "http://WWW.EXAMPLE.COM"),
    ),
    aliases=(OLD_IDLAB_FN + "toUpperCaseURL",),
    parameters={"value": STR},
    outputs=STRING_OUT,
)
def to_upper_case_url(value: str) -> Result:
    """As the cases RMLFNMLTC0003, 0011 and 0031 have it."""
    upper = value.upper()
    return upper if upper.startswith(("HTTP://", "HTTPS://")) else f"http://{upper}"


@function(
    IDLAB_FN + "slugify",
    summary=Text(
        ja="ラテン文字の名前を ASCII の小文字とハイフンにします。日本語には jfn:slug を使います。",
        en="A Latin name in lower-case ASCII with hyphens; for Japanese use jfn:slug.",
    ),
    examples=(
        Example({"value": "Café Müller & Co."}, "cafe-muller-co"),
        Example({"value": "高松"}, None),
    ),
    aliases=(OLD_IDLAB_FN + "slugify",),
    parameters={"value": STR},
    outputs=STRING_OUT,
)
def slugify(value: str) -> Result:
    """Accents are taken away; null when nothing is left."""
    ascii_only = unicodedata.normalize("NFKD", value).encode("ascii", "ignore").decode()
    return re.sub("[^a-z0-9]+", "-", ascii_only.lower()).strip("-") or None


@function(
    IDLAB_FN + "concat",
    summary=Text(ja="二つの文字列をつなぎます。", en="Two strings joined."),
    examples=(
        Example({"value": "a", "other": "b"}, "ab"),
        Example({"value": "a", "other": "b", "delimiter": "-"}, "a-b"),
    ),
    aliases=(OLD_IDLAB_FN + "concat",),
    parameters={"value": STR, "other": _OTHER, "delimiter": _DELIMITER},
    outputs=STRING_OUT,
)
def concat(value: str, other: str, delimiter: str = "") -> Result:
    """With the delimiter between them."""
    return f"{value}{delimiter}{other}"


@function(
    IDLAB_FN + "getMIMEType",
    summary=Text(
        ja="ファイル名の拡張子からメディアタイプを返します。知らない拡張子は値なしです。",
        en="The media type that goes with a file name's suffix; null for one that is not known.",
    ),
    examples=(
        Example({"value": "data.ttl"}, "text/turtle"),
        Example({"value": "data.CSV"}, "text/csv"),
        Example({"value": "data.xyz"}, None),
    ),
    aliases=(OLD_IDLAB_FN + "getMIMEType",),
    parameters={"value": STR},
    outputs=STRING_OUT,
)
def get_mime_type(value: str) -> Result:
    """From the program's own table of formats; no file is looked at."""
    suffix = value.rpartition(".")[2].lower()
    return next((f.value.media_type for f in Formats if f.value.id == suffix), None)


def _number(value: str) -> Decimal:
    return Decimal(read_decimal(value, A_DECIMAL))
