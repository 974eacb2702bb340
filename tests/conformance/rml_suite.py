"""Runs the cases of the RML suites: a folder with mapping, inputs and expected outputs."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from app.findings import Findings
from app.mapping.compile import check_columns, compile_mapping
from app.mapping.execute import Executor, Mode
from app.mapping.languages import read_mapping
from app.mapping.model import LogicalSource
from app.settings import Settings
from app.tabular.batch import Dialect, Table
from app.tabular.limits import ReadLimits
from app.tabular.reader import open_table

BASE = "http://example.com/base/"


@dataclass(frozen=True)
class Case:
    """One case: its folder and whether an error is expected. `mapping` is the file to run."""

    suite: str
    id: str
    folder: Path
    fails: bool
    output: str | None
    mapping: str = "mapping.ttl"

    def expected(self) -> Dataset:
        """What the run has to give."""
        assert self.output is not None
        return canonical((self.folder / self.output).read_bytes())


def canonical(data: bytes) -> Dataset:
    """A data set with canonical blank node labels (RDFC-1.0)."""
    found = Dataset(parse(data, format=RdfFormat.N_QUADS))
    found.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return found


def cases(folder: Path, suite: str, media_type: str = "text/csv") -> Iterator[Case]:
    """The cases of a suite whose (first) input has this media type."""
    with (folder / "metadata.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["input_format1"] == media_type and (folder / row["ID"]).is_dir():
                yield Case(
                    suite,
                    row["ID"],
                    folder / row["ID"],
                    row["error"] == "true",
                    row["output1"] or None,
                )


def run(case: Case) -> Dataset:
    """Run a case strictly and give its output. Raises what the program raises."""
    path = case.folder / case.mapping
    mapping = read_mapping(path.read_text(encoding="utf-8"), file=path.name, base=BASE)
    plan = compile_mapping(mapping, base=BASE)
    tables: dict[LogicalSource, Table] = {}
    findings = Findings()

    def table(source: LogicalSource) -> Table:
        if source not in tables:
            tables[source] = open_table(
                case.folder / source.path,
                Dialect(encoding=source.encoding, delimiter=source.delimiter),
                findings=findings,
                limits=ReadLimits.from_settings(Settings()),
            )
        return tables[source]

    check_columns(plan, lambda source: table(source).columns)
    executor = Executor(plan, table, findings, Mode.STRICT)
    return canonical(b"".join(bytes(chunk.data()) for chunk in executor.run()))
