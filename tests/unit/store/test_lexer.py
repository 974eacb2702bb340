"""What is told of a query from its words alone."""

from __future__ import annotations

from time import perf_counter

import pytest

from app.store.workers import lexer


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("SELECT * {}", "select"),
        ("# ask\nPREFIX select: <x:construct> BASE <x:y>\n describe ?x", "describe"),
        ("VERSION '1.2' construct where {}", "construct"),
        ("prefix a:<x:> insert data {}", "update"),
        ("LOAD <x:y>", "update"),
        ("hello SELECT", None),
        ("", None),
    ],
)
def test_the_form_is_the_first_word_after_the_prologue(text: str, form: str | None) -> None:
    assert lexer.form(text) == form


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("SELECT * { SERVICE <x:y> {} }", True),
        ("SELECT*{service silent ?x {}}", True),
        (r"SELECT * { \u0053ERVICE <x:y> {} }", True),
        ("SELECT * { ?s ?p 'SERVICE' }", False),
        ('SELECT * { ?s ?p """ " SERVICE " """ }', False),
        ("SELECT * { ?s <http://x/SERVICE> ?service } # SERVICE", False),
        ("PREFIX service: <x:> SELECT * { ?s service:a _:service }", False),
        ('SELECT * { ?s ?p "a\\"SERVICE" }', False),
        ("ASK { ?s ?p '''x''' SERVICE <x:y> {} }", True),
    ],
)
def test_service_is_seen_as_a_keyword_only(text: str, calls: bool) -> None:
    assert lexer.calls_service(text) is calls


def test_only_what_may_be_the_keyword_is_replaced_for_the_probe() -> None:
    text = "PREFIX service: <x:> SELECT ?service { ?s service:a 'my-service' SERVICE ?x {} }"
    probe = text.replace(" SERVICE ", " SERVICX ")
    assert lexer.without_service(text) == probe


def test_the_prologue_gives_its_prefixes() -> None:
    text = "BASE <x:b> PREFIX : <x:a#> prefix ex: <http://e/>\nSELECT * { ?s ex:p <x:q> }"
    assert lexer.declared_prefixes(text) == {"": "x:a#", "ex": "http://e/"}


def test_from_is_seen() -> None:
    assert lexer.names_dataset("SELECT * FROM <x:g> { ?s ?p ?o }")
    assert not lexer.names_dataset("SELECT ?from { ?from ?p 'from' }")


@pytest.mark.parametrize(
    "unit", ['"', "'", '"""', "'''", "\\", "<", "#", "a:", "%", "?", "@", "\\u", '"\\', "<a"]
)
def test_64_kib_of_anything_is_read_in_no_time(unit: str) -> None:
    text = "SELECT service " + unit * (65_000 // len(unit))
    started = perf_counter()
    lexer.form(text)
    lexer.calls_service(text)
    lexer.declared_prefixes(text)
    lexer.without_service(text)
    assert perf_counter() - started < 2
