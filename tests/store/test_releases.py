"""Releases: building, replacing, sealing, going back, pruning, verifying."""

from __future__ import annotations

import io
import os
from pathlib import Path

import pytest
from pyoxigraph import NamedNode

from app.errors import (
    PublishInProgress,
    ReleaseCorrupt,
    ReleaseNotFound,
    StoreError,
)
from app.store.base import Snapshot
from app.store.embedded import CurrentSnapshot, EmbeddedReleases
from app.store.releases import checksum, sealed_files

from .conftest import entry, open_releases, publish, statements

G, H, SIDE = "http://example.org/g", "http://example.org/h", "http://example.org/side"


def contents(snapshot: Snapshot) -> set[str]:
    return {str(quad) for quad in snapshot.quads(limit=10**6)}


def test_before_the_first_publish_there_is_nothing_to_open(releases: EmbeddedReleases) -> None:
    assert releases.current() is None
    assert list(releases.all()) == []
    with pytest.raises(ReleaseNotFound, match="Nothing has been published"):
        releases.snapshot()


def test_a_sealed_release_is_current_counted_and_readable(releases: EmbeddedReleases) -> None:
    typed = b"<http://example.org/a/0> a <http://example.org/C> .\n".replace(
        b" a ", b" <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> "
    )
    stream = io.BytesIO(statements(20).getvalue() + typed)
    with releases.build(note="first") as builder:
        builder.load(G, stream, entry=entry())
        sealed = builder.seal()
    graph = sealed.graphs[G]
    assert (sealed.quads, graph.quads, graph.subjects) == (21, 21, 2)
    assert graph.classes == {"http://example.org/C": 1}
    assert graph.properties["http://example.org/p0"] == 2
    assert sealed.note == "first"
    assert releases.current() == sealed
    snapshot = releases.snapshot()
    assert len(contents(snapshot)) == 21
    assert len(list(snapshot.quads(NamedNode("http://example.org/a/0"), limit=5))) == 5
    assert snapshot.knows(NamedNode("http://example.org/a/1"))
    assert not snapshot.knows(NamedNode("http://example.org/a/2"))


def test_loading_a_graph_again_replaces_it(releases: EmbeddedReleases) -> None:
    publish(releases, 100)
    publish(releases, 30)
    assert len(contents(releases.snapshot())) == 30


@pytest.mark.parametrize("hint", [(), (G,), (H,)])
def test_other_graphs_stay_whether_cloned_or_rebuilt(
    releases: EmbeddedReleases, hint: tuple[str, ...]
) -> None:
    with releases.build() as builder:
        builder.load(G, statements(1000), entry=entry())
        blank = b"_:x <http://example.org/p0> _:y .\n_:y <http://example.org/p0> _:x .\n"
        builder.load(H, io.BytesIO(blank), entry=entry("e", H))
        first = builder.seal()
    kept = list(releases.snapshot().quads(graph=NamedNode(H), limit=9))
    with releases.build(replacing=hint) as builder:
        builder.load(G, statements(500, of="b"), entry=entry())
        second = builder.seal()
    assert second.parent == first.id
    assert second.graphs[G].quads == 500
    assert second.graphs[H] == first.graphs[H]
    assert set(releases.snapshot().quads(graph=NamedNode(H), limit=9)) == set(kept)
    releases.verify()


def test_a_dropped_graph_is_gone(releases: EmbeddedReleases) -> None:
    publish(releases, 50)
    publish(releases, 5, graph=H)
    with releases.build() as builder:
        builder.drop(G)
        sealed = builder.seal()
    assert list(sealed.graphs) == [H]
    assert sealed.quads == len(contents(releases.snapshot())) == 5


def test_quads_that_name_another_graph_go_with_their_load(releases: EmbeddedReleases) -> None:
    mixed = statements(10).getvalue() + statements(7, of="s", graph=SIDE).getvalue()
    with releases.build() as builder:
        builder.load(G, io.BytesIO(mixed), entry=entry("d"))
        sealed = builder.seal()
    side = sealed.graphs[SIDE]
    assert (side.quads, side.dataset, side.loaded_with) == (7, "d", G)
    assert sealed.graphs[G].quads == 10
    publish(releases, 3)
    current = releases.current()
    assert current is not None
    assert list(current.graphs) == [G]
    assert len(contents(releases.snapshot())) == 3


def test_a_data_set_cannot_write_into_the_graph_of_another(releases: EmbeddedReleases) -> None:
    publish(releases, 10, graph=H)
    with releases.build() as builder:
        with pytest.raises(StoreError, match="belongs to data set d"):
            builder.load(G, statements(5, of="x", graph=H), entry=entry("intruder"))
        with pytest.raises(StoreError, match="has failed"):
            builder.seal()
    assert len(contents(releases.snapshot())) == 10


def test_repeated_statements_are_counted_once(releases: EmbeddedReleases) -> None:
    publish(releases, 10, graph=H)
    with releases.build() as builder:
        builder.load(G, io.BytesIO(statements(10).getvalue() * 2), entry=entry())
        assert builder.seal().graphs[G].quads == 10


def test_what_is_not_nquads_leaves_the_old_release(releases: EmbeddedReleases) -> None:
    old = publish(releases, 10)
    with pytest.raises(StoreError, match="not N-Quads"), releases.build() as builder:
        builder.load(G, io.BytesIO(b"<http://a> <http://b> oops .\n"), entry=entry())
    assert releases.current_id() == old
    assert list(releases.directory.releases_dir.glob(".building*")) == []


