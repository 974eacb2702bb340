"""A description as Turtle, N-Triples, RDF/XML, JSON-LD and JSON; as GeoJSON, KML and CSV.

Every RDF format holds the same triples: the description, the labels of linked things, and what
the document says of itself (topic, data set, licence, time).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final

import orjson
from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from app.publish import geojson, kml, table
from app.publish.catalog import Catalog, DatasetCard
from app.publish.entity import RDF_TYPE, EntityDescription
from app.publish.jsonld import Context
from app.publish.turtle import TurtleWriter
from app.rdf import xml
from app.rdf.formats import Format, Formats
from app.rdf.namespaces import DCTERMS, FOAF, PREFIXES, XSD
from app.rdf.terms import is_valid_iri
from app.store.base import Manifest, Term
from app.web.addresses import Addresses

FLAT_PROFILES: Final = frozenset(
    {"http://www.w3.org/ns/json-ld#expanded", "http://www.w3.org/ns/json-ld#flattened"}
)
"""JSON-LD profiles that are answered by the engine's own flat form."""

# A QName of RDF/XML needs a local part that begins with a letter (XML Names, NCName).

Statements = Mapping[NamedNode, tuple[tuple[str, Term], ...]]


class EntitySerialiser:
    """Writes descriptions in every format but HTML."""

    def __init__(self, addresses: Addresses, catalog: Catalog) -> None:
        self._addresses = addresses
        self._catalog = catalog
        prefixes = {**PREFIXES, "def": f"{addresses.base}/def/"}
        self._prefixes = prefixes
        self._turtle_writer = TurtleWriter(prefixes)
        self.context = Context(prefixes)
        self._context_address = f"{addresses.base}/context.jsonld"
        self._manifest: Manifest | None = None
        self._of_graphs: dict[tuple[str, ...], tuple[DatasetCard, ...]] = {}
        self._said: dict[tuple[str, ...], tuple[tuple[str, Term], ...]] = {}
        self._writers: dict[Format, Callable[[EntityDescription], bytes | None]] = {
            Formats.TURTLE.value: self._turtle,
            Formats.JSON_LD.value: self._json_ld,
            Formats.JSON.value: self._json_ld,
            Formats.N_TRIPLES.value: self._n_triples,
            Formats.RDF_XML.value: self._rdf_xml,
            Formats.GEOJSON.value: lambda known: geojson.write(known, self.context.plain_name),
            Formats.KML.value: lambda known: kml.write(known, self.context.plain_name),
            Formats.TABLE_CSV.value: lambda known: table.write(known, self.context.plain_name),
        }

    def writes(self, form: Format) -> bool:
        """Whether a format is written here."""
        return form in self._writers

    def write(
        self, description: EntityDescription, form: Format, *, flat: bool = False
    ) -> bytes | None:
        """The description as bytes, or None when the format cannot hold it."""
        if flat:
            return _bytes(self._triples(description), RdfFormat.JSON_LD)
        return self._writers[form](description)

    def use(self, manifest: Manifest) -> None:
        """Take the data sets from this release from now on."""
        if manifest is not self._manifest:
            self._manifest, self._of_graphs, self._said = manifest, {}, {}

    def cards(self, description: EntityDescription) -> tuple[DatasetCard, ...]:
        """The data sets that speak of a thing."""
        known = self._of_graphs.get(description.graphs)
        if known is None:
            found = (self._card(graph) for graph in description.graphs)
            known = tuple(card for card in found if card is not None)
            self._of_graphs[description.graphs] = known
        return known

    def licences(self, description: EntityDescription) -> tuple[str, ...]:
        """Licence IRIs of those data sets."""
        named = (card.about.licence for card in self.cards(description))
        return tuple(
            dict.fromkeys(licence for licence in named if licence and is_valid_iri(licence))
        )

    def _card(self, graph: str) -> DatasetCard | None:
        if self._manifest is None:
            return None
        return self._catalog.of_graph(self._manifest, graph)

    def _document(self, description: EntityDescription) -> Statements:
        said = self._said.get(description.graphs)
        if said is None:
            said = self._said[description.graphs] = tuple(self._say(description))
        topic: tuple[str, Term] = (FOAF + "primaryTopic", NamedNode(description.iri))
        document = NamedNode(self._addresses.document_iri(description.iri))
        return {document: (said[0], topic, *said[1:])}

    def _say(self, description: EntityDescription) -> Iterator[tuple[str, Term]]:
        """What all documents from the same graphs say of themselves."""
        when = description.modified.replace(microsecond=0).isoformat()
        yield RDF_TYPE, NamedNode(FOAF + "Document")
        for card in self.cards(description):
            yield DCTERMS + "source", NamedNode(self._addresses.dataset_iri(card.id))
        for licence in self.licences(description):
            yield DCTERMS + "license", NamedNode(licence)
        yield DCTERMS + "modified", Literal(when, datatype=NamedNode(XSD + "dateTime"))

    def _triples(self, description: EntityDescription) -> Iterator[Triple]:
        yield from description.triples()
        yield from description.label_triples()
        for subject, pairs in self._document(description).items():
            for predicate, term in pairs:
                yield Triple(subject, NamedNode(predicate), term)

    def _turtle(self, description: EntityDescription) -> bytes:
        return self._turtle_writer.write(description, self._document(description)).encode()

    def _n_triples(self, description: EntityDescription) -> bytes:
        return _bytes(self._triples(description), RdfFormat.N_TRIPLES)

    def _rdf_xml(self, description: EntityDescription) -> bytes | None:
        triples = list(self._triples(description))
        if not all(xml.fits(triple) for triple in triples):
            return None
        # The engine ends an element when another subject comes between: keep subjects together.
        together: dict[object, list[Triple]] = {}
        for triple in triples:
            together.setdefault(triple.subject, []).append(triple)
        ordered = (triple for group in together.values() for triple in group)
        return _bytes(ordered, RdfFormat.RDF_XML, self._prefixes)

    def _json_ld(self, description: EntityDescription) -> bytes:
        tree = self.context.compact(description, self._context_address, self._document(description))
        return orjson.dumps(tree, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _bytes(
    triples: Iterator[Triple], form: RdfFormat, prefixes: dict[str, str] | None = None
) -> bytes:
    written = serialize(triples, format=form, prefixes=prefixes)
    assert written is not None, "serialize without an output gives bytes"
    return written
