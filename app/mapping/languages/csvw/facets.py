"""Facets of datatypes: lengths and bounds, of descriptions and of values.

Source: Model for Tabular Data, section 4.6, https://www.w3.org/TR/tabular-data-model/ .
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from app.mapping.languages.csvw import durations, times
from app.mapping.languages.csvw.datatypes import Datatype, InvalidDatatype, InvalidValue
from app.mapping.languages.csvw.vocabulary import (
    BINARY,
    DURATIONS,
    NUMERIC,
    STRINGS,
    TEMPORAL,
)


def check_facets(datatype: Datatype) -> None:
    """Raises InvalidDatatype when facets contradict each other or do not fit the base."""
    length, least, most = datatype.length, datatype.min_length, datatype.max_length
    if any(facet is not None for facet in (length, least, most)) and (
        datatype.base not in STRINGS | BINARY | {"anyURI"}
    ):
        raise InvalidDatatype(f"length, minLength and maxLength do not apply to {datatype.base}")
    if length is not None and least is not None and length < least:
        raise InvalidDatatype("length is less than minLength")
    if length is not None and most is not None and length > most:
        raise InvalidDatatype("length is greater than maxLength")
    if least is not None and most is not None and least > most:
        raise InvalidDatatype("minLength is greater than maxLength")
    _check_bounds(datatype)


def _check_bounds(datatype: Datatype) -> None:
    low_in, low_ex = datatype.min_inclusive, datatype.min_exclusive
    high_in, high_ex = datatype.max_inclusive, datatype.max_exclusive
    given = [bound for bound in (low_in, low_ex, high_in, high_ex) if bound is not None]
    if not given:
        return
    if datatype.base not in NUMERIC | TEMPORAL | DURATIONS:
        raise InvalidDatatype(f"minimum and maximum do not apply to {datatype.base}")
    if low_in is not None and low_ex is not None:
        raise InvalidDatatype("minInclusive and minExclusive exclude each other")
    if high_in is not None and high_ex is not None:
        raise InvalidDatatype("maxInclusive and maxExclusive exclude each other")
    low, high = low_in or low_ex, high_in or high_ex
    if low is None or high is None:
        return
    low_value, high_value = _comparable(datatype.base, low), _comparable(datatype.base, high)
    if _less(high_value, low_value):
        raise InvalidDatatype("the maximum is less than the minimum")
    if (low_ex is None) != (high_ex is None) and not _less(low_value, high_value):
        raise InvalidDatatype("the range between minimum and maximum is empty")


def facet_check(datatype: Datatype) -> Callable[[str], None] | None:
    """The function that checks a lexical form against the facets and raises InvalidValue; None
    when there are none."""
    lengths = (datatype.length, datatype.min_length, datatype.max_length)
    measure = _length_of(datatype.base) if any(each is not None for each in lengths) else None
    bounds = _bounds(datatype)
    if measure is None and not bounds:
        return None

    def check(lexical: str) -> None:
        if measure is not None:
            _check_length(datatype, measure(lexical))
        if bounds:
            _check_range(datatype.base, lexical, bounds)

    return check


def _length_of(base: str) -> Callable[[str], int] | None:
    """Characters of strings, bytes of binary values (section 4.6.1)."""
    if base == "base64Binary":
        return lambda text: len(base64.b64decode(text))
    if base == "hexBinary":
        return lambda text: len(text) // 2
    return len if base in STRINGS or base == "anyURI" else None


def _check_length(datatype: Datatype, length: int) -> None:
    if datatype.length is not None and length != datatype.length:
        raise InvalidValue("length", f"length {datatype.length}")
    if datatype.min_length is not None and length < datatype.min_length:
        raise InvalidValue("length", f"length ≥ {datatype.min_length}")
    if datatype.max_length is not None and length > datatype.max_length:
        raise InvalidValue("length", f"length ≤ {datatype.max_length}")


def _comparable(base: str, lexical: str) -> Any:
    try:
        if base in TEMPORAL:
            return times.instant(base, lexical)
        if base in DURATIONS:
            return durations.span(lexical)
        return Decimal(lexical.replace("INF", "Infinity"))
    except (ValueError, ArithmeticError) as error:
        raise InvalidDatatype(f"{lexical!r} is not a value of {base}") from error


def _less(left: Any, right: Any) -> bool:
    """Whether one value is certainly less; durations are ordered partially."""
    if isinstance(left, tuple) and isinstance(left[0], tuple):
        return all(a < b for a, b in zip(left, right, strict=True))
    return bool(left < right)


def _bounds(datatype: Datatype) -> tuple[tuple[str, str, Any], ...]:
    given = (
        ("≥", datatype.min_inclusive),
        (">", datatype.min_exclusive),
        ("≤", datatype.max_inclusive),
        ("<", datatype.max_exclusive),
    )
    return tuple((sign, bound, _comparable(datatype.base, bound)) for sign, bound in given if bound)


def _check_range(base: str, lexical: str, bounds: tuple[tuple[str, str, Any], ...]) -> None:
    if lexical == "NaN":
        raise InvalidValue("range", f"{bounds[0][0]} {bounds[0][1]}")
    try:
        value = _comparable(base, lexical)
    except InvalidDatatype as error:
        raise InvalidValue("datatype", base) from error
    for sign, bound, limit in bounds:
        kept = {
            "≥": not _less(value, limit),
            ">": _less(limit, value),
            "≤": not _less(limit, value),
            "<": _less(value, limit),
        }[sign]
        if not kept:
            raise InvalidValue("range", f"{sign} {bound}")
