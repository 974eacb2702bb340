"""What a release knows of one thing: a bounded description with labels.

The description is concise and bounded (after https://www.w3.org/Submission/CBD/): the quads of
the thing and of the nodes that exist only for it, which are blank nodes and IRIs that continue
its own by `#` or `/`. Everything is read by pattern; nothing is counted and no query text is
made, so a page costs the same in a release of a thousand or of a hundred million triples.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import islice

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from app.errors import Language
from app.publish import reading_order
from app.publish.labels import choose
from app.publish.node import RDF_TYPE, Node, Property, Value, triples
from app.publish.reading_order import LABELS
from app.publish.skolem import resource_of, skolemised
from app.rdf.namespaces import DCTERMS, IC, RDFS
from app.store.base import GraphEntry, Resource, Snapshot, Term

__all__ = [
    "RDF_TYPE",
    "Bounds",
    "EntityDescription",
    "EntityReader",
    "Node",
    "Property",
    "Value",
]

_IS_PART_OF = NamedNode(DCTERMS + "isPartOf")
_SPATIAL = DCTERMS + "spatial"
_LABEL_CACHE = 50_000
_LABELS_READ = 8


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a description goes: quads in all, levels of nested nodes, and linked things whose
    labels are read."""

    quads: int = 2_000
    depth: int = 5
    labels: int = 300


@dataclass(frozen=True, slots=True)
class EntityDescription:
    """A thing as one release knows it.

    `labels` are those of the things it links to; `graphs` the named graphs that speak of it;
    `truncated` says that the bound of quads was met.
    """

    iri: str
    release: str
    modified: datetime
    root: Node
    labels: Mapping[str, tuple[Literal, ...]]
    graphs: tuple[str, ...]
    truncated: bool = False

    def title(self, language: Language) -> str | None:
        """The name of the thing, from its labels or its 名称, or None."""
        for predicate in LABELS:
            named = choose(self.root.literals(predicate), language)
            if named:
                return named
        names = [v.node for v in self.root.of(IC + "名称") if v.node is not None]
        written = [literal for node in names for literal in node.literals(IC + "表記")]
        return choose(written or self.root.literals(IC + "名称"), language)

    def triples(self) -> Iterator[Triple]:
        """Every triple of the description, a node before the nodes inside it."""
        yield from triples(self.root)

    def label_triples(self) -> Iterator[Triple]:
        """The labels of linked things as triples."""
        label = NamedNode(RDFS + "label")
        for iri, labels in self.labels.items():
            subject = NamedNode(iri)
            for literal in labels:
                yield Triple(subject, label, literal)


