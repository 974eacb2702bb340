"""The cases of the RML suites: a folder with a mapping, inputs and expected outputs, run as the
suites ask: strictly, where bad data is an error."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from app.errors import TsunaguError
from app.findings import Findings
from app.mapping.compile import check_columns, compile_mapping
from app.mapping.execute import Executor, Mode
from app.mapping.findings import StrictFindings
from app.mapping.languages import read_mapping
from app.mapping.model import LogicalSource
from app.tabular.batch import Dialect, Table
from app.tabular.json_source import open_json
from app.tabular.reader import open_table

SUITES: Final[Mapping[str, tuple[str, str]]] = {
    "rml-core-csv": ("RML-Core", "http://w3id.org/rml/core/test/"),
    "rml-fnml": ("RML-FNML", "http://w3id.org/rml/fnml/test/"),
    "rml-io": ("RML-IO", "http://w3id.org/rml/io/test/"),
}
"""Folder of each suite under ../shared/conformance → its title and the start of its IRIs."""

YARRRML: Final = "urn:tsunagu:conformance:yarrrml:"
"""Start of the IRIs of our own suite."""

BASE: Final = "http://example.com/base/"
"""The base IRI that the suites give to processors as an argument."""


@dataclass(frozen=True)
class Case:
    """One case. `media_type` is that of its first input, `outputs` the files it has to give,
    that of the default target first; `fails` whether an error is expected."""

    suite: str
    id: str
    title: str
    folder: Path
    media_type: str
    outputs: tuple[str, ...]
    fails: bool
    mapping: Path

    @property
    def iri(self) -> str:
        """The name of the case in its suite's manifest."""
        return (YARRRML if self.suite == "yarrrml" else SUITES[self.suite][1]) + self.id


def cases(root: Path, suite: str) -> list[Case]:
    """The cases of a suite that have a folder, in the order of their names. `metadata.csv`
    names the inputs; one case of RML-Core leaves the first one blank."""
    path = root / suite / "metadata.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return sorted(_cases(csv.DictReader(file), root / suite, suite), key=lambda case: case.id)


def _cases(rows: csv.DictReader[str], folder: Path, suite: str) -> Iterator[Case]:
    for row in rows:
        if (folder / row["ID"]).is_dir():
            yield Case(
                suite,
                row["ID"],
                row["title"].strip('"'),
                folder / row["ID"],
                next(row[f"input_format{n}"] for n in (1, 2, 3) if row[f"input_format{n}"]),
                tuple(row[f"output{n}"] for n in (1, 2, 3) if row[f"output{n}"]),
                row["error"] == "true",
                folder / row["ID"] / row["mapping"],
            )


def run(case: Case) -> bytes:
    """Run a case strictly and give the N-Quads of its default target. Raises TsunaguError."""
    text = case.mapping.read_text(encoding="utf-8")
    mapping = read_mapping(text, file=case.mapping.name, base=BASE)
    plan = compile_mapping(mapping, base=BASE)
    tables: dict[LogicalSource, Table] = {}
    findings = StrictFindings(Findings())

    def table(source: LogicalSource) -> Table:
        if source not in tables:
            tables[source] = opened(case.folder / source.path, source, findings)
        return tables[source]

    check_columns(plan, lambda source: table(source).columns)
    executor = Executor(plan, table, findings, Mode.STRICT)
    return b"".join(bytes(chunk.data()) for chunk in executor.run())


def opened(path: Path, source: LogicalSource, findings: Findings) -> Table:
    """The table of a logical source."""
    if source.formulation == "json":
        return open_json(path, source.iterator, encoding=source.encoding, findings=findings)
    dialect = Dialect(encoding=source.encoding, delimiter=source.delimiter)
    return open_table(path, dialect, findings=findings)


def complaint(case: Case) -> str | None:
    """What is wrong with the outcome of a case; None when it passes."""
    try:
        got = run(case)
    except TsunaguError as error:
        return None if case.fails else f"{error.code}: {error}"
    if case.fails:
        return "an error was expected"
    return difference(got, (case.folder / case.outputs[0]).read_bytes())


def difference(got: bytes, expected: bytes) -> str | None:
    """How two N-Quads documents differ; None when they are isomorphic, graph by graph."""
    ours, theirs = canonical(got), canonical(expected)
    if ours == theirs:
        return None
    missing = [f"- {quad}" for quad in theirs if quad not in ours]
    surplus = [f"+ {quad}" for quad in ours if quad not in theirs]
    return "\n".join(sorted(missing + surplus))


def canonical(data: bytes) -> Dataset:
    """A data set with canonical blank node labels (RDFC-1.0)."""
    found = Dataset(parse(data, format=RdfFormat.N_QUADS))
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return found
