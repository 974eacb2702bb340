"""What differs between two releases: quads added and removed, graph by graph, entity by entity.

Graphs whose inputs and counts are equal are not read at all. Within a graph each quad of one
release is looked up in the other, so memory stays bounded whatever the size. Blank nodes are
compared by their labels, which a new load gives anew: mappings that name their nodes avoid that.

Source of the patch format: RDF Patch, https://afs.github.io/rdf-delta/rdf-patch.html .
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, serialize

from app.store.base import Manifest, Snapshot


class Operation(StrEnum):
    """What happened to a quad, as RDF Patch writes it."""

    ADD = "A"
    DELETE = "D"


@dataclass(frozen=True, slots=True)
class Change:
    """One quad that came or went."""

    operation: Operation
    quad: Quad


def changed_graphs(old: Manifest | None, new: Manifest) -> list[str]:
    """Graphs that can differ: their inputs, counts or time of making do."""
    before = old.graphs if old is not None else {}
    return sorted(iri for iri in {*before, *new.graphs} if before.get(iri) != new.graphs.get(iri))


def changes(old: Snapshot | None, new: Snapshot | None, graphs: Iterable[str]) -> Iterator[Change]:
    """The quads that must be deleted from `old`, then those to be added, to get `new`."""
    names = list(graphs)
    for operation, here, there in ((Operation.DELETE, old, new), (Operation.ADD, new, old)):
        if here is None:
            continue
        for graph in names:
            for quad in here.graph(graph):
                if there is None or not there.holds(quad):
                    yield Change(operation, quad)


def patch(found: Iterable[Change], *, old: str | None, new: str) -> Iterator[bytes]:
    """Changes as RDF Patch, with the releases' ids in its header."""
    yield f"H id <urn:tsunagu:release:{new}> .\n".encode()
    if old is not None:
        yield f"H prev <urn:tsunagu:release:{old}> .\n".encode()
    yield b"TX .\n"
    for change in found:
        line = serialize([change.quad], format=RdfFormat.N_QUADS)
        assert line is not None
        yield change.operation.value.encode() + b" " + line
    yield b"TC .\n"


@dataclass(slots=True)
class EntityChange:
    """How an entity changed: quads added and removed, its hash-named parts included."""

    iri: str
    added: int = 0
    removed: int = 0


@dataclass(slots=True)
class Difference:
    """Changes by entity: those that are new, gone, and changed."""

    new: list[EntityChange] = field(default_factory=list)
    gone: list[EntityChange] = field(default_factory=list)
    changed: list[EntityChange] = field(default_factory=list)
    added: int = 0
    removed: int = 0


def by_entity(found: Iterable[Change], old: Snapshot | None, new: Snapshot | None) -> Difference:
    """Changes gathered by entity. One entry is kept in memory for each entity that changed."""
    entities: dict[str, EntityChange] = {}
    difference = Difference()
    for change in found:
        subject = change.quad.subject
        iri = subject.value.partition("#")[0] if isinstance(subject, NamedNode) else str(subject)
        entity = entities.setdefault(iri, EntityChange(iri))
        if change.operation is Operation.ADD:
            entity.added += 1
            difference.added += 1
        else:
            entity.removed += 1
            difference.removed += 1
    for entity in sorted(entities.values(), key=lambda entity: entity.iri):
        known_before, known_after = _knows(old, entity.iri), _knows(new, entity.iri)
        if known_before and known_after:
            difference.changed.append(entity)
        elif known_after:
            difference.new.append(entity)
        else:
            difference.gone.append(entity)
    return difference


def _knows(snapshot: Snapshot | None, iri: str) -> bool:
    if snapshot is None:
        return False
    if iri.startswith("_:"):
        return snapshot.knows(BlankNode(iri[2:]))
    return snapshot.knows(NamedNode(iri))
