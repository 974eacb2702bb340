"""Sources that are not plain files: tables of databases, and none at all."""

from __future__ import annotations

import pytest

from app.errors import MappingError
from app.findings import Findings
from app.mapping.compile import compile_mapping
from app.mapping.database_tables import DatabaseTable
from app.mapping.execute import Executor
from app.mapping.languages import read_mapping
from app.mapping.model import LogicalSource
from app.mapping.sources import open_source
from app.rdf.namespaces import XSD
from app.tabular.batch import Table
from app.tabular.reader import open_bytes

PREFIXES = """
@prefix rr: <http://www.w3.org/ns/r2rml#> . @prefix rml: <http://w3id.org/rml/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix ex: <http://e/> .
"""
EMPLOYEES = """id,name,salary,joined,active,code,note
1,佐藤,1200.50,2020-04-01,true,007,
2,鈴木,9007199254740993,2021-02-28,false,012,
3,,,,,100,
"""


def run(mapping: str, **files: str) -> list[str]:
    plan = compile_mapping(read_mapping(PREFIXES + mapping, file="m.ttl"), base="http://b/")

    def file(source: LogicalSource) -> Table:
        text = files[source.path.removesuffix(".csv")]
        return open_bytes(source.path, text.encode(), findings=Findings())

    executor = Executor(plan, lambda source: open_source(source, file, Findings()), Findings())
    data = b"".join(bytes(chunk.data()) for chunk in executor.run()).decode()
    short = data.replace("http://e/", "").replace(XSD, "xsd:")
    return sorted(line.removesuffix(" .") for line in short.splitlines())


def columns(*names: str) -> str:
    return " ; ".join(
        f'rr:predicateObjectMap [ rr:predicate ex:{n} ; rr:objectMap [ rr:column "{n}" ] ]'
        for n in names
    )


R2RML = """<#m> rr:logicalTable [ rr:tableName "EMP" ] ;
  rr:subjectMap [ rr:template "http://e/{id}" ] ; """


def test_a_table_of_a_database_has_natural_datatypes() -> None:
    """R2RML, section 10.2. A number with leading zeros is a code, and nothing goes by a float."""
    names = ("salary", "joined", "active", "code", "name", "note")
    assert run(R2RML + columns(*names) + " .", EMP=EMPLOYEES) == [
        '<1> <active> "true"^^<xsd:boolean>',
        '<1> <code> "007"',
        '<1> <joined> "2020-04-01"^^<xsd:date>',
        '<1> <name> "佐藤"',
        '<1> <salary> "1200.50"^^<xsd:decimal>',
        '<2> <active> "false"^^<xsd:boolean>',
        '<2> <code> "012"',
        '<2> <joined> "2021-02-28"^^<xsd:date>',
        '<2> <name> "鈴木"',
        '<2> <salary> "9007199254740993"^^<xsd:decimal>',
        '<3> <code> "100"',
    ]


def test_a_stated_datatype_wins_and_templates_stay_text() -> None:
    objects = (
        'rr:predicateObjectMap [ rr:predicate ex:p ; rr:objectMap [ rr:column "id" ; '
        f"rr:datatype <{XSD}string> ] ] ; rr:predicateObjectMap [ rr:predicate ex:q ; "
        'rr:objectMap [ rr:template "{id}" ; rr:termType rr:Literal ] ]'
    )
    assert run(R2RML + objects + " .", EMP="id\n1\n") == ['<1> <p> "1"', '<1> <q> "1"']


@pytest.mark.parametrize(
    ("cells", "datatype"),
    [
        (["1", "-5", "0"], "integer"),
        (["1", "2.5"], "decimal"),
        (["1.5E0", "2E10"], "double"),
        (["12:30:00"], "time"),
        (["2020-01-01T00:00:00Z"], "dateTime"),
        (["2020-02-30"], None),
        (["01", "2"], None),
        (["1", "x"], None),
        (["+1"], None),
    ],
)
def test_a_column_has_the_type_that_all_its_cells_are_written_in(
    cells: list[str], datatype: str | None
) -> None:
    data = ("a\n" + "\n".join(cells) + "\n").encode()
    table = DatabaseTable(open_bytes("t.csv", data, findings=Findings()))
    [batch] = table.batches()
    found = {name: types[0].as_py() for name, types in batch.datatypes.items()}
    assert found == ({} if datatype is None else {"a": XSD + datatype})


def test_r2rml_joins_read_two_tables() -> None:
    mapping = (
        R2RML
        + """rr:predicateObjectMap [ rr:predicate ex:in ; rr:objectMap [
      rr:parentTriplesMap <#d> ; rr:joinCondition [ rr:child "dept" ; rr:parent "no" ] ] ] .
    <#d> rr:logicalTable [ rr:tableName "\\"人事\\".\\"DEPT\\"" ] ;
      rr:subjectMap [ rr:template "http://e/d{no}" ; rr:class ex:D ] ."""
    )
    assert run(mapping, EMP="id,dept\n1,10\n", DEPT="no\n10\n20\n") == [
        "<1> <in> <d10>",
        "<d10> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <D>",
        "<d20> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <D>",
    ]


@pytest.mark.parametrize(
    "query", ["rr:sqlQuery 'SELECT * FROM EMP'", "rml:query 'SELECT 1' ; rml:source 'x'"]
)
def test_a_query_is_refused_and_the_way_out_told(query: str) -> None:
    with pytest.raises(MappingError) as caught:
        run(f'<#m> rr:logicalTable [ {query} ] ; rr:subjectMap [ rr:template "http://e/{{id}}" ] .')
    assert "ファイルだけ" in caught.value.message("ja")
    assert "CSV に書き出し" in caught.value.message("ja")
    assert "only files can be read" in caught.value.message("en")
    assert "Save the table as CSV" in caught.value.message("en")
    assert caught.value.place is not None


CONSTANTS = """<#m> a rml:TriplesMap ; rml:subjectMap [ rml:constant ex:Gaston ] ;
  rml:predicateObjectMap [ rml:predicate ex:label ; rml:object "ガストン"@ja ] ;
  rml:predicateObjectMap [ rml:predicate ex:names ; rml:objectMap [
    rml:gather ( [ rml:constant "G" ] [ rml:constant "L" ] ) ; rml:gatherAs rdf:Alt ] ] ."""


def test_constants_need_no_source() -> None:
    found = run(CONSTANTS)
    assert found[0] == '<Gaston> <label> "ガストン"@ja'
    assert found[1].startswith("<Gaston> <names> _:")
    assert [line.rpartition(" ")[2] for line in found[2:]] == [
        '"G"',
        '"L"',
        "<http://www.w3.org/1999/02/22-rdf-syntax-ns#Alt>",
    ]


def test_what_is_no_constant_needs_a_source() -> None:
    with pytest.raises(MappingError) as caught:
        run(CONSTANTS.replace('rml:constant "G"', 'rml:reference "name"'))
    assert "name を参照できません" in caught.value.message("ja")
    assert "name cannot be referred to" in caught.value.message("en")
