"""RML in all its forms: shortcuts, the new vocabulary, the legacy one and R2RML."""

from __future__ import annotations

import pytest

from app.findings import Findings
from app.mapping.languages.rml import read_rml
from app.mapping.model import (
    Argument,
    Call,
    Constant,
    Gathered,
    Gathering,
    Join,
    LogicalSource,
    LogicalTarget,
    Mapping,
    Quoted,
    Reference,
    ReferencingObject,
    Template,
    TermMap,
    TermType,
    TriplesMap,
)
from app.rdf.namespaces import GREL, IDLAB_FN, RDF, XSD

EX = "http://example.org/"
PREFIXES = f"""
@prefix rml: <http://w3id.org/rml/> .
@prefix rr: <http://www.w3.org/ns/r2rml#> .
@prefix old: <http://semweb.mmlab.be/ns/rml#> .
@prefix ql: <http://semweb.mmlab.be/ns/ql#> .
@prefix fnml: <http://semweb.mmlab.be/ns/fnml#> .
@prefix fno: <https://w3id.org/function/ontology#> .
@prefix d2rq: <http://www.wiwiss.fu-berlin.de/suhl/bizer/D2RQ/0.1#> .
@prefix csvw: <http://www.w3.org/ns/csvw#> .
@prefix dcat: <http://www.w3.org/ns/dcat#> .
@prefix void: <http://rdfs.org/ns/void#> .
@prefix formats: <http://www.w3.org/ns/formats/> .
@prefix grel: <{GREL}> .
@prefix idlab-fn: <{IDLAB_FN}> .
@prefix rdf: <{RDF}> .
@prefix xsd: <{XSD}> .
@prefix ex: <{EX}> .
@base <http://doc/> .
"""
SOURCE = """rml:logicalSource [ rml:source [ a rml:RelativePathSource ; rml:path "t.csv" ] ;
  rml:referenceFormulation rml:CSV ] ;"""
LEGACY = 'old:logicalSource [ old:source "t.csv" ; old:referenceFormulation ql:CSV ] ;'


def read(text: str, findings: Findings | None = None) -> Mapping:
    return read_rml(PREFIXES + text, file="m.ttl", findings=findings)


def one(body: str, source: str = SOURCE) -> TriplesMap:
    """The triples map <TM> with this body."""
    return read(f"<TM> {source} {body} .").triples_maps[0]


def object_of(object_map: str) -> object:
    """The object that an object map makes."""
    body = f"rml:subject ex:s ; rml:predicateObjectMap [ rml:predicate ex:p ; {object_map} ]"
    return one(body).predicate_objects[0].objects[0]


def iri(name: str) -> TermMap:
    return TermMap(Constant(EX + name, TermType.IRI))


FORMS = [
    ("rml:subject ex:s", "rml:subjectMap [ rml:constant ex:s ]"),
    (
        "rml:subject ex:s ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:object ex:o ]",
        "rml:subjectMap [ rml:constant ex:s ] ; rml:predicateObjectMap "
        "[ rml:predicateMap [ rml:constant ex:p ] ; rml:objectMap [ rml:constant ex:o ] ]",
    ),
    (
        'rml:subject ex:s ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:object "x"@ja ]',
        "rml:subject ex:s ; rml:predicateObjectMap "
        '[ rml:predicate ex:p ; rml:objectMap [ rml:constant "x" ; rml:language "ja" ] ]',
    ),
    (
        "rml:subject ex:s ; rml:predicateObjectMap "
        "[ rml:predicate ex:p ; rml:object 1 ; rml:graph ex:g ]",
        "rml:subject ex:s ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap "
        '[ rml:constant "1" ; rml:datatype xsd:integer ] ; rml:graphMap [ rml:constant ex:g ] ]',
    ),
    (
        "rml:subject ex:s ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap "
        '[ rml:reference "a" ; rml:datatype xsd:date ] ]',
        "rml:subject ex:s ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap "
        '[ rml:reference "a" ; rml:datatypeMap [ rml:constant xsd:date ] ] ]',
    ),
    (
        "rml:subject ex:s ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap "
        '[ rml:reference "a" ; rml:language "ja" ] ]',
        "rml:subject ex:s ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap "
        '[ rml:reference "a" ; rml:languageMap [ rml:constant "ja" ] ] ]',
    ),
    (
        'rml:subjectMap [ rml:template "a{b}" ; rml:class ex:C ; rml:graph ex:g ]',
        'rml:subjectMap [ rml:template "a{b}" ; rml:class ex:C ; '
        "rml:graphMap [ rml:constant ex:g ] ]",
    ),
]


