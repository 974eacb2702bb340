"""Descriptions and incoming links are read by pattern, within bounds."""

from __future__ import annotations

from app.publish.entity import Bounds, EntityReader
from app.publish.incoming import IncomingReader
from app.rdf.namespaces import DCTERMS, IC, RDFS
from tests.web.fakes import BASE, MemorySnapshot

AED = f"{BASE}/id/aed/1"
PREFIXES = """\
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <http://example.org/> .
"""


def reader(turtle: str | None = None, **bounds: int) -> EntityReader:
    snapshot = MemorySnapshot(PREFIXES + turtle) if turtle is not None else MemorySnapshot()
    return EntityReader(snapshot, Bounds(**bounds))


def test_nodes_that_exist_only_for_the_thing_are_nested() -> None:
    description = reader().describe(AED)
    assert description is not None
    nested = {
        known.predicate for known in description.root.properties if known.values[0].node is not None
    }
    assert nested == {IC + "住所", IC + "地理座標", IC + "連絡先"}


def test_linked_things_come_with_their_labels_only() -> None:
    description = reader().describe(AED)
    assert description is not None
    assert set(description.labels) == {f"{BASE}/id/region/13101"}
    assert {literal.value for literal in description.labels[f"{BASE}/id/region/13101"]} == {
        "千代田区",
        "ちよだく",
        "Chiyoda",
    }


def test_an_unknown_iri_has_no_description() -> None:
    assert reader().describe(f"{BASE}/id/nothing") is None


def test_the_title_follows_the_language() -> None:
    description = reader().describe(f"{BASE}/id/region/13101")
    assert description is not None
    assert description.title("ja") == "千代田区"
    assert description.title("en") == "Chiyoda"


def test_the_name_node_of_imi_is_a_title() -> None:
    name = f"<id/x> <{IC}名称> [ <{IC}表記> '名前'@ja ] ."
    description = reader(name).describe(f"{BASE}/id/x")
    assert description is not None
    assert description.title("ja") == "名前"


def test_too_many_statements_are_cut_and_said_so() -> None:
    many = "\n".join(f"<id/x> ex:p {n} ." for n in range(100))
    description = reader(many, quads=10).describe(f"{BASE}/id/x")
    assert description is not None
    assert description.truncated
    assert len(list(description.triples())) == 10


def test_circles_and_depth_end() -> None:
    circle = "<id/x> ex:p _:a . _:a ex:p _:b . _:b ex:p _:a , <id/x> ."
    description = reader(circle).describe(f"{BASE}/id/x")
    assert description is not None
    assert len(list(description.triples())) == 4
    chain = "<id/x> ex:p <id/x/1> . " + " ".join(
        f"<id/x/{n}> ex:p <id/x/{n + 1}> ." for n in range(1, 20)
    )
    description = reader(chain, depth=3).describe(f"{BASE}/id/x")
    assert description is not None
    assert len(list(description.triples())) == 4


def test_labels_are_read_once() -> None:
    own = reader()
    own.describe(AED)
    assert isinstance(own.snapshot, MemorySnapshot)
    before = own.snapshot.look_ups
    own.labels(f"{BASE}/id/region/13101")
    assert own.snapshot.look_ups == before


def test_incoming_links_are_grouped_and_owners_stand_for_their_parts() -> None:
    links = IncomingReader(MemorySnapshot(), 50).first_pages(f"{BASE}/id/region/13101")
    assert {(group.predicate, group.subjects, group.total) for group in links} == {
        (IC + "市区町村", (AED,), 1),
        (DCTERMS + "isPartOf", (AED,), 1),
    }


def test_a_rare_property_does_not_hide_behind_a_frequent_one() -> None:
    many = "\n".join(f"<id/p{n:04}> dcterms:isPartOf <id/x> ." for n in range(1500))
    snapshot = MemorySnapshot(PREFIXES + many + "\n<id/rare> rdfs:seeAlso <id/x> .")
    links = IncomingReader(snapshot, 50)
    first = {group.predicate: group for group in links.first_pages(f"{BASE}/id/x")}
    assert first[RDFS + "seeAlso"].subjects == (f"{BASE}/id/rare",)
    frequent = first[DCTERMS + "isPartOf"]
    assert (len(frequent.subjects), frequent.more, frequent.total) == (50, True, None)


def test_pages_of_incoming_links_cover_all_without_repeats() -> None:
    many = "\n".join(f"<id/p{n:04}> dcterms:isPartOf <id/x> ." for n in range(1203))
    links = IncomingReader(MemorySnapshot(PREFIXES + many), 100)
    seen: list[str] = []
    offset = 0
    while True:
        page = links.page(f"{BASE}/id/x", DCTERMS + "isPartOf", offset)
        seen += page.subjects
        offset += 100
        if not page.more:
            break
    assert len(seen) == len(set(seen)) == 1203
