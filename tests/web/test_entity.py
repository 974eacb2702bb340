"""Things and their documents: redirects, negotiation, conditional requests, every format."""

from __future__ import annotations

import re

import orjson
import pytest
from pyoxigraph import CanonicalizationAlgorithm, Quad, RdfFormat, parse
from pyoxigraph import Dataset as RdfDataset

from app.publish.jsonld import Context
from app.web.parts import WebParts
from tests.web.client import Client
from tests.web.conftest import Open
from tests.web.fakes import BASE, MemorySnapshot, MemorySnapshots, parts

FORMATS = {
    "html": "text/html",
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
    "json": "application/json",
    "geojson": "application/geo+json",
    "kml": "application/vnd.google-earth.kml+xml",
    "csv": "text/csv",
}
OF_PLACES = {"geojson", "kml"}
VARY = "Accept, Accept-Language, Accept-Encoding"
PATHS = [
    "region/13101",
    "aed/1",
    "aed/1/%E5%9C%B0%E7%90%86%E5%BA%A7%E6%A8%99",
    "%E6%96%BD%E8%A8%AD/%E6%96%B0",
    "A%201%2F%E6%96%B0",
    "percent%25%23",
    "emoji/%F0%9F%8E%8C",
    "nfc/%E3%81%8C",
    "paren(1)",
    "encoded/%E6%96%B0",
]


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("by", ["accept", "suffix", "parameter"])
@pytest.mark.parametrize("format", sorted(FORMATS))
@pytest.mark.parametrize("path", PATHS)
def test_every_thing_answers_in_every_format(
    client: Client, path: str, format: str, by: str, method: str
) -> None:
    address, headers = f"/doc/{path}", {"accept": "*/*"}
    if by == "accept":
        headers["accept"] = FORMATS[format]
    elif by == "suffix":
        address += f".{format}"
    else:
        address += f"?format={format}"
    answer = client.request(method, address, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == FORMATS[format]
    assert answer.headers["vary"] == VARY
    assert re.fullmatch(r'"[0-9a-f]{24}(-zstd)?"', answer.headers["etag"])
    assert answer.headers["last-modified"] == "Wed, 01 Apr 2026 09:30:00 GMT"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["content-location"].endswith(f".{format}")
    assert 'rel="canonical"' in answer.headers["link"]
    assert 'rel="license"' in answer.headers["link"]
    placed = path.startswith("aed/1")
    named = set(FORMATS) - {format} - (set() if placed else OF_PLACES)
    assert answer.headers["link"].count('rel="alternate"') == len(named)
    assert int(answer.headers["content-length"]) > 0
    assert (len(answer.content) == 0) == (method == "HEAD")
    etag = answer.headers["etag"]
    again = client.request(method, address, headers={**headers, "if-none-match": etag})
    assert again.status_code == 304
    assert again.headers["etag"] == etag
    assert again.headers["vary"] == VARY
    assert not again.content


@pytest.mark.parametrize("path", PATHS)
def test_the_thing_leads_to_its_document(client: Client, path: str) -> None:
    answer = client.get(f"/id/{path}")
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/doc/{path}"
    assert answer.headers["vary"] == VARY
    assert 'rel="describedby"' in answer.headers["link"]
    assert "etag" in answer.headers
    assert client.get(answer.headers["location"]).status_code == 200


def test_a_redirect_keeps_the_parameters(client: Client) -> None:
    assert client.get("/id/aed/1?lang=en").headers["location"] == "/doc/aed/1?lang=en"


@pytest.mark.parametrize(
    "wire",
    [
        "/doc/A%201%2F%E6%96%B0",
        "/doc/A%201%2f%e6%96%b0",
        "/doc/%41%201%2F%E6%96%B0",
    ],
)
def test_readable_japanese_beside_escapes_is_found(client: Client, wire: str) -> None:
    answer = client.get(wire, headers={"accept": "application/n-triples"})
    assert answer.status_code == 200
    assert f"<{BASE}/id/A%201%2F新>" in answer.text


def test_the_escape_of_a_slash_is_no_slash(client: Client) -> None:
    assert client.get("/doc/aed%2F1").status_code == 404


def test_a_suffix_counts_only_when_the_whole_path_is_no_thing(client: Client) -> None:
    answer = client.get("/doc/file.ttl", headers={"accept": "application/n-triples"})
    assert answer.headers["content-type"].startswith("application/n-triples")
    assert "名前に拡張子" in answer.text
    assert client.get("/doc/file.ttl.ttl").headers["content-type"].startswith("text/turtle")
    assert client.get("/id/aed/1.ttl").headers["location"] == "/doc/aed/1.ttl"


def test_none_acceptable_lists_the_alternatives(client: Client) -> None:
    answer = client.get("/doc/aed/1", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert answer.headers["link"].count('rel="alternate"') == len(FORMATS)
    body = answer.json()
    assert body["code"] == "not-acceptable"
    assert {a["type"] for a in body["alternatives"]} == set(FORMATS.values())
    assert all(client.get(a["href"]).status_code == 200 for a in body["alternatives"])
    assert client.get("/doc/aed/1?format=exe").status_code == 406


def test_an_unknown_thing_is_not_found(client: Client) -> None:
    for address in ("/id/nothing", "/doc/nothing", "/doc/nothing.ttl"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert answer.json()["code"] == "entity-not-found"


def graph_of(text: bytes, form: RdfFormat) -> set[str]:
    """Canonical triples, so that blank node labels do not count."""
    dataset = RdfDataset(Quad(*q.triple) for q in parse(text, form, base_iri=BASE))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return {str(quad) for quad in dataset}


@pytest.mark.parametrize("path", PATHS)
def test_all_formats_hold_the_same_triples(client: Client, path: str) -> None:
    turtle = graph_of(client.get(f"/doc/{path}.ttl").content, RdfFormat.TURTLE)
    assert len(turtle) >= 6
    assert turtle == graph_of(client.get(f"/doc/{path}.nt").content, RdfFormat.N_TRIPLES)
    assert turtle == graph_of(client.get(f"/doc/{path}.rdf").content, RdfFormat.RDF_XML)
    compact = client.get(f"/doc/{path}.jsonld").json()
    assert compact["@context"] == f"{BASE}/context.jsonld"
    compact["@context"] = client.get("/context.jsonld").json()["@context"]
    assert turtle == graph_of(orjson.dumps(compact), RdfFormat.JSON_LD)
    flat = client.get(
        f"/doc/{path}",
        headers={"accept": 'application/ld+json;profile="http://www.w3.org/ns/json-ld#expanded"'},
    )
    assert turtle == graph_of(flat.content, RdfFormat.JSON_LD)


def test_the_profile_of_json_ld_is_told(client: Client) -> None:
    expanded = "http://www.w3.org/ns/json-ld#expanded"
    accept = {"accept": f'application/ld+json;profile="{expanded}"'}
    flat = client.get("/doc/aed/1", headers=accept)
    assert flat.headers["content-type"] == f'application/ld+json; profile="{expanded}"'
    assert f'<{expanded}>; rel="profile"' in flat.headers["link"]
    assert "content-location" not in flat.headers
    compact = client.get("/doc/aed/1.jsonld").headers
    assert '<http://www.w3.org/ns/json-ld#compacted>; rel="profile"' in compact["link"]
    assert compact["content-location"] == "/doc/aed/1.jsonld"


def test_json_reads_like_plain_json(client: Client) -> None:
    body = client.get("/doc/aed/1", headers={"accept": "application/json"}).json()
    assert body["id"] == f"{BASE}/id/aed/1"
    assert body["type"] == "施設型"
    assert body["label"] == {"ja": "中央公園 AED"}
    assert body["住所"]["表記"] == "東京都千代田区一番町1"
    assert "id" not in body["住所"]
    assert body["住所"]["市区町村"]["label"]["ja"] == "千代田区"
    assert body["地理座標"]["緯度"] == "35.6895"
    assert (body["lat"], body["設置数"], body["無休"]) == ("35.6895", 3, True)
    assert body["describedBy"]["license"] == "https://creativecommons.org/licenses/by/4.0/"


def test_turtle_nests_blank_nodes_and_abbreviates(client: Client) -> None:
    text = client.get("/doc/aed/1.ttl").text
    assert "a ic:施設型 ;" in text
    assert "ic:住所 [\n        a ic:住所型 ;" in text
    assert "geo:lat 35.6895" in text
    assert "_:" not in text
    assert "@prefix skos:" not in text


def test_json_points_to_the_context(client: Client) -> None:
    links = client.get("/doc/aed/1.json").headers["link"]
    assert '/context.jsonld>; rel="http://www.w3.org/ns/json-ld#context"' in links
    terms = client.get("/context.jsonld").json()["@context"]
    assert terms["def"] == f"{BASE}/def/"
    assert set(Context().document["@context"]) <= set(terms)


def test_a_tag_depends_on_release_format_and_language(open_client: Open) -> None:
    snapshots = MemorySnapshots(MemorySnapshot(release="r1"))
    own = parts()
    own = WebParts(own.settings, snapshots, own.queries, own.labels, own.catalog)
    client = open_client(own)

    def etag(format: str, language: str = "ja") -> str:
        answer = client.get(f"/doc/aed/1.{format}", headers={"accept-language": language})
        return answer.headers["etag"]

    before = {etag("ttl"), etag("nt"), etag("html"), etag("html", "en")}
    assert len(before) == 4
    assert etag("ttl", "en") == etag("ttl", "ja")
    snapshots.snapshot = MemorySnapshot(release="r2")
    assert etag("ttl") not in before


def test_304_needs_no_look_up(open_client: Open) -> None:
    snapshot = MemorySnapshot()
    own = parts(snapshot)
    client = open_client(own)
    for address in ("/doc/aed/1.ttl", "/doc/aed/1"):
        etag = client.get(address).headers["etag"]
        before = snapshot.look_ups
        answer = client.get(address, headers={"if-none-match": f'"other", W/{etag}'})
        assert answer.status_code == 304
        assert snapshot.look_ups == before


def test_a_tag_of_one_format_does_not_fit_another(client: Client) -> None:
    etag = client.get("/doc/aed/1", headers={"accept": "text/turtle"}).headers["etag"]
    answer = client.get(
        "/doc/aed/1", headers={"accept": "application/n-triples", "if-none-match": etag}
    )
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("since", "status"),
    [
        ("Wed, 01 Apr 2026 09:30:00 GMT", 304),
        ("Thu, 02 Apr 2026 00:00:00 GMT", 304),
        ("Wed, 01 Apr 2026 09:29:59 GMT", 200),
        ("yesterday", 200),
        ("", 200),
    ],
)
def test_if_modified_since(client: Client, since: str, status: int) -> None:
    answer = client.get("/doc/aed/1.ttl", headers={"if-modified-since": since})
    assert answer.status_code == status


def test_if_none_match_wins_over_the_date(client: Client) -> None:
    headers = {"if-none-match": '"x"', "if-modified-since": "Thu, 02 Apr 2026 00:00:00 GMT"}
    assert client.get("/doc/aed/1.ttl", headers=headers).status_code == 200
    assert client.get("/doc/aed/1.ttl", headers={"if-none-match": "*"}).status_code == 304
    assert client.get("/doc/nothing.ttl", headers={"if-none-match": "*"}).status_code == 404


def test_options_and_other_methods(client: Client) -> None:
    preflight = client.options("/doc/aed/1", headers={"origin": "https://app.example"})
    assert preflight.status_code == 204
    assert preflight.headers["access-control-allow-origin"] == "*"
    assert "GET" in preflight.headers["access-control-allow-methods"]
    for method in ("POST", "PUT", "DELETE", "PATCH"):
        answer = client.request(method, "/doc/aed/1")
        assert answer.status_code == 405
        assert "GET" in answer.headers["allow"]
        assert answer.json()["code"] == "method-not-allowed"


@pytest.mark.parametrize("prefix", ["", "/lod"])
def test_a_base_iri_with_a_path_answers_with_and_without_it(open_client: Open, prefix: str) -> None:
    base = "https://example.jp/lod"
    client = open_client(parts(MemorySnapshot(base=base), base=base))
    answer = client.get(f"{prefix}/id/aed/1")
    assert answer.headers["location"] == "/lod/doc/aed/1"
    page = client.get(f"{prefix}/doc/aed/1.html")
    assert 'href="/lod/id/region/13101"' in page.text
    assert page.headers["content-location"] == "/lod/doc/aed/1.html"


def test_incoming_links_are_paged(open_client: Open) -> None:
    many = "\n".join(
        f"<id/park/{n:04}> <http://purl.org/dc/terms/isPartOf> <id/region/13101> ; "
        f'<http://www.w3.org/2000/01/rdf-schema#label> "公園{n}"@ja .'
        for n in range(130)
    )
    base = "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .\n"
    thing = '<id/region/13101> rdfs:label "千代田区"@ja .\n'
    client = open_client(parts(MemorySnapshot(base + thing + many)))
    seen: list[str] = []
    address = "/doc/region/13101.html"
    while address:
        page = client.get(address)
        assert page.status_code == 200
        seen += re.findall(r'href="/id/park/(\d+)"', page.text)
        following = re.search(r'<a href="([^"]+)" rel="next"', page.text)
        address = following.group(1).replace("&amp;", "&").partition("#")[0] if following else ""
    assert seen == [f"{n:04}" for n in range(130)]


@pytest.mark.parametrize(
    "query",
    [
        "incoming=x",
        "incoming=http%3A%2F%2Fx%2Fp&after=-1",
        "incoming=http%3A%2F%2Fx%2Fp&after=99999999999999",
        "incoming=http%3A%2F%2Fx%2Fp&after=%EF%BC%91",
        "incoming=http%3A%2F%2Fx%2F%0D%0A",
    ],
)
def test_a_cursor_that_was_tampered_with_is_refused(client: Client, query: str) -> None:
    assert client.get(f"/doc/aed/1.html?{query}").status_code == 400


def test_before_the_first_publish_the_service_is_unavailable(open_client: Open) -> None:
    client = open_client(parts(published=False))
    answer = client.get("/id/aed/1")
    assert answer.status_code == 503
    assert answer.headers["retry-after"]
    assert answer.json()["code"] == "release-not-found"
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    assert client.get("/").status_code == 200
