"""GREL's functions on arrays.

An array is what a mapping gives to a parameter: all its values in order, or the parameter several
times. Source: https://openrefine.org/docs/manual/grelfunctions#array-functions .
"""

from __future__ import annotations

from decimal import Context, Decimal
from functools import reduce
from typing import Final

from app.errors import Text
from app.mapping.functions import grel_parameters as g
from app.mapping.functions.grel_strings import index
from app.mapping.functions.numbers import A_DECIMAL, read_decimal
from app.mapping.functions.registry import Example, Result, function
from app.rdf.namespaces import GREL

_ARRAY: Final = {"array": g.ARRAY}
_EXACT: Final = Context(prec=1000)  # more digits than `read_number` lets pass


@function(
    GREL + "array_join",
    summary=Text(
        ja="複数の値を区切り文字でつなぎます。", en="Several values joined by a separator."
    ),
    examples=(Example({"array": ("and", "or", "not"), "separator": "/"}, "and/or/not"),),
    parameters={"array": g.ARRAY, "separator": g.SEPARATOR},
    outputs=g.STRING_OUT,
)
def array_join(array: tuple[str, ...], separator: str) -> Result:
    """In order."""
    return separator.join(array)


@function(
    GREL + "array_length",
    summary=Text(ja="値の個数を返します。", en="The number of values."),
    examples=(Example({"array": ("a", "b")}, "2"),),
    parameters=_ARRAY,
    outputs=g.INTEGER_OUT,
)
def array_length(array: tuple[str, ...]) -> Result:
    """Repeated ones too."""
    return str(len(array))


@function(
    GREL + "array_get",
    summary=Text(
        ja="start 番目（0から）の値を、end があればその前までの値を返します。",
        en="The value number `start`, from 0; with `end` those from there to before it.",
    ),
    examples=(
        Example({"array": ("a", "b", "c"), "start": "1"}, "b"),
        Example({"array": ("a", "b", "c"), "start": "1", "end": "3"}, ("b", "c")),
        Example({"array": ("a",), "start": "5"}, None),
    ),
    parameters={"array": g.ARRAY, "start": g.FROM, "end": g.TO},
    outputs=g.ARRAY_OUT,
)
def array_get(array: tuple[str, ...], start: str, end: str | None = None) -> Result:
    """Null outside the array."""
    first = index("start", start)
    if end is not None:
        return array[first : index("end", end)] or None
    return array[first] if -len(array) <= first < len(array) else None


@function(
    GREL + "array_slice",
    summary=Text(
        ja="start 番目（0から）から end の前までの値を返します。",
        en="The values from number `start`, from 0, to before `end`.",
    ),
    examples=(Example({"array": ("a", "b", "c"), "start": "1"}, ("b", "c")),),
    parameters={"array": g.ARRAY, "start": g.FROM, "end": g.TO},
    outputs=g.ARRAY_OUT,
)
def array_slice(array: tuple[str, ...], start: str, end: str | None = None) -> Result:
    """Null when none is left."""
    return array[index("start", start) : None if end is None else index("end", end)] or None


@function(
    GREL + "array_reverse",
    summary=Text(ja="値を逆の順に返します。", en="The values in reverse order."),
    examples=(Example({"array": ("a", "b")}, ("b", "a")),),
    parameters=_ARRAY,
    outputs=g.ARRAY_OUT,
)
def array_reverse(array: tuple[str, ...]) -> Result:
    """All of them."""
    return array[::-1]


@function(
    GREL + "array_sort",
    summary=Text(ja="値を並べ替えて返します。", en="The values sorted."),
    examples=(Example({"array": ("b", "a")}, ("a", "b")),),
    parameters=_ARRAY,
    outputs=g.ARRAY_OUT,
)
def array_sort(array: tuple[str, ...]) -> Result:
    """By code point."""
    return tuple(sorted(array))


@function(
    GREL + "array_uniques",
    summary=Text(ja="重複を除いて返します。", en="Each value once."),
    examples=(Example({"array": ("a", "b", "a")}, ("a", "b")),),
    parameters=_ARRAY,
    outputs=g.ARRAY_OUT,
)
def array_uniques(array: tuple[str, ...]) -> Result:
    """In the order of their first occurrence."""
    return tuple(dict.fromkeys(array))


@function(
    GREL + "array_sum",
    summary=Text(ja="数値の合計を正確に返します。", en="The exact sum of numbers."),
    examples=(Example({"array": ("0.1", "0.2")}, "0.3"),),
    parameters=_ARRAY,
    outputs=g.DECIMAL_OUT,
)
def array_sum(array: tuple[str, ...]) -> Result:
    """In decimals, never in floats."""
    numbers = (Decimal(read_decimal(value, A_DECIMAL)) for value in array)
    total = reduce(_EXACT.add, numbers, Decimal(0))
    return f"{total:f}" if total else "0"
