"""Metadata: what is read, what warns, what stops, each with its place and in both languages."""

from __future__ import annotations

import time
from typing import Any

import pytest

from app.errors import MappingError
from app.mapping.languages.csvw.datatypes import Datatype
from app.mapping.languages.csvw.model import normalised_address
from tests.unit.mapping.csvw.conftest import Web

CSV = "番号,名前\n1,A\n"


def described(web: Web, table: dict[str, Any], **group: Any) -> Any:
    """The first annotated table of metadata with these members."""
    web.put("t.csv", CSV)
    members = (
        {"tables": [{"url": "t.csv", **table}], **group} if group else {"url": "t.csv", **table}
    )
    return web.put("m.json", members).described().tables[0]


def test_inherited_properties_come_down_from_group_table_and_schema(web: Web) -> None:
    table = described(
        web,
        {
            "null": "-",
            "tableSchema": {
                "separator": ";",
                "columns": [{"titles": "番号", "datatype": "integer"}, {"titles": "名前"}],
            },
        },
        lang="ja",
        datatype="token",
        null="x",
    )
    number, name = table.columns
    assert (number.lang, number.datatype.base, number.cell_format.nulls) == (
        "ja",
        "integer",
        ("-",),
    )
    assert (name.datatype.base, name.cell_format.separator) == ("token", ";")
    assert web.told() == []


def test_names_come_from_titles_percent_encoded(web: Web) -> None:
    table = described(web, {"tableSchema": {"columns": [{"titles": "番号"}, {"titles": "名前"}]}})
    assert [column.name for column in table.columns] == ["%E7%95%AA%E5%8F%B7", "%E5%90%8D%E5%89%8D"]
    assert table.keys == ("番号", "名前")


def test_datatype_descriptions_are_read(web: Web) -> None:
    datatype = {
        "@id": "http://example.org/yen",
        "base": "number",
        "format": {"pattern": "#,##0", "groupChar": ","},
        "minimum": 0,
    }
    columns = [{"titles": "番号", "datatype": datatype}, {"titles": "名前"}]
    table = described(web, {"tableSchema": {"columns": columns}})
    assert table.columns[0].datatype == Datatype(
        "double",
        id="http://example.org/yen",
        format="#,##0",
        group_char=",",
        min_inclusive="0",
    )


@pytest.mark.parametrize(
    ("members", "part", "english", "japanese"),
    [
        ({"lang": "not a tag"}, "lang", "language tag", "言語タグ"),
        ({"null": 1}, "null", "string", "文字列"),
        ({"ordered": "yes"}, "ordered", "true or false", "true か false"),
        ({"separator": ""}, "separator", "empty", "空"),
        ({"aboutUrl": "{x"}, "aboutUrl", "URI template", "URI テンプレート"),
        ({"datatype": "int32"}, "datatype", "int32 is not a built-in", "int32 は組み込み"),
        ({"datatype": {"base": "date", "format": "yy"}}, "datatype/format", "understood", "解釈"),
        ({"datatype": {"base": "boolean", "format": {}}}, "datatype/format", "string", "文字列"),
        ({"textDirection": "up"}, "textDirection", "rtl", "rtl"),
        ({"tableDirection": "up"}, "tableDirection", "rtl", "rtl"),
        ({"titels": "x"}, "titels", "cannot be used here", "使えない"),
        ({"notes": "x"}, "notes", "must be an array", "配列"),
        ({"dialect": {"encoding": "foo"}}, "dialect/encoding", "encoding", "文字コード"),
        ({"dialect": {"skipRows": -1}}, "dialect/skipRows", "integer", "整数"),
        ({"dialect": {"lineTerminators": "|"}}, "dialect/lineTerminators", "line breaks", "改行"),
        ({"dialect": 1}, "dialect", "must be an object", "オブジェクト"),
        ({"transformations": [1]}, "transformations/0", "object", "オブジェクト"),
        ({"tableSchema": {"primaryKey": "x", "columns": []}}, "tableSchema/primaryKey", "x", "x"),
        (
            {"tableSchema": {"columns": [{"name": "_a"}]}},
            "tableSchema/columns/0/name",
            "%XX",
            "%XX",
        ),
    ],
)
def test_what_is_not_permitted_warns_and_is_left_out(
    web: Web, members: dict[str, Any], part: str, english: str, japanese: str
) -> None:
    described(web, members)
    finding = next(f for f in web.findings if f.kind.code == "csvw-metadata-ignored")
    assert finding.values["part"] == part
    assert english in finding.message("en")
    assert japanese in finding.message("ja")
    assert finding.place.line == 1
    assert finding.place.column is not None


