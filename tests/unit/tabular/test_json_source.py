"""JSON documents as tables: rows, references, exact values, lines, limits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import SourceError, SourceTooLarge
from app.findings import Findings
from app.rdf.namespaces import XSD
from app.tabular.json_paths import query
from app.tabular.json_source import JsonTable, open_json, open_json_bytes
from app.tabular.limits import ReadLimits
from app.tabular.source import from_bytes

COMPANIES = """{"companies": [
  {"name": "甲", "staff": [{"name": "a"}, {"name": "b"}]},
  {"name": "乙", "staff": []},
  {"name": null}
]}"""


def opened(text: str, iterator: str | None = None) -> tuple[JsonTable, Findings]:
    findings = Findings()
    return open_json_bytes("d.json", text.encode(), iterator, findings=findings), findings


def column(table: JsonTable, name: str) -> list[object]:
    return [v for batch in table.batches([name]) for v in batch.table.column(name).to_pylist()]


def test_the_items_of_the_iterator_are_rows_with_the_line_where_each_begins() -> None:
    table, _ = opened(COMPANIES, "$.companies[*]")
    [batch] = table.batches(["name"])
    assert batch.table.column("name").to_pylist() == ["甲", "乙", None]
    assert batch.lines.tolist() == [2, 3, 4]
    assert table.columns == ("name", "staff")


def test_a_reference_with_a_wildcard_gives_a_list_for_each_row() -> None:
    table, _ = opened(COMPANIES, "$.companies[*]")
    assert column(table, "$.staff[*].name") == [["a", "b"], [], []]


def test_without_an_iterator_the_items_of_an_array_are_rows() -> None:
    assert column(opened('[{"a": 1}, {"a": 2}]')[0], "a") == ["1", "2"]
    assert column(opened('{"a": 1}')[0], "a") == ["1"]


@pytest.mark.parametrize(
    ("reference", "item"),
    [
        ("$.a", '{"a": "x"}'),
        ("a", '{"a": "x"}'),
        ("@.a", '{"a": "x"}'),
        ("Country Code", '{"Country Code": "x"}'),
        ("名称", '{"名称": "x"}'),
        ("$['名 称']", '{"名 称": "x"}'),
        ("a.b", '{"a": {"b": "x"}}'),
        ("$.a[1]", '{"a": ["y", "x"]}'),
    ],
)
def test_forms_of_references(reference: str, item: str) -> None:
    assert column(opened(item)[0], reference) == ["x"]


def test_numbers_keep_every_digit_and_know_their_kind() -> None:
    text = '[{"n": 9007199254740993}, {"n": 0.1000000000000000000001}, {"n": 1e3}, {"n": true}, {"n": "1"}]'
    [batch] = opened(text)[0].batches(["n"])
    assert batch.table.column("n").to_pylist() == [
        "9007199254740993",
        "0.1000000000000000000001",
        "1e3",
        "true",
        "1",
    ]
    kinds = ["integer", "double", "double", "boolean", None]
    assert batch.datatypes["n"].to_pylist() == [k and XSD + k for k in kinds]


def test_an_integer_longer_than_python_converts_stays_exact() -> None:
    digits = "9" * 5000
    [batch] = opened(f'[{{"n": {digits}}}]')[0].batches(["n"])
    assert batch.table.column("n").to_pylist() == [digits]
    assert batch.datatypes["n"].to_pylist() == [XSD + "integer"]


def test_an_object_as_a_value_is_a_finding_with_line_and_reference() -> None:
    table, findings = opened('[\n{"a": {"b": 1}}]')
    assert column(table, "a") == [None]
    [finding] = findings
    assert (finding.place.line, finding.place.field) == (2, "a")
    assert "a[*]" in finding.message("en")
    assert "配列" in finding.message("ja")


def test_a_finding_is_told_once_however_often_the_table_is_read() -> None:
    table, findings = opened('[{"a": {"b": 1}}, {"a": []}]')
    list(table.batches(["a"], limit=1))
    for _ in range(3):
        column(table, "a")
    assert findings.counts() == {"json-structure-as-value": 2}


def test_a_member_given_twice_is_a_finding() -> None:
    _, findings = opened('{"a": 1,\n "b": {"a": 1, "a": 2}}')
    [finding] = findings
    assert (finding.kind.code, finding.place.line) == ("json-repeated-member", 2)


def test_half_a_surrogate_pair_is_a_finding() -> None:
    table, findings = opened('[{"a": "\\ud800"}]')
    assert column(table, "a") == [None]
    assert findings.counts() == {"json-not-a-character": 1}


def test_what_is_not_json_is_refused_with_line_and_column() -> None:
    with pytest.raises(SourceError) as caught:
        opened('{"a": 1,\n "b" 2}')
    assert caught.value.place is not None
    assert (caught.value.place.line, caught.value.place.column) == (2, 6)
    assert "JSON として読めません" in caught.value.message("ja")


@pytest.mark.parametrize("text", ["NaN", "[Infinity]", ""])
def test_what_json_does_not_have_is_refused(text: str) -> None:
    with pytest.raises(SourceError):
        opened(text)


def test_deep_nesting_is_refused_before_the_stack_ends() -> None:
    with pytest.raises(SourceTooLarge, match="nested"):
        opened("[" * 100_000 + "]" * 100_000)


def test_a_document_past_the_limit_is_refused() -> None:
    source = from_bytes("d.json", b"[" + b"1," * 1000 + b"1]", ReadLimits())
    with pytest.raises(SourceTooLarge):
        open_json(source, findings=Findings(), limits=ReadLimits(json_bytes=100))


def test_utf_16_is_read_by_its_mark() -> None:
    table = open_json_bytes("d.json", '[{"a": "名"}]'.encode("utf-16"), findings=Findings())
    assert column(table, "a") == ["名"]
    assert table.description.encoding == "utf-16-le"


@pytest.mark.parametrize("text", ["$[", "$..", "$.a[?match(@.b, 'x')]"])
def test_what_is_no_query_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"\S"):
        query(text)


@settings(deadline=None)  # the machine may be busy
@given(st.lists(st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5))))
def test_every_scalar_comes_back(values: list[object]) -> None:
    import json

    text = json.dumps([{"v": value} for value in values], ensure_ascii=True)
    shown = [
        value if isinstance(value, str) else None if value is None else json.dumps(value)
        for value in values
    ]
    assert column(opened(text)[0], "v") == shown
