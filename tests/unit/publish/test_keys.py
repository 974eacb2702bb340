"""Values that several rows give, found by hashes in bounded memory."""

from __future__ import annotations

from collections import Counter

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.mapping.hashing import hash_string, hash_strings
from app.mapping.plan import BlankTerm, Column, Concat, Text
from app.publish.keys import Node, find_repeats
from app.tabular.batch import MemoryTable

VALUES = st.text("あa0-", max_size=3)
JOINED = Concat((Column("a"), Text("-"), Column("b")))


def table(rows: list[tuple[str, str]]) -> MemoryTable:
    columns = {
        "a": pa.array([a for a, _ in rows], pa.string()),
        "b": pa.array([b for _, b in rows], pa.string()),
    }
    return MemoryTable("t", pa.table(columns))


@settings(deadline=None)  # the machine may be busy
@given(
    rows=st.lists(st.tuples(VALUES, VALUES), max_size=60),
    in_memory=st.sampled_from([2, 14, 1 << 20]),
    remembered=st.sampled_from([6, 1 << 20]),
)
def test_exactly_the_values_that_several_rows_give_are_found(
    rows: list[tuple[str, str]], in_memory: int, remembered: int
) -> None:
    nodes: list[Node] = [JOINED, Column("a")]
    found = find_repeats(table(rows), nodes, in_memory=in_memory, remembered=remembered)
    joined = [f"{a}-{b}" for a, b in rows if a and b]
    for node, values in ((JOINED, joined), (Column("a"), [a for a, _ in rows if a])):
        repeats, counts = found[node], Counter(values)
        among = repeats.among(pa.array(values, pa.string())).tolist()
        if repeats.hashes is None:
            assert all(among)
            assert not repeats.none
        else:
            assert among == [counts[value] > 1 for value in values]
            assert repeats.none == all(count == 1 for count in counts.values())


def test_too_many_repeated_values_make_every_row_doubtful() -> None:
    rows = [(str(i // 2), "x") for i in range(100)]
    found = find_repeats(table(rows), [Column("a")], remembered=10)[Column("a")]
    assert found.hashes is None
    assert not found.none


@pytest.mark.parametrize("node", [Text("x"), BlankTerm(Text("x"))])
def test_what_is_the_same_in_every_row_repeats(node: Node) -> None:
    assert not find_repeats(table([("a", "b"), ("c", "d")]), [node])[node].none


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.text(max_size=6), max_size=40), st.integers(0, 5))
def test_a_hash_depends_on_the_string_alone(values: list[str], offset: int) -> None:
    array = pa.array(["前"] * offset + values, pa.string()).slice(offset)
    alone = [hash_strings(pa.array([value], pa.string()))[0] for value in values]
    assert hash_strings(array).tolist() == alone
    assert [hash_string(value) for value in values] == alone
    assert len(set(alone)) == len(set(values))
