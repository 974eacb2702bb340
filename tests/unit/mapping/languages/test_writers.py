"""What is written says what was read: RML and YARRRML, there and back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.errors import MappingError
from app.mapping.languages import read_mapping
from app.mapping.languages.rml import read_rml
from app.mapping.languages.rml.writer import write_rml
from app.mapping.languages.yarrrml import read_yarrrml
from app.mapping.languages.yarrrml.writer import write_yarrrml
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
from app.rdf.namespaces import XSD
from tests.conftest import ROOT
from tests.unit.mapping.languages.test_yarrrml_forms import SHORT_AND_LONG, SOURCES

EX = "http://example.org/"


def back_from_rml(mapping: Mapping) -> Mapping:
    return read_rml(write_rml(mapping), file="m.ttl")


def back_from_yarrrml(mapping: Mapping) -> Mapping:
    return read_yarrrml(write_yarrrml(mapping), file="m.yml")


def yarrrml(body: str) -> Mapping:
    return read_yarrrml(
        f"prefixes: {{ex: '{EX}'}}\n"
        "targets: {t: [t.nq~void]}\n"
        f"mappings: {{m: {{s: 'http://e/$(id)', {body}}}}}",
        file="m.yml",
        default_source=LogicalSource("t.csv"),
    )


@pytest.mark.parametrize("entry", sorted({form for pair in SHORT_AND_LONG for form in pair}))
def test_every_form_of_yarrrml_comes_back_from_yarrrml(entry: str) -> None:
    mapping = yarrrml(f"po: [{entry}]")
    found = back_from_yarrrml(mapping)
    assert found.triples_maps == mapping.triples_maps
    assert found.targets == mapping.targets


@pytest.mark.parametrize(
    "entry",
    sorted(
        form
        for pair in SHORT_AND_LONG
        for form in pair
        # RML has no inverse predicates.
        if not any(word in form for word in ("inverse", " i: ", " iv: "))
    ),
)
def test_every_form_of_yarrrml_comes_back_from_rml(entry: str) -> None:
    mapping = yarrrml(f"po: [{entry}]")
    assert back_from_rml(mapping).triples_maps == mapping.triples_maps


def test_an_inverse_predicate_becomes_a_triples_map_of_its_own_in_rml() -> None:
    mapping = yarrrml("po: [{p: ex:p, o: $(a)~iri, inversepredicates: ex:q}]")
    turned = back_from_rml(mapping).triples_maps[1]
    assert turned.subjects == (TermMap(Reference("a"), TermType.IRI),)
    assert turned.predicate_objects[0].predicates == (TermMap(Constant(EX + "q", TermType.IRI)),)
    assert turned.predicate_objects[0].objects == mapping.triples_maps[0].subjects


def test_several_subjects_become_several_triples_maps_in_rml() -> None:
    mapping = read_yarrrml(
        f"prefixes: {{ex: '{EX}'}}\n"
        "mappings:\n"
        "  m: {s: ['http://a/$(x)', 'http://b/$(x)']}\n"
        "  n: {s: 'http://c/$(x)', po: [[ex:p, {mapping: m}]]}\n",
        file="m.yml",
        default_source=LogicalSource("t.csv"),
    )
    found = back_from_rml(mapping)
    assert [each.id for each in found.triples_maps] == ["m", "m-2", "n"]
    parents = [
        o.parent
        for o in found.triples_maps[2].predicate_objects[0].objects
        if isinstance(o, ReferencingObject)
    ]
    assert parents == ["m", "m-2"]


@pytest.mark.parametrize("source", [source for _, source in SOURCES])
def test_sources_come_back(source: LogicalSource) -> None:
    subject = TermMap(Template(("http://e/", Reference("a"))), TermType.IRI)
    mapping = Mapping((TriplesMap("m", source, (subject,)),))
    assert back_from_rml(mapping).triples_maps == mapping.triples_maps
    assert back_from_yarrrml(mapping).triples_maps == mapping.triples_maps


def test_targets_quoted_triples_and_blank_nodes_come_back() -> None:
    quoted = Quoted(
        TermMap(Constant(EX + "s", TermType.IRI)),
        TermMap(Constant(EX + "p", TermType.IRI)),
        TermMap(Reference("a"), TermType.LITERAL),
    )
    mapping = Mapping(
        (
            TriplesMap(
                "m",
                LogicalSource("t.csv"),
                (TermMap(Template(()), TermType.BLANK_NODE),),
                predicate_objects=(
                    PredicateObject(
                        (TermMap(Constant(EX + "p", TermType.IRI)),),
                        (
                            TermMap(quoted),
                            TermMap(Template(("b", Reference("x"))), TermType.BLANK_NODE),
                            TermMap(Reference("y"), TermType.LITERAL, targets=("t",)),
                        ),
                    ),
                ),
            ),
        ),
        targets=(LogicalTarget("t", "t.ttl.gz", "ttl", "gzip", "UTF-8"),),
    )
    for found in (back_from_rml(mapping), back_from_yarrrml(mapping)):
        assert found.triples_maps == mapping.triples_maps
        assert found.targets == mapping.targets


COLUMNS = st.text(alphabet="abあ()\\_{}$ :\"'~.", min_size=1, max_size=8)
TEXTS = st.text(alphabet="abあ()\\_{}$ :\"'~#&*!,[]|>%@`\n\t", min_size=1, max_size=10)
LOCALS = st.from_regex(r"[a-cあ名_./-]{0,5}(#[ab]{0,2})?", fullmatch=True)
REFERENCES = COLUMNS.map(Reference)
IRIS = st.builds(
    Constant, LOCALS.map(lambda local: EX + local), st.just(TermType.IRI)
) | st.sampled_from(
    [
        Constant(value, TermType.IRI)
        for value in ("urn:x:y", "mailto:a@b", "foo:bar", "ex:not-a-prefix", "http://other/#x")
    ]
)
TEMPLATES = st.builds(
    lambda start, column, more: Template((start, column, *more)),
    TEXTS,
    REFERENCES,
    st.just(()) | st.tuples(TEXTS),
)
IRI_TEMPLATES = st.builds(lambda local, column: Template((EX + local, column)), LOCALS, REFERENCES)
CALLS = st.recursive(
    st.builds(
        lambda columns: Call(
            EX + "f", tuple(Argument(f"{EX}p{n}", TermMap(c)) for n, c in enumerate(columns))
        ),
        st.lists(REFERENCES | TEMPLATES | TEXTS.map(Constant), max_size=2),
    ),
    lambda inner: inner.map(lambda call: Call(EX + "g", (Argument(EX + "q", TermMap(call)),))),
    max_leaves=3,
)
IRI_TERMS = IRIS.map(TermMap) | (REFERENCES | IRI_TEMPLATES | CALLS).map(
    lambda expression: TermMap(expression, TermType.IRI)
)
ANNOTATIONS = st.sampled_from(
    [
        {},
        {"datatype": TermMap(Constant(XSD + "date", TermType.IRI))},
        {"language": TermMap(Constant("ja-Hrkt"))},
        {"datatype": TermMap(Template((XSD, Reference("t"))), TermType.IRI)},
        {"language": TermMap(Reference("l"), TermType.LITERAL)},
    ]
)
LITERALS = st.builds(
    lambda expression, annotation: TermMap(expression, TermType.LITERAL, **annotation),
    REFERENCES | TEMPLATES | CALLS,
    ANNOTATIONS,
) | TEXTS.map(lambda text: TermMap(Constant(text)))
JOINED = st.builds(
    lambda child, parent: ReferencingObject("m", (Join(child, parent),)),
    REFERENCES | TEMPLATES,
    REFERENCES,
)
POMS = st.builds(
    lambda predicate, objects, graphs, condition: PredicateObject(
        (predicate,), tuple(objects), tuple(graphs), condition=condition
    ),
    IRIS.map(TermMap),
    st.lists(IRI_TERMS | LITERALS | JOINED, min_size=1, max_size=3),
    st.lists(IRI_TERMS, max_size=1),
    st.none() | CALLS,
)
MAPPINGS = st.builds(
    lambda subject, classes, poms, condition: Mapping(
        (
            TriplesMap(
                "m",
                LogicalSource("t.csv"),
                (subject,),
                tuple(classes),
                predicate_objects=tuple(poms),
                condition=condition,
            ),
        ),
        prefixes={"ex": EX},
    ),
    IRI_TERMS,
    st.lists(IRIS.map(TermMap), max_size=2),
    st.lists(POMS, max_size=3),
    st.none() | CALLS,
)


@settings(deadline=None)  # the machine may be busy
@given(MAPPINGS)
def test_any_mapping_comes_back_from_rml(mapping: Mapping) -> None:
    assert back_from_rml(mapping).triples_maps == mapping.triples_maps


@settings(deadline=None)  # the machine may be busy
@given(MAPPINGS)
def test_any_mapping_comes_back_from_yarrrml(mapping: Mapping) -> None:
    assert back_from_yarrrml(mapping).triples_maps == mapping.triples_maps


@settings(deadline=None)  # the machine may be busy
@given(MAPPINGS)
def test_what_is_written_as_rml_is_turtle(mapping: Mapping) -> None:
    text = write_rml(mapping)
    assert list(ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri="http://b/"))


@pytest.mark.parametrize(
    ("expression", "ja", "en"),
    [
        (Template((Call(EX + "f"), "x")), "関数", "a function in a template"),
        (Template((Reference("a"),)), "列一つだけ", "of one column"),
    ],
)
def test_what_yarrrml_cannot_say_is_an_error(expression: Template, ja: str, en: str) -> None:
    subject = TermMap(expression, TermType.IRI)
    mapping = Mapping((TriplesMap("m", LogicalSource("t.csv"), (subject,)),))
    with pytest.raises(MappingError) as caught:
        write_yarrrml(mapping)
    assert ja in caught.value.message("ja")
    assert en in caught.value.message("en")


def test_bundled_mappings_come_back_in_both_languages() -> None:
    paths = sorted((ROOT / "mappings").glob("*/mapping.yml"))
    assert paths
    for path in paths:
        mapping = read_mapping(
            path.read_text(encoding="utf-8"),
            file=path.name,
            default_prefixes={"id": "http://h/id/", "def": "http://h/def/", "jfn": "urn:fn:"},
            default_source=LogicalSource("t.csv"),
        )
        assert back_from_yarrrml(mapping).triples_maps == mapping.triples_maps
        assert back_from_rml(mapping).triples_maps == mapping.triples_maps


@pytest.mark.shared
def test_the_suites_mappings_come_back_from_rml(shared: Path) -> None:
    count = 0
    for path in sorted((shared / "conformance").glob("rml-*/*/mapping.ttl")):
        try:
            mapping = read_rml(path.read_text(encoding="utf-8"), file="m.ttl")
        except MappingError:
            continue
        found = back_from_rml(mapping)
        assert found.triples_maps == mapping.triples_maps, path
        assert found.targets == mapping.targets, path
        count += 1
    assert count == 125


@pytest.mark.shared
def test_the_gtfs_mapping_is_the_same_after_a_way_through_both(shared: Path) -> None:
    path = shared / "data/gtfs-madrid/gtfs-csv.yml"
    mapping = read_mapping(path.read_text(encoding="utf-8"), file=path.name)
    found = back_from_yarrrml(back_from_rml(mapping))
    assert [replace(each, place=None) for each in found.triples_maps] == list(mapping.triples_maps)
