"""A SELECT narrowed to a page of its solutions, without a parser."""

from __future__ import annotations

import json

import pytest
from pyoxigraph import QuerySolutions, Store

from app.store.embedded import EmbeddedReleases
from app.store.workers.paging import page
from app.store.workers.pool import WorkerPool

from .conftest import ask, with_pool

NUMBERS = "VALUES ?n { 0 1 2 3 4 5 6 7 8 9 }"


def solutions(text: str) -> list[int]:
    found = Store().query(text)
    assert isinstance(found, QuerySolutions)
    return [int(solution["n"].value) for solution in found]


@pytest.mark.parametrize(
    "text",
    [
        f"SELECT ?n {{ {NUMBERS} }}",
        f"SELECT ?n WHERE {{ {NUMBERS} }} # LIMIT 3 {{",
        f"SELECT ?n {{ {NUMBERS} }} LIMIT 7",
        f"SELECT ?n {{ {NUMBERS} }} OFFSET 2",
        f"SELECT ?n {{ {NUMBERS} }} limit # {{\n 6 OFFSET 2",
        f"SELECT ?n {{ {NUMBERS} }} OFFSET 2 LIMIT 6",
        f"PREFIX limit: <http://x/LIMIT> SELECT ?n {{ {NUMBERS} }} ORDER BY DESC(?n) LIMIT 5",
        f"SELECT ?n {{ {{ SELECT ?n {{ {NUMBERS} }} LIMIT 4 OFFSET 1 }} }}",
        f"SELECT ?n {{ {NUMBERS} BIND('}} LIMIT 1 {{' AS ?t) }} LIMIT 9",
        f"SELECT ?n {{ }} LIMIT 8 OFFSET 1 {NUMBERS}",
        f"SELECT ?n {{ }} {NUMBERS}",
        f"SELECT ?n {{ {NUMBERS} }} GROUP BY ?n HAVING(COUNT(*) > 0) ORDER BY ?n",
        f"SELECT (COUNT(*) AS ?n) {{ {NUMBERS} }}",
        f"SELECT ?n {{ {NUMBERS} }} LIMIT 0",
    ],
)
@pytest.mark.parametrize("rows", [1, 3, 4, 100])
def test_the_pages_together_are_the_answer(text: str, rows: int) -> None:
    expected, seen, skip = solutions(text), [], 0
    while True:
        narrowed = page(text, rows, skip)
        assert narrowed is not None
        got = solutions(narrowed.text)
        assert len(got) <= rows
        seen += got
        skip += rows
        if narrowed.last or len(got) < rows:
            break
    assert seen == expected


@pytest.mark.parametrize(
    "text", ["ASK {}", "CONSTRUCT WHERE { ?s ?p ?o }", "SELECT * {} LIMIT ?x", "nothing at all"]
)
def test_what_has_no_pages_stays_as_it_is(text: str) -> None:
    assert page(text, 10) is None


def test_a_cap_on_rows_is_said_and_a_whole_answer_is_not_called_limited(
    published: EmbeddedReleases,
) -> None:
    text = "SELECT ?s ?p ?o { ?s ?p ?o }"

    async def scenario(pool: WorkerPool) -> None:
        answer, body = await ask(pool, text, rows=100)
        assert (answer.rows, answer.limited) == (100, True)
        assert len(json.loads(body)["results"]["bindings"]) == 100
        answer, _ = await ask(pool, text + " LIMIT 100", rows=100)
        assert (answer.rows, answer.limited) == (100, False)
        answer, _ = await ask(pool, text, rows=100, skip=30_000)
        assert (answer.rows, answer.limited) == (10, False)

    with_pool(published, scenario)


def test_a_whole_answer_knows_its_rows_and_length_before_its_first_byte(
    published: EmbeddedReleases,
) -> None:
    async def scenario(pool: WorkerPool) -> None:
        answer, body = await ask(pool, "SELECT ?s ?p ?o { ?s ?p ?o }", whole=True)
        assert answer.whole
        assert (answer.rows, answer.content_length) == (30_010, len(body))

    with_pool(published, scenario)
