"""What a release carries beside its quads: removed things, frequent links, dumps."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
import zstandard
from pyoxigraph import RdfFormat, parse

from app.publish import dumps, gone, links, release_files
from app.publish.gone import GoneThings
from app.publish.incoming import IncomingReader
from app.store.base import GraphEntry, Manifest, Snapshot
from app.store.embedded import EmbeddedReleases

BASE = "https://data.example.jp"
GRAPH = f"{BASE}/graphs/parks"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
PART = "http://purl.org/dc/terms/isPartOf"


@pytest.fixture
def releases(tmp_path: Path) -> EmbeddedReleases:
    return EmbeddedReleases(tmp_path, base_iri=BASE, software="test")


def publish(releases: EmbeddedReleases, names: dict[str, str], graph: str = GRAPH) -> Manifest:
    """A release whose one graph holds things with names."""
    lines = "".join(
        f'<{BASE}/id/{name}> <{LABEL}> "{label}"@ja .\n'
        f"<{BASE}/id/{name}> <{PART}> <{BASE}/id/region/1> .\n"
        for name, label in names.items()
    )
    entry = GraphEntry(
        iri=graph, dataset=graph.rpartition("/")[2], quads=0, modified=datetime.now(UTC)
    )
    with releases.build() as builder:
        builder.load(graph, BytesIO(lines.encode()), entry=entry)
        return builder.seal(release_files.write)


def gone_in(snapshot: Snapshot) -> GoneThings:
    return GoneThings(snapshot.file(gone.FILE))


def test_a_removed_thing_stays_known_until_it_comes_back(releases: EmbeddedReleases) -> None:
    publish(releases, {"park/1": "中央公園", "park/2": "北公園", "park/3": "南公園"})
    assert releases.snapshot().file(gone.FILE) is None
    second = publish(releases, {"park/1": "中央公園"})
    publish(releases, {"park/1": "中央公園", "park/4": "東公園"})
    releases.prune(1)  # the release that knew them is no longer there
    table = gone_in(releases.snapshot())
    for number, name in ((2, "北公園"), (3, "南公園")):
        known = table.get(f"{BASE}/id/park/{number}")
        assert known is not None
        assert (known.removed, known.names) == (second.id, {"ja": name})
    assert table.get(f"{BASE}/id/park/1") is None
    assert table.get(f"{BASE}/id/park/25") is None
    publish(releases, {"park/1": "中央公園", "park/2": "北公園"})
    table = gone_in(releases.snapshot())
    assert table.get(f"{BASE}/id/park/2") is None
    assert table.get(f"{BASE}/id/park/4") is not None


def test_every_line_of_the_table_is_found(releases: EmbeddedReleases) -> None:
    publish(releases, {f"x/{n * n}新": str(n) for n in range(200)})
    publish(releases, {"other": "o"})
    table = gone_in(releases.snapshot())
    for number in range(200):
        assert table.get(f"{BASE}/id/x/{number * number}新") is not None
    for strange in ("", "https://data.example.jp/id/x/", "zzz", f"{BASE}/id/x/2新"):
        assert table.get(strange) is None


def test_links_met_often_are_counted_and_paged_to_the_end(releases: EmbeddedReleases) -> None:
    publish(releases, {f"park/{n:05}": str(n) for n in range(1_203)})
    snapshot = releases.snapshot()
    counts = links.read(snapshot)
    assert counts == {f"{BASE}/id/region/1": {PART: 1_203}}
    reader = IncomingReader(snapshot, 100, counts)
    (first,) = reader.first_pages(f"{BASE}/id/region/1")
    assert (first.total, first.more, len(first.subjects)) == (1_203, True, 100)
    seen: list[str] = []
    offset = 0
    while True:
        page = reader.page(f"{BASE}/id/region/1", PART, offset)
        seen += page.subjects
        offset += 100
        if not page.more:
            break
    assert len(seen) == len(set(seen)) == 1_203


def test_dumps_hold_the_graph_and_their_sums_stand_in_the_manifest(
    releases: EmbeddedReleases,
) -> None:
    manifest = publish(releases, {"park/1": "中央公園", "park/2": "北公園"})
    snapshot = releases.snapshot()
    found = dumps.by_dataset(manifest)["parks"]
    assert [dump.name for dump in found] == ["parks.nq.zst", "parks.ttl"]
    for dump in found:
        path = snapshot.file(f"dumps/{dump.name}")
        assert path is not None
        body = path.read_bytes()
        assert len(body) == dump.bytes
        assert hashlib.sha256(body).hexdigest() == dump.sha256
        text = zstandard.ZstdDecompressor().stream_reader(body).read() if dump.packed else body
        form = RdfFormat.N_QUADS if dump.packed else RdfFormat.TURTLE
        assert len(list(parse(text, form))) == manifest.quads
    releases.verify()


def test_dumps_of_unchanged_data_sets_are_not_written_again(releases: EmbeddedReleases) -> None:
    publish(releases, {"park/1": "中央公園"})
    before = releases.snapshot().file("dumps/parks.nq.zst")
    publish(releases, {"shop/1": "店"}, f"{BASE}/graphs/shops")
    after = releases.snapshot().file("dumps/parks.nq.zst")
    assert before is not None
    assert after is not None
    assert before.samefile(after)
    assert releases.snapshot().file("dumps/shops.ttl") is not None
    releases.verify()


def test_a_changed_dump_is_found_out(releases: EmbeddedReleases) -> None:
    publish(releases, {"park/1": "中央公園"})
    path = releases.snapshot().file("dumps/parks.ttl")
    assert path is not None
    path.write_bytes(path.read_bytes().replace(b"isPartOf", b"isPartof"))
    with pytest.raises(Exception, match="SHA-256"):
        releases.verify()
