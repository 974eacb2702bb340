"""Small RDF documents that the program itself writes: the catalog, VoID, the service description."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, Triple, serialize

from app.errors import Text
from app.publish import jsonld_graph
from app.publish.turtle import TurtleWriter
from app.rdf.formats import Format, Formats
from app.rdf.namespaces import PREFIXES, RDF, XSD
from app.rdf.terms import is_valid_iri
from app.store.base import Resource, Term

SPDX: Final = "http://spdx.org/rdf/terms#"
VCARD: Final = "http://www.w3.org/2006/vcard/ns#"
FORMATS_NS: Final = "http://www.w3.org/ns/formats/"
IANA: Final = "https://www.iana.org/assignments/media-types/"


class Graph:
    """Triples in the order in which they were said. Values that are None or empty say nothing,
    and text that is no IRI where one is wanted is left out."""

    def __init__(self) -> None:
        self.triples: dict[Triple, None] = {}

    def __len__(self) -> int:
        return len(self.triples)

    def add(self, subject: Resource, predicate: str, object: Term) -> None:
        """One statement."""
        self.triples[Triple(subject, NamedNode(predicate), object)] = None

    def type(self, subject: Resource, *types: str) -> None:
        """`rdf:type`."""
        for type_ in types:
            self.add(subject, RDF + "type", NamedNode(type_))

    def link(self, subject: Resource, predicate: str, *iris: str | None) -> None:
        """Statements whose objects are IRIs."""
        for iri in iris:
            if iri and is_valid_iri(iri):
                self.add(subject, predicate, NamedNode(iri))

    def text(self, subject: Resource, predicate: str, text: Text | None) -> None:
        """A text in Japanese and English; once without English when both are the same."""
        if text is None:
            return
        self.add(subject, predicate, Literal(text.ja, language="ja"))
        if text.en != text.ja:
            self.add(subject, predicate, Literal(text.en, language="en"))

    def plain(self, subject: Resource, predicate: str, value: str | None) -> None:
        """A text without a language."""
        if value:
            self.add(subject, predicate, Literal(value))

    def number(self, subject: Resource, predicate: str, value: int) -> None:
        """An `xsd:integer`."""
        self.add(subject, predicate, Literal(str(value), datatype=NamedNode(XSD + "integer")))

    def typed(self, subject: Resource, predicate: str, value: str, datatype: str) -> None:
        """A literal of another datatype."""
        self.add(subject, predicate, Literal(value, datatype=NamedNode(datatype)))

    def date(self, subject: Resource, predicate: str, written: str | None) -> None:
        """A date as it was written: a day, a month or a year; anything else says nothing."""
        known = {10: "date", 7: "gYearMonth", 4: "gYear"}
        if written and len(written) in known and written.replace("-", "").isdecimal():
            self.typed(subject, predicate, written, XSD + known[len(written)])

    def moment(self, subject: Resource, predicate: str, moment: datetime) -> None:
        """An `xsd:dateTime` to the second."""
        written = moment.replace(microsecond=0).isoformat()
        self.typed(subject, predicate, written, XSD + "dateTime")

    def node(self, subject: Resource, predicate: str, *types: str) -> BlankNode:
        """A new node that exists only for this statement."""
        node = BlankNode(f"n{len(self.triples)}")
        self.add(subject, predicate, node)
        self.type(node, *types)
        return node

    def write(self, form: Format, prefixes: Mapping[str, str] | None = None) -> bytes:
        """The document as UTF-8. A format without a syntax of RDF is a fault of the caller."""
        assert form.rdf is not None, f"{form.id} is no RDF syntax"
        known = {**PREFIXES, "spdx": SPDX, "vcard": VCARD, **(prefixes or {})}
        if form is Formats.TURTLE.value:
            return TurtleWriter(known).graph(self.triples).encode()
        if form is Formats.JSON_LD.value:
            return jsonld_graph.write(self.triples, known)
        # The engine's RDF/XML ends an element when another subject comes between.
        together: dict[object, list[Triple]] = {}
        for triple in self.triples:
            together.setdefault(triple.subject, []).append(triple)
        ordered = (triple for group in together.values() for triple in group)
        written = serialize(ordered, format=form.rdf, prefixes=self._used(known))
        assert written is not None, "serialize without an output gives bytes"
        return written

    def _used(self, prefixes: Mapping[str, str]) -> dict[str, str]:
        """The prefixes that shorten anything here."""
        met: set[str] = set()
        for triple in self.triples:
            met.add(triple.predicate.value)
            if isinstance(triple.object, Literal):
                met.add(triple.object.datatype.value)
            met |= {t.value for t in (triple.subject, triple.object) if isinstance(t, NamedNode)}
        return {p: ns for p, ns in prefixes.items() if any(iri.startswith(ns) for iri in met)}
