"""Writes in turn: several as one release, each with its rights, all of them written down."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from app.errors import PublishInProgress, QuerySyntaxError, RightMissing, StoreError
from app.publish.audit import AuditLog
from app.publish.tokens import Role, Token, Tokens
from app.publish.writes import Writes, Written
from app.settings import Settings
from app.store.base import Change, Document, GraphChange, Update
from app.store.embedded import EmbeddedReleases
from app.store.writing.rewrite import EmbeddedRewriter

BASE = "http://example.org"
G, H = f"{BASE}/graphs/g", f"{BASE}/graphs/h"


def settings(data: Path, **others: object) -> Settings:
    return Settings.model_validate({"data_dir": data, "base_iri": BASE, **others})


def releases_of(data: Path) -> EmbeddedReleases:
    return EmbeddedReleases(data, base_iri=BASE, software="test")


def run(
    data: Path, scenario: Callable[[Writes], Awaitable[object]], **others: object
) -> EmbeddedReleases:
    data.mkdir(exist_ok=True)
    releases, own = releases_of(data), settings(data, **others)

    async def main() -> None:
        writes = Writes(EmbeddedRewriter(releases, own), releases, own)
        await scenario(writes)
        await writes.close()

    asyncio.run(main())
    return releases


def put(graph: str, value: int = 1) -> Change:
    data = f"<http://x/s> <http://x/p> {value} .".encode()
    return GraphChange("put", graph, [Document(data, "TURTLE", graph)])


def update(text: str) -> Change:
    return Update(text, f"{BASE}/graphs/default")


def token(data: Path, role: Role, *graphs: str) -> Token:
    return Tokens(data).add(role, graphs=graphs)[0]


def test_writes_that_wait_are_applied_as_one_release(tmp_path: Path) -> None:
    admin = token(tmp_path, Role.ADMIN)

    async def scenario(writes: Writes) -> None:
        first = asyncio.create_task(writes.write(put(G), admin))
        await asyncio.sleep(0.05)
        others = [asyncio.create_task(writes.write(put(f"{G}{n}", n), admin)) for n in range(5)]
        broken = asyncio.create_task(writes.write(update("nonsense"), admin))
        done = await asyncio.gather(first, *others)
        with pytest.raises(QuerySyntaxError):
            await broken
        assert len({written.release for written in done}) == 2
        assert len({written.release for written in done[1:]}) == 1

    releases = run(tmp_path, scenario)
    assert len(releases.directory.ids()) == 2
    manifest = releases.current()
    assert manifest is not None
    assert len(manifest.graphs) == 6


def test_an_editor_writes_only_its_graphs_by_name_and_by_effect(tmp_path: Path) -> None:
    editor, admin = token(tmp_path, Role.EDITOR, G), token(tmp_path, Role.ADMIN)

    async def scenario(writes: Writes) -> None:
        await writes.write(put(H), admin)
        await writes.write(put(G), editor)
        with pytest.raises(RightMissing, match="graphs/h"):
            await writes.write(put(H, 2), editor)
        with pytest.raises(RightMissing, match="graphs/h"):
            await writes.write(update("DELETE WHERE { GRAPH ?g { ?s ?p ?o } }"), editor)
        with pytest.raises(RightMissing, match="graphs/new"):
            await writes.write(update(f"COPY <{G}> TO <{BASE}/graphs/new>"), editor)
        done = await writes.write(
            update(f"INSERT {{ GRAPH <{G}> {{ ?s ?p 3 }} }} WHERE {{ GRAPH ?g {{ ?s ?p ?o }} }}"),
            editor,
        )
        assert list(done.graphs) == [G]

    run(tmp_path, scenario)


def test_a_viewer_writes_nothing(tmp_path: Path) -> None:
    viewer = token(tmp_path, Role.VIEWER, G)

    async def scenario(writes: Writes) -> None:
        with pytest.raises(RightMissing):
            await writes.write(put(G), viewer)
        with pytest.raises(RightMissing):
            await writes.write(update(f"INSERT DATA {{ GRAPH <{G}> {{ <x:s> <x:p> 1 }} }}"), viewer)

    assert run(tmp_path, scenario).current_id() is None


def test_a_write_waits_for_a_publish_and_then_gives_up(tmp_path: Path) -> None:
    admin = token(tmp_path, Role.ADMIN)
    other = releases_of(tmp_path)

    async def scenario(writes: Writes) -> None:
        with other.directory.lock(), pytest.raises(PublishInProgress):
            await writes.write(put(G), admin)
        with other.directory.lock():
            waiting = asyncio.create_task(writes.write(put(G), admin))
            await asyncio.sleep(0.3)
        written = await waiting
        assert isinstance(written, Written)

    run(tmp_path, scenario, write_wait_s=0.9)


def test_a_caller_who_goes_away_does_not_stop_the_write(tmp_path: Path) -> None:
    admin = token(tmp_path, Role.ADMIN)

    async def scenario(writes: Writes) -> None:
        caller = asyncio.create_task(writes.write(put(G), admin))
        await asyncio.sleep(0.05)
        caller.cancel()

    assert run(tmp_path, scenario).current_id() is not None


def test_a_write_that_cannot_be_recorded_is_told_so_and_the_next_one_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no space left")

    async def scenario(writes: Writes) -> None:
        admin = token(tmp_path, Role.ADMIN)
        with monkeypatch.context() as full:
            full.setattr(AuditLog, "append", refuse)
            with pytest.raises(StoreError, match="audit log"):
                await asyncio.wait_for(writes.write(put(G), admin), 60)
        assert (await writes.write(put(H), admin)).release

    run(tmp_path, scenario)
    assert [event["graph"] for event in AuditLog(tmp_path).verify()] == [H]


def test_every_write_is_written_down_and_the_chain_shows_a_change(tmp_path: Path) -> None:
    admin, viewer = token(tmp_path, Role.ADMIN), token(tmp_path, Role.VIEWER)

    async def scenario(writes: Writes) -> None:
        await writes.write(put(G), admin, client="192.0.2.1", id="q1")
        await writes.write(put(G, 2), admin)
        with pytest.raises(RightMissing):
            await writes.write(update("INSERT DATA { <x:s> <x:p> 1 }"), viewer)

    run(tmp_path, scenario)
    log = AuditLog(tmp_path)
    entries = list(log.verify())
    assert [(e["action"], e["outcome"]) for e in entries] == [
        ("put", "ok"),
        ("put", "ok"),
        ("update", "right-missing"),
    ]
    assert entries[0]["client"] == "192.0.2.1"
    assert entries[0]["graphs"] == {G: [None, 1]}
    lines = log.path.read_text().splitlines()
    log.path.write_text("\n".join([lines[0].replace(admin.id, viewer.id), *lines[1:]]) + "\n")
    with pytest.raises(StoreError, match=r"audit\.jsonl:2: The chain"):
        list(log.verify())
    log.path.write_text("\n".join([lines[0], lines[2]]) + "\n")
    with pytest.raises(StoreError):
        list(log.verify())
    assert json.loads(lines[0])["previous"] == "0" * 64
