"""The dataset of a protocol request, written into the text of an update."""

from __future__ import annotations

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from app.store.writing.using import DatasetConflictError, with_dataset

S, P = NamedNode("http://x/s"), NamedNode("http://x/p")
G, H = "http://x/g", "http://x/h"


def after(text: str, using: list[str], named: list[str]) -> set[str]:
    """Values in the graph <http://x/out> after an update of a store with one value a graph."""
    store = Store()
    for name in (G, H):
        store.add(Quad(S, P, Literal(name[-1]), NamedNode(name)))
    store.add(Quad(S, P, Literal("default"), DefaultGraph()))
    store.update(with_dataset(text, using, named))
    out = store.quads_for_pattern(None, None, None, NamedNode("http://x/out"))
    return {quad.object.value for quad in out if isinstance(quad.object, Literal)}


COPY = "INSERT { GRAPH <http://x/out> { ?s ?p ?o } } WHERE "


@pytest.mark.parametrize(
    ("text", "using", "named", "expected"),
    [
        (COPY + "{ ?s ?p ?o }", [], [], {"default"}),
        (COPY + "{ ?s ?p ?o }", [G], [], {"g"}),
        (COPY + "{ ?s ?p ?o }", [G, H], [], {"g", "h"}),
        (COPY + "{ GRAPH ?x { ?s ?p ?o } }", [], [H], {"h"}),
        (COPY + "{ { ?s ?p ?o } UNION { GRAPH ?x { ?s ?p ?o } } }", [G], [H], {"g", "h"}),
        (COPY + "{ { SELECT * WHERE { ?s ?p ?o } } } # WHERE {", [G], [], {"g"}),
        (f"# WHERE\nINSERT DATA {{ <x:s> <x:p> ' WHERE {{ ' }} ; {COPY} {{ ?s ?p ?o }}", [H], [], {"h"}),
        (f"{COPY} {{ ?s ?p ?o }} ; DELETE WHERE {{ GRAPH <http://x/out> {{ ?s ?p 'g' }} }}", [G], ["http://x/out"], set()),
    ],
)  # fmt: skip
def test_the_request_decides_what_patterns_see(
    text: str, using: list[str], named: list[str], expected: set[str]
) -> None:
    assert after(text, using, named) == expected


@pytest.mark.parametrize("text", [f"WITH <{G}> DELETE {{ ?s ?p 1 }} WHERE {{ ?s ?p 1 }}",
                                  f"DELETE {{ ?s ?p 1 }} USING <{G}> WHERE {{ ?s ?p 1 }}"])  # fmt: skip
def test_two_datasets_are_one_too_many(text: str) -> None:
    with pytest.raises(DatasetConflictError):
        with_dataset(text, [H], [])
    assert with_dataset(text, [], []) == text


def test_a_dataset_is_made_of_iris() -> None:
    with pytest.raises(ValueError, match="IRI"):
        with_dataset(COPY + "{}", ["x> USING <http://x/y"], [])
