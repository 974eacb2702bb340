"""A CP932 table of 3,000 rows with twenty planted faults: each is named with its cell; so are the
faults of the real municipal files, and files that are no tables are refused."""

from __future__ import annotations

import csv
import io
import time
from pathlib import Path

import pytest

from app.codes.bundled import region_table
from app.errors import SourceEmpty, SourceError, SourceTooLarge
from app.findings import Severity
from app.publish.checking import check_bytes, check_file
from app.quality.report import CheckReport
from tests.unit.quality.tables import SETTINGS, check

HEADER = (
    "都道府県コード又は市区町村コード",
    "NO",
    "名称",
    "名称_カナ",
    "住所",
    "緯度",
    "経度",
    "電話番号",
    "開始時間",
    "終了時間",
    "面積[㎡]",
    "設置年月日",
    "URL",
    "備考",
)


def row(number: int) -> list[str]:
    return [
        "372013",
        str(number),
        f"見本第{number}公園",
        "ミホンコウエン",
        f"高松市番町{number % 9 + 1}丁目{number % 50 + 1}番地",
        f"{34.30 + number / 40000:.6f}",
        f"{134.00 + number / 30000:.6f}",
        f"087-{800 + number % 100}-{1000 + number % 9000:04}",
        "09:00",
        "17:00",
        str(100 + number % 900),
        f"20{number % 24:02}-{number % 12 + 1:02}-{number % 28 + 1:02}",
        f"https://www.example.jp/park/{number}",
        "",
    ]


# code, data row (its line is one more), column, value
PLANTED = [
    ("region-code-check-digit", 100, "都道府県コード又は市区町村コード", "372014"),
    ("key-duplicate", 201, "NO", "200"),
    ("name-near-duplicate", 301, "名称", "見本第 ３００公園"),
    ("halfwidth-kana", 400, "名称_カナ", "ﾐﾎﾝｺｳｴﾝ"),
    ("cell-omitted", 500, "住所", "同上"),
    ("coordinate-outside-japan", 600, "緯度", "343.1"),
    ("coordinate-not-decimal", 700, "経度", "134度1分"),
    ("phone-invalid", 800, "電話番号", "087-800-100"),
    ("phone-lost-zero", 900, "電話番号", "878001000"),
    ("personal-mobile", 1000, "電話番号", "090-1234-5678"),
    ("time-invalid", 1100, "開始時間", "25:00"),
    ("time-one-digit", 1200, "開始時間", "8:00"),
    ("cell-note", 1300, "面積[㎡]", "120(*1)"),
    ("thousands-separator", 1400, "面積[㎡]", "1,234"),
    ("fullwidth-character", 1500, "面積[㎡]", "１２３"),
    ("date-invalid", 1600, "設置年月日", "2023-02-30"),
    ("date-era", 1700, "設置年月日", "H15.4.1"),
    ("date-month-first", 1800, "設置年月日", "5/1/2023"),
    ("url-invalid", 1900, "URL", "www.example.jp"),
    ("cell-blank", 2999, "備考", "駐車場あり　"),
]


@pytest.fixture(scope="module")
def report() -> CheckReport:
    rows = [row(number) for number in range(1, 3001)]
    for _, number, column, value in PLANTED:
        rows[number - 1][HEADER.index(column)] = value
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *rows])
    return check(text.getvalue().encode("cp932"))


@pytest.mark.parametrize("planted", PLANTED, ids=[code for code, *_ in PLANTED])
def test_a_planted_fault_is_named_with_its_cell(
    planted: tuple[str, int, str, str], report: CheckReport
) -> None:
    code, number, column, _ = planted
    found = [f for f in report.findings if f.kind.code == code]
    assert [(f.place.line, f.place.field) for f in found] == [(number + 1, column)]


def test_nothing_else_is_said_of_the_cells(report: CheckReport) -> None:
    planted = {code for code, *_ in PLANTED}
    about_the_table = {
        "encoding-not-utf8",
        "licence-missing",
        "metadata-missing",
        "datum-missing",
        "date-mixed-formats",
    }
    assert set(report.findings.counts()) == planted | about_the_table


