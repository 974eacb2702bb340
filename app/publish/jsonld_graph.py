"""JSON-LD of a whole graph: short names by prefixes, a node for each subject, blank nodes that
are the object of one statement nested in it.

Specification: https://www.w3.org/TR/json-ld11/ ; literals with their datatype as they are, so
that nothing is lost to the number type of JSON.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import orjson
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from app.rdf.namespaces import RDF, XSD
from app.store.base import Resource, Term

Json = dict[str, Any]

_TYPE: Final = RDF + "type"
_STRING: Final = XSD + "string"


def write(triples: Iterable[Triple], prefixes: Mapping[str, str]) -> bytes:
    """A document with `@context` (the prefixes in use) and `@graph`, as UTF-8."""
    return orjson.dumps(
        _Document(prefixes).build(triples), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    )


class _Document:
    def __init__(self, prefixes: Mapping[str, str]) -> None:
        # A longer namespace first: it leaves less to write.
        self._prefixes = sorted(prefixes.items(), key=lambda item: -len(item[1]))
        self._used: dict[str, str] = {}

    def build(self, triples: Iterable[Triple]) -> Json:
        statements: dict[Resource, list[Triple]] = {}
        mentions: Counter[Term] = Counter()
        for triple in triples:
            assert not isinstance(triple.subject, Triple), "no document of ours speaks of triples"
            statements.setdefault(triple.subject, []).append(triple)
            mentions[triple.object] += 1
        nested = {
            node
            for node in statements
            if isinstance(node, BlankNode) and mentions[node] == 1 and not _around(node, statements)
        }
        graph = [self._node(node, statements, nested) for node in statements if node not in nested]
        return {"@context": dict(sorted(self._used.items())), "@graph": graph}

    def _node(
        self, node: Resource, statements: Mapping[Resource, list[Triple]], nested: set[BlankNode]
    ) -> Json:
        tree: Json = {} if node in nested else {"@id": self._name(node)}
        for triple in statements[node]:
            if triple.predicate.value == _TYPE and isinstance(triple.object, NamedNode):
                tree.setdefault("@type", []).append(self._short(triple.object.value))
                continue
            value = self._value(triple.object, statements, nested)
            tree.setdefault(self._short(triple.predicate.value), []).append(value)
        return {key: value[0] if _single(key, value) else value for key, value in tree.items()}

    def _value(
        self, term: Term, statements: Mapping[Resource, list[Triple]], nested: set[BlankNode]
    ) -> Json | str:
        if isinstance(term, Literal):
            if term.language is not None:
                return {"@language": term.language, "@value": term.value}
            if term.datatype.value == _STRING:
                return term.value
            return {"@type": self._short(term.datatype.value), "@value": term.value}
        assert not isinstance(term, Triple), "no document of ours speaks of triples"
        if term in nested:
            return self._node(term, statements, nested)
        return {"@id": self._name(term)}

    def _name(self, node: Resource) -> str:
        return str(node) if isinstance(node, BlankNode) else self._short(node.value)

    def _short(self, iri: str) -> str:
        for prefix, namespace in self._prefixes:
            # `x://…` would read as an absolute IRI (section 5.2.2).
            if iri.startswith(namespace) and not iri.startswith("//", len(namespace)):
                self._used[prefix] = namespace
                return f"{prefix}:{iri[len(namespace) :]}"
        return iri


def _single(key: str, value: Any) -> bool:
    return key != "@id" and isinstance(value, list) and len(value) == 1


def _around(node: BlankNode, statements: Mapping[Resource, list[Triple]]) -> bool:
    """Whether blank nodes lead from a node back to it."""
    open_ones, seen = [node], set[BlankNode]()
    while open_ones:
        for triple in statements.get(open_ones.pop(), ()):
            found = triple.object
            if found == node:
                return True
            if isinstance(found, BlankNode) and found not in seen:
                seen.add(found)
                open_ones.append(found)
    return False
