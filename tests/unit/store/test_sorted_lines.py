"""Sorted lines are what the store says, whatever went into it."""

from __future__ import annotations

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, serialize

from app.rdf.namespaces import XSD
from app.store.base import GraphEntry
from app.store.counts import counted
from app.store.lines_on_the_way import SortedOnTheWay, as_engine_writes
from app.store.sorted_lines import LineSorter, sort_dump

GRAPH = "http://example.org/graphs/g"
OTHER = "http://example.org/graphs/other"

TYPED = st.tuples(
    st.one_of(
        st.from_regex(r"[+-]?[0-9]{1,25}(\.[0-9]{0,25})?", fullmatch=True),
        st.sampled_from(["true", "1", "24:00:00", "2024-01-01", "01", "-0", "INF", "1e3", "", "x"]),
    ),
    st.sampled_from(["decimal", "integer", "double", "boolean", "time", "date", "string", "int"]),
).map(lambda pair: Literal(pair[0], datatype=NamedNode(XSD + pair[1])))
LITERALS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20).map(Literal),
    st.sampled_from(["ja", "ja-Hrkt", "EN-us"]).map(
        lambda tag: Literal('a"@EN-X \\ b', language=tag)
    ),
    TYPED,
)
OBJECTS = st.one_of(
    LITERALS, st.sampled_from([NamedNode(GRAPH), NamedNode("http://example.org/東")])
)


def lines_of(data: bytes, scratch: Path) -> list[bytes] | None:
    stream = SortedOnTheWay(BytesIO(data), GRAPH, scratch)
    while stream.read(50):
        pass
    lines = stream.lines()
    if lines is None:
        return None
    found = b"".join(lines.blocks()).splitlines(keepends=True)
    assert len(found) == lines.counts.quads
    return found


def stored(data: bytes, folder: Path) -> list[bytes]:
    store = Store(folder)
    store.bulk_load(data, RdfFormat.N_QUADS, to_graph=NamedNode(GRAPH), lenient=True)
    written = store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(GRAPH))
    assert written is not None
    return sorted(written.splitlines(keepends=True))


@settings(max_examples=60, deadline=None)
@given(objects=st.lists(OBJECTS, min_size=1, max_size=20), named=st.booleans())
def test_lines_are_what_the_store_writes(
    objects: list[Literal | NamedNode], named: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    subject, predicate = NamedNode("http://example.org/s"), NamedNode("http://example.org/p")
    graph = (NamedNode(GRAPH),) if named else ()
    quads = [Quad(subject, predicate, value, *graph) for value in objects]
    data = serialize(quads, format=RdfFormat.N_QUADS)
    assert data is not None
    found = lines_of(data, tmp_path_factory.mktemp("scratch"))
    # A statement about the graph itself looks like one in it: then the store is asked.
    if found is None:
        assert not named
        assert NamedNode(GRAPH) in objects
    else:
        assert found == stored(data, tmp_path_factory.mktemp("store"))


@pytest.mark.parametrize(
    "line",
    [
        f"<urn:s> <urn:p> <urn:o> <{OTHER}> .",
        f'<urn:s> <urn:p> "o" <{OTHER}> .',
        f'<urn:s> <urn:p> "1"^^<{XSD}integer> <{OTHER}> .',
        f'<urn:s> <urn:p> "o\\n" <{OTHER}> .',
        f"_:b <urn:p> <urn:o> <{GRAPH}> .",
        f"<urn:s> <urn:p> _:b <{GRAPH}> .",
        f"<urn:s> <urn:p> <<( <urn:s> <urn:p> <urn:o> )>> <{GRAPH}> .",
        f"<urn:s> <urn:p> <{GRAPH}> .",
        "",
    ],
)
def test_lines_that_do_not_tell_are_given_up(line: str, tmp_path: Path) -> None:
    first = f"<urn:s> <urn:p> <urn:o> <{GRAPH}> .\n"
    assert lines_of(first.encode(), tmp_path) == [b"<urn:s> <urn:p> <urn:o> .\n"]
    assert lines_of(f"{first}{line}\n".encode(), tmp_path) is None


def test_what_looks_like_a_blank_node_in_a_text_costs_only_time(tmp_path: Path) -> None:
    line = f'<urn:s> <urn:p> "a _:b" <{GRAPH}> .\n'.encode()
    assert lines_of(line, tmp_path) is None


def test_lines_past_memory_are_sorted_in_files(tmp_path: Path) -> None:
    lines = [f'<urn:s{n * 7919 % 5000:04}> <urn:p> "{n % 3}" .\n'.encode() for n in range(20_000)]
    sorter = LineSorter(tmp_path, in_memory=50_000)
    for start in range(0, len(lines), 100):
        sorter.add(lines[start : start + 100])
    result = sorter.sorted()
    expected = sorted(set(lines))
    for _ in range(2):  # it can be read again
        assert b"".join(result.blocks()).splitlines(keepends=True) == expected
    assert result.counts.quads == len(expected)
    assert not list(tmp_path.iterdir()), "files have no names"


def test_a_failure_while_sorting_is_told_and_the_stream_is_read_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(self: LineSorter, lines: list[bytes]) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(LineSorter, "add", fails)
    data = b"<urn:s> <urn:p> <urn:o> .\n" * 10_000
    stream = SortedOnTheWay(BytesIO(data), GRAPH, tmp_path)
    read = b"".join(iter(lambda: stream.read(1000), b""))
    assert read == data
    with pytest.raises(OSError, match="No space left"):
        stream.lines()


def test_a_graph_of_a_store_is_sorted_blank_nodes_included(tmp_path: Path) -> None:
    store = Store()
    store.load(b"<urn:b> <urn:p> [ <urn:q> 1 ] , 2 .", RdfFormat.TURTLE, to_graph=NamedNode(GRAPH))
    lines = b"".join(sort_dump(store, GRAPH, tmp_path).blocks()).splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 3


def test_language_tags_and_numbers_are_those_of_the_engine() -> None:
    lines = as_engine_writes(
        f'<urn:s> <urn:p> "A"@JA-Hrkt .\n<urn:s> <urn:p> "01.50"^^<{XSD}decimal> .\n'.encode()
    )
    assert lines == [
        b'<urn:s> <urn:p> "A"@ja-hrkt .\n',
        f'<urn:s> <urn:p> "1.5"^^<{XSD}decimal> .\n'.encode(),
    ]


def test_counts_of_lines_are_those_of_the_store(tmp_path: Path) -> None:
    turtle = """
        @prefix e: <http://example.org/> .
        e:a a e:A, e:B ; e:p 1, 2, e:b . e:b a e:A ; e:p "x y" . [] a e:A ; a [] .
    """
    store = Store(tmp_path / "store")
    store.bulk_load(turtle.encode(), RdfFormat.TURTLE, to_graph=NamedNode(GRAPH))
    entry = counted(store, GraphEntry(iri=GRAPH, quads=0, modified=datetime.now(UTC)))
    counts = sort_dump(store, GRAPH, tmp_path).counts
    assert counts.quads == entry.quads == 9
    assert counts.subjects == entry.subjects == 3
    assert counts.classes == entry.classes
    assert counts.properties == entry.properties
