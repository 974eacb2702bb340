"""Conditions of requests, ranges and methods, by RFC 9110: the same for every document."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Literal
from unicodedata import normalize
from urllib.parse import quote

import pytest

from tests.web.client import Client
from tests.web.conftest import Open
from tests.web.fakes import MemorySnapshot, parts

Normal = Literal["NFC", "NFD"]
EARLY, LATE = "Thu, 01 Jan 2015 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"
DOCUMENTS = ("/doc/region/13101.ttl", "/catalog.ttl", "/browse.json", "/dumps/sample-aed.ttl")


@pytest.mark.parametrize("address", DOCUMENTS)
@pytest.mark.parametrize("coding", ["identity", "gzip"])
def test_a_document_that_is_another_than_expected_is_not_sent(
    real: Client, address: str, coding: str
) -> None:
    packed = {"accept-encoding": coding}
    etag = real.get(address, headers=packed).headers["etag"]
    for name, right, wrong in (
        ("if-match", etag, '"other"'),
        ("if-match", f'"other", {etag}', f"W/{etag}"),
        ("if-match", "*", '""'),
        ("if-unmodified-since", LATE, EARLY),
        ("if-unmodified-since", "no date", EARLY),
    ):
        for method in ("GET", "HEAD"):
            good = real.request(method, address, headers={**packed, name: right})
            assert good.status_code == 200, (name, right)
            bad = real.request(method, address, headers={**packed, name: wrong})
            assert bad.status_code == 412, (name, wrong)
    told = real.get(address, headers={**packed, "if-match": '"other"'})
    assert told.headers["content-type"] == "application/problem+json"
    # If-Match decides where both are there, and before If-None-Match (section 13.2.2).
    both = {**packed, "if-match": etag, "if-unmodified-since": EARLY}
    assert real.get(address, headers=both).status_code == 200
    assert real.get(address, headers={**both, "if-none-match": etag}).status_code == 304
    last = {**packed, "if-match": '"x"', "if-none-match": etag}
    assert real.get(address, headers=last).status_code == 412


def test_a_range_holds_for_one_version_only(real: Client) -> None:
    address = "/dumps/sample-aed.ttl"
    whole = real.get(address)
    wanted = {"range": "bytes=0-9"}
    for version in (whole.headers["etag"], whole.headers["last-modified"]):
        part = real.get(address, headers={**wanted, "if-range": version})
        assert (part.status_code, part.content) == (206, whole.content[:10])
    for version in ('"other"', f"W/{whole.headers['etag']}", EARLY):
        assert real.get(address, headers={**wanted, "if-range": version}).status_code == 200


def test_a_range_beyond_the_file_is_a_problem_with_the_size(real: Client) -> None:
    size = len(real.get("/dumps/sample-aed.ttl").content)
    answer = real.get("/dumps/sample-aed.ttl", headers={"range": f"bytes={size}-"})
    assert answer.status_code == 416
    assert answer.headers["content-range"] == f"bytes */{size}"
    assert answer.headers["content-type"] == "application/problem+json"
    assert str(size) in answer.json()["detail"]
    broken = real.get("/dumps/sample-aed.ttl", headers={"range": "bytes=9-1"})
    assert broken.status_code == 400
    assert broken.json()["code"] == "bad-request"


def test_a_file_was_changed_when_its_data_set_was(real: Client) -> None:
    release = real.get("/doc/region/13101.ttl").headers["last-modified"]
    graphs = real.get("/releases/current/manifest.json").json()["graphs"]
    (made,) = {g["modified"] for g in graphs.values() if g["dataset"] == "sample-aed"}
    told = parsedate_to_datetime(real.get("/dumps/sample-aed.ttl").headers["last-modified"])
    assert told == datetime.fromisoformat(made).replace(microsecond=0)
    assert told <= parsedate_to_datetime(release)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("/doc/region/13101", "GET, HEAD, OPTIONS"),
        ("/id/no-such-thing", "GET, HEAD, OPTIONS"),
        ("/dumps/sample-aed.ttl", "GET, HEAD, OPTIONS"),
        ("/sparql", "GET, HEAD, POST, OPTIONS"),
        ("/check", "GET, HEAD, POST, OPTIONS"),
        ("/update", "POST, OPTIONS"),
        ("/graphs/x", "GET, HEAD, PUT, POST, DELETE, OPTIONS"),
    ],
)
def test_options_tells_the_methods_that_are_taken(
    client: Client, address: str, allowed: str
) -> None:
    answer = client.options(address, headers={"origin": "https://app.example"})
    assert answer.status_code == 204
    assert answer.headers["allow"] == allowed
    assert answer.headers["access-control-allow-methods"] == allowed
    refused = client.request("PATCH", address)
    assert refused.status_code == 405
    names = set(refused.headers["allow"].split(", "))
    assert names == set(allowed.split(", ")) - {"OPTIONS"}


def test_a_preflight_allows_every_header_that_is_read(client: Client) -> None:
    allowed = client.options("/doc/region/13101").headers["access-control-allow-headers"]
    for name in ("If-Modified-Since", "If-Range", "If-Unmodified-Since", "X-Requested-With"):
        assert name in allowed.split(", ")


def test_options_of_what_is_not_there_is_not_found(client: Client) -> None:
    assert client.options("/no-such-page").status_code == 404


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("/sparql?query=ASK%20%7B%7D", "query=ASK+%7B%7D"),
        ("/search?q=AED&region=x%3A1", "q=AED"),
        ("/api/queries/municipalities-of-prefecture?code=13000", "code=13000"),
        ("/browse/def:AED?limit=3", "limit=3"),
    ],
)
def test_other_formats_are_of_the_same_request(real: Client, address: str, kept: str) -> None:
    by_name = real.get(f"{address}&format=bogus")
    by_header = real.get(address, headers={"accept": "image/png"})
    for answer, cause in ((by_name, "format=bogus"), (by_header, "Accept")):
        body = answer.json()
        assert answer.status_code == 406
        assert cause in body["message"]["en"]
        links = re.findall(r"<([^>]+)>", answer.headers["link"])
        assert links == [a["href"] for a in body["alternatives"]]
        assert all(kept in link and "bogus" not in link for link in links)
    assert real.get(links[0]).status_code == 200


def test_a_long_query_does_not_make_a_long_header(real: Client) -> None:
    answer = real.get("/sparql", params={"query": "ASK {}" + " " * 2_000, "format": "bogus"})
    assert "link" not in answer.headers
    assert len(answer.json()["alternatives"]) > 5


def test_maps_are_offered_where_there_is_a_place(real: Client) -> None:
    for address in ("/doc/region/13101", "/doc/aed/sample-1"):
        told = real.get(address, headers={"accept": "text/turtle"}).headers["link"]
        refused = real.get(address, headers={"accept": "image/png"})
        offered = [a["type"] for a in refused.json()["alternatives"]]
        assert ("geo+json" in told) == ("application/geo+json" in offered)
    answer = real.get("/api/queries/municipalities-of-prefecture.json")
    assert answer.status_code == 200
    assert ".geojson" not in answer.headers["link"]


@pytest.mark.parametrize(
    "stem", ["/catalog", "/dataset/sample-aed", "/vocab/ic/施設型", "/def/AED"]
)
def test_a_document_tells_its_own_address_and_that_of_its_form(real: Client, stem: str) -> None:
    path = quote(stem)
    by_suffix = real.get(f"{path}.ttl")
    answers = [by_suffix]
    if not stem.startswith("/def/"):
        answers += [real.get(path, headers={"accept": "text/turtle"})]
        answers += [real.get(f"{path}?format=ttl")]
    for answer in answers:
        assert answer.status_code == 200
        assert answer.headers["content-location"] == f"{path}.ttl"
        assert f'<{path}>; rel="canonical"' in answer.headers["link"]
        assert answer.content == by_suffix.content
    page = real.get(f"{path}.html?lang=en")
    assert page.headers["content-location"] == f"{path}.html"


def test_a_part_of_a_table_is_not_the_table(real: Client) -> None:
    answer = real.get("/browse/def:AED.csv?limit=3")
    assert "content-location" not in answer.headers
    assert "canonical" not in answer.headers["link"]
    assert real.get("/browse/def:AED.csv").headers["content-location"] == "/browse/def:AED.csv"


def test_addresses_that_people_try_lead_on(real: Client) -> None:
    for address, status, target in (
        ("/dumps", 308, "/dumps/"),
        ("/favicon.ico", 308, "/static/icon."),
        ("/def/AED", 303, "/def/AED."),
    ):
        answer = real.get(address)
        assert answer.status_code == status
        assert answer.headers["location"].startswith(target)
        assert "max-age" in answer.headers["cache-control"]
        assert real.get(answer.headers["location"]).status_code == 200


def test_who_asks_for_rdf_at_the_root_gets_the_catalog(real: Client) -> None:
    for media_type, suffix in (("text/turtle", "ttl"), ("application/ld+json", "jsonld")):
        answer = real.get("/", headers={"accept": media_type})
        assert (answer.status_code, answer.headers["location"]) == (303, f"/catalog.{suffix}")
        assert "Accept" in answer.headers["vary"]
    for accept in ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*", ""):
        assert real.get("/", headers={"accept": accept}).status_code == 200


def test_xml_is_another_word_for_rdf_xml(real: Client) -> None:
    answer = real.get("/doc/region/13101.xml")
    assert answer.headers["content-type"] == "application/rdf+xml"
    assert answer.headers["content-location"] == "/doc/region/13101.rdf"
    assert answer.content == real.get("/doc/region/13101.rdf").content


@pytest.mark.parametrize(("stored", "twin"), [("NFC", "NFD"), ("NFD", "NFC")])
def test_the_other_normal_form_leads_to_the_one_address(
    open_client: Open, stored: Normal, twin: Normal
) -> None:
    one, other = (quote(normalize(form, "/ガが")) for form in (stored, twin))
    name = normalize(stored, "ガが")
    text = f'<id/{name}> <http://www.w3.org/2000/01/rdf-schema#label> "x" .'
    client = open_client(parts(MemorySnapshot(text)))
    for prefix, suffix in (("/id", ""), ("/doc", ""), ("/doc", ".ttl"), ("/doc", ".html?lang=en")):
        answer = client.get(f"{prefix}{other}{suffix}", headers={"accept": "text/turtle"})
        assert (answer.status_code, answer.headers["location"]) == (308, f"{prefix}{one}{suffix}")
        assert client.get(answer.headers["location"]).status_code in (200, 303)
    both = f"{text}\n" + text.replace(name, normalize(twin, "ガが"))
    client = open_client(parts(MemorySnapshot(both)))
    for path in (one, other):
        assert client.get(f"/doc{path}.ttl").status_code == 200


def allowed_by(robots: str, address: str) -> bool:
    """RFC 9309, section 2.2.2: of the rules that fit the longest wins, and allowing ones first."""
    best = (-1, True)
    for line in robots.splitlines():
        name, _, pattern = line.partition(": ")
        if name in ("Allow", "Disallow"):
            wild = re.escape(pattern).replace(r"\*", ".*").replace(r"\$", "$")
            if re.match(wild, address):
                best = max(best, (len(pattern), name == "Allow"))
    return best[1]


def test_crawlers_get_every_page_and_no_endless_questions(real: Client) -> None:
    robots = real.get("/robots.txt").text
    listed = re.findall("<loc>([^<]+)</loc>", real.get("/sitemap.xml").text)
    for sitemap in listed:
        for page in re.findall("<loc>([^<]+)</loc>", real.get(sitemap).text):
            assert allowed_by(robots, page.removeprefix("https://lod.mihon.lg.jp")), page
    for address in (
        *("/sparql?query=ASK%20%7B%7D", "/search?q=a", "/search?q=a&lang=en"),
        *("/browse/def:AED?sort=label", "/browse/def:AED.csv?cursor=x", "/api/queries/x.json"),
        *("/queries/x?code=1", "/doc/region/13101?incoming=x&after=50"),
        *("/doc/region/13101?lang=en&incoming=x", "/browse/def:AED?lang=en&limit=1"),
    ):
        assert not allowed_by(robots, address), address
    for address in ("/?lang=en", "/browse/def:AED", "/browse/def:AED?lang=en", "/sparql?lang=en"):
        assert allowed_by(robots, address), address
