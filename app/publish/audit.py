"""Who did what, in a log that cannot be changed unseen.

One JSON object a line in `audit.jsonl` of the data directory; each holds the SHA-256 sum of the
line before it (`previous`), so that a changed or missing line breaks the chain. Lines are added
under a lock and brought to the disk before the action is answered.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from app.errors import Place, StoreError, Text

FILE: Final = "audit.jsonl"
_BEGINNING: Final = "0" * 64
_BLOCK: Final = 1 << 16


class AuditLog:
    """The log of one data directory."""

    def __init__(self, data_dir: Path) -> None:
        self.path = data_dir / FILE

    def append(self, event: Mapping[str, Any]) -> None:
        """Add an event as a line, with the time and the sum of the line before. Raises OSError,
        and then nothing has been added."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            line = {
                "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
                **event,
                "previous": _sum(_last_line(handle)),
            }
            end, written = os.fstat(handle).st_size, orjson.dumps(line) + b"\n"
            if os.write(handle, written) != len(written):
                os.ftruncate(handle, end)  # half a line would break the chain for ever
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
            os.fsync(handle)
        finally:
            os.close(handle)

    def verify(self) -> Iterator[dict[str, Any]]:
        """All events, oldest first. Raises StoreError at the first line that does not follow
        the one before it."""
        if not self.path.is_file():
            return
        before = b""
        with self.path.open("rb") as stream:
            for number, raw in enumerate(stream, 1):
                line = raw.rstrip(b"\n")
                try:
                    event = orjson.loads(line)
                except orjson.JSONDecodeError:
                    event = None
                if not isinstance(event, dict) or event.get("previous") != _sum(before):
                    raise StoreError(
                        Text(
                            ja="記録のつながりが切れています。この行か前の行が変えられました。",
                            en="The chain is broken: this line or the one before was changed.",
                        ),
                        place=Place(str(self.path), number),
                    )
                before = line
                yield event


def _sum(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest() if line else _BEGINNING


def _last_line(handle: int) -> bytes:
    """The last line of a file, however long."""
    end = os.fstat(handle).st_size
    tail = b""
    while end > 0 and b"\n" not in tail.rstrip(b"\n"):
        start = max(0, end - _BLOCK)
        tail = os.pread(handle, end - start, start) + tail
        end = start
    return tail.rstrip(b"\n").rpartition(b"\n")[2]
