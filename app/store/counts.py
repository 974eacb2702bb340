"""What a graph holds, counted by the engine: the queries are ours, the data is sealed."""

from __future__ import annotations

from typing import Final

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from app.rdf.namespaces import RDF
from app.store.base import GraphEntry

_SUBJECTS: Final = "SELECT (COUNT(DISTINCT ?s) AS ?n) { ?s ?p ?o }"
_CLASSES: Final = f"SELECT ?key (COUNT(*) AS ?n) {{ ?s <{RDF}type> ?key }} GROUP BY ?key"
_PROPERTIES: Final = "SELECT ?key (COUNT(*) AS ?n) { ?s ?key ?o } GROUP BY ?key"


def counted(store: Store, entry: GraphEntry) -> GraphEntry:
    """The entry with the counts of its graph: quads, subjects, instances by class and triples
    by property. About 0.75 µs a quad right after its load."""
    properties = _by_key(store, _PROPERTIES, entry.iri)
    return entry.model_copy(
        update={
            "quads": sum(properties.values()),
            "subjects": _number(store, _SUBJECTS, entry.iri),
            "classes": _by_key(store, _CLASSES, entry.iri),
            "properties": properties,
        }
    )


def quads_of(store: Store, graph: str) -> int:
    """Quads in one graph."""
    return _number(store, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", graph)


def _solutions(store: Store, query: str, graph: str) -> QuerySolutions:
    result = store.query(query, default_graph=NamedNode(graph))
    assert isinstance(result, QuerySolutions)
    return result


def _number(store: Store, query: str, graph: str) -> int:
    return sum(_integer(solution["n"]) for solution in _solutions(store, query, graph))


def _by_key(store: Store, query: str, graph: str) -> dict[str, int]:
    counts = {
        solution["key"].value: _integer(solution["n"])
        for solution in _solutions(store, query, graph)
        if isinstance(solution["key"], NamedNode)
    }
    return dict(sorted(counts.items()))


def _integer(term: object) -> int:
    assert isinstance(term, Literal)
    return int(term.value)
