"""CSV → N-Quads: the plan of a data set run into a sink, repeats removed where they can occur."""

from __future__ import annotations

import gzip
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Protocol, cast

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
import zstandard

from app.errors import DatasetError, Place, SourceEmpty, Text, UsageError
from app.findings import Findings
from app.mapping.execute import Chunk, Executor, Mode
from app.mapping.findings import StrictFindings
from app.mapping.model import LogicalSource
from app.mapping.passes.repeats import mark_repeats, told_by
from app.mapping.plan import Plan
from app.publish.dataset import Dataset
from app.publish.distinct import DistinctLines
from app.publish.keys import Node, Repeats, find_repeats
from app.publish.provenance.recording import RowRecorder
from app.publish.targets import TargetFiles
from app.tabular.batch import Table


class Progress(Protocol):
    """Told how far a run is."""

    def rows(self, dataset: str, count: int) -> None:
        """So many rows of a data set have been read."""

    def step(self, what: Text) -> None:
        """Another step of a publish begins."""


class Silent:
    """Tells nobody."""

    def rows(self, dataset: str, count: int) -> None:
        """Nothing."""

    def step(self, what: Text) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Converted:
    """What a conversion did: rows read, quads written, repeated quads left out, seconds, for each
    logical target how many quads are its own, and by table and column the cells without a value,
    which give no triple."""

    rows: int
    quads: int
    repeated: int
    seconds: float
    targets: Mapping[str, int] = field(default_factory=dict)
    nulls: Mapping[str, Mapping[str, int]] = field(default_factory=dict)


def convert(
    dataset: Dataset,
    write: Callable[[memoryview], object],
    *,
    findings: Findings,
    mode: Mode = Mode.LENIENT,
    distinct: bool = True,
    progress: Progress | None = None,
    targets: Path | None = None,
    triples: bool = False,
    recorder: RowRecorder | None = None,
) -> Converted:
    """Run a data set's mapping and hand the N-Quads to `write`.

    Quads of term maps with logical targets go to files in the folder `targets` instead (RML-IO);
    without a folder they are only counted. `distinct` False leaves repeats in: for a store,
    which is a set anyway. With `triples` the data set's graph is not named (N-Triples).
    `recorder`, of the data set's own plan, notes which rows speak of what; repeats stay in then.
    Raises MappingError, SourceError before the first byte where possible; DataRejected in strict
    mode.
    """
    started = time.monotonic()
    progress = progress or Silent()
    if mode is Mode.STRICT:
        findings = StrictFindings(findings)
    tables = dataset.check(findings)
    plan = dataset.plan
    if triples:
        _refuse_graphs(plan)
    graph = None if triples else dataset.graph
    executor = Executor(plan, tables.__getitem__, findings, mode, graph)
    if recorder is not None:
        recorder.reads(tables)
        executor.given = recorder.take
    elif distinct:
        census = _Census(plan, tables)
        executor.plan = mark_repeats(plan, census.unique)
        executor.repeated = census.repeated
    with ExitStack() as stack:
        files = None if targets is None else TargetFiles(plan.targets, targets)
        if files is not None:
            stack.enter_context(files)
        sinks: dict[str | None, _Sink] = {None: _Sink(write, distinct)}
        for target in plan.targets:
            keep = partial(files.write, target.id) if files is not None else _nowhere
            sinks[target.id] = _Sink(keep, distinct)
        for chunk in executor.run():
            for name in chunk.emit.targets or (None,):
                sinks[name].take(chunk)
            progress.rows(dataset.id, executor.rows_read)
        for sink in sinks.values():
            sink.finish()
    if executor.rows_read == 0:
        _tell_empty(dataset, plan)
    main = sinks.pop(None)
    return Converted(
        executor.rows_read,
        main.quads,
        main.repeated + sum(sink.repeated for sink in sinks.values()),
        time.monotonic() - started,
        {str(name): sink.quads for name, sink in sinks.items()},
        {name: dict(counts) for name, counts in executor.nulls.items() if counts},
    )


def _refuse_graphs(plan: Plan) -> None:
    for pipeline in plan.pipelines:
        for emit in pipeline.emits:
            if emit.graph is not None:
                raise UsageError(
                    Text(
                        ja="このマッピングはグラフを指定しているので、N-Triples (.nt) には書けません。",
                        en="this mapping names graphs, which N-Triples (.nt) cannot hold.",
                    ),
                    place=emit.place,
                    hint=Text(ja="出力を FILE.nq にしてください。", en="Write to FILE.nq instead."),
                )


class _Sink:
    """One output: the quads written to it, each once when `distinct`."""

    def __init__(self, write: Callable[[memoryview], object], distinct: bool) -> None:
        self._write = write
        self._seen = DistinctLines() if distinct else None
        self.quads = 0

    @property
    def repeated(self) -> int:
        return 0 if self._seen is None else self._seen.repeated

    def take(self, chunk: Chunk) -> None:
        for part in self._fresh(chunk):
            self.quads += len(part.lines)
            self._write(part.data())

    def finish(self) -> None:
        for line in () if self._seen is None else self._seen.rest():
            self.quads += 1
            self._write(memoryview(line))

    def _fresh(self, chunk: Chunk) -> Iterator[Chunk]:
        """What of a chunk is new: lines that no other row can give pass unseen."""
        emit, lines, doubtful = chunk.emit, chunk.lines, chunk.doubtful
        if self._seen is None or not emit.may_repeat:
            yield chunk
        elif doubtful is None or doubtful.all():
            yield Chunk(emit, self._seen.fresh(lines))
        elif not doubtful.any():
            yield chunk
        else:
            mask = pa.array(doubtful)
            yield Chunk(emit, lines.filter(pc.invert(mask)))
            yield Chunk(emit, self._seen.fresh(lines.filter(mask)))


def _nowhere(lines: memoryview) -> None:
    del lines


class _Census:
    """Which values of a node more than one row gives; one pass over each source."""

    def __init__(self, plan: Plan, tables: Mapping[LogicalSource, Table]) -> None:
        self._tables = tables
        self._nodes: dict[LogicalSource, dict[Node, None]] = {}
        for pipeline in plan.pipelines:
            nodes = self._nodes.setdefault(pipeline.source, {})
            told = (told_by(emit.subject) for emit in pipeline.emits)
            nodes.update(dict.fromkeys(node for node in told if node is not None))
        self._known: dict[LogicalSource, Mapping[Node, Repeats]] = {}

    def unique(self, source: LogicalSource, node: Node) -> bool:
        return self._of(source)[node].none

    def repeated(
        self, source: LogicalSource, node: Node, values: pa.Array
    ) -> npt.NDArray[np.bool_]:
        return self._of(source)[node].among(values)

    def _of(self, source: LogicalSource) -> Mapping[Node, Repeats]:
        if source not in self._known:
            nodes = tuple(self._nodes[source])
            self._known[source] = find_repeats(self._tables[source], nodes, source.nulls)
        return self._known[source]


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
        hint=Text(
            ja="FILE.nq か FILE.nt（.gz、.zst も可）",
            en="Use FILE.nq or FILE.nt, also with .gz or .zst.",
        ),
    )
