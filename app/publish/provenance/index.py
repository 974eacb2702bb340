"""Rows by the subject they speak of: 16 bytes for each row and subject, sorted, found by bisection.

    provenance/<dataset>.rows    u64 hash of the subject, u32 physical line, u32 data row, …

A mapped file of a million rows has 16 MB and is asked in some 20 µs; kept as statements of the
store, the same rows would cost three quads each. (Measured with 1 M rows: see
`docs/architecture.md`.) Numbers are little-endian.
"""

from __future__ import annotations

import mmap
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from struct import Struct
from typing import IO, Final

import numpy as np
import numpy.typing as npt

from app.mapping.hashing import Hashes

ROWS_KEPT: Final = 100
"""Rows of one subject that are kept; a region that a million rows speak of needs no more."""

IN_MEMORY: Final = 4 << 20
"""Entries kept in memory, 64 MB; past that they are set aside in files by their first bits."""

_PARTITIONS: Final = 64
_ENTRY: Final = np.dtype([("hash", "<u8"), ("line", "<u4"), ("row", "<u4")])
_FIELDS: Final = Struct("<QII")

Numbers = npt.NDArray[np.int64]
Entries = npt.NDArray[np.void]


class RowIndexWriter:
    """Takes entries in any order and from several threads. Nothing has a name on the disk before
    `write`, so a process that is ended leaves nothing behind."""

    def __init__(self, in_memory: int = IN_MEMORY) -> None:
        self._most = in_memory
        self._kept: list[Entries] = []
        self._count = 0
        self._files: list[IO[bytes]] = []
        self._lock = threading.Lock()

    def add(self, hashes: Hashes, lines: Numbers, rows: Numbers) -> None:
        """Some subjects, by their hashes, with the line and the data row that speaks of each."""
        entries = np.empty(len(hashes), _ENTRY)
        entries["hash"], entries["line"], entries["row"] = hashes, lines, rows
        with self._lock:
            self._kept.append(entries)
            self._count += len(entries)
            if self._count > self._most:
                self._set_aside()

    def write(self, path: Path) -> int:
        """Write the file; gives the number of its entries."""
        written = 0
        with path.open("wb") as output:
            for part in self._parts():
                entries = _limited(part[np.lexsort((part["row"], part["hash"]))])
                output.write(entries.tobytes())
                written += len(entries)
        return written

    def _parts(self) -> Iterator[Entries]:
        """Entries in parts, the hashes of each above those of the one before."""
        if not self._files:
            yield np.concatenate(self._kept) if self._kept else np.empty(0, _ENTRY)
            return
        self._set_aside()
        for file in self._files:
            file.seek(0)
            yield np.frombuffer(file.read(), _ENTRY)
            file.close()

    def _set_aside(self) -> None:
        if not self._files:
            self._files = [tempfile.TemporaryFile() for _ in range(_PARTITIONS)]  # noqa: SIM115
        entries = np.concatenate(self._kept)
        numbers = entries["hash"] >> np.uint64(58)
        entries = entries[np.argsort(numbers, kind="stable")]
        ends = np.cumsum(np.bincount(numbers.astype(np.int64), minlength=_PARTITIONS))
        for file, part in zip(self._files, np.split(entries, ends[:-1]), strict=True):
            file.write(part.tobytes())
        self._kept, self._count = [], 0


def _limited(entries: Entries) -> Entries:
    """The first `ROWS_KEPT` entries of each subject, each row once."""
    if len(entries) == 0:
        return entries
    hashes, rows = entries["hash"], entries["row"]
    new = np.ones(len(entries), dtype=np.bool_)
    new[1:] = (hashes[1:] != hashes[:-1]) | (rows[1:] != rows[:-1])
    entries = entries[new]
    hashes = entries["hash"]
    first = np.ones(len(entries), dtype=np.bool_)
    first[1:] = hashes[1:] != hashes[:-1]
    starts = np.flatnonzero(first)
    rank = np.arange(len(entries)) - np.repeat(starts, np.diff(np.append(starts, len(entries))))
    return entries[rank < ROWS_KEPT]


class RowIndex:
    """The file of one data set, mapped."""

    def __init__(self, path: Path | None) -> None:
        self._map: mmap.mmap | None = None
        if path is not None and path.stat().st_size:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def find(self, wanted: int) -> list[tuple[int, int]]:
        """Line and data row of every entry with this hash, in the order of the rows."""
        entries = self._map
        if entries is None:
            return []
        size = _FIELDS.size
        count = len(entries) // size
        low, high = 0, count
        while low < high:
            middle = (low + high) // 2
            if _FIELDS.unpack_from(entries, middle * size)[0] < wanted:
                low = middle + 1
            else:
                high = middle
        found = []
        while low < count:
            hash_, line, row = _FIELDS.unpack_from(entries, low * size)
            if hash_ != wanted:
                break
            found.append((line, row))
            low += 1
        return found
