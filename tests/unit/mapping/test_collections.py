"""Lists and containers (RML-CC), nodes that are new for each row, and quoted triples (RML-STAR)."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from pyoxigraph import CanonicalizationAlgorithm, Dataset, RdfFormat, parse

from app.errors import MappingError
from app.findings import Findings
from app.mapping.compile import compile_mapping
from app.mapping.execute import Executor, Mode
from app.mapping.languages import read_mapping
from app.tabular.json_source import open_json_bytes

PREFIXES = """
@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://e/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""
SOURCE = """rml:logicalSource [ rml:source [ a rml:RelativePathSource ; rml:path "d.json" ] ;
  rml:referenceFormulation rml:JSONPath ; rml:iterator "$[*]" ] ;"""
ROWS = [
    {"id": "a", "v": ["1", "2"], "w": ["x"], "g": "p"},
    {"id": "b", "v": [], "w": ["y"], "g": "q"},
]


def quads(mapping: str, rows: list[dict[str, Any]] = ROWS, mode: Mode = Mode.LENIENT) -> Dataset:
    """What a mapping over JSON rows gives, with canonical blank nodes."""
    plan = compile_mapping(read_mapping(PREFIXES + mapping, file="m.ttl"), base="http://b/")
    findings = Findings()
    table = open_json_bytes("d.json", orjson.dumps(rows), "$[*]", findings=findings)
    chunks = Executor(plan, lambda _: table, findings, mode).run()
    return canonical(b"".join(bytes(chunk.data()) for chunk in chunks), RdfFormat.N_QUADS)


def canonical(text: bytes, syntax: RdfFormat) -> Dataset:
    dataset = Dataset(parse(text, format=syntax))
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def expected(turtle: str) -> Dataset:
    head = "@prefix ex: <http://e/> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> ."
    return canonical((head + turtle).encode(), RdfFormat.TRIG)


def object_map(text: str, *, graph: str = "") -> str:
    return f"""<#m> a rml:TriplesMap ; {SOURCE}
      rml:subjectMap [ rml:template "http://e/{{id}}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:with ; {graph} rml:objectMap [ {text} ] ] ."""


GATHER = 'rml:gather ( [ rml:reference "v[*]" ] ) ; rml:gatherAs rdf:%s'


def test_each_row_has_a_list_of_its_own_and_an_empty_one_is_none() -> None:
    assert quads(object_map(GATHER % "List"), ROWS) == expected('ex:a ex:with ("1" "2") .')


@pytest.mark.parametrize("kind", ["Bag", "Seq", "Alt"])
def test_containers_are_typed_and_numbered(kind: str) -> None:
    assert quads(object_map(GATHER % kind), ROWS) == expected(
        f'ex:a ex:with [ a rdf:{kind} ; rdf:_1 "1" ; rdf:_2 "2" ] .'
    )


def test_empty_ones_are_made_when_they_are_allowed() -> None:
    allowed = " ; rml:allowEmptyListAndContainer true"
    assert quads(object_map(GATHER % "List" + allowed), ROWS) == expected(
        'ex:a ex:with ("1" "2") . ex:b ex:with () .'
    )
    assert quads(object_map(GATHER % "Bag" + allowed), ROWS) == expected(
        'ex:a ex:with [ a rdf:Bag ; rdf:_1 "1" ; rdf:_2 "2" ] . ex:b ex:with [ a rdf:Bag ] .'
    )


def test_an_empty_list_with_a_name_is_nil() -> None:
    text = (
        'rml:template "http://e/l/{id}" ; rml:allowEmptyListAndContainer true ; ' + GATHER % "List"
    )
    assert quads(object_map(text), ROWS) == expected(
        'ex:a ex:with <http://e/l/a> . <http://e/l/a> rdf:first "1" ; rdf:rest ("2") .'
        "ex:b ex:with () ."
    )


def test_rows_with_the_same_name_add_to_it_in_their_order() -> None:
    rows = [{"id": "a", "v": ["1", "1"]}, {"id": "b", "v": ["3"]}, {"id": "a", "v": ["2"]}]
    named = 'rml:template "http://e/l/{id}" ; '
    assert quads(object_map(named + GATHER % "List"), rows) == expected(
        'ex:a ex:with <http://e/l/a> . <http://e/l/a> rdf:first "1" ; rdf:rest ("1" "2") .'
        'ex:b ex:with <http://e/l/b> . <http://e/l/b> rdf:first "3" ; rdf:rest () .'
    )
    assert quads(object_map(named + GATHER % "Seq"), rows) == expected(
        'ex:a ex:with <http://e/l/a> . <http://e/l/a> a rdf:Seq ; rdf:_1 "1" ; rdf:_2 "1" ; '
        'rdf:_3 "2" . ex:b ex:with <http://e/l/b> . <http://e/l/b> a rdf:Seq ; rdf:_1 "3" .'
    )


