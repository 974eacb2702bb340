"""Canonical hashes: the same for the same graph, another for any other."""

from __future__ import annotations

import hashlib
from pathlib import Path

import orjson
import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse

from app.publish.canonical import graph_hash, write
from tests.web.fakes import BASE, MemorySnapshot


def hashed(turtle: str, graph: str = "https://x.test/g") -> str | None:
    triples = parse(turtle.encode(), RdfFormat.TURTLE, base_iri="https://x.test/")
    return graph_hash(Quad(q.subject, q.predicate, q.object, NamedNode(graph)) for q in triples)


def test_without_blank_nodes_it_is_the_sum_of_the_sorted_lines() -> None:
    lines = [
        '<https://x.test/a> <https://x.test/p> "い" .\n',
        "<https://x.test/a> <https://x.test/p> <https://x.test/b> .\n",
    ]
    expected = hashlib.sha256("".join(sorted(lines)).encode()).hexdigest()
    assert hashed('<a> <p> <b>, "い" .') == expected
    assert hashed('<a> <p> "い" . <a> <p> <b> .', "https://x.test/other") == expected


def test_blank_nodes_are_named_by_rdfc_1_0() -> None:
    # https://www.w3.org/TR/rdf-canon/ : one blank node is always _:c14n0.
    expected = (
        b'<https://x.test/a> <https://x.test/p> _:c14n0 .\n_:c14n0 <https://x.test/q> "v" .\n'
    )
    assert hashed('<a> <p> [ <q> "v" ] .') == hashlib.sha256(expected).hexdigest()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("<a> <p> [ <q> 1 ], [ <q> 2 ] .", "<a> <p> _:z, _:y . _:y <q> 1 . _:z <q> 2 ."),
        ("_:a <p> _:b . _:b <p> _:a .", "_:x <p> _:y . _:y <p> _:x ."),
    ],
)
def test_names_of_blank_nodes_and_the_order_do_not_matter(one: str, other: str) -> None:
    assert hashed(one) == hashed(other)


def test_another_value_gives_another_hash() -> None:
    assert hashed("<a> <p> [ <q> 1 ] .") != hashed("<a> <p> [ <q> 2 ] .")


def test_too_many_blank_nodes_are_not_tried() -> None:
    many = " ".join(f"_:b{n} <p> {n} ." for n in range(20_001))
    assert hashed(many) is None


def test_nodes_that_are_linked_by_triple_terms_are_linked() -> None:
    nested = "<< " * 500 + "<a> <b> <c>" + " >> <b> <c>" * 500 + " ."
    assert hashed(nested) is None


@pytest.mark.parametrize(
    ("turtle", "most", "has_hash"),
    [
        ('<a> <p> "い", 01.50, "_:b", "x _:y"@JA .', 0, True),
        ("<a> <p> [ <q> 1 ] .", 10, True),
        ("<a> <p> [ <q> 1 ] .", 1, False),
        ("<a> <p> <<( <s> <p> _:b )>> .", 10, True),
    ],
)
def test_a_release_has_the_hash_of_each_graph(
    turtle: str, most: int, has_hash: bool, tmp_path: Path
) -> None:
    snapshot = MemorySnapshot()
    graph = next(iter(snapshot.manifest.graphs))
    snapshot.store.clear()
    data = turtle.encode()
    snapshot.store.load(data, RdfFormat.TURTLE, base_iri=BASE, to_graph=NamedNode(graph))
    entry = snapshot.manifest.graphs[graph]
    entry = entry.model_copy(update={"quads": len(snapshot.store)})
    snapshot.manifest = snapshot.manifest.model_copy(update={"graphs": {graph: entry}})
    write(tmp_path / "canonical.json", snapshot, None, most)
    hashes = orjson.loads((tmp_path / "canonical.json").read_bytes())["graphs"]
    expected = {graph: graph_hash(snapshot.graph(graph))} if has_hash else {}
    assert hashes == expected
