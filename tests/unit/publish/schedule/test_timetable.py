"""Schedules are read as cron reads them, by the clock of their zone."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app.errors import DatasetError
from app.mapping.languages.scanning import Limits
from app.publish.description import read_description
from app.publish.schedule.timetable import Timetable
from app.settings import load

NOON = datetime(2025, 11, 21, 12, 0, tzinfo=UTC)  # 21:00 in Tokyo


@pytest.mark.parametrize(
    ("form", "zone", "then"),
    [
        ("0 3 * * *", "Asia/Tokyo", datetime(2025, 11, 21, 18, 0, tzinfo=UTC)),
        ("0 3 * * *", "UTC", datetime(2025, 11, 22, 3, 0, tzinfo=UTC)),
        ("*/15 * * * *", "Asia/Tokyo", datetime(2025, 11, 21, 12, 15, tzinfo=UTC)),
        ("30 6 1 * *", "Asia/Tokyo", datetime(2025, 11, 30, 21, 30, tzinfo=UTC)),
        ("0 9 * * MON", "Asia/Tokyo", datetime(2025, 11, 24, 0, 0, tzinfo=UTC)),
    ],
)
def test_the_next_time(form: str, zone: str, then: datetime) -> None:
    assert Timetable(form, zone).after(NOON) == then


def test_a_day_that_never_comes() -> None:
    with pytest.raises(ValueError, match="30 2"):
        Timetable("0 0 30 2 *")


@pytest.mark.parametrize("form", ["0 3 * *", "daily", "61 * * * *", "0 3 * * * *x"])
def test_what_is_no_schedule_is_refused(form: str) -> None:
    with pytest.raises(ValueError, match="minute hour day month weekday"):
        Timetable(form)


def test_a_description_with_a_wrong_schedule_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "datapackage.yaml"
    file.write_text("name: a\ntitle: A\nschedule: 毎日\nresources: [{path: a.csv}]\n", "utf-8")
    with pytest.raises(DatasetError, match="schedule") as refused:
        read_description(file, Limits.of(load(None, {})))
    assert refused.value.place is not None
    assert refused.value.place.line == 3
