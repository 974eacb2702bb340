"""Searching a release: which things can be found by what, and what is shown of those found.

A thing can be found when it has a name and an address of its own here. Its names are its labels
in all languages, readings and codes; its places the addresses that stand in it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from app.publish.entity import EntityDescription, EntityReader
from app.publish.places import Point, points
from app.publish.reading_order import LABELS
from app.publish.statements import statements
from app.rdf.namespaces import DCTERMS, IC, RDF, SCHEMA, SKOS
from app.store.base import GraphEntry, Resource, Snapshot, Term
from app.store.search import SearchDocument, SearchIndex, SearchIndexWriter

FOLDER: Final = "search"
_META: Final = f"{FOLDER}/meta.json"

_NAMES: Final = frozenset(
    (
        *LABELS,
        SKOS + "altLabel",
        DCTERMS + "identifier",
        IC + "名称",
        IC + "カナ表記",
        IC + "ローマ字表記",
    )
)
_NAME_NODES: Final = frozenset((IC + "名称",))
_WRITTEN: Final = frozenset((IC + "表記", IC + "カナ表記", IC + "ローマ字表記"))
_PLACE_NODES: Final = frozenset((IC + "住所", IC + "設置地点", IC + "所在地", SCHEMA + "address"))
_PLACES: Final = frozenset(
    (IC + "住所", IC + "表記", IC + "郵便番号", IC + "方書", SCHEMA + "address", *LABELS[:1])
)
_WHOLES: Final = frozenset((DCTERMS + "spatial", DCTERMS + "isPartOf"))
_IS_PART_OF: Final = NamedNode(DCTERMS + "isPartOf")

_TEXTS: Final = 40
_NODE_QUADS: Final = 60
_NODES: Final = 20
_DEPTH: Final = 3
_STEPS: Final = 6
_REGIONS_KEPT: Final = 100_000


def write(folder: Path, new: Snapshot) -> int:
    """Write the index of a release; gives the number of things in it.

    One thing is held in memory at a time. Things named in several graphs are found once.
    """
    found = 0
    regions = Regions(new)
    with SearchIndexWriter(folder / FOLDER) as index:
        for iri, entry in sorted(new.manifest.graphs.items()):
            if entry.dataset is None or not _has_names(entry):
                continue
            for document in documents(new, iri, entry.dataset, regions):
                index.add(document)
                found += 1
    return found


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found, with what tells it from others: its names, addresses as written,
    regions from the nearest to the widest, places on the map, and the id of its data set."""

    description: EntityDescription
    labels: tuple[Literal, ...]
    addresses: tuple[str, ...]
    regions: tuple[str, ...]
    points: tuple[Point, ...]
    dataset: str | None


class Searching:
    """The index of the current release, opened once and again when the release has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._release = ""
        self._index: SearchIndex | None = None

    def index(self, snapshot: Snapshot) -> SearchIndex | None:
        """The index of a release; None for one that was made without."""
        with self._lock:
            if snapshot.manifest.id != self._release:
                meta = snapshot.file(_META)
                self._index = SearchIndex(meta.parent) if meta is not None else None
                self._release = snapshot.manifest.id
            return self._index


def hits(reader: EntityReader, iris: Sequence[str]) -> tuple[Hit, ...]:
    """What is shown of things that were found; about 0.2 ms each."""
    regions = Regions(reader.snapshot)
    described = (reader.describe(iri) for iri in iris)
    return tuple(_hit(reader, regions, found) for found in described if found is not None)


def _hit(reader: EntityReader, regions: Regions, found: EntityDescription) -> Hit:
    entries = reader.snapshot.manifest.graphs
    ours = reader.snapshot.manifest.base_iri + "/id/"
    addresses: dict[str, None] = {}
    lies_in: dict[str, None] = {}
    for statement in statements(found):
        if statement.path[-1] in _WRITTEN and _PLACE_NODES & set(statement.path):
            addresses[statement.text] = None
        elif statement.path[0] in _WHOLES and statement.text.startswith(ours):
            lies_in.update(dict.fromkeys(regions.upward(statement.text)))
    datasets = (entries[graph].dataset for graph in found.graphs if graph in entries)
    return Hit(
        found,
        reader.labels(found.iri),
        tuple(addresses),
        tuple(lies_in),
        points(found),
        next((dataset for dataset in datasets if dataset is not None), None),
    )


class Regions:
    """What each region is a part of, the nearest first; remembered."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[str, tuple[str, ...]] = {}

    def upward(self, iri: str) -> tuple[str, ...]:
        """The region itself and what it lies in."""
        known = self._known.get(iri)
        if known is not None:
            return known
        way = [iri]
        while len(way) < _STEPS:
            above = self._snapshot.quads(NamedNode(way[-1]), _IS_PART_OF, limit=1)
            whole = next((q.object for q in above), None)
            if not isinstance(whole, NamedNode) or whole.value in way:
                break
            way.append(whole.value)
        if len(self._known) >= _REGIONS_KEPT:
            self._known.clear()
        self._known[iri] = tuple(way)
        return self._known[iri]


