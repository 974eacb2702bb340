"""The directory of releases: names, the link to the current one, the publishing lock, checksums.

Layout::

    data/
      current -> releases/20261121T104500Z-0f3a91      replaced atomically, never edited
      publish.lock                                     flock held while a release is made
      releases/
        20261121T104500Z-0f3a91/
          manifest.json                                `base.Manifest`, written last
          manifest.jws                                 its signature, where there is a key
          store/                                       a sealed Oxigraph directory
          files/                                       indexes and dumps made with the release
        .building-20261121T110000Z-3b9aca/             invisible; pruned when its maker is dead

A directory under its final name is complete and never changes again: it gets that name by a
rename after everything in it has reached the disk. This module knows files only, no engine.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import ValidationError

from app.errors import (
    DiskFull,
    Place,
    PublishInProgress,
    ReleaseCorrupt,
    ReleaseNotFound,
    StoreError,
    Text,
)
from app.store.base import FileEntry, Manifest

MANIFEST = "manifest.json"
SIGNATURE = "manifest.jws"
STORE = "store"
FILES = "files"
BUILDING = ".building-"
_ID = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{6}")
_ID_TIME = "%Y%m%dT%H%M%SZ"
_UNSEALED = frozenset({"LOCK"})
"""Files of a store directory that are not part of a release: the engine's own lock."""


class ReleaseDirectory:
    """The files of one data directory's releases."""

    def __init__(self, data_dir: Path, sign: Callable[[bytes], bytes] | None = None) -> None:
        self.data_dir = data_dir
        self._sign = sign
        self.releases_dir = data_dir / "releases"
        self.link = data_dir / "current"
        self._link = str(self.link)
        self._lock_file = data_dir / "publish.lock"

    def current_id(self) -> str | None:
        """Where the link points: one `readlink`, cheap enough for every request."""
        try:
            # A third of the time of Path.readlink().name, on the way of every query.
            return os.readlink(self._link).rpartition("/")[2]  # noqa: PTH115
        except FileNotFoundError:
            return None

    def path(self, release: str) -> Path:
        """The directory of a sealed release. Raises ReleaseNotFound."""
        path = self.releases_dir / release
        if not _ID.fullmatch(release) or not (path / MANIFEST).is_file():
            raise ReleaseNotFound(
                Text(
                    ja=f"リリース {release} はありません。",
                    en=f"There is no release {release}.",
                ),
                hint=Text(
                    ja="`tsunagu releases list` で一覧を確認してください。",
                    en="`tsunagu releases list` shows those that exist.",
                ),
            )
        return path

    def store_path(self, release: str) -> Path:
        """The engine's directory of a sealed release. Raises ReleaseNotFound."""
        return self.path(release) / STORE

    def ids(self) -> list[str]:
        """Sealed releases, newest first."""
        if not self.releases_dir.is_dir():
            return []
        names = (entry.name for entry in self.releases_dir.iterdir())
        sealed = (
            n for n in names if _ID.fullmatch(n) and (self.releases_dir / n / MANIFEST).exists()
        )
        return sorted(sealed, reverse=True)

    def manifest(self, release: str) -> Manifest:
        """Read a release's manifest. Raises ReleaseNotFound or ReleaseCorrupt."""
        file = self.path(release) / MANIFEST
        try:
            return Manifest.model_validate_json(file.read_bytes())
        except ValidationError as error:
            raise _corrupt(
                file,
                Text(ja="マニフェストが読めません。", en="The manifest cannot be read."),
            ) from error

    def signed(self, release: str) -> tuple[bytes, bytes | None]:
        """The manifest's bytes and their signature, if there is one. Raises ReleaseNotFound."""
        path = self.path(release)
        signature = path / SIGNATURE
        return (path / MANIFEST).read_bytes(), (
            signature.read_bytes() if signature.is_file() else None
        )

    def new_id(self, now: datetime | None = None) -> str:
        """An id later than all others: UTC seconds, then 16ths of a microsecond in hex, so that
        ids sort by time even within a second and when the clock was set back."""
        moment = now or datetime.now(UTC)
        for taken in self.ids()[:1]:
            moment = max(moment, _time_of(taken) + timedelta(microseconds=1))
        return f"{moment.strftime(_ID_TIME)}-{moment.microsecond * 16:06x}"

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the publishing lock. The kernel drops it with the process, however it ends.
        Raises PublishInProgress naming the process that has it."""
        self.releases_dir.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._lock_file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                holder = os.read(handle, 32).decode("ascii", "replace").strip() or "?"
                raise PublishInProgress(
                    Text(
                        ja=f"別のプロセス (pid {holder}) が公開処理中です。",
                        en=f"Another process (pid {holder}) is publishing.",
                    ),
                    hint=Text(
                        ja="終わってからもう一度実行してください。",
                        en="Try again when it has finished.",
                    ),
                ) from error
            os.ftruncate(handle, 0)
            os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
            yield
        finally:
            os.close(handle)

    def seal(self, building: Path, manifest: Manifest) -> None:
        """Give a finished build its final name, durably. Its files are on the disk already."""
        body = manifest.model_dump_json(indent=1).encode()
        if self._sign is not None:
            _write(building / SIGNATURE, self._sign(body))
        _write(building / MANIFEST, body)
        sync_directory(building)
        building.rename(self.releases_dir / manifest.id)
        sync_directory(self.releases_dir)

    def switch(self, release: str) -> None:
        """Make a sealed release the current one: a new link takes the old one's name."""
        waiting = self.data_dir / f".current-{os.getpid()}"
        with suppress(FileNotFoundError):
            waiting.unlink()
        waiting.symlink_to(Path("releases") / release)
        waiting.replace(self.link)
        sync_directory(self.data_dir)

    def verify(self, release: str, *, tables: bool = True) -> Manifest:
        """Compare every file with the manifest. Raises ReleaseCorrupt naming the first file
        that is missing, has another size, other bytes, or should not be there.

        Without `tables`, the bytes of table files (`.sst`) and of dumps are not read: a check of
        a millisecond that sees what the engine does not. A store whose MANIFEST was cut off opens
        without an error and holds next to nothing; tables have checksums of their own.
        """
        manifest, path = self.manifest(release), self.path(release)
        for name, entry in manifest.files.items():
            file = path / name
            if not file.is_file():
                raise _corrupt(file, Text(ja="ファイルがありません。", en="The file is missing."))
            size = file.stat().st_size
            if size != entry.bytes:
                raise _corrupt(
                    file,
                    Text(
                        ja=f"大きさが {size} バイトです (記録では {entry.bytes})。",
                        en=f"The file has {size} bytes; the manifest says {entry.bytes}.",
                    ),
                )
            small = name.startswith(f"{STORE}/") and file.suffix != ".sst"
            if (tables or small) and checksum(file) != entry.sha256:
                raise _corrupt(
                    file,
                    Text(
                        ja="SHA-256 が記録と違います。",
                        en="The SHA-256 sum differs from the manifest.",
                    ),
                )
        for name in sealed_files(path):
            if name not in manifest.files:
                raise _corrupt(
                    path / name,
                    Text(ja="記録にないファイルです。", en="The manifest does not name this file."),
                )
        return manifest

    def remove(self, release: str) -> None:
        """Remove a release: first out of sight, so that a crash leaves no half of it."""
        doomed = self.releases_dir / f"{BUILDING}{release}"
        (self.releases_dir / release).rename(doomed)
        sync_directory(self.releases_dir)
        shutil.rmtree(doomed)

    def remove_leavings(self) -> list[str]:
        """Remove what dead builds left. Only for a holder of the lock. Gives their names."""
        if not self.releases_dir.is_dir():
            return []
        left = [p for p in self.releases_dir.iterdir() if p.name.startswith(BUILDING)]
        for path in left:
            shutil.rmtree(path)
        for link in self.data_dir.glob(".current-*"):
            link.unlink()
        return sorted(path.name for path in left)


