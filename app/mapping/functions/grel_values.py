"""GREL's functions on booleans, numbers and dates.

Source: https://openrefine.org/docs/manual/grelfunctions . Logarithms, powers and the
current time are not here: their results are not exact, or differ from run to run.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from typing import Final

from app.errors import Text
from app.mapping.functions import grel_parameters as g
from app.mapping.functions.cells import plain
from app.mapping.functions.conditions import truth
from app.mapping.functions.date_patterns import parse
from app.mapping.functions.eras import A_DATE, read_date
from app.mapping.functions.numbers import A_DECIMAL, AN_INTEGER, read_decimal
from app.mapping.functions.registry import BadValue, Example, Result, function
from app.rdf.namespaces import GREL

_EXACT: Final = Context(prec=1000)  # more digits than `read_number` lets pass


@function(
    GREL + "boolean_and",
    summary=Text(ja="すべてが true かどうか。", en="Whether all are true."),
    examples=(Example({"value": ("true", "false")}, "false"),),
    parameters={"value": g.BOOLEANS},
    takes_null=True,
    boolean=True,
    outputs=g.BOOLEAN_OUT,
)
def boolean_and(value: tuple[str | None, ...]) -> Result:
    """Null is not true."""
    return truth(all(map(_true, value)))


@function(
    GREL + "boolean_or",
    summary=Text(ja="どれかが true かどうか。", en="Whether one is true."),
    examples=(Example({"value": ("true", "false")}, "true"),),
    parameters={"value": g.BOOLEANS},
    takes_null=True,
    boolean=True,
    outputs=g.BOOLEAN_OUT,
)
def boolean_or(value: tuple[str | None, ...]) -> Result:
    """Null is not true."""
    return truth(any(map(_true, value)))


@function(
    GREL + "boolean_xor",
    summary=Text(ja="一つだけが true かどうか。", en="Whether exactly one is true."),
    examples=(Example({"value": ("true", "false")}, "true"),),
    parameters={"value": g.BOOLEANS},
    takes_null=True,
    boolean=True,
    outputs=g.BOOLEAN_OUT,
)
def boolean_xor(value: tuple[str | None, ...]) -> Result:
    """As OpenRefine has it for more than two."""
    return truth(sum(map(_true, value)) == 1)


@function(
    GREL + "boolean_not",
    summary=Text(ja="true でないかどうか。", en="Whether it is not true."),
    examples=(Example({"value": "false"}, "true"),),
    parameters={"value": g.BOOLEAN},
    takes_null=True,
    boolean=True,
    outputs=g.BOOLEAN_OUT,
)
def boolean_not(value: str | None) -> Result:
    """Null is not true."""
    return truth(not _true(value))


@function(
    GREL + "controls_if",
    summary=Text(
        ja="条件が true なら then、そうでなければ otherwise。",
        en="`then` where the condition is true, else `otherwise`, or null.",
    ),
    examples=(
        Example({"condition": "true", "then": "a", "otherwise": "b"}, "a"),
        Example({"condition": "false", "then": "a"}, None),
    ),
    parameters={"condition": g.BOOLEAN, "then": g.THEN, "otherwise": g.OTHERWISE},
    takes_null=True,
    outputs=g.ANY_OUT,
)
def controls_if(condition: str | None, then: str | None, otherwise: str | None = None) -> Result:
    """Both branches are computed; only one is given."""
    return then if _true(condition) else otherwise


@function(
    GREL + "other_coalesce",
    summary=Text(ja="最初の、値なしでない値を返します。", en="The first value that is not null."),
    examples=(Example({"value": (None, "b")}, "b"),),
    parameters={"value": g.OBJECTS},
    takes_null=True,
    outputs=g.ANY_OUT,
)
def other_coalesce(value: tuple[str | None, ...]) -> Result:
    """An empty string is a value."""
    return next((each for each in value if each is not None), None)


@function(
    GREL + "math_floor",
    summary=Text(ja="切り捨てた整数を返します。", en="The greatest integer that is not greater."),
    examples=(Example({"value": "-3.2"}, "-4"),),
    parameters={"value": g.NUMBER},
    outputs=g.INTEGER_OUT,
)
def math_floor(value: str) -> Result:
    """Towards negative infinity."""
    return _written(_number(value).to_integral_value(ROUND_FLOOR))


@function(
    GREL + "math_ceil",
    summary=Text(ja="切り上げた整数を返します。", en="The least integer that is not less."),
    examples=(Example({"value": "3.2"}, "4"),),
    parameters={"value": g.NUMBER},
    outputs=g.INTEGER_OUT,
)
def math_ceil(value: str) -> Result:
    """Towards positive infinity."""
    return _written(_number(value).to_integral_value(ROUND_CEILING))


@function(
    GREL + "math_round",
    summary=Text(ja="四捨五入した整数を返します。", en="The nearest integer."),
    examples=(Example({"value": "2.5"}, "3"), Example({"value": "-2.5"}, "-2")),
    parameters={"value": g.NUMBER},
    outputs=g.INTEGER_OUT,
)
def math_round(value: str) -> Result:
    """A half goes towards positive infinity, as GREL's description says."""
    number = _number(value)
    half = Decimal("0.5")
    return _written(_EXACT.add(number, half).to_integral_value(ROUND_FLOOR))


