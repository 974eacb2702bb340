from __future__ import annotations

from pathlib import Path

import pytest

from app.codes.terms import TermKind, TermTable, curie, vocabulary
from app.rdf.namespaces import IC, RDFS
from tests.conftest import ROOT

BASE = "https://data.example.jp/lod"
VOCAB = ROOT / "vocab"
TERMS = TermTable.load(VOCAB, base_iri=BASE)


def test_a_term_has_its_labels_kind_and_place_in_the_hierarchy() -> None:
    facility = TERMS.get(IC + "施設型")
    assert facility is not None
    assert facility.kind is TermKind.CLASS
    assert facility.labels == {"ja": "施設", "en": "Facility"}
    assert facility.supers == (IC + "地物型",)
    assert [curie(iri) for iri in TERMS.ancestors(facility.iri)] == [
        "ic:地物型",
        "ic:場所型",
        "ic:事物型",
        "ic:概念型",
    ]


def test_a_property_of_several_classes_has_them_all_as_alternatives() -> None:
    address = TERMS.get(IC + "住所")
    assert address is not None
    assert address.kind is TermKind.PROPERTY
    assert [curie(iri) for iri in address.domains] == [
        "ic:人型",
        "ic:場所型",
        "ic:組織型",
        "ic:連絡先型",
    ]
    assert address.ranges == (IC + "住所型",)


@pytest.mark.parametrize("base", [BASE, BASE + "/"])
def test_our_own_terms_lie_under_the_base_iri_of_the_site(base: str) -> None:
    terms = TermTable.load(VOCAB, base_iri=base)
    assert terms.label(BASE + "/def/safeFrom", "ja") == "対象とする災害"
    assert terms.get(BASE + "/def/hazard/flood") is not None


def test_a_label_falls_back_to_the_other_language_and_then_to_the_local_name() -> None:
    assert TERMS.label(IC + "施設型", "en") == "Facility"
    assert TERMS.label("http://example.org/unknown#名", "ja") == "名"
    assert TERMS.label(RDFS + "label", "ja") == "名前"


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ("ic:施設形", "ic:施設型"),
        ("http://imi.go.jp/ns/core/rdf#カナ表記型", "ic:カナ表記"),
        ("Facilty", "ic:施設型"),
    ],
)
def test_a_misspelled_name_finds_the_term_that_was_meant(wrong: str, right: str) -> None:
    assert right in [curie(term.iri) for term in TERMS.nearest(wrong, namespace=IC)]


def test_nearest_terms_can_be_limited_to_one_kind() -> None:
    found = TERMS.nearest("ic:施設", namespace=IC, kind=TermKind.CLASS)
    assert found
    assert all(term.kind is TermKind.CLASS for term in found)


def test_every_term_of_our_own_has_a_label_in_both_languages() -> None:
    for term in TERMS:
        assert set(term.labels) == {"ja", "en"}, term.iri


def test_every_class_and_range_of_our_own_terms_is_known() -> None:
    known = {term.iri for term in TERMS}
    for term in TERMS.in_namespace(BASE + "/def/"):
        for iri in (*term.supers, *term.domains):
            assert iri in known, (term.iri, iri)


def test_every_line_of_the_vocabulary_is_a_triple_of_named_nodes() -> None:
    assert sum(1 for _ in vocabulary(VOCAB, base_iri=BASE)) > 2000


def test_a_folder_without_vocabularies_gives_no_terms(tmp_path: Path) -> None:
    assert len(TermTable.load(tmp_path, base_iri=BASE)) == 0
