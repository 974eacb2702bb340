"""Literals from sources whose values have types (JSON): the natural mapping of RML."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import MappingReferenceError
from app.findings import Findings
from app.mapping.compile import compile_mapping
from app.mapping.datatypes import canonical_double
from app.mapping.execute import Executor
from app.mapping.languages import read_mapping
from app.mapping.static_checks import check_columns
from app.tabular.json_source import open_json_bytes

MAPPING = """
prefixes: {{ex: "http://e/", xsd: "http://www.w3.org/2001/XMLSchema#"}}
mappings:
  m:
    sources: [[d.json~jsonpath, "{iterator}"]]
    s: ex:$(id)
    po:
      - {object}
"""


def objects(object: str, json: str, iterator: str = "$[*]") -> tuple[list[str], Findings]:
    text = MAPPING.format(object=object, iterator=iterator)
    plan = compile_mapping(read_mapping(text, file="m.yml"))
    check_columns(plan, lambda _: ())
    findings = Findings()
    table = open_json_bytes("d.json", json.encode(), iterator, findings=findings)
    chunks = Executor(plan, lambda _: table, findings).run()
    lines = b"".join(bytes(chunk.data()) for chunk in chunks).decode().splitlines()
    return [line.split(" ", 2)[2].removesuffix(" .") for line in lines], findings


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("33", '"33"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("9007199254740993", '"9007199254740993"^^<http://www.w3.org/2001/XMLSchema#integer>'),
        ("30.0", '"3.0E1"^^<http://www.w3.org/2001/XMLSchema#double>'),
        ("1e3", '"1.0E3"^^<http://www.w3.org/2001/XMLSchema#double>'),
        ("true", '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>'),
        ('"33"', '"33"'),
    ],
)
def test_a_value_has_the_datatype_of_its_kind(value: str, literal: str) -> None:
    found, _ = objects("[ex:v, $(v)]", f'[{{"id": 1, "v": {value}}}]')
    assert found == [literal]


def test_null_and_missing_members_give_nothing() -> None:
    assert objects("[ex:v, $(v)]", '[{"id": 1, "v": null}, {"id": 2}]')[0] == []


def test_what_the_mapping_says_wins() -> None:
    rows = '[{"id": 1, "v": 33}]'
    assert objects("[ex:v, $(v), xsd:double]", rows)[0] == [
        '"3.3E1"^^<http://www.w3.org/2001/XMLSchema#double>'
    ]
    assert objects("[ex:v, $(v), xsd:string]", rows)[0] == ['"33"']
    assert objects("[ex:v, $(v), ja~lang]", rows)[0] == ['"33"@ja']


def test_templates_take_the_text_as_it_stands() -> None:
    assert objects('[ex:v, "no. $(v)"]', '[{"id": 1, "v": 30.0}]')[0] == ['"no. 30.0"']


def test_every_value_of_a_list_keeps_its_own_kind() -> None:
    found, _ = objects('[ex:v, "$(v[*])"]', '[{"id": 1, "v": [1, "a", null, 2.5]}]')
    assert found == [
        '"1"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '"a"',
        '"2.5E0"^^<http://www.w3.org/2001/XMLSchema#double>',
    ]


def test_a_wrong_path_is_told_before_anything_is_read() -> None:
    with pytest.raises(MappingReferenceError) as caught:
        objects("[ex:v, '$(v[)']", "not JSON at all")
    assert caught.value.place is not None
    assert caught.value.place.line == 8
    with pytest.raises(MappingReferenceError):
        objects("[ex:v, $(v)]", "not JSON at all", iterator="$[")


@settings(deadline=None)  # the machine may be busy
@given(st.floats(allow_nan=False, allow_infinity=False))
def test_the_canonical_form_is_the_same_number(number: float) -> None:
    assert float(canonical_double(repr(number))) == number
    assert canonical_double(canonical_double(repr(number))) == canonical_double(repr(number))


@settings(deadline=None)  # the machine may be busy
@given(st.decimals(allow_nan=False, allow_infinity=False))
def test_the_canonical_form_loses_no_digit(number: Decimal) -> None:
    assert Decimal(canonical_double(str(number))) == number
