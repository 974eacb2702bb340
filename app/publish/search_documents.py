"""The things of a release as they can be found: names, places, types and regions of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, parse

from app.publish.reading_order import LABELS
from app.rdf import terms
from app.rdf.namespaces import DCTERMS, IC, RDF, SCHEMA, SKOS
from app.store.base import GraphEntry, Snapshot
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

_TYPE: Final = RDF + "type"
_TELLING: Final = {
    terms.iri(name): name for name in {*_NAMES, *WRITTEN, *PLACE_NODES, *_PLACES, *WHOLES, _TYPE}
}
"""The predicates that matter, by how they stand in N-Triples."""

Statements = Sequence[tuple[str, str]]
"""Predicates, and objects as N-Triples."""

_PASSED: Final = 4_096
_TEXTS: Final = 40
_NODE_QUADS: Final = 60
_NODES: Final = 20
_THING_QUADS: Final = 500
_STATEMENTS: Final = 10_000
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


class Documents:
    """Reads the things of a graph that have a name, from its lines of N-Triples.

    A node inside a thing (`#address`, a blank node) has lines of its own. Those of the last
    few thousand subjects are remembered, for sorted lines bring most nodes just before their
    thing; the others are looked up.
    """

    def __init__(self, snapshot: Snapshot, graph: str, dataset: str, regions: Regions) -> None:
        self._snapshot = snapshot
        self._graph = graph
        self._dataset = dataset
        self._regions = regions
        self._ours = snapshot.manifest.base_iri + "/id/"
        self._passed: dict[str, Statements] = {}

    def read(self, blocks: Iterable[bytes]) -> Iterator[SearchDocument]:
        """The documents of all things, those of one subject's lines together."""
        for subject, statements in _subjects(blocks):
            if subject[1 : len(self._ours) + 1] == self._ours and "#" not in subject:
                document = self.document(subject[1:-1], statements)
                if document is not None:
                    yield document
            self._passed[subject] = statements
            if len(self._passed) > _PASSED:
                del self._passed[next(iter(self._passed))]

    def document(self, iri: str, statements: Statements) -> SearchDocument | None:
        """What a thing can be found by; None without a name."""
        reading = _Reading(iri, self._ours, self._node)
        reading.root(statements)
        if not reading.names:
            return None
        regions = (region for named in reading.regions for region in self._regions.upward(named))
        return SearchDocument(
            iri=iri,
            graph=self._graph,
            dataset=self._dataset,
            names=tuple(reading.names)[:_TEXTS],
            places=tuple(reading.places)[:_TEXTS],
            types=tuple(reading.types),
            regions=tuple(dict.fromkeys(regions)),
        )

    def _node(self, node: str) -> Statements:
        known = self._passed.get(node)
        if known is not None:
            return known
        resource = BlankNode(node[2:]) if node.startswith("_:") else NamedNode(node[1:-1])
        return _statements(self._snapshot.quads(resource, limit=_NODE_QUADS))


def shared_document(
    snapshot: Snapshot, iri: str, regions: Regions
) -> tuple[SearchDocument, frozenset[str]] | None:
    """The document of a thing that several graphs name: it belongs to the first of them, with
    what all say of it. Also those graphs."""
    quads = list(snapshot.quads(NamedNode(iri), limit=_THING_QUADS))
    said: dict[str, list[Quad]] = {}
    for quad in quads:
        if isinstance(quad.graph_name, NamedNode):
            said.setdefault(quad.graph_name.value, []).append(quad)
    naming = {
        graph: reader
        for graph, reader in _readers(snapshot, said, regions)
        if reader.document(iri, _statements(said[graph])) is not None
    }
    if not naming:
        return None
    document = naming[min(naming)].document(iri, _statements(quads))
    assert document is not None, "it has the names that its first graph gives it"
    return document, frozenset(naming)


def _readers(
    snapshot: Snapshot, graphs: Iterable[str], regions: Regions
) -> Iterator[tuple[str, Documents]]:
    for graph in graphs:
        entry = snapshot.manifest.graphs.get(graph)
        if entry is not None and entry.dataset is not None:
            yield graph, Documents(snapshot, graph, entry.dataset, regions)


def _subjects(blocks: Iterable[bytes]) -> Iterator[tuple[str, Statements]]:
    """Subjects with what is said of them by predicates that matter here."""
    current = ""
    statements: list[tuple[str, str]] = []
    telling = _TELLING.get
    for block in blocks:
        for line in block.decode()[:-3].split(" .\n"):
            subject, _, rest = line.partition(" ")
            if subject != current:
                if statements:
                    yield current, statements
                current, statements = subject, []
            predicate, _, value = rest.partition(" ")
            known = telling(predicate)
            if known is not None and len(statements) < _STATEMENTS:
                statements.append((known, value))
    if statements:
        yield current, statements


def _statements(quads: Iterable[Quad]) -> Statements:
    return [(quad.predicate.value, str(quad.object)) for quad in quads]


def _text(literal: str) -> str:
    """The text of a literal of N-Triples."""
    if "\\" in literal:
        (quad,) = parse(f"<x:x> <x:x> {literal} .", RdfFormat.N_TRIPLES, lenient=True)
        assert isinstance(quad.object, Literal)
        return quad.object.value
    return literal[1 : literal.rindex('"')]


class _Reading:
    """What is collected of one thing and the nodes inside it."""

    def __init__(self, iri: str, ours: str, node: Callable[[str], Statements]) -> None:
        self._ours = "<" + ours
        self._own = (f"<{iri}#", f"<{iri}/", "_:")
        self._of_node = node
        self._nodes = 0
        self.names: dict[str, None] = {}
        self.places: dict[str, None] = {}
        self.types: dict[str, None] = {}
        self.regions: dict[str, None] = {}

    def root(self, statements: Statements) -> None:
        for predicate, value in statements:
            if value[0] == '"':
                if predicate in _NAMES:
                    self.names[_text(value)] = None
                elif predicate in _PLACES:
                    self.places[_text(value)] = None
            elif predicate == _TYPE:
                if value[0] == "<":
                    self.types[value[1:-1]] = None
            elif predicate in WHOLES:
                if value.startswith(self._ours):
                    self.regions[value[1:-1]] = None
            elif predicate in _NAME_NODES:
                self._node(value, WRITTEN, self.names, 1)
            elif predicate in PLACE_NODES:
                self._node(value, _PLACES, self.places, _DEPTH)

    def _node(self, node: str, texts: frozenset[str], into: dict[str, None], depth: int) -> None:
        if self._nodes >= _NODES or not node.startswith(self._own):
            return
        self._nodes += 1
        for predicate, value in self._of_node(node):
            if value[0] == '"':
                if predicate in texts:
                    into[_text(value)] = None
            elif depth > 1 and predicate in PLACE_NODES:
                self._node(value, texts, into, depth - 1)


def has_names(entry: GraphEntry) -> bool:
    """Whether anything in a graph can be found by a name."""
    return any(predicate in entry.properties for predicate in _NAMES)
