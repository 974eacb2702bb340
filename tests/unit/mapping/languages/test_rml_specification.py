"""RML by its specifications, beyond the cases of the suites: RML-Core, RML-IO, RML-FNML, RML-STAR,
R2RML and the legacy form, in unusual combinations, and what they give."""

from __future__ import annotations

import pytest

from app.findings import Findings
from app.mapping.compile import compile_mapping
from app.mapping.execute import Executor
from app.mapping.languages import read_mapping
from app.mapping.model import LogicalSource
from app.mapping.sources import open_source
from app.tabular.batch import Dialect, Table
from app.tabular.json_source import open_json_bytes
from app.tabular.reader import open_bytes

PREFIXES = """
@prefix rml: <http://w3id.org/rml/> . @prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix old: <http://semweb.mmlab.be/ns/rml#> . @prefix ql: <http://semweb.mmlab.be/ns/ql#> .
@prefix ex: <http://e/> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix csvw: <http://www.w3.org/ns/csvw#> .
@prefix grel: <http://users.ugent.be/~bjdmeest/function/grel.ttl#> .
@prefix fnml: <http://semweb.mmlab.be/ns/fnml#> . @prefix fno: <https://w3id.org/function/ontology#> .
"""
FILES = {
    "t.csv": "id,a,b,l,新\n1,x y,,ja,é/1\n2,{z},B,en,a+b\n",
    "u.csv": "k,t\n1,p\n1,q\n3,r\n",
    "d.json": '[{"id":1,"v":["a","b"],"w":["c","d"],"n":null,"f":1.0,"g":true,"s":"é"},'
    '{"id":2,"v":[],"w":["e"]}]',
}
SHORT = {
    "http://e/": "",
    "http://www.w3.org/2001/XMLSchema#": "xsd:",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#": "rdf:",
}


def table(source: LogicalSource) -> Table:
    data = FILES[source.path].encode()
    if source.formulation == "json":
        return open_json_bytes(source.path, data, source.iterator, findings=Findings())
    dialect = Dialect(header_rows=None if source.header else 0)
    return open_bytes(source.path, data, dialect, findings=Findings())


