"""The files of data sets as they were: every change with its time, who made it, and why.

    history/<dataset>/log.jsonl          one line for each change
                     /blobs/<sha-256>    every content that a file has had

A content is kept once however often it comes back. Where the mappings folder is itself a git
repository, each change becomes a commit there as well.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict

from app.errors import BadRequest, Place, PreconditionFailed, Text

_LOG: Final = "log.jsonl"
_GIT_S: Final = 20.0


class Change(BaseModel):
    """One change of one file. `before` and `after` are sums of its contents; None: no file."""

    model_config = ConfigDict(frozen=True)

    number: int
    time: datetime
    who: str
    why: str
    file: str
    before: str | None
    after: str | None
    bytes: int


class History:
    """The changes of all data sets of one data directory."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(
        self,
        folder: Path,
        files: dict[str, bytes | None],
        *,
        who: str,
        why: str,
        expected: dict[str, str] | None = None,
    ) -> list[Change]:
        """Replace files of a data set's folder (None removes one); contents that stay the same
        are left alone.

        `expected` are the sums of the contents that a change started from: raises
        PreconditionFailed when a file is another one by now, and nothing is written.
        Raises BadRequest for a name that leaves the folder.
        """
        paths = {name: inside(folder, name) for name in files}
        with self._locked(folder.name):
            found = {name: _content(path) for name, path in paths.items()}
            for name, wanted in (expected or {}).items():
                if sum_of(found.get(name)) != wanted:
                    raise _changed_meanwhile(name)
            changes = []
            number = len(self.changes(folder.name))
            for name, data in files.items():
                if data == found[name]:
                    continue
                number += 1
                self._keep(folder.name, found[name])
                self._keep(folder.name, data)
                change = Change(
                    number=number,
                    time=datetime.now(UTC),
                    who=who,
                    why=why,
                    file=name,
                    before=sum_of(found[name]) or None,
                    after=sum_of(data) or None,
                    bytes=len(data or b""),
                )
                _replace(paths[name], data)
                with self._log(folder.name).open("a", encoding="utf-8") as log:
                    log.write(change.model_dump_json() + "\n")
                changes.append(change)
        if changes:
            _commit(folder, [change.file for change in changes], who, why)
        return changes

    def adopt(self, folder: Path, names: Sequence[str], *, who: str, why: str) -> None:
        """Remember files that were made elsewhere as they are now."""
        with self._locked(folder.name), self._log(folder.name).open("a", encoding="utf-8") as log:
            known = len(self.changes(folder.name))
            for number, name in enumerate(names, known + 1):
                data = inside(folder, name).read_bytes()
                self._keep(folder.name, data)
                change = Change(
                    number=number,
                    time=datetime.now(UTC),
                    who=who,
                    why=why,
                    file=name,
                    before=None,
                    after=sum_of(data),
                    bytes=len(data),
                )
                log.write(change.model_dump_json() + "\n")
        _commit(folder, list(names), who, why)

    def changes(self, dataset: str) -> list[Change]:
        """The changes of a data set, oldest first."""
        log = self._log(dataset)
        if not log.is_file():
            return []
        lines = log.read_text(encoding="utf-8").splitlines()
        return [Change.model_validate_json(line) for line in lines if line]

    def content(self, dataset: str, sum: str) -> bytes:
        """A content by its sum. Raises BadRequest."""
        file = self._folder / dataset / "blobs" / sum
        if len(sum) != 64 or not sum.isalnum() or not file.is_file():
            raise BadRequest(Text("その版はありません。", "There is no such version."))
        return file.read_bytes()

    def undo(self, folder: Path, number: int, *, who: str, why: str) -> list[Change]:
        """Give a file the content it had before a change. Raises BadRequest, and
        PreconditionFailed when it was changed again since."""
        change = next((c for c in self.changes(folder.name) if c.number == number), None)
        if change is None:
            raise BadRequest(Text("その変更はありません。", "There is no such change."))
        data = self.content(folder.name, change.before) if change.before else None
        expected = {change.file: change.after or ""}
        return self.write(folder, {change.file: data}, who=who, why=why, expected=expected)

    def _log(self, dataset: str) -> Path:
        return self._folder / dataset / _LOG

    def _keep(self, dataset: str, data: bytes | None) -> None:
        if data is None:
            return
        file = self._folder / dataset / "blobs" / sum_of(data)
        if not file.is_file():
            file.parent.mkdir(parents=True, exist_ok=True)
            _replace(file, data)

    @contextmanager
    def _locked(self, dataset: str) -> Iterator[None]:
        folder = self._folder / dataset
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)


def sum_of(data: bytes | None) -> str:
    """SHA-256 of a content; empty where there is none."""
    return hashlib.sha256(data).hexdigest() if data is not None else ""


def inside(folder: Path, name: str) -> Path:
    """The path of a file in a folder. Raises BadRequest when the name leads out of it, also by a
    symbolic link."""
    path = folder / name
    if (
        not name
        or path.is_symlink()
        or not path.resolve().is_relative_to(folder.resolve())
        or path.resolve() == folder.resolve()
    ):
        raise BadRequest(
            Text(
                "このファイルはデータセットのフォルダーの外にあるので変更できません。",
                "This file lies outside the data set's folder and cannot be changed here.",
            ),
            place=Place(name),
        )
    return path


def _content(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _replace(path: Path, data: bytes | None) -> None:
    if data is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    waiting = path.with_name(f".{path.name}.new")
    with waiting.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    waiting.replace(path)


def _changed_meanwhile(name: str) -> PreconditionFailed:
    return PreconditionFailed(
        Text(
            f"開いている間に {name} が別の人に変更されました。何も上書きしていません。",
            f"{name} was changed by someone else in the meantime. Nothing was overwritten.",
        ),
        hint=Text(
            "履歴で変更を見てから、もう一度書き込んでください。",
            "Look at the history, then make your change again.",
        ),
    )


def _commit(folder: Path, files: list[str], who: str, why: str) -> None:
    """A commit of these files. Only where the folder of the data sets is a repository of its own:
    one that merely lies in the checkout of a program is no place to write to. What goes wrong
    there does not undo the change: the history of this module has it."""
    if not (folder.parent / ".git").exists():
        return
    names = [f"{folder.name}/{file}" for file in files]
    author = ["-c", f"user.name={who}", "-c", "user.email=steward@localhost"]
    for command in (["add", "--", *names], [*author, "commit", "-q", "-m", why, "--", *names]):
        try:
            subprocess.run(
                ["git", *command],  # noqa: S607 - whichever git the operator has
                cwd=folder.parent,
                timeout=_GIT_S,
                check=True,
                capture_output=True,
            )
        except (OSError, subprocess.SubprocessError):
            return
