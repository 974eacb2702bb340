"""Rows that share values with other rows, found by hashes in bounded memory."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from app.mapping.hashing import hash_columns
from app.publish.keys import repeated_rows
from app.tabular.batch import Batch, MemoryTable

VALUES = st.text("あa0", max_size=3)


@given(
    rows=st.lists(st.tuples(VALUES, VALUES), max_size=60),
    in_memory=st.sampled_from([1, 7, 1 << 20]),
)
def test_exactly_the_rows_that_share_their_values_are_found(
    rows: list[tuple[str, str]], in_memory: int
) -> None:
    first, second = [row[0] for row in rows], [row[1] for row in rows]
    table = pa.table({"a": pa.array(first, pa.string()), "b": pa.array(second, pa.string())})
    found = repeated_rows(MemoryTable("t", table), ("a", "b"), in_memory=in_memory)
    counts = Counter(rows)
    assert found.none == all(count == 1 for count in counts.values()) or found.hashes is None
    batch = Batch(
        pa.RecordBatch.from_arrays(
            [pa.array(first, pa.string()), pa.array(second, pa.string())], names=["a", "b"]
        ),
        np.arange(len(rows), dtype=np.int64),
        1,
    )
    among = found.among(batch).tolist()
    if found.hashes is None:
        assert all(among)
    else:
        assert among == [counts[row] > 1 for row in rows]


def test_too_many_repeated_values_make_every_row_doubtful() -> None:
    values = pa.array([str(i // 2) for i in range(100)])
    found = repeated_rows(MemoryTable("t", pa.table({"a": values})), ("a",), in_memory=10)
    assert found.hashes is None
    assert not found.none


@given(st.lists(st.text(max_size=6), max_size=40), st.integers(0, 5))
def test_a_hash_depends_on_the_string_alone(values: list[str], offset: int) -> None:
    array = pa.array(["前"] * offset + values, pa.string()).slice(offset)
    alone = [hash_columns([pa.array([value], pa.string())])[0] for value in values]
    assert hash_columns([array]).tolist() == alone
    assert len(set(alone)) == len(set(values))
