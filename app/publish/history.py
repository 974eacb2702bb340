"""The releases that are kept, what differs between them, and how one entity changed."""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import sys
import time
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from pyoxigraph import BlankNode, NamedNode, Quad

from app.errors import (
    PageNotFound,
    QueryTimeout,
    ReleaseNotFound,
    StoreError,
    Text,
)
from app.publish import change_sets
from app.publish.change_sets import ChangeSet, Summary
from app.publish.skolem import resource_of
from app.settings import Settings
from app.store.base import Manifest, Releases, Resource, Snapshot

FOLDER: Final = "changes"
_MANIFESTS_KEPT_S: Final = 2.0
_OPEN_SNAPSHOTS: Final = 4  # about 26 MB each
_ENTITY_QUADS: Final = 2_000
_DEPTH: Final = 5
TOO_LARGE: Final = 4
"""Exit code of the process that compares: more differs than the bound."""


@dataclass(frozen=True, slots=True)
class EntityVersion:
    """An entity as one release changed it. `kind` is first (the oldest release that is kept
    knows it), new, changed or gone."""

    release: str
    created: datetime
    kind: str
    added: tuple[Quad, ...] = ()
    removed: tuple[Quad, ...] = ()


class ReleaseHistory:
    """The releases of a data directory over time. Comparing two of them is done by another
    process (`tsunagu releases changes`), so that no request waits for it."""

    def __init__(self, releases: Releases, settings: Settings) -> None:
        self._releases = releases
        self._settings = settings
        self.folder = settings.data_dir / FOLDER
        self._manifests: tuple[Manifest, ...] = ()
        self._looked = float("-inf")
        self._open: OrderedDict[str, Snapshot] = OrderedDict()
        self._tasks: dict[tuple[str, str], asyncio.Task[ChangeSet]] = {}
        self._turn = asyncio.Semaphore(1)

    def releases(self) -> tuple[Manifest, ...]:
        """The releases that are kept, newest first."""
        if time.monotonic() - self._looked > _MANIFESTS_KEPT_S:
            self._manifests = tuple(self._releases.all())
            self._looked = time.monotonic()
        return self._manifests

    def steps(self) -> list[Summary]:
        """From release to release what is known to have changed, the newest first. It goes
        back further than the releases that are kept."""
        found = change_sets.all_of(self.folder)
        return [known.summary for known in found if known.summary.parent == known.summary.old]

    async def changes(self, old: str, new: str) -> ChangeSet:
        """What differs between two releases. Raises PageNotFound when one of them is neither
        kept nor was compared before, AnswerTooLarge, QueryTimeout, StoreError."""
        known = change_sets.find(self.folder, old, new)
        if known is not None:
            return known
        kept = {manifest.id for manifest in self.releases()}
        for release in (old, new):
            if release not in kept:
                raise _not_kept(release, sorted(kept, reverse=True))
        task = self._tasks.get((old, new))
        if task is None:
            task = asyncio.get_running_loop().create_task(self._compared(old, new))
            self._tasks[old, new] = task
            task.add_done_callback(lambda _: self._tasks.pop((old, new), None))
        # Several may wait for it; one that goes away must not stop it.
        return await asyncio.shield(task)

    async def close(self) -> None:
        """End what is being compared."""
        for task in list(self._tasks.values()):
            task.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await task

    async def _compared(self, old: str, new: str) -> ChangeSet:
        async with self._turn:
            arguments = [sys.executable, "-m", "app", "releases", "changes", old, new, "--json"]
            process = await asyncio.create_subprocess_exec(
                *arguments,
                env={**os.environ, **self._environment()},
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
                start_new_session=True,
            )
            try:
                timeout = self._settings.changes_timeout_s
                _, said = await asyncio.wait_for(process.communicate(), timeout)
            except TimeoutError as error:
                raise _too_slow(self._settings.changes_timeout_s) from error
            finally:
                if process.returncode is None:
                    with suppress(ProcessLookupError):
                        os.killpg(process.pid, signal.SIGKILL)
                    await process.wait()
        known = change_sets.find(self.folder, old, new)
        if known is not None:
            return known
        if process.returncode == TOO_LARGE:
            raise change_sets.too_large(self._settings.changes_quads)
        raise StoreError(
            Text(
                ja="リリースの比較に失敗しました。",
                en="Comparing the releases failed.",
            ),
            hint=Text(
                ja=f"`tsunagu releases changes {old} {new}` で理由を確かめてください。",
                en=f"`tsunagu releases changes {old} {new}` tells why.",
            ),
        ) from RuntimeError(said.decode("utf-8", "replace")[-2_000:])

    def _environment(self) -> Mapping[str, str]:
        """The settings in force: the process reads them anew."""
        prefix, settings = "TSUNAGU_", self._settings
        return {
            f"{prefix}DATA_DIR": str(settings.data_dir.absolute()),
            f"{prefix}BASE_IRI": settings.base_iri,
            f"{prefix}CHANGES_QUADS": str(settings.changes_quads),
            f"{prefix}CHANGES_BYTES": str(settings.changes_bytes),
        }

    def entity(self, iri: str) -> list[EntityVersion]:
        """How an entity changed over the releases that are kept, the newest first. Blocking:
        each release that is not open yet takes 25 ms."""
        versions: list[EntityVersion] = []
        before: frozenset[Quad] | None = None
        for manifest in reversed(self.releases()):
            try:
                now = entity_quads(self._snapshot(manifest.id), iri)
            except ReleaseNotFound:  # pruned meanwhile
                continue
            if before is None:
                if now:
                    versions.append(EntityVersion(manifest.id, manifest.created, "first"))
            elif now != before:
                kind = "changed" if now and before else "new" if now else "gone"
                versions.append(
                    EntityVersion(
                        manifest.id,
                        manifest.created,
                        kind,
                        tuple(sorted(now - before, key=str)),
                        tuple(sorted(before - now, key=str)),
                    )
                )
            before = now
        return versions[::-1]

    def _snapshot(self, release: str) -> Snapshot:
        found = self._open.get(release)
        if found is None:
            found = self._open[release] = self._releases.snapshot(release)
            while len(self._open) > _OPEN_SNAPSHOTS:
                self._open.popitem(last=False)
        self._open.move_to_end(release)
        return found


