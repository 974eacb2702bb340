"""Plan × batches → N-Quads. Opens no file and no store: tables come through a callable.

Batches are computed on a few threads (the kernels release the GIL) and given out in order, so
memory is bounded by the number of batches under way.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import partial
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from app.findings import Findings
from app.mapping import plan as p
from app.mapping.collections import Members, nodes_of
from app.mapping.columns import columns_in
from app.mapping.evaluate import Evaluator
from app.mapping.findings import CellReport
from app.mapping.lines import Lines
from app.mapping.lookup import LookupIndex, key_column
from app.mapping.model import LogicalSource
from app.mapping.reading_ahead import read_ahead
from app.mapping.vector import Rows, Vector, align, align_bare, combinations, filled, join
from app.rdf import terms
from app.tabular.batch import Batch, Table

T = TypeVar("T")
Repeated = Callable[[LogicalSource, p.Value | p.Term, pa.Array], npt.NDArray[np.bool_]]
Given = Callable[[p.Pipeline, Evaluator, Sequence[Lines]], None]
"""Told of each batch what its rows gave: the lines of each emit of the pipeline, in their order.
Called in several threads, in no order."""
THREADS = min(4, os.cpu_count() or 1)


class Mode(StrEnum):
    """What happens to a row with a bad cell."""

    LENIENT = "lenient"
    """Quads that need the cell are left out; the finding is counted."""
    QUARANTINE = "quarantine"
    """The whole row is left out."""
    STRICT = "strict"
    """The run stops with DataRejected."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Lines of N-Quads that one emit gave for one batch. `lines` has no nulls; `rows` are the
    batch rows of each line (None: not asked for). `doubtful` tells the lines that a row of
    another batch, or another row, may give too (None: any, if the emit may repeat)."""

    emit: p.Emit
    lines: pa.Array
    rows: Rows | None = None
    doubtful: npt.NDArray[np.bool_] | None = None

    def data(self) -> memoryview:
        """The lines as one piece of bytes, without a copy."""
        _, offsets, data = self.lines.buffers()
        if data is None or len(self.lines) == 0:
            return memoryview(b"")
        view = memoryview(offsets).cast("i")
        start, end = view[self.lines.offset], view[self.lines.offset + len(self.lines)]
        return memoryview(data)[start:end]


@dataclass(slots=True)
class Executor:
    """Runs one plan.

    `open_table` gives the table of a logical source; `graph` is the graph of quads whose emit
    names none (None: the default graph). With `repeated`, which tells for values of a node
    whether other rows of the source give them too, no row gives a quad twice and chunks tell
    their doubtful lines. `given` is told what every batch gave.
    """

    plan: p.Plan
    open_table: Callable[[LogicalSource], Table]
    findings: Findings
    mode: Mode = Mode.LENIENT
    graph: str | None = None
    repeated: Repeated | None = None
    given: Given | None = None
    rows_read: int = 0
    nulls: dict[str, Counter[str]] = field(default_factory=dict)
    """Cells without a value, which give no triple, by table and column."""
    _lookups: dict[p.LookupTable, LookupIndex] = field(default_factory=dict)

    def run(self) -> Iterator[Chunk]:
        """All chunks, pipeline after pipeline, in the order of the rows.

        Raises DataRejected in strict mode, SourceError when a source cannot be read.
        """
        self.prepare()
        for pipeline in self.plan.pipelines:
            table = self.open_table(pipeline.source)
            batches = self._counted(table.batches(pipeline.columns))
            named = Members()
            for chunks, members, nulls, found in _ordered(
                batches, partial(self._told, pipeline, table)
            ):
                if found is not self.findings:
                    self.findings.extend(found)
                self.nulls.setdefault(table.name, Counter()).update(nulls)
                yield from chunks
                named.extend(members)
            yield from self._structures(pipeline, named)

    def _counted(self, batches: Iterable[Batch]) -> Iterator[Batch]:
        for batch in batches:
            self.rows_read += len(batch)
            yield batch

    def prepare(self) -> None:
        """Build the lookup tables, innermost first."""
        for table in reversed(self.plan.lookups):
            if table not in self._lookups:
                self._lookups[table] = self._index(table)

    def batch(self, pipeline: p.Pipeline, table: Table, batch: Batch) -> list[Chunk]:
        """The chunks of one batch, with the row of each line: for previews."""
        chunks, members, _ = self._batch(pipeline, table, batch, self.findings, with_rows=True)
        return [*chunks, *self._structures(pipeline, members)]

    def _told(
        self, pipeline: p.Pipeline, table: Table, batch: Batch
    ) -> tuple[list[Chunk], Members, dict[str, int], Findings]:
        """A batch with its own findings, so that the examples that are kept are the first ones of
        the file, whichever thread is done first. A strict run ends with the first anyway."""
        found = self.findings if self.mode is Mode.STRICT else self.findings.alike()
        return *self._batch(pipeline, table, batch, found), found

    def _batch(
        self,
        pipeline: p.Pipeline,
        table: Table,
        batch: Batch,
        findings: Findings,
        *,
        with_rows: bool = False,
    ) -> tuple[list[Chunk], Members, dict[str, int]]:
        strict, quarantine = self.mode is Mode.STRICT, self.mode is Mode.QUARANTINE
        report = CellReport(table.name, batch, findings, strict)
        evaluator = Evaluator(batch, pipeline.source.nulls, self._lookups, report)
        every_row = with_rows or quarantine
        made = [self._lines(evaluator, emit, every_row=every_row) for emit in pipeline.emits]
        bad = report.bad_rows if quarantine and report.bad_rows.any() else None
        made = [lines.without_nulls(bad) for lines in made]
        if self.given is not None:
            self.given(pipeline, evaluator, made)
        chunks: list[Chunk] = []
        members = Members()
        for emit, lines in zip(pipeline.emits, made, strict=True):
            if self.repeated is None:
                chunk = Chunk(emit, lines.values, lines.owners() if with_rows else None)
            else:
                lines = lines.once_a_row()
                doubtful = self._doubtful(evaluator, pipeline.source, emit, lines)
                chunk = Chunk(emit, lines.values, lines.owners() if with_rows else None, doubtful)
            for node in nodes_of(emit):
                if node in evaluator.gathered:
                    graph = self._graph_term(evaluator, emit)
                    whole = None if graph is None else graph.whole()
                    members.add(emit, node, evaluator.gathered[node], lines, whole)
            if not emit.structure_only:
                chunks.append(chunk)
        chunks.extend(self._structures(pipeline, members.ended()))
        return chunks, members, evaluator.empty_cells()

    def _doubtful(
        self, evaluator: Evaluator, source: LogicalSource, emit: p.Emit, lines: Lines
    ) -> npt.NDArray[np.bool_] | None:
        if self.repeated is None or not emit.may_repeat or emit.repeats_by is None:
            return None
        vector = evaluator.node(emit.repeats_by)
        if isinstance(vector.values, str) or vector.rows is not None:
            return None
        return self.repeated(source, emit.repeats_by, vector.values)[lines.owners()]

    def _lines(self, evaluator: Evaluator, emit: p.Emit, *, every_row: bool) -> Lines:
        every_row = every_row or bool(nodes_of(emit))
        if isinstance(emit.object, p.LookupTerm) and not every_row:
            return self._joined(evaluator, emit, emit.object)
        vectors = [evaluator.term(t) for t in (emit.subject, emit.predicate, emit.object)]
        graph = self._graph_term(evaluator, emit)
        if graph is not None:
            vectors.append(graph)
        if emit.condition is not None:
            vectors.append(evaluator.value(emit.condition))
        values, rows = align_bare(vectors, evaluator.height)
        height = evaluator.height if rows is None else len(rows)
        if emit.condition is not None:
            condition = pc.fill_null(pc.equal(filled(values.pop(), height), "true"), False)
            values[0] = pc.if_else(condition, filled(values[0], height), None)
        parts: list[pa.Array | str] = []
        for vector, given in zip(vectors, values, strict=False):
            parts += [vector.before, given, f"{vector.after} "]
        lines = join([*parts, ".\n"])
        if isinstance(lines, str) and not every_row:
            # One quad, whatever the row: said once for each batch.
            said = min(evaluator.height, 1)
            return Lines(filled(lines, said), np.arange(said))
        return Lines(filled(lines, height), rows, several=rows is not None)

    def _joined(self, evaluator: Evaluator, emit: p.Emit, lookup: p.LookupTerm) -> Lines:
        """The lines of an emit with a join. Rows with the same subject and the same key have
        the same partners, so they are joined once: a self-join would else grow with the square
        of the rows."""
        outer = [evaluator.term(emit.subject), evaluator.term(emit.predicate)]
        graph = self._graph_term(evaluator, emit)
        outer.append(Vector("") if graph is None else graph)
        if emit.condition is not None:
            outer.append(evaluator.value(emit.condition))
        keys = [evaluator.value(key) for key in lookup.keys]
        values, rows = align([*outer, *keys], evaluator.height)
        several = rows is not None
        owners = np.arange(evaluator.height) if rows is None else rows
        columns = [filled(value, len(owners)) for value in values]
        first = combinations(columns)[0]
        owners = owners[first]
        columns = [column.take(pa.array(first)) for column in columns]
        if emit.condition is not None:
            wanted = pc.fill_null(pc.equal(columns.pop(3), "true"), False)
            columns = [column.filter(wanted) for column in columns]
            owners = owners[wanted.to_numpy(zero_copy_only=False)]
        subject, predicate, graphs, *key_columns = columns
        height = len(subject)
        found = evaluator.lookups[lookup.table].find(key_column(key_columns, height), None, height)
        assert found.rows is not None
        partner = pa.array(found.rows)
        parts = [subject.take(partner), " ", predicate.take(partner), " ", found.values, " "]
        if graph is not None:
            parts += [graphs.take(partner), " "]
        lines = filled(join([*parts, ".\n"]), len(partner))
        return Lines(lines, owners[found.rows], several)

    def _graph_term(self, evaluator: Evaluator, emit: p.Emit) -> Vector | None:
        if emit.graph is not None:
            return evaluator.term(emit.graph)
        return None if self.graph is None else Vector(terms.iri(self.graph))

    def _structures(self, pipeline: p.Pipeline, members: Members) -> Iterator[Chunk]:
        """The triples of lists and containers."""
        emits = {emit.targets: emit for emit in pipeline.emits}
        for targets, lines in members.lines():
            yield Chunk(replace(emits[targets], may_repeat=True, repeats_by=None), lines)

    def _index(self, table: p.LookupTable) -> LookupIndex:
        parent = self.open_table(table.source)
        columns = tuple(dict.fromkeys(c.name for c in columns_in(table)))

        def pairs(batch: Batch) -> tuple[pa.Array, pa.Array]:
            report = CellReport(parent.name, batch, Findings())
            evaluator = Evaluator(batch, table.source.nulls, self._lookups, report)
            vectors = [evaluator.value(key) for key in table.keys]
            vectors.append(evaluator.term(table.term))
            if table.condition is not None:
                vectors.append(evaluator.value(table.condition))
            values, rows = align(vectors, evaluator.height)
            height = evaluator.height if rows is None else len(rows)
            condition = values.pop() if table.condition is not None else "true"
            term = filled(values.pop(), height)
            if table.condition is not None:
                wanted = pc.fill_null(pc.equal(filled(condition, height), "true"), False)
                term = pc.if_else(wanted, term, None)
            return key_column(values, height), term

        return LookupIndex(_ordered(parent.batches(columns), pairs))


def _ordered(items: Iterable[Batch], work: Callable[[Batch], T]) -> Iterator[T]:
    """Apply work to items on a few threads; results in order, a bounded number under way."""
    with ThreadPoolExecutor(THREADS, thread_name_prefix="map") as pool:
        under_way: deque[Future[T]] = deque()
        try:
            for item in read_ahead(items):
                under_way.append(pool.submit(work, item))
                if len(under_way) > THREADS:
                    yield under_way.popleft().result()
            while under_way:
                yield under_way.popleft().result()
        finally:
            for future in under_way:
                future.cancel()