def test_several_term_maps_append_or_make_all_combinations() -> None:
    both = (
        'rml:gather ( [ rml:reference "v[*]" ] [ rml:reference "w[*]" ] ) ; rml:gatherAs rdf:List'
    )
    assert quads(object_map(both)) == expected('ex:a ex:with ("1" "2" "x") . ex:b ex:with ("y") .')
    product = both + " ; rml:strategy rml:cartesianProduct"
    assert quads(object_map(product)) == expected('ex:a ex:with ("1" "x") , ("2" "x") .')


def test_lists_hold_bags() -> None:
    bag = '[ rml:gather ( [ rml:reference "%s[*]" ] ) ; rml:gatherAs rdf:Bag ]'
    nested = f"rml:gather ( {bag % 'v'} {bag % 'w'} ) ; rml:gatherAs rdf:List"
    assert quads(object_map(nested)) == expected(
        'ex:a ex:with ( [ a rdf:Bag ; rdf:_1 "1" ; rdf:_2 "2" ] [ a rdf:Bag ; rdf:_1 "x" ] ) .'
        'ex:b ex:with ( [ a rdf:Bag ; rdf:_1 "y" ] ) .'
    )


def test_the_structure_is_in_the_graph_of_the_row() -> None:
    graph = 'rml:graphMap [ rml:template "http://e/g/{g}" ] ;'
    each = 'rml:gather ( [ rml:reference "w[*]" ] ) ; rml:gatherAs rdf:List'
    assert quads(object_map(each, graph=graph)) == expected(
        '<http://e/g/p> { ex:a ex:with ("x") } <http://e/g/q> { ex:b ex:with ("y") }'
    )


def test_a_list_with_a_blank_head_is_another_one_in_each_graph() -> None:
    """RML-CC, test case 0010-Listb: rows with the same head and graph add to one list."""
    rows = [
        {"id": "a", "v": ["1"], "g": "p"},
        {"id": "a", "v": ["2"], "g": "q"},
        {"id": "a", "v": ["3"], "g": "p"},
    ]
    graph = 'rml:graphMap [ rml:template "http://e/g/{g}" ] ;'
    named = f'rml:template "l/{{id}}" ; rml:termType rml:BlankNode ; {GATHER % "List"}'
    assert quads(object_map(named, graph=graph), rows) == expected(
        '<http://e/g/p> { ex:a ex:with ("1" "3") } <http://e/g/q> { ex:a ex:with ("2") }'
    )


@pytest.mark.parametrize("kind", ["Bag", "Seq", "Alt"])
def test_a_container_with_an_iri_is_filled_in_each_graph(kind: str) -> None:
    rows = [{"id": "a", "v": ["1"], "g": "p"}, {"id": "a", "v": ["2"], "g": "q"}]
    graph = 'rml:graphMap [ rml:template "http://e/g/{g}" ] ;'
    named = f'rml:template "http://e/l" ; {GATHER % kind}'
    assert quads(object_map(named, graph=graph), rows) == expected(
        f'<http://e/g/p> {{ ex:a ex:with ex:l . ex:l a rdf:{kind} ; rdf:_1 "1" }}'
        f'<http://e/g/q> {{ ex:a ex:with ex:l . ex:l a rdf:{kind} ; rdf:_1 "2" }}'
    )


def test_combinations_under_one_name_are_one_list_over_all_rows() -> None:
    """RML-CC, "Generating well-formed named collections or containers", the third example."""
    rows = [
        {"id": "a", "v": ["1"], "w": ["a", "b"]},
        {"id": "b", "v": ["3", "4"], "w": ["c", "d"]},
        {"id": "a", "v": ["5", "6"], "w": ["e"]},
    ]
    both = (
        'rml:template "http://e/l/{id}" ; rml:strategy rml:%s ; rml:gatherAs rdf:List ; '
        'rml:gather ( [ rml:reference "v[*]" ] [ rml:reference "w[*]" ] )'
    )
    head = "ex:a ex:with <http://e/l/a> . ex:b ex:with <http://e/l/b> . "
    assert quads(object_map(both % "append"), rows) == expected(
        head + '<http://e/l/a> rdf:first "1" ; rdf:rest ("a" "b" "5" "6" "e") .'
        '<http://e/l/b> rdf:first "3" ; rdf:rest ("4" "c" "d") .'
    )
    assert quads(object_map(both % "cartesianProduct"), rows) == expected(
        head + '<http://e/l/a> rdf:first "1" ; rdf:rest ("a" "1" "b" "5" "e" "6" "e") .'
        '<http://e/l/b> rdf:first "3" ; rdf:rest ("c" "3" "d" "4" "c" "4" "d") .'
    )


