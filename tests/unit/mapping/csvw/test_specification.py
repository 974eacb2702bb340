"""CSVW by its specifications, beyond the cases of the suite: formats, lists, templates and nulls in
unusual combinations, and what they give in minimal mode.

Sources: Model for Tabular Data, sections 6.3 and 6.4; Metadata Vocabulary, sections 4.3 and 5;
Generating RDF from Tabular Data, section 4.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.mapping.csvw.conftest import Web

SHORT = {
    "http://www.w3.org/2001/XMLSchema#": "xsd:",
    "http://www.w3.org/ns/csvw#": "csvw:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
    "http://example.org/data/": "d:",
    "http://e/": "",
}
Columns = list[dict[str, Any]]


def typed(base: str, format: object = None, **facets: object) -> dict[str, object]:
    found: dict[str, object] = {"base": base, **facets}
    return found if format is None else found | {"format": format}


CASES: list[tuple[str, str, Columns, dict[str, object], list[str]]] = [
    (
        "a pattern with the marks of another country",
        'a\n"1.234,50"\n',
        [{"titles": "a", "datatype": typed("decimal", {"decimalChar": ",", "groupChar": ".", "pattern": "#.##0,00"})}],
        {},
        ['<1> <a> "1234.50"^^<xsd:decimal>'],
    ),
    (
        "leading zeros that the pattern asks for",
        "a\n01234\n",
        [{"titles": "a", "datatype": typed("integer", "00000")}],
        {},
        ['<1> <a> "01234"^^<xsd:integer>'],
    ),
    (
        "a sign that the pattern asks for",
        "a\n+0.5\n",
        [{"titles": "a", "datatype": typed("float", "+0.0")}],
        {},
        ['<1> <a> "+0.5"^^<xsd:float>'],
    ),
    (
        "truth values in other words",
        "a\nY\nN\n",
        [{"titles": "a", "datatype": typed("boolean", "Y|N")}],
        {},
        ['<1> <a> "true"^^<xsd:boolean>', '<2> <a> "false"^^<xsd:boolean>'],
    ),
    (
        "dates by pattern",
        "a,b,c\n01.04.2024,4/1/2024,20240401\n",
        [
            {"titles": "a", "datatype": typed("date", "dd.MM.yyyy")},
            {"titles": "b", "datatype": typed("date", "M/d/yyyy")},
            {"titles": "c", "datatype": typed("date", "yyyyMMdd")},
        ],
        {},
        [f'<1> <{name}> "2024-04-01"^^<xsd:date>' for name in "abc"],
    ),
    (
        "moments with fractions and zones",
        "a,b,c\n2024-04-01T09:30,0930,2024-04-01 09:30:00.25 +09\n",
        [
            {"titles": "a", "datatype": typed("dateTime", "yyyy-MM-ddTHH:mm")},
            {"titles": "b", "datatype": typed("time", "HHmm")},
            {"titles": "c", "datatype": typed("dateTime", "yyyy-MM-dd HH:mm:ss.SS X")},
        ],
        {},
        [
            '<1> <a> "2024-04-01T09:30:00"^^<xsd:dateTime>',
            '<1> <b> "09:30:00"^^<xsd:time>',
            '<1> <c> "2024-04-01T09:30:00.25+09:00"^^<xsd:dateTime>',
        ],
    ),
    (
        "types that RDF names otherwise",
        "a,b,c,d\n<b/>,{},x,P1Y2M\n",
        [
            {"titles": "a", "datatype": "xml"},
            {"titles": "b", "datatype": "json"},
            {"titles": "c", "datatype": "any"},
            {"titles": "d", "datatype": "yearMonthDuration"},
        ],
        {},
        [
            '<1> <a> "<b/>"^^<rdf:XMLLiteral>',
            '<1> <b> "{}"^^<csvw:JSON>',
            '<1> <c> "x"^^<xsd:anyAtomicType>',
            '<1> <d> "P1Y2M"^^<xsd:yearMonthDuration>',
        ],
    ),
    (
        "a datatype with a name of its own",
        "a\n12\n5\n",
        [{"titles": "a", "datatype": typed("integer", minimum=10, **{"@id": "http://e/dt"})}],
        {},
        ['<1> <a> "12"^^<dt>', '<2> <a> "5"'],
    ),
    (
        "texts keep inner blanks, other types do not",
        'a,b\n"x \t y"," 5 "\n',
        [{"titles": "a", "datatype": "token"}, {"titles": "b", "datatype": "integer"}],
        {},
        ['<1> <a> "x y"^^<xsd:token>', '<1> <b> "5"^^<xsd:integer>'],
    ),
    (
        "lists with empty items and defaults",
        'a,c\n"x; y;;z",\n"",q\n',
        [{"titles": "a", "separator": ";"}, {"titles": "c", "separator": "|", "default": "p|q"}],
        {},
        ['<1> <a> " y"', '<1> <a> "x"', '<1> <a> "z"', '<1> <c> "p"', '<1> <c> "q"', '<2> <c> "q"'],
    ),
    (
        "lists in templates",
        "a,b\nx;y,1\n",
        [
            {"titles": "a", "separator": ";", "valueUrl": "http://v/{a}", "propertyUrl": "http://p{?a,b}"},
            {"titles": "b", "valueUrl": "http://v{/a*}{#b}"},
        ],
        {},
        ["<1> <b> <http://v/x/y#1>", "<1> <http://p?a=x,y&b=1> <http://v/x,y>"],
    ),
    (
        "virtual columns about other things, and one left out",
        "a,b\nx,1\n",
        [
            {"titles": "a", "suppressOutput": True},
            {"titles": "b", "datatype": "integer"},
            {"name": "v", "virtual": True, "propertyUrl": "rdf:type", "valueUrl": "schema:Place"},
            {"name": "w", "virtual": True, "aboutUrl": "http://z/{a}", "propertyUrl": "dc:source", "valueUrl": "http://e/{_row}-{_sourceRow}"},
        ],
        {},
        [
            '<1> <b> "1"^^<xsd:integer>',
            "<1> <rdf:type> <http://schema.org/Place>",
            "<http://z/x> <http://purl.org/dc/terms/source> <1-2>",
        ],
    ),
    (
        "several nulls; an empty cell that is none; a default with a language",
        "a,b,c\n-,N/A,x\nNULL,,\n",
        [
            {"titles": "a", "null": ["-", "NULL"]},
            {"titles": "b", "null": "N/A"},
            {"titles": "c", "lang": "ja", "default": "無"},
        ],
        {},
        ['<1> <c> "x"@ja', '<2> <b> ""', '<2> <c> "無"@ja'],
    ),
    (
        "names from titles are encoded once, and again inside a template",
        "First Name,市\nx,y\n",
        [{"titles": ["First Name", "名"]}, {"titles": {"ja": "市"}}],
        {"propertyUrl": "{+_name}"},
        ["<1> <d:First%20Name> \"x\"", '<1> <d:_col.2> "y"'],
    ),
    (
        "relative templates are of the table, and values are encoded",
        "c\né/?\n",
        [{"titles": "c"}],
        {"aboutUrl": "r/{c}{?c}", "propertyUrl": "p#{_name}"},
        ['<d:r/%C3%A9%2F%3F?c=%C3%A9%2F%3F> <d:p#c> "é/?"'],
    ),
    (
        "what does not fit its pattern stays text",
        "a,b,c\nzz,20240431,aGk=\n",
        [
            {"titles": "a", "datatype": typed("string", "[A-Z]{2}[0-9]{2}")},
            {"titles": "b", "datatype": typed("date", "yyyyMMdd")},
            {"titles": "c", "datatype": "base64Binary"},
        ],
        {},
        ['<1> <a> "zz"', '<1> <b> "20240431"', '<1> <c> "aGk="^^<xsd:base64Binary>'],
    ),
]  # fmt: skip


@pytest.mark.parametrize(
    ("csv", "columns", "schema", "lines"), [case[1:] for case in CASES], ids=[c[0] for c in CASES]
)
def test_what_the_specifications_say(
    web: Web, csv: str, columns: Columns, schema: dict[str, object], lines: list[str]
) -> None:
    web.put("t.csv", csv)
    given = {"aboutUrl": "http://e/{_row}", "propertyUrl": "http://e/{_name}", **schema}
    web.put("m.json", {"url": "t.csv", "tableSchema": {"columns": columns, **given}})
    found = "\n".join(web.quads(web.described()))
    for namespace, prefix in SHORT.items():
        found = found.replace(namespace, prefix)
    assert found.splitlines() == lines


def test_rows_have_titles_in_standard_mode(web: Web) -> None:
    columns = [{"name": "id"}, {"name": "n", "lang": "ja"}]
    web.put("t.csv", "id,n\n1,港\n")
    schema = {"columns": columns, "rowTitles": ["n"], "aboutUrl": "#r{id}"}
    web.put("m.json", {"url": "t.csv", "tableSchema": schema})
    titles = [q for q in web.quads(web.described(), minimal=False) if "csvw#title" in q]
    assert [title.split(" ", 1)[1] for title in titles] == [
        '<http://www.w3.org/ns/csvw#title> "港"@ja'
    ]
