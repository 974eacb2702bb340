"""Holds what a worker has sent and a client has not yet read.

A reader on a slow line must not hold a worker: the worker runs at full speed into memory, then
into a nameless file. When the files of all answers together reach their limit, or the disk is
full, the worker has to wait for its reader (and its deadline goes on).
"""

from __future__ import annotations

import tempfile
from collections import deque
from pathlib import Path
from typing import IO, Final

MEMORY_BYTES: Final = 1 << 20
"""What one answer keeps in memory before it goes to a file."""

_READ_BYTES: Final = 256 << 10


class SpoolSpace:
    """How much all answers of a process may hold in files, and where."""

    def __init__(self, directory: Path, limit: int) -> None:
        self.directory = directory
        self.free = limit


class Spool:
    """A queue of bytes in three parts: memory, then a file, then what the file could not take.

    Writing a chunk goes to the page cache and takes some 30 µs, so it is done where it stands.
    """

    def __init__(self, space: SpoolSpace) -> None:
        self._space = space
        self._front: deque[bytes] = deque()
        self._front_bytes = 0
        self._file: IO[bytes] | None = None
        self._written = 0
        self._read = 0
        self._back: deque[bytes] = deque()
        self.bytes = 0

    @property
    def full(self) -> bool:
        """Whether the writer should wait."""
        return bool(self._back)

    def put(self, data: bytes) -> None:
        """Append; then look at `full`. `bytes` counts all that was ever put."""
        self.bytes += len(data)
        if self._back:
            self._back.append(data)
        elif self._file is None and self._front_bytes < MEMORY_BYTES:
            self._front.append(data)
            self._front_bytes += len(data)
        elif not self._append(data):
            self._back.append(data)

    def take(self) -> bytes | None:
        """The next bytes, or None when there are none now."""
        if not self._front and self._file is None and self._back:
            self._front, self._back = self._back, self._front
            self._front_bytes = sum(map(len, self._front))
        if self._front:
            data = self._front.popleft()
            self._front_bytes -= len(data)
            return data
        if self._file is not None:
            self._file.seek(self._read)
            data = self._file.read(min(_READ_BYTES, self._written - self._read))
            self._read += len(data)
            if self._read == self._written:
                self._drop_file()
            return data
        return None

    def close(self) -> None:
        """Let go of everything."""
        self._front.clear()
        self._back.clear()
        self._drop_file()

    def __del__(self) -> None:
        self.close()  # of an answer whose reader just forgot it

    def _append(self, data: bytes) -> bool:
        if len(data) > self._space.free:
            return False
        try:
            if self._file is None:
                directory = self._space.directory
                self._file = tempfile.TemporaryFile(buffering=0, dir=directory)  # noqa: SIM115 - closed by _drop_file
            self._file.seek(self._written)
            written = self._file.write(data)
        except OSError:  # no space, no right: the worker waits instead
            written = 0
        if written != len(data):
            if self._written == 0:
                self._drop_file()
            return False
        self._written += len(data)
        self._space.free -= len(data)
        return True

    def _drop_file(self) -> None:
        if self._file is not None:
            self._file.close()
            self._file = None
        self._space.free += self._written
        self._written = self._read = 0
