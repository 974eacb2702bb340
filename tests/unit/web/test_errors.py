"""Every error of this program has its HTTP status and its words."""

from __future__ import annotations

from http import HTTPStatus

import pytest

from app import errors
from app.errors import Place, Text, TsunaguError
from app.web.errors import STATUS, problem, status_of
from app.web.refusals import Alternative, NoneAcceptable


def every_class(root: type[TsunaguError] = TsunaguError) -> list[type[TsunaguError]]:
    found = [root]
    for child in root.__subclasses__():
        found += every_class(child)
    return [c for c in found if c.__module__ == errors.__name__]


def test_no_class_is_missing_from_the_table() -> None:
    assert set(every_class()) == set(STATUS)


@pytest.mark.parametrize("kind", every_class(), ids=lambda kind: str(kind.__name__))
def test_statuses_are_those_of_http(kind: type[TsunaguError]) -> None:
    assert 400 <= HTTPStatus(STATUS[kind]) <= 511


def test_a_derived_error_has_the_status_of_its_base() -> None:
    class Special(errors.QueryTimeout):
        pass

    assert status_of(Special(Text("あ", "a"))) == STATUS[errors.QueryTimeout]


def test_the_body_carries_both_languages_place_and_hint() -> None:
    error = errors.QuerySyntaxError(
        Text("構文", "syntax"), place=Place(line=3, column=7), hint=Text("直す", "mend")
    )
    body = problem(error, "en")
    assert body["status"] == 400
    assert body["title"] == "Bad Request"
    assert body["detail"] == "3:7: syntax mend"
    assert body["code"] == "query-syntax-error"
    assert body["message"] == {"ja": "構文", "en": "syntax"}
    assert body["hint"] == {"ja": "直す", "en": "mend"}
    assert body["place"] == {"line": 3, "column": 7}


def test_406_lists_the_alternatives() -> None:
    error = NoneAcceptable((Alternative("Turtle", "text/turtle", "/doc/a.ttl"),))
    body = problem(error, "ja", error.alternatives)
    assert body["code"] == "not-acceptable"
    assert body["alternatives"] == [
        {"type": "text/turtle", "label": "Turtle", "href": "/doc/a.ttl"}
    ]
