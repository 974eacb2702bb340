"""64-bit hashes of string columns, computed over whole columns with numpy.

Never taken for equality: where a hash decides, a second look at the strings follows, or two
equal hashes only cost time.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Hashes = npt.NDArray[np.uint64]

_ODD = 0x9E3779B97F4A7C15
_MULTIPLIER = np.uint64(_ODD)
_MASK = 0xFFFFFFFFFFFFFFFF


def hash_strings(array: pa.Array) -> Hashes:
    """A hash of each string (null as the empty string): a polynomial in an odd multiplier over
    the column's bytes, mixed at the end."""
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


def hash_string(text: str) -> int:
    """The hash of one string, as `hash_strings` gives it: in 3 µs instead of 50."""
    data = text.encode()
    result = 0
    for byte in reversed(data):
        result = (result + byte + 1) * _ODD & _MASK
    value = (result + len(data) * _ODD) & _MASK
    value = (value ^ value >> 30) * 0xBF58476D1CE4E5B9 & _MASK
    value = (value ^ value >> 27) * 0x94D049BB133111EB & _MASK
    return value ^ value >> 31


def _mixed(values: Hashes) -> Hashes:
    """The finisher of splitmix64: every bit depends on every bit."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))
