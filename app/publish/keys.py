"""Whether rows differ in some columns: a pass over just these columns, 8 bytes a row.

Two rows with different values may have the same 64-bit hash; then the columns are taken for
not unique, which costs time and never a quad.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from app.tabular.batch import Table

_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)


def unique_columns(table: Table, columns: Sequence[str]) -> bool:
    """Whether no two rows have the same values in these columns together."""
    hashes = [
        _combined([hash_strings(batch.table.column(name)) for name in columns])
        for batch in table.batches(columns)
    ]
    if not hashes:
        return True
    every = np.concatenate(hashes)
    every.sort()
    return not bool((every[1:] == every[:-1]).any())


def hash_strings(array: pa.Array) -> npt.NDArray[np.uint64]:
    """A 64-bit hash of each string (null as the empty string), computed over the column's
    bytes: a polynomial in an odd multiplier, mixed at the end."""
    offsets = np.frombuffer(array.buffers()[1], dtype=np.int32)
    offsets = offsets[array.offset : array.offset + len(array) + 1].astype(np.int64)
    data = array.buffers()[2]
    start, end = int(offsets[0]), int(offsets[-1])
    lengths = np.diff(offsets)
    result = lengths.astype(np.uint64) * _MULTIPLIER
    if data is not None and end > start:
        content = np.frombuffer(data, dtype=np.uint8)[start:end]
        within = np.arange(end - start) - np.repeat(offsets[:-1] - start, lengths)
        powers = np.cumprod(np.full(int(lengths.max()) + 1, _MULTIPLIER, dtype=np.uint64))
        weighted = (content.astype(np.uint64) + np.uint64(1)) * powers[within]
        filled = np.flatnonzero(lengths)
        result[filled] += np.add.reduceat(weighted, offsets[:-1][filled] - start)
    return _mixed(result)


def _combined(hashes: Sequence[npt.NDArray[np.uint64]]) -> npt.NDArray[np.uint64]:
    combined = hashes[0]
    for other in hashes[1:]:
        combined = _mixed(combined * _MULTIPLIER + other)
    return combined


def _mixed(values: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """The finisher of splitmix64: every bit depends on every bit."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
