"""Home, data set, entity and error pages: language, links, caching, one error body."""

from __future__ import annotations

import re

import pytest

from tests.web.client import Client

NOT_HERE = {"/steward/", "/changes", "/releases"}
"""Pages of parts that the application over a release in memory is made without."""

PAGES = ["/", "/doc/aed/1.html", "/doc/region/13101.html", "/dataset/sample"]


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("page", [*PAGES, "/sparql", "/nothing"])
def test_a_page_speaks_the_language_asked_for(client: Client, page: str, language: str) -> None:
    by_header = client.get(page, headers={"accept": "text/html", "accept-language": language})
    by_parameter = client.get(
        f"{page}?lang={language}", headers={"accept": "text/html", "accept-language": "fr"}
    )
    for answer in (by_header, by_parameter):
        assert answer.headers["content-language"] == language
        assert f'<html lang="{language}">' in answer.text
    other = "ja" if language == "en" else "en"
    assert f'?lang={other}"' in by_header.text


@pytest.mark.parametrize("page", PAGES)
def test_every_link_of_a_page_leads_somewhere(client: Client, page: str) -> None:
    text = client.get(page, headers={"accept": "text/html"}).text
    addresses = set(re.findall(r'(?:href|src|action)="(/[^"]*)"', text)) - NOT_HERE
    assert addresses
    for address in addresses:
        address = address.replace("&amp;", "&").partition("#")[0]
        status = client.get(address, headers={"accept": "text/html"}).status_code
        assert status in (200, 303), address


@pytest.mark.parametrize("page", PAGES)
def test_pages_ask_nobody_else_and_run_no_inline_code(client: Client, page: str) -> None:
    text = client.get(page, headers={"accept": "text/html"}).text
    assert not re.search(r"<(?:script|link|img)[^>]*(?:src|href)=\"https?:", text)
    assert not re.search(r"<script(?![^>]*(?:ld\+json| src=\"/static/))[^>]*>", text)
    assert "<style" not in text
    assert " style=" not in text
    assert not re.search(r"\son\w+=", text)


@pytest.mark.parametrize("page", ["/", "/dataset/sample"])
def test_pages_of_a_release_can_be_revalidated(client: Client, page: str) -> None:
    answer = client.get(page)
    etag = answer.headers["etag"]
    assert client.get(page, headers={"if-none-match": etag}).status_code == 304
    english = client.get(f"{page}?lang=en")
    assert english.headers["etag"] != etag


def test_static_files_are_kept_for_ever(client: Client) -> None:
    text = client.get("/").text
    style = re.findall(r'<link rel="stylesheet" href="([^"]+)"', text)[0]
    answer = client.get(style)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in answer.headers["cache-control"]
    assert len(answer.content) < 20_000
    assert client.get("/static/site.css").status_code == 404


def test_the_entity_page_shows_what_is_known(client: Client) -> None:
    page = client.get("/doc/aed/1.html?lang=ja").text
    for shown in (
        "<title>中央公園 AED | ",
        "施設",  # the class by its name
        "東京都千代田区一番町1",  # a nested node in place
        "03-1234-5678",  # a node under the thing's own #
        ">千代田区</a>",  # a linked thing by its label
        "CC BY 4.0",
        "見本市",
        'href="/doc/aed/1.ttl"',
        'type="application/ld+json" href="/doc/aed/1.jsonld"',
    ):
        assert shown in page


def test_incoming_links_stand_under_their_property(client: Client) -> None:
    page = client.get("/doc/region/13101.html?lang=en").text
    incoming = page[page.index('id="incoming"') :]
    # By dcterms:isPartOf, and by the address, whose blank node stands for the AED.
    assert incoming.count('href="/id/aed/1"') == 2


def test_the_dataset_page_counts_classes_and_names_the_licence(client: Client) -> None:
    page = client.get("/dataset/sample?lang=en").text
    assert "A small data set for tests" in page
    assert "CC BY 4.0" in page
    assert "Facility" in page


ERRORS = [
    ("GET", "/nothing", 404, "page-not-found"),
    ("GET", "/id/nothing", 404, "entity-not-found"),
    ("GET", "/doc/nothing", 404, "entity-not-found"),
    ("GET", "/dataset/nothing", 404, "dataset-not-found"),
    ("GET", "/static/nothing", 404, "page-not-found"),
    ("DELETE", "/", 405, "method-not-allowed"),
    ("PUT", "/sparql", 405, "method-not-allowed"),
    ("GET", "/sparql?query=", 400, "bad-request"),
    ("GET", "/id/%ff", 400, "bad-request"),
    ("GET", "/sparql?query=x", 400, "query-syntax-error"),
]


@pytest.mark.parametrize(("method", "address", "status", "code"), ERRORS)
def test_one_error_body_on_every_route(
    client: Client, method: str, address: str, status: int, code: str
) -> None:
    answer = client.request(method, address, headers={"accept": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["status"] == status
    assert body["code"] == code
    assert set(body["message"]) == {"ja", "en"}
    assert body["detail"]
    assert answer.headers["vary"]
    text = client.request(method, address, headers={"accept": "text/plain"})
    assert text.headers["content-type"] == "text/plain; charset=utf-8"
    page = client.request(method, address, headers={"accept": "text/html"})
    if address != "/sparql?query=":  # a browser gets the form
        assert page.status_code == status
        assert page.headers["content-type"] == "text/html; charset=utf-8"