def sealed_files(release: Path) -> list[str]:
    """Names of the files that belong to a release, relative to its directory, sorted."""
    found = (
        path
        for part in (STORE, FILES)
        for path in (release / part).rglob("*")
        if path.is_file() and path.name not in _UNSEALED
    )
    return sorted(p.relative_to(release).as_posix() for p in found)


def checksum_files(
    release: Path, parent: Path | None, known: dict[str, FileEntry]
) -> dict[str, FileEntry]:
    """Bring every file to the disk and sum it.

    A file that is a hard link to the parent release's file is on the disk already and keeps the
    sum that the parent's manifest (`known`) has for it: a small change to a large store does
    not read the large store again.
    """
    entries: dict[str, FileEntry] = {}
    for name in sealed_files(release):
        file = release / name
        if parent is not None and name in known and _same_inode(file, parent / name):
            entries[name] = known[name]
            continue
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        entries[name] = FileEntry(bytes=file.stat().st_size, sha256=digest)
    for folder in {(release / name).parent for name in entries} | {release / STORE}:
        sync_directory(folder)
    return entries


def clone_store(source: Path, target: Path) -> None:
    """Copy a sealed store so that it can be written: table files never change once they exist
    and are hard-linked; all others (manifest, log, options) are copied."""
    target.mkdir(parents=True)
    for file in source.iterdir():
        if file.suffix == ".sst":
            (target / file.name).hardlink_to(file)
        elif file.name not in _UNSEALED:
            shutil.copyfile(file, target / file.name)


def checksum(file: Path) -> str:
    """The SHA-256 sum of a file in hex."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def sync_directory(path: Path) -> None:
    """Bring a directory's entries (new names, renames) to the disk."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def storage_errors(place: Path) -> Iterator[None]:
    """Translate what the file system and the engine raise into StoreError or DiskFull."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        # The engine passes the system's sentence on without its number.
        if full or "No space left on device" in str(error) or "File too large" in str(error):
            raise DiskFull(
                Text(
                    ja="ディスクに空きがありません。これまでのリリースはそのまま公開されています。",
                    en="The disk is full. The previous release is untouched and still served.",
                ),
                place=Place(str(place)),
                hint=Text(
                    ja="空きを作るか、`tsunagu releases prune` で古いリリースを消してください。",
                    en="Make room, or remove old releases with `tsunagu releases prune`.",
                ),
            ) from error
        raise StoreError(
            Text(
                ja=f"ストアを読み書きできません: {error}",
                en=f"The store cannot be read or written: {error}",
            ),
            place=Place(str(place)),
        ) from error


def _write(file: Path, body: bytes) -> None:
    """Write a file and bring it to the disk."""
    with file.open("wb") as stream:
        stream.write(body)
        stream.flush()
        os.fsync(stream.fileno())


def _same_inode(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except FileNotFoundError:
        return False


def _time_of(release: str) -> datetime:
    seconds, fraction = release.rsplit("-", 1)
    start = datetime.strptime(seconds, _ID_TIME).replace(tzinfo=UTC)
    return start + timedelta(microseconds=int(fraction, 16) // 16)


def _corrupt(file: Path, text: Text) -> ReleaseCorrupt:
    return ReleaseCorrupt(
        text,
        place=Place(str(file)),
        hint=Text(
            ja="`tsunagu releases rollback` で前のリリースに戻すか、もう一度公開してください。",
            en="Go back with `tsunagu releases rollback`, or publish again.",
        ),
    )
