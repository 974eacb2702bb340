"""Hash joins: the parent's terms by key.

The index is built once before the run. Keys are found by a sorted array of 64-bit hashes, and
each hit is compared with the key itself; a kernel that builds a hash table for each batch of
children would take longer than the join when the parent is large. Past a limit the parent's rows
are set aside in files by the hash of their key, and the index lies in memory-mapped files.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.mapping.hashing import Hashes, hash_strings
from app.mapping.vector import Rows, Vector, filled, join

IN_MEMORY_BYTES: Final = 256 << 20
"""Keys and terms of a parent kept in memory."""

PARTITION_BITS: Final = 4
SMALL: Final = 50_000
"""Keys up to which the kernel that builds its table anew for each batch is as fast. Measured for
10,000 children: it takes 1 ms with 10,000 keys, 6 ms with 100,000, 375 ms with a million; the
hashes take 5 to 8 ms whatever the number."""

Pairs = tuple[pa.Array, pa.Array]
"""Keys and terms, equally long."""


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

    def __init__(self, pairs: Iterable[Pairs], in_memory: int = IN_MEMORY_BYTES) -> None:
        """`pairs`: keys and terms of the parent's rows; nulls are left out."""
        kept: list[Pairs] = []
        size = 0
        files: _Partitions | None = None
        for keys, terms in pairs:
            both = pc.and_(keys.is_valid(), terms.is_valid())
            part = (keys.filter(both), terms.filter(both))
            size += part[0].nbytes + part[1].nbytes
            kept.append(part)
            if size > in_memory:
                files = files or _Partitions()
                files.add(_joined(kept))
                kept, size = [], 0
        if files is None:
            self._parts = [_Part.of(*_joined(kept))]
            return
        files.add(_joined(kept))
        self._files = files
        self._parts = [files.mapped(_Part.of(*pairs)) for pairs in files.read()]

    def find(self, keys: pa.Array, rows: Rows | None, height: int) -> Vector:
        """The terms for each key, with the row of each, ascending."""
        owner = np.arange(height, dtype=np.int64) if rows is None else rows
        if len(self._parts) == 1:
            hit, terms = self._parts[0].find(keys, None)
            return Vector(terms, owner[hit])
        hashes = hash_strings(keys)
        partition = (hashes >> np.uint64(64 - PARTITION_BITS)).astype(np.int64)
        hits: list[Rows] = []
        found: list[pa.Array] = []
        for number, part in enumerate(self._parts):
            chosen = np.flatnonzero(partition == number)
            hit, terms = part.find(keys.take(pa.array(chosen)), hashes[chosen])
            hits.append(chosen[hit])
            found.append(terms)
        positions = np.concatenate(hits)
        order = np.argsort(positions, kind="stable")
        return Vector(pa.concat_arrays(found).take(pa.array(order)), owner[positions[order]])