@pytest.mark.parametrize(("short", "long"), FORMS)
def test_a_shortcut_means_what_the_map_means(short: str, long: str) -> None:
    assert one(short) == one(long)


@pytest.mark.parametrize("body", [form for pair in FORMS for form in pair])
def test_the_legacy_form_means_the_same(body: str) -> None:
    legacy = body.replace("rml:", "rr:").replace("rr:reference", "old:reference")
    found = one(legacy, LEGACY)
    assert found.source == LogicalSource("t.csv")
    assert (found.subjects, found.classes, found.graphs, found.predicate_objects) == (
        one(body).subjects,
        one(body).classes,
        one(body).graphs,
        one(body).predicate_objects,
    )


def test_r2rml_reads_the_csv_named_like_the_table() -> None:
    mapping = read(
        '<TM> rr:logicalTable [ rr:tableName "\\"student\\"" ] ; '
        'rr:subjectMap [ rr:template "http://e/{\\"ID\\"}" ; rr:class ex:C ] ; '
        'rr:predicateObjectMap [ rr:predicate ex:p ; rr:objectMap [ rr:column "Name" ] ] .'
    )
    assert mapping.language == "r2rml"
    found = mapping.triples_maps[0]
    assert found.source == LogicalSource("student.csv", "table")
    assert found.subjects[0].expression == Template(("http://e/", Reference("ID")))
    assert found.predicate_objects[0].objects[0] == TermMap(Reference("Name"))


@pytest.mark.parametrize(
    ("name", "term_type"),
    [
        ("IRI", TermType.IRI),
        ("UnsafeIRI", TermType.UNSAFE_IRI),
        ("URI", TermType.URI),
        ("UnsafeURI", TermType.UNSAFE_URI),
        ("BlankNode", TermType.BLANK_NODE),
        ("Literal", TermType.LITERAL),
    ],
)
def test_term_types(name: str, term_type: TermType) -> None:
    found = object_of(f'rml:objectMap [ rml:reference "a" ; rml:termType rml:{name} ]')
    assert found == TermMap(Reference("a"), term_type)


@pytest.mark.parametrize(
    ("template", "expression"),
    [
        ("a{b}c", Template(("a", Reference("b"), "c"))),
        ("{b}", Template((Reference("b"),))),
        ("{a b}{c}", Template((Reference("a b"), Reference("c")))),
        ("\\\\{a\\\\}", Constant("{a}")),
        ("{\\\\{a\\\\}}", Template((Reference("{a}"),))),
        ("a\\\\\\\\b", Constant("a\\b")),
        ("{終了時間}:00", Template((Reference("終了時間"), ":00"))),
    ],
)
def test_templates(template: str, expression: object) -> None:
    found = object_of(f'rml:objectMap [ rml:template "{template}" ; rml:termType rml:Literal ]')
    assert isinstance(found, TermMap)
    assert found.expression == expression


def test_a_blank_node_without_expression_is_one_for_each_row() -> None:
    found = one("rml:subjectMap [ rml:termType rml:BlankNode ]")
    assert found.subjects == (TermMap(Template(()), TermType.BLANK_NODE),)


def test_joins_take_references_and_expression_maps() -> None:
    parent = f"<P> {SOURCE} rml:subject ex:p ."
    text = (
        f"<TM> {SOURCE} rml:subject ex:s ; rml:predicateObjectMap [ rml:predicate ex:p ; "
        "rml:objectMap [ rml:parentTriplesMap <P> ; "
        'rml:joinCondition [ rml:child "a" ; rml:parent "b" ] , '
        '[ rml:childMap [ rml:template "x{c}" ] ; rml:parentMap [ rml:reference "d" ] ] ] ] .'
    )
    found = read(text + parent).triples_maps[0].predicate_objects[0].objects[0]
    assert found == ReferencingObject(
        "http://doc/P",
        (
            Join(Reference("a"), Reference("b")),
            Join(Template(("x", Reference("c"))), Reference("d")),
        ),
    )


