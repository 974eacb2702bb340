"""Turtle is read as the engine reads it, with the place of every term."""

from __future__ import annotations

import time

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import MappingSyntaxError, TsunaguError
from app.findings import Findings
from app.mapping.languages.rml.triples import Blank, Document, Iri, Literal, Term
from app.mapping.languages.rml.turtle import read_turtle
from app.mapping.languages.scanning import Limits

BASE = "http://base.example/dir/"
LIMITS = Limits.of()


def read(text: str, findings: Findings | None = None) -> Document:
    return read_turtle(text, file="m.ttl", base=BASE, limits=LIMITS, findings=findings)


def as_term(term: Term) -> ox.NamedNode | ox.BlankNode | ox.Literal:
    if isinstance(term, Iri):
        return ox.NamedNode(term.value)
    if isinstance(term, Blank):
        return ox.BlankNode("b" + term.value.encode().hex())
    if term.language is not None:
        return ox.Literal(term.value, language=term.language)
    if term.datatype is not None:
        return ox.Literal(term.value, datatype=ox.NamedNode(term.datatype))
    return ox.Literal(term.value)


def same_as_the_engine(text: str) -> bool:
    ours = ox.Dataset(
        ox.Quad(as_term(s.subject), as_term(s.predicate), as_term(s.object))  # type: ignore[arg-type]
        for s in read(text).statements
    )
    theirs = ox.Dataset(ox.parse(text, format=ox.RdfFormat.TURTLE, base_iri=BASE))
    for dataset in (ours, theirs):
        dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return ours == theirs


PREFIX = "@prefix ex: <http://example.org/> .\nPREFIX : <rel/>\n"


@pytest.mark.parametrize(
    "text",
    [
        "ex:a ex:b ex:c .",
        "<a> <../b> <#c> . @base <http://other/x> . <a> <b> <?q> .",
        "ex:a a ex:b ; ex:c ex:d , ex:e ;; ex:f :g ; .",
        "ex:a ex:b 1 , -1.5 , 1e3 , .5 , true , false , 1. ",
        "ex:a ex:b \"x\"@ja-Hrkt , 'y'^^ex:t , \"\"\"l\"o\"\"n\ng\"\"\" , '''q'u''o''' .",
        'ex:a ex:b "\\u3042\\U0001F600\\t\\"\\\\" .',
        "ex:a ex:b [ ex:c [ ex:d ex:e ] ; ex:f () ] .",
        "[ ex:a ex:b ] . [] ex:c ex:d . [ ex:a ex:b ] ex:c ex:d .",
        "ex:a ex:b ( 1 ( 2 ) [ ex:c 3 ] ) . ( 1 2 ) ex:p ex:q .",
        "_:a ex:b _:b.c . _:b.c ex:d _:a .",
        "ex:a.b ex:c\\,d ex:e%20f . ex:日本 ex:p ex:あ-い .",
        "ex:a ex:b ex:c. # comment . <x>\nex:d ex:e 'f'.",
        "<http://e/\\u3042> ex:b <http://e/%E3%81%82> .",
        "ex: ex:b : .",
    ],
)
def test_it_is_read_as_the_engine_reads_it(text: str) -> None:
    assert same_as_the_engine(PREFIX + text)


def test_every_term_knows_its_place_and_statements_keep_their_order() -> None:
    document = read('@prefix ex: <http://e/> .\nex:a ex:p [\n  ex:q "x" ] ;\n  ex:r ex:s .')
    places = [(s.predicate.value, str(s.predicate.place)) for s in document.statements]
    assert places == [
        ("http://e/p", "m.ttl:2:6"),
        ("http://e/q", "m.ttl:3:3"),
        ("http://e/r", "m.ttl:4:3"),
    ]
    assert str(document.statements[0].object.place) == "m.ttl:2:11"
    assert document.prefixes == {"ex": "http://e/"}


@pytest.mark.parametrize(
    ("text", "line", "column", "ja", "en"),
    [
        ("ex:a ex:b ex:c", 1, 1, "Turtle として読めません", "this is not Turtle"),
        (PREFIX + "ex:a ex:b", 4, 10, "Turtle として", "括弧|brackets"),
        (PREFIX + "ex:a ex:b <<( ex:c ex:d ex:e )>> .", 3, 11, "使えない記法", "no place"),
        (PREFIX + 'ex:a ex:b "x\n" .', 3, 11, "引用符", "quotes"),
    ],
)
def test_what_is_not_turtle_says_where(text: str, line: int, column: int, ja: str, en: str) -> None:
    with pytest.raises(MappingSyntaxError) as caught:
        read(text)
    assert caught.value.place is not None
    assert caught.value.place.line in {line, line - 1}
    assert caught.value.place.column is not None
    assert ja in caught.value.message("ja")
    assert any(part in caught.value.message("en") for part in en.split("|"))


def test_an_escape_that_turtle_does_not_know_is_kept_and_noted() -> None:
    findings = Findings()
    document = read(PREFIX + 'ex:a ex:b "{a\\{b}\\\\\\a" .', findings)
    assert document.statements[0].object == Literal(
        "{a\\{b}\\\\a", document.statements[0].object.place
    )
    notes = list(findings)
    assert [note.values["escape"] for note in notes] == ["\\{", "\\a"]
    assert [note.place.column for note in notes] == [14, 20]
    assert "\\\\{" in notes[0].message("ja")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        PREFIX + "ex:a ex:b " + "[ ex:b " * 100_000,
        PREFIX + "ex:a ex:b " + "[ ex:b " * 5_000 + "1" + "]" * 5_000 + " .",
        PREFIX + "ex:a ex:b " + "(" * 5_000 + ")" * 5_000 + " .",
        "#" * 5_000_000,
    ],
    ids=["brackets", "open", "deep nodes", "deep lists", "five megabytes"],
)
def test_a_bomb_is_an_error_within_a_second(text: str) -> None:
    started = time.process_time()
    with pytest.raises(MappingSyntaxError) as caught:
        read(text)
    assert time.process_time() - started < 1
    assert caught.value.message("ja")


NAMES = st.sampled_from(["ex:a", "ex:b-c", ":d", "<e>", "_:f", "ex:日本"])
LITERALS = st.one_of(
    st.text(alphabet="a\"'\\\n\t あ{}.;#", max_size=8).map(
        lambda t: (
            '"'
            + t.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
            + '"'
        )
    ),
    st.integers().map(str),
    st.sampled_from(["true", "1.5", "1e1", "'x'@en", "'x'^^ex:t"]),
)
OBJECTS = st.recursive(
    NAMES | LITERALS,
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: "( " + " ".join(items) + " )")
        | st.lists(inner, max_size=3).map(
            lambda items: "[ " + " ; ".join(f"ex:p {item}" for item in items) + " ]"
        )
    ),
    max_leaves=8,
)


@given(st.lists(st.tuples(NAMES, OBJECTS), max_size=5))
def test_any_turtle_is_read_as_the_engine_reads_it(triples: list[tuple[str, str]]) -> None:
    assert same_as_the_engine(PREFIX + "\n".join(f"{s} ex:p {o} ." for s, o in triples))


@given(st.text(alphabet="ab:<>[]()\"'\\.;,@^_#{} \n", max_size=40))
def test_any_text_is_read_or_refused_with_our_error(text: str) -> None:
    refused: TsunaguError | None = None
    try:
        read(PREFIX + text)
    except TsunaguError as error:
        refused = error
    assert refused is None or refused.place is not None
