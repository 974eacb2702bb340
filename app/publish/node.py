"""A resource with what is known of it: the tree that descriptions are made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from pyoxigraph import Literal, NamedNode, Triple

from app.rdf.namespaces import RDF
from app.store.base import Resource, Term

RDF_TYPE = RDF + "type"


class Value(NamedTuple):
    """An object of a property; `node` when it is described in place.

    A page is made of some dozens of these three; a tuple is made in a quarter of the time of a
    frozen dataclass.
    """

    term: Term
    node: Node | None = None


class Property(NamedTuple):
    """A predicate and its objects in the order of reading."""

    predicate: str
    values: tuple[Value, ...]


class Node(NamedTuple):
    """A resource with what is known of it, types first."""

    resource: Resource
    properties: tuple[Property, ...]

    @property
    def types(self) -> tuple[str, ...]:
        """IRIs of its classes."""
        return tuple(v.term.value for v in self.of(RDF_TYPE) if isinstance(v.term, NamedNode))

    def of(self, predicate: str) -> tuple[Value, ...]:
        """The values of one property."""
        for known in self.properties:
            if known.predicate == predicate:
                return known.values
        return ()

    def literals(self, predicate: str) -> tuple[Literal, ...]:
        """The values of one property that are literals."""
        return tuple(v.term for v in self.of(predicate) if isinstance(v.term, Literal))


def triples(node: Node) -> Iterator[Triple]:
    """Every triple of a tree, a node before the nodes inside it."""
    inside: list[Node] = []
    for known in node.properties:
        predicate = NamedNode(known.predicate)
        for value in known.values:
            yield Triple(node.resource, predicate, value.term)
            if value.node is not None:
                inside.append(value.node)
    for child in inside:
        yield from triples(child)
