"""The page of one thing: from a description to a typed context, and to HTML."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlencode

import orjson
from pyoxigraph import BlankNode, NamedNode
from pyoxigraph import Literal as RdfLiteral
from starlette.requests import Request

from app.codes.terms import TermTable
from app.errors import Language
from app.publish.catalog import DatasetCard
from app.publish.entity import (
    RDF_TYPE,
    EntityDescription,
    EntityReader,
    Node,
    Value,
)
from app.publish.incoming import IncomingLinks
from app.publish.labels import Labels, choose, local_name
from app.publish.places import points
from app.rdf.formats import Formats
from app.rdf.namespaces import GEO, IC, OWL, RDFS, SCHEMA, XSD
from app.store.base import Term
from app.web.addresses import Addresses, encode
from app.web.entity_context import Cell, EntityPage, Link, LinkGroup, Row, Source
from app.web.refusals import Alternative
from app.web.names import PROPERTIES, licence_name, short_name
from app.web.rendering import Site
from app.web.scripts import MapSources

_LINKED_SCHEMES: Final = ("http://", "https://", "mailto:", "tel:")
"""The only addresses that become links; `javascript:` and others are shown as text."""

_PLAIN_DATATYPES: Final = frozenset(
    XSD + name for name in ("string", "integer", "decimal", "double", "float", "anyURI")
)
"""Datatypes that say nothing to a reader which the value does not say itself."""

_SAME_AS: Final = (OWL + "sameAs", RDFS + "seeAlso")


class EntityPages:
    """Makes pages of things."""

    def __init__(
        self,
        site: Site,
        addresses: Addresses,
        labels: Labels,
        cards: Callable[[EntityDescription], tuple[DatasetCard, ...]],
        terms: TermTable,
        maps: MapSources,
    ) -> None:
        self._site = site
        self._addresses = addresses
        self._labels = labels
        self._cards = cards
        self._terms = terms
        self._maps = maps
        self._term = lru_cache(maxsize=4096)(self._look_up_term)

    def render(
        self,
        description: EntityDescription,
        incoming: tuple[IncomingLinks, ...],
        reader: EntityReader,
        language: Language,
        alternatives: tuple[Alternative, ...],
        request: Request,
    ) -> bytes:
        """The page as UTF-8."""
        page = self.page(description, incoming, reader, language, alternatives)
        return self._site.render(
            "entity.html",
            page,
            language,
            request,
            title=page.heading,
            description=" · ".join(link.text for link in page.types),
            alternates=tuple(
                (a.media_type, a.href)
                for a in alternatives
                if a.media_type != Formats.HTML.value.media_type
            ),
            structured_data=_structured_data(description, page),
        )

    def page(
        self,
        description: EntityDescription,
        incoming: tuple[IncomingLinks, ...],
        reader: EntityReader,
        language: Language,
        alternatives: tuple[Alternative, ...],
    ) -> EntityPage:
        """The typed context of the page."""
        view = _View(self, description.labels, language)
        root = description.root
        heading = description.title(language) or local_name(description.iri)
        names = [v for v in root.of(RDFS + "label") if isinstance(v.term, RdfLiteral)]
        others = tuple(cell for cell in (view.cell(v) for v in names) if cell.text != heading)
        spoken = {c.text: c.language for c in (view.cell(v) for v in names)}
        return EntityPage(
            heading=heading,
            language=spoken.get(heading),
            other_names=others,
            iri=description.iri,
            href=self._addresses.thing(description.iri),
            path=tuple(
                self.link(iri, choose(reader.labels(iri), language))
                for iri in reader.wholes(description.root)
            ),
            types=tuple(self._term(iri, language) for iri in root.types),
            rows=view.rows(root, heads=True),
            incoming=tuple(self._group(description.iri, g, reader, language) for g in incoming),
            paged=any(group.offset for group in incoming),
            downloads=tuple(
                a for a in alternatives if a.media_type != Formats.HTML.value.media_type
            ),
            sources=tuple(self._source(card, language) for card in self._cards(description)),
            modified=description.modified.date().isoformat(),
            release=description.release,
            truncated=description.truncated,
            map=self._maps.of_points(heading, points(description)),
        )

    def term(self, iri: str, language: Language) -> Link:
        """A class or property with its name."""
        return self._term(iri, language)

    def value(self, term: Term, reader: EntityReader, language: Language) -> Cell:
        """One value as it is shown, a linked thing with its name."""
        labels = {}
        if isinstance(term, NamedNode):
            labels[term.value] = reader.labels(term.value)
        return _View(self, labels, language).cell(Value(term))

    def short(self, iri: str) -> str:
        """`prefix:local` of a term; our own have the prefix `def`."""
        own = f"{self._addresses.base}/def/"
        return f"def:{iri[len(own) :]}" if iri.startswith(own) else short_name(iri)

    def word(self, key: str, language: Language) -> str:
        """A word of the message catalogue."""
        return self._site.word(key, language)

    def link(self, iri: str, name: str | None) -> Link:
        """A thing with its name: ours by path, others by address if it is safe to follow."""
        if self._addresses.is_ours(iri):
            return Link(name or local_name(iri), iri, self._addresses.thing(iri))
        if self._addresses.is_node(iri):
            return Link(name or "…", iri, self._addresses.thing(iri))
        if iri in self._terms and self._addresses.has_page(iri):
            return Link(name or self.short(iri), iri, self._addresses.document(iri))
        safe = iri.startswith(_LINKED_SCHEMES)
        shown = name or (iri.partition(":")[2] if iri.startswith(("mailto:", "tel:")) else iri)
        return Link(
            shown, iri, encode(iri) if safe else None, iri.startswith(("http://", "https://"))
        )

    def _look_up_term(self, iri: str, language: Language) -> Link:
        known = self._labels.label(iri, language)
        if known is None and iri in PROPERTIES:
            known = PROPERTIES[iri].in_language(language)
        page = iri in self._terms and self._addresses.has_page(iri)
        return Link(known or local_name(iri), iri, self._addresses.document(iri) if page else None)

    def _group(
        self, iri: str, group: IncomingLinks, reader: EntityReader, language: Language
    ) -> LinkGroup:
        here = self._addresses.document(iri)
        following = None
        if group.more:
            cursor = {
                "incoming": group.predicate,
                "after": group.offset + group.size,
                "lang": language,
            }
            following = f"{here}?{urlencode(cursor, quote_via=quote)}#incoming"
        links = tuple(
            self.link(subject, choose(reader.labels(subject), language))
            for subject in group.subjects
        )
        first = f"{here}?lang={language}#incoming" if group.offset else None
        term = self._term(group.predicate, language)
        heading = self._site.word("entity.incoming.by", language).format(property=term.text)
        return LinkGroup(heading, term, group.total, links, first, following)

    def _source(self, card: DatasetCard, language: Language) -> Source:
        licence = card.about.licence
        return Source(
            title=card.about.title.in_language(language),
            href=self._addresses.dataset(card.id),
            publisher=card.about.publisher,
            licence=self.link(licence, card.about.licence_title or licence_name(licence))
            if licence
            else None,
            credit=card.about.credit,
        )


class _View:
    """Rows and cells of one description in one language."""

    def __init__(
        self,
        pages: EntityPages,
        labels: Mapping[str, tuple[RdfLiteral, ...]],
        language: Language,
    ) -> None:
        self._pages = pages
        self._labels = labels
        self._language: Language = language

    def rows(self, node: Node, *, heads: bool = False) -> tuple[Row, ...]:
        return tuple(
            Row(
                self._pages.term(known.predicate, self._language),
                self._pages.short(known.predicate),
                tuple(self.cell(value) for value in known.values),
            )
            for known in node.properties
            if not (known.predicate == RDF_TYPE or (heads and known.predicate == RDFS + "label"))
        )

    def cell(self, value: Value) -> Cell:
        if value.node is not None:
            return self._nested(value.node)
        return self._plain(value.term)

    def _nested(self, node: Node) -> Cell:
        types = tuple(self._pages.term(iri, self._language) for iri in node.types)
        return Cell("node", types=types, rows=self.rows(node))

    def _plain(self, term: Term) -> Cell:
        if isinstance(term, NamedNode):
            iri = term.value
            return Cell(
                "link",
                link=self._pages.link(iri, choose(self._labels.get(iri, ()), self._language)),
            )
        if not isinstance(term, RdfLiteral):
            return Cell("text", str(term) if not isinstance(term, BlankNode) else "…")
        text, datatype = term.value, term.datatype.value
        if term.language:
            shown = None if term.language == self._language else term.language
            return Cell("text", text, language=term.language, tag=shown)
        if datatype == XSD + "boolean" and text in ("true", "false"):
            return Cell("text", self._pages.word(f"value.{text}", self._language))
        if datatype in (XSD + "date", XSD + "dateTime", XSD + "time"):
            return Cell("time", text)
        if text.startswith(("http://", "https://")) and " " not in text:
            return Cell("link", link=self._pages.link(text, None))
        shown = None if datatype in _PLAIN_DATATYPES else self._pages.short(datatype)
        return Cell("text", text, tag=shown)


def _structured_data(description: EntityDescription, page: EntityPage) -> str:
    """schema.org for search engines: what can be said without guessing."""
    root = description.root
    lat, long = root.literals(GEO + "lat"), root.literals(GEO + "long")
    body: dict[str, object] = {
        "@context": "https://schema.org",
        "@type": "Place" if (lat and long) or root.of(IC + "住所") else "Thing",
        "@id": description.iri,
        "name": page.heading,
        "url": description.iri,
    }
    if lat and long:
        body["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": lat[0].value,
            "longitude": long[0].value,
        }
    same = [
        value.term.value
        for predicate in (*_SAME_AS, SCHEMA + "sameAs")
        for value in root.of(predicate)
        if isinstance(value.term, NamedNode) and value.term.value.startswith("http")
    ]
    if same:
        body["sameAs"] = same
    # `<` must not open a tag inside the script element.
    return orjson.dumps(body).decode().replace("<", "\\u003c")
