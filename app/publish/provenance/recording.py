"""Listens to a conversion and notes which rows speak of which subjects.

What is hashed is only what differs from row to row in a subject (`12` of `…/id/aed/12`), which
the executor has computed anyway; a page is about a thing without a fragment, so nodes below it
(`…/id/aed/12#name`) need no entries of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from app.mapping.columns import walk
from app.mapping.evaluate import Evaluator
from app.mapping.hashing import hash_strings
from app.mapping.lines import Lines
from app.mapping.model import LogicalSource
from app.mapping.passes.repeats import between_ends
from app.mapping.plan import (
    ConstantTerm,
    Emit,
    IriTerm,
    LookupTerm,
    Pipeline,
    Plan,
    Term,
    Text,
    Value,
)
from app.publish.provenance.index import RowIndexWriter
from app.publish.provenance.record import MappingPart, SubjectForm, salted
from app.tabular.batch import Table, TableDescription


@dataclass(frozen=True, slots=True)
class _Form:
    """A form of subjects while it is being recorded: the node whose values differ (None: nothing
    does), and the emits that have the subject."""

    number: int
    node: Value | Term | None
    whole: bool
    emits: tuple[int, ...]


class RowRecorder:
    """Records one run of a plan. Its `take` is the executor's `given`."""

    def __init__(self, plan: Plan) -> None:
        self.forms: list[SubjectForm] = []
        self.paths = tuple(dict.fromkeys(_paths(plan)))
        self.tables: dict[str, TableDescription] = {}
        self._index = RowIndexWriter()
        # By identity: the executor hands on the plan's own pipelines.
        self._of_pipeline: Mapping[int, tuple[_Form, ...]] = {
            id(pipeline): tuple(self._forms(plan, pipeline)) for pipeline in plan.pipelines
        }

    def reads(self, tables: Mapping[LogicalSource, Table]) -> None:
        """Take note of how the sources are read."""
        for source, table in tables.items():
            for path in _files(source):
                self.tables.setdefault(path, table.description)

    def take(self, pipeline: Pipeline, evaluator: Evaluator, given: Sequence[Lines]) -> None:
        """Note what the rows of a batch gave (`execute.Given`)."""
        for form in self._of_pipeline[id(pipeline)]:
            if form.node is not None:
                self._note(form, form.node, evaluator, [given[at] for at in form.emits])

    def write(self, path: Path) -> int:
        """Write the index; gives the number of its entries."""
        return self._index.write(path)

    def _note(
        self, form: _Form, node: Value | Term, evaluator: Evaluator, given: Sequence[Lines]
    ) -> None:
        vector, height = evaluator.node(node), evaluator.height
        values = vector.whole().values if form.whole else vector.values
        if isinstance(values, str):
            values = pa.repeat(values, height)
        owners = vector.rows if vector.rows is not None else np.arange(height)
        keep = _rows_of(given, height)[owners]
        if values.null_count:
            keep &= values.is_valid().to_numpy(zero_copy_only=False)
        if not keep.all():
            values, owners = values.filter(pa.array(keep)), owners[keep]
        batch = evaluator.batch
        self._index.add(
            salted(hash_strings(values), form.number),
            batch.lines[owners],
            owners + batch.first_row,
        )

    def _forms(self, plan: Plan, pipeline: Pipeline) -> Iterator[_Form]:
        emits_of: dict[Term, list[int]] = {}
        for at, emit in enumerate(pipeline.emits):
            emits_of.setdefault(emit.subject, []).append(at)
        only_fragments = all(_below_a_page(e.subject) for p in plan.pipelines for e in p.emits)
        for subject, emits in emits_of.items():
            told = _told(subject)
            if told is None or (_below_a_page(subject) and not only_fragments):
                continue
            before, node, after = told
            whole = isinstance(node, IriTerm)
            form = SubjectForm(
                before=before,
                after=after,
                whole=whole,
                varies=node is not None,
                sources=self._sources(pipeline, [pipeline.emits[at] for at in emits]),
                maps=_maps(pipeline.emits[at] for at in emits),
            )
            self.forms.append(form)
            yield _Form(len(self.forms) - 1, node, whole, tuple(emits))

    def _sources(self, pipeline: Pipeline, emits: Sequence[Emit]) -> tuple[int, ...]:
        joined = [
            path
            for emit in emits
            for node in walk(emit.object)
            if isinstance(node, LookupTerm)
            for path in _files(node.table.source)
        ]
        paths = dict.fromkeys((*_files(pipeline.source), *joined))
        return tuple(self.paths.index(path) for path in paths)


def _rows_of(given: Sequence[Lines], height: int) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """The rows that gave a line."""
    gave = np.zeros(height, dtype=np.bool_)
    for lines in given:
        if lines.rows is None and len(lines.values) == height:
            gave[:] = True
            break
        gave[lines.owners()] = True
    return gave


def _told(subject: Term) -> tuple[str, Value | Term | None, str] | None:
    """What stands before, what differs, what stands after; None where the subject is no IRI."""
    match subject:
        case ConstantTerm(term) if term.startswith("<"):
            return term[1:-1], None, ""
        case IriTerm(base=None):
            return between_ends(subject.value)
        case IriTerm():
            return "", subject, ""  # a relative IRI and an absolute one may be the same
        case _:
            return None


def _below_a_page(subject: Term) -> bool:
    """Whether a subject is a part of a thing: its IRI has a fragment."""
    if isinstance(subject, ConstantTerm):
        return "#" in subject.term
    return any(isinstance(node, Text) and "#" in node.value for node in walk(subject))


def _maps(emits: Iterator[Emit]) -> tuple[MappingPart, ...]:
    """The triples maps that some emits were written in, each with its first line."""
    lines: dict[str, int | None] = {}
    for emit in emits:
        line = emit.place.line if emit.place is not None else None
        known = lines.get(emit.triples_map)
        lines[emit.triples_map] = min(filter(None, (known, line)), default=None)
    return tuple(MappingPart(name=name, line=line) for name, line in lines.items())


def _paths(plan: Plan) -> Iterator[str]:
    for pipeline in plan.pipelines:
        yield from _files(pipeline.source)
    for table in plan.lookups:
        yield from _files(table.source)


def _files(source: LogicalSource) -> tuple[str, ...]:
    """The paths of the files below a source: those of a view are several."""
    return tuple(file.path for file in source.files())
