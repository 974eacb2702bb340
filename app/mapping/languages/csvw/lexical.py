"""Values of CSVW datatypes: the text of a cell to a lexical form of XML Schema, or a reason why not.

Pure functions of one string: the callers run them on each distinct value of a column. Integers
and decimals never become floats.

Source: Model for Tabular Data, section 6.4, https://www.w3.org/TR/tabular-data-model/ .
"""

from __future__ import annotations

import base64
import binascii
import json
import re
from collections.abc import Callable
from decimal import Decimal
from functools import lru_cache
from typing import Final

import re2

from app.mapping.languages.csvw import durations, numbers, times
from app.mapping.languages.csvw.datatypes import Datatype, InvalidFormat, InvalidValue
from app.mapping.languages.csvw.facets import check_facets, facet_check
from app.mapping.languages.csvw.vocabulary import DURATIONS, INTEGER_RANGES, NUMERIC, TEMPORAL

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


@lru_cache(maxsize=4096)
def reader(datatype: Datatype) -> Reader:
    """The function that reads one value of a datatype: text with white space already normalised
    to a lexical form. The function raises InvalidValue.

    Raises InvalidDatatype or InvalidFormat when no such function can be made.
    """
    check_facets(datatype)
    read, check = _base_reader(datatype), facet_check(datatype)
    if check is None:
        return read

    def read_and_check(text: str) -> str:
        lexical = read(text)
        check(lexical)
        return lexical

    return read_and_check


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
