"""Which rows of a table give the same value of a node as another row: a pass over the columns
that the nodes read, 8 bytes for each row and node, in memory or, past a limit, in files.

Two different values may have the same 64-bit hash; then they are taken for equal, which costs
time and never a quad.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from app.findings import Findings
from app.mapping.columns import columns_of
from app.mapping.evaluate import Evaluator
from app.mapping.findings import CellReport
from app.mapping.hashing import Hashes, hash_strings
from app.mapping.plan import Term, Value
from app.tabular.batch import Table

IN_MEMORY: Final = 4 << 20
"""Hashes kept in memory, 32 MB; past that they are set aside in files by their first bits."""

REMEMBERED: Final = 8 << 20
"""Hashes of repeated values remembered during the run, 64 MB; past that any value may be one."""

PARTITIONS: Final = 64

Node = Value | Term


@dataclass(frozen=True, slots=True)
class Repeats:
    """The values of a node that more than one row gives: their hashes, sorted; None when they
    are too many to remember: then any value may be one."""

    hashes: Hashes | None

    @property
    def none(self) -> bool:
        """Whether the values differ in all rows."""
        return self.hashes is not None and len(self.hashes) == 0

    def among(self, values: pa.Array) -> npt.NDArray[np.bool_]:
        """For each value whether it is (or may be) one of them."""
        if self.hashes is None:
            return np.ones(len(values), dtype=np.bool_)
        if len(self.hashes) == 0:
            return np.zeros(len(values), dtype=np.bool_)
        own = hash_strings(values)
        at = np.minimum(np.searchsorted(self.hashes, own), len(self.hashes) - 1)
        found: npt.NDArray[np.bool_] = self.hashes[at] == own
        return found


def find_repeats(
    table: Table,
    nodes: Sequence[Node],
    nulls: tuple[str, ...] = ("",),
    *,
    in_memory: int = IN_MEMORY,
    remembered: int = REMEMBERED,
) -> Mapping[Node, Repeats]:
    """Find, in one pass, the values of some nodes that more than one row gives."""
    shares = max(len(nodes), 1)
    censuses = {node: _Census(in_memory // shares) for node in nodes}
    for batch in table.batches(columns_of(nodes)):
        evaluator = Evaluator(batch, nulls, {}, CellReport(table.name, batch, Findings()))
        for node, census in censuses.items():
            values = evaluator.node(node).values
            if isinstance(values, str):
                values = pa.repeat(values, len(batch))
            census.add(hash_strings(values.drop_null()))
    return {node: _repeats(census, remembered // shares) for node, census in censuses.items()}


def _repeats(census: _Census, most: int) -> Repeats:
    repeated: list[Hashes] = []
    count = 0
    for hashes in census.parts():
        hashes.sort()
        found = np.unique(hashes[1:][hashes[1:] == hashes[:-1]])
        count += len(found)
        if count > most:
            return Repeats(None)
        repeated.append(found)
    # The parts are in the order of their first bits, so that together they are sorted.
    return Repeats(np.concatenate(repeated) if repeated else np.array([], dtype=np.uint64))


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
