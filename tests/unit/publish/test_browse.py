"""Tables of things: queries that hold nothing but terms, pages that leave nothing out."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from xml.etree import ElementTree

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import (
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    Store,
)

from app.publish import browse_files as files
from app.publish.browse import (
    After,
    Sort,
    TableRow,
    View,
    count_query,
    following,
    graph_query,
    rows_of,
    table_query,
)
from app.publish.browse_columns import Column, profile
from app.publish.browse_files import Table
from app.rdf.namespaces import DCTERMS, RDF, RDFS, XSD
from tests.web.fakes import BASE, MemorySnapshot

THING = f"{BASE}/def/Thing"
LABEL = Column((RDFS + "label",))
SIZE = Column((f"{BASE}/def/size",), "number")
HOSTILE = "\"; } DROP ALL # \\ \n\r\t <a> \u202e ' ?x"


def store(labels: list[tuple[str | None, str | None]]) -> Store:
    found = Store()
    for number, (label, size) in enumerate(labels):
        thing = NamedNode(f"{BASE}/id/thing/{number:03d}")
        found.add(Quad(thing, NamedNode(RDF + "type"), NamedNode(THING), DefaultGraph()))
        if label is not None:
            literal = Literal(label, language="ja")
            found.add(Quad(thing, NamedNode(RDFS + "label"), literal, DefaultGraph()))
        if size is not None:
            number_ = Literal(size, datatype=NamedNode(XSD + "decimal"))
            found.add(Quad(thing, NamedNode(SIZE.path[0]), number_, DefaultGraph()))
    return found


def ask(known: Store, view: View) -> tuple[tuple[TableRow, ...], bool]:
    solutions = known.query(table_query(view), use_default_graph_as_union=True)
    assert isinstance(solutions, QuerySolutions)
    body = solutions.serialize(format=QueryResultsFormat.JSON)
    assert body is not None
    return rows_of(view, body)


def all_pages(known: Store, view: View) -> list[TableRow]:
    rows: list[TableRow] = []
    for _ in range(100):
        page, more = ask(known, view)
        rows += page
        if not more:
            return rows
        view = replace(view, after=following(view, page))
    raise AssertionError("the pages do not end")


labels = st.one_of(
    st.none(), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=8)
)
sizes = st.one_of(st.none(), st.integers(-5, 5).map(str), st.just("2.5"))


@given(
    st.lists(st.tuples(labels, sizes), max_size=12), st.booleans(), st.sampled_from([LABEL, SIZE])
)
def test_pages_of_a_sorted_table_hold_every_thing_once_in_order(
    things: list[tuple[str | None, str | None]], descending: bool, column: Column
) -> None:
    known = store(things)
    view = View(THING, (LABEL, SIZE), sort=Sort(column, descending), rows=3)
    rows = all_pages(known, view)
    assert sorted(row.iri for row in rows) == [
        f"{BASE}/id/thing/{n:03d}" for n in range(len(things))
    ]
    place = (LABEL, SIZE).index(column)
    there = [row.cells[place][0].text for row in rows if row.cells[place]]
    if column is SIZE:
        numbers = [float(text) for text in there]
        assert numbers == sorted(numbers, reverse=descending)
    else:
        assert there == sorted(there, reverse=descending)
    filled = [bool(row.cells[place]) for row in rows]
    if column is SIZE:
        assert filled == sorted(filled, reverse=True)  # those without a value come last


def test_pages_in_the_order_of_the_index_hold_every_thing_once() -> None:
    known = store([(str(n), None) for n in range(25)])
    rows = all_pages(known, View(THING, (LABEL,), rows=10))
    assert len({row.iri for row in rows}) == len(rows) == 25


def test_a_thing_without_any_value_has_a_row() -> None:
    rows, more = ask(store([(None, None)]), View(THING, (LABEL,)))
    assert [row.cells for row in rows] == [((),)]
    assert not more


def test_things_found_by_a_text_keep_their_order() -> None:
    known = store([(str(n), None) for n in range(6)])
    among = tuple(f"{BASE}/id/thing/{n:03d}" for n in (4, 1, 5))
    view = View(THING, (LABEL,), among=among, rows=2)
    assert [row.iri for row in all_pages(known, view)] == list(among)
    assert ask(known, replace(view, among=()))[0] == ()


@given(st.text(max_size=30))
def test_a_filter_finds_the_value_and_nothing_breaks_out_of_it(text: str) -> None:
    text = text.replace("\0", "")
    view = View(THING, (LABEL,), equal=((RDFS + "label", (text,)),))
    rows, _ = ask(store([(text, None), (text + "x", None)]), view)
    assert [row.iri for row in rows] == [f"{BASE}/id/thing/000"]


@pytest.mark.parametrize("query", [table_query, count_query, graph_query])
def test_hostile_values_stay_inside_their_terms(query: object) -> None:
    assert callable(query)
    view = View(
        THING,
        (LABEL,),
        equal=((RDFS + "label", (HOSTILE,)),),
        sort=Sort(LABEL),
        after=After(HOSTILE, HOSTILE),
    )
    known = store([("a", None)])
    known.query(query(view))
    assert len(known) == 2


@pytest.mark.parametrize(
    "view",
    [
        View("http://a/> } #"),
        View(THING, regions=("no iri",)),
        View(THING, (Column(("http://a/ b",)),)),
        View(THING, graphs=("<g>",)),
    ],
)
def test_what_is_no_iri_makes_no_query(view: View) -> None:
    with pytest.raises(ValueError):
        table_query(view)


def test_regions_hold_what_lies_in_their_parts() -> None:
    snapshot = MemorySnapshot()
    facility = "http://imi.go.jp/ns/core/rdf#施設型"
    for region, count in (("13000", 1), ("13101", 1), ("27000", 0)):
        view = View(facility, (LABEL,), regions=(f"{BASE}/id/region/{region}",))
        assert len(ask(snapshot.store, view)[0]) == count


def test_the_statements_of_a_view_hold_the_nodes_inside() -> None:
    snapshot = MemorySnapshot()
    view = View("http://imi.go.jp/ns/core/rdf#施設型", rows=10)
    triples = snapshot.store.query(graph_query(view), use_default_graph_as_union=True)
    assert isinstance(triples, QueryTriples)
    objects = {triple.object.value for triple in triples if isinstance(triple.object, Literal)}
    assert {"中央公園 AED", "東京都千代田区一番町1", "03-1234-5678"} <= objects


def test_columns_are_those_in_use_names_first_coordinates_last() -> None:
    found = profile(MemorySnapshot(), "http://imi.go.jp/ns/core/rdf#施設型")
    paths = [tuple(p.rpartition("#")[2] or p for p in c.path) for c in found.columns]
    assert paths[0] == ("label",)
    assert ("住所", "表記") in paths
    assert {c.path[-1].rpartition("#")[2]: c.kind for c in found.columns}["無休"] == "boolean"
    assert found.latitude is not None
    assert found.columns[-1].coordinate
    assert found.column((DCTERMS + "nothing",)) is None


@pytest.fixture
def table() -> Table:
    known = store([("=1+1", "007.50"), ("<b>\x01", None)])
    latitude = Column((f"{BASE}/def/lat",), "number")
    view = View(THING, (LABEL, SIZE, latitude), sort=Sort(LABEL))
    for number, degrees in enumerate(("35.5", "95")):
        thing = NamedNode(f"{BASE}/id/thing/{number:03d}")
        literal = Literal(degrees, datatype=NamedNode(XSD + "decimal"))
        known.add(Quad(thing, NamedNode(latitude.path[0]), literal, DefaultGraph()))
    return Table(view.columns, ("label", "size", "lat"), ask(known, view)[0], 2, 2)


def test_a_workbook_holds_texts_and_numbers_and_no_formula(table: Table) -> None:
    with zipfile.ZipFile(io.BytesIO(files.as_xlsx(table))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        texts = book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in texts
    assert "<v>7.5</v>" in sheet


def test_geojson_and_kml_hold_the_places_that_can_be(table: Table) -> None:
    features = orjson.loads(files.as_geojson(table))["features"]
    assert [f["geometry"] and f["geometry"]["coordinates"] for f in features] == [
        None,
        [35.5, 35.5],
    ]
    root = ElementTree.fromstring(files.as_kml(table))
    assert len(list(root.iter("{http://www.opengis.net/kml/2.2}Placemark"))) == 1


def test_csv_and_json_hold_all_rows(table: Table) -> None:
    rows = list(csv.reader(io.StringIO(files.as_csv(table).decode(), newline="")))
    assert rows[0] == ["id", "label", "size", "lat"]
    assert rows[2][1:3] == ["=1+1", "007.50"] or rows[2][1:3] == ["=1+1", "7.5"]
    body = orjson.loads(files.as_json(table, {"total": 2}))
    assert body["total"] == len(body["rows"]) == 2
    assert body["rows"][1]["label"] == {"text": "=1+1", "lang": "ja"}
