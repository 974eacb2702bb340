"""Removing repeated quads with bounded memory.

A quad is remembered by a 128-bit digest. Past the memory limit lines are set aside in files by
their digest, and what is new among them is found file by file at the end.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from hashlib import blake2b
from typing import BinaryIO, Final

import pyarrow as pa
import pyarrow.compute as pc

DIGEST_BYTES: Final = 16
REMEMBERED: Final = 1_000_000
"""Digests kept in memory: about 90 bytes each with the set's own cost, 90 MB in all."""

PARTITIONS: Final = 64


class DistinctLines:
    """Lets each line through once."""

    def __init__(self, remembered: int = REMEMBERED) -> None:
        self._seen: set[bytes] = set()
        self._most = remembered
        self._partitions: list[BinaryIO] = []
        self.repeated = 0

    def fresh(self, lines: pa.Array) -> pa.Array:
        """The lines not met before. Those set aside come from `rest()`."""
        distinct = pc.unique(lines)
        self.repeated += len(lines) - len(distinct)
        keep: list[bool] = []
        for raw in distinct.cast(pa.binary()).to_pylist():
            digest = blake2b(raw, digest_size=DIGEST_BYTES).digest()
            if digest in self._seen:
                self.repeated += 1
                keep.append(False)
            elif len(self._seen) < self._most:
                self._seen.add(digest)
                keep.append(True)
            else:
                self._set_aside(digest, raw)
                keep.append(False)
        return distinct if all(keep) else distinct.filter(pa.array(keep, pa.bool_()))

    def rest(self) -> Iterator[bytes]:
        """The distinct lines that were set aside; call once, at the end."""
        for file in self._partitions:
            file.seek(0)
            seen: set[bytes] = set()
            for line in file:
                digest = blake2b(line, digest_size=DIGEST_BYTES).digest()
                if digest in seen:
                    self.repeated += 1
                else:
                    seen.add(digest)
                    yield line
            file.close()
        self._partitions = []

    def _set_aside(self, digest: bytes, line: bytes) -> None:
        if not self._partitions:
            self._partitions = [tempfile.TemporaryFile() for _ in range(PARTITIONS)]  # noqa: SIM115
        self._partitions[digest[0] % PARTITIONS].write(line)
