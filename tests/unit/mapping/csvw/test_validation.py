"""Validation: cells, required columns, primary and foreign keys, each with line and field."""

from __future__ import annotations

from typing import Any

from tests.unit.mapping.csvw.conftest import Web


def put(web: Web, csv: str, **schema: Any) -> Web:
    """A table t.csv with this schema."""
    return web.put("t.csv", csv).put("m.json", {"url": "t.csv", "tableSchema": schema})


def test_a_table_without_faults_has_no_finding(web: Web) -> None:
    put(web, "id,n\na,1\nb,2\n", primaryKey="id", columns=COLUMNS)
    assert web.validated() == []


COLUMNS = [
    {"name": "id", "titles": "id", "required": True},
    {"name": "n", "titles": "n", "datatype": {"base": "integer", "minimum": 0}},
]


def test_every_bad_cell_is_counted_and_placed(web: Web) -> None:
    put(web, "id,n\na,x\n,1\nb,x\nc,-1\n", columns=COLUMNS)
    assert web.validated() == [
        ("csvw-cell-invalid", 2, "n"),
        ("csvw-cell-required", 3, "id"),
        ("csvw-cell-invalid", 5, "n"),
    ]
    assert web.findings.counts() == {"csvw-cell-invalid": 3, "csvw-cell-required": 1}
    messages = [finding.message("ja") for finding in web.findings]
    assert "「x」は integer ではありません" in messages[0]
    assert "≥ 0" in messages[2]


def test_a_repeated_primary_key_names_the_first_line(web: Web) -> None:
    put(web, "id,n\na,1\nb,1\na,2\n", primaryKey="id", columns=COLUMNS)
    assert web.validated() == [("csvw-primary-key-repeated", 4, "id")]
    (finding,) = web.findings
    assert "line 2" in finding.message("en")
    assert "2 行目" in finding.message("ja")


def test_keys_compare_values_not_texts(web: Web) -> None:
    put(web, "id,n\na,+1\na, +1\n", primaryKey=["id", "n"], columns=COLUMNS)
    assert web.validated() == [("csvw-primary-key-repeated", 3, "id, n")]


def two_tables(web: Web, first: str, second: str) -> Web:
    """Cities that refer to prefectures."""
    key = {
        "columnReference": "pref",
        "reference": {"resource": "prefectures.csv", "columnReference": "code"},
    }
    city = {"columns": [{"name": "pref", "titles": "pref"}], "foreignKeys": [key]}
    prefecture = {"columns": [{"name": "code", "titles": "code"}]}
    web.put("cities.csv", first).put("prefectures.csv", second)
    tables = [
        {"url": "cities.csv", "tableSchema": city},
        {"url": "prefectures.csv", "tableSchema": prefecture},
    ]
    return web.put("m.json", {"tables": tables})


def test_foreign_keys_refer_to_one_row(web: Web) -> None:
    two_tables(web, "pref\n13\n14\n", "code\n13\n14\n")
    assert web.validated() == []


def test_a_foreign_key_without_its_row_is_told(web: Web) -> None:
    two_tables(web, "pref\n13\n99\n", "code\n13\n14\n")
    assert web.validated() == [("csvw-foreign-key-unknown", 3, "pref")]
    assert "prefectures.csv" in next(iter(web.findings)).message("ja")


def test_a_foreign_key_with_two_rows_is_told(web: Web) -> None:
    two_tables(web, "pref\n13\n", "code\n13\n13\n")
    assert web.validated() == [("csvw-foreign-key-ambiguous", 2, "pref")]


def test_rows_of_another_length_are_told(web: Web) -> None:
    put(web, "id,n\na,1\nb\nc,1,2\n", columns=COLUMNS)
    assert [told[:2] for told in web.validated()] == [
        ("table-ragged-row", 3),
        ("table-ragged-row", 4),
    ]
