"""The JSON Schema for editors says what the reader says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from app.mapping.languages.document import Map, Node, Scalar, read_document
from app.mapping.languages.scanning import Limits
from app.mapping.languages.yarrrml import keys
from tests.conftest import ROOT
from tests.unit.mapping.languages.test_yarrrml_errors import BEGIN, MISTAKES
from tests.unit.mapping.languages.test_yarrrml_forms import SHORT_AND_LONG, SOURCES

SCHEMA = json.loads((ROOT / "app/mapping/schemas/yarrrml-1.json").read_text(encoding="utf-8"))
VALIDATOR = Draft7Validator(SCHEMA)
TABLES: Mapping[str, keys.Keys] = {
    "author": keys.AUTHOR,
    "call": keys.CALL,
    "mapping": keys.MAPPING,
    "object": keys.OBJECT,
    "parameterMap": keys.PARAMETER,
    "predicateObject": keys.PREDICATE_OBJECT,
    "source": keys.SOURCE,
    "subject": keys.SUBJECT,
    "target": keys.TARGET,
    "term": keys.TERM,
}


def plain(node: Node) -> Any:
    """A document as JSON."""
    if isinstance(node, Scalar):
        return None if node.is_null else node.text
    if isinstance(node, Map):
        return {entry.key.text: plain(entry.value) for entry in node}
    return [plain(item) for item in node]


def is_valid(text: str) -> bool:
    return bool(VALIDATOR.is_valid(plain(read_document(text, file="m.yml", limits=Limits.of()))))


def test_the_schema_is_one() -> None:
    Draft7Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", TABLES)
def test_it_knows_the_keys_that_the_reader_knows(name: str) -> None:
    table = TABLES[name]
    known = set(table) | {short for shorts in table.values() for short in shorts}
    assert set(SCHEMA["definitions"][name]["properties"]) == known
    assert SCHEMA["definitions"][name]["additionalProperties"] is False


def test_it_knows_the_keys_of_the_document() -> None:
    known = set(keys.ROOT) | {short for shorts in keys.ROOT.values() for short in shorts}
    assert set(SCHEMA["properties"]) == known


@pytest.mark.parametrize("entry", sorted({form for pair in SHORT_AND_LONG for form in pair}))
def test_it_accepts_every_form_that_the_reader_accepts(entry: str) -> None:
    assert is_valid(f"mappings: {{m: {{s: ex:s, po: [{entry}]}}}}")


@pytest.mark.parametrize("written", [written for written, _ in SOURCES])
def test_it_accepts_every_form_of_a_source(written: str) -> None:
    assert is_valid(f"mappings: {{m: {{sources: {written}, s: ex:s}}}}")


@pytest.mark.parametrize("text", [mistake[0] for mistake in MISTAKES if "未知のキー" in mistake[3]])
def test_it_refuses_unknown_keys(text: str) -> None:
    assert not is_valid(BEGIN + text)


@pytest.mark.parametrize(
    "text",
    [
        "mappings: {}",
        "prefixes: {}",
        "mappings: {m: {s: x, po: [[a]]}}",
        "mappings: {m: {s: x, po: [[a, b, c, d]]}}",
        "mappings: {m: {s: x, po: [{p: a}]}}",
        "mappings: {m: {s: x, po: [{p: a, o: {value: b, foo: c}}]}}",
        "mappings: {m: {sources: {access: x, type: mysql}}}",
        "mappings: {m: {sources: {access: x, credentials: {username: u}}}}",
    ],
)
def test_it_refuses_wrong_shapes(text: str) -> None:
    assert not is_valid(text)


@pytest.mark.parametrize("path", sorted((ROOT / "mappings").glob("*/mapping.yml")), ids=str)
def test_it_accepts_the_bundled_mappings(path: Path) -> None:
    assert is_valid(path.read_text(encoding="utf-8"))


@pytest.mark.shared
def test_it_accepts_the_gtfs_mapping(shared: Path) -> None:
    path = shared / "data/gtfs-madrid/gtfs-csv.yml"
    assert is_valid(path.read_text(encoding="utf-8"))
