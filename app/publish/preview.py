"""PREVIEW: the plan of a data set over its first rows, every triple linked to its cells and to its
place in the mapping.

It is the plan that publishing runs, on the same batches, so a preview and a run cannot differ. The
command line prints the result; the workbench shows it beside the mapping.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from app.errors import Language, Place, Text, UsageError
from app.findings import Findings
from app.mapping import plan as p
from app.mapping.columns import columns_of, walk
from app.mapping.execute import Executor
from app.mapping.model import LogicalSource
from app.publish.dataset import Dataset
from app.publish.labels import choose
from app.publish.preview_model import Preview, PreviewRow, PreviewSource, PreviewTriple
from app.publish.reading_order import LABELS
from app.rdf.namespaces import IC, RDF
from app.tabular.batch import Batch, Table

ROWS: Final = 50
"""Rows of a preview unless more are asked for."""

MOST_ROWS: Final = 1000
"""A preview is for looking at; its result is held in memory."""

_RDF_TYPE: Final = RDF + "type"


def preview(
    dataset: Dataset, *, rows: int = ROWS, row: int | None = None, findings: Findings | None = None
) -> Preview:
    """The first `rows` rows of every table of the mapping, or only row number `row` (from 1).

    Raises UsageError for a row that is not there or too many rows, MappingError, SourceError.
    """
    started = time.monotonic()
    wanted = rows if row is None else row
    if not 1 <= wanted <= MOST_ROWS and row is None:
        raise _too_many(rows)
    findings = findings if findings is not None else Findings()
    tables = dataset.check(findings)
    plan = dataset.plan
    executor = Executor(plan, tables.__getitem__, findings, graph=dataset.graph)
    executor.prepare()
    found: list[PreviewRow] = []
    sources: list[PreviewSource] = []
    for source, pipelines in _by_source(plan).items():
        table = tables[source]
        used = columns_of(emit for pipeline in pipelines for emit in pipeline.emits)
        sources.append(
            PreviewSource(
                table.name, table.columns, tuple(c for c in table.columns if c not in used)
            )
        )
        found += _rows(executor, pipelines, table, used, wanted, row)
    if row is not None and not found:
        raise _no_such_row(row)
    seconds = time.monotonic() - started
    return Preview(dataset.id, tuple(sources), tuple(found), findings, seconds)


def _by_source(plan: p.Plan) -> dict[LogicalSource, list[p.Pipeline]]:
    grouped: dict[LogicalSource, list[p.Pipeline]] = {}
    for pipeline in plan.pipelines:
        grouped.setdefault(pipeline.source, []).append(pipeline)
    return grouped


def _rows(
    executor: Executor,
    pipelines: Sequence[p.Pipeline],
    table: Table,
    used: Sequence[str],
    wanted: int,
    only: int | None,
) -> Iterator[PreviewRow]:
    """The wanted rows with what each gives."""
    # JSON tables take any reference as a column; those of a mapping are more than their names.
    columns = tuple(dict.fromkeys((*table.columns, *used)))
    emits = {id(emit): _Traced.of(emit) for pipeline in pipelines for emit in pipeline.emits}
    constants_said = False
    for read in table.batches(columns, limit=wanted):
        batch = _only(read, only)
        if batch is None:
            continue
        given: dict[int, list[PreviewTriple]] = {}
        for pipeline in pipelines:
            narrowed = _narrowed(batch, pipeline.columns)
            for chunk in executor.batch(pipeline, table, narrowed):
                traced = emits[id(chunk.emit)]
                if traced.is_constant and constants_said:
                    continue
                owners = chunk.rows
                quads = parse(bytes(chunk.data()), RdfFormat.N_QUADS)
                for number, quad in enumerate(quads):
                    owner = 0 if owners is None else int(owners[number])
                    if traced.is_constant and owner:
                        break
                    given.setdefault(owner, []).append(traced.triple(quad))
        constants_said = True
        for position in range(len(batch)):
            cells = {name: _cell(batch, name, position) for name in columns}
            triples = tuple(dict.fromkeys(given.get(position, ())))
            entity = _entity(triples)
            yield PreviewRow(
                table.name,
                batch.first_row + position,
                int(batch.lines[position]),
                cells,
                triples,
                entity,
                _titles(triples, entity),
            )


@dataclass(frozen=True, slots=True)
class _Traced:
    """An emit with where its triples come from."""

    columns: tuple[str, ...]
    also: tuple[str, ...]
    place: Place | None
    places: tuple[Place, ...]
    triples_map: str

    @classmethod
    def of(cls, emit: p.Emit) -> _Traced:
        own = (emit.object, emit.predicate)
        whole = (*own, emit.condition, emit.subject, emit.graph)
        columns = columns_of(own) or columns_of((emit.condition,)) or columns_of((emit.subject,))
        also = tuple(name for name in columns_of(whole) if name not in columns)
        places = [
            getattr(node, "place", None) for part in (*own, emit.condition) for node in walk(part)
        ]
        known = tuple(dict.fromkeys(place for place in places if place is not None))
        return cls(columns, also, emit.place, known, emit.triples_map)

    @property
    def is_constant(self) -> bool:
        """Whether it says the same for every row."""
        return not self.columns and not self.also

    def triple(self, quad: Quad) -> PreviewTriple:
        subject, object = quad.subject, quad.object
        inside = isinstance(object, NamedNode) and str(object.value).startswith(
            str(getattr(subject, "value", "")).partition("#")[0] + "#"
        )
        link = isinstance(object, NamedNode) and quad.predicate.value != _RDF_TYPE and not inside
        graph = quad.graph_name
        return PreviewTriple(
            str(subject),
            str(quad.predicate),
            str(object),
            str(graph) if isinstance(graph, NamedNode | BlankNode) else None,
            self.columns,
            self.also,
            self.place,
            self.places,
            self.triples_map,
            link,
        )


def _only(batch: Batch, number: int | None) -> Batch | None:
    if number is None:
        return batch
    at = number - batch.first_row
    if not 0 <= at < len(batch):
        return None
    return _sliced(batch, at)


def _sliced(batch: Batch, at: int) -> Batch:
    table = batch.table.slice(at, 1)
    if not batch.datatypes:
        return Batch(table, batch.lines[at : at + 1], batch.first_row + at)
    # Flattened datatypes of lists cannot be cut by rows: the natural ones are left aside.
    cut = {
        name: types.slice(at, 1)
        for name, types in batch.datatypes.items()
        if len(types) == len(batch)
    }
    return Batch(table, batch.lines[at : at + 1], batch.first_row + at, cut)


def _narrowed(batch: Batch, columns: Sequence[str]) -> Batch:
    datatypes = {name: types for name, types in batch.datatypes.items() if name in columns}
    return Batch(batch.table.select(list(columns)), batch.lines, batch.first_row, datatypes)


def _cell(batch: Batch, name: str, position: int) -> str | None:
    value = batch.table.column(name)[position].as_py()
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _entity(triples: Sequence[PreviewTriple]) -> str | None:
    """The thing that the row is about: the first subject with an address of its own that nothing
    of the row is a part of."""
    subjects = [t.subject for t in triples if t.subject.startswith("<") and "#" not in t.subject]
    if not subjects:
        return None
    return subjects[0][1:-1]


def _titles(triples: Sequence[PreviewTriple], entity: str | None) -> dict[str, str | None]:
    if entity is None:
        return {"ja": None, "en": None}
    subject = f"<{entity}>"
    said: dict[str, list[Literal]] = {}
    for triple in triples:
        if triple.object.startswith('"'):
            said.setdefault(f"{triple.subject} {triple.predicate}", []).append(
                _literal(triple.object)
            )
    names = {t.object for t in triples if (t.subject, t.predicate) == (subject, f"<{IC}名称>")}
    titles: dict[str, str | None] = {}
    languages: tuple[Language, ...] = ("ja", "en")
    for language in languages:
        labels = (choose(said.get(f"{subject} <{iri}>", ()), language) for iri in LABELS)
        name = next((label for label in labels if label), None)
        for node in sorted(names) if name is None else ():
            name = choose(said.get(f"{node} <{IC}表記>", ()), language)
        titles[language] = name
    return titles


def _literal(term: str) -> Literal:
    quad = next(iter(parse(f"<s:s> <p:p> {term} .\n".encode(), RdfFormat.N_TRIPLES)))
    assert isinstance(quad.object, Literal)
    return quad.object


def _too_many(rows: int) -> UsageError:
    return UsageError(
        Text(
            f"プレビューの行数は 1〜{MOST_ROWS:,} です（{rows:,} は指定できません）。",
            f"a preview has 1 to {MOST_ROWS:,} rows, not {rows:,}.",
        ),
        hint=Text(
            "全体の結果は tsunagu convert で出力できます。",
            "For the whole result use tsunagu convert.",
        ),
    )


def _no_such_row(row: int) -> UsageError:
    return UsageError(
        Text(f"データの {row:,} 行目はありません。", f"there is no row number {row:,}."),
        hint=Text(
            "行は見出しの次を 1 として数えます（空の行と除外された行は数えません）。",
            "Rows count from 1 after the header, without empty rows and those left out.",
        ),
    )


__all__ = [
    "MOST_ROWS",
    "ROWS",
    "Preview",
    "PreviewRow",
    "PreviewSource",
    "PreviewTriple",
    "preview",
]
