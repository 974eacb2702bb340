"""The page of one thing: from a description to a typed context, and to HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlencode

from pyoxigraph import Literal as RdfLiteral
from pyoxigraph import NamedNode
from starlette.requests import Request

from app.codes.terms import TermTable
from app.errors import Language
from app.publish.catalog import DatasetCard
from app.publish.credit import credit_line, editing_notice
from app.publish.entity import EntityDescription, EntityReader, Value
from app.publish.incoming import IncomingLinks
from app.publish.labels import Labels, choose, local_name
from app.publish.places import points
from app.rdf.formats import Formats
from app.rdf.namespaces import RDFS
from app.store.base import Term
from app.web.addresses import Addresses, encode
from app.web.entity_context import Cell, EntityPage, Link, LinkGroup, Source
from app.web.entity_origins import OriginPages
from app.web.entity_view import EntityView
from app.web.glance import at_a_glance
from app.web.names import PROPERTIES, licence_name, short_name
from app.web.refusals import Alternative
from app.web.rendering import Site
from app.web.scripts import MapSources
from app.web.structured_data import structured_data

_LINKED_SCHEMES: Final = ("http://", "https://", "mailto:", "tel:")
"""The only addresses that become links; `javascript:` and others are shown as text."""

_HTML: Final = Formats.HTML.value.media_type

_SOURCES: Final = 1_000  # data sets in one language; more are forgotten

_REGION: Final = re.compile(r"/id/region/(\d{5})")


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
        origins: OriginPages,
        *,
        image_origins: Sequence[str] = (),
        history: bool = False,
    ) -> None:
        self._site = site
        self._addresses = addresses
        self._labels = labels
        self._cards = cards
        self._terms = terms
        self._maps = maps
        self._origins = origins
        self._history = history
        self._pictures = tuple(f"{origin}/" for origin in (addresses.base, *image_origins))
        self._sources: dict[tuple[str, str, Language], Source] = {}
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
            alternates=tuple((a.media_type, a.href) for a in alternatives if a.media_type != _HTML),
            structured_data=structured_data(description, page, self._addresses.base, language),
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
        view = EntityView(self, description.labels, language)
        root = description.root
        heading = description.title(language) or local_name(description.iri)
        names = [v for v in root.of(RDFS + "label") if isinstance(v.term, RdfLiteral)]
        others = tuple(cell for cell in (view.cell(v) for v in names) if cell.text != heading)
        spoken = {c.text: c.language for c in (view.cell(v) for v in names)}
        sources = tuple(
            self._source(card, description.iri, reader, language)
            for card in self._cards(description)
        )
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
            glance=at_a_glance(root, view),
            rows=view.rows(root, heads=True),
            incoming=tuple(self._group(description.iri, g, reader, language) for g in incoming),
            paged=any(group.offset for group in incoming),
            downloads=tuple(a for a in alternatives if a.media_type != _HTML),
            sources=sources,
            modified=description.modified.date().isoformat(),
            release=description.release,
            truncated=description.truncated,
            map=self._maps.of_points(heading, points(description)),
            query=f"{self._addresses.root}/sparql?{urlencode({'query': _query(description.iri)})}",
            history=self._beside(description.iri, "/history") if self._history else None,
            provenance=self._beside(description.iri, "/provenance", ".ttl")
            if any(source.origins for source in sources)
            else None,
            region=self._region(description.iri),
        )

    def _beside(self, iri: str, prefix: str, suffix: str = "") -> str | None:
        """The address of another document about a thing: `/id/…` with another beginning."""
        if not self._addresses.is_ours(iri):
            return None
        page = iri[len(self._addresses.base) + len("/id") :].partition("#")[0]
        return f"{self._addresses.root}{prefix}{encode(page)}{suffix}"

    def _region(self, iri: str) -> str | None:
        """The page of what is in a region, for a region."""
        code = _REGION.fullmatch(iri[len(self._addresses.base) :])
        return f"{self._addresses.root}/regions/{code[1]}" if code is not None else None

    def term(self, iri: str, language: Language) -> Link:
        """A class or property with its name."""
        return self._term(iri, language)

    def value(self, term: Term, reader: EntityReader, language: Language) -> Cell:
        """One value as it is shown, a linked thing with its name."""
        labels = {}
        if isinstance(term, NamedNode):
            labels[term.value] = reader.labels(term.value)
        return EntityView(self, labels, language).cell(Value(term))

    def short(self, iri: str) -> str:
        """`prefix:local` of a term; our own have the prefix `def`."""
        own = f"{self._addresses.base}/def/"
        return f"def:{iri[len(own) :]}" if iri.startswith(own) else short_name(iri)

    def word(self, key: str, language: Language) -> str:
        """A word of the message catalogue."""
        return self._site.word(key, language)

    def shows(self, address: str) -> bool:
        """Whether a picture may be shown in the page: from this site or a listed one."""
        return address.startswith(self._pictures)

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

    def _source(
        self, card: DatasetCard, iri: str, reader: EntityReader, language: Language
    ) -> Source:
        key = (reader.snapshot.manifest.id, card.id, language)
        known = self._sources.get(key)
        if known is None:
            if len(self._sources) >= _SOURCES:
                self._sources.clear()
            known = self._sources[key] = self._about(card, language)
        origins = self._origins.views(reader.snapshot, iri, (card.id,), language)
        return replace(known, origins=origins) if origins else known

    def _about(self, card: DatasetCard, language: Language) -> Source:
        """What is said of a data set on all pages, without the rows."""
        about, licence = card.about, card.about.licence
        name = licence_name(licence)
        address = self._addresses.dataset_iri(card.id)
        notice = editing_notice(about, address, name)
        return Source(
            title=about.title.in_language(language),
            href=self._addresses.dataset(card.id),
            publisher=about.publisher,
            licence=self.link(licence, about.licence_title or name) if licence else None,
            credit=credit_line(about, address, name).in_language(language),
            notice=notice.in_language(language) if notice is not None else None,
        )


def _query(iri: str) -> str:
    """All statements of a thing, as a query to begin with."""
    return f"SELECT ?property ?value WHERE {{\n  <{iri}> ?property ?value .\n}}\n"
