"""`tsunagu check` and `tsunagu fix`."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path

import pytest

from app.errors import DatasetNotFound, SourceNotFound, UsageError
from tests.unit.cli.conftest import Site

FAULTY = "NO,名称,開始時間,備考\n1,中央公園,25:00,<b>\n2,東公園,8:00,\n"
FINE = "NO,名称,開始時間\n1,中央公園,09:00\n2,東公園,08:00\n"


@pytest.fixture
def table(site: Site) -> Path:
    path = site.folder / "t.csv"
    path.write_text(FAULTY, encoding="utf-8")
    return path


def test_a_wrong_value_makes_the_command_exit_with_1(site: Site, table: Path) -> None:
    result = site("check", "t.csv")
    assert result.code == 1
    assert "time-invalid" in result.output
    assert "2 [開始時間]" in result.output
    assert "レベル 2/4" in result.output


def test_a_table_without_a_wrong_value_exits_with_0(site: Site) -> None:
    (site.folder / "fine.csv").write_text(FINE, encoding="utf-8")
    assert site("check", "fine.csv").code == 0


def test_json_is_the_report(site: Site, table: Path) -> None:
    result = site("check", "t.csv", "--json")
    report = json.loads(result.output)
    assert result.code == 1
    assert report["counts"]["time-invalid"] == 1
    assert {"level", "stars", "checklist", "metadata", "columns", "findings"} <= set(report)


def test_a_data_set_is_checked_with_its_description(site: Site) -> None:
    site.dataset()
    report = json.loads(site("check", "things", "--json").output)
    assert report["stars"]["value"] == 4
    assert report["level"]["value"] == 4
    assert "licence-missing" not in report["counts"]
    assert "metadata-incomplete" in report["counts"]


def test_what_is_not_there_is_refused(site: Site) -> None:
    assert isinstance(site("check", "nothing.csv").error, SourceNotFound)
    unknown = site("check", "nothing")
    assert isinstance(unknown.error, DatasetNotFound)
    assert unknown.code == 2


class _Parsed(HTMLParser):
    """Tags, what they load, and the cells that are marked."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.marked: list[str] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.loads += [v or "" for k, v in attrs if k in ("src", "href")]
        self._inside = tag == "mark"

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.marked.append(data)
            self._inside = False


def test_the_html_report_needs_nothing_else_and_marks_the_cells(site: Site, table: Path) -> None:
    site("check", "t.csv", "--html", "report.html")
    text = (site.folder / "report.html").read_text(encoding="utf-8")
    parsed = _Parsed(text)
    assert parsed.loads == []
    assert "<script" not in text
    assert parsed.marked == ["25:00", "8:00"]
    assert "「25:00」という時刻はありません。" in text
    assert "there is no time 25:00." in text
    assert "&lt;b&gt;" in text


def test_a_report_that_cannot_be_written_is_a_usage_error(site: Site, table: Path) -> None:
    assert isinstance(site("check", "t.csv", "--html", "no/where.html").error, UsageError)


def test_fix_writes_a_copy_and_tells_what_it_did(site: Site, table: Path) -> None:
    result = site("fix", "t.csv", "--json")
    assert result.code == 0
    done = json.loads(result.output)
    assert done["counts"] == {"encoding-undeclared": 1, "time-one-digit": 1}
    assert done["changes"][1] == {
        "line": 3,
        "column": "開始時間",
        "before": "8:00",
        "after": "08:00",
        "codes": ["time-one-digit"],
    }
    assert table.read_text(encoding="utf-8") == FAULTY
    assert "08:00" in (site.folder / "t.fixed.csv").read_text(encoding="utf-8-sig")
    again = site("fix", "t.csv")
    assert again.code == 2
    assert "t.fixed.csv" in site("fix", "t.csv", "--force").output
