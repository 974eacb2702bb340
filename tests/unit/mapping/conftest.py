"""Small mappings and tables for the tests of the plan and its execution."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pyarrow as pa
import pytest
from pyoxigraph import RdfFormat, parse

from app.findings import Findings
from app.mapping.compile import compile_mapping
from app.mapping.execute import Executor, Mode
from app.mapping.languages.yarrrml import read_yarrrml
from app.mapping.model import LogicalSource
from app.mapping.plan import Plan
from app.tabular.batch import MemoryTable

Rows = Mapping[str, list[str | None]]
PREFIXES = {
    "ex": "http://example.org/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "jfn": "urn:tsunagu:fn:",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
}


def plan_of(yarrrml: str) -> Plan:
    """The compiled plan of a YARRRML text whose default source is t.csv."""
    mapping = read_yarrrml(
        yarrrml,
        file="mapping.yml",
        default_prefixes=PREFIXES,
        default_source=LogicalSource("t.csv"),
    )
    return compile_mapping(mapping, base="http://base.example/")


class Run:
    """The outcome of a run: sorted N-Quads lines and findings."""

    def __init__(self, plan: Plan, tables: Mapping[str, Rows], mode: Mode) -> None:
        self.findings = Findings()
        made = {
            name: MemoryTable(
                name, pa.table({c: pa.array(v, pa.string()) for c, v in rows.items()})
            )
            for name, rows in tables.items()
        }
        executor = Executor(plan, lambda source: made[source.path], self.findings, mode)
        data = b"".join(bytes(chunk.data()) for chunk in executor.run())
        list(parse(data, format=RdfFormat.N_QUADS))  # every line is N-Quads
        self.lines = sorted(data.decode().split("\n")[:-1])  # a term may hold other line ends
        self.codes = self.findings.counts()


@pytest.fixture
def run() -> Callable[..., Run]:
    """Run a YARRRML text over tables given as columns (`t.csv` is the default source)."""

    def go(yarrrml: str, rows: Rows, mode: Mode = Mode.LENIENT, **others: Rows) -> Run:
        tables = {"t.csv": rows} | {f"{name}.csv": table for name, table in others.items()}
        return Run(plan_of(yarrrml), tables, mode)

    return go
