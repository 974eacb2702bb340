"""What is told before a byte of data is read, in both languages: errors that stop, and remarks."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from app.errors import MappingError, Place
from app.findings import Finding, Findings
from app.mapping.compile import compile_mapping
from app.mapping.languages import read_mapping
from app.mapping.model import LogicalSource
from app.mapping.static_checks import check_columns, check_joins, tell_unused_columns

YARRRML = (
    "prefixes: {ex: 'http://e/', jfn: 'urn:tsunagu:fn:'}\nmappings:\n  m:\n    s: %s\n    po:\n"
)
RML = """@prefix rml: <http://w3id.org/rml/> . @prefix ex: <http://e/> .
@prefix jfn: <urn:tsunagu:fn:> .
<http://d/m> a rml:TriplesMap ;
  rml:logicalSource [ rml:source "t.csv" ] ; rml:subjectMap [ %s ] ;
"""
COLUMNS = ("識別番号", "名称", "所在地", "Payroll (millions)")


def yarrrml(*entries: str, subject: str = "ex:$(識別番号)") -> str:
    lines = "".join(f"      - {entry}\n" for entry in entries or ("[ex:p, $(名称)]",))
    return YARRRML % subject + lines


def rml(
    object_map: str = 'rml:reference "名称"', subject: str = 'rml:template "http://e/{識別番号}"'
) -> str:
    return RML % subject + (
        f"  rml:predicateObjectMap [ rml:predicate ex:p ; rml:objectMap [ {object_map} ] ] ."
    )


def call(function: str, parameter: str, *more: str) -> str:
    inputs = " , ".join(
        f'[ rml:parameter {each} ; rml:inputValueMap [ rml:reference "名称" ] ]'
        for each in (parameter, *more)
    )
    return f"rml:functionExecution [ rml:function {function} ; rml:input {inputs} ]"


def check(text: str) -> Findings:
    """All that is looked at before the table's first row."""
    findings = Findings()
    mapping = read_mapping(
        text,
        file="m.ttl" if text.startswith("@") else "m.yml",
        default_source=LogicalSource("t.csv"),
        findings=findings,
    )
    plan = compile_mapping(mapping, base="http://base/", findings=findings)
    check_columns(plan, lambda _: COLUMNS)
    return findings


WRONG = [
    (yarrrml("[ex:p, $(名稱)]"), "列「名稱」は t.csv にありません", "Near ones: 名称."),
    (rml('rml:reference "名稱"'), "近い列名: 名称", "column “名稱” is not in t.csv"),
    (
        yarrrml("[ex:p, $(Payroll)]"),
        "近い列名: Payroll (millions)",
        "Near ones: Payroll (millions).",
    ),
    (yarrrml(subject="{value: ex:s, type: literal}"), "iri か blank", "iri or blank"),
    (
        rml(subject='rml:reference "識別番号" ; rml:termType rml:Literal'),
        "主語にリテラルは使えません",
        "a subject cannot be a literal",
    ),
    (rml(subject='rml:constant "x"'), "主語にリテラルは使えません", "cannot be a literal"),
    (
        yarrrml("{p: ex:p, o: {function: jfn:intger, parameters: [[jfn:value, $(名称)]]}}"),
        "intger",
        "jfn:integer",
    ),
    (rml(call("jfn:intger", "jfn:value")), "intger", "integer"),
    (
        yarrrml("{p: ex:p, o: {function: jfn:integer, parameters: [[jfn:vlaue, $(名称)]]}}"),
        "vlaue",
        "value",
    ),
    (rml(call("jfn:integer", "jfn:vlaue")), "vlaue", "value"),
    (rml("rml:functionExecution [ rml:function jfn:integer ]"), "value がありません", "lacks value"),
    (rml(call("jfn:integer", "jfn:value", "jfn:value")), "二度あります", "twice"),
    (yarrrml(subject="'ex:{識別番号}'"), "$(列名) と書いて", "write $(column) in YARRRML"),
    (yarrrml("[ex:p, {mapping: n}]"), "マッピング n", "n"),
    (yarrrml("[nope:p, $(名称)]"), "接頭辞 nope", "nope"),
    (yarrrml("[ex:p, $(名称), e-n-g-l-i-s-h-x~lang]"), "言語タグ", "language tag"),
    (
        yarrrml("[ex:p, {mapping: m2}]") + "  m2: {sources: [['u.csv~csv']], s: 'ex:$(名称)'}\n",
        "結合条件",
        "a join condition",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "ja", "en"), WRONG)
