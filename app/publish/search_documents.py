"""The things of a release as they can be found: names, places, types and regions of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from app.publish.reading_order import LABELS
from app.rdf.namespaces import DCTERMS, IC, RDF, SCHEMA, SKOS
from app.store.base import GraphEntry, Resource, Snapshot, Term
from app.store.search import SearchDocument

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
WRITTEN: Final = frozenset((IC + "表記", IC + "カナ表記", IC + "ローマ字表記"))
PLACE_NODES: Final = frozenset((IC + "住所", IC + "設置地点", IC + "所在地", SCHEMA + "address"))
_PLACES: Final = frozenset(
    (IC + "住所", IC + "表記", IC + "郵便番号", IC + "方書", SCHEMA + "address", *LABELS[:1])
)
WHOLES: Final = frozenset((DCTERMS + "spatial", DCTERMS + "isPartOf"))
IS_PART_OF: Final = NamedNode(DCTERMS + "isPartOf")

_TEXTS: Final = 40
_NODE_QUADS: Final = 60
_NODES: Final = 20
_THING_QUADS: Final = 500
_DEPTH: Final = 3
_STEPS: Final = 6
_REGIONS_KEPT: Final = 100_000


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
            above = self._snapshot.quads(NamedNode(way[-1]), IS_PART_OF, limit=1)
            whole = next((q.object for q in above), None)
            if not isinstance(whole, NamedNode) or whole.value in way:
                break
            way.append(whole.value)
        if len(self._known) >= _REGIONS_KEPT:
            self._known.clear()
        self._known[iri] = tuple(way)
        return self._known[iri]


def documents(
    snapshot: Snapshot, graph: str, dataset: str, regions: Regions, shared: set[str]
) -> Iterator[SearchDocument]:
    """The things named in a graph that belong to it: a thing that several graphs name belongs
    to the first of them. Those graphs are added to `shared`."""
    ours = snapshot.manifest.base_iri + "/id/"
    for subject, quads in groupby(snapshot.graph(graph), key=_subject):
        if not isinstance(subject, NamedNode):
            continue
        iri = subject.value
        if not iri.startswith(ours) or "#" in iri:
            continue
        reading = _Reading(snapshot, iri, ours)
        reading.root(quads)
        if not reading.names:
            continue
        others = _named_elsewhere(snapshot, subject, reading.label, graph)
        if others:
            shared.update((graph, *others))
            reading = _Reading(snapshot, iri, ours)
            reading.root(snapshot.quads(subject, limit=_THING_QUADS))
        if all(graph < other for other in others):
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
            elif predicate in WHOLES:
                self._region(value)
            elif predicate in _NAME_NODES:
                self._node(value, WRITTEN, self.names, 1)
            elif predicate in PLACE_NODES:
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
            elif depth > 1 and predicate in PLACE_NODES:
                self._node(value, texts, into, depth - 1)

    def _region(self, value: Term) -> None:
        if isinstance(value, NamedNode) and value.value.startswith(self._ours):
            self.regions[value.value] = None


def _named_elsewhere(
    snapshot: Snapshot, subject: Resource, label: NamedNode | None, graph: str
) -> frozenset[str]:
    """Other graphs of data sets that name the thing with the same property."""
    quads = snapshot.quads(subject, label, limit=_TEXTS) if label is not None else ()
    entries: Mapping[str, GraphEntry] = snapshot.manifest.graphs
    named = (q.graph_name.value for q in quads if isinstance(q.graph_name, NamedNode))
    return frozenset(
        g for g in named if g != graph and g in entries and entries[g].dataset is not None
    )


def has_names(entry: GraphEntry) -> bool:
    """Whether anything in a graph can be found by a name."""
    return any(predicate in entry.properties for predicate in _NAMES)


def _subject(quad: Quad) -> Term:
    return quad.subject
