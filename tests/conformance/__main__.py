"""`make conformance`: run every official suite, print a table, and write what the site serves at
/conformance. Ends with 1 when a case fails that is not listed, or passes though it is listed.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from app.errors import TsunaguError
from tests.conformance import csvw_suite, rml_suite, sparql_suite, test_csvw, yarrrml_suite
from tests.conformance.outcomes import Suite, run_suite, table
from tests.live import LiveServer

ROOT = Path(__file__).resolve().parents[2]
SUITES = ROOT.parent / "shared" / "conformance"
REPORT = ROOT / "app" / "web" / "data" / "conformance.json"

MEDIA_TYPES = {
    "text/csv": "CSV",
    "application/json": "JSON",
    "application/gzip+json": "JSON",
    "application/targz+json": "JSON",
    "application/tarxz+json": "JSON",
    "text/xml": "XML",
    "application/n-triples": "N-Triples",
}
"""Media types of inputs in the RML suites → the group in which their cases are told."""


def main() -> int:
    """Run all; the exit code."""
    if not SUITES.is_dir():
        sys.stderr.write(f"The official suites are not at {SUITES}.\n")
        return 2
    suites = [*rml(), yarrrml(), *csvw(), *sparql()]
    report = {"suites": [suite.to_json() for suite in suites]}
    REPORT.write_text(json.dumps(report, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    sys.stdout.write(table(suites) + "\n")
    unexpected = [failure for suite in suites for failure in suite.unexpected]
    for failure in unexpected:
        sys.stdout.write(f"\nunexpected: {failure.iri}\n{failure.reason}\n")
    return 1 if unexpected else 0


def rml() -> Iterator[Suite]:
    """RML-Core, RML-FNML and RML-IO, by what their inputs are written in."""
    for folder, (title, _) in rml_suite.SUITES.items():
        cases = rml_suite.cases(SUITES, folder)
        for group in dict.fromkeys(MEDIA_TYPES.values()):
            chosen = [case for case in cases if MEDIA_TYPES[case.media_type] == group]
            if chosen:
                yield run_suite(
                    f"{folder.removesuffix('-csv')}-{group.lower()}",
                    f"{title} ({group})",
                    origin(folder),
                    chosen,
                    lambda case: case.iri,
                    rml_suite.complaint,
                )


def yarrrml() -> Suite:
    """RML-Core in YARRRML: our own suite."""
    return run_suite(
        "rml-core-yarrrml",
        "RML-Core in YARRRML (CSV)",
        "tests/conformance/yarrrml, inputs of " + origin("rml-core-csv"),
        yarrrml_suite.cases(SUITES),
        lambda case: case.iri,
        rml_suite.complaint,
    )


def csvw() -> Iterator[Suite]:
    """CSVW: csv2rdf and validation."""
    parts: tuple[tuple[str, str, str, Callable[[csvw_suite.Case], None]], ...] = (
        ("csv2rdf", "CSVW csv2rdf", "manifest-rdf.jsonld", test_csvw.test_csv2rdf),
        ("validation", "CSVW validation", "manifest-validation.jsonld", test_csvw.test_validation),
    )
    for name, title, manifest, check in parts:
        yield run_suite(
            f"csvw-{name}",
            title,
            origin("csvw"),
            csvw_suite.cases(SUITES / "csvw", manifest),
            lambda case: csvw_suite.BASE + case.id,
            lambda case, check=check: failed_check(check, case),  # type: ignore[misc]  # bound early
        )


def sparql() -> Iterator[Suite]:
    """What W3C tests of SPARQL over HTTP, against one server."""
    with TemporaryDirectory() as folder, LiveServer(Path(folder)) as server:
        for suite, (title, _) in sparql_suite.SUITES.items():
            yield run_suite(
                f"sparql11-{suite}",
                title,
                origin("sparql11"),
                sparql_suite.cases(SUITES / "sparql11", suite),
                lambda case: case.iri,
                lambda case: sparql_suite.complaint(case, server),
            )


def failed_check(check: Callable[[csvw_suite.Case], None], case: csvw_suite.Case) -> str | None:
    """What a test says against a case; None when it passes."""
    try:
        check(case)
    except (AssertionError, TsunaguError, ValueError, pytest.fail.Exception) as error:
        return f"{type(error).__name__}: {error}"
    return None


def origin(folder: str) -> str:
    """Repository and commit of a suite, from the first line of its licence file."""
    with (SUITES / folder / "LICENSES.txt").open(encoding="utf-8") as file:
        line = file.readline()
    found = re.search(r"([\w.-]+/[\w.-]+).*\b([0-9a-f]{40})\b", line)
    return f"{found[1]}@{found[2]}" if found is not None else line.strip()


if __name__ == "__main__":
    sys.exit(main())