CASES = [
    (
        "escaped braces and backslashes",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/{id}" ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:template "\\\\{{a}\\\\} \\\\\\\\" ; rml:termType rml:Literal ] ] .\n'
        ),
        [
            '<1> <p> "{x y} \\\\"',
            '<2> <p> "{{z}} \\\\"',
        ],
    ),
    (
        "what each term type encodes",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/{id}" ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:template "http://e/{新}" ] ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:template "http://e/{新}" ; rml:termType rml:URI ] ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:template "http://e/{新}" ; rml:termType rml:UnsafeIRI ] ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:template "http://e/{a}" ; rml:termType rml:UnsafeIRI ] ] .\n'
        ),
        [
            "<1> <p> <%C3%A9%2F1>",
            "<1> <p> <é%2F1>",
            "<1> <p> <é/1>",
            "<2> <p> <a%2Bb>",
            "<2> <p> <a+b>",
        ],
    ),
    (
        "several values give all combinations",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "d.json" ] ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" ] ; rml:subjectMap [ rml:template "http://e/{$.id}" ] ; rml:predicateObjectMap [ rml:predicateMap [ rml:template "http://e/{$.w[*]}" ] ; rml:objectMap [ rml:reference "$.v[*]" ] ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:template "{$.v[*]}-{$.w[*]}" ; rml:termType rml:Literal ] ] .\n'
        ),
        [
            '<1> <c> "a"',
            '<1> <c> "b"',
            '<1> <d> "a"',
            '<1> <d> "b"',
            '<1> <p> "a-c"',
            '<1> <p> "a-d"',
            '<1> <p> "b-c"',
            '<1> <p> "b-d"',
        ],
    ),
    (
        "natural datatypes and what overrides them",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "d.json" ] ; rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" ] ; rml:subjectMap [ rml:reference "$.s" ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "$.f" ] ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "$.g" ] ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "$.n" ] ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "$.id" ; rml:datatype xsd:string ] ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "$.id" ; rml:language "ja" ] ] .\n'
        ),
        [
            '<http://b/é> <p> "1"',
            '<http://b/é> <p> "1"@ja',
            '<http://b/é> <p> "1.0E0"^^<xsd:double>',
            '<http://b/é> <p> "true"^^<xsd:boolean>',
        ],
    ),
    (
        "languages from columns and templates",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/{id}" ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ; rml:languageMap [ rml:reference "l" ] ] ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ; rml:languageMap [ rml:template "{l}-JP" ] ] ] .\n'
        ),
        [
            '<1> <p> "x y"@ja',
            '<1> <p> "x y"@ja-JP',
            '<2> <p> "{z}"@en',
            '<2> <p> "{z}"@en-JP',
        ],
    ),
    (
        "a datatype map",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/{id}" ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "id" ; rml:datatypeMap [ rml:template "http://www.w3.org/2001/XMLSchema#{b}" ] ] ] .\n'
        ),
        [
            '<2> <p> "2"^^<xsd:B>',
        ],
    ),
    (
        "graphs by constants and maps, the default one too",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/{id}" ; rml:graph rml:defaultGraph , ex:g ; rml:graphMap [ rml:template "http://e/{l}" ] ; rml:class ex:C ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ] ]  .\n'
        ),
        [
            '<1> <p> "x y"',
            '<1> <p> "x y" <g>',
            '<1> <p> "x y" <ja>',
            "<1> <rdf:type> <C>",
            "<1> <rdf:type> <C> <g>",
            "<1> <rdf:type> <C> <ja>",
            '<2> <p> "{z}"',
            '<2> <p> "{z}" <en>',
            '<2> <p> "{z}" <g>',
            "<2> <rdf:type> <C>",
            "<2> <rdf:type> <C> <en>",
            "<2> <rdf:type> <C> <g>",
        ],
    ),
    (
        "the subject of another map of the same row",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/{id}" ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:parentTriplesMap <#n> ] ] .\n'
            '<#n> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/n{a}" ]  .\n'
        ),
        [
            "<1> <p> <nx%20y>",
            "<2> <p> <n%7Bz%7D>",
        ],
    ),
    (
        "a join",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/{id}" ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:parentTriplesMap <#n> ; rml:joinCondition [ rml:child "id" ; rml:parent "k" ] ] ] .\n'
            '<#n> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "u.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/n{t}" ]  .\n'
        ),
        [
            "<1> <p> <np>",
            "<1> <p> <nq>",
        ],
    ),
    (
        "a join of made values",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/{id}" ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:parentTriplesMap <#n> ; rml:joinCondition [ rml:childMap [ rml:template "x{id}" ] ; rml:parentMap [ rml:template "x{k}" ] ] ] ] .\n'
            '<#n> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "u.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/n{t}" ]  .\n'
        ),
        [
            "<1> <p> <np>",
            "<1> <p> <nq>",
        ],
    ),
    (
        "a base of the triples map",
        (
            '<#m> a rml:TriplesMap ; rml:baseIRI <http://mine/> ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ;rml:subjectMap [ rml:template "x/{id}" ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "l" ; rml:termType rml:IRI ] ] .\n'
        ),
        [
            "<http://mine/x/1> <p> <http://mine/ja>",
            "<http://mine/x/2> <p> <http://mine/en>",
        ],
    ),
    (
        "constants with term types",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/{id}" ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:constant "x" ; rml:termType rml:BlankNode ] ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:constant "rel" ; rml:termType rml:IRI ] ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:constant ex:o ] ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:constant "5"^^xsd:integer ] ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:constant "5" ; rml:datatype xsd:decimal ] ] .\n'
        ),
        [
            '<1> <p> "5"^^<xsd:decimal>',
            '<1> <p> "5"^^<xsd:integer>',
            "<1> <p> <http://b/rel>",
            "<1> <p> <o>",
            "<1> <p> _:bx",
            '<2> <p> "5"^^<xsd:decimal>',
            '<2> <p> "5"^^<xsd:integer>',
            "<2> <p> <http://b/rel>",
            "<2> <p> <o>",
            "<2> <p> _:bx",
        ],
    ),
    (
        "quoted triples, asserted",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/{id}" ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ] ] .\n'
            '<#q> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:quotedTriplesMap <#m> ] ; rml:predicateObjectMap [ rml:predicate ex:c ; rml:objectMap [ rml:constant 1 ] ] .\n'
            '<#r> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ;rml:subjectMap [ rml:template "http://e/{id}" ] ;rml:predicateObjectMap [ rml:predicate ex:says ; rml:objectMap [ rml:quotedTriplesMap <#m> ] ] .\n'
        ),
        [
            '<1> <p> "x y"',
            '<1> <says> <<( <1> <p> "x y" )>>',
            '<2> <p> "{z}"',
            '<2> <says> <<( <2> <p> "{z}" )>>',
            '_:b_3C__28__20__3C_http_3A__2F__2F_e_2F_1_3E__20__3C_http_3A__2F__2F_e_2F_p_3E__20__22_x_20_y_22__20__29__3E_ <c> "1"^^<xsd:integer>',
            '_:b_3C__28__20__3C_http_3A__2F__2F_e_2F_1_3E__20__3C_http_3A__2F__2F_e_2F_p_3E__20__22_x_20_y_22__20__29__3E_ <rdf:reifies> <<( <1> <p> "x y" )>>',
            '_:b_3C__28__20__3C_http_3A__2F__2F_e_2F_2_3E__20__3C_http_3A__2F__2F_e_2F_p_3E__20__22__7B_z_7D__22__20__29__3E_ <c> "1"^^<xsd:integer>',
            '_:b_3C__28__20__3C_http_3A__2F__2F_e_2F_2_3E__20__3C_http_3A__2F__2F_e_2F_p_3E__20__22__7B_z_7D__22__20__29__3E_ <rdf:reifies> <<( <2> <p> "{z}" )>>',
        ],
    ),
    (
        "quoted triples, not asserted",
        (
            '<#m> a rml:NonAssertedTriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/{id}" ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ] ] .\n'
            '<#q> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:quotedTriplesMap <#m> ] ; rml:predicateObjectMap [ rml:predicate ex:c ; rml:objectMap [ rml:constant 1 ] ] .\n'
        ),
        [
            '_:b_3C__28__20__3C_http_3A__2F__2F_e_2F_1_3E__20__3C_http_3A__2F__2F_e_2F_p_3E__20__22_x_20_y_22__20__29__3E_ <c> "1"^^<xsd:integer>',
            '_:b_3C__28__20__3C_http_3A__2F__2F_e_2F_1_3E__20__3C_http_3A__2F__2F_e_2F_p_3E__20__22_x_20_y_22__20__29__3E_ <rdf:reifies> <<( <1> <p> "x y" )>>',
            '_:b_3C__28__20__3C_http_3A__2F__2F_e_2F_2_3E__20__3C_http_3A__2F__2F_e_2F_p_3E__20__22__7B_z_7D__22__20__29__3E_ <c> "1"^^<xsd:integer>',
            '_:b_3C__28__20__3C_http_3A__2F__2F_e_2F_2_3E__20__3C_http_3A__2F__2F_e_2F_p_3E__20__22__7B_z_7D__22__20__29__3E_ <rdf:reifies> <<( <2> <p> "{z}" )>>',
        ],
    ),
    (
        "a function makes the subject",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:functionExecution [ rml:function grel:toUpperCase ; rml:input [ rml:parameter grel:valueParam ; rml:inputValueMap [ rml:template "http://e/{l}" ; rml:termType rml:Literal ] ] ] ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ] ] .\n'
        ),
        [
            '<HTTP://E/EN> <p> "{z}"',
            '<HTTP://E/JA> <p> "x y"',
        ],
    ),
    (
        "a table without a header",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ a csvw:Table ; csvw:url "t.csv" ; csvw:dialect [ csvw:header false ] ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/{column_1}" ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "column_2" ] ] .\n'
        ),
        [
            '<1> <p> "x y"',
            '<2> <p> "{z}"',
            '<id> <p> "a"',
        ],
    ),
    (
        "R2RML with quotes, shortcuts and an inverse expression",
        (
            '<#m> rr:logicalTable [ rr:tableName "t" ; rr:sqlVersion rr:SQL2008 ] ; rr:subjectMap [ rr:template "http://e/{\\"id\\"}" ; rr:class ex:C ; rr:graph rr:defaultGraph ] ; rr:predicateObjectMap [ rr:predicate ex:p , ex:q ; rr:object "k" ; rr:objectMap [ rr:column "\\"a\\"" ; rr:language "ja" ; rr:inverseExpression "{a} = x" ] ] .\n'
        ),
        [
            '<1> <p> "k"',
            '<1> <p> "x y"@ja',
            '<1> <q> "k"',
            '<1> <q> "x y"@ja',
            "<1> <rdf:type> <C>",
            '<2> <p> "k"',
            '<2> <p> "{z}"@ja',
            '<2> <q> "k"',
            '<2> <q> "{z}"@ja',
            "<2> <rdf:type> <C>",
        ],
    ),
    (
        "the legacy vocabulary with a function value",
        (
            '<#m> old:logicalSource [ old:source "t.csv" ; old:referenceFormulation ql:CSV ] ; rr:subjectMap [ old:reference "id" ; rr:termType rr:BlankNode ] ; rr:predicateObjectMap [ rr:predicate ex:p ; rr:objectMap [ old:reference "b" ; old:languageMap [ old:reference "l" ] ] ] ; rr:predicateObjectMap [ rr:predicate ex:q ; rr:objectMap [ fnml:functionValue [ rr:predicateObjectMap [ rr:predicate fno:executes ; rr:objectMap [ rr:constant grel:toUpperCase ] ] , [ rr:predicate grel:valueParameter ; rr:objectMap [ old:reference "a" ] ] ] ] ] .\n'
        ),
        [
            '_:b1 <q> "X Y"',
            '_:b2 <p> "B"@en',
            '_:b2 <q> "{Z}"',
        ],
    ),
    (
        "several shortcuts in one predicate-object map",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv" ; rml:null "" ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/{id}" ] ; rml:predicateObjectMap [ rml:predicate ex:p , ex:q ; rml:object "x" , ex:y ; rml:graph ex:g ] .\n'
        ),
        [
            '<1> <p> "x" <g>',
            "<1> <p> <y> <g>",
            '<1> <q> "x" <g>',
            "<1> <q> <y> <g>",
            '<2> <p> "x" <g>',
            "<2> <p> <y> <g>",
            '<2> <q> "x" <g>',
            "<2> <q> <y> <g>",
        ],
    ),
    (
        "RML-IO knows no null unless it is stated",
        (
            '<#m> a rml:TriplesMap ; rml:logicalSource [ rml:source [ rml:path "t.csv"  ] ; rml:referenceFormulation rml:CSV ] ; rml:subjectMap [ rml:template "http://e/{id}" ] ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "b" ] ] .\n'
        ),
        [
            '<1> <p> ""',
            '<2> <p> "B"',
        ],
    ),
]


@pytest.mark.parametrize(("text", "lines"), [case[1:] for case in CASES], ids=[c[0] for c in CASES])
def test_what_the_specifications_say(text: str, lines: list[str]) -> None:
    mapping = read_mapping(PREFIXES + text, file="m.ttl", base="http://doc/")
    plan = compile_mapping(mapping, base="http://b/")
    findings = Findings()
    executor = Executor(plan, lambda each: open_source(each, table, findings), findings)
    chunks = executor.run()
    found = b"".join(bytes(chunk.data()) for chunk in chunks).decode()
    for namespace, prefix in SHORT.items():
        found = found.replace(namespace, prefix)
    assert sorted({line.removesuffix(" .") for line in found.splitlines()}) == lines
