"""Makes `imi-core.ttl`: the terms of the IMI core vocabulary 2.4.1 (共通語彙基盤 コア語彙).

Run from the root of the checkout: `python -m vocab.build_imi TERMS.json`, with the list of terms
as JSON (names, labels, superclasses, domains, ranges: facts, no definitions of the standard).

A property that several classes have gets one `schema:domainIncludes` for each: several
`rdfs:domain` would say that a subject is an instance of all of them at once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from app.rdf.namespaces import IC, OWL, RDFS, SCHEMA, XSD
from app.rdf.terms import iri, literal

TARGET: Final = Path(__file__).with_name("imi-core.ttl")
PREFIXES: Final = {"ic": IC, "owl": OWL, "rdfs": RDFS, "schema": SCHEMA, "xsd": XSD}

SPELLING: Final = {
    "Areasquare": "Area",
    "Height of perseon": "Height of person",
}
"""Labels in which the published vocabulary has a slip."""

HEAD: Final = """\
# The terms of the IMI core vocabulary 2.4.1 (共通語彙基盤 コア語彙), as facts: names, labels,
# hierarchy, domains, ranges. Written by vocab/build_imi.py; do not edit by hand.
"""


def turtle(terms: Mapping[str, Any]) -> str:
    """The whole file, classes before properties, each sorted by name."""
    blocks = [
        HEAD,
        "".join(f"@prefix {prefix}: {iri(full)} .\n" for prefix, full in PREFIXES.items()),
        _block(
            iri(IC),
            "owl:Ontology",
            [
                ("rdfs:label", _labels("IMI コア語彙", "IMI core vocabulary")),
                ("owl:versionInfo", [literal("2.4.1")]),
            ],
        ),
    ]
    blocks += [_class(name, term) for name, term in sorted(terms["classes"].items())]
    blocks += [_property(name, term) for name, term in sorted(terms["properties"].items())]
    return "\n".join(blocks)


def _class(name: str, term: Mapping[str, Any]) -> str:
    facts = [
        ("rdfs:label", _labels(term["ja"], term["en"])),
        ("rdfs:subClassOf", sorted(term["super"])),
        ("rdfs:isDefinedBy", [iri(IC)]),
    ]
    return _block(name, "rdfs:Class, owl:Class", facts)


def _property(name: str, term: Mapping[str, Any]) -> str:
    domains = sorted(term["domains"])
    facts = [
        ("rdfs:label", _labels(term["ja"], term["en"])),
        ("rdfs:domain" if len(domains) == 1 else "schema:domainIncludes", domains),
        ("rdfs:range", [_reference(term["range"])]),
        ("rdfs:isDefinedBy", [iri(IC)]),
    ]
    return _block(name, term["kind"], facts)


def _labels(ja: str, en: str) -> list[str]:
    en = en.strip()
    return [literal(ja, language="ja"), literal(SPELLING.get(en, en), language="en")]


def _reference(name: str) -> str:
    """A prefixed name as it is, any other IRI in brackets (the code list of currencies)."""
    return name if name.split(":", 1)[0] in PREFIXES else iri(name)


def _block(subject: str, types: str, facts: list[tuple[str, list[str]]]) -> str:
    return " ;\n".join(_lines(subject, types, facts)) + " .\n"


def _lines(subject: str, types: str, facts: list[tuple[str, list[str]]]) -> Iterator[str]:
    yield f"{subject}\n    a {types}"
    for predicate, objects in facts:
        if objects:
            yield f"    {predicate} {', '.join(objects)}"


if __name__ == "__main__":
    TARGET.write_text(turtle(json.loads(Path(sys.argv[1]).read_text("utf-8"))), "utf-8")