@dataclass(frozen=True, slots=True)
class _Part:
    """`hashes` ascending, `keys` in their order; the terms of key i are `counts[i]` from
    `starts[i]` on. Without hashes: few keys, or different ones with the same hash."""

    keys: pa.Array
    terms: pa.Array
    counts: Rows
    starts: Rows
    hashes: Hashes | None

    @classmethod
    def of(cls, all_keys: pa.Array, all_terms: pa.Array) -> _Part:
        encoded, term_codes = all_keys.dictionary_encode(), all_terms.dictionary_encode()
        codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        values = term_codes.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        keys, hashes = encoded.dictionary, None
        if len(keys) > SMALL:
            own = hash_strings(keys)
            order = np.argsort(own, kind="stable")
            ranked = own[order]
            if not (ranked[1:] == ranked[:-1]).any():
                rank = np.empty(len(order), dtype=np.int64)
                rank[order] = np.arange(len(order))
                keys, codes, hashes = keys.take(pa.array(order)), rank[codes], ranked
        width = max(len(term_codes.dictionary), 1)
        pairs = np.unique(codes * width + values)
        codes, values = pairs // width, pairs % width
        counts = np.bincount(codes, minlength=len(keys))
        starts = np.cumsum(counts) - counts
        terms = term_codes.dictionary.take(pa.array(values))
        return cls(keys, terms, counts, starts, hashes)

    def find(self, keys: pa.Array, hashes: Hashes | None) -> tuple[Rows, pa.Array]:
        """Positions of the keys that are here, once for each term, and the terms."""
        hit, codes = self._codes(keys, hashes)
        each = self.counts[codes]
        within = np.arange(int(each.sum())) - np.repeat(np.cumsum(each) - each, each)
        take = np.repeat(self.starts[codes], each) + within
        return np.repeat(hit, each), self.terms.take(pa.array(take))

    def _codes(self, keys: pa.Array, hashes: Hashes | None) -> tuple[Rows, Rows]:
        if self.hashes is None:
            found = pc.index_in(keys, value_set=self.keys)
            hit = np.flatnonzero(found.is_valid().to_numpy(zero_copy_only=False))
            codes = pc.fill_null(found, 0).to_numpy(zero_copy_only=False)[hit]
            return hit, codes.astype(np.int64)
        hashes = hash_strings(keys) if hashes is None else hashes
        at = np.minimum(np.searchsorted(self.hashes, hashes), len(self.hashes) - 1)
        likely = np.flatnonzero(self.hashes[at] == hashes)
        at = at[likely]
        same = pc.equal(keys.take(pa.array(likely)), self.keys.take(pa.array(at)))
        sure = pc.fill_null(same, False).to_numpy(zero_copy_only=False)
        return likely[sure], at[sure]


class _Partitions:
    """Files for rows by the first bits of their key's hash, and for what is made of them."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="tsunagu-join-")
        self._schema = pa.schema([("key", pa.string()), ("term", pa.string())])
        folder = Path(self._folder.name)
        self._paths = [folder / f"{n}.arrow" for n in range(1 << PARTITION_BITS)]
        self._writers = [pa.ipc.new_file(str(path), self._schema) for path in self._paths]
        self._made = 0

    def add(self, pairs: Pairs) -> None:
        keys, terms = pairs
        partition = hash_strings(keys) >> np.uint64(64 - PARTITION_BITS)
        for number, writer in enumerate(self._writers):
            chosen = pa.array(np.flatnonzero(partition == number))
            writer.write_batch(
                pa.record_batch([keys.take(chosen), terms.take(chosen)], schema=self._schema)
            )

    def read(self) -> Iterator[Pairs]:
        for writer, path in zip(self._writers, self._paths, strict=True):
            writer.close()
            with pa.memory_map(str(path)) as source:
                table = pa.ipc.open_file(source).read_all()
                yield _whole(table.column(0)), _whole(table.column(1))
            path.unlink()

    def mapped(self, part: _Part) -> _Part:
        """The same part with its strings in a file instead of memory."""
        return _Part(
            self._on_disk(part.keys),
            self._on_disk(part.terms),
            part.counts,
            part.starts,
            part.hashes,
        )

    def _on_disk(self, strings: pa.Array) -> pa.Array:
        path = Path(self._folder.name) / f"part{self._made}.arrow"
        self._made += 1
        schema = pa.schema([("s", pa.string())])
        with pa.ipc.new_file(str(path), schema) as writer:
            writer.write_batch(pa.record_batch([strings], schema=schema))
        source = pa.memory_map(str(path))
        return pa.ipc.open_file(source).get_batch(0).column(0)


def _joined(parts: Sequence[Pairs]) -> Pairs:
    keys = pa.chunked_array([keys for keys, _ in parts], pa.string())
    terms = pa.chunked_array([terms for _, terms in parts], pa.string())
    return _whole(keys), _whole(terms)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    return pa.concat_arrays(column.chunks) if column.num_chunks else pa.array([], pa.string())