def documents(
    snapshot: Snapshot, graph: str, dataset: str, regions: Regions
) -> Iterator[SearchDocument]:
    """The things named in a graph that belong to it: a thing that several graphs name belongs
    to the first of them."""
    ours = snapshot.manifest.base_iri + "/id/"
    for subject, quads in groupby(snapshot.graph(graph), key=_subject):
        if not isinstance(subject, NamedNode):
            continue
        iri = subject.value
        if not iri.startswith(ours) or "#" in iri:
            continue
        reading = _Reading(snapshot, iri, ours)
        reading.root(quads)
        if reading.names and not _named_before(snapshot, subject, reading.label, graph):
            yield SearchDocument(
                iri=iri,
                graph=graph,
                dataset=dataset,
                names=tuple(reading.names)[:_TEXTS],
                places=tuple(reading.places)[:_TEXTS],
                types=tuple(reading.types),
                regions=tuple(
                    dict.fromkeys(r for named in reading.regions for r in regions.upward(named))
                ),
            )


class _Reading:
    """What is collected of one thing and the nodes inside it."""

    def __init__(self, snapshot: Snapshot, iri: str, ours: str) -> None:
        self._snapshot = snapshot
        self._ours = ours
        self._own = (iri + "#", iri + "/")
        self._nodes = 0
        self.names: dict[str, None] = {}
        self.places: dict[str, None] = {}
        self.types: dict[str, None] = {}
        self.regions: dict[str, None] = {}
        self.label: NamedNode | None = None

    def root(self, quads: Iterator[Quad]) -> None:
        for _, property, value, _ in quads:
            predicate = property.value
            if isinstance(value, Literal):
                if predicate in _NAMES:
                    self.names[value.value] = None
                    if predicate in LABELS and self.label is None:
                        self.label = property
                elif predicate in _PLACES:
                    self.places[value.value] = None
            elif isinstance(value, NamedNode) and predicate == RDF + "type":
                self.types[value.value] = None
            elif predicate in _WHOLES:
                self._region(value)
            elif predicate in _NAME_NODES:
                self._node(value, _WRITTEN, self.names, 1)
            elif predicate in _PLACE_NODES:
                self._node(value, _PLACES, self.places, _DEPTH)

    def _node(self, node: Term, texts: frozenset[str], into: dict[str, None], depth: int) -> None:
        if not isinstance(node, BlankNode | NamedNode) or self._nodes >= _NODES:
            return
        if isinstance(node, NamedNode) and not node.value.startswith(self._own):
            return
        self._nodes += 1
        for _, property, value, _ in self._snapshot.quads(node, limit=_NODE_QUADS):
            predicate = property.value
            if isinstance(value, Literal):
                if predicate in texts:
                    into[value.value] = None
            elif depth > 1 and predicate in _PLACE_NODES:
                self._node(value, texts, into, depth - 1)

    def _region(self, value: Term) -> None:
        if isinstance(value, NamedNode) and value.value.startswith(self._ours):
            self.regions[value.value] = None


def _named_before(
    snapshot: Snapshot, subject: Resource, label: NamedNode | None, graph: str
) -> bool:
    """Whether a graph that comes earlier names the thing with the same property."""
    quads: Sequence[Quad] = tuple(snapshot.quads(subject, label, limit=_TEXTS)) if label else ()
    entries: Mapping[str, GraphEntry] = snapshot.manifest.graphs
    return any(
        isinstance(q.graph_name, NamedNode)
        and q.graph_name.value < graph
        and q.graph_name.value in entries
        and entries[q.graph_name.value].dataset is not None
        for q in quads
    )


def _has_names(entry: GraphEntry) -> bool:
    return any(predicate in entry.properties for predicate in _NAMES)


def _subject(quad: Quad) -> Term:
    return quad.subject
