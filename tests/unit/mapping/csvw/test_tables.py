"""Annotated tables: dialects, headers matched with columns, row numbers."""

from __future__ import annotations

from typing import Any

import pytest

from app.mapping.languages.csvw.tables import ROW, SOURCE_ROW
from tests.unit.mapping.csvw.conftest import Web


def rows(web: Web, csv: str, dialect: dict[str, Any], **table: Any) -> list[list[str]]:
    """The rows of a table, with the pseudo columns at the end."""
    web.put("t.csv", csv).put("m.json", {"url": "t.csv", "dialect": dialect, **table})
    annotated = web.described().tables[0]
    return [
        list(row.values())
        for batch in annotated.rows.batches([*annotated.keys, ROW, SOURCE_ROW])
        for row in batch.table.to_pylist()
    ]


@pytest.mark.parametrize(
    ("csv", "dialect", "expected"),
    [
        ("a,b\n1,2\n", {}, [["1", "2", "1", "2"]]),
        ("1,2\n3,4\n", {"header": False}, [["1", "2", "1", "1"], ["3", "4", "2", "2"]]),
        ("x\na,b\n1,2\n", {"skipRows": 1}, [["1", "2", "1", "3"]]),
        ("a,b\nc,d\n1,2\n", {"headerRowCount": 2}, [["1", "2", "1", "3"]]),
        ("x,a,b\n9,1,2\n", {"skipColumns": 1}, [["1", "2", "1", "2"]]),
        ("a\tb\n1\t2\n", {"delimiter": "\t"}, [["1", "2", "1", "2"]]),
        ("a,b\n#c\n1,2\n", {"commentPrefix": "#"}, [["1", "2", "1", "3"]]),
        ("a,b\n,\n1,2\n", {"skipBlankRows": True}, [["1", "2", "1", "3"]]),
        ("a,b\n 1 , 2 \n", {}, [["1", "2", "1", "2"]]),
        ("a,b\n 1 , 2 \n", {"trim": False}, [[" 1 ", " 2 ", "1", "2"]]),
        ("a,b\n 1 , 2 \n", {"trim": "start"}, [["1 ", "2 ", "1", "2"]]),
        ("a,b\n 1 , 2 \n", {"trim": "end"}, [[" 1", " 2", "1", "2"]]),
        ("a,b\n 1 , 2 \n", {"skipInitialSpace": True}, [["1 ", "2 ", "1", "2"]]),
        ("a,b\n'1,1',2\n", {"quoteChar": "'"}, [["1,1", "2", "1", "2"]]),
        ('a,b\n"1,2\n', {"quoteChar": None}, [['"1', "2", "1", "2"]]),
        ('a,b\n"1\\"1",2\n', {"doubleQuote": False}, [['1"1', "2", "1", "2"]]),
        ("#a,b\n1,2\n", {}, [["1", "2", "1", "2"]]),
    ],
)
def test_dialects_are_followed(
    web: Web, csv: str, dialect: dict[str, Any], expected: list[list[str]]
) -> None:
    assert rows(web, csv, dialect) == expected


def test_japanese_encodings_are_read(web: Web) -> None:
    web.put("t.csv", "名前\n東京\n".encode("cp932"))
    web.put("m.json", {"url": "t.csv", "dialect": {"encoding": "shift_jis"}})
    table = web.described().tables[0]
    assert table.keys == ("名前",)


def test_source_numbers_count_rows_not_lines(web: Web) -> None:
    assert [row[-2:] for row in rows(web, 'a,b\n"x\ny",1\nz,2\n', {})] == [["1", "2"], ["2", "3"]]


def test_several_header_rows_give_several_titles(web: Web) -> None:
    web.put("t.csv", "Name,Number\n名前,番号\nA,1\n")
    web.put("m.json", {"url": "t.csv", "dialect": {"headerRowCount": 2}})
    table = web.described().tables[0]
    assert [column.titles for column in table.columns] == [
        (("und", "Name"), ("und", "名前")),
        (("und", "Number"), ("und", "番号")),
    ]


def test_repeated_and_empty_titles_are_kept_apart(web: Web) -> None:
    web.put("t.csv", "a,a,\n1,2,3\n").put("m.json", {"url": "t.csv"})
    table = web.described().tables[0]
    assert [column.titles for column in table.columns] == [
        (("und", "a"),),
        (("und", "a"),),
        (),
    ]
    assert len(set(table.keys)) == 3


@pytest.mark.parametrize(
    ("columns", "difference"),
    [
        ([{"titles": "a"}, {"titles": "b"}], None),
        ([{"titles": ["x", "a"]}, {}], None),
        ([{"titles": "A"}, {"titles": "b"}], "“a” in the header, “A” in the metadata"),
        ([{"titles": "a"}], "2 columns in the header, 1 in the metadata"),
        ([{"titles": "a"}, {"titles": "b"}, {"titles": "c"}], "2 columns in the header, 3"),
        ([{"name": "x"}, {"name": "y"}], None),
    ],
)
def test_columns_that_do_not_fit_the_header_are_told(
    web: Web, columns: list[dict[str, Any]], difference: str | None
) -> None:
    web.put("t.csv", "a,b\n1,2\n")
    web.put("m.json", {"url": "t.csv", "tableSchema": {"columns": columns}})
    web.described()
    told = [f.message() for f in web.findings]
    if difference is None:
        assert told == []
    else:
        assert difference in told[0]


def test_a_name_without_titles_does_not_fit_when_validating(web: Web) -> None:
    web.put("t.csv", "a\n1\n")
    web.put("m.json", {"url": "t.csv", "tableSchema": {"columns": [{"name": "a"}]}})
    assert web.validated() == [("csvw-columns-incompatible", 1, None)]


@pytest.mark.parametrize(
    ("tag", "lang", "fits"),
    [("en", "de", False), ("en-US", "en", True), ("en", "und", True), ("ja", "ja", True)],
)
def test_titles_fit_in_a_matching_language(web: Web, tag: str, lang: str, fits: bool) -> None:
    web.put("t.csv", "a\n1\n")
    columns = [{"titles": {tag: "a"}}]
    web.put("m.json", {"url": "t.csv", "lang": lang, "tableSchema": {"columns": columns}})
    web.described()
    assert (web.told() == []) == fits
