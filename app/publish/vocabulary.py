"""The terms that have pages here: what stands above, below and beside each, and where it is used.

The vocabularies are known by heart (`app.codes.terms`); how often a term is used stands in the
manifest. Nothing is counted for a page.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from pyoxigraph import NamedNode, Quad, Triple

from app.codes.terms import Term, TermKind, TermTable
from app.publish.catalog import VOCABULARY, Catalog, DatasetCard
from app.rdf.namespaces import RDF
from app.store.base import Manifest, Snapshot

_MAX_TRIPLES: Final = 100_000


@dataclass(frozen=True, slots=True)
class TermUse:
    """How often one data set uses a term: instances of a class, statements of a property."""

    card: DatasetCard
    count: int


class Vocabulary:
    """A table of terms with the ways back: from a class to its subclasses and properties."""

    def __init__(self, terms: TermTable, catalog: Catalog) -> None:
        self.terms = terms
        self._catalog = catalog
        self._below: Mapping[str, list[str]] = defaultdict(list)
        self._with_domain: Mapping[str, list[str]] = defaultdict(list)
        self._with_range: Mapping[str, list[str]] = defaultdict(list)
        for term in terms:
            for above in term.supers:
                self._below[above].append(term.iri)
            for domain in term.domains:
                self._with_domain[domain].append(term.iri)
            for range_ in term.ranges:
                self._with_range[range_].append(term.iri)

    def below(self, iri: str) -> tuple[str, ...]:
        """Terms directly below: subclasses, subproperties, narrower concepts."""
        return tuple(self._below.get(iri, ()))

    def properties_of(self, iri: str) -> tuple[str, ...]:
        """Properties whose domain is exactly this class."""
        return tuple(self._with_domain.get(iri, ()))

    def leading_to(self, iri: str) -> tuple[str, ...]:
        """Properties whose range is exactly this class."""
        return tuple(self._with_range.get(iri, ()))

    def inherited(self, iri: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Properties of the classes above, by class, nearest first."""
        above = ((parent, self.properties_of(parent)) for parent in self.terms.ancestors(iri))
        return tuple((parent, properties) for parent, properties in above if properties)

    def uses(self, manifest: Manifest, term: Term) -> tuple[TermUse, ...]:
        """The data sets that use a term, the most frequent use first."""
        found = []
        for card in self._catalog.cards(manifest):
            counts = card.classes if term.kind is TermKind.CLASS else card.properties
            if term.iri in counts:
                found.append(TermUse(card, counts[term.iri]))
        return tuple(sorted(found, key=lambda use: -use.count))

    def counts(self, manifest: Manifest) -> Mapping[str, int]:
        """How often each class and property is used in all data sets."""
        totals: dict[str, int] = defaultdict(int)
        for card in self._catalog.cards(manifest):
            for counts in (card.classes, card.properties):
                for iri, count in counts.items():
                    totals[iri] += count
        return totals

    def example(self, snapshot: Snapshot, term: Term, use: TermUse) -> Quad | None:
        """A statement that uses the term in a data set, of a thing with a page if there is one."""
        is_class = term.kind is TermKind.CLASS
        quads = list(
            snapshot.quads(
                predicate=NamedNode(RDF + "type" if is_class else term.iri),
                object=NamedNode(term.iri) if is_class else None,
                graph=NamedNode(use.card.graph),
                limit=20,
            )
        )
        ours = f"{snapshot.manifest.base_iri}/id/"
        return min(quads, key=lambda quad: _distance(quad, ours), default=None)

    def triples(self, snapshot: Snapshot, namespace: str) -> Iterator[Triple]:
        """All that the release says of the terms of one namespace."""
        graph = NamedNode(f"{snapshot.manifest.base_iri}/graphs/{VOCABULARY}")
        for quad in snapshot.quads(graph=graph, limit=_MAX_TRIPLES):
            subject = quad.subject
            if isinstance(subject, NamedNode) and subject.value.startswith(namespace):
                yield quad.triple


def _distance(quad: Quad, ours: str) -> int:
    subject = quad.subject
    if not isinstance(subject, NamedNode) or not subject.value.startswith(ours):
        return 2
    return 1 if "#" in subject.value else 0
