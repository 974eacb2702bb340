"""The official RML suites: RML-Core and RML-FNML on CSV, and RML-IO.

Cases in `known.KNOWN` are expected to fail, strictly; nothing is skipped.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance import yarrrml_suite
from tests.conformance.known import KNOWN
from tests.conformance.rml_suite import Case, cases, complaint, difference, run

ROOT = Path(__file__).resolve().parents[3] / "shared" / "conformance"


def parameters(suite: str) -> list[object]:
    """Every case of a suite under its IRI."""
    return [
        pytest.param(
            case,
            id=case.iri,
            marks=[pytest.mark.xfail(reason=KNOWN[case.iri], strict=True)]
            if case.iri in KNOWN
            else [],
        )
        for case in cases(ROOT, suite)
    ]


def test_the_suites_are_whole(shared: Path) -> None:
    """A suite that lost cases must not pass."""
    found = {suite: cases(shared / "conformance", suite) for suite in ("rml-core-csv", "rml-fnml")}
    assert {suite: len(listed) for suite, listed in found.items()} == {
        "rml-core-csv": 48,
        "rml-fnml": 20,
    }
    in_csv = [
        case for case in cases(shared / "conformance", "rml-io") if case.media_type == "text/csv"
    ]
    assert len(in_csv) == 9


@pytest.mark.parametrize("case", parameters("rml-core-csv"))
def test_rml_core(case: Case) -> None:
    assert complaint(case) is None


@pytest.mark.parametrize("case", parameters("rml-fnml"))
def test_rml_fnml(case: Case) -> None:
    assert complaint(case) is None


@pytest.mark.parametrize("case", parameters("rml-io"))
def test_rml_io(case: Case) -> None:
    assert complaint(case) is None


@pytest.mark.parametrize("case", yarrrml_suite.cases(ROOT), ids=lambda case: case.id)
def test_rml_core_in_yarrrml(case: Case) -> None:
    assert complaint(case) is None


def test_every_case_of_rml_core_is_written_in_yarrrml(shared: Path) -> None:
    listed = {case.id for case in cases(shared / "conformance", "rml-core-csv")}
    assert {path.name for path in yarrrml_suite.MAPPINGS.iterdir() if path.is_dir()} == listed


def test_the_case_with_a_wrong_flag_gives_the_output_it_comes_with(shared: Path) -> None:
    [case] = [c for c in cases(shared / "conformance", "rml-io") if c.id == "RMLSTC0009a"]
    [got] = run(case).values()
    assert difference(got, (case.folder / "output.nq").read_bytes()) is None
