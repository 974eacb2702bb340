"""Metadata as the description of a data set."""

from __future__ import annotations

from app.mapping.languages.csvw import data_package
from tests.unit.mapping.csvw.conftest import Web


def test_common_properties_describe_the_data_set(web: Web) -> None:
    web.put("t.csv", "番号,名称,面積\n1,A,2.5\n")
    web.put(
        "m.json",
        {
            "@context": ["http://www.w3.org/ns/csvw", {"@language": "ja"}],
            "url": "t.csv",
            "dc:title": ["施設", {"@value": "Facilities", "@language": "en"}],
            "dc:description": "施設の一覧",
            "dc:license": {"@id": "https://creativecommons.org/licenses/by/4.0/"},
            "dc:publisher": [{"schema:name": "港区", "schema:url": {"@id": "http://example.org"}}],
            "dcat:keyword": ["施設", "公共", "施設"],
            "dc:issued": {"@value": "2024-04-01", "@type": "xsd:date"},
            "tableSchema": {
                "primaryKey": "no",
                "columns": [
                    {"name": "no", "titles": "番号", "datatype": "integer"},
                    {"titles": {"ja": "名称", "en": "name"}},
                    {"titles": "面積", "datatype": {"base": "decimal"}},
                ],
            },
        },
    )
    assert data_package(web.described(), "facilities") == {
        "name": "facilities",
        "title": "施設",
        "title_en": "Facilities",
        "description": "施設の一覧",
        "licenses": [{"path": "https://creativecommons.org/licenses/by/4.0/"}],
        "publisher": "港区",
        "keywords": ["施設", "公共"],
        "issued": "2024-04-01",
        "resources": [
            {
                "path": "t.csv",
                "title": "施設",
                "encoding": "utf-8",
                "schema": {
                    "fields": [
                        {"name": "no", "title": "番号", "type": "integer"},
                        {
                            "name": "%E5%90%8D%E7%A7%B0",
                            "title": "名称",
                            "title_en": "name",
                            "type": "string",
                        },
                        {"name": "%E9%9D%A2%E7%A9%8D", "title": "面積", "type": "number"},
                    ],
                    "primaryKey": ["no"],
                },
            }
        ],
    }


def test_a_table_without_properties_is_called_by_its_name(web: Web) -> None:
    web.put("t.csv", "a\n1\n").put("m.json", {"url": "t.csv"})
    package = data_package(web.described(), "things")
    assert package["title"] == "things"
    assert "licenses" not in package


def test_what_the_group_does_not_say_its_tables_may(web: Web) -> None:
    web.put("t.csv", "a\n1\n")
    table = {"url": "t.csv", "dc:title": "表", "dc:publisher": "港区"}
    web.put("m.json", {"dc:title": "全体", "tables": [table]})
    package = data_package(web.described(), "things")
    assert (package["title"], package["publisher"]) == ("全体", "港区")
    assert package["resources"][0]["title"] == "表"
