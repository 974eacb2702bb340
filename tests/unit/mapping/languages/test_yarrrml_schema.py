"""The JSON Schema for editors says what the reader says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft7Validator

from app.errors import MappingError
from app.mapping.languages.document import Map, Node, Scalar, read_document
from app.mapping.languages.scanning import Limits
from app.mapping.languages.yarrrml import keys, read_yarrrml
from app.mapping.model import LogicalSource
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


CASES = sorted(
    path
    for pattern in ("tests/conformance/yarrrml/*/mapping.yml", "tests/golden/*/mapping.yml")
    for path in ROOT.glob(pattern)
)
DOCUMENTS = [
    *(path.read_text(encoding="utf-8") for path in CASES),
    *(f"{BEGIN}    po: [{form}]" for pair in SHORT_AND_LONG for form in pair),
    *(f"{BEGIN}    sources: {written}" for written, _ in SOURCES),
]


def accepted_by_reader(text: str) -> bool:
    try:
        read_yarrrml(text, file="m.yml", default_source=LogicalSource("t.csv"))
    except MappingError:
        return False
    return True


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.parent.name)
def test_it_accepts_the_cases_that_the_reader_accepts(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert is_valid(text) or not accepted_by_reader(text)


class Changed:
    """A document with one change at one of its nodes, written as JSON, which is YAML too."""

    def __init__(self, text: str, at: int, change: str) -> None:
        self.left, self.change, self.in_fixed = at, change, False
        body = plain(read_document(text, file="m.yml", limits=Limits.of()))
        self.body = self._walk(body, fixed=True)

    def _walk(self, node: Any, *, fixed: bool, below: str = "") -> Any:
        self.left -= 1
        if self.left == 0:
            self.in_fixed = fixed and isinstance(node, dict)
            match self.change:
                case "key" if isinstance(node, dict):
                    return {**node, "zzz": "x"}
                case "list":
                    return [node]
                case "map":
                    return {"zzz": node}
                case "text":
                    return "x"
                case "null":
                    return None
                case _:
                    return []
        if isinstance(node, list):
            return [self._walk(item, fixed=fixed, below=below) for item in node]
        if not isinstance(node, dict):
            return node
        # Where keys are names that the author gives, any key is one.
        named = {"prefixes", "external", "sources", "targets", "mappings", "m", "mapping"}
        return {
            key: self._walk(value, fixed=not (below == "" and key in named), below=below + key)
            for key, value in node.items()
        }

    @property
    def text(self) -> str:
        return json.dumps(self.body, ensure_ascii=False)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(DOCUMENTS),
    st.integers(1, 40),
    st.sampled_from(["key", "list", "map", "text", "null", "empty"]),
)
def test_what_the_reader_accepts_it_accepts_and_neither_takes_unknown_keys(
    text: str, at: int, change: str
) -> None:
    try:
        changed = Changed(text, at, change)
    except MappingError:
        return  # a case of the suite that is no document
    if accepted_by_reader(changed.text):
        assert is_valid(changed.text), changed.text
        assert not (change == "key" and changed.in_fixed), changed.text
    if change == "key" and changed.in_fixed:
        assert not is_valid(changed.text), changed.text


@pytest.mark.shared
def test_it_accepts_the_gtfs_mapping(shared: Path) -> None:
    path = shared / "data/gtfs-madrid/gtfs-csv.yml"
    assert is_valid(path.read_text(encoding="utf-8"))
