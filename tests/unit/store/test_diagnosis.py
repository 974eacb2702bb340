"""Places and repairs for queries that the engine cannot read."""

from __future__ import annotations

from contextlib import suppress

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
        ("SELECT * { ?s ?p ", 1, 10, "{ is not closed", "Add }"),
        ("ASK {} garbage", 1, 8, "“garbage”", ""),
        ("SELECT *\r\nWHERE { 日本語 }", 2, 9, "“日本語”", ""),
        ("SELECT ?x { ?x ?p ?o } GROUP BY ?y", 1, 8, "?x of SELECT must stand in GROUP BY", "SAMPLE(?x)"),
        ("", 1, 1, "is empty", "SELECT"),
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


@pytest.mark.parametrize(
    ("text", "column", "message", "hint", "instead"),
    [
        ("SELECT　* { ?s ?p ?o }", 7, "full-width blank", "plain blank", " "),
        ("SELECT * { ?s ?p ”a” }", 18, "full-width “””", 'Write "', '"'),
        ("SELECT * ｛ ?s ?p ?o ｝", 10, "full-width “｛”", "Write {", "{"),
        ("SELECT * { ?s ?p 'a　b' ; }}", 27, "Nothing was opened", "Leave } out", None),
        ("SELECT * { ?s ?p ?o } }", 23, "Nothing was opened", "Leave } out", None),
        ("SELECT * { ?s ?p (1 2 }", 18, "( is not closed", "Add )", None),
        ("SELECT * { ?s ?p 'abc }", 18, "quote is not closed", "Add '", None),
        ("SELECT * { ?s <a b> ?o }", 15, "cannot hold a blank", "%20", None),
        ("SELECT * { ?s a <x:y>, }", 22, "No value follows", "Leave the comma", None),
        ("SELECT * { ?s ?p ?o } LIMIT 1;", 30, "does not end with ;", "Leave ;", None),
        ("SELECT COUNT(*) { ?s ?p ?o }", 8, "COUNT in SELECT", "(COUNT(*) AS ?n)", None),
        ("SELECT (COUNT(*) AS n) { ?s ?p ?o }", 21, "“n” is none", "?n", "?n"),
        ("SELECT (COUNT(*) ?n) { ?s ?p ?o }", 18, "AS is missing", "AS ?n", "AS ?n"),
        ("SELECT ?s, ?p { ?s ?p ?o }", 10, "No comma", "Leave the comma", None),
        ("SELECT * { ?s ?p ?o } LIMIT -1", 29, "whole number", "LIMIT 10", None),
        ("SELECT * { ?s ?p ?o } ORDER ?s", 23, "lacks BY", "ORDER BY", "ORDER BY"),
        ("SELECT * WHERE ?s ?p ?o", 16, "followed by {", "WHERE { … }", None),
        ("SELECT * { GRAPH { ?s ?p ?o } }", 18, "IRI of a graph", "GRAPH ?g", "?g {"),
        ("SELECT * { ?s ?p ?o FILTER ?o > 1 }", 28, "needs parentheses", "FILTER(?o", None),
        ("SELECT * { ?s ?p ?o FILTER(?o == 1) }", 31, "no ==", "Write =", "="),
        ("SELECT * { ?s ?p ?o FILTER(?o = 1 AND ?s = 2) }", 35, "no AND", "&&", "&&"),
        ("SELECT * { ?s ?p ?o FILTER(CONTAIN(?o, 'a')) }", 28, "“CONTAIN”", "CONTAINS", "CONTAINS"),
        ("SELECT * { ?s a ?x BIND(1 AS ?s) }", 30, "?s already has", "?s2", "?s2"),
        ("SELECT (?x AS ?x) { ?x ?y ?z }", 15, "?x already has", "?x2", "?x2"),
        ("SELECT * { VALUES (?a ?b) { (1) } }", 29, "2 variables", "UNDEF", None),
        ("SELECT * { ?s ?p ?o ?s ?q ?r }", 21, "“?s” cannot stand", "full stop", None),
    ],
)  # fmt: skip
def test_a_usual_mistake_is_named_with_its_mend(
    text: str, column: int, message: str, hint: str, instead: str | None
) -> None:
    error = diagnosed(text)
    assert error.place is not None
    assert (error.place.line, error.place.column) == (1, column)
    assert message in error.text.en
    assert error.hint is not None
    assert hint in error.hint.en
    assert error.instead == instead
    assert error.text.ja != error.text.en
    if instead is not None:
        mended = text[: column - 1] + instead + text[column - 1 + error.replaces :]
        with suppress(SyntaxError):
            Store().query(mended)
            return
        assert str(diagnosed(mended)) != str(error)


def test_the_same_name_in_another_group_is_no_second_value() -> None:
    text = "SELECT ?x { { BIND(1 AS ?x) } UNION { BIND(2 AS ?x) } FILTER(foo(?x)) }"
    assert "“foo”" in diagnosed(text).text.en