def test_functions_take_parts_in_any_term_map() -> None:
    execution = (
        "rml:functionExecution [ rml:function grel:toUpperCase ; rml:input "
        '[ rml:parameter grel:valueParam ; rml:inputValueMap [ rml:reference "a" ] ] , '
        '[ rml:parameterMap [ rml:constant ex:q ] ; rml:inputValue "x" ] ] ; '
        "rml:return grel:stringOut"
    )
    call = Call(
        GREL + "toUpperCase",
        (
            Argument(GREL + "valueParam", TermMap(Reference("a"))),
            Argument(EX + "q", TermMap(Constant("x"))),
        ),
        GREL + "stringOut",
    )
    assert object_of(f"rml:objectMap [ {execution} ]") == TermMap(call)
    assert object_of(f'rml:objectMap [ rml:reference "b" ; rml:languageMap [ {execution} ] ]') == (
        TermMap(Reference("b"), language=TermMap(call))
    )
    assert one(f"rml:subjectMap [ {execution} ]").subjects == (TermMap(call),)


def test_the_legacy_function_value_is_the_same_call() -> None:
    mapping = read(
        f"<TM> {LEGACY} rr:subject ex:s ; rr:predicateObjectMap [ rr:predicate ex:p ; "
        "rr:objectMap [ fnml:functionValue [ "
        "rr:predicateObjectMap [ rr:predicate fno:executes ; "
        "  rr:objectMap [ rr:constant grel:toUpperCase ] ] ; "
        "rr:predicateObjectMap [ rr:predicate grel:valueParam ; "
        '  rr:objectMap [ old:reference "a" ] ] ] ] ] .'
    )
    assert mapping.triples_maps[0].predicate_objects[0].objects[0] == TermMap(
        Call(GREL + "toUpperCase", (Argument(GREL + "valueParam", TermMap(Reference("a"))),))
    )


def test_conditions_stand_on_subjects_and_objects() -> None:
    condition = (
        "rml:condition [ rml:functionExecution [ rml:function ex:f ; "
        'rml:input [ rml:parameter ex:x ; rml:inputValueMap [ rml:reference "a" ] ] ] ]'
    )
    call = Call(EX + "f", (Argument(EX + "x", TermMap(Reference("a"))),))
    assert one(f"rml:subjectMap [ rml:constant ex:s ; {condition} ]").condition == call
    found = one(
        "rml:subject ex:s ; rml:predicateObjectMap [ rml:predicate ex:p ; rml:object ex:o ; "
        f'rml:objectMap [ rml:reference "b" ; {condition} ] ]'
    )
    assert [(p.objects, p.condition) for p in found.predicate_objects] == [
        ((iri("o"),), None),
        ((TermMap(Reference("b")),), call),
    ]


def test_collections_and_containers() -> None:
    found = object_of(
        'rml:objectMap [ rml:template "l{a}" ; rml:gather ( [ rml:reference "b" ] '
        "[ rml:constant ex:c ] ) ; rml:gatherAs rdf:Seq ; rml:strategy rml:cartesianProduct ; "
        "rml:allowEmptyListAndContainer true ]"
    )
    assert found == TermMap(
        Gathered(
            Gathering.SEQ,
            (TermMap(Reference("b")), iri("c")),
            TermMap(Template(("l", Reference("a")))),
            cartesian=True,
            empty_allowed=True,
        )
    )


def test_a_quoted_triple_need_not_be_asserted() -> None:
    mapping = read(
        f"<Q> a rml:NonAssertedTriplesMap ; {SOURCE} rml:subject ex:s ; "
        'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ] ] .'
        f"<TM> a rml:TriplesMap ; {SOURCE} rml:subjectMap [ rml:quotedTriplesMap <Q> ] ; "
        "rml:predicateObjectMap [ rml:predicate ex:q ; rml:object ex:o ] ."
    )
    assert [each.id for each in mapping.triples_maps] == ["http://doc/TM"]
    assert mapping.triples_maps[0].subjects == (
        TermMap(Quoted(iri("s"), iri("p"), TermMap(Reference("a")))),
    )


