"""Columns of values during execution, and how columns with several values a row meet.

A vector holds either one value for each row of the batch, or, when `rows` is given, any number
of values for each row: `rows[i]` is the row of value i, ascending.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Vector:
    """`values`: an array of strings with nulls, or one string that stands for every row.

    `before` and `after` belong to every value of an array (the brackets of an IRI, the quotes
    and the datatype of a literal): they are put on when a line is joined, so that a term costs
    no copy of its own.
    """

    values: pa.Array | str
    rows: Rows | None = None
    before: str = ""
    after: str = ""

    def whole(self) -> Vector:
        """The same with nothing left to put on."""
        if not self.before and not self.after:
            return self
        return Vector(join([self.before, self.values, self.after]), self.rows)


def align(vectors: Sequence[Vector], height: int) -> tuple[list[pa.Array | str], Rows | None]:
    """Bring vectors to the same rows; several values in a row give all combinations.

    Gives the whole values of each vector, equally long (constants stay strings), and their rows
    (None: one for each row of the batch, whose number is `height`).
    """
    return align_bare([vector.whole() for vector in vectors], height)


def align_bare(vectors: Sequence[Vector], height: int) -> tuple[list[pa.Array | str], Rows | None]:
    """`align` for callers that put on `before` and `after` themselves."""
    if all(vector.rows is None for vector in vectors):
        return [vector.values for vector in vectors], None
    rows: Rows = np.arange(height, dtype=np.int64)
    takes: list[Rows] = []
    for vector in vectors:
        if vector.rows is None:
            takes.append(rows)
            continue
        counts = np.bincount(vector.rows, minlength=height)
        starts = np.cumsum(counts) - counts
        each = counts[rows]
        repeat = np.repeat(np.arange(len(rows)), each)
        within = np.arange(len(repeat)) - np.repeat(np.cumsum(each) - each, each)
        takes = [take[repeat] for take in takes]
        rows = rows[repeat]
        takes.append(starts[rows] + within)
    values = [
        vector.values if isinstance(vector.values, str) else vector.values.take(pa.array(take))
        for vector, take in zip(vectors, takes, strict=True)
    ]
    return values, rows


def join(parts: Sequence[pa.Array | str]) -> pa.Array | str:
    """Strings joined element by element; null where a part is null. All constant: a string."""
    merged: list[pa.Array | str] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        elif part != "":
            merged.append(part)
    if not merged:
        return ""
    if len(merged) == 1:
        return merged[0]
    arguments = [constant(part) if isinstance(part, str) else part for part in merged]
    return pc.binary_join_element_wise(*arguments, constant(""), null_handling="emit_null")


@lru_cache(maxsize=4096)
def constant(text: str) -> pa.Scalar:
    """A string as Arrow wants it. Making one costs as much as a whole kernel on a small batch,
    because Arrow looks for pandas each time."""
    return pa.scalar(text, pa.string())


def masked(array: pa.Array, keep: pa.Array) -> pa.Array:
    """The array with null where `keep` is not true. Copies no string: only the bitmap is new."""
    keep = pc.fill_null(keep, False)
    if array.null_count:
        keep = pc.and_(keep, array.is_valid())
    if pc.all(keep, min_count=0).as_py():
        return array
    if array.offset:
        array = pa.concat_arrays([array, array.slice(0, 0)])
    if keep.offset:
        keep = pa.concat_arrays([keep, keep.slice(0, 0)])
    buffers = array.buffers()
    return pa.Array.from_buffers(
        array.type, len(array), [keep.buffers()[1], buffers[1], buffers[2]], offset=0
    )


def filled(values: pa.Array | str, height: int) -> pa.Array:
    """A constant spread over all rows; an array as it is."""
    return pa.repeat(values, height) if isinstance(values, str) else values


def combinations(values: Sequence[pa.Array | str]) -> tuple[Rows, Rows]:
    """The distinct combinations of equally long columns (constants count as such; one at least
    is a column): the position at which each first occurs, and for each position its number."""
    codes: Rows | None = None
    width = 1
    for value in values:
        if isinstance(value, str):
            continue
        encoded = value.dictionary_encode(null_encoding="encode")
        own = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        size = max(len(encoded.dictionary), 1)
        if codes is None:
            codes, width = own, size
            continue
        if width * size >= 1 << 62:
            codes = np.unique(codes, return_inverse=True)[1].astype(np.int64)
            width = int(codes.max(initial=0)) + 1
        codes, width = codes * size + own, width * size
    assert codes is not None
    _, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
    return first.astype(np.int64), inverse.astype(np.int64)
