"""A region with a hundred thousand incoming links: its page asks for no more than one with few."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest

from app import bootstrap
from app.publish import links
from app.settings import load
from app.store.base import GraphEntry, Snapshot
from app.store.snapshot import EmbeddedSnapshot
from app.web.app import build_app
from tests.web.client import Client

BASE = "https://many.example.jp"
GRAPH = f"{BASE}/graphs/many"
MANY = 100_000
_SPATIAL = "http://purl.org/dc/terms/spatial"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"


@pytest.fixture(scope="module")
def crowded(tmp_path_factory: pytest.TempPathFactory) -> Client:
    """A server over a release in which everything lies in one region."""
    settings = load(None, {}, base_iri=BASE, data_dir=tmp_path_factory.mktemp("crowded"))
    releases = bootstrap.open_releases(settings)
    region = f"<{BASE}/id/region/13101>"
    with releases.build() as builder:
        graph = f" <{GRAPH}> .\n"
        lines = [f'{region} <{_LABEL}> "千代田区"@ja{graph}']
        lines += [f"<{BASE}/id/x/{n}> <{_SPATIAL}> {region}{graph}" for n in range(MANY)]
        entry = GraphEntry(iri=GRAPH, dataset="many", quads=0, modified=datetime.now(UTC))
        builder.load(GRAPH, BytesIO("".join(lines).encode()), entry=entry)
        builder.seal(_count_links)
    return Client(build_app(bootstrap.web_parts(settings)))


def _count_links(new: Snapshot, _old: Snapshot | None, folder: Path) -> None:
    links.write(folder / links.FILE, new)


def test_a_crowded_page_is_bounded_in_look_ups_and_paged_by_cursor(
    crowded: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    read = 0
    quads = EmbeddedSnapshot.quads

    def counted(self: EmbeddedSnapshot, *pattern: object, **options: object) -> object:
        nonlocal read
        for quad in quads(self, *pattern, **options):  # type: ignore[arg-type]
            read += 1
            yield quad

    monkeypatch.setattr(EmbeddedSnapshot, "quads", counted)
    with crowded as client:
        address, seen = "/doc/region/13101.html", []
        for _ in range(4):
            page = client.get(address)
            assert page.status_code == 200
            seen += re.findall(r'href="/id/x/(\d+)"', page.text)
            following = re.search(r'<a href="([^"]+)" rel="next"', page.text)
            assert following is not None
            address = following.group(1).replace("&amp;", "&").partition("#")[0]
        assert "100,000" in page.text
    assert len(seen) == len(set(seen)) > 100
    assert read < 1_000  # of a hundred thousand