SOURCES = [
    ('rml:source "t.csv"', LogicalSource("t.csv")),
    ('rml:source [ a rml:FilePath ; rml:path "./t.csv" ]', LogicalSource("t.csv", nulls=())),
    (
        'rml:source [ rml:root "dir/" ; rml:path "t.csv" ; rml:null "" , "-" ]',
        LogicalSource("dir/t.csv", nulls=("", "-")),
    ),
    (
        'rml:source [ rml:path "t.csv.gz" ; rml:encoding rml:UTF-16 ; rml:compression rml:gzip ]',
        LogicalSource("t.csv.gz", encoding="UTF-16", compression="gzip", nulls=()),
    ),
    (
        'rml:source [ rml:path "t.json" ] ; rml:referenceFormulation rml:JSONPath ; '
        'rml:iterator "$[*]"',
        LogicalSource("t.json", "json", "$[*]", nulls=()),
    ),
    (
        'rml:source [ a csvw:Table ; csvw:url "t.csv" ; csvw:null "N" ; csvw:dialect '
        '[ csvw:delimiter ";" ; csvw:encoding "cp932" ; csvw:quoteChar "\'" ; '
        'csvw:header false ; csvw:commentPrefix "#" ] ]',
        LogicalSource(
            "t.csv",
            encoding="cp932",
            delimiter=";",
            quote="'",
            comment_prefix="#",
            header=False,
            nulls=("N",),
        ),
    ),
    (
        'rml:source [ a d2rq:Database ; d2rq:jdbcDSN "x" ] ; rml:iterator "Friends" ; '
        "rml:referenceFormulation rml:SQL2008Table",
        LogicalSource("Friends.csv", "table"),
    ),
    (
        "rml:source [ a dcat:Distribution ; dcat:downloadURL <file:///d/t.csv> ]",
        LogicalSource("/d/t.csv"),
    ),
]


@pytest.mark.parametrize(("written", "source"), SOURCES)
def test_sources(written: str, source: LogicalSource) -> None:
    assert one("rml:subject ex:s", f"rml:logicalSource [ {written} ] ;").source == source


def test_targets() -> None:
    mapping = read(
        f"<TM> {SOURCE} rml:subjectMap [ rml:constant ex:s ; rml:logicalTarget <T> ] ; "
        'rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ rml:reference "a" ; '
        'rml:languageMap [ rml:constant "ja" ; rml:logicalTarget <T> ] ] ] .'
        '<T> a rml:LogicalTarget ; rml:target [ a rml:FilePath ; rml:path "./d.nt.gz" ] ; '
        "rml:serialization formats:N-Triples ; rml:compression rml:gzip ; rml:encoding rml:UTF-8 ."
    )
    assert mapping.targets == (LogicalTarget("http://doc/T", "d.nt.gz", "nt", "gzip", "UTF-8"),)
    found = mapping.triples_maps[0]
    assert found.subjects[0].targets == ("http://doc/T",)
    object = found.predicate_objects[0].objects[0]
    assert isinstance(object, TermMap)
    assert object.language is not None
    assert object.language.targets == ("http://doc/T",)


def test_the_base_of_generated_iris_is_kept() -> None:
    mapping = read(f"<TM> {SOURCE} rml:subject ex:s ; rml:baseIRI <http://b/> .")
    assert (mapping.base, mapping.triples_maps[0].base) == ("http://b/", "http://b/")


def test_triples_maps_keep_the_order_of_the_text_and_their_places() -> None:
    text = "".join(f"<M{i}> {SOURCE} rml:subject ex:s .\n" for i in (3, 1, 2))
    mapping = read(text)
    assert [each.id for each in mapping.triples_maps] == [
        "http://doc/M3",
        "http://doc/M1",
        "http://doc/M2",
    ]
    lines = [each.place.line or 0 for each in mapping.triples_maps if each.place is not None]
    assert lines == sorted(lines)
