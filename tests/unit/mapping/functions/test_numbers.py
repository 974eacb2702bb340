"""Numbers and coordinates: exact, within their range."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import MappingError
from app.mapping.functions.coordinates import latitude, longitude, wkt
from app.mapping.functions.datum import tokyo_to_jgd2011_latitude, tokyo_to_jgd2011_longitude
from app.mapping.functions.grel_arrays import array_sum
from app.mapping.functions.numbers import decimal, integer
from app.mapping.functions.registry import BadValue

WIDE = {ord(c): ord(c) + 0xFEE0 for c in "0123456789+-.,"}
LARGE = st.integers(-(10**60), 10**60)


@given(LARGE)
def test_integers_of_any_length_stay_exact_in_every_way_of_writing_them(number: int) -> None:
    for written in (
        str(number),
        f"{number:,}",
        f" {number:,} ",
        f"{number}.0",
        str(number).translate(WIDE),
        str(number).replace("-", "▲"),
        str(number).replace("-", "−"),
    ):
        assert integer(value=written) == str(number)


def test_an_integer_past_the_floats_stays_itself() -> None:
    assert integer(value="9007199254740993") == "9007199254740993"
    assert decimal(value="9007199254740993.0000000001") == "9007199254740993.0000000001"


@given(st.decimals(allow_nan=False, allow_infinity=False, places=12))
def test_decimals_keep_their_value(number: Decimal) -> None:
    result = decimal(value=f"{number:f}")
    assert isinstance(result, str)
    assert Decimal(result) == number


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6))
def test_reading_a_decimal_again_changes_nothing(number: Decimal) -> None:
    once = decimal(value=f"{number:,f}")
    assert isinstance(once, str)
    assert decimal(value=once) == once


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("1.35E+11", "桁を丸めています"),
        ("12㎡", "単位は見出し"),
        ("1.6(*1)", "(*1)"),
        ("1.6²", "「²」"),
        ("-", "null"),
        ("…", "null"),
        ("多数", "数字だけ"),
    ],
)
def test_what_is_no_number_is_refused_with_the_way_out(value: str, advice: str) -> None:
    with pytest.raises(BadValue) as caught:
        decimal(value=value)
    assert advice in str(caught.value.values["suggestion"])


@pytest.mark.parametrize(
    "value", ["1,23", "1,2345", "1..2", "0x10", "1e5", "¹", "100①", "٣", "+-1", "."]
)
def test_forms_that_only_look_like_numbers_are_refused(value: str) -> None:
    with pytest.raises(BadValue):
        integer(value=value)


def test_a_sum_is_exact() -> None:
    assert array_sum(array=("0.1",) * 3) == "0.3"
    assert array_sum(array=("9007199254740993", "9007199254740993")) == "18014398509481986"


@given(st.decimals(20, 46, places=9), st.decimals(122, 155, places=9))
def test_coordinates_in_japan_keep_their_digits(north: Decimal, east: Decimal) -> None:
    assert latitude(value=str(north)) == str(north)
    assert longitude(value=str(east)) == str(east)
    assert wkt(latitude=str(north), longitude=str(east)) == f"POINT({east} {north})"


@given(st.integers(24, 45), st.integers(0, 59), st.integers(0, 59))
def test_degrees_minutes_and_seconds_are_read_in_each_way_of_writing_them(
    degrees: int, minutes: int, seconds: int
) -> None:
    expected = degrees + Decimal(minutes) / 60 + Decimal(seconds) / 3600
    for written in (
        f"{degrees}°{minutes}′{seconds}″",
        f"{degrees}度{minutes}分{seconds}秒",
        f"北緯{degrees}度{minutes:02}分{seconds:02}秒",
        f"{degrees}.{minutes:02}.{seconds:02}",
        f"{degrees}/{minutes}/{seconds}",
        f"{degrees}:{minutes}:{seconds}N",
    ):
        result = latitude(value=written)
        assert isinstance(result, str)
        assert abs(Decimal(result) - expected) < Decimal("1E-8")


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("0", "空欄"),
        ("0.0", "空欄"),
        ("134.05", "入れ替わって"),
        ("東経34.3", "入れ替わって"),
        ("91", "20〜46"),
        ("34.34,134.05", "jfn:part"),
        ("34度60分", "60 未満"),
        ("高松", "十進数"),
    ],
)
def test_a_wrong_latitude_is_refused_with_its_reason(value: str, advice: str) -> None:
    with pytest.raises(BadValue) as caught:
        latitude(value=value)
    assert advice in str(caught.value.values["suggestion"])


def test_the_whole_globe_is_allowed_on_demand() -> None:
    assert latitude(value="0", area="world") == "0"
    assert longitude(value="-73.98", area="world") == "-73.98"
    assert longitude(value="西経73.98", area="world") == "-73.98"
    with pytest.raises(MappingError):
        latitude(value="1", area="mars")


# The origin of Japanese geodesy in both systems.
# https://www.gsi.go.jp/sokuchikijun/datum-main.html
ORIGIN_TOKYO = ("35.654865222", "139.744583889")
ORIGIN_JGD2000 = (Decimal("35.658099222"), Decimal("139.741354417"))


def test_the_tokyo_datum_is_shifted_to_within_ten_metres_at_the_origin() -> None:
    north, east = ORIGIN_TOKYO
    found_north = tokyo_to_jgd2011_latitude(latitude=north, longitude=east)
    found_east = tokyo_to_jgd2011_longitude(latitude=north, longitude=east)
    assert isinstance(found_north, str)
    assert isinstance(found_east, str)
    ten_metres = Decimal("0.0001")
    assert abs(Decimal(found_north) - ORIGIN_JGD2000[0]) < ten_metres
    assert abs(Decimal(found_east) - ORIGIN_JGD2000[1]) < ten_metres