@pytest.mark.parametrize(
    ("members", "english", "japanese"),
    [
        ({"@id": "_:x"}, "blank node", "空白ノード"),
        ({"@type": "Schema"}, "must be Table", "Table でなければ"),
        (
            {"dc:title": {"@value": "x", "@type": "xsd:date", "@language": "en"}},
            "only one",
            "どちらか",
        ),
        ({"dc:title": {"@value": "x", "@language": 1}}, "language tag", "言語タグ"),
        ({"dc:title": {"@language": "en"}}, "beside @value", "@value と一緒"),
        ({"dc:title": {"@list": []}}, "@list", "@list"),
        ({"dc:title": {"@type": "Foo"}}, "CSVW term", "CSVW の語"),
        ({"dc:title": {"@id": "_:x"}}, "blank node", "空白ノード"),
        (
            {"tableSchema": {"columns": [{"name": "a"}, {"name": "a"}]}},
            "used twice",
            "重複",
        ),
        (
            {"tableSchema": {"columns": [{"name": "a", "virtual": True}, {"name": "b"}]}},
            "virtual column",
            "仮想列",
        ),
        ({"datatype": {"base": "string", "minimum": 1}}, "facets", "制約"),
        ({"datatype": {"@id": "xsd:string"}}, "built-in", "組み込み"),
        (
            {
                "tableSchema": {
                    "columns": [{"name": "a"}],
                    "foreignKeys": [{"columnReference": "b"}],
                }
            },
            "no column whose name is b",
            "name が b の列",
        ),
        (
            {
                "tableSchema": {
                    "columns": [{"name": "a"}],
                    "foreignKeys": [
                        {
                            "columnReference": "a",
                            "reference": {"resource": "u.csv", "columnReference": "a"},
                        }
                    ],
                }
            },
            "u.csv",
            "u.csv",
        ),
        ({"tableSchema": "missing.json"}, "cannot be read", "読めません"),
    ],
)
def test_what_is_an_error_stops_with_its_place(
    web: Web, members: dict[str, Any], english: str, japanese: str
) -> None:
    with pytest.raises(MappingError) as raised:
        described(web, members)
    assert english in raised.value.message("en")
    assert japanese in raised.value.message("ja")
    place = raised.value.place
    assert place is not None
    assert (place.file, place.line) == ("m.json", 1)


@pytest.mark.parametrize(
    "root",
    [
        "[]",
        "{}",
        '{"@context": "http://schema.org", "url": "t.csv"}',
        '{"@context": ["http://www.w3.org/ns/csvw", {"ex": "http://a/"}], "url": "t.csv"}',
        '{"@context": "http://www.w3.org/ns/csvw", "tables": []}',
        '{"@context": "http://www.w3.org/ns/csvw", "tables": [{}]}',
    ],
)
def test_documents_that_are_no_metadata_stop(web: Web, root: str) -> None:
    web.put("m.json", root)
    with pytest.raises(MappingError) as raised:
        web.described()
    assert raised.value.place is not None


def test_ten_thousand_columns_are_read_in_time(web: Web) -> None:
    columns = [{"name": f"c{number}"} for number in range(10_000)]
    started = time.process_time()
    described(web, {"tableSchema": {"columns": columns}})
    assert time.process_time() - started < 3


def test_a_schema_may_be_a_document_of_its_own(web: Web) -> None:
    web.put("s.json", {"columns": [{"titles": "番号", "name": "id"}, {"titles": "名前"}]})
    table = described(web, {"tableSchema": "s.json"})
    assert table.columns[0].name == "id"
    assert table.description.schema.id == "http://example.org/data/s.json"


def test_addresses_are_compared_after_normalisation() -> None:
    for left, right, same in [
        ("HTTP://Example.org:80/%7ea", "http://example.org/~a", True),
        ("https://a:443", "https://a/", True),
        ("http://a/b", "http://a/B", False),
        ("http://a/%2f", "http://a//", False),
    ]:
        assert (normalised_address(left) == normalised_address(right)) == same
