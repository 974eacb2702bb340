"""Conditions and choices. "true" is true; anything else, null included, is not."""

from __future__ import annotations

from functools import lru_cache

from app.errors import Text
from app.mapping.functions.cells import wrong_parameter
from app.mapping.functions.registry import Example, Result, function


def truth(value: bool) -> str:
    """A Python boolean as the lexical form of xsd:boolean."""
    return "true" if value else "false"


@function(
    "equal",
    summary=Text(ja="二つの値が等しいかどうか。", en="Whether two values are equal."),
    examples=(
        Example({"left": "A", "right": "A"}, "true"),
        Example({"left": "1", "right": "1.0"}, "false"),
    ),
    boolean=True,
)
def equal(left: str, right: str) -> Result:
    """As strings; null when one is null."""
    return truth(left == right)


@function(
    "notEqual",
    summary=Text(ja="二つの値が異なるかどうか。", en="Whether two values differ."),
    examples=(Example({"left": "A", "right": "B"}, "true"),),
    boolean=True,
)
def not_equal(left: str, right: str) -> Result:
    """As strings; null when one is null."""
    return truth(left != right)


@function(
    "and",
    summary=Text(ja="すべてが true かどうか。", en="Whether all values are true."),
    examples=(
        Example({"value": ("true", "true")}, "true"),
        Example({"value": ("true", None)}, "false"),
    ),
    takes_null=True,
    boolean=True,
)
def and_(value: tuple[str | None, ...]) -> Result:
    """Give the parameter `value` as often as needed."""
    return truth(all(each == "true" for each in value))


@function(
    "or",
    summary=Text(ja="どれかが true かどうか。", en="Whether at least one value is true."),
    examples=(
        Example({"value": ("false", "true")}, "true"),
        Example({"value": ("false", None)}, "false"),
    ),
    takes_null=True,
    boolean=True,
)
def or_(value: tuple[str | None, ...]) -> Result:
    """Give the parameter `value` as often as needed."""
    return truth(any(each == "true" for each in value))


@function(
    "not",
    summary=Text(ja="true でないかどうか。", en="Whether a value is not true."),
    examples=(
        Example({"value": "true"}, "false"),
        Example({"value": None}, "true"),
    ),
    takes_null=True,
    boolean=True,
)
def not_(value: str | None) -> Result:
    """Null is not true."""
    return truth(value != "true")


@function(
    "isNull",
    summary=Text(ja="値がないかどうか。", en="Whether there is no value."),
    examples=(
        Example({"value": None}, "true"),
        Example({"value": ""}, "false"),
    ),
    takes_null=True,
    boolean=True,
)
def is_null(value: str | None) -> Result:
    """Which cells are null is the source's affair (`nulls`); by default empty ones are."""
    return truth(value is None)


@function(
    "notNull",
    summary=Text(ja="値があるかどうか。", en="Whether there is a value."),
    examples=(
        Example({"value": "x"}, "true"),
        Example({"value": None}, "false"),
    ),
    takes_null=True,
    boolean=True,
)
def not_null(value: str | None) -> Result:
    """The opposite of `jfn:isNull`."""
    return truth(value is not None)


@function(
    "if",
    summary=Text(
        ja="condition が true なら then、そうでなければ otherwise（なければ値なし）。",
        en="`then` where `condition` is true, else `otherwise`, or null without it.",
    ),
    examples=(
        Example({"condition": "true", "then": "a", "otherwise": "b"}, "a"),
        Example({"condition": "false", "then": "a", "otherwise": "b"}, "b"),
        Example({"condition": None, "then": "a"}, None),
    ),
    takes_null=True,
)
def if_(condition: str | None, then: str | None, otherwise: str | None = None) -> Result:
    """Both branches are computed; only one is given."""
    return then if condition == "true" else otherwise


@function(
    "coalesce",
    summary=Text(
        ja="最初の空でない値を返します。",
        en="The first value that is neither null nor blank.",
    ),
    examples=(
        Example({"value": (None, " ", "c", "d")}, "c"),
        Example({"value": (None,)}, None),
    ),
    takes_null=True,
)
def coalesce(value: tuple[str | None, ...]) -> Result:
    """Give the parameter `value` as often as needed."""
    return next((each for each in value if each is not None and each.strip()), None)


@function(
    "ifEmpty",
    summary=Text(
        ja="値が空（値なし、空白だけ）なら otherwise を返します。",
        en="The value, or `otherwise` where it is null or blank.",
    ),
    examples=(
        Example({"value": "　", "otherwise": "不明"}, "不明"),
        Example({"value": "高松市", "otherwise": "不明"}, "高松市"),
    ),
    takes_null=True,
)
def if_empty(value: str | None, otherwise: str | None) -> Result:
    """The value itself is not trimmed."""
    return value if value is not None and value.strip() else otherwise


@function(
    "nullIf",
    summary=Text(
        ja="値が other のどれかに等しければ値なしにします。",
        en="Null where the value is one of `other`, else the value.",
    ),
    examples=(
        Example({"value": "-", "other": ("-", "なし")}, None),
        Example({"value": "12", "other": ("-",)}, "12"),
    ),
)
def null_if(value: str, other: tuple[str, ...]) -> Result:
    """Compared without blanks at either end."""
    return None if value.strip() in other else value


@function(
    "choose",
    summary=Text(
        ja="対応表（cases に「有=yes|無=no」）で値を置き換えます。表になければ otherwise（なければ値なし）。",
        en="The value's counterpart in `cases`, written 有=yes|無=no; else `otherwise`, or null.",
    ),
    examples=(
        Example({"value": "有", "cases": "有=yes|無=no"}, "yes"),
        Example({"value": "?", "cases": "有=yes|無=no", "otherwise": "unknown"}, "unknown"),
        Example({"value": "?", "cases": "有=yes|無=no"}, None),
    ),
)
def choose(value: str, cases: str, otherwise: str | None = None) -> Result:
    """Compared without blanks at either end."""
    return _table(cases).get(value.strip(), otherwise)


@lru_cache(maxsize=64)
def _table(cases: str) -> dict[str, str]:
    table: dict[str, str] = {}
    for case in cases.split("|"):
        key, equals, result = case.partition("=")
        if not equals or key.strip() in table:
            raise wrong_parameter(
                "cases",
                cases,
                Text(
                    ja="「値=結果」を | で区切って書き、同じ値は一度だけにします。",
                    en="Write value=result, separated by |, each value once.",
                ),
            )
        table[key.strip()] = result.strip()
    return table
