"""Cells become ranges, and the number of findings stays bounded."""

from __future__ import annotations

from tests.unit.quality.tables import check, places


def test_neighbouring_cells_of_a_matter_of_style_are_one_range() -> None:
    rows = "".join(f"{n},2015/1/{n}\n" for n in range(1, 29))
    assert places(check("NO,設置年月日\n" + rows), "date-not-iso") == [(2, 29, "設置年月日", 28)]


def test_different_values_of_a_warning_are_told_one_by_one() -> None:
    report = check("NO,設置年月日\n1,5/1/2023\n2,5/1/2023\n3,5/2/2023\n4,2023-05-03\n")
    assert places(report, "date-month-first") == [
        (2, 3, "設置年月日", 2),
        (4, None, "設置年月日", 1),
    ]


def test_a_range_does_not_cross_a_fine_cell() -> None:
    report = check("NO,開始時間\n1,8:00\n2,08:00\n3,9:00\n4,9:30\n")
    assert places(report, "time-one-digit") == [
        (2, None, "開始時間", 1),
        (4, 5, "開始時間", 2),
    ]


def test_past_twenty_ranges_the_rest_of_a_column_is_told_as_one() -> None:
    rows = "".join(f"{n},{n % 28 + 1}/1/2023\n" for n in range(3000))
    report = check("NO,設置年月日\n" + rows)
    told = places(report, "date-month-first")
    assert len(told) == 21
    assert sum(count for *_, count in told) == report.findings.counts()["date-month-first"] == 3000
    assert told[-1][:2] == (22, 3001)


def test_ranges_go_on_from_batch_to_batch() -> None:
    rows = "".join(f"{n},8:00,{'x' * 60}\n" for n in range(60_000))  # several blocks of 2 MiB
    assert places(check("NO,開始時間,備考\n" + rows), "time-one-digit") == [
        (2, 60_001, "開始時間", 60_000)
    ]


def test_lines_are_physical_ones() -> None:
    report = check('NO,備考,開始時間\n1,"a\nb\nc",09:00\n2,x,25:30\n')
    assert places(report, "time-invalid") == [(5, None, "開始時間", 1)]
