"""Blank nodes that have an address (RDF 1.1 Concepts, section 3.5), and those that need none."""

from __future__ import annotations

from pyoxigraph import BlankNode, NamedNode

from app.publish.node import Node, Property, Value
from app.store.base import Resource, Term

GENID = "/.well-known/genid/"
"""Where blank nodes have an address (RDF 1.1 Concepts, section 3.5), below the base IRI."""


def resource_of(iri: str, base: str) -> Resource:
    """The resource that an IRI stands for in the store: a Skolem IRI means its blank node."""
    prefix = base + GENID
    if not iri.startswith(prefix):
        return NamedNode(iri)
    try:
        return BlankNode(iri[len(prefix) :])
    except ValueError:  # no label of a blank node: nothing has this IRI
        return NamedNode(iri)


def skolemised(root: Node, base: str) -> Node:
    """The same description with an IRI for each blank node that a reader may want to come back
    to. Nodes mentioned once, where they are described, stay without a name."""
    prefix, nameless = base + GENID, anonymous(root)

    def named(resource: Term) -> Term:
        if isinstance(resource, BlankNode) and resource.value not in nameless:
            return NamedNode(prefix + resource.value)
        return resource

    def walk(node: Node) -> Node:
        resource = named(node.resource)
        assert isinstance(resource, NamedNode | BlankNode)
        return Node(
            resource,
            tuple(
                Property(
                    known.predicate,
                    tuple(
                        Value(named(value.term), walk(value.node) if value.node else None)
                        for value in known.values
                    ),
                )
                for known in node.properties
            ),
        )

    return walk(root)


def anonymous(root: Node) -> frozenset[str]:
    """Labels of blank nodes that no reader needs: mentioned once, and described there."""
    mentions: dict[str, int] = {}
    described: set[str] = set()
    pending = [root]
    while pending:
        for known in pending.pop().properties:
            for value in known.values:
                if isinstance(value.term, BlankNode):
                    mentions[value.term.value] = mentions.get(value.term.value, 0) + 1
                    if value.node is not None:
                        described.add(value.term.value)
                if value.node is not None:
                    pending.append(value.node)
    return frozenset(name for name in described if mentions[name] == 1)
