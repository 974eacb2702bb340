"""Columns with several values a row: all combinations, row by row."""

from __future__ import annotations

from itertools import product

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from app.mapping.vector import Vector, align, combinations, join, masked

HEIGHT = 4
ONE_A_ROW = st.lists(st.none() | st.text(max_size=3), min_size=HEIGHT, max_size=HEIGHT)
MANY_A_ROW = st.lists(st.lists(st.text(max_size=2), max_size=3), min_size=HEIGHT, max_size=HEIGHT)


def flat(rows: list[list[str]]) -> Vector:
    values = [value for row in rows for value in row]
    owners = [number for number, row in enumerate(rows) for _ in row]
    return Vector(pa.array(values, pa.string()), np.array(owners, dtype=np.int64))


@settings(deadline=None)  # the machine may be busy
@given(ONE_A_ROW, MANY_A_ROW, MANY_A_ROW)
def test_alignment_gives_all_combinations_in_the_order_of_the_rows(
    single: list[str | None], first: list[list[str]], second: list[list[str]]
) -> None:
    vectors = [flat(first), Vector(pa.array(single, pa.string())), Vector("c"), flat(second)]
    values, rows = align(vectors, HEIGHT)
    assert rows is not None
    columns = [v.to_pylist() if not isinstance(v, str) else [v] * len(rows) for v in values]
    got = list(zip(rows.tolist(), *columns, strict=True))
    expected = [
        (row, a, single[row], "c", b)
        for row in range(HEIGHT)
        for a, b in product(first[row], second[row])
    ]
    assert got == expected


def test_constants_and_whole_columns_need_no_rows() -> None:
    values, rows = align([Vector("a"), Vector(pa.array(["x"] * HEIGHT))], HEIGHT)
    assert rows is None
    assert values[0] == "a"


def test_joining_is_null_where_a_part_is_null_and_folds_constants() -> None:
    joined = join(["<", pa.array(["a", None]), ">", " ."])
    assert not isinstance(joined, str)
    assert joined.to_pylist() == ["<a> .", None]
    assert join(["a", "b"]) == "ab"
    assert join([]) == ""


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.tuples(st.none() | st.text(max_size=3), st.booleans()), max_size=70), st.data())
def test_masking_sets_null_and_keeps_the_rest(
    pairs: list[tuple[str | None, bool]], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(pairs)))
    array = pa.array([value for value, _ in pairs], pa.string()).slice(start)
    keep = pa.array([kept for _, kept in pairs], pa.bool_()).slice(start)
    expected = [value if kept else None for value, kept in pairs[start:]]
    assert masked(array, keep).to_pylist() == expected


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.tuples(st.sampled_from("ab"), st.none() | st.sampled_from("xy")), min_size=1))
def test_combinations_number_equal_rows_equally(rows: list[tuple[str, str | None]]) -> None:
    columns = [
        pa.array([row[0] for row in rows]),
        "same",
        pa.array([row[1] for row in rows], pa.string()),
    ]
    first, codes = combinations(columns)
    assert len(first) == len(set(rows))
    assert [rows[first[code]] for code in codes] == rows
