"""`/sparql/terms.json`: what editors complete from."""

from __future__ import annotations

from tests.web.client import Client
from tests.web.fakes import BASE


def test_terms_in_use_come_with_prefixes_counts_and_names(client: Client) -> None:
    reply = client.get("/sparql/terms.json")
    assert reply.status_code == 200
    body = reply.json()
    assert body["prefixes"]["def"] == f"{BASE}/def/"
    assert "def" not in body["bound"]
    assert "rdfs" in body["bound"]
    counts = [term["count"] for term in body["properties"]]
    assert counts == sorted(counts, reverse=True)
    label = next(term for term in body["properties"] if term["iri"].endswith("#label"))
    assert label["ja"]


def test_terms_are_asked_for_once_in_a_release(client: Client) -> None:
    etag = client.get("/sparql/terms.json").headers["etag"]
    again = client.get("/sparql/terms.json", headers={"If-None-Match": etag})
    assert again.status_code == 304
