"""The row counters against the engine's own output, cut anywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from app.store.workers.rows import CsvRows, JsonRows, RowCounter, TsvRows, XmlRows

COUNTERS: list[tuple[QueryResultsFormat, type[RowCounter]]] = [
    (QueryResultsFormat.JSON, JsonRows),
    (QueryResultsFormat.XML, XmlRows),
    (QueryResultsFormat.CSV, CsvRows),
    (QueryResultsFormat.TSV, TsvRows),
]
# Everything that a format's marks are made of, so that data looks like structure.
TRICKY = st.one_of(st.none(), st.text('},{"\\\n\r\t[]x:<>/result', max_size=12))


def serialized(rows: list[tuple[str | None, str | None]], format: QueryResultsFormat) -> bytes:
    def term(value: str | None) -> str:
        if value is None:
            return "UNDEF"
        for plain, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", "\\n"), ("\r", "\\r")):
            value = value.replace(plain, escaped)
        return f'"{value}"'

    values = " ".join(f"({term(a)} {term(b)})" for a, b in rows)
    result = Store().query(f"SELECT ?a ?b {{ VALUES (?a ?b) {{ {values} }} }}")
    assert isinstance(result, QuerySolutions)
    body = result.serialize(None, format)
    assert body is not None
    return body


@pytest.mark.parametrize(("format", "counter"), COUNTERS)
@given(rows=st.lists(st.tuples(TRICKY, TRICKY), max_size=6), size=st.integers(1, 40))
def test_rows_are_counted_exactly_wherever_the_bytes_are_cut(
    format: QueryResultsFormat,
    counter: type[RowCounter],
    rows: list[tuple[str | None, str | None]],
    size: int,
) -> None:
    body = serialized(rows, format)
    counting = counter()
    for start in range(0, len(body), size):
        counting.feed(body[start : start + size])
    assert counting.rows() == len(rows)


@pytest.mark.parametrize(("format", "counter"), COUNTERS)
def test_a_solution_without_variables_is_one_row(
    format: QueryResultsFormat, counter: type[RowCounter]
) -> None:
    result = Store().query("SELECT * {}")
    assert isinstance(result, QuerySolutions)
    body = result.serialize(None, format)
    assert body is not None
    counting = counter()
    counting.feed(body)
    assert counting.rows() == 1
