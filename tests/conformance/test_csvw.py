"""The official CSVW suite: csv2rdf in standard and minimal mode, and validation.

Known failures would be listed in KNOWN_FAILURES by IRI with their reason and are then expected
to fail, strictly. There are none.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from urllib.parse import urljoin

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from app.errors import MappingError, TsunaguError
from app.findings import Findings, Severity
from app.mapping.execute import Executor
from app.mapping.languages.csvw import compile_csvw, table_opener, validate
from tests.conformance.csvw_suite import BASE, Case, cases, open_case

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "csvw"

KNOWN_FAILURES: dict[str, str] = {}
"""Reason by the case's IRI."""

pytestmark = pytest.mark.conformance


def parameters(manifest: str) -> list[object]:
    """Every case of a manifest, under its IRI; known failures are strict expected failures."""
    return [
        pytest.param(
            case,
            id=f"{BASE}{case.id}",
            marks=[pytest.mark.xfail(reason=KNOWN_FAILURES[case.id], strict=True)]
            if case.id in KNOWN_FAILURES
            else [],
        )
        for case in cases(FOLDER, manifest)
    ]


def test_the_suite_is_whole(shared: Path) -> None:
    """270 csv2rdf cases and 282 validation cases: a suite that lost cases must not pass."""
    folder = shared / "conformance" / "csvw"
    assert len(cases(folder, "manifest-rdf.jsonld")) == 270
    assert len(cases(folder, "manifest-validation.jsonld")) == 282


@pytest.mark.parametrize("case", parameters("manifest-rdf.jsonld"))
def test_csv2rdf(case: Case) -> None:
    findings = Findings()
    if case.kind == "NegativeRdfTest":
        with pytest.raises(MappingError) as raised:
            converted(case, findings)
        assert raised.value.place is not None
        return
    got = converted(case, findings)
    assert case.result is not None
    expected = parse(
        (FOLDER / case.result).read_bytes(),
        format=RdfFormat.TURTLE,
        base_iri=urljoin(BASE, case.action),
    )
    assert canonical(got) == canonical(list(expected))
    warned = (findings.worst() or Severity.INFO) >= Severity.WARNING
    assert warned == (case.kind == "ToRdfTestWithWarnings"), [str(f.message()) for f in findings]


@pytest.mark.parametrize("case", parameters("manifest-validation.jsonld"))
def test_validation(case: Case) -> None:
    findings, error = Findings(), None
    try:
        validate(open_case(FOLDER, case, findings, validating=True), findings)
    except TsunaguError as raised:
        error = raised
    told = [error, *(finding.message() for finding in findings)]
    failed = error is not None or findings.worst() is Severity.ERROR
    warned = findings.worst() is Severity.WARNING
    assert failed == (case.kind == "NegativeValidationTest"), told
    if not failed:
        assert warned == (case.kind == "WarningValidationTest"), told


def converted(case: Case, findings: Findings) -> list[Quad]:
    """The quads of a case's conversion."""
    group = open_case(FOLDER, case, findings, validating=False)
    plan = compile_csvw(group, minimal=case.minimal)
    executor = Executor(plan, partial(table_opener, group), findings)
    text = b"".join(bytes(chunk.data()) for chunk in executor.run())
    return list(parse(text, format=RdfFormat.N_QUADS))


def canonical(quads: list[Quad]) -> set[Quad]:
    """The quads with canonical blank node labels: equal when the graphs are isomorphic."""
    dataset = Dataset(quads)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return set(dataset)
