"""The W3C suites about SPARQL over HTTP, against a server in a process of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conformance.known import KNOWN
from tests.conformance.sparql_suite import SUITES, Case, cases, complaint
from tests.live import LiveServer

ROOT = Path(__file__).resolve().parents[3] / "shared" / "conformance" / "sparql11"


def parameters() -> list[object]:
    """Every case of every suite under its IRI."""
    return [
        pytest.param(
            case,
            id=f"{suite}-{case.iri.rpartition('#')[2]}",
            marks=[pytest.mark.xfail(reason=KNOWN[case.iri], strict=True)]
            if case.iri in KNOWN
            else [],
        )
        for suite in SUITES
        for case in cases(ROOT, suite)
    ]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """An empty store that takes writes. The cases build on each other in the suites' order."""
    with LiveServer(tmp_path_factory.mktemp("sparql")) as running:
        yield running


def test_the_suites_are_whole(shared: Path) -> None:
    """A suite that lost cases must not pass."""
    found = {suite: len(cases(shared / "conformance" / "sparql11", suite)) for suite in SUITES}
    assert found == {suite: number for suite, (_, number) in SUITES.items()}


@pytest.mark.parametrize("case", parameters())
def test_sparql(case: Case, server: LiveServer) -> None:
    assert complaint(case, server) is None
