"""CSV → N-Quads: the plan of a data set run into a sink, repeats removed where they can occur."""

from __future__ import annotations

import gzip
import time
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol, cast

import zstandard

from app.errors import DatasetError, Place, SourceEmpty, Text
from app.findings import Findings
from app.mapping.execute import Executor, Mode
from app.mapping.findings import StrictFindings
from app.mapping.model import LogicalSource
from app.mapping.passes.repeats import mark_repeats
from app.mapping.plan import Plan
from app.publish.dataset import Dataset
from app.publish.distinct import DistinctLines
from app.publish.keys import unique_columns
from app.tabular.batch import Table


class Progress(Protocol):
    """Told how far a run is."""

    def rows(self, dataset: str, count: int) -> None:
        """So many rows of a data set have been read."""


class Silent:
    """Tells nobody."""

    def rows(self, dataset: str, count: int) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Converted:
    """What a conversion did: rows read, quads written, repeated quads left out, seconds."""

    rows: int
    quads: int
    repeated: int
    seconds: float


def convert(
    dataset: Dataset,
    write: Callable[[memoryview], object],
    *,
    findings: Findings,
    mode: Mode = Mode.LENIENT,
    distinct: bool = True,
    progress: Progress | None = None,
) -> Converted:
    """Run a data set's mapping and hand the N-Quads to `write`.

    `distinct` False leaves repeats in: for a store, which is a set anyway. Raises MappingError,
    SourceError before the first byte where possible; DataRejected in strict mode.
    """
    started = time.monotonic()
    progress = progress or Silent()
    if mode is Mode.STRICT:
        findings = StrictFindings(findings)
    tables = dataset.check(findings)
    plan = dataset.plan
    if distinct:
        plan = mark_repeats(plan, _unique(tables))
    executor = Executor(plan, tables.__getitem__, findings, mode, dataset.graph)
    seen: defaultdict[tuple[str, ...], DistinctLines] = defaultdict(DistinctLines)
    quads = 0
    for chunk in executor.run():
        lines = chunk.lines
        if distinct and chunk.emit.may_repeat:
            lines = seen[chunk.emit.targets].fresh(lines)
            chunk = type(chunk)(chunk.emit, lines)
        quads += len(lines)
        write(chunk.data())
        progress.rows(dataset.id, executor.rows_read)
    for remembered in seen.values():
        for line in remembered.rest():
            quads += 1
            write(memoryview(line))
    if executor.rows_read == 0:
        _tell_empty(dataset, plan)
    repeated = sum(remembered.repeated for remembered in seen.values())
    return Converted(executor.rows_read, quads, repeated, time.monotonic() - started)


def _unique(
    tables: Mapping[LogicalSource, Table],
) -> Callable[[LogicalSource, tuple[str, ...]], bool]:
    known: dict[tuple[LogicalSource, tuple[str, ...]], bool] = {}

    def unique(source: LogicalSource, columns: tuple[str, ...]) -> bool:
        key = (source, columns)
        if key not in known:
            known[key] = unique_columns(tables[source], columns)
        return known[key]

    return unique


def _tell_empty(dataset: Dataset, plan: Plan) -> None:
    source = plan.pipelines[0].source.path if plan.pipelines else "?"
    raise SourceEmpty(
        Text(
            ja="見出しだけで、データの行がありません。",
            en="there is a header but no row of data.",
        ),
        place=Place(str(dataset.folder / source)),
        hint=Text(ja="2行目からデータを入れてください。", en="Put data from the second line on."),
    )


def open_output(path: Path) -> IO[bytes]:
    """A file for N-Quads, compressed by its suffix (.gz, .zst). Raises DatasetError."""
    if path.suffix == ".zst":
        return cast(IO[bytes], zstandard.open(path, "wb"))
    if path.suffix == ".gz":
        return cast(IO[bytes], gzip.open(path, "wb", compresslevel=6))
    if path.suffix in {".nq", ".nt"}:
        return path.open("wb")
    raise DatasetError(
        Text(
            ja=f"出力 {path.name} の形式が分かりません。",
            en=f"the output {path.name} has no known suffix.",
        ),
        hint=Text(ja="FILE.nq[.gz|.zst]", en="Use FILE.nq, FILE.nq.gz or FILE.nq.zst."),
    )
