"""What links to a thing: pages of subjects by property, with nothing counted that is many."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pyoxigraph import BlankNode, NamedNode

from app.publish import reading_order
from app.publish.links import FREQUENT, Counts
from app.publish.skolem import resource_of
from app.store.base import Resource, Snapshot, Term

_OWNER_STEPS = 5  # blank nodes between a link and the thing it belongs to


@dataclass(frozen=True, slots=True)
class IncomingLinks:
    """Subjects that link to a thing by one property: a page of at most `size`, from `offset`.

    `more` says that others follow; `total` is None where the release has no count of them.
    """

    predicate: str
    size: int
    subjects: tuple[str, ...]
    offset: int = 0
    more: bool = False
    total: int | None = None


class IncomingReader:
    """Reads what links to things from one snapshot, `size` links of a property on a page.
    `counts` are those of the release (`links.read`)."""

    def __init__(self, snapshot: Snapshot, size: int, counts: Counts | None = None) -> None:
        self._snapshot = snapshot
        self._size = size
        self._counts = counts or {}

    def first_pages(self, iri: str) -> tuple[IncomingLinks, ...]:
        """First pages of what links to an IRI, by property.

        A thing with few incoming links is answered by one look-up; one with many by a look-up
        for each property of the release, so that no property hides behind a frequent one.
        """
        object = self._object(iri)
        few = () if iri in self._counts else self._snapshot.quads(object=object, limit=FREQUENT + 1)
        quads = list(few)
        if 0 < len(quads) <= FREQUENT:
            met: dict[str, dict[Term, None]] = {}
            for quad in quads:
                met.setdefault(quad.predicate.value, {})[quad.subject] = None
            pages = [self._sorted_page(iri, name, list(met[name]), 0) for name in met]
        elif quads or iri in self._counts:
            properties = {quad.predicate.value for quad in quads}
            for graph in self._snapshot.manifest.graphs.values():
                properties.update(graph.properties)
            pages = [self.page(iri, name) for name in properties]
        else:
            pages = []
        return tuple(
            sorted(
                (p for p in pages if p.subjects),
                key=lambda p: reading_order.of_property(p.predicate),
            )
        )

    def page(self, iri: str, predicate: str, offset: int = 0) -> IncomingLinks:
        """One page of what links to an IRI by one property. A release never changes, so an
        offset into it is a stable cursor. Few links are sorted by IRI; many come in the order
        of the index."""
        size, object, property = self._size, self._object(iri), NamedNode(predicate)
        total = self._counts.get(iri, {}).get(predicate)
        if total is None:
            quads = self._snapshot.quads(predicate=property, object=object, limit=FREQUENT + 1)
            subjects: list[Term] = list(dict.fromkeys(quad.subject for quad in quads))
            if len(subjects) <= FREQUENT:
                return self._sorted_page(iri, predicate, subjects, offset)
        found = self._snapshot.subjects(property, object, offset=offset, limit=size + 1)
        owners = self._owners(found[:size], iri)
        return IncomingLinks(predicate, size, owners, offset, len(found) > size, total)

    def _object(self, iri: str) -> Resource:
        return resource_of(iri, self._snapshot.manifest.base_iri)

    def _sorted_page(
        self, iri: str, predicate: str, subjects: list[Term], offset: int
    ) -> IncomingLinks:
        subjects.sort(key=str)
        end = offset + self._size
        owners = self._owners(subjects[offset:end], iri)
        return IncomingLinks(
            predicate, self._size, owners, offset, len(subjects) > end, len(subjects)
        )

    def _owners(self, subjects: Sequence[Term], iri: str) -> tuple[str, ...]:
        """For each subject the thing with a page of its own: a blank node or `#` node stands
        for what it belongs to."""
        owners: dict[str, None] = {}
        for subject in subjects:
            owner: Term | None = subject
            for _ in range(_OWNER_STEPS):
                if not isinstance(owner, BlankNode):
                    break
                above = next(iter(self._snapshot.quads(object=owner, limit=1)), None)
                owner = above.subject if above is not None else None
            if not isinstance(owner, NamedNode):
                continue
            page, _, fragment = owner.value.partition("#")
            belongs = bool(fragment) and self._snapshot.knows(NamedNode(page))
            name = page if belongs else owner.value
            if name != iri:
                owners[name] = None
        return tuple(owners)