def compare(releases: Releases, settings: Settings, old: str, new: str) -> ChangeSet:
    """Compare two releases in this process, or wait for another one that does. Raises
    ReleaseNotFound, AnswerTooLarge, StoreError."""
    folder = settings.data_dir / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the kernel lets go with the process
        known = change_sets.find(folder, old, new)
        if known is None:
            before, after = releases.snapshot(old), releases.snapshot(new)
            known = change_sets.make(folder, before, after, most=settings.changes_quads)
            change_sets.prune(folder, settings.changes_bytes)
    return known


def entity_quads(snapshot: Snapshot, iri: str) -> frozenset[Quad]:
    """The quads of an entity and of the parts that exist only for it. Blank nodes get names by
    the way that leads to them, so that two loads of the same data look the same."""
    own = (iri + "#", iri + "/")
    names: dict[Resource, Resource] = {}
    found: set[Quad] = set()
    pending: list[tuple[Resource, int, str]] = [
        (resource_of(iri, snapshot.manifest.base_iri), 0, "b")
    ]
    while pending and len(found) < _ENTITY_QUADS:
        resource, depth, path = pending.pop()
        quads = sorted(snapshot.quads(resource, limit=_ENTITY_QUADS - len(found)), key=_order)
        for place, quad in enumerate(quads):
            part = quad.object
            is_part = isinstance(part, BlankNode) or (
                isinstance(part, NamedNode) and part.value.startswith(own)
            )
            if is_part and isinstance(part, NamedNode | BlankNode) and part not in names:
                way = f"{path}x{place}"
                names[part] = BlankNode(way) if isinstance(part, BlankNode) else part
                if depth < _DEPTH:
                    pending.append((part, depth + 1, way))
            object_ = names.get(part, part) if isinstance(part, NamedNode | BlankNode) else part
            found.add(Quad(names.get(resource, resource), quad.predicate, object_, quad.graph_name))
    return frozenset(found)


def _order(quad: Quad) -> tuple[str, str]:
    """Blank labels must not decide: they are made anew by each load."""
    object_ = "" if isinstance(quad.object, BlankNode) else str(quad.object)
    return quad.predicate.value, object_


def _not_kept(release: str, kept: Sequence[str]) -> PageNotFound:
    names = ", ".join(kept) or "-"
    return PageNotFound(
        Text(
            ja=f"リリース {release} は残っていません。",
            en=f"The release {release} is not kept here.",
        ),
        hint=Text(ja=f"比べられるのは {names} です。", en=f"These can be compared: {names}."),
    )


def _too_slow(seconds: float) -> QueryTimeout:
    return QueryTimeout(
        Text(
            ja=f"リリースの比較が {seconds:g} 秒で終わりませんでした。",
            en=f"Comparing the releases took longer than {seconds:g} s.",
        ),
        hint=Text(ja="/dumps/ から全体を取ってください。", en="Take the whole data from /dumps/."),
        spent={"seconds": seconds},
    )


def to_json(version: EntityVersion) -> dict[str, object]:
    """A version for programs; quads as N-Quads lines."""
    return {
        "release": version.release,
        "created": version.created.isoformat(),
        "kind": version.kind,
        "added": [f"{quad} ." for quad in version.added],
        "removed": [f"{quad} ." for quad in version.removed],
    }
