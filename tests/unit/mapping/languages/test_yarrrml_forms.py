"""Every form of YARRRML: the short ones mean what the long ones mean, and these what they say."""

from __future__ import annotations

import pytest

from app.findings import Findings
from app.mapping.languages.yarrrml import read_yarrrml
from app.mapping.model import (
    Argument,
    Call,
    Constant,
    Join,
    LogicalSource,
    LogicalTarget,
    Mapping,
    PredicateObject,
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
SOURCE = LogicalSource("t.csv")


def read(text: str, findings: Findings | None = None) -> Mapping:
    return read_yarrrml(
        text,
        file="m.yml",
        default_prefixes={"ex": EX, "xsd": XSD},
        default_source=SOURCE,
        findings=findings,
    )


def one(body: str) -> TriplesMap:
    """The triples map of a mapping `m` with this body (in flow style)."""
    return read(f"mappings: {{m: {body}}}").triples_maps[0]


def pom(entry: str) -> PredicateObject:
    """The predicate-object map that one entry of `po` makes."""
    return one(f"{{s: ex:s, po: [{entry}]}}").predicate_objects[0]


def iri(name: str) -> TermMap:
    return TermMap(Constant(EX + name, TermType.IRI))


def literal(text: str, datatype: str | None = None, language: str | None = None) -> TermMap:
    return TermMap(Constant(text, TermType.LITERAL, datatype, language))


def column(name: str, term_type: TermType = TermType.LITERAL) -> TermMap:
    return TermMap(Reference(name), term_type)


SHORT_AND_LONG = [
    ("[ex:p, $(a)]", "{predicates: ex:p, objects: $(a)}"),
    ("[ex:p, $(a)]", "{predicate: ex:p, object: $(a)}"),
    ("[ex:p, $(a)]", "{p: ex:p, o: $(a)}"),
    ("[ex:p, $(a)]", "{p: [ex:p], o: [$(a)]}"),
    ("[ex:p, $(a)]", "{p: ex:p, o: {value: $(a)}}"),
    ("[ex:p, $(a)]", "{p: ex:p, o: {v: $(a), type: literal}}"),
    ("[ex:p, $(a)~iri]", "{p: ex:p, o: {value: $(a), type: iri}}"),
    ("[ex:p, $(a)~iri]", "{p: ex:p, o: $(a), type: iri}"),
    ("[ex:p, $(a)~iri]", "{p: ex:p, o: {value: $(a)~iri}}"),
    ("[ex:p, $(a), xsd:date]", "{p: ex:p, o: {value: $(a), datatype: xsd:date}}"),
    ("[ex:p, $(a), xsd:date]", "{p: ex:p, o: $(a), datatype: xsd:date}"),
    ("[ex:p, $(a), xsd:date]", "{p: ex:p, o: [[$(a), xsd:date]]}"),
    ("[ex:p, $(a), ja~lang]", "{p: ex:p, o: {value: $(a), language: ja}}"),
    ("[ex:p, $(a), ja~lang]", "{p: ex:p, o: [[$(a), ja~lang]]}"),
    ("[ex:p, $(a), ja~lang]", "{p: ex:p, o: $(a), language: ja}"),
    ("[[ex:p, ex:q], [$(a), $(b)]]", "{p: [ex:p, ex:q], o: [{value: $(a)}, {value: $(b)}]}"),
    (
        "[ex:p, [[$(a), ja~lang], [$(b), en~lang]]]",
        "{p: ex:p, o: [{value: $(a), language: ja}, {value: $(b), language: en}]}",
    ),
    ("[ex:p, x, xsd:integer]", "{p: ex:p, o: {value: x, datatype: xsd:integer}}"),
    ("[ex:p, {mapping: m}]", "{p: ex:p, o: [{mapping: [m]}]}"),
    (
        "{p: ex:p, o: {function: ex:f, parameters: [[ex:a, $(b)]]}}",
        "{p: ex:p, o: {fn: ex:f, pms: [{pm: ex:a, v: $(b)}]}}",
    ),
    (
        "{p: ex:p, o: {f: ex:f, parameters: [[a, $(b)]]}}",
        "{p: ex:p, o: {function: 'ex:f(ex:a = $(b))'}}",
    ),
    (
        "{p: ex:p, o: {function: 'ex:f(a = $(b), c = x y, d = \"1, 2\")'}}",
        "{p: ex:p, o: {function: ex:f, parameters: [[a, $(b)], [c, x y], [d, '1, 2']]}}",
    ),
    (
        "{p: ex:p, o: {function: 'ex:f(a = ex:g(b = $(c)), d = $(e (f)))'}}",
        "{p: ex:p, o: {function: ex:f, parameters: [{parameter: a, value: "
        "{function: ex:g, parameters: [[b, $(c)]]}}, [d, $(e (f))]]}}",
    ),
    (
        "{p: ex:p, o: $(a), condition: {function: ex:f, parameters: [[a, $(b)]]}}",
        "{p: ex:p, o: {value: $(a), condition: {function: 'ex:f(a = $(b))'}}}",
    ),
    ("{p: ex:p, o: $(a)~iri, inversepredicates: ex:q}", "{p: ex:p, o: $(a)~iri, i: [ex:q]}"),
    (
        "{p: ex:p, o: $(a)~iri, inversepredicate: ex:q}",
        "{p: ex:p, o: {value: $(a), type: iri, iv: ex:q}}",
    ),
    ("{p: ex:p, o: $(a), graphs: ex:g}", "{p: ex:p, o: {value: $(a), graph: [ex:g]}}"),
    ("[ex:p, $(a)]", "{p: {value: ex:p}, o: $(a)}"),
    ("[rdf:type, ex:C]", "[a, ex:C]"),
]


@pytest.mark.parametrize(("short", "long"), SHORT_AND_LONG)
def test_a_short_form_means_what_the_long_form_means(short: str, long: str) -> None:
    assert one(f"{{s: ex:s, po: [{short}]}}") == one(f"{{s: ex:s, po: [{long}]}}")


@pytest.mark.parametrize(
    ("short", "long"),
    [
        ("m: {m: {s: ex:s}}", "mappings: {m: {subjects: ex:s}}"),
        ("mapping: {m: {subject: ex:s, po: []}}", "mappings: {m: {s: [ex:s]}}"),
        ("m: {m: {s: ex:s, g: ex:g}}", "mappings: {m: {s: ex:s, graphs: [ex:g]}}"),
        ("m: {m: {s: ex:s, po: {p: ex:p, o: x}}}", "m: {m: {s: ex:s, po: [[ex:p, x]]}}"),
        ("m: {m: {source: [t.csv~csv], s: ex:s}}", "m: {m: {s: ex:s}}"),
        (
            "m: {m: {s: ex:s, c: {function: 'ex:f(a = $(b))'}}}",
            "m: {m: {s: ex:s, condition: {function: ex:f, parameters: [[a, $(b)]]}}}",
        ),
        (
            "m: {m: {s: {value: ex:s, condition: 'ex:f(a = $(b))'}}}",
            "m: {m: {s: ex:s, condition: {function: ex:f, parameters: [[a, $(b)]]}}}",
        ),
    ],
)
def test_keys_of_documents_and_mappings_have_short_names(short: str, long: str) -> None:
    assert read(short).triples_maps == read(long).triples_maps


def test_a_text_is_a_literal_as_it_stands_and_a_note_says_so_when_it_looks_like_an_iri() -> None:
    findings = Findings()
    text = "mappings: {m: {s: ex:s, po: [[ex:p, ex:foo], [ex:p, '12:30'], [ex:p, plain]]}}"
    mapping = read(text, findings)
    objects = [each.objects[0] for each in mapping.triples_maps[0].predicate_objects]
    assert objects == [literal("ex:foo"), literal("12:30"), literal("plain")]
    assert findings.counts() == {"mapping-literal-like-iri": 1}
    note = next(iter(findings))
    assert (note.place.line, note.place.column) == (1, 37)
    assert "ex:foo~iri" in note.message("ja")
    assert "ex:foo~iri" in note.message("en")


def test_iris_have_their_prefix_expanded() -> None:
    assert pom("[ex:p, ex:foo~iri]").objects == (iri("foo"),)
    assert pom("[ex:p, ex:a/$(b)~iri]").objects == (
        TermMap(Template((EX + "a/", Reference("b"))), TermType.IRI),
    )
    assert pom("[ex:p, 'urn:x:1~iri']").objects == (TermMap(Constant("urn:x:1", TermType.IRI)),)
    assert pom("[ex:p, 'ex\\:foo~iri']").objects == (TermMap(Constant("ex:foo", TermType.IRI)),)


def test_the_texts_own_prefixes_win() -> None:
    mapping = read("prefixes: {ex: 'http://other/'}\nmappings: {m: {s: ex:s}}")
    assert mapping.triples_maps[0].subjects[0].expression == Constant(
        "http://other/s", TermType.IRI
    )
    assert mapping.prefixes["ex"] == "http://other/"


TEMPLATES = [
    ("$(a)", Reference("a")),
    ("$(a b)", Reference("a b")),
    ("x", Constant("x")),
    ("x$(a)y", Template(("x", Reference("a"), "y"))),
    ("$(a)$(b)", Template((Reference("a"), Reference("b")))),
    ("$(Payroll (millions))", Reference("Payroll (millions)")),
    ("$(終了時間):00", Template((Reference("終了時間"), ":00"))),
    (r"$(a\)b)", Reference("a)b")),
    (r"$(a\(b)", Reference("a(b")),
    (r"\$(a)", Constant("$(a)")),
    (r"$\(a\)", Constant("$(a)")),
    ("100$", Constant("100$")),
    ("$a", Constant("$a")),
    (r"\d+", Constant(r"\d+")),
    (r"a\\b", Constant(r"a\b")),
    ("{a}", Constant("{a}")),
    (r"$(\_a)", Reference("_a")),
    ("$(_a)", Reference("_a")),
]


@pytest.mark.parametrize(("text", "expression"), TEMPLATES)
def test_templates(text: str, expression: object) -> None:
    found = pom(f"[ex:p, '{text}']").objects[0]
    assert isinstance(found, TermMap)
    assert found.expression == expression


def test_every_reference_has_the_column_at_which_it_stands() -> None:
    text = "mappings:\n  m:\n    s: ex:$(a)-$(b)\n"
    template = read(text).triples_maps[0].subjects[0].expression
    assert isinstance(template, Template)
    places = [str(part.place) for part in template.parts if isinstance(part, Reference)]
    assert places == ["m.yml:3:11", "m.yml:3:16"]


def test_external_references_are_filled_in() -> None:
    findings = Findings()
    text = (
        "external: {name: John}\n"
        "mappings: {m: {s: ex:$(_name), po: [[ex:p, $(_name)], [ex:p, $(\\_name)], "
        "[ex:p, a $(_city)]]}}"
    )
    found = read(text, findings).triples_maps[0]
    assert found.subjects == (iri("John"),)
    assert [each.objects[0] for each in found.predicate_objects] == [
        literal("John"),
        column("_name"),
        TermMap(Template(("a ", Reference("_city"))), TermType.LITERAL),
    ]
    assert findings.counts() == {"mapping-external-without-value": 1}
    assert "$(\\_city)" in next(iter(findings)).message("ja")


def test_classes_come_from_a() -> None:
    found = one("{s: ex:s, po: [[a, [ex:C, 'ex:$(k)']], [ex:p, $(a)]]}")
    assert found.classes == (
        iri("C"),
        TermMap(Template((EX, Reference("k"))), TermType.IRI),
    )
    assert len(found.predicate_objects) == 1


def test_a_class_under_a_condition_is_a_triple_of_its_own() -> None:
    found = one("{s: ex:s, po: [{p: a, o: ex:C, condition: 'ex:f(a = $(b))'}]}")
    assert found.classes == ()
    assert found.predicate_objects[0].predicates == (TermMap(Constant(RDF + "type", TermType.IRI)),)
    assert found.predicate_objects[0].objects == (iri("C"),)


@pytest.mark.parametrize("subjects", ["", "s: ~, ", "s: {type: blank}, "])
def test_without_subjects_each_row_has_a_blank_node(subjects: str) -> None:
    found = one(f"{{{subjects}po: [[ex:p, $(a)]]}}")
    assert found.subjects == (TermMap(Template(()), TermType.BLANK_NODE),)


def test_subjects_may_be_several_blank_or_made_by_a_function() -> None:
    found = one(
        "{s: [ex:$(a), {value: 'b$(a)', type: blank}, {function: ex:f, parameters: [[x, $(a)]]}]}"
    )
    assert found.subjects == (
        TermMap(Template((EX, Reference("a"))), TermType.IRI),
        TermMap(Template(("b", Reference("a"))), TermType.BLANK_NODE),
        TermMap(Call(EX + "f", (Argument(EX + "x", TermMap(Reference("a"))),)), TermType.IRI),
    )


def test_constants_carry_datatype_and_language_in_themselves() -> None:
    assert pom("[ex:p, '1', xsd:integer]").objects == (literal("1", XSD + "integer"),)
    assert pom("[ex:p, あ, ja~lang]").objects == (literal("あ", language="ja"),)


def test_datatypes_and_languages_may_be_made_from_the_row() -> None:
    assert pom("[ex:p, $(a), 'xsd:$(t)']").objects == (
        TermMap(
            Reference("a"),
            TermType.LITERAL,
            datatype=TermMap(Template((XSD, Reference("t"))), TermType.IRI),
        ),
    )
    assert pom("[ex:p, $(a), 'ja-$(k)~lang']").objects == (
        TermMap(
            Reference("a"),
            TermType.LITERAL,
            language=TermMap(Template(("ja-", Reference("k"))), TermType.LITERAL),
        ),
    )
    assert pom("{p: ex:p, o: {v: $(a), language: {function: 'ex:f(x = $(l))'}}}").objects == (
        TermMap(
            Reference("a"),
            TermType.LITERAL,
            language=TermMap(
                Call(EX + "f", (Argument(EX + "x", TermMap(Reference("l"))),)), TermType.LITERAL
            ),
        ),
    )


@pytest.mark.parametrize(
    "parameters",
    [
        "[[str1, $(a)], [str2, $(b)]]",
        "[[str1, $(a), s], [str2, $(b), o]]",
        "[[str2, $(b), o], [str1, $(a), s]]",
        "[[str2, $(b), object], [str1, $(a)]]",
        "[{parameter: str1, value: $(a), from: subject}, {pm: str2, v: $(b), from: o}]",
    ],
)
def test_a_join_compares_a_value_of_this_row_with_one_of_the_other(parameters: str) -> None:
    found = pom(f"[ex:p, {{mapping: m, condition: {{function: equal, parameters: {parameters}}}}}]")
    assert found.objects == (ReferencingObject("m", (Join(Reference("a"), Reference("b")),)),)
    assert found.condition is None


def test_several_conditions_join_on_several_keys() -> None:
    equal = "{{function: equal, parameters: [[str1, $({0})], [str2, $({0})]]}}"
    found = pom(f"[ex:p, {{mapping: m, condition: [{equal.format('a')}, {equal.format('b')}]}}]")
    assert found.objects == (
        ReferencingObject(
            "m", (Join(Reference("a"), Reference("a")), Join(Reference("b"), Reference("b")))
        ),
    )


def test_a_join_may_compare_changed_values() -> None:
    found = pom(
        "[ex:p, {mapping: m, condition: {function: equal, parameters: "
        "[{parameter: str1, value: {function: ex:f, parameters: [[x, $(a)]]}}, [str2, $(b)]]}}]"
    )
    call = Call(EX + "f", (Argument(EX + "x", TermMap(Reference("a"))),))
    assert found.objects == (ReferencingObject("m", (Join(call, Reference("b")),)),)


def test_a_condition_on_this_row_alone_is_no_join() -> None:
    found = pom("[ex:p, {mapping: m, condition: 'ex:isSet(x = $(a))'}]")
    assert found.objects == (ReferencingObject("m"),)
    assert found.condition == Call(EX + "isSet", (Argument(EX + "x", TermMap(Reference("a"))),))


def test_equal_is_the_function_of_idlab() -> None:
    found = pom("{p: ex:p, o: x, condition: 'equal(str1 = $(a), str2 = y)'}")
    assert found.condition == Call(
        IDLAB_FN + "equal",
        (
            Argument(GREL + "valueParam", TermMap(Reference("a"))),
            Argument(GREL + "valueParam2", literal("y")),
        ),
    )


def test_several_conditions_must_all_be_true() -> None:
    found = pom("{p: ex:p, o: x, condition: ['ex:f(x = $(a))', 'ex:g(x = $(b))']}")
    first = Call(EX + "f", (Argument(EX + "x", TermMap(Reference("a"))),))
    second = Call(EX + "g", (Argument(EX + "x", TermMap(Reference("b"))),))
    assert found.condition == Call(
        IDLAB_FN + "trueCondition",
        (
            Argument(IDLAB_FN + "strBoolean", TermMap(first)),
            Argument(IDLAB_FN + "str", TermMap(second)),
        ),
    )


def test_objects_with_a_condition_of_their_own_are_kept_apart() -> None:
    found = one("{s: ex:s, po: [{p: ex:p, o: [x, {v: y, condition: 'ex:f(x = $(a))'}, z]}]}")
    assert [each.objects for each in found.predicate_objects] == [
        (literal("x"), literal("z")),
        (literal("y"),),
    ]
    assert [each.condition is None for each in found.predicate_objects] == [True, False]


SOURCES = [
    ("t.csv~csv", LogicalSource("t.csv")),
    ("[t.csv~csv]", LogicalSource("t.csv")),
    ("[[t.csv~csv]]", LogicalSource("t.csv")),
    ("['t.json~jsonpath', '$.x[*]']", LogicalSource("t.json", "json", "$.x[*]")),
    ("[['t.json~jsonpath', '$.x[*]']]", LogicalSource("t.json", "json", "$.x[*]")),
    ("{access: t.csv}", LogicalSource("t.csv")),
    ("['t.csv~sql2008table']", LogicalSource("t.csv", "table")),
    ("{access: t.csv, referenceFormulation: csv, type: localfile}", LogicalSource("t.csv")),
    (
        "{access: t.tsv, delimiter: '\\t', encoding: cp932}",
        LogicalSource("t.tsv", delimiter="\t", encoding="cp932"),
    ),
    ("{access: t.csv, 'null': ['', '-']}", LogicalSource("t.csv", nulls=("", "-"))),
    (
        "{access: t.csv.gz, header: false, compression: gzip, commentPrefix: '#', quote: \"'\"}",
        LogicalSource("t.csv.gz", header=False, compression="gzip", comment_prefix="#", quote="'"),
    ),
    ("shared", LogicalSource("s.csv")),
    ("[shared]", LogicalSource("s.csv")),
]


@pytest.mark.parametrize(("written", "source"), SOURCES)
def test_sources(written: str, source: LogicalSource) -> None:
    text = f"sources: {{shared: [s.csv~csv]}}\nmappings: {{m: {{sources: {written}, s: ex:s}}}}"
    assert read(text).triples_maps[0].source == source


def test_a_mapping_over_several_sources_is_several_triples_maps() -> None:
    text = (
        "sources: {a: [a.csv~csv], b: {access: b.csv}}\n"
        "mappings:\n"
        "  m: {sources: [a, b], s: ex:$(x)}\n"
        "  n: {s: ex:s, po: [[ex:p, {mapping: m, condition: "
        "{function: equal, parameters: [[str1, $(k)], [str2, $(x)]]}}]]}\n"
    )
    mapping = read(text)
    assert [(m.id, m.source.path) for m in mapping.triples_maps] == [
        ("m", "a.csv"),
        ("m#2", "b.csv"),
        ("n", "t.csv"),
    ]
    objects = mapping.triples_maps[2].predicate_objects[0].objects
    assert [o.parent for o in objects if isinstance(o, ReferencingObject)] == ["m", "m#2"]


def test_what_has_no_effect_on_a_file_is_noted() -> None:
    findings = Findings()
    read(
        "mappings: {m: {sources: [{access: t.csv, query: SELECT 1, queryFormulation: sql2008, "
        "iterator: $}], s: ex:s}}",
        findings,
    )
    assert findings.counts() == {"mapping-iterator-ignored": 1, "mapping-query-ignored": 2}
    assert all("無視" in note.message("ja") for note in findings)


def test_targets() -> None:
    text = (
        "targets: {dump: [d.nt.gz~void, ntriples, gzip], t: {access: t.ttl, serialization: turtle}}\n"
        "mappings: {m: {s: {value: ex:s, targets: [dump, [x.nq~localfile]]}, "
        "po: [{p: ex:p, o: {v: $(a), targets: t}}]}}"
    )
    mapping = read(text)
    assert mapping.targets == (
        LogicalTarget("dump", "d.nt.gz", "nt", "gzip"),
        LogicalTarget("t", "t.ttl", "ttl"),
        LogicalTarget("x.nq", "x.nq"),
    )
    found = mapping.triples_maps[0]
    assert found.subjects[0].targets == ("dump", "x.nq")
    assert found.predicate_objects[0].objects[0].targets == ("t",)


def test_authors_and_base_are_kept() -> None:
    mapping = read(
        "base: http://base/\n"
        "authors: [John <j@x.jp>, {name: 花子, email: h@x.jp, website: 'http://h/'}]\n"
        "mappings: {m: {s: ex:s}}"
    )
    assert mapping.base == "http://base/"
    assert mapping.authors == ("John <j@x.jp>", "花子 <h@x.jp> (http://h/)")


def test_a_triple_may_be_quoted() -> None:
    text = (
        "mappings:\n"
        "  inner: {s: ex:$(a), po: [[ex:p, $(b)]]}\n"
        "  outer: {s: {quoted: inner}, po: [[ex:q, {quotedNonAsserted: inner}]]}\n"
    )
    mapping = read(text)
    quoted = Quoted(TermMap(Template((EX, Reference("a"))), TermType.IRI), iri("p"), column("b"))
    assert [m.id for m in mapping.triples_maps] == ["outer"]
    assert mapping.triples_maps[0].subjects == (TermMap(quoted),)
    assert mapping.triples_maps[0].predicate_objects[0].objects == (TermMap(quoted),)


@pytest.mark.shared
def test_the_gtfs_mapping_is_read(shared: object) -> None:
    from pathlib import Path

    path = Path(str(shared)) / "data/gtfs-madrid/gtfs-csv.yml"
    mapping = read_yarrrml(path.read_text(encoding="utf-8"), file=path.name)
    assert len(mapping.triples_maps) == 13
    joins = [
        o
        for m in mapping.triples_maps
        for p in m.predicate_objects
        for o in p.objects
        if isinstance(o, ReferencingObject)
    ]
    assert all(each.joins for each in joins)