@function(
    GREL + "math_min",
    summary=Text(ja="小さい方を返します。", en="The smaller one of two numbers."),
    examples=(Example({"left": "10", "right": "9.5"}, "9.5"),),
    parameters={"left": g.NUMBER, "right": g.NUMBER_2},
    outputs=g.DECIMAL_OUT,
)
def math_min(left: str, right: str) -> Result:
    """Compared as numbers."""
    return _written(min(_number(left), _number(right)))


@function(
    GREL + "math_max",
    summary=Text(ja="大きい方を返します。", en="The greater one of two numbers."),
    examples=(Example({"left": "10", "right": "9.5"}, "10"),),
    parameters={"left": g.NUMBER, "right": g.NUMBER_2},
    outputs=g.DECIMAL_OUT,
)
def math_max(left: str, right: str) -> Result:
    """Compared as numbers."""
    return _written(max(_number(left), _number(right)))


@function(
    GREL + "math_mod",
    summary=Text(ja="割った余りを返します。", en="The remainder of a division."),
    examples=(Example({"left": "74", "right": "9"}, "2"),),
    parameters={"left": g.INTEGER, "right": g.INTEGER_2},
    outputs=g.INTEGER_OUT,
)
def math_mod(left: str, right: str) -> Result:
    """With the sign of the divisor; the divisor must not be zero."""
    dividend, divisor = int(_number(left)), int(_number(right))
    if divisor == 0:
        raise BadValue.expected(
            right, AN_INTEGER, Text(ja="0 では割れません。", en="Nothing is divided by zero.")
        )
    return str(dividend % divisor)


@function(
    GREL + "date_toDate",
    summary=Text(
        ja="指定した形式（例 dd/MM/yyyy）の日付を xsd:date にします。形式がなければ年が先の形を読みます。",
        en="A date in the given format, such as dd/MM/yyyy, as xsd:date; without one, forms with "
        "the year first.",
    ),
    examples=(
        Example({"value": "23/04/2021", "pattern": "dd/MM/yyyy"}, "2021-04-23"),
        Example({"value": "2021-04-23"}, "2021-04-23"),
    ),
    aliases=g.grel("toDate"),
    parameters={"value": g.VALUE, "pattern": g.PATTERN},
    outputs=g.DATE_OUT,
)
def to_date(value: str, pattern: str | None = None) -> Result:
    """The letters are those of UTS 35."""
    if pattern is None:
        return read_date(value).isoformat()
    return parse(value, plain(value), pattern, A_DATE).date().isoformat()


def _true(value: str | None) -> bool:
    return value == "true"


def _number(value: str) -> Decimal:
    return Decimal(read_decimal(value, A_DECIMAL))


def _written(number: Decimal) -> str:
    return f"{number:f}" if number else "0"
