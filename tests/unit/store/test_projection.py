"""The columns of `SELECT *`."""

from __future__ import annotations

from typing import cast

import pytest
from pyoxigraph import QuerySolutions, Store

from app.store.workers import projection


def columns(text: str) -> list[str]:
    result = cast(QuerySolutions, Store().query(text))
    return [variable.value for variable in result.variables]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("SELECT * { ?s ?p ?o }", ["s", "p", "o"]),
        ("PREFIX a: <x:a>\nselect # all\n distinct * WHERE { ?z ?y ?x }", ["z", "y", "x"]),
        ("SELECT * { ?b ?p ?o OPTIONAL { ?b a ?a } }", ["b", "p", "o", "a"]),
        ("SELECT * { { SELECT ?o ?b { ?b ?hidden ?o } } }", ["o", "b"]),
        ("SELECT * { ?s ?p ?o MINUS { ?s ?p ?only } }", ["s", "p", "o"]),
        ("SELECT * { # ?a first\n ?b ?c '?a' BIND(1 AS ?a) }", ["b", "c", "a"]),
        ("SELECT * { VALUES (?z ?a) { (1 2) } }", ["z", "a"]),
        ("SELECT ?p ?o { ?s ?p ?o }", ["p", "o"]),
    ],
)
def test_columns_stand_as_the_query_names_them(text: str, expected: list[str]) -> None:
    assert columns(projection.in_order(text, columns)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }",
        "SELECT * { }",
        "ASK { { SELECT * { ?s ?p ?o } } }",
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
    ],
)
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert projection.in_order(text, columns) == text
