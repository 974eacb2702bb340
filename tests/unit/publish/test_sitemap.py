"""The sitemap tells when data changed, not when something else was published."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from app.publish import sitemap
from app.store.base import GraphEntry, Manifest

BASE = "https://data.example.jp"


def entry(dataset: str, day: int) -> GraphEntry:
    moment = datetime(2026, 4, day, tzinfo=UTC)
    iri = f"{BASE}/graphs/{dataset}-{day}"
    return GraphEntry(iri=iri, dataset=dataset, quads=1, subjects=1, modified=moment)


def manifest(*graphs: GraphEntry) -> Manifest:
    return Manifest(
        id="r1",
        created=datetime(2026, 4, 30, tzinfo=UTC),
        software="test",
        base_iri=BASE,
        files={},
        graphs={graph.iri: graph for graph in graphs},
    )


def days(xml: str) -> dict[str, str]:
    found = re.findall(r"<loc>([^<]*)</loc><lastmod>([^<]*)</lastmod>", xml)
    return {address.removeprefix(BASE): day for address, day in found}


def test_a_data_set_changed_when_the_latest_of_its_graphs_did() -> None:
    told = days(sitemap.pages(manifest(entry("a", 3), entry("a", 9), entry("a", 5), entry("b", 1))))
    assert told["/dataset/a"] == "2026-04-09"
    assert told["/dataset/b"] == "2026-04-01"
    assert told["/catalog"] == "2026-04-30"
