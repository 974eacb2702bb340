"""csv2rdf: small tables and the quads they give, through the one executor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from app.mapping import plan as p
from app.mapping.functions.registry import call, find
from app.mapping.languages.csvw import compile_csvw, functions
from app.mapping.languages.csvw.cells import CellFormat
from app.mapping.languages.csvw.datatypes import Datatype
from tests.unit.mapping.csvw.conftest import Web

XSD = "http://www.w3.org/2001/XMLSchema#"
CSVW = "http://www.w3.org/ns/csvw#"
Columns = Sequence[Mapping[str, Any]]
ROW = "<http://example.org/data/t.csv#"


def quads(web: Web, csv: str, columns: Columns, **schema: Any) -> list[str]:
    """The quads in minimal mode of a table whose rows are about http://e/{_row}."""
    given = {"aboutUrl": "http://e/{_row}", "propertyUrl": "http://e/{_name}", **schema}
    web.put("t.csv", csv)
    web.put("m.json", {"url": "t.csv", "tableSchema": {"columns": columns, **given}})
    return web.quads(web.described())


def test_cells_become_literals_of_their_datatype_and_language(web: Web) -> None:
    columns: Columns = [
        {"name": "n", "titles": "n", "datatype": "integer"},
        {"name": "d", "titles": "d", "datatype": {"base": "date", "format": "yyyy年M月d日"}},
        {"name": "s", "titles": "s", "lang": "ja"},
    ]
    assert quads(web, "n,d,s\n9007199254740993,2024年4月1日,市\n,,\n", columns) == [
        f'<http://e/1> <http://e/d> "2024-04-01"^^<{XSD}date>',
        f'<http://e/1> <http://e/n> "9007199254740993"^^<{XSD}integer>',
        '<http://e/1> <http://e/s> "市"@ja',
    ]
    assert web.told() == []


def test_a_value_of_another_kind_becomes_a_plain_string_and_a_finding(web: Web) -> None:
    columns = [{"name": "n", "titles": "n", "datatype": "integer", "separator": ";"}]
    assert quads(web, "n\n1;x\n", columns) == [
        f'<http://e/1> <http://e/n> "1"^^<{XSD}integer>',
        '<http://e/1> <http://e/n> "x"',
    ]
    assert web.told() == [("csvw-cell-invalid", 2, "n")]


def test_a_required_cell_without_a_value_is_a_finding(web: Web) -> None:
    columns: Columns = [
        {"name": "a", "titles": "a", "required": True},
        {"name": "b", "titles": "b"},
    ]
    assert quads(web, "a,b\n,1\n", columns) == ['<http://e/1> <http://e/b> "1"']
    assert web.told() == [("csvw-cell-required", 2, "a")]


def test_ordered_lists_become_rdf_lists(web: Web) -> None:
    columns = [{"name": "a", "titles": "a", "separator": ";", "ordered": True}]
    given = quads(web, "a\ny;x\n", columns)
    firsts = [line.split()[-1] for line in given if "#first>" in line]
    assert sorted(firsts) == ['"x"', '"y"']
    assert sum("#rest>" in line for line in given) == 2


def test_other_nulls_than_the_empty_cell_are_followed(web: Web) -> None:
    columns = [{"name": "a", "titles": "a", "null": ["-", "不明"]}]
    assert quads(web, "a\n-\n不明\nx\n", columns) == ['<http://e/3> <http://e/a> "x"']


def test_an_empty_cell_has_the_default_of_its_column(web: Web) -> None:
    columns = [{"name": "a", "titles": "a", "default": "NO", "datatype": YES_NO}]
    assert quads(web, "a\nYES\n\n", columns) == [
        f'<http://e/1> <http://e/a> "true"^^<{XSD}boolean>',
        f'<http://e/2> <http://e/a> "false"^^<{XSD}boolean>',
    ]


YES_NO = {"base": "boolean", "format": "YES|NO"}


