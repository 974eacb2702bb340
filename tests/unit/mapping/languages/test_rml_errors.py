"""Every mistake in an RML document is told with its place, in both languages."""

from __future__ import annotations

import time

import pytest

from app.errors import MappingError
from app.mapping.languages.rml import read_rml
from tests.unit.mapping.languages.test_rml import PREFIXES, SOURCE

S = "rml:subject ex:s"
POM = "rml:predicateObjectMap"


def fail(text: str) -> MappingError:
    with pytest.raises(MappingError) as caught:
        read_rml(PREFIXES + text, file="m.ttl")
    error = caught.value
    assert error.place is not None
    assert error.place.line is not None
    return error


def tm(body: str, source: str = SOURCE) -> str:
    return f"<TM> {source} {body} ."


def objects(object_map: str) -> str:
    return tm(f"{S} ; {POM} [ rml:predicate ex:p ; rml:objectMap [ {object_map} ] ]")


MISTAKES = [
    ("ex:a ex:b ex:c .", "トリプルズマップがありません", "no triples map"),
    (tm("rml:class ex:C", ""), "トリプルズマップがありません", "no triples map"),
    (
        '<TM> a rml:TriplesMap ; rml:subjectMap [ rml:template "http://e/{a}" ] .',
        "logicalSource がないので、a を参照できません",
        "no logicalSource, so a cannot be referred to",
    ),
    (f"<TM> a rml:TriplesMap ; {SOURCE} .", "subjectMap がありません", "no subjectMap"),
    (tm(f"{S} ; rml:subjectMap [ rml:constant ex:t ]"), "一つだけ", "only one"),
    (tm(f"{S} ; rml:subjectmap ex:t"), "subjectmap は使えません", "Did you mean subjectMap?"),
    (tm("rml:subjectMap []"), "値の作り方", "nothing says how"),
    (tm('rml:subjectMap "x"'), "リソースが必要", "expected a resource"),
    (tm('rml:subject "x"'), "IRI でなければ", "must be an IRI"),
    (tm('rml:subjectMap [ rml:constant "x" ]'), "リテラルは使えません", "cannot be a literal"),
    (
        tm('rml:subjectMap [ rml:template "a{b}" ; rml:termType rml:Literal ]'),
        "リテラルは使えません",
        "cannot be a literal",
    ),
    (
        tm('rml:subjectMap [ rml:constant ex:s ; rml:class "C" ]'),
        "class の値は IRI",
        "value of class",
    ),
    (tm(f"{S} ; {POM} [ rml:object ex:o ]"), "predicate がありません", "no predicate"),
    (tm(f"{S} ; {POM} [ rml:predicate ex:p ]"), "object がありません", "no object"),
    (
        tm(f'{S} ; {POM} [ rml:predicate "p" ; rml:object ex:o ]'),
        "IRI でなければ",
        "must be an IRI",
    ),
    (objects('rml:reference "a" ; rml:template "b"'), "一つだけ", "only one"),
    (objects("rml:reference ex:a"), "文字列でなければ", "must be a text"),
    (objects('rml:reference "a" ; rml:termType rml:Iri'), "termType", "not a term type"),
    (objects('rml:reference "a" ; rml:language "a-english"'), "言語タグ", "not a language tag"),
    (
        objects('rml:reference "a" ; rml:language "ja" ; rml:datatype xsd:date'),
        "一つだけ",
        "only one",
    ),
    (
        objects('rml:reference "a" ; rml:termType rml:IRI ; rml:datatype xsd:date'),
        "リテラルだけ",
        "only a literal",
    ),
    (objects('rml:reference "a" ; rml:datatype "x"'), "IRI でなければ", "must be an IRI"),
    (objects('rml:template "a{b"'), "対応していません", "do not match"),
    (objects('rml:template "a}b"'), "対応していません", "do not match"),
    (objects('rml:template "{{a}}"'), "対応していません", "do not match"),
    (objects('rml:template "{}"'), "列名がありません", "names no column"),
    (objects("rml:parentTriplesMap <Nowhere>"), "Nowhere はありません", "no triples map"),
    (objects("a rml:RefObjectMap"), "parentTriplesMap がありません", "no parentTriplesMap"),
    (
        objects('rml:parentTriplesMap <TM> ; rml:reference "a"'),
        "reference は使えません",
        "cannot have",
    ),
    (
        objects('rml:parentTriplesMap <TM> ; rml:joinCondition [ rml:child "a" ]'),
        "parent がありません",
        "has no parent",
    ),
    (objects("rml:functionExecution []"), "function がありません", "no function"),
    (
        objects("rml:functionExecution [ rml:function ex:f ; rml:input [ rml:inputValue 1 ] ]"),
        "parameter がありません",
        "no parameter",
    ),
    (
        objects("rml:functionExecution [ rml:function ex:f ; rml:input [ rml:parameter ex:x ] ]"),
        "inputValue がありません",
        "no inputValue",
    ),
    (
        objects('rml:functionExecution [ rml:functionMap [ rml:reference "a" ] ]'),
        "定数の IRI",
        "constant IRI",
    ),
    (objects("rml:functionExecution <F>") + " <F> rml:functoin ex:f .", "functoin", "Did you mean"),
    (objects('rml:gather ( [ rml:reference "a" ] )'), "gatherAs", "gatherAs must be"),
    (objects('rml:gather "a" ; rml:gatherAs rdf:List'), "リスト ( … )", "expected a list"),
    (objects("rml:quotedTriplesMap <TM>"), "自分自身", "quotes itself"),
    (
        objects('rml:reference "a" ; rml:logicalTarget []'),
        "target がありません",
        "no target",
    ),
    (
        objects(
            'rml:reference "a" ; rml:logicalTarget [ rml:target "d" ; rml:serialization ex:x ]'
        ),
        "書式",
        "serialization",
    ),
    (tm(S, "rml:logicalSource [] ;"), "source がありません", "no source"),
    (tm(S, "rml:logicalSource [ rml:source [] ] ;"), "rml:path", "names no file"),
    (
        tm(S, 'rml:logicalSource [ rml:source "x" ; rml:referenceFormulation rml:XPath ] ;'),
        "参照方式",
        "reference formulation",
    ),
    (tm(S, 'rml:logicalSource [ rml:source "http://x/y" ] ;'), "ファイルだけ", "only files"),
    (tm(S, 'rr:logicalTable [ rr:sqlQuery "SELECT 1" ] ;'), "ファイルだけ", "only files"),
    (
        tm(S, 'rml:logicalSource [ rml:source [ rml:path "x" ; rml:compression ex:c ] ] ;'),
        "圧縮方式",
        "compression",
    ),
    (
        tm(
            'rml:subjectMap [ rml:template "{x}" ]',
            'rml:logicalSource [ rml:viewOn [ rml:source "t" ] ; '
            'rml:field [ rml:fieldName "y" ; rml:reference "a" ] ] ;',
        ),
        "フィールド x",
        "no field x",
    ),
]


