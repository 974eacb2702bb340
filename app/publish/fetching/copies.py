"""The kept copies of tables that lie on other servers.

    sources/<sum of the address>/copy.json       what is known of the copy
                                /<sum>/<name>    the table itself

A copy is replaced when the new one has come whole and is a table at all (no web page that says
"sorry"); until then the old one stays. A table that did not change keeps its file, so that what
is made from it need not be made again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from app.errors import Place, SourceNotFound, Text
from app.publish.fetching.addresses import AllowList, Resolve
from app.settings import Settings
from app.tabular.content import refuse_what_is_no_text

_ABOUT: Final = "copy.json"
_PACKED: Final = (b"PK\x03\x04", b"\x1f\x8b", b"\x28\xb5\x2f\xfd", b"\xfd7zXZ")
"""Workbooks and compressed tables, which their reader looks into."""

_OPENED: Final = 4096


class Copy(BaseModel):
    """What is known of a copy. `checked` is when the server said last that it is the newest."""

    model_config = ConfigDict(frozen=True)

    url: str
    address: str
    name: str
    sha256: str
    bytes: int
    etag: str = ""
    last_modified: str = ""
    fetched: datetime
    checked: datetime


class Copies:
    """The copies of one data directory."""

    def __init__(self, settings: Settings, resolve: Resolve | None = None) -> None:
        self._folder = settings.data_dir / "sources"
        self._settings = settings
        self._allowed = AllowList(settings, resolve)

    def known(self, url: str) -> Copy | None:
        """What is kept of an address."""
        folder = self._of(url)
        try:
            copy = Copy.model_validate_json((folder / _ABOUT).read_bytes())
        except (OSError, ValidationError):
            return None
        return copy if self._file(copy).is_file() else None

    def file(self, url: str) -> Path:
        """The kept table; asks for it when there is none yet. Raises SourceError."""
        return self._file(self.known(url) or self.refresh(url))

    def fresh(self, url: str) -> Path:
        """The newest table. Raises SourceError."""
        return self._file(self.refresh(url))

    def refresh(self, url: str) -> Copy:
        """Ask whether there is a newer one, and keep it. Raises SourceError; the old copy then
        stays."""
        before = self.known(url)
        self._allowed.check(url)  # nothing is written for what may not be asked
        folder = self._of(url)
        folder.mkdir(parents=True, exist_ok=True)
        try:
            return self._replace(url, folder, before)
        finally:
            with suppress(OSError):
                folder.rmdir()  # when nothing came and nothing was there

    def _replace(self, url: str, folder: Path, before: Copy | None) -> Copy:
        # Most commands fetch nothing, and need not wait 70 ms for an HTTP client.
        from app.publish.fetching.transfer import Validators, receive

        validators = Validators(before.etag, before.last_modified) if before else Validators()
        with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as temporary:
            new = Path(temporary) / "table"
            received = receive(url, new, self._settings, validators, self._allowed)
            now = datetime.now(UTC)
            if received is None:
                if before is None:
                    raise _no_copy(url)
                return self._keep(before.model_copy(update={"checked": now}))
            with new.open("rb") as stream:
                head = stream.read(_OPENED)
                if not head.startswith(_PACKED) and not received.name.endswith("json"):
                    refuse_what_is_no_text(head, Place(url))
                stream.seek(0)
                sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
            copy = Copy(
                url=url,
                address=received.address,
                name=received.name,
                sha256=sha256,
                bytes=received.bytes,
                etag=received.validators.etag,
                last_modified=received.validators.last_modified,
                fetched=before.fetched if before and before.sha256 == sha256 else now,
                checked=now,
            )
            file = self._file(copy)
            if not file.is_file():
                file.parent.mkdir(exist_ok=True)
                new.replace(file)
            self._keep(copy)
        self._forget(folder, {copy.sha256, before.sha256 if before else ""})
        return copy

    def _of(self, url: str) -> Path:
        return self._folder / hashlib.sha256(url.encode()).hexdigest()[:32]

    def _file(self, copy: Copy) -> Path:
        return self._of(copy.url) / copy.sha256[:16] / copy.name

    def _keep(self, copy: Copy) -> Copy:
        about = self._of(copy.url) / _ABOUT
        waiting = about.with_name(f".{_ABOUT}.{os.getpid()}")
        waiting.write_text(copy.model_dump_json(), encoding="utf-8")
        waiting.replace(about)
        return copy

    def _forget(self, folder: Path, sums: set[str]) -> None:
        """Remove older tables; the last but one stays for those who are reading it."""
        kept = {sum[:16] for sum in sums}
        for each in folder.iterdir():
            if each.is_dir() and not each.name.startswith(".") and each.name not in kept:
                shutil.rmtree(each, ignore_errors=True)


def _no_copy(url: str) -> SourceNotFound:
    return SourceNotFound(
        Text(
            "サーバーは「変更なし」と答えましたが、こちらに写しがありません。",
            "the server says that nothing changed, but there is no copy here.",
        ),
        place=Place(url),
        hint=Text("もう一度試してください。", "Try again."),
    )
