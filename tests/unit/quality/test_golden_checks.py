"""Every code that a check can report: a table that has the fault, one that nearly has it.

tests/golden/checks/<code>/has.csv, nearly.csv (or folders of a data set), expected.json: the
findings of the code in the first. `python -m tests.unit.quality.test_golden_checks` writes the
expected findings anew, to be read before they are committed.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.codes.bundled import region_table
from app.publish.checking import check_dataset, check_file
from app.publish.dataset import Dataset
from app.quality.checks import ALL_CHECKS
from app.quality.report import CheckReport
from app.settings import load
from tests.unit.quality.tables import SETTINGS

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "checks"
CODES = sorted({kind.code for make in ALL_CHECKS for kind in make().kinds})


def report_of(code: str, which: str) -> CheckReport:
    folder = GOLDEN / code / which
    if folder.is_dir():
        settings = load(environment={}, mappings_dir=folder.parent)
        return check_dataset(Dataset(which, folder, settings), region_table())[0]
    return check_file(folder.with_suffix(".csv"), SETTINGS, region_table())


def findings_of(code: str, report: CheckReport) -> list[dict[str, Any]]:
    return [finding.to_json() for finding in report.findings if finding.kind.code == code]


def test_every_code_has_its_case() -> None:
    assert sorted(folder.name for folder in GOLDEN.iterdir()) == CODES


@pytest.mark.parametrize("code", CODES)
def test_the_fault_is_found_at_its_place(code: str) -> None:
    expected = json.loads((GOLDEN / code / "expected.json").read_text(encoding="utf-8"))
    assert findings_of(code, report_of(code, "has")) == expected
    assert expected, "a golden case without a finding shows nothing"


@pytest.mark.parametrize("code", CODES)
def test_what_nearly_has_it_is_not_flagged(code: str) -> None:
    assert findings_of(code, report_of(code, "nearly")) == []


@pytest.mark.parametrize("code", CODES)
def test_the_case_that_has_it_is_otherwise_readable(code: str) -> None:
    report = report_of(code, "has")
    assert report.rows > 0
    for finding in report.findings:
        for language in ("ja", "en"):
            assert "{" not in finding.message(language)  # every value of a template is given


def _write_expected() -> None:
    for code in CODES:
        found = findings_of(code, report_of(code, "has"))
        text = json.dumps(found, ensure_ascii=False, indent=1)
        (GOLDEN / code / "expected.json").write_text(text + "\n", encoding="utf-8")
        print(code, [f["place"] for f in found], [f["message"]["en"] for f in found][:1])


if __name__ == "__main__":
    _write_expected()
