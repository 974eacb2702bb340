"""Which rows of a table share their values in some columns: a pass over just these columns,
8 bytes a row, in memory or, past a limit, in files.

Two rows with different values may have the same 64-bit hash; then they are taken for rows that
share their values, which costs time and never a quad.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from app.mapping.hashing import Hashes, hash_columns
from app.tabular.batch import Batch, Table

IN_MEMORY: Final = 16 << 20
"""Hashes kept in memory, 128 MB; past that they are set aside in files by their first bits."""

PARTITIONS: Final = 64


@dataclass(frozen=True, slots=True)
class RepeatedRows:
    """Rows of a table that share their values in `columns` with another row. `hashes` are
    theirs, sorted; None when there are too many to remember: then any row may be one."""

    columns: tuple[str, ...]
    hashes: Hashes | None

    @property
    def none(self) -> bool:
        """Whether the columns are a key of the table."""
        return self.hashes is not None and len(self.hashes) == 0

    def among(self, batch: Batch) -> npt.NDArray[np.bool_]:
        """For each row of a batch whether it is (or may be) one of them."""
        if self.hashes is None:
            return np.ones(len(batch), dtype=np.bool_)
        if len(self.hashes) == 0:
            return np.zeros(len(batch), dtype=np.bool_)
        own = hash_columns([batch.table.column(name) for name in self.columns])
        at = np.minimum(np.searchsorted(self.hashes, own), len(self.hashes) - 1)
        found: npt.NDArray[np.bool_] = self.hashes[at] == own
        return found


def repeated_rows(
    table: Table, columns: Sequence[str], *, in_memory: int = IN_MEMORY
) -> RepeatedRows:
    """Find the rows that share their values in some columns with another row."""
    names = tuple(columns)
    census = _Census(in_memory)
    for batch in table.batches(names):
        parts = [batch.table.column(name) for name in names]
        if any(pa.types.is_list(part.type) for part in parts):
            return RepeatedRows(names, None)
        census.add(hash_columns(parts))
    repeated: list[Hashes] = []
    count = 0
    for hashes in census.parts():
        hashes.sort()
        same = hashes[1:] == hashes[:-1]
        found = np.unique(hashes[1:][same])
        count += len(found)
        if count > in_memory:
            return RepeatedRows(names, None)
        repeated.append(found)
    # The parts are in the order of their first bits, so that together they are sorted.
    every = np.concatenate(repeated) if repeated else np.array([], dtype=np.uint64)
    return RepeatedRows(names, every)


class _Census:
    """All hashes of a table, as arrays that share no value."""

    def __init__(self, in_memory: int) -> None:
        self._most = in_memory
        self._kept: list[Hashes] = []
        self._count = 0
        self._files: list[BinaryIO] = []

    def add(self, hashes: Hashes) -> None:
        self._kept.append(hashes)
        self._count += len(hashes)
        if self._count > self._most:
            self._set_aside()

    def parts(self) -> Iterator[Hashes]:
        if not self._files:
            if self._kept:
                kept, self._kept = self._kept, []
                yield np.concatenate(kept)
            return
        self._set_aside()
        for file in self._files:
            file.seek(0)
            yield np.frombuffer(bytearray(file.read()), dtype=np.uint64)
            file.close()

    def _set_aside(self) -> None:
        if not self._files:
            self._files = [tempfile.TemporaryFile() for _ in range(PARTITIONS)]  # noqa: SIM115
        hashes = np.concatenate(self._kept) if self._kept else np.array([], dtype=np.uint64)
        hashes.sort()
        first_bits = np.arange(1, PARTITIONS, dtype=np.uint64) << np.uint64(58)
        for file, part in zip(
            self._files, np.split(hashes, np.searchsorted(hashes, first_bits)), strict=True
        ):
            file.write(part.tobytes())
        self._kept, self._count = [], 0
