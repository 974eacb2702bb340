"""Joins of logical views: the rows of a view, extended with fields of another (RML-LV).

The parent's needed columns are held in memory, once for a run; keys are found by hash.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from app.mapping.lookup import LookupIndex, key_column
from app.mapping.model import POSITION, Expression, JoinKind, ViewJoin, columns_of_field
from app.mapping.vector import Rows
from app.mapping.views.blocks import Block, combined, positions_as_text, with_missing, within
from app.mapping.views.expand import evaluated, expand, references_of
from app.mapping.views.records import Reading, TableRecords
from app.tabular.batch import Batch, Table

_KEY = "\0key"


class JoinedView:
    """One join and the parent's rows by key."""

    def __init__(self, join: ViewJoin, parent: Table, reading: Reading) -> None:
        self.join = join
        expressions = [*(on.parent for on in join.on), *(f.expression for f in join.fields)]
        parts: list[Block] = []
        for batch in parent.batches(references_of(expressions)):
            records = TableRecords(reading, batch)
            keys = _keys(records, batch, [on.parent for on in join.on])
            parts.append(combined([keys, expand(records, join.fields)], len(batch)))
        names = parts[0].columns if parts else [_KEY, *_columns(join)]
        self.columns = {name: _whole([part.columns[name] for part in parts]) for name in names}
        typed = dict.fromkeys(name for part in parts for name in part.types)
        self.types = {name: _whole([_typed(part, name) for part in parts]) for name in typed}
        keys_of_all = self.columns.pop(_KEY)
        numbers = pa.array(np.arange(len(keys_of_all))).cast(pa.string())
        self._index = LookupIndex([(keys_of_all, numbers)])
        self._met: npt.NDArray[np.bool_] = np.zeros(len(keys_of_all), dtype=np.bool_)

    def afresh(self) -> JoinedView:
        """The same for another pass: no row has been joined yet."""
        again = copy(self)
        again._met = np.zeros_like(self._met)
        return again

    def extended(self, rows: Block, lines: Rows, reading: Reading) -> tuple[Block, Rows]:
        """The rows with the fields of the join, and the lines of these."""
        names = list(rows.columns)
        table = pa.RecordBatch.from_arrays([rows.columns[name] for name in names], names=names)
        batch = Batch(table, lines, 1, rows.types)
        records = TableRecords(reading, batch)
        keys = _keys(records, batch, [on.child for on in self.join.on])
        column = keys.columns[_KEY]
        origin = np.arange(len(lines), dtype=np.int64) if keys.rows is None else keys.rows
        there = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
        found = self._index.find(column.take(pa.array(there)), None, len(there))
        assert found.rows is not None
        assert not isinstance(found.values, str)
        partners = found.values.cast(pa.int64()).to_numpy(zero_copy_only=False)
        self._met[partners] = True
        owners = origin[there[found.rows]]
        if self.join.kind is JoinKind.INNER:
            kept, positions = owners, np.arange(len(owners), dtype=np.int64)
        else:
            kept, positions = with_missing(owners, len(lines))
        matched = np.where(positions < 0, -1, partners[positions] if len(partners) else -1)
        index = np.where(positions < 0, 0, within(owners)[positions] if len(owners) else 0)
        left = rows.taken(kept, None)
        right = self._right(matched, index)
        return combined([left, right], len(kept)), lines[kept]

    def unmatched(self, columns: Sequence[str]) -> Block | None:
        """Parent rows that no row was joined with, null in the `columns` of the other side (outer
        joins). None where there are none."""
        if self.join.kind is not JoinKind.OUTER or self._met.all():
            return None
        rest = np.flatnonzero(~self._met)
        self._met[:] = True
        nulls = pa.nulls(len(rest), pa.string())
        left = Block(dict.fromkeys(columns, nulls))
        return combined([left, self._right(rest, np.zeros(len(rest), dtype=np.int64))], len(rest))

    def _right(self, partners: Rows, index: Rows) -> Block:
        block = Block(self.columns, self.types).taken(partners, None)
        valid = pa.array(partners >= 0)
        texts, integer = positions_as_text(index, valid)
        # The position of a joined field is that among the partners (RML-LV, example 11).
        keys = [f"{field.name}.{POSITION}" for field in self.join.fields]
        return Block(
            {**block.columns, **dict.fromkeys(keys, texts)},
            {**block.types, **dict.fromkeys(keys, integer)},
        )


def _columns(join: ViewJoin) -> list[str]:
    return [name for field in join.fields for name in columns_of_field(field)]


def _keys(records: TableRecords, batch: Batch, expressions: Sequence[Expression]) -> Block:
    found = evaluated(records, batch, expressions)
    parts = list(found.columns.values())
    return Block({_KEY: key_column(parts, len(parts[0]))}, rows=found.rows)


def _typed(part: Block, name: str) -> pa.Array:
    none = pa.nulls(len(next(iter(part.columns.values()))), pa.string())
    return part.types.get(name, none)


def _whole(parts: Sequence[pa.Array]) -> pa.Array:
    return pa.concat_arrays(parts) if parts else pa.array([], pa.string())
