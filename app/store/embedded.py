"""Releases as sealed Oxigraph directories, opened read-only (`base.Releases`)."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from pyoxigraph import Store

from app.errors import ReleaseNotFound, Text
from app.store.base import Manifest
from app.store.building import EmbeddedBuilder
from app.store.releases import BUILDING, ReleaseDirectory, storage_errors
from app.store.snapshot import EmbeddedSnapshot


class EmbeddedReleases:
    """The releases under `data_dir`. `base_iri` and `software` are written into manifests, which
    `sign` signs."""

    def __init__(
        self,
        data_dir: Path,
        *,
        base_iri: str,
        software: str,
        sign: Callable[[bytes], bytes] | None = None,
    ) -> None:
        self.directory = ReleaseDirectory(data_dir, sign)
        self._base_iri = base_iri
        self._software = software

    def current_id(self) -> str | None:
        """The id of the release that is served: one `readlink`."""
        return self.directory.current_id()

    def current(self) -> Manifest | None:
        """The manifest of the release that is served, or None before the first publish."""
        release = self.directory.current_id()
        return self.directory.manifest(release) if release is not None else None

    def all(self) -> Sequence[Manifest]:
        """Newest first."""
        return [self.directory.manifest(release) for release in self.directory.ids()]

    @contextmanager
    def build(
        self, *, note: str = "", replacing: Collection[str] = ()
    ) -> Iterator[EmbeddedBuilder]:
        """Start a release from the current one; see `base.Releases.build`."""
        with self.directory.lock():
            self.directory.remove_leavings()
            current = self.directory.current_id()
            parent = self.directory.verify(current, tables=False) if current else None
            release = self.directory.new_id()
            building = self.directory.releases_dir / f"{BUILDING}{release}"
            draft = Manifest(
                id=release,
                created=datetime.now(UTC),
                parent=parent.id if parent is not None else None,
                software=self._software,
                base_iri=self._base_iri,
                note=note,
                graphs={},
                files={},
            )
            builder: EmbeddedBuilder | None = None
            try:
                builder = EmbeddedBuilder(
                    self.directory, building, parent, draft=draft, replacing=replacing
                )
                yield builder
            finally:
                if builder is not None:
                    builder.close()
                if builder is None or not builder.sealed:
                    shutil.rmtree(building, ignore_errors=True)

    def snapshot(self, release: str | None = None) -> EmbeddedSnapshot:
        """Open a release for reading (default: the current one). About 25 ms and 26 MB."""
        release = release or self._need_current()
        manifest = self.directory.verify(release, tables=False)
        path = self.directory.store_path(release)
        with storage_errors(path):
            return EmbeddedSnapshot(manifest, Store.read_only(str(path)), path.parent)

    def verify(self, release: str | None = None) -> Manifest:
        """Compare every file with the manifest. Raises ReleaseCorrupt naming the file."""
        return self.directory.verify(release or self._need_current())

    def rollback(self, to: str | None = None) -> Manifest:
        """Make another release current (default: the newest before the current one)."""
        with self.directory.lock():
            target = to or self._before_current()
            manifest = self.directory.manifest(target)
            self.directory.switch(target)
            return manifest

    def prune(self, keep: int) -> list[str]:
        """Remove all but the newest `keep`, the current one and the leavings of dead builds.
        Raises PublishInProgress. Gives the ids and names that were removed."""
        with self.directory.lock():
            removed = self.directory.remove_leavings()
            kept = {self.directory.current_id(), *self.directory.ids()[:keep]}
            for release in self.directory.ids():
                if release not in kept:
                    self.directory.remove(release)
                    removed.append(release)
            return removed

    def _need_current(self) -> str:
        release = self.directory.current_id()
        if release is None:
            raise ReleaseNotFound(
                Text(
                    ja="まだ何も公開されていません。",
                    en="Nothing has been published yet.",
                ),
                hint=Text(
                    ja="`tsunagu publish` で公開してください。",
                    en="Publish with `tsunagu publish`.",
                ),
            )
        return release

    def _before_current(self) -> str:
        current = self._need_current()
        older = [release for release in self.directory.ids() if release < current]
        if not older:
            raise ReleaseNotFound(
                Text(
                    ja=f"{current} より前のリリースはありません。",
                    en=f"There is no release before {current}.",
                ),
                hint=Text(
                    ja="`tsunagu releases list` で一覧を確認してください。",
                    en="`tsunagu releases list` shows those that exist.",
                ),
            )
        return older[0]


class CurrentSnapshot:
    """The current release, opened once and again whenever the link has moved.

    Whoever got a snapshot keeps reading the same release; the old one is closed when the last
    of them lets go. The link is looked at each time (2 µs): who has written reads it back.
    """

    def __init__(self, releases: EmbeddedReleases) -> None:
        self._releases = releases
        self._lock = threading.Lock()
        self._snapshot: EmbeddedSnapshot | None = None

    def get(self) -> EmbeddedSnapshot:
        """The current release. Raises ReleaseNotFound before the first publish."""
        snapshot, release = self._snapshot, self._releases.current_id()
        if snapshot is not None and snapshot.manifest.id == release:
            return snapshot
        with self._lock:
            if self._snapshot is None or self._snapshot.manifest.id != release:
                self._snapshot = self._releases.snapshot(release)
            return self._snapshot
