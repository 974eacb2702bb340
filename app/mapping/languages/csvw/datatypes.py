"""Values of CSVW datatypes: the text of a cell to a lexical form of XML Schema, or a reason why not.

Pure functions of one string: the callers run them on each distinct value of a column. Integers
and decimals never become floats.

Source: Model for Tabular Data, sections 4.6 and 6.4, https://www.w3.org/TR/tabular-data-model/ .
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

import re2

from app.mapping.languages.csvw import durations, numbers, times
from app.mapping.languages.csvw.vocabulary import (
    BINARY,
    DATATYPES,
    DURATIONS,
    INTEGER_RANGES,
    NUMERIC,
    STRINGS,
    TEMPORAL,
)

Reader = Callable[[str], str]

_DECIMAL = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)")
_DOUBLE = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[Ee][+-]?[0-9]+)?|[+-]?INF|NaN")
_LETTERS = (
    r"A-Z_a-z\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u037F-\u1FFF\u200C-\u200D"
    r"\u2070-\u218F\u2C00-\u2FEF\u3001-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD\U00010000-\U000EFFFF"
)
_OTHERS = r"\-.0-9\u00B7\u0300-\u036F\u203F-\u2040"
_LOCAL_NAME = f"[{_LETTERS}][{_LETTERS}{_OTHERS}]*"
_LEXICAL: Final = {
    "language": re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*"),
    "Name": re.compile(f"[:{_LETTERS}][:{_LETTERS}{_OTHERS}]*"),
    "NMTOKEN": re.compile(f"[:{_LETTERS}{_OTHERS}]+"),
    "QName": re.compile(f"{_LOCAL_NAME}(?::{_LOCAL_NAME})?"),
}
"""Names of XML 1.0, sections 2.3, and of Namespaces in XML."""


_QUIET = re2.Options()
_QUIET.log_errors = False


class InvalidValue(ValueError):
    """A cell's text is not of its datatype. `constraint` names what it breaks: "datatype",
    "format", "length" or "range"."""

    def __init__(self, constraint: str, expected: str) -> None:
        super().__init__(expected)
        self.constraint = constraint
        self.expected = expected


class InvalidDatatype(ValueError):
    """A datatype description contradicts itself (section 5.11.2); the metadata is in error."""


class InvalidFormat(ValueError):
    """A format is not understood; it is to be ignored with a warning."""


@dataclass(frozen=True, slots=True)
class Datatype:
    """A datatype description. `format` is a number pattern, "true|false" words, a date format or
    a regular expression, as `base` asks; bounds are lexical forms."""

    base: str = "string"
    id: str | None = None
    format: str | None = None
    group_char: str | None = None
    decimal_char: str | None = None
    length: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    min_inclusive: str | None = None
    max_inclusive: str | None = None
    min_exclusive: str | None = None
    max_exclusive: str | None = None

    @property
    def iri(self) -> str:
        """The datatype of literals."""
        return self.id or DATATYPES[self.base]

    def __str__(self) -> str:
        return f"{self.base} ({self.format})" if self.format else self.base


STRING: Final = Datatype()


@lru_cache(maxsize=4096)
def reader(datatype: Datatype) -> Reader:
    """The function that reads one value of a datatype: text with white space already normalised
    to a lexical form. The function raises InvalidValue.

    Raises InvalidDatatype or InvalidFormat when no such function can be made.
    """
    check_description(datatype)
    read = _base_reader(datatype)
    measure = _length_of(datatype.base)
    bounds = _bounds(datatype)

    def read_value(text: str) -> str:
        lexical = read(text)
        if measure is not None:
            _check_length(datatype, measure(lexical))
        if bounds:
            _check_range(datatype.base, lexical, bounds)
        return lexical

    return read_value


def check_description(datatype: Datatype) -> None:
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


def _base_reader(datatype: Datatype) -> Reader:
    base = datatype.base
    if base in NUMERIC:
        return _number_reader(datatype)
    if base == "boolean":
        return _boolean_reader(datatype.format)
    if base in TEMPORAL:
        return _time_reader(datatype)
    lexical = _lexical_reader(base)
    if datatype.format is None:
        return lexical
    try:
        expression = re2.compile(datatype.format, _QUIET)
    except re2.error as error:
        raise InvalidFormat(f"not a regular expression: {error}") from error

    def read(text: str) -> str:
        if expression.search(text) is None:
            raise InvalidValue("format", f"{base} {datatype.format}")
        return lexical(text)

    return read


def _number_reader(datatype: Datatype) -> Reader:
    base = datatype.base
    pattern = None
    decimal_char = datatype.decimal_char or "."
    formatted = bool(datatype.format or datatype.group_char or datatype.decimal_char)
    if datatype.format is not None:
        try:
            pattern = numbers.parse_pattern(
                datatype.format, datatype.group_char or ",", decimal_char
            )
        except numbers.BadPattern as error:
            raise InvalidFormat("not a number pattern") from error
    lexical_pattern = _DOUBLE if base in ("double", "float") else _DECIMAL

    def read(text: str) -> str:
        number = text
        if formatted and not (text in numbers.SPECIAL and lexical_pattern is _DOUBLE):
            try:
                number = (
                    pattern.read(text)
                    if pattern is not None
                    else numbers.read_without_pattern(text, datatype.group_char, decimal_char)
                )
            except numbers.NotANumber as error:
                raise InvalidValue("format", str(datatype)) from error
        if lexical_pattern.fullmatch(number) is None:
            raise InvalidValue("datatype", base)
        if base in INTEGER_RANGES:
            _check_integer(base, number)
        return number

    return read


def _check_integer(base: str, number: str) -> None:
    low, high = INTEGER_RANGES[base]
    if "." in number:
        raise InvalidValue("datatype", base)
    value = Decimal(number)
    if (low is not None and value < low) or (high is not None and value > high):
        raise InvalidValue("datatype", base)


def _boolean_reader(words: str | None) -> Reader:
    if words is None:
        known = {"true": "true", "1": "true", "false": "false", "0": "false"}
    else:
        true, bar, false = words.partition("|")
        if not bar or not true or not false or "|" in false or true == false:
            raise InvalidFormat("not two words separated by |")
        known = {true: "true", false: "false"}
    expected = words or "true|false|1|0"

    def read(text: str) -> str:
        if text not in known:
            raise InvalidValue("format" if words else "datatype", f"boolean {expected}")
        return known[text]

    return read


def _time_reader(datatype: Datatype) -> Reader:
    base = datatype.base
    time_format = None
    if datatype.format is not None:
        try:
            time_format = times.parse_format(base, datatype.format)
        except times.BadFormat as error:
            raise InvalidFormat("not a date or time format") from error

    def read(text: str) -> str:
        try:
            return times.read_lexical(base, text) if time_format is None else time_format.read(text)
        except times.NotATime as error:
            constraint = "datatype" if time_format is None else "format"
            raise InvalidValue(constraint, str(datatype)) from error

    return read


def _lexical_reader(base: str) -> Reader:
    def read(text: str) -> str:
        if not _is_lexical(base, text):
            raise InvalidValue("datatype", base)
        return text

    return read


def _is_lexical(base: str, text: str) -> bool:
    try:
        if base in DURATIONS:
            durations.read_duration(base, text)
        elif base == "base64Binary":
            base64.b64decode("".join(text.split()), validate=True)
        elif base == "hexBinary":
            binascii.unhexlify(text)
        elif base == "json":
            json.loads(text)
        elif base == "anyURI":
            return not re.search(r"[\s<>\"{}|\\^`]", text)
        elif base in _LEXICAL:
            return _LEXICAL[base].fullmatch(text) is not None
    except (ValueError, RecursionError):
        return False
    return True


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
