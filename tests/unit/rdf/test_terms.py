"""Escaping: what is written is read back by the engine as the same term."""

from __future__ import annotations

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from app.rdf import terms

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


def read_object(line: str) -> object:
    quads = list(parse(line.encode(), format=RdfFormat.N_QUADS))
    assert len(quads) == 1
    assert isinstance(quads[0], Quad)
    return quads[0].object


@given(TEXT)
def test_a_literal_is_read_back_as_the_same_text(text: str) -> None:
    line = f"<http://e/s> <http://e/p> {terms.literal(text)} .\n"
    assert read_object(line) == Literal(text)


@given(st.lists(st.none() | TEXT, max_size=20))
def test_arrays_are_escaped_like_single_texts_and_nulls_stay(texts: list[str | None]) -> None:
    expected = [None if text is None else terms.escape_literal(text) for text in texts]
    assert terms.escape_literals(pa.array(texts, pa.string())).to_pylist() == expected


@given(st.lists(TEXT, min_size=4, max_size=20), st.integers(0, 2))
def test_a_slice_of_an_array_is_escaped_like_the_whole(texts: list[str], start: int) -> None:
    part = pa.array(texts, pa.string()).slice(start, 2)
    expected = [terms.escape_literal(text) for text in texts[start : start + 2]]
    assert terms.escape_literals(part).to_pylist() == expected


@given(TEXT, st.booleans())
def test_any_value_percent_encoded_in_a_template_gives_a_valid_iri(
    text: str, ascii_only: bool
) -> None:
    iri = "http://example.org/id/" + terms.percent_encode(text, ascii_only=ascii_only) + "#it"
    assert terms.is_valid_iri(iri)
    assert not ascii_only or iri.isascii()


@given(TEXT, TEXT)
def test_different_values_stay_different_in_iris_and_blank_nodes(one: str, other: str) -> None:
    if one != other:
        assert terms.percent_encode(one) != terms.percent_encode(other)
        assert terms.blank_label(one) != terms.blank_label(other)


def test_japanese_stays_readable_in_iris_and_reserved_characters_are_encoded() -> None:
    assert terms.percent_encode("高松市 A/B#1%") == "高松市%20A%2FB%231%25"
    assert terms.percent_encode("高松", ascii_only=True) == "%E9%AB%98%E6%9D%BE"


@pytest.mark.parametrize(
    ("value", "valid"),
    [
        ("http://example.org/新", True),
        ("urn:uuid:0", True),
        ("http://example.org/a b", False),
        ("http://example.org/<x>", False),
        ("relative", False),
        ("http://example.org/%zz", False),
        ("", False),
    ],
)
def test_iris_are_valid_as_the_engine_says(value: str, valid: bool) -> None:
    assert terms.is_valid_iri(value) is valid
    assert terms.valid_iris(pa.array([value, None])).to_pylist() == [valid, None]


@given(st.lists(TEXT.map(lambda t: "http://e.org/" + t) | TEXT, max_size=20))
def test_arrays_of_iris_are_judged_like_single_ones(values: list[str]) -> None:
    expected = [terms.is_valid_iri(value) for value in values]
    assert terms.valid_iris(pa.array(values, pa.string())).to_pylist() == expected


@given(TEXT)
def test_a_blank_label_is_a_blank_node_in_n_quads(text: str) -> None:
    line = f"_:{terms.blank_label(text)} <http://e/p> <http://e/o> .\n"
    assert len(list(parse(line.encode(), format=RdfFormat.N_QUADS))) == 1


def test_a_language_tag_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="not a language tag"):
        terms.literal("x", language="日本語")


def test_a_constant_iri_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError):
        terms.iri("no scheme")
    assert terms.iri("http://e/新") == str(NamedNode("http://e/新"))