EXPECTED_IN_REAL_FILES = {
    "kanazawa5374_center.csv": {"date-not-iso": 4},
    "nanao_evac_reference.csv": {"unit-missing": 1, "cell-line-break": 1},
    "takamatsu_aed_bom_linkrow.csv": {
        "phone-invalid": 1,
        "halfwidth-kana": 9,
        "cell-blank": 41,
        "platform-character": 2,
        "name-near-duplicate": 24,
    },
    "takamatsu_organisation_list.csv": {},
    "takamatsu_population_cp932.csv": {
        "encoding-not-utf8": 1,
        "date-month-first": 235,
        "region-code-five-digits": 235,
    },
    "takamatsu_sandbag_jp_header_note_col.csv": {
        "note-column": 1,
        "table-header-empty": 1,
        "time-one-digit": 9,
    },
    "takamatsu_wellbeing_multirow_header.csv": {"table-header-rows": 1},
}
_OF_EVERY_FILE = {"licence-missing", "metadata-missing", "encoding-undeclared", "datum-missing"}


@pytest.mark.shared
@pytest.mark.parametrize("name", EXPECTED_IN_REAL_FILES)
def test_real_files_have_the_findings_that_a_person_sees(name: str, shared: Path) -> None:
    report = check_file(shared / "data/municipal-csv" / name, SETTINGS, region_table())
    counts = {c: n for c, n in report.findings.counts().items() if c not in _OF_EVERY_FILE}
    assert counts.items() >= EXPECTED_IN_REAL_FILES[name].items()
    assert set(counts) - set(EXPECTED_IN_REAL_FILES[name]) <= {
        "value-missing-sign",
        "spreadsheet-error",
    }


@pytest.mark.shared
def test_real_files_have_few_errors(shared: Path) -> None:
    """Only what is certainly wrong is an error: 845-4111 has no area code, #REF! is no value."""
    errors = {
        finding.kind.code
        for file in (shared / "data/municipal-csv").glob("*.csv")
        for finding in check_file(file, SETTINGS, region_table()).findings
        if finding.kind.severity is Severity.ERROR
    }
    assert errors == {"phone-invalid", "spreadsheet-error"}


@pytest.mark.parametrize(
    ("name", "data", "error"),
    [
        ("empty.csv", b"", SourceEmpty),
        ("page.csv", b"<!DOCTYPE html><html><body>404</body></html>", SourceError),
        ("binary.csv", bytes(range(256)) * 64, SourceError),
        ("book.xlsx", b"PK\x03\x04not a workbook", SourceError),
        ("wide.csv", b",".join(b"c%d" % n for n in range(10_000)) + b"\n", SourceTooLarge),
        ("long.csv", b"a,b\n1," + b"x" * (10 << 20) + b"\n", SourceTooLarge),
    ],
)
def test_what_is_no_table_is_refused_with_a_reason(
    name: str, data: bytes, error: type[SourceError]
) -> None:
    with pytest.raises(error) as caught:
        check_bytes(name, data, SETTINGS, region_table())
    assert caught.value.text.ja
    assert caught.value.place is not None


def test_a_header_alone_is_checked() -> None:
    report = check("NO,名称\n")
    assert report.rows == 0
    assert report.assessment.level.value == 0


@pytest.mark.parametrize(
    "text",
    [
        "a\n\n\n1\n",
        '"","",""\n1,2,3\n',
        "緯度,経度\n,\n",
        "緯度,緯度\n34,35\n",
        "NO,NO\n1,1\n1,1\n",
        "備考,b\n" + "あ" * 200 + "\x01,\x00\n",
        "日付\n９９９９/１３/４５\n",
        "緯度,経度\n" + "9" * 400 + ",1e999\n",
        "設置年月日\n" + "0000-00-00\n令和0年1月1日\n99999\n",
        "都道府県コード又は市区町村コード\n000000\n999999\n-1\n12345678\n",
    ],
)
def test_odd_tables_are_checked_without_a_fault(text: str) -> None:
    report = check(text, excerpt_rows=50)
    for finding in report.findings:
        assert finding.message("ja")
        assert finding.message("en")


def test_a_hundred_thousand_rows_are_checked_in_seconds() -> None:
    text = io.StringIO()
    csv.writer(text).writerows([HEADER, *(row(number) for number in range(1, 100_001))])
    data = text.getvalue().encode("utf-8-sig")
    started = time.process_time()
    report = check(data)
    # 1.3 s on two quiet cores; the bound is wide, for a shared machine.
    assert time.process_time() - started < 8
    assert report.rows == 100_000
