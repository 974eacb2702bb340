"""What became of the cases of a suite, as a table for people and as JSON for the site."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from tests.conformance.known import FAILURES, KNOWN, SUITE_ERRORS

C = TypeVar("C")


@dataclass(frozen=True)
class Failure:
    """A case that did not pass: its IRI, and why (the known reason, or what went wrong)."""

    iri: str
    reason: str
    known: bool = False


@dataclass
class Suite:
    """The outcomes of one suite. `unexpected` lists what `known` does not explain: new failures,
    and cases listed as failing that pass."""

    id: str
    title: str
    source: str
    passed: int = 0
    failures: list[Failure] = field(default_factory=list)
    unexpected: list[Failure] = field(default_factory=list)

    @property
    def total(self) -> int:
        """How many cases were run."""
        return self.passed + len(self.failures)

    def to_json(self) -> dict[str, Any]:
        """As the site shows it."""
        return {
            "id": self.id,
            "title": self.title,
            "source": self.source,
            "total": self.total,
            "passed": self.passed,
            "suite_errors": self._listed(SUITE_ERRORS),
            "failures": self._listed(FAILURES)
            + [{"iri": f.iri, "reason": f.reason} for f in self.failures if not f.known],
        }

    def _listed(self, reasons: Mapping[str, str]) -> list[dict[str, str]]:
        return [
            {"iri": failure.iri, "reason": failure.reason}
            for failure in self.failures
            if failure.iri in reasons
        ]


def run_suite(
    id: str,
    title: str,
    source: str,
    cases: Iterable[C],
    iri: Callable[[C], str],
    complaint: Callable[[C], str | None],
) -> Suite:
    """Run every case."""
    suite = Suite(id, title, source)
    for case in cases:
        name, wrong = iri(case), complaint(case)
        reason = KNOWN.get(name)
        if wrong is None:
            suite.passed += 1
            if reason is not None:
                suite.unexpected.append(Failure(name, f"passes, but is listed: {reason}"))
            continue
        suite.failures.append(Failure(name, reason or wrong, known=reason is not None))
        if reason is None:
            suite.unexpected.append(Failure(name, wrong))
    return suite


def table(suites: Iterable[Suite]) -> str:
    """Suite, passed, total, and the cases that did not pass."""
    lines = [f"{'suite':<34} {'passed':>6} {'total':>6}  errors of the suite itself"]
    for suite in suites:
        wrong = sum(failure.iri in SUITE_ERRORS for failure in suite.failures)
        lines.append(
            f"{suite.title:<34} {suite.passed:>6} {suite.total:>6}  {wrong or ''}".rstrip()
        )
        for failure in suite.failures:
            mark = "known" if failure.known else "NEW"
            mark = "error of the suite" if failure.iri in SUITE_ERRORS else mark
            lines.append(f"    {mark} {failure.iri}\n        {failure.reason}")
    return "\n".join(lines)
