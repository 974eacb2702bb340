from __future__ import annotations

import json
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, parse

from app.rdf.namespaces import IC, OWL, RDF, RDFS
from vocab.build_imi import TARGET, turtle

QUADS = list(parse(path=TARGET))


def subjects(class_iri: str) -> set[str]:
    return {
        str(quad.subject.value)
        for quad in QUADS
        if quad.predicate.value == RDF + "type"
        and quad.object == NamedNode(class_iri)
        and isinstance(quad.subject, NamedNode)
    }


def test_has_all_classes_and_properties_of_the_vocabulary() -> None:
    assert len(subjects(RDFS + "Class")) == 60
    assert len(subjects(OWL + "ObjectProperty") | subjects(OWL + "DatatypeProperty")) == 232
    assert all(iri.startswith(IC) for iri in subjects(RDFS + "Class"))


def test_holds_facts_and_no_definitions() -> None:
    assert {quad.predicate.value.rsplit("#")[-1].rsplit("/")[-1] for quad in QUADS} == {
        "type",
        "label",
        "subClassOf",
        "domain",
        "domainIncludes",
        "range",
        "isDefinedBy",
        "versionInfo",
    }


@pytest.mark.shared
def test_is_what_its_builder_writes_from_the_list_of_terms(shared: Path) -> None:
    terms = json.loads((shared / "reference" / "imi-core-2.4.1-terms.json").read_text("utf-8"))
    assert (len(terms["classes"]), len(terms["properties"])) == (60, 232)
    assert TARGET.read_text("utf-8") == turtle(terms)
