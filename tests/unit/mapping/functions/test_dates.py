"""Dates and times: eras, formats, serial numbers."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codes.calendar import ERAS, Era
from app.errors import MappingError
from app.mapping.functions.dates import date as by_format
from app.mapping.functions.dates import date_time, excel_date, excel_time
from app.mapping.functions.eras import era_date
from app.mapping.functions.registry import BadValue
from app.mapping.functions.times import time

DAYS_OF_ERAS = st.sampled_from(ERAS).flatmap(
    lambda era: st.tuples(
        st.just(era), st.dates(era.first, min(era.last, era.first.replace(year=era.offset + 99)))
    )
)


@given(DAYS_OF_ERAS)
def test_every_day_of_an_era_is_read_in_each_way_of_writing_it(pair: tuple[Era, date]) -> None:
    era, day = pair
    year = day.year - era.offset
    wide = str(year).translate({0x30 + n: 0xFF10 + n for n in range(10)})
    for written in (
        f"{era.letter}{year}.{day.month}.{day.day}",
        f"{era.letter}{year:02}/{day.month:02}/{day.day:02}",
        f"{era.name}{year}年{day.month}月{day.day}日",
        f"{era.name}{wide}年 {day.month}月{day.day}日",
        f"{era.name}{'元' if year == 1 else year}年{day.month}月{day.day}日",
        f"{day.year}/{day.month}/{day.day}",
        day.isoformat(),
    ):
        assert era_date(value=written) == day.isoformat()


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("S64.1.8", "H1.1.8"),
        ("H31.5.1", "R1.5.1"),
        ("T15.12.26", "S1.12.26"),
        ("M45.7.31", "T1.7.31"),
    ],
)
def test_a_day_after_the_end_of_its_era_is_refused_with_the_right_era(
    value: str, meant: str
) -> None:
    with pytest.raises(BadValue) as caught:
        era_date(value=value)
    assert meant in str(caught.value.values["suggestion"])
    assert meant in str(caught.value.values["suggestion_en"])


@pytest.mark.parametrize("value", ["S64.1.7", "T15.12.25", "S1.12.25", "M45.7.30", "T1.7.30"])
def test_the_days_on_which_eras_changed_are_read_in_both(value: str) -> None:
    assert era_date(value=value)


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("5/1/2023", "jfn:date"),
        ("44698", "jfn:excelDate"),
        ("令和6年9月2日午後6時", "jfn:dateTime"),
        ("2023年5月", "xsd:gYearMonth"),
        ("M5.12.2", "太陰太陽暦"),
        ("2023-02-29", "月と日"),
        ("2024年9月2日(火)", "月曜日"),
        ("いつか", "R6.9.2"),
        ("R٦.٩.٢", "R6.9.2"),
    ],
)
def test_what_cannot_be_a_date_is_refused_with_the_way_out(value: str, advice: str) -> None:
    with pytest.raises(BadValue) as caught:
        era_date(value=value)
    assert advice in str(caught.value.values["suggestion"])
    assert caught.value.values["value"] == value


@given(st.dates(date(1900, 3, 1), date(9999, 12, 31)))
def test_serial_dates_count_days_from_march_1900(day: date) -> None:
    serial = 61 + (day - date(1900, 3, 1)).days
    assert excel_date(value=str(serial)) == day.isoformat()


def test_the_day_that_only_excel_has_is_refused() -> None:
    assert excel_date(value="59") == "1900-02-28"
    assert excel_date(value="61") == "1900-03-01"
    with pytest.raises(BadValue):
        excel_date(value="60")


@given(st.integers(0, 86400))
def test_serial_times_are_the_fraction_of_the_day(seconds: int) -> None:
    hour, minute, second = seconds // 3600, seconds // 60 % 60, seconds % 60
    assert excel_time(value=f"{seconds / 86400:.15f}") == f"{hour:02}:{minute:02}:{second:02}"


def test_a_format_with_an_unknown_letter_is_an_error_of_the_mapping() -> None:
    with pytest.raises(MappingError) as caught:
        by_format(value="2023", format="QQQQ")
    assert "M/d/yyyy" in caught.value.message("ja")


def test_a_value_that_does_not_have_the_stated_format_names_the_format() -> None:
    with pytest.raises(BadValue) as caught:
        by_format(value="2023-05-01", format="M/d/yyyy")
    assert "M/d/yyyy" in str(caught.value.values["suggestion_en"])


@pytest.mark.parametrize(
    ("value", "result"),
    [
        ("8:00", "08:00:00"),
        ("0:00", "00:00:00"),
        ("24:00", "24:00:00"),
        ("２４時", "24:00:00"),
        ("12:30 AM", "00:30:00"),
        ("12:30 PM", "12:30:00"),
        ("午後０時", "12:00:00"),
        ("十八時三十分", "18:30:00"),
        ("　", None),
    ],
)
def test_times_are_read(value: str, result: str | None) -> None:
    assert time(value=value) == result


@pytest.mark.parametrize(
    "value", ["24:01", "25:00", "8:60", "9", "午後12時", "午前13時", "9:00-17:00"]
)
def test_what_is_no_time_or_may_be_two_is_refused(value: str) -> None:
    with pytest.raises(BadValue):
        time(value=value)


def test_the_end_of_a_day_is_the_beginning_of_the_next() -> None:
    assert date_time(value="令和6年12月31日24時") == "2025-01-01T00:00:00"


def test_the_zone_of_a_cell_is_stronger_than_that_of_the_mapping() -> None:
    assert date_time(value="2024-09-02T18:00Z", zone="+09:00") == "2024-09-02T18:00:00Z"
    with pytest.raises(MappingError):
        date_time(value="2024-09-02T18:00", zone="JST")


@given(st.dates(date(1, 1, 1), date(9999, 12, 31) - timedelta(days=1)))
def test_dates_in_their_own_form_stay_as_they_are(day: date) -> None:
    assert era_date(value=day.isoformat()) == day.isoformat()
