"""Joins by hash: the same partners however large the parent is."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.mapping import lookup
from app.mapping.lookup import LookupIndex, key_column

STRINGS = st.one_of(st.none(), st.text("abあ\x1f0", max_size=3))


def strings(values: list[str | None]) -> pa.Array:
    return pa.array(values, pa.string())


def partners(
    parent: list[tuple[str | None, str | None]], children: list[str | None]
) -> list[tuple[int, str]]:
    terms = defaultdict(set)
    for key, term in parent:
        if key is not None and term is not None:
            terms[key].add(term)
    return sorted(
        (row, t) for row, key in enumerate(children) if key is not None for t in terms.get(key, ())
    )


@given(
    parent=st.lists(st.tuples(STRINGS, STRINGS), max_size=40),
    children=st.lists(STRINGS, max_size=20),
    small=st.sampled_from([0, 1000]),
    in_memory=st.sampled_from([1, 1 << 20]),
)
@settings(max_examples=60, deadline=None)
def test_every_child_meets_the_distinct_terms_of_its_key(
    parent: list[tuple[str | None, str | None]],
    children: list[str | None],
    small: int,
    in_memory: int,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lookup, "SMALL", small)
        batches = [parent[:7], parent[7:]]
        pairs = [(strings([k for k, _ in b]), strings([t for _, t in b])) for b in batches]
        found = LookupIndex(pairs, in_memory).find(strings(children), None, len(children))
    assert not isinstance(found.values, str)
    assert found.rows is not None
    assert (np.diff(found.rows) >= 0).all()
    met = list(zip(found.rows.tolist(), found.values.to_pylist(), strict=True))
    assert sorted(met) == partners(parent, children)


def test_keys_with_the_same_hash_are_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lookup, "SMALL", 0)
    monkeypatch.setattr(lookup, "hash_strings", lambda a: np.zeros(len(a), dtype=np.uint64))
    index = LookupIndex([(strings(["a", "b"]), strings(["x", "y"]))])
    assert index.find(strings(["b", "c"]), None, 2).values.to_pylist() == ["y"]  # type: ignore[union-attr]  # an array


@settings(deadline=None)  # the machine may be busy
@given(
    st.lists(st.tuples(st.text("\x1f01a", max_size=3), st.text("\x1f01a", max_size=3)), max_size=20)
)
def test_different_pairs_of_keys_stay_different(pairs: list[tuple[str, str]]) -> None:
    columns = [strings([a for a, _ in pairs]), strings([b for _, b in pairs])]
    assert len(set(key_column(columns, len(pairs)).to_pylist())) == len(set(pairs))
