"""The official CSVW suite: csv2rdf in standard and minimal mode, and validation.

Known failures are listed in KNOWN_FAILURES by IRI with their reason and are expected to fail,
strictly. The two normative suites have none. Of the non-normative cases about dialects, whose
results are for csv2json, the cells are compared.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from urllib.parse import unquote, urljoin

import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, Quad, RdfFormat, parse

from app.errors import MappingError, TsunaguError
from app.findings import Findings, Severity
from app.mapping.execute import Executor
from app.mapping.languages.csvw import compile_csvw, table_opener, validate
from app.mapping.languages.csvw.cells import parse_cell
from app.mapping.languages.csvw.tables import ROW, SOURCE_ROW, AnnotatedTable
from tests.conformance.csvw_suite import BASE, Case, cases, open_case

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "csvw"

KNOWN_FAILURES = {
    **dict.fromkeys(
        (f"manifest-nonnorm#test{number}" for number in ("003", "020", "021", "022", "056")),
        "the expected result keeps white space that the case's own comment wants removed",
    ),
    **dict.fromkeys(
        ("manifest-nonnorm#test057", "manifest-nonnorm#test058"),
        "the expected result keeps white space although the dialect says trim",
    ),
    "manifest-nonnorm#test019": "the header parameter of a media type is not looked at",
}
"""Reason by the case's id. Only cases that the suite itself calls non-normative are here."""

pytestmark = pytest.mark.conformance


def parameters(manifest: str) -> list[object]:
    """Every case of a manifest, under its IRI; known failures are strict expected failures. The
    manifest of non-normative cases repeats normative ones, which are left out there."""
    normative = {case.id.partition("#")[2] for case in cases(FOLDER, "manifest-rdf.jsonld")}
    return [
        pytest.param(
            case,
            id=f"{BASE}{case.id}",
            marks=[pytest.mark.xfail(reason=KNOWN_FAILURES[case.id], strict=True)]
            if case.id in KNOWN_FAILURES
            else [],
        )
        for case in cases(FOLDER, manifest)
        if "nonnorm" not in manifest or case.id.partition("#")[2] not in normative
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


@pytest.mark.parametrize("case", parameters("manifest-nonnorm.jsonld"))
def test_cells_of_non_normative_dialects(case: Case) -> None:
    findings = Findings()
    group = open_case(FOLDER, case, findings, validating=False)
    got = [row for table in group.tables for row in described_rows(table)]
    if case.result is None:
        assert findings.worst() is Severity.ERROR
        return
    expected = json.loads((FOLDER / case.result).read_text(encoding="utf-8"))
    assert got == [
        (str(row["rownum"]), row["url"].rpartition("=")[2], row["describes"][0])
        for table in expected["tables"]
        for row in table["row"]
    ]


def described_rows(table: AnnotatedTable) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Number, number in the file, and cells that are not null of each row."""
    for batch in table.rows.batches([ROW, SOURCE_ROW, *table.keys]):
        for row in batch.table.to_pylist():
            cells = {}
            for column, key in zip(table.real_columns, table.keys, strict=True):
                for value in parse_cell(row[key], column.cell_format).values:
                    cells[unquote(column.name)] = value.lexical
            yield row[ROW], row[SOURCE_ROW], cells


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