def test_a_build_that_is_not_sealed_leaves_nothing(releases: EmbeddedReleases) -> None:
    old = publish(releases, 10)
    with releases.build() as builder:
        builder.load(G, statements(5), entry=entry())
    assert [m.id for m in releases.all()] == [old]
    assert list(releases.directory.releases_dir.glob(".building*")) == []


def test_an_error_of_the_source_reaches_the_caller(releases: EmbeddedReleases) -> None:
    class Broken(io.BytesIO):
        def read(self, _size: int | None = -1, /) -> bytes:
            raise KeyError("the mapping failed")

    with pytest.raises(KeyError, match="the mapping failed"), releases.build() as builder:
        builder.load(G, Broken(), entry=entry())


def test_publishing_changes_no_file_of_the_old_release(releases: EmbeddedReleases) -> None:
    old = publish(releases, 5000)
    publish(releases, 10, graph=H)
    path = releases.directory.path(old)
    before = {name: checksum(path / name) for name in sealed_files(path)}
    reader = releases.snapshot(old)
    publish(releases, 20, graph=H)
    assert len(contents(reader)) == 5000
    assert {name: checksum(path / name) for name in sealed_files(path)} == before
    releases.verify(old)


def test_a_small_change_shares_the_large_files(
    releases: EmbeddedReleases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.building.ALWAYS_COMPACTED", 0)
    old = publish(releases, 20_000)
    new = publish(releases, 10, graph=H)
    current = releases.current()
    assert current is not None
    assert current.uncompacted == 10
    shared = [
        file
        for file in (releases.directory.store_path(new)).glob("*.sst")
        if (releases.directory.store_path(old) / file.name).exists()
        and file.samefile(releases.directory.store_path(old) / file.name)
    ]
    assert shared
    for count in range(3):
        publish(releases, 4000 + count, graph=H)
    current = releases.current()
    assert current is not None
    assert current.uncompacted < current.quads * 0.2


def test_a_second_publisher_is_told_who_is_first(releases: EmbeddedReleases) -> None:
    with releases.build():
        other = open_releases(releases.directory.data_dir)
        with pytest.raises(PublishInProgress, match=f"pid {os.getpid()}"), other.build():
            pass
        with pytest.raises(PublishInProgress):
            other.prune(1)


def test_rollback_goes_to_the_release_before_and_back(releases: EmbeddedReleases) -> None:
    first, second = publish(releases, 10), publish(releases, 20)
    assert releases.rollback().id == first
    assert len(contents(releases.snapshot())) == 10
    with pytest.raises(ReleaseNotFound, match="no release before"):
        releases.rollback()
    assert releases.rollback(second).id == second
    with pytest.raises(ReleaseNotFound, match="no release 2020"):
        releases.rollback("20200101T000000Z-000000")
    with pytest.raises(ReleaseNotFound):
        releases.snapshot("../../etc")


def test_prune_keeps_the_newest_and_the_current(releases: EmbeddedReleases) -> None:
    first, second, third, fourth = (publish(releases, n) for n in (1, 2, 3, 4))
    releases.rollback(second)
    leaving = releases.directory.releases_dir / ".building-20200101T000000Z-000000"
    leaving.mkdir()
    assert releases.prune(1) == [leaving.name, third, first]
    assert [m.id for m in releases.all()] == [fourth, second]
    assert len(contents(releases.snapshot())) == 2


def test_ids_sort_by_time_even_within_one_second(releases: EmbeddedReleases) -> None:
    ids = [publish(releases, 1) for _ in range(3)]
    assert ids == sorted(ids)
    assert len(set(ids)) == 3


def flip(file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)


@pytest.mark.parametrize("damage", ["flipped", "shorter", "missing", "added"])
def test_verify_names_the_damaged_file(releases: EmbeddedReleases, damage: str) -> None:
    publish(releases, 1000)
    releases.verify()
    store = releases.directory.store_path(releases.current_id() or "")
    table = next(store.glob("*.sst"))
    if damage == "flipped":
        flip(table)
    elif damage == "shorter":
        os.truncate(table, 10)
    elif damage == "missing":
        table.unlink()
    else:
        table = store / "stranger.sst"
        table.write_bytes(b"x")
    with pytest.raises(ReleaseCorrupt) as caught:
        releases.verify()
    assert table.name in str(caught.value)


def test_a_cut_off_store_is_not_served(releases: EmbeddedReleases) -> None:
    publish(releases, 1000)
    store = releases.directory.store_path(releases.current_id() or "")
    manifest = next(store.glob("MANIFEST-*"))
    os.truncate(manifest, manifest.stat().st_size // 2)
    with pytest.raises(ReleaseCorrupt, match="MANIFEST"):
        releases.snapshot()
    with pytest.raises(ReleaseCorrupt, match="MANIFEST"), releases.build():
        pass


def test_an_unreadable_manifest_is_corrupt_not_absent(releases: EmbeddedReleases) -> None:
    release = publish(releases, 1)
    (releases.directory.path(release) / "manifest.json").write_text("{")
    with pytest.raises(ReleaseCorrupt, match="manifest cannot be read"):
        releases.current()


def test_the_current_snapshot_moves_and_the_old_one_stays_readable(
    releases: EmbeddedReleases,
) -> None:
    publish(releases, 10)
    current = CurrentSnapshot(releases)
    old = current.get()
    assert current.get() is old
    publish(releases, 20)
    assert len(contents(current.get())) == 20
    assert len(contents(old)) == 10