def test_empty_containers_with_a_name_have_their_type_only() -> None:
    named = 'rml:template "http://e/c/{id}" ; rml:allowEmptyListAndContainer true ; '
    assert quads(object_map(named + GATHER % "Bag")) == expected(
        'ex:a ex:with <http://e/c/a> . <http://e/c/a> a rdf:Bag ; rdf:_1 "1" ; rdf:_2 "2" .'
        "ex:b ex:with <http://e/c/b> . <http://e/c/b> a rdf:Bag ."
    )


def test_an_empty_nested_list_is_a_member_where_it_is_allowed() -> None:
    inner = f"[ rml:allowEmptyListAndContainer true ; {GATHER % 'List'} ]"
    outer = f"rml:gather ( {inner} ) ; rml:gatherAs rdf:List"
    assert quads(object_map(outer)) == expected('ex:a ex:with (("1" "2")) . ex:b ex:with (()) .')


def test_members_have_term_types_datatypes_and_constants() -> None:
    items = (
        'rml:gather ( [ rml:template "http://e/{id}" ] [ rml:constant ex:z ] '
        '[ rml:reference "g" ; rml:language "ja" ] ) ; rml:gatherAs rdf:Seq'
    )
    assert quads(object_map(items), ROWS[:1]) == expected(
        'ex:a ex:with [ a rdf:Seq ; rdf:_1 ex:a ; rdf:_2 ex:z ; rdf:_3 "p"@ja ] .'
    )


@pytest.mark.parametrize(
    ("wrong", "ja", "en"),
    [
        ('rml:gather ( [ rml:reference "v" ] ) ; rml:gatherAs rdf:Set', "rdf:List", "rdf:List"),
        ('rml:gather ( [ rml:reference "v" ] )', "gatherAs", "gatherAs"),
        ("rml:gather () ; rml:gatherAs rdf:List", "gather が空", "gather is empty"),
        (
            GATHER % "List" + " ; rml:strategy rml:zip",
            "strategy の値 zip",
            "zip is not a strategy",
        ),
        (
            GATHER % "List" + ' ; rml:allowEmptyListAndContainer "maybe"',
            "true か false",
            "true or false",
        ),
    ],
)
def test_a_gather_map_that_is_none_is_told(wrong: str, ja: str, en: str) -> None:
    with pytest.raises(MappingError) as caught:
        quads(object_map(wrong))
    assert ja in caught.value.message("ja")
    assert en in caught.value.message("en")
    assert caught.value.place is not None


def test_a_collection_may_be_a_subject_with_or_without_statements() -> None:
    subject = f"<#m> a rml:TriplesMap ; {SOURCE} rml:subjectMap [ {GATHER % 'List'} ]"
    assert quads(f"{subject} .") == expected('_:l rdf:first "1" ; rdf:rest ("2") .')
    said = f"{subject} ; rml:predicateObjectMap [ rml:predicate ex:by ; rml:object ex:me ] ."
    assert quads(said) == expected('("1" "2") ex:by ex:me .')


def test_two_predicates_share_one_list() -> None:
    text = object_map(GATHER % "List").replace("ex:with", "ex:with , ex:has")
    assert quads(text) == expected(
        "ex:a ex:with _:l ; ex:has _:l . _:l rdf:first '1' ; rdf:rest ('2') ."
    )


def test_equal_lists_of_two_maps_are_two_lists() -> None:
    one = object_map(GATHER % "List")
    assert quads(one + one.replace("<#m>", "<#n>").replace("ex:with", "ex:has")) == expected(
        'ex:a ex:with ("1" "2") ; ex:has ("1" "2") .'
    )


def test_a_row_left_out_leaves_no_structure_behind() -> None:
    text = object_map('rml:gather ( [ rml:reference "w[*]" ] ) ; rml:gatherAs rdf:Bag').replace(
        "rml:predicateObjectMap [",
        'rml:predicateObjectMap [ rml:predicate ex:u ; rml:objectMap [ rml:reference "u" ; '
        "rml:termType rml:IRI ] ] , [",
    )
    rows = [
        {"id": "a", "w": ["x"], "u": "http://no blank"},
        {"id": "b", "w": ["y"], "u": "http://e/u"},
    ]
    assert quads(text, rows, Mode.QUARANTINE) == expected(
        'ex:b ex:u ex:u ; ex:with [ a rdf:Bag ; rdf:_1 "y" ] .'
    )


