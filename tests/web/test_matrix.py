"""Formats × ways to ask × kinds of IRIs × methods, over real HTTP on a running server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from urllib.parse import quote

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, parse, serialize

from app.settings import load
from app.store.base import GraphEntry
from app.store.embedded import EmbeddedReleases
from tests.live import LiveServer
from tests.web.fakes import SAMPLE

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
STORED = [
    "region/13101",
    "aed/1",
    "aed/1/地理座標",
    "施設/新",
    "A%201%2F新",
    "percent%25%23",
    "emoji/🎌",
    "nfc/が",
    "paren(1)",
    "encoded/%E6%96%B0",
]
"""IRIs as the store holds them, after `/id/`: readable characters beside real escapes."""

SAFE = "/%()"
VARY = "Accept, Accept-Language, Accept-Encoding"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveServer]:
    """A server over the sample."""
    prepared = LiveServer(tmp_path_factory.mktemp("matrix"))
    graph = f"{prepared.base}/graphs/sample"
    triples = parse(SAMPLE.encode(), RdfFormat.TURTLE, base_iri=f"{prepared.base}/")
    lines = serialize(
        (Quad(t.subject, t.predicate, t.object, NamedNode(graph)) for t in triples),
        format=RdfFormat.N_QUADS,
    )
    assert lines is not None
    base = load(None, prepared.environment()).base_iri
    releases = EmbeddedReleases(prepared.data, base_iri=base, software="test")
    with releases.build() as builder:
        entry = GraphEntry(iri=graph, dataset="sample", quads=0, modified=datetime.now(UTC))
        builder.load(graph, BytesIO(lines), entry=entry)
        builder.seal()
    with prepared as running:
        yield running


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("by", ["accept", "suffix", "parameter"])
@pytest.mark.parametrize("format", sorted(FORMATS))
@pytest.mark.parametrize("stored", STORED)
def test_every_thing_answers_in_every_format(
    server: LiveServer, stored: str, format: str, by: str, method: str
) -> None:
    target, accept = f"/doc/{quote(stored, safe=SAFE)}", "*/*"
    if by == "accept":
        accept = f"image/png, {FORMATS[format]};q=0.9, */*;q=0.1"
    else:
        target += f".{format}" if by == "suffix" else f"?format={format}"
    answer = server.request(method, target, headers={"Accept": accept})
    assert answer.status == 200
    assert answer.headers["content-type"].partition(";")[0] == FORMATS[format]
    assert answer.headers["vary"] == VARY
    assert answer.headers["access-control-allow-origin"] == "*"
    assert int(answer.headers["content-length"]) > 0
    assert bool(answer.body) == (method == "GET")
    again = {"Accept": accept, "If-None-Match": answer.headers["etag"]}
    unchanged = server.request(method, target, headers=again)
    assert (unchanged.status, unchanged.body) == (304, b"")
    assert unchanged.headers["etag"] == answer.headers["etag"]


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "DELETE"])
@pytest.mark.parametrize("stored", STORED)
def test_the_thing_itself_by_method(server: LiveServer, stored: str, method: str) -> None:
    wire = quote(stored, safe=SAFE)
    answer = server.request(method, f"/id/{wire}")
    if method in ("GET", "HEAD"):
        assert answer.status == 303
        assert answer.headers["location"] == f"/doc/{wire}"
        assert {"etag", "vary", "link"} <= set(answer.headers)
    else:
        assert answer.status == (204 if method == "OPTIONS" else 405)
        assert "GET" in answer.headers["allow"]


def _lower(wire: bytes) -> bytes:
    return wire.replace(b"%E", b"%e").replace(b"%F", b"%f").replace(b"%8C", b"%8c")


def _escaped(wire: bytes) -> bytes:
    """Letters and digits escaped, which means the same (RFC 3986, section 6.2.2.2)."""
    head, _, last = wire.rpartition(b"/")
    if last[:1].isalnum():
        last = b"%%%02X" % last[0] + last[1:]
    return head + b"/" + last


@pytest.mark.parametrize("spelling", ["encoded", "lower", "escaped"])
@pytest.mark.parametrize("stored", STORED)
def test_a_thing_is_found_from_every_spelling_on_the_wire(
    server: LiveServer, stored: str, spelling: str
) -> None:
    encoded = f"/doc/{quote(stored, safe=SAFE)}".encode()
    wire = {"encoded": encoded, "lower": _lower(encoded), "escaped": _escaped(encoded)}[spelling]
    accept = {"Accept": FORMATS["nt"]}
    answer = server.request("GET", wire.decode("ascii"), headers=accept)
    assert answer.status == 200
    assert f"<{server.base}/id/{stored}> " in answer.text
