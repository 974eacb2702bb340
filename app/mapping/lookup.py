"""Hash joins: the parent's terms by key."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.mapping.vector import Rows, Vector, filled, join


def key_column(values: Sequence[pa.Array | str], height: int) -> pa.Array:
    """Several key columns as one, so that different keys stay different."""
    if len(values) == 1:
        return filled(values[0], height)
    parts: list[pa.Array | str] = []
    for value in values:
        column = filled(value, height)
        if parts:
            parts.append("\x1f0")
        parts.append(pc.replace_substring(column, "\x1f", "\x1f1"))
    return filled(join(parts), height)


class LookupIndex:
    """Distinct keys, and for each the distinct terms of the parent rows with that key."""

    def __init__(self, pairs: Iterable[tuple[pa.Array, pa.Array]]) -> None:
        keys_parts, terms_parts = [], []
        for keys, terms in pairs:
            both = pc.and_(keys.is_valid(), terms.is_valid())
            keys_parts.append(keys.filter(both))
            terms_parts.append(terms.filter(both))
        all_keys = pa.chunked_array(keys_parts, pa.string()).combine_chunks()
        all_terms = pa.chunked_array(terms_parts, pa.string()).combine_chunks()
        encoded = _one(all_keys).dictionary_encode()
        term_codes = _one(all_terms).dictionary_encode()
        self.keys: pa.Array = encoded.dictionary
        codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        values = term_codes.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        pairs_unique = np.unique(codes * max(len(term_codes.dictionary), 1) + values)
        width = max(len(term_codes.dictionary), 1)
        codes, values = pairs_unique // width, pairs_unique % width
        self.counts = np.bincount(codes, minlength=len(self.keys))
        self.starts = np.cumsum(self.counts) - self.counts
        self.terms: pa.Array = term_codes.dictionary.take(pa.array(values))

    def find(self, keys: pa.Array, rows: Rows | None, height: int) -> Vector:
        """The terms for each key, with the row of each."""
        found = pc.index_in(keys, value_set=self.keys)
        hit = np.flatnonzero(found.is_valid().to_numpy(zero_copy_only=False))
        codes = pc.fill_null(found, 0).to_numpy(zero_copy_only=False)[hit].astype(np.int64)
        owner = np.arange(height, dtype=np.int64) if rows is None else rows
        each = self.counts[codes]
        within = np.arange(int(each.sum())) - np.repeat(np.cumsum(each) - each, each)
        take = np.repeat(self.starts[codes], each) + within
        return Vector(self.terms.take(pa.array(take)), np.repeat(owner[hit], each))


def _one(column: pa.Array | pa.ChunkedArray) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):
        return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string())
    return column