def test_what_cannot_run_is_an_error_with_its_place(text: str, ja: str, en: str) -> None:
    with pytest.raises(MappingError) as caught:
        check(text)
    assert ja in caught.value.message("ja")
    assert en in caught.value.message("en")
    place = caught.value.place
    assert place is not None
    assert place.line is not None
    assert place.line > 1


def told(findings: Iterable[Finding], code: str) -> list[tuple[int | None, str, str]]:
    return [
        (each.place.line, each.message("ja"), each.message("en"))
        for each in findings
        if each.kind.code == code
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (yarrrml(subject="ex:(識別番号)"), 4),
        (rml(subject='rml:template "http://e/x"'), 4),
        (rml('rml:template "http://e/x"'), 5),
    ],
)
def test_a_template_without_a_reference_is_told(text: str, line: int) -> None:
    [(where, ja, en)] = told(check(text), "mapping-template-without-reference")
    assert where == line
    assert "すべての行で同じ" in ja
    assert "$(列名)、RML では {列名}" in ja
    assert "the same for every row" in en
    assert "$(column) in YARRRML and {column} in RML" in en


@pytest.mark.parametrize("subject", ["ex:a\\(b\\)", "ex:a", "'http://e/x/y'"])
def test_a_constant_that_is_meant_is_not_told(subject: str) -> None:
    assert check(yarrrml(subject=subject)).counts() == {}


@pytest.mark.parametrize(
    ("text", "line", "relative"),
    [
        (yarrrml(subject="places/$(識別番号)"), 4, "places/"),
        (yarrrml("[ex:p, places/x~iri]"), 6, "places/x"),
        (rml(subject='rml:template "places/{識別番号}"'), 4, "places/"),
    ],
)
def test_a_relative_iri_of_the_mapping_is_told_where_no_base_is_stated(
    text: str, line: int, relative: str
) -> None:
    [(where, ja, en)] = told(check(text), "mapping-relative-iri-in-mapping")
    assert where == line
    assert f"「{relative}」は http: などで始まらない" in ja
    assert f"“{relative}” has no scheme" in en
    assert "http://base/" in en


def test_a_relative_iri_is_what_was_meant_where_a_base_is_stated() -> None:
    based = "base: http://mine/\n" + yarrrml(subject="places/$(識別番号)")
    assert check(based).counts() == {}


def test_a_relative_iri_is_told_once_however_often_it_is_used() -> None:
    text = yarrrml("[ex:p, [$(名称), $(所在地)]]", "[ex:q, $(名称)]", subject="x/$(識別番号)")
    assert check(text).counts() == {"mapping-relative-iri-in-mapping": 1}


JOIN = """prefixes: {ex: 'http://e/'}
mappings:
  child:
    sources: [['c.csv~csv']]
    s: ex:c$(id)
    po:
      - p: ex:in
        o: {mapping: parent, condition: {function: equal, parameters: [[str1, $(code)], [str2, $(no)]]}}
  parent: {sources: [['p.csv~csv']], s: 'ex:p$(no)'}
"""


@pytest.mark.parametrize(
    ("child", "parent", "count"),
    [
        ({"code": "integer"}, {"no": "string"}, 1),
        ({"code": "integer"}, {"no": "integer"}, 0),
        ({"code": "integer"}, {}, 0),
        ({}, {"no": "date"}, 0),
    ],
)
def test_joined_columns_with_different_types_are_told(
    child: dict[str, str], parent: dict[str, str], count: int
) -> None:
    findings = Findings()
    plan = compile_mapping(read_mapping(JOIN, file="m.yml"))
    check_joins(plan, lambda source: child if source.path == "c.csv" else parent, findings)
    found = told(findings, "mapping-join-types")
    assert len(found) == count
    for line, ja, en in found:
        assert line == 8
        assert "「code」(integer) と「no」(string) の型が違います" in ja
        assert "01 is not 1" in en


def test_columns_without_use_are_told() -> None:
    findings = Findings()
    plan = compile_mapping(
        read_mapping(yarrrml(), file="m.yml", default_source=LogicalSource("t.csv"))
    )
    tell_unused_columns(plan, {LogicalSource("t.csv"): COLUMNS}, findings)
    [found] = findings
    assert found.place == Place("t.csv")
    assert "使わない列があります: 所在地, Payroll (millions)" in found.message("ja")
    assert "does not use these columns: 所在地, Payroll (millions)" in found.message("en")