def test_blank_nodes_without_a_value_are_new_for_each_row_and_each_map() -> None:
    one = f"""<#m> a rml:TriplesMap ; {SOURCE} rml:subjectMap [ rml:termType rml:BlankNode ] ;
      rml:predicateObjectMap [ rml:predicate ex:id ; rml:objectMap [ rml:reference "id" ] ] ,
        [ rml:predicate ex:g ; rml:objectMap [ rml:reference "g" ] ] ."""
    assert quads(one) == expected('[] ex:id "a" ; ex:g "p" . [] ex:id "b" ; ex:g "q" .')
    assert len(quads(one + one.replace("<#m>", "<#n>"))) == 8


def test_an_object_that_is_another_map_has_the_blank_node_of_that_map() -> None:
    text = f"""<#m> a rml:TriplesMap ; {SOURCE} rml:subjectMap [ rml:template "http://e/{{id}}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:at ; rml:objectMap [ rml:parentTriplesMap <#n> ] ] .
      <#n> a rml:TriplesMap ; {SOURCE} rml:subjectMap [ rml:termType rml:BlankNode ] ;
      rml:predicateObjectMap [ rml:predicate ex:g ; rml:objectMap [ rml:reference "g" ] ] ."""
    assert quads(text) == expected('ex:a ex:at [ ex:g "p" ] . ex:b ex:at [ ex:g "q" ] .')


def test_members_may_be_subjects_of_another_map() -> None:
    text = object_map(
        'rml:gather ( [ rml:parentTriplesMap <#n> ; rml:joinCondition [ rml:child "g" ; '
        'rml:parent "g" ] ] ) ; rml:gatherAs rdf:List'
    )
    other = (
        f'<#n> a rml:TriplesMap ; {SOURCE} rml:subjectMap [ rml:template "http://e/n/{{id}}" ] .'
    )
    assert quads(text + other) == expected(
        "ex:a ex:with (<http://e/n/a>) . ex:b ex:with (<http://e/n/b>) ."
    )


QUOTED = f"""<#q> a rml:NonAssertedTriplesMap ; {SOURCE}
  rml:subjectMap [ rml:template "http://e/{{id}}" ] ;
  rml:predicateObjectMap [ rml:predicate ex:g ; rml:objectMap [ rml:reference "g" ] ] ."""


def test_a_quoted_triple_may_be_an_object() -> None:
    text = f"""<#m> a rml:TriplesMap ; {SOURCE} rml:subjectMap [ rml:template "http://e/s/{{id}}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:says ;
        rml:objectMap [ rml:quotedTriplesMap <#q> ] ] ."""
    assert quads(QUOTED + text) == expected(
        '<http://e/s/a> ex:says <<( ex:a ex:g "p" )>> . <http://e/s/b> ex:says <<( ex:b ex:g "q" )>> .'
    )


def test_a_quoted_triple_as_subject_is_what_a_reifier_stands_for() -> None:
    """RDF 1.2 has triple terms as objects only: << s p o >> is a node that reifies the triple."""
    text = f"""<#m> a rml:TriplesMap ; {SOURCE} rml:subjectMap [ rml:quotedTriplesMap <#q> ] ;
      rml:predicateObjectMap [ rml:predicate ex:by ; rml:object ex:me ] ,
        [ rml:predicate ex:id ; rml:objectMap [ rml:reference "id" ] ] ."""
    assert quads(QUOTED + text, ROWS[:1]) == expected(
        '_:r rdf:reifies <<( ex:a ex:g "p" )>> ; ex:by ex:me ; ex:id "a" .'
    )


def test_a_triple_that_is_asserted_may_be_quoted() -> None:
    asserted = QUOTED.replace("rml:NonAssertedTriplesMap", "rml:AssertedTriplesMap")
    text = f"""<#m> a rml:TriplesMap ; {SOURCE} rml:subjectMap [ rml:template "http://e/s/{{id}}" ] ;
      rml:predicateObjectMap [ rml:predicate ex:says ;
        rml:objectMap [ rml:quotedTriplesMap <#q> ] ] ."""
    assert quads(asserted + text, ROWS[:1]) == expected(
        'ex:a ex:g "p" . <http://e/s/a> ex:says <<( ex:a ex:g "p" )>> .'
    )
