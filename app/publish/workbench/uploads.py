"""Tables that were sent and are being worked on: checked, mended, on the way to a data set.

    incoming/<id>/upload.json    whose it is, what it is for
                 /<table>        as it stands now
                 /original-…     as it was sent, once it has been mended

Nothing is written for a table that cannot be read. What is left lying goes after a day.
"""

from __future__ import annotations

import re
import secrets
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from pydantic import BaseModel, ConfigDict, ValidationError

from app.codes.regions import RegionTable
from app.errors import BadRequest, PageNotFound, Text
from app.publish.checking import check_bytes
from app.publish.fetching.copies import Copies
from app.publish.file_names import safe_name
from app.publish.fixing import fix_bytes
from app.publish.tokens import Role, Token
from app.quality.excerpt import ROWS
from app.quality.report import CheckReport
from app.settings import Settings

KEPT_FOR: Final = timedelta(days=1)
_MOST: Final = 20
"""Uploads of one token that lie here at the same time."""

_META: Final = "upload.json"
_ID: Final = re.compile(r"[0-9a-f]{16}")


class Upload(BaseModel):
    """A table on its way. `dataset` is the data set whose table it is to replace, if it is not to
    become a new one; `original` the name of the file as it was sent, once it was mended, and
    `mended` how many cells that changed; `address` is where the table is fetched from."""

    model_config = ConfigDict(frozen=True)

    id: str
    token: str
    name: str
    created: datetime
    dataset: str | None = None
    original: str | None = None
    mended: int = 0
    address: str | None = None


class Uploads:
    """The uploads of one data directory."""

    def __init__(self, folder: Path, settings: Settings, regions: RegionTable) -> None:
        self._folder = folder
        self._settings = settings
        self._regions = regions

    def fetch(self, address: str, token: Token) -> Upload:
        """Keep a table of another server. Raises SourceError, BadRequest."""
        file = Copies(self._settings).fresh(address)
        return self.add(file.name, file.read_bytes(), token, address=address)

    def add(
        self,
        name: str,
        data: bytes,
        token: Token,
        *,
        dataset: str | None = None,
        address: str | None = None,
    ) -> Upload:
        """Keep a table that can be read. Raises SourceError; BadRequest past the number of
        uploads that a token may have lying here."""
        name = safe_name(name)
        check_bytes(name, data, self._settings, self._regions)
        self._forget_old()
        if sum(upload.token == token.id for upload in self._all()) >= _MOST:
            raise BadRequest(
                Text(f"作業中の表が {_MOST} 個あります。", f"{_MOST} tables are being worked on."),
                hint=Text("いらないものを消してください。", "Remove those you do not need."),
            )
        upload = Upload(
            id=secrets.token_hex(8),
            token=token.id,
            name=name,
            created=datetime.now(UTC),
            dataset=dataset,
            address=address,
        )
        waiting = self._folder / f".{upload.id}"
        waiting.mkdir(parents=True, mode=0o700)
        (waiting / name).write_bytes(data)
        (waiting / _META).write_text(upload.model_dump_json(), encoding="utf-8")
        waiting.rename(self._folder / upload.id)
        return upload

    def find(self, id: str, token: Token) -> Upload:
        """An upload of this token; an admin sees all. Raises PageNotFound."""
        upload = self._read(id) if _ID.fullmatch(id) else None
        if upload is None or (upload.token != token.id and token.role is not Role.ADMIN):
            raise PageNotFound(
                Text(
                    "この作業はもうありません（一日で消えます）。",
                    "This work is no longer here (it goes after a day).",
                ),
                hint=Text("もう一度ファイルを選んでください。", "Choose the file again."),
            )
        return upload

    def of(self, token: Token) -> list[Upload]:
        """What a token has lying here, newest first."""
        own = [upload for upload in self._all() if upload.token == token.id]
        return sorted(own, key=lambda upload: upload.created, reverse=True)

    def file(self, upload: Upload) -> Path:
        """Where the table lies."""
        return self._folder / upload.id / upload.name

    def report(self, upload: Upload) -> CheckReport:
        """What a check finds. Raises SourceError."""
        data = self.file(upload).read_bytes()
        return check_bytes(upload.name, data, self._settings, self._regions, excerpt_rows=ROWS)

    def repairs(self, upload: Upload) -> int:
        """How many cells the safe repairs would change. A table that will be fetched again and
        again is mended where it lies."""
        if upload.address is not None:
            return 0
        data = self.file(upload).read_bytes()
        return sum(
            change.line is not None
            for change in fix_bytes(upload.name, data, self._settings, self._regions)[1]
        )

    def mend(self, upload: Upload) -> Upload:
        """Make all safe repairs; the table as it was sent stays. Raises DataRejected."""
        folder = self._folder / upload.id
        data = self.file(upload).read_bytes()
        mended, changes = fix_bytes(upload.name, data, self._settings, self._regions)
        name = f"{upload.name.split('.')[0]}.csv"
        original = upload.original or f"original-{upload.name}"
        if upload.original is None:
            (folder / upload.name).rename(folder / original)
        (folder / name).write_bytes(mended)
        cells = sum(change.line is not None for change in changes)
        return self._keep(
            upload.model_copy(
                update={"name": name, "original": original, "mended": upload.mended + cells}
            )
        )

    def unmend(self, upload: Upload) -> Upload:
        """Go back to the table as it was sent."""
        if upload.original is None:
            return upload
        folder = self._folder / upload.id
        name = upload.original.removeprefix("original-")
        (folder / upload.name).unlink()
        (folder / upload.original).rename(folder / name)
        return self._keep(upload.model_copy(update={"name": name, "original": None, "mended": 0}))

    def remove(self, upload: Upload) -> None:
        """Throw it away."""
        shutil.rmtree(self._folder / upload.id, ignore_errors=True)

    def _keep(self, upload: Upload) -> Upload:
        file = self._folder / upload.id / _META
        waiting = file.with_suffix(".new")
        waiting.write_text(upload.model_dump_json(), encoding="utf-8")
        waiting.replace(file)
        return upload

    def _read(self, id: str) -> Upload | None:
        try:
            return Upload.model_validate_json((self._folder / id / _META).read_bytes())
        except (OSError, ValidationError):
            return None

    def _all(self) -> list[Upload]:
        if not self._folder.is_dir():
            return []
        found = (self._read(f.name) for f in self._folder.iterdir() if _ID.fullmatch(f.name))
        return [upload for upload in found if upload is not None]

    def _forget_old(self) -> None:
        if not self._folder.is_dir():
            return
        oldest = (datetime.now(UTC) - KEPT_FOR).timestamp()
        for folder in self._folder.iterdir():
            if folder.stat().st_mtime < oldest:
                shutil.rmtree(folder, ignore_errors=True)