@pytest.mark.parametrize(("text", "ja", "en"), MISTAKES)
def test_a_mistake_is_told_with_its_place(text: str, ja: str, en: str) -> None:
    error = fail(text)
    assert ja in error.message("ja")
    assert en in error.message("en")


def test_the_place_is_that_of_the_wrong_term() -> None:
    error = fail(
        '<TM> a rml:TriplesMap ;\n  rml:subjectMap [\n    rml:templat "x" ] ;\n' + SOURCE + " ."
    )
    line = PREFIXES.count("\n") + 3
    assert error.place is not None
    assert (error.place.line, error.place.column) == (line, 5)


def test_functions_that_call_each_other_without_end_are_refused() -> None:
    loop = (
        "<F> rml:function ex:f ; rml:input [ rml:parameter ex:x ; "
        "rml:inputValueMap [ rml:functionExecution <F> ] ] ."
    )
    assert "深すぎ" in fail(objects("rml:functionExecution <F>") + loop).message("ja")


def test_executions_that_double_at_each_level_are_refused_in_time() -> None:
    def level(i: int) -> str:
        call = f"[ rml:parameter ex:x ; rml:inputValueMap [ rml:functionExecution <F{i + 1}> ] ]"
        return f"<F{i}> rml:function ex:f ; rml:input {call} , {call} .\n"

    text = objects("rml:functionExecution <F0>") + "".join(level(i) for i in range(15))
    text += "<F15> rml:function ex:g ."
    started = time.process_time()
    fail(text)
    assert time.process_time() - started < 1