class EntityReader:
    """Reads descriptions from one snapshot and remembers labels of linked things."""

    def __init__(self, snapshot: Snapshot, bounds: Bounds | None = None) -> None:
        self.snapshot = snapshot
        self.bounds = bounds or Bounds()
        self._labels: dict[str, tuple[Literal, ...]] = {}
        # Many things lie in one region: it is asked for once.
        self._chain = lru_cache(maxsize=4096)(self._read_chain)
        self._knows = lru_cache(maxsize=4096)(lambda thing: self.snapshot.knows(thing))
        self._label_predicates = tuple(NamedNode(iri) for iri in LABELS)

    def find(self, candidates: Sequence[str]) -> str | None:
        """The first IRI that the release knows as a subject."""
        base = self.snapshot.manifest.base_iri
        for iri in candidates:
            if self.snapshot.knows(resource_of(iri, base)):
                return iri
        return None

    def describe(self, iri: str) -> EntityDescription | None:
        """What is known of an IRI, or None when it is no subject of this release."""
        manifest = self.snapshot.manifest
        walk = _Walk(self.snapshot, self.bounds, iri)
        root = walk.node(resource_of(iri, manifest.base_iri), 0)
        if root is None:
            return None
        if walk.blank:
            root = skolemised(root, manifest.base_iri)
        labels = {}
        for linked in islice(walk.linked, self.bounds.labels):
            found = self.labels(linked)
            if found:
                labels[linked] = found
        graphs: Mapping[str, GraphEntry] = manifest.graphs
        met = tuple(sorted(walk.graphs))
        modified = [graphs[graph].modified for graph in met if graph in graphs]
        return EntityDescription(
            iri=iri,
            release=manifest.id,
            modified=max(modified, default=manifest.created),
            root=root,
            labels=labels,
            graphs=met,
            truncated=walk.truncated,
        )

    def wholes(self, root: Node) -> tuple[str, ...]:
        """What a thing is a part of (dcterms:isPartOf), else the region of ours that it lies in
        (dcterms:spatial), with what that is a part of; the outermost first."""
        above = [v.term for v in root.of(_IS_PART_OF.value)]
        if not above:
            ours = f"{self.snapshot.manifest.base_iri}/id/"
            regions = [v.term for v in root.of(_SPATIAL) if isinstance(v.term, NamedNode)]
            above = [r for r in regions if r.value.startswith(ours) and self._knows(r)]
        if not above or not isinstance(above[0], NamedNode) or above[0] == root.resource:
            return ()
        return tuple(iri for iri in self._chain(above[0]) if iri != root.resource.value)

    def _read_chain(self, whole: NamedNode) -> tuple[str, ...]:
        """A thing and what it is a part of, the outermost first."""
        found: dict[str, None] = {}
        above: list[Term] = [whole]
        while above and isinstance(above[0], NamedNode) and len(found) < self.bounds.depth:
            if above[0].value in found:
                break
            found[above[0].value] = None
            above = [q.object for q in self.snapshot.quads(above[0], _IS_PART_OF, limit=1)]
        return tuple(reversed(found))

    def labels(self, iri: str) -> tuple[Literal, ...]:
        """Labels of one thing in all languages."""
        known = self._labels.get(iri)
        if known is not None:
            return known
        found: tuple[Literal, ...] = ()
        subject = NamedNode(iri)
        for predicate in self._label_predicates:
            quads = self.snapshot.quads(subject, predicate, limit=_LABELS_READ)
            literals = {q.object: None for q in quads if isinstance(q.object, Literal)}
            if literals:
                found = tuple(sorted(literals, key=reading_order.of_literal))
                break
        if len(self._labels) >= _LABEL_CACHE:
            self._labels.clear()
        self._labels[iri] = found
        return found


class _Walk:
    """One description being read: the budget left, nodes met, graphs and links collected."""

    def __init__(self, snapshot: Snapshot, bounds: Bounds, iri: str) -> None:
        self._snapshot = snapshot
        self._left = bounds.quads
        self._depth = bounds.depth
        self._own = (iri + "#", iri + "/")
        self._met: set[Resource] = set()
        self._graphs: set[object] = set()
        self.linked: dict[str, None] = {}
        self.truncated = False
        self.blank = False

    @property
    def graphs(self) -> set[str]:
        """The named graphs that were met."""
        return {graph.value for graph in self._graphs if isinstance(graph, NamedNode)}

    def node(self, resource: Resource, depth: int) -> Node | None:
        """What is known of a resource, or None. Runs for every page: nothing is asked twice."""
        self._met.add(resource)
        self.blank = self.blank or type(resource) is BlankNode
        objects: dict[str, list[Term]] = {}
        graphs: set[object] = set()
        left = self._left
        for _, predicate, term, graph in self._snapshot.quads(resource, limit=left + 1):
            if not left:
                self.truncated = True
                break
            left -= 1
            graphs.add(graph)
            objects.setdefault(predicate.value, []).append(term)
        self._left = left
        self._graphs |= graphs
        if len(graphs) > 1:  # the same statement may stand in several
            objects = {name: list(dict.fromkeys(terms)) for name, terms in objects.items()}
        if not objects:
            return None
        names = sorted(objects, key=reading_order.of_property)
        return Node(
            resource,
            tuple([Property(name, self._values(name, objects[name], depth)) for name in names]),
        )

    def _values(self, predicate: str, terms: list[Term], depth: int) -> tuple[Value, ...]:
        if len(terms) > 1:
            terms.sort(key=reading_order.of_term)
        return tuple([self._value(predicate, term, depth) for term in terms])

    def _value(self, predicate: str, term: Term, depth: int) -> Value:
        if isinstance(term, Literal | Triple):
            return Value(term)
        if isinstance(term, BlankNode):
            self.blank = True
        elif not term.value.startswith(self._own):
            if predicate != RDF_TYPE:
                self.linked[term.value] = None
            return Value(term)
        if depth < self._depth and self._left > 0 and term not in self._met:
            return Value(term, self.node(term, depth + 1))
        return Value(term)
