"""What differs between releases: counted, listed, patched, kept, pruned; entities over time."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
from pyoxigraph import Dataset, RdfFormat, parse

from app.errors import AnswerTooLarge, PageNotFound, QueryOverload
from app.publish import change_sets, release_files
from app.publish.change_sets import ChangeSet
from app.publish.changes import Operation
from app.publish.events import ReleaseEvents
from app.publish.history import ReleaseHistory, compare
from app.settings import Settings, load
from app.store.base import GraphEntry
from app.store.embedded import EmbeddedReleases

BASE = "https://data.example.jp"
GRAPH = f"{BASE}/graphs/parks"


def thing(number: int, name: str) -> str:
    iri = f"{BASE}/id/park/{number}"
    return (
        f'<{iri}> <{BASE}/def/name> "{name}" .\n'
        f"<{iri}> <{BASE}/def/point> <{iri}#point> .\n"
        f'<{iri}#point> <{BASE}/def/lat> "{number}" .\n'
    )


class Site:
    """A data directory that is published to."""

    def __init__(self, folder: Path) -> None:
        self.settings: Settings = load(None, {}, base_iri=BASE, data_dir=folder)
        self.releases = EmbeddedReleases(folder, base_iri=BASE, software="test")
        self.history = ReleaseHistory(self.releases, self.settings)

    def publish(self, lines: Iterable[str], *, dumps: bool = True, graph: str = GRAPH) -> str:
        with self.releases.build() as builder:
            entry = GraphEntry(
                iri=graph, dataset="parks", quads=0, modified=datetime.now(UTC),
                about={"title": "公園", "title_en": "Parks"},
            )  # fmt: skip
            builder.load(graph, BytesIO("".join(lines).encode()), entry=entry)
            return builder.seal(release_files.write if dumps else None).id

    def compare(self, old: str, new: str) -> ChangeSet:
        return compare(self.releases, self.settings, old, new)


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


@pytest.fixture(params=[True, False], ids=["from dumps", "from the store"])
def steps(site: Site, request: pytest.FixtureRequest) -> tuple[Site, str, str]:
    old = site.publish([thing(n, f"公園{n}") for n in range(50)], dumps=request.param)
    new = site.publish(
        [thing(n, "新しい名前" if n == 7 else f"公園{n}") for n in range(3, 52)],
        dumps=request.param,
    )
    return site, old, new


def test_added_and_removed_quads_are_counted_by_data_set(steps: tuple[Site, str, str]) -> None:
    site, old, new = steps
    summary = site.compare(old, new).summary
    (parks,) = summary.datasets
    assert (parks.name, parks.title["en"]) == ("parks", "Parks")
    assert (parks.before, parks.after, parks.added, parks.removed) == (150, 147, 7, 10)
    assert (summary.entities_new, summary.entities_gone, summary.entities_changed) == (2, 3, 1)


def test_applying_the_quads_to_the_old_release_gives_the_new_one(
    steps: tuple[Site, str, str],
) -> None:
    site, old, new = steps
    found = site.compare(old, new)
    held = Dataset(site.releases.snapshot(old).graph(GRAPH))
    for quad in parse(b"".join(found.quads(Operation.DELETE)), RdfFormat.N_QUADS):
        held.remove(quad)
    for quad in parse(b"".join(found.quads(Operation.ADD)), RdfFormat.N_QUADS):
        held.add(quad)
    assert held == Dataset(site.releases.snapshot(new).graph(GRAPH))


def test_a_patch_of_one_entity_has_its_parts(steps: tuple[Site, str, str]) -> None:
    site, old, new = steps
    found = site.compare(old, new)
    lines = b"".join(found.patch(entity=f"{BASE}/id/park/0")).decode().splitlines()
    assert lines[0] == f"H id <urn:tsunagu:release:{new}> ."
    assert lines[1] == f"H prev <urn:tsunagu:release:{old}> ."
    assert [line[0] for line in lines[3:-1]] == ["D", "D", "D"]
    assert any("#point>" in line for line in lines)
    assert not any("/id/park/01" in line for line in lines)
    changed = b"".join(found.lines(entity=f"{BASE}/id/park/7")).decode()
    assert changed.count("\n") == 2
    assert "A " in changed
    assert "新しい名前" in changed


def test_entities_are_listed_with_their_kind(steps: tuple[Site, str, str]) -> None:
    site, old, new = steps
    kinds = {entity.iri: entity.kind for entity in site.compare(old, new).entities()}
    assert kinds[f"{BASE}/id/park/0"] == "gone"
    assert kinds[f"{BASE}/id/park/7"] == "changed"
    assert kinds[f"{BASE}/id/park/51"] == "new"


def test_publishing_the_same_again_changes_nothing(site: Site) -> None:
    old = site.publish([thing(1, "公園")])
    new = site.publish([thing(1, "公園")])
    found = site.compare(old, new)
    assert found.summary.datasets == ()
    assert b"".join(found.lines()) == b""


def test_a_set_is_made_once_and_outlives_its_releases(steps: tuple[Site, str, str]) -> None:
    site, old, new = steps
    made = site.compare(old, new)
    site.releases.prune(1)
    again = asyncio.run(site.history.changes(old, new))
    assert again.summary == made.summary
    assert [step.new for step in site.history.steps()] == [new]


def test_too_large_a_difference_is_refused_and_leaves_nothing(
    steps: tuple[Site, str, str],
) -> None:
    site, old, new = steps
    folder = site.settings.data_dir / "changes"
    with pytest.raises(AnswerTooLarge):
        change_sets.make(folder, site.releases.snapshot(old), site.releases.snapshot(new), most=5)
    assert list(folder.iterdir()) == []


def test_the_sets_that_are_least_asked_for_go_first(steps: tuple[Site, str, str]) -> None:
    site, old, new = steps
    site.compare(old, new)
    site.compare(new, old)
    folder = site.settings.data_dir / "changes"
    os.utime(folder / f"{new}..{old}" / change_sets.SUMMARY, (0, 0))
    size = sum(f.stat().st_size for f in (folder / f"{old}..{new}").iterdir())
    assert change_sets.prune(folder, size + 10) == [f"{new}..{old}"]
    assert change_sets.prune(folder, 0) == [f"{old}..{new}"]


def test_another_process_compares_and_several_wait_for_it(steps: tuple[Site, str, str]) -> None:
    site, old, new = steps

    async def ask() -> list[ChangeSet]:
        return await asyncio.gather(*(site.history.changes(old, new) for _ in range(3)))

    sets = asyncio.run(ask())
    assert {known.summary.added for known in sets} == {7}


def test_a_release_that_is_not_kept_is_named_with_those_that_are(site: Site) -> None:
    kept = site.publish([thing(1, "公園")])
    with pytest.raises(PageNotFound) as caught:
        asyncio.run(site.history.changes("20200101T000000Z-000000", kept))
    assert caught.value.hint is not None
    assert kept in caught.value.hint.en


def test_an_entity_has_a_history(site: Site) -> None:
    first = site.publish([thing(1, "公園"), thing(2, "広場")])
    site.publish([thing(1, "公園"), thing(2, "大広場")])
    third = site.publish([thing(1, "新公園")])
    one = site.history.entity(f"{BASE}/id/park/1")
    assert [(version.release, version.kind) for version in one] == [
        (third, "changed"),
        (first, "first"),
    ]
    assert len(one[0].added) == len(one[0].removed) == 1
    assert [v.kind for v in site.history.entity(f"{BASE}/id/park/2")] == [
        "gone",
        "changed",
        "first",
    ]
    assert site.history.entity(f"{BASE}/id/park/9") == []


def test_new_labels_of_blank_nodes_are_no_change_of_an_entity(site: Site) -> None:
    line = f'<{BASE}/id/park/1> <{BASE}/def/part> _:{{0}} .\n_:{{0}} <{BASE}/def/name> "池" .\n'
    site.publish([line.format("a")])
    site.publish([line.format("b")])
    assert [v.kind for v in site.history.entity(f"{BASE}/id/park/1")] == ["first"]


class TestEvents:
    def events(self, current: list[str], most: int = 2) -> ReleaseEvents:
        return ReleaseEvents(
            lambda: current[0], None, base=BASE, most=most, look_s=0.01, heartbeat_s=0.05
        )

    def test_a_listener_hears_the_current_release_and_each_switch(self) -> None:
        current = ["r1"]

        async def listen() -> list[bytes]:
            events = self.events(current)
            await events.start()
            stream = events.listen()
            heard = [await anext(stream), await anext(stream)]
            current[0] = "r2"
            while not heard[-1].startswith(b"event: release\nid: r2"):
                heard.append(await anext(stream))
            await events.close()
            return heard

        heard = asyncio.run(asyncio.wait_for(listen(), 10))
        assert heard[0].startswith(b"retry: ")
        assert heard[1].startswith(b"event: release\nid: r1\n")
        assert b"/changes/r1..r2" in heard[-1]

    def test_who_knows_the_release_gets_a_heartbeat_only(self) -> None:
        async def listen() -> bytes:
            events = self.events(["r1"])
            await events.start()
            stream = events.listen(since="r1")
            await anext(stream)
            beat = await anext(stream)
            await events.close()
            return beat

        assert asyncio.run(asyncio.wait_for(listen(), 10)) == b": \n\n"

    def test_listeners_are_bounded_and_make_room_when_they_leave(self) -> None:
        async def listen() -> int:
            events = self.events(["r1"], most=1)
            await events.start()
            stream = events.listen()
            await anext(stream)
            with pytest.raises(QueryOverload):
                events.listen()
            await stream.aclose()  # type: ignore[attr-defined]  # a generator
            await events.close()
            return events.listeners

        assert asyncio.run(listen()) == 0

    def test_a_release_made_while_nobody_looked_is_compared_at_the_start(self, site: Site) -> None:
        old = site.publish([f'<{BASE}/id/park/1> <{BASE}/def/name> "池" .\n'])
        new = site.publish([f'<{BASE}/id/park/1> <{BASE}/def/name> "沼" .\n'])

        async def start() -> None:
            events = ReleaseEvents(lambda: new, site.history, base=BASE, most=1, look_s=0.01)
            await events.start()
            while change_sets.find(site.history.folder, old, new) is None:
                await asyncio.sleep(0.05)
            await events.close()

        asyncio.run(asyncio.wait_for(start(), 60))
