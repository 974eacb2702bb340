"""Cells and values of the built-in datatypes with their constraints."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mapping.languages.csvw.cells import CellFormat, parse_cell
from app.mapping.languages.csvw.datatypes import (
    Datatype,
    InvalidDatatype,
    InvalidFormat,
    InvalidValue,
)
from app.mapping.languages.csvw.lexical import reader


@pytest.mark.parametrize(
    ("base", "text", "lexical"),
    [
        ("integer", "9007199254740993", "9007199254740993"),
        ("integer", "+0012", "+0012"),
        ("decimal", ".5", ".5"),
        ("double", "1E400", "1E400"),
        ("double", "-INF", "-INF"),
        ("unsignedLong", "18446744073709551615", "18446744073709551615"),
        ("boolean", "1", "true"),
        ("boolean", "false", "false"),
        ("anyURI", "http://例.jp/?q=1", "http://例.jp/?q=1"),
        ("hexBinary", "0fB8", "0fB8"),
        ("base64Binary", "SGVsbG8=", "SGVsbG8="),
        ("language", "ja-JP", "ja-JP"),
        ("QName", "ex:名前", "ex:名前"),
        ("json", '{"a": [1]}', '{"a": [1]}'),
        ("xml", "<a/>", "<a/>"),
    ],
)
def test_values_are_read(base: str, text: str, lexical: str) -> None:
    assert reader(Datatype(base))(text) == lexical


@pytest.mark.parametrize(
    ("base", "text"),
    [
        ("integer", "3.0"),
        ("integer", "1e3"),
        ("integer", "１２"),
        ("decimal", "1e3"),
        ("decimal", "NaN"),
        ("byte", "128"),
        ("unsignedLong", "18446744073709551616"),
        ("negativeInteger", "0"),
        ("boolean", "yes"),
        ("hexBinary", "0f8"),
        ("base64Binary", "SGVsbG8"),
        ("NMTOKEN", "a b"),
        ("Name", "1a"),
        ("anyURI", "http://a b/"),
        ("json", "{"),
        ("json", "[" * 100_000),
    ],
)
def test_values_of_another_kind_are_refused(base: str, text: str) -> None:
    with pytest.raises(InvalidValue) as raised:
        reader(Datatype(base))(text)
    assert raised.value.constraint == "datatype"


@given(st.integers())
def test_integers_of_any_length_stay_exact(number: int) -> None:
    assert reader(Datatype("integer"))(str(number)) == str(number)


@pytest.mark.parametrize(
    ("datatype", "good", "bad"),
    [
        (Datatype("string", length=2), "日本", "日本国"),
        (Datatype("string", min_length=2), "ab", "a"),
        (Datatype("hexBinary", max_length=1), "ff", "ffff"),
        (Datatype("base64Binary", length=5), "SGVsbG8=", "SGVsbA=="),
        (Datatype("integer", min_inclusive="5"), "5", "4"),
        (Datatype("integer", max_exclusive="5"), "4", "5"),
        (Datatype("decimal", min_exclusive="0.1"), "0.10000000000000000001", "0.10"),
        (Datatype("double", max_inclusive="1"), "-INF", "NaN"),
        (Datatype("date", min_inclusive="2015-06-05"), "2015-06-05", "2015-06-04"),
        (Datatype("time", max_inclusive="12:00:00"), "11:59:59.9", "12:00:00.1"),
        (Datatype("duration", max_exclusive="P1M"), "P27D", "P32D"),
    ],
)
def test_facets_bound_values(datatype: Datatype, good: str, bad: str) -> None:
    assert reader(datatype)(good) == good
    with pytest.raises(InvalidValue) as raised:
        reader(datatype)(bad)
    assert raised.value.constraint in ("length", "range")


@pytest.mark.parametrize(
    "datatype",
    [
        Datatype("date", length=3),
        Datatype("string", length=3, min_length=4),
        Datatype("string", length=3, max_length=2),
        Datatype("string", min_length=3, max_length=2),
        Datatype("string", min_inclusive="a"),
        Datatype("integer", min_inclusive="1", min_exclusive="1"),
        Datatype("integer", max_inclusive="1", max_exclusive="1"),
        Datatype("integer", min_inclusive="2", max_inclusive="1"),
        Datatype("integer", min_inclusive="1", max_exclusive="1"),
        Datatype("integer", min_exclusive="1", max_inclusive="1"),
        Datatype("integer", min_inclusive="many"),
    ],
)
def test_facets_that_contradict_each_other_are_an_error(datatype: Datatype) -> None:
    with pytest.raises(InvalidDatatype):
        reader(datatype)


@pytest.mark.parametrize(
    "datatype",
    [
        Datatype("string", format="["),
        Datatype("string", format="(a)\\1"),
        Datatype("integer", format="["),
        Datatype("boolean", format="YN"),
        Datatype("boolean", format="Y|N|X"),
        Datatype("date", format="yy"),
    ],
)
def test_formats_that_are_not_understood_are_told(datatype: Datatype) -> None:
    with pytest.raises(InvalidFormat):
        reader(datatype)


def test_a_regular_expression_that_explodes_elsewhere_takes_no_time() -> None:
    read = reader(Datatype("string", format="^(a+)+$"))
    with pytest.raises(InvalidValue):
        read("a" * 5000 + "b")


def values(text: str, form: CellFormat) -> list[str]:
    """The lexical forms of a cell."""
    return [value.lexical for value in parse_cell(text, form).values]


def test_white_space_follows_the_datatype() -> None:
    text = " a\t b \n"
    assert values(text, CellFormat(Datatype("string"))) == [text]
    assert values(text, CellFormat(Datatype("normalizedString"))) == [" a  b  "]
    assert values(text, CellFormat(Datatype("token"))) == ["a b"]


def test_a_null_text_gives_no_value_and_the_default_fills_an_empty_cell() -> None:
    form = CellFormat(Datatype("integer"), nulls=("-", "x"), default="7")
    assert values("-", form) == []
    assert values("", form) == ["7"]
    assert values("", CellFormat(nulls=("",), default="")) == []


def test_a_required_cell_without_a_value_is_missing() -> None:
    assert parse_cell("", CellFormat(required=True)).missing
    assert parse_cell("", CellFormat(required=True, separator=";")).missing
    assert not parse_cell("a", CellFormat(required=True)).missing


def test_a_list_is_split_and_each_item_is_a_value_of_its_own() -> None:
    form = CellFormat(Datatype("integer"), separator=";")
    cell = parse_cell("1; 2;x;", form)
    assert [(v.lexical, v.invalid is None) for v in cell.values] == [
        ("1", True),
        ("2", True),
        ("x", False),
    ]
    assert parse_cell("", form).values == ()
    assert values("a; b", CellFormat(separator=";")) == ["a", " b"]


def test_an_invalid_value_keeps_its_text() -> None:
    (value,) = parse_cell("3,5", CellFormat(Datatype("decimal"))).values
    assert value.lexical == "3,5"
    assert value.invalid is not None
    assert value.invalid.expected == "decimal"
