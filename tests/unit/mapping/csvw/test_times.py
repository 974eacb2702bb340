"""Dates, times and durations: formats, lexical forms, order."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.mapping.languages.csvw.durations import NotADuration, read_duration, span
from app.mapping.languages.csvw.times import (
    BadFormat,
    NotATime,
    days_from_epoch,
    instant,
    parse_format,
    read_lexical,
)


@pytest.mark.parametrize(
    ("base", "form", "text", "lexical"),
    [
        ("date", "yyyy-MM-dd", "2015-03-22", "2015-03-22"),
        ("date", "yyyyMMdd", "20150322", "2015-03-22"),
        ("date", "M/d/yyyy", "3/2/2015", "2015-03-02"),
        ("date", "d.M.yyyy", "22.3.2015", "2015-03-22"),
        ("date", "dd.MM.yyyy XXX", "22.03.2015 +09:00", "2015-03-22+09:00"),
        ("date", "yyyy年M月d日", "2015年3月2日", "2015-03-02"),
        ("time", "HH:mm", "15:02", "15:02:00"),
        ("time", "HHmm XX", "1502 +0900", "15:02:00+09:00"),
        ("time", "HH:mm:ssX", "15:02:37-05", "15:02:37-05:00"),
        ("time", "HH:mm:ss.SS", "15:02:37.1", "15:02:37.1"),
        ("time", "HH:mm:ss.SS", "15:02:37", "15:02:37"),
        ("time", "H:mm", "9:05", "09:05:00"),
        ("dateTime", "yyyy-MM-ddTHH:mm:ss", "2015-03-15T15:02:37", "2015-03-15T15:02:37"),
        ("dateTime", "d-M-yyyy HHmm X", "15-3-2015 1502 Z", "2015-03-15T15:02:00Z"),
        ("dateTime", "yyyy/MM/dd HH:mm", "2015/03/15 24:00", "2015-03-15T24:00:00"),
        ("gYearMonth", "yyyy/M", "2015/3", "2015-03"),
    ],
)
def test_formats_are_read(base: str, form: str, text: str, lexical: str) -> None:
    assert parse_format(base, form).read(text) == lexical


@pytest.mark.parametrize(
    ("base", "form", "text"),
    [
        ("date", "yyyy-MM-dd", "2015-02-29"),
        ("date", "yyyy-MM-dd", "2015-13-01"),
        ("date", "yyyy-MM-dd", "2015-3-2"),
        ("date", "d/M/yyyy", "22/03/15"),
        ("time", "HH:mm", "25:00"),
        ("time", "HH:mm:ss.S", "15:02:37.143"),
        ("dateTime", "yyyy-MM-dd HH:mm", "2015-03-15 24:01"),
        ("dateTimeStamp", "yyyy-MM-dd HH:mm", "2015-03-15 12:01"),
        ("date", "yyyy-MM-ddXXX", "2015-03-15+15:00"),
    ],
)
def test_days_and_times_that_do_not_exist_are_refused(base: str, form: str, text: str) -> None:
    with pytest.raises(NotATime):
        parse_format(base, form).read(text)


@pytest.mark.parametrize(
    ("base", "form"),
    [
        ("date", "yy-MM-dd"),
        ("date", "yyyy-MM"),
        ("date", "yyyy-MM-dd HH:mm"),
        ("time", "HH"),
        ("date", "dd MMM yyyy"),
        ("date", "yyyy-MM-dd-dd"),
        ("date", ""),
        ("date", "'yyyy"),
    ],
)
def test_formats_that_are_not_understood_are_refused(base: str, form: str) -> None:
    with pytest.raises(BadFormat):
        parse_format(base, form)


@pytest.mark.parametrize(
    ("base", "text"),
    [
        ("date", "2015-03-22"),
        ("date", "-0044-03-15"),
        ("date", "12015-03-22Z"),
        ("time", "24:00:00"),
        ("dateTime", "2015-03-15T15:02:37.123456789Z"),
        ("gDay", "---31"),
        ("gMonth", "--02"),
        ("gMonthDay", "--02-29"),
        ("gYear", "9999-08:00"),
    ],
)
def test_lexical_forms_of_xml_schema_stay(base: str, text: str) -> None:
    assert read_lexical(base, text) == text


@pytest.mark.parametrize(
    ("base", "text"),
    [
        ("date", "2015-02-30"),
        ("date", "15-03-22"),
        ("date", "2015-03-22T00:00:00"),
        ("date", "9" * 5000 + "-01-01"),
        ("dateTimeStamp", "2015-03-15T15:02:37"),
        ("gMonthDay", "--04-31"),
        ("time", "12:60:00"),
    ],
)
def test_other_lexical_forms_are_refused(base: str, text: str) -> None:
    with pytest.raises(NotATime):
        read_lexical(base, text)


@given(st.dates(), st.dates())
def test_days_are_counted_like_the_calendar(first: date, second: date) -> None:
    counted = days_from_epoch(first.year, first.month, first.day) - days_from_epoch(
        second.year, second.month, second.day
    )
    assert counted == (first - second).days


def test_instants_compare_across_zones() -> None:
    assert instant("dateTime", "2015-03-15T12:00:00+09:00") == instant(
        "dateTime", "2015-03-15T03:00:00Z"
    )
    assert instant("time", "12:00:00.1") < instant("time", "12:00:00.11")


@pytest.mark.parametrize("text", ["P1Y2M3DT4H5M6.7S", "-P60D", "PT0S", "P0Y"])
def test_durations_are_read(text: str) -> None:
    assert read_duration("duration", text) == text


@pytest.mark.parametrize("text", ["P", "PT", "P1YT", "1Y", "P1S", "PT1Y", "P-1Y", "P１Y"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(NotADuration):
        read_duration("duration", text)


def test_durations_are_ordered_partially() -> None:
    month, thirty, sixty = span("P1M"), span("P30D"), span("P60D")
    assert all(a < b for a, b in zip(month, sixty, strict=True))
    assert not all(a < b for a, b in zip(thirty, month, strict=True))
    assert not all(a < b for a, b in zip(month, thirty, strict=True))
