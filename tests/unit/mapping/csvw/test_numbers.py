"""Number patterns of UAX 35 and numbers without a pattern."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mapping.languages.csvw.numbers import (
    BadPattern,
    NotANumber,
    parse_pattern,
    read_without_pattern,
    shifted,
)


@pytest.mark.parametrize(
    ("pattern", "text", "number"),
    [
        ("0", "7", "7"),
        ("##0", "1234", "1234"),
        ("#,##0", "1,234,567", "1234567"),
        ("#,##,##0", "12,34,567", "1234567"),
        ("#0.0#", "12.34", "12.34"),
        ("#0.0#,#", "12.34,5", "12.345"),
        ("0.000,###", "1.123,456", "1.123456"),
        ("#0.###", "10", "10"),
        ("+0", "+1", "+1"),
        ("+0", "-1", "-1"),
        ("-0", "-1", "-1"),
        ("000%", "123%", "1.23"),
        ("000%", "-050%", "-0.5"),
        ("000‰", "123‰", "0.123"),
        ("%000", "%-123", "-1.23"),
        ("0.0E0", "1.5E3", "1.5e3"),
        ("0.0E+00", "1.5E-03", "1.5e-03"),
        ("¥#,##0", "¥1,200", "1200"),
        ("#,##0円", "1,200円", "1200"),
    ],
)
def test_a_number_that_follows_its_pattern_is_read(pattern: str, text: str, number: str) -> None:
    assert parse_pattern(pattern).read(text) == number


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("##0", "1,234"),
        ("##0", "123.4"),
        ("#,#00", "1"),
        ("#,#00", "1234"),
        ("#,#00", "12,34"),
        ("#,#00", "12,34,567"),
        ("#0.#", "12.34"),
        ("#0.0", "1"),
        ("#0.0", "1."),
        ("+0", "1"),
        ("-0", "+1"),
        ("000%", "123"),
        ("0.00E0", "10.10e10"),
        ("0", ""),
        ("#", ""),
        ("0", "１２"),
        ("0", "1 2"),
    ],
)
def test_a_number_that_does_not_follow_its_pattern_is_refused(pattern: str, text: str) -> None:
    with pytest.raises(NotANumber):
        parse_pattern(pattern).read(text)


@pytest.mark.parametrize("pattern", ["[", "", "abc", "0#", "0.#0", "0.", "0E", "{0}"])
def test_what_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(BadPattern):
        parse_pattern(pattern)


def test_patterns_are_written_with_the_separators_of_the_cells() -> None:
    pattern = parse_pattern("#.##0,0", group_char=".", decimal_char=",")
    assert pattern.read("1.234.567,8") == "1234567.8"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("123,456.789", "123456.789"),
        ("-1", "-1"),
        ("1E5", "1e5"),
        ("12.5%", "0.125"),
        ("NaN", "NaN"),
        ("-INF", "-INF"),
    ],
)
def test_without_a_pattern_separators_signs_and_percent_are_understood(
    text: str, number: str
) -> None:
    assert read_without_pattern(text, ",", ".") == number


@pytest.mark.parametrize("text", ["1,,2", ",1", "1.", "abc", "", "--1", "1%%"])
def test_without_a_pattern_other_texts_are_refused(text: str) -> None:
    with pytest.raises(NotANumber):
        read_without_pattern(text, ",", ".")


@given(st.integers())
def test_grouped_integers_come_back_exactly(number: int) -> None:
    assert parse_pattern("#,##0").read(f"{number:,}") == str(number)


@given(st.integers(min_value=-(10**40), max_value=10**40))
def test_percent_is_exact_however_long_the_number_is(number: int) -> None:
    digits = shifted(str(number), 2)
    sign, rest = ("-", digits[1:]) if digits.startswith("-") else ("", digits)
    integer, _, fraction = rest.partition(".")
    assert int(f"{sign}{integer}{fraction.ljust(2, '0')}") == number
