"""Places and repairs for queries that the engine cannot read."""

from __future__ import annotations

import pytest
from pyoxigraph import Store

from app.errors import QuerySyntaxError
from app.store.workers.diagnosis import syntax_error


def diagnosed(text: str, **bound: str) -> QuerySyntaxError:
    with pytest.raises(SyntaxError) as caught:
        Store().query(text, prefixes=bound)
    return syntax_error(text, str(caught.value), bound)


@pytest.mark.parametrize(
    ("text", "line", "column", "message", "hint"),
    [
        ("SELECT * { ?s foaf:name ?o }", 1, 15, "foaf: is not declared", "PREFIX foaf: <http://xmlns.com/foaf/0.1/>"),
        ("SELECT *\n{ ?s\n\tfoa:name ?o }", 3, 2, "foa: is not declared", "Did you mean foaf: ?"),
        ("SELECT * { ?s zzzz:name ?o }", 1, 15, "zzzz: is not declared", "PREFIX zzzz: <…>"),
        ("PREFIX a: <x:a>\nSELECT * { a:b b:c 'x:y' }", 2, 16, "b: is not declared", "PREFIX b:"),
        ("SELECT * { ?s a http://x.example/C }", 1, 17, "http:", "in angle brackets"),
        ("SELCT * { ?s ?p ?o }", 1, 1, "“SELCT”", "Did you mean SELECT?"),
        ("SELECT * {\n  ?s ?p ?o\n  FILTR(?o > 1)\n}", 3, 3, "“FILTR”", "Did you mean FILTER?"),
        ("SELECT * { ?s ?p ?o FILTER(nonsense(?s)) }", 1, 28, "“nonsense”", ""),
        ("SELECT * { ?s ?p ", 1, 18, "ends too early", "not closed"),
        ("ASK {} garbage", 1, 8, "“garbage”", ""),
        ("SELECT *\r\nWHERE { 日本語 }", 2, 9, "“日本語”", ""),
        ("SELECT ?x { ?x ?p ?o } GROUP BY ?y", 1, None, "unbound", ""),
        ("", 1, 1, "ends too early", ""),
    ],
)  # fmt: skip
def test_the_place_is_where_a_person_would_point(
    text: str, line: int, column: int | None, message: str, hint: str
) -> None:
    error = diagnosed(text)
    assert error.place is not None
    assert error.place.line == line
    if column is not None:
        assert error.place.column == column
    assert message in error.text.en
    assert hint in (error.hint.en if error.hint else "")
    assert error.text.ja != error.text.en


def test_an_unknown_report_is_passed_on() -> None:
    assert "something new" in syntax_error("ASK {}", "something new", {}).text.en
