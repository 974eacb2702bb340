"""Columns over records of a level, and how those of several fields come together.

Fields of one record that have several values each give all combinations; a record without any
stays, with null (RML-LV, section "Logical view iterator").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.mapping.vector import Rows, Vector, align_bare, constant
from app.rdf.namespaces import XSD

_INTEGER: Final = pa.scalar(f"{XSD}integer")
_NULL: Final = pa.scalar(None, pa.string())


@dataclass(frozen=True, slots=True)
class Block:
    """Equally long columns. `rows`: the record to which each entry belongs, ascending, every
    record at least once (None: one entry for each). `types`: the natural datatypes of columns
    that have any."""

    columns: Mapping[str, pa.Array]
    types: Mapping[str, pa.Array] = field(default_factory=dict)
    rows: Rows | None = None

    def taken(self, positions: Rows, rows: Rows | None) -> Block:
        """The entries at some positions (-1: null in every column)."""
        indices = pa.array(positions, mask=positions < 0)
        return Block(
            {name: column.take(indices) for name, column in self.columns.items()},
            {name: types.take(indices) for name, types in self.types.items()},
            rows,
        )


def combined(blocks: Sequence[Block], height: int) -> Block:
    """One block of several over the same records: all combinations within each record."""
    if all(block.rows is None for block in blocks):
        return Block(_merged(b.columns for b in blocks), _merged(b.types for b in blocks))
    lengths = [len(next(iter(block.columns.values()))) for block in blocks]
    numbers = [
        Vector(pa.array(np.arange(length)), block.rows)
        for block, length in zip(blocks, lengths, strict=True)
    ]
    values, rows = align_bare(numbers, height)
    aligned = [
        block.taken(positions.to_numpy(), None)
        for block, positions in zip(blocks, values, strict=True)
        if isinstance(positions, pa.Array)
    ]
    return Block(_merged(b.columns for b in aligned), _merged(b.types for b in aligned), rows)


def nested(inner: Block, owners: Rows, height: int) -> Block:
    """A block over records that belong to other records (`owners`, ascending) as one over those:
    who owns none has null."""
    own = owners if inner.rows is None else owners[inner.rows]
    rows, positions = with_missing(own, height)
    return inner.taken(positions, rows)


def with_missing(owners: Rows, height: int) -> tuple[Rows, Rows]:
    """Owners with those that own nothing among them, and the position of each (-1: missing)."""
    missing = np.flatnonzero(np.bincount(owners, minlength=height) == 0)
    if not len(missing):
        return owners, np.arange(len(owners), dtype=np.int64)
    rows = np.concatenate([owners, missing])
    positions = np.concatenate(
        [np.arange(len(owners), dtype=np.int64), np.full(len(missing), -1, dtype=np.int64)]
    )
    order = np.argsort(rows, kind="stable")
    return rows[order], positions[order]


def within(owners: Rows) -> Rows:
    """The position of each among those of the same owner, from 0. Owners ascend."""
    return np.arange(len(owners), dtype=np.int64) - np.searchsorted(owners, owners)


def positions_as_text(positions: Rows, valid: pa.Array | None = None) -> tuple[pa.Array, pa.Array]:
    """The cells of an index key and their natural datatype, xsd:integer."""
    texts = pa.array(positions).cast(pa.string())
    if valid is not None:
        texts = pc.if_else(valid, texts, _NULL)
    return texts, pa.repeat(_INTEGER, len(positions))


def first_positions(valid: pa.Array) -> tuple[pa.Array, pa.Array]:
    """The same where each record has one value at most."""
    zero = pc.if_else(valid, constant("0"), _NULL)
    return zero, pa.repeat(_INTEGER, len(valid))


def _merged(parts: Iterable[Mapping[str, pa.Array]]) -> dict[str, pa.Array]:
    return {name: column for part in parts for name, column in part.items()}