def test_value_urls_are_for_cells_with_a_value_and_for_virtual_columns(web: Web) -> None:
    columns: Columns = [
        {"name": "a", "titles": "a", "valueUrl": "http://v/{a}"},
        {"name": "t", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": "schema:Thing"},
    ]
    rdf_type = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    assert quads(web, "a\nx y\n\n", columns) == [
        "<http://e/1> <http://e/a> <http://v/x%20y>",
        f"<http://e/1> {rdf_type} <http://schema.org/Thing>",
        f"<http://e/2> {rdf_type} <http://schema.org/Thing>",
    ]


def test_a_virtual_column_may_have_a_default_as_its_value(web: Web) -> None:
    columns: Columns = [
        {"name": "a", "titles": "a", "suppressOutput": True},
        {"name": "v", "virtual": True, "default": "5", "datatype": "integer"},
    ]
    assert quads(web, "a\nx\n", columns) == [f'<http://e/1> <http://e/v> "5"^^<{XSD}integer>']


@pytest.mark.parametrize(
    ("template", "subject"),
    [
        ("http://e/{id}", "http://e/a%20b"),
        ("#{id}", "http://example.org/data/t.csv#a%20b"),
        ("{#id}", "http://example.org/data/t.csv#a%20b"),
        ("x/{id}", "http://example.org/data/x/a%20b"),
        ("/x{/tags*}", "http://example.org/x/p/q"),
        ("schema:{tags}", "http://schema.org/p,q"),
        ("http://e/{?id,none}", "http://e/?id=a%20b"),
        ("http://e/{_row}-{_sourceRow}", "http://e/1-2"),
        ("http://e/{n}", "http://e/1200"),
    ],
)
def test_about_urls_are_expanded_and_resolved(web: Web, template: str, subject: str) -> None:
    columns: Columns = [
        {"name": "id", "titles": "id"},
        {"name": "tags", "titles": "tags", "separator": ";", "suppressOutput": True},
        {
            "name": "n",
            "titles": "n",
            "suppressOutput": True,
            "datatype": {"base": "integer", "format": "#,##0"},
        },
    ]
    given = quads(web, 'id,tags,n\na b,p;q,"1,200"\n', columns, aboutUrl=template)
    assert given == [f'<{subject}> <http://e/id> "a b"']


def test_columns_have_their_own_subjects_and_numbers(web: Web) -> None:
    columns: Columns = [
        {"name": "a", "titles": "a", "aboutUrl": "http://e/{_column}-{_sourceColumn}-{_name}"},
    ]
    assert quads(web, "a\nx\n", columns) == ['<http://e/1-1-a> <http://e/a> "x"']


def test_rows_without_a_subject_are_blank_nodes_one_for_each_row(web: Web) -> None:
    web.put("t.csv", "a,b\n1,2\n3,4\n").put("m.json", {"url": "t.csv"})
    given = web.quads(web.described())
    assert len({line.split()[0] for line in given}) == 2
    assert all(line.startswith("_:") and ROW in line for line in given)


def test_standard_mode_tells_of_group_table_and_rows(web: Web) -> None:
    web.put("t.csv", "a\nx\n")
    web.put(
        "m.json",
        {
            "@id": "http://e/table",
            "url": "t.csv",
            "dc:title": "表",
            "notes": [{"@type": "oa:Annotation"}],
            "tableSchema": {"aboutUrl": "http://e/{_row}", "rowTitles": "a", "columns": [A]},
        },
    )
    given = web.quads(web.described(), minimal=False)
    predicates = sorted(line.split()[1].rsplit("#", 1)[-1] for line in given)
    assert predicates == sorted(
        [
            *("a>", "row>", "rownum>", "table>", "describes>", "title>", "note>"),
            *("type>", "type>", "type>", "type>", "url>", "url>"),
            "<http://purl.org/dc/terms/title>",
        ]
    )
    assert f"<http://e/table> <{CSVW}url> <http://example.org/data/t.csv>" in given


A = {"name": "a", "titles": "a"}


def test_a_table_without_rows_is_told_of_in_standard_mode(web: Web) -> None:
    web.put("t.csv", "a\n").put("m.json", {"url": "t.csv", "tableSchema": {"columns": [A]}})
    assert any(f"<{CSVW}Table>" in line for line in web.quads(web.described(), minimal=False))


def test_a_suppressed_table_gives_nothing(web: Web) -> None:
    web.put("t.csv", "a\nx\n").put("m.json", {"url": "t.csv", "suppressOutput": True})
    assert web.quads(web.described()) == []


def test_a_key_is_a_column_in_the_plan_so_that_repeats_are_ruled_out(web: Web) -> None:
    schema = {"primaryKey": "a", "aboutUrl": "http://e/{a}", "columns": [A]}
    web.put("t.csv", "a\nx\n").put("m.json", {"url": "t.csv", "tableSchema": schema})
    (pipeline,) = compile_csvw(web.described(), minimal=True).pipelines
    subject = pipeline.emits[0].subject
    assert subject == p.IriTerm(
        p.Concat((p.Text("http://e/"), p.Encoded(p.Column("a"), p.Encode.URI)))
    )
    assert pipeline.source.path == "t.csv"


@pytest.mark.parametrize(
    "iri",
    [
        functions.VALUES,
        functions.TEXTS,
        functions.PRESENT,
        functions.EXPAND,
        functions.RESOLVE,
    ],
)
def test_the_examples_of_the_functions_hold(iri: str) -> None:
    for example in find(iri).examples:
        assert call(iri, **example.arguments) == example.result


def test_a_cell_format_can_be_written_and_read_again() -> None:
    form = CellFormat(Datatype("date", format="M/d"), ("", "-"), "x", ";", True)
    assert functions.read_format(functions.written_format(form)) == form
    assert functions.read_format(functions.written_format(CellFormat())) == CellFormat()
