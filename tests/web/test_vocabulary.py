"""Terms of the vocabularies: pages, data, negotiation, counts of use, the way to them."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from pyoxigraph import RdfFormat, parse

from app.web.app import build_app
from app.web.diagram import WIDTH, class_diagram, text_width
from app.web.entity_context import Link
from tests.web.client import Client
from tests.web.fakes import BASE, MemorySnapshot, parts

IC = "http://imi.go.jp/ns/core/rdf#"
RDF_TYPES = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}
TERMS = {
    "/def/Region": f"{BASE}/def/Region",
    "/def/hazard/flood": f"{BASE}/def/hazard/flood",
    "/vocab/ic/%E6%96%BD%E8%A8%AD%E5%9E%8B": IC + "施設型",
    "/vocab/ic/%E4%BD%8F%E6%89%80": IC + "住所",
}


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with Client(build_app(parts(MemorySnapshot(vocabulary=True)))) as opened:
        yield opened


@pytest.mark.parametrize("path", sorted(TERMS))
@pytest.mark.parametrize("format", sorted(RDF_TYPES))
def test_a_term_answers_in_every_format(client: Client, path: str, format: str) -> None:
    answer = client.get(f"{path}.{format}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == RDF_TYPES[format]
    assert answer.headers["etag"]
    assert "Accept" in answer.headers["vary"]
    if format == "ttl":
        subjects = {str(quad.subject) for quad in parse(answer.content, RdfFormat.TURTLE)}
        assert f"<{TERMS[path]}>" in subjects
    etag = answer.headers["etag"]
    assert client.get(f"{path}.{format}", headers={"if-none-match": etag}).status_code == 304


def test_our_own_terms_lead_to_a_document_by_what_is_accepted(client: Client) -> None:
    for accept, suffix in (("text/turtle", "ttl"), ("text/html", "html"), ("*/*", "html")):
        answer = client.get("/def/Region", headers={"accept": accept})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/def/Region.{suffix}")
    assert client.get("/def/Region", headers={"accept": "image/png"}).status_code == 406


def test_a_term_of_the_core_vocabulary_is_described_at_once(client: Client) -> None:
    address = "/vocab/ic/%E6%96%BD%E8%A8%AD%E5%9E%8B"
    assert client.get(address, headers={"accept": "text/turtle"}).text.startswith("@prefix")
    assert client.get(address, headers={"accept": "text/html"}).status_code == 200


def test_a_page_names_what_stands_above_below_and_beside(client: Client) -> None:
    page = client.get("/vocab/ic/%E5%A0%B4%E6%89%80%E5%9E%8B?lang=ja&format=html").text
    for link in ("事物型", "地物型", "住所"):
        assert re.search(rf'href="/vocab/ic/[^"]*" title="{IC}{link}"', page), link
    assert f'title="{BASE}/def/Region"' in page
    assert "<svg" in page
    property_page = client.get("/vocab/ic/%E4%BD%8F%E6%89%80?lang=ja&format=html").text
    assert f'title="{IC}住所型"' in property_page


def test_a_page_counts_uses_and_shows_one(client: Client) -> None:
    page = client.get("/vocab/ic/%E6%96%BD%E8%A8%AD%E5%9E%8B.html?lang=en").text
    assert 'href="/dataset/sample"' in page
    assert '<a href="/id/aed/1"' in page


@pytest.mark.parametrize("path", ["/def/", "/vocab/ic/"])
def test_the_list_of_terms_links_to_each_and_comes_as_data(client: Client, path: str) -> None:
    page = client.get(path, headers={"accept": "text/html"}).text
    links = re.findall(rf'<th scope="row"><a href="({path}[^"]+)"', page)
    assert len(links) > 20
    assert client.get(links[0], headers={"accept": "text/html"}).status_code in (200, 303)
    quads = list(parse(client.get(f"{path}.ttl").content, RdfFormat.TURTLE))
    assert len({quad.subject for quad in quads}) >= len(links)


@pytest.mark.parametrize(
    ("path", "target"),
    [("/def", "/def/"), ("/vocab", "/vocab/ic/"), ("/vocab/ic", "/vocab/ic/")],
)
def test_lists_have_one_address(client: Client, path: str, target: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.headers["location"]) == (308, target)


def test_an_unknown_term_names_the_nearest(client: Client) -> None:
    answer = client.get(
        "/vocab/ic/%E6%96%BD%E8%A8%AD%E5%BD%A2", headers={"accept": "application/json"}
    )
    assert answer.status_code == 404
    assert any(near["iri"] == IC + "施設型" for near in answer.json()["near"])
    for path in ("/def/nothing", "/def/%ff", "/def/..%2f", "/vocab/ic/%00", "/def/x.ttl"):
        assert client.get(path).status_code in (400, 404)


def test_entity_pages_lead_to_the_terms(client: Client) -> None:
    page = client.get("/doc/aed/1.html").text
    assert 'href="/vocab/ic/%E6%96%BD%E8%A8%AD%E5%9E%8B"' in page
    assert 'href="/vocab/ic/%E4%BD%8F%E6%89%80"' in page


def test_boxes_of_a_diagram_do_not_overlap_and_texts_fit() -> None:
    long = Link("とても長い名前のとても長いクラスの名前", "x")
    diagram = class_diagram(long, [long] * 6, [long] * 20, [(long, "値" * 30)] * 30)
    assert diagram.more == 8
    for number, one in enumerate(diagram.boxes):
        assert 0 <= one.x <= one.x + one.width <= WIDTH
        assert one.y + one.height <= diagram.height
        assert text_width(one.link.text) <= one.width
        for other in diagram.boxes[number + 1 :]:
            apart = one.x + one.width < other.x or other.x + other.width < one.x
            assert apart or one.y + one.height < other.y or other.y + other.height < one.y


def test_a_class_leads_to_its_things_and_to_queries(real: Client) -> None:
    text = real.get("/def/AED.html?lang=ja").text
    assert 'href="/browse/def:AED"' in text
    assert real.get("/browse/def:AED", headers={"accept": "text/html"}).status_code == 200
    found = re.search(r'href="(/sparql\?query=[^"]+)">SPARQL<', text)
    assert found is not None
    answer = real.get(found[1].replace("&amp;", "&"), headers={"accept": "application/json"})
    assert len(answer.json()["results"]["bindings"]) == 15
    assert 'href="/context.jsonld"' in text
    unused = real.get("/vocab/ic/%E6%8E%AA%E7%BD%AE%E5%9E%8B.html?lang=ja")
    assert "/browse/" not in unused.text.partition("<main")[2]
