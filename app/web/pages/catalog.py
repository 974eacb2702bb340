"""`/catalog`, `/data.json`, `/.well-known/void` and the service description: what is published
here, for people and for harvesters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Language
from app.publish import dcat, quality_report, service_description, void
from app.publish.catalog import DatasetCard
from app.publish.distributions import Distribution, by_dataset
from app.publish.open_data_json import open_data_json
from app.publish.rdf_document import Graph
from app.publish.themes import theme_name
from app.rdf.formats import Formats
from app.settings import Settings
from app.store.base import Snapshot
from app.web.addresses import Addresses
from app.web.documents import HTML, RDF_FORMATS, Asked, Documents
from app.web.entity_context import Link
from app.web.entity_page import EntityPages
from app.web.names import licence_name
from app.web.negotiation import negotiate
from app.web.parts import WebParts
from app.web.quality_view import quality
from app.web.refusals import Alternative
from app.web.rendering import Site
from app.web.structured_catalog import catalog_data

_CATALOG_OFFERS = (HTML, *RDF_FORMATS)
_JSON = Formats.JSON.value
_LONGEST = 300  # characters of a publisher or keyword

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Chip:
    """A publisher, theme or keyword, with the address of the list of its data sets."""

    text: str
    href: str
    count: int = 0


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """A data set in the list; `counted`: how many there are of what it is about."""

    title: str
    href: str
    description: str | None
    publisher: str | None
    licence: Link | None
    themes: tuple[Chip, ...]
    keywords: tuple[Chip, ...]
    counted: str
    modified: datetime
    formats: tuple[str, ...]
    stars: int | None
    level: int | None
    sample: bool


@dataclass(frozen=True, slots=True)
class CatalogPage:
    """What the catalog template shows; `chosen` is what the list is narrowed to."""

    entries: tuple[CatalogEntry, ...]
    chosen: str | None
    everything: str
    organizations: tuple[Chip, ...]
    themes: tuple[Chip, ...]
    tags: tuple[Chip, ...]
    downloads: tuple[Alternative, ...]
    machines: tuple[Alternative, ...]
    release: str


def site_of(settings: Settings) -> dcat.Site:
    """Who publishes, as the catalog says it."""
    return dcat.Site(
        settings.base_iri, settings.title, settings.publisher, settings.default_licence
    )


class CatalogEndpoints:
    """Answers the catalog in its forms."""

    def __init__(self, parts: WebParts, site: Site, pages: EntityPages) -> None:
        self._parts = parts
        self._site = site
        self._pages = pages
        self._about = site_of(parts.settings)
        self._documents = Documents(site)
        self._addresses = Addresses(parts.settings.base_iri)
        self._own_prefix = {"def": f"{parts.settings.base_iri}/def/"}

    async def catalog(self, request: Request) -> Response:
        """`/catalog[.suffix]`."""
        snapshot = self._parts.snapshots.get()
        stem = f"{self._addresses.root}/catalog"
        suffix = request.path_params.get("suffix")
        asked = self._documents.asked(request, _CATALOG_OFFERS, stem, suffix)
        # Only the page can be narrowed: the data is the whole catalog.
        narrowed = _narrowed(request) if asked.html else None

        def make() -> bytes:
            cards = self._parts.catalog.cards(snapshot.manifest)
            if asked.html:
                return self._page(snapshot, cards, narrowed, asked, request)
            graph = dcat.catalog_graph(snapshot.manifest, cards, self._about)
            return graph.write(asked.format, self._own_prefix)

        key = narrowed or ()
        return self._documents.answer(request, snapshot.manifest, asked, make, key=key)

    async def data_json(self, request: Request) -> Response:
        """`/data.json`."""
        snapshot = self._parts.snapshots.get()
        asked = Asked(_JSON, self._documents.language(request))

        def make() -> bytes:
            cards = self._parts.catalog.cards(snapshot.manifest)
            body = open_data_json(snapshot.manifest, cards, self._about)
            return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

        return self._documents.answer(request, snapshot.manifest, asked, make)

    async def void(self, request: Request) -> Response:
        """`/.well-known/void[.suffix]`; Turtle where nothing is asked for."""

        def graph(snapshot: Snapshot, cards: tuple[DatasetCard, ...]) -> Graph:
            return void.void_graph(snapshot, cards, self._about)

        return self._rdf(request, void.PATH, graph)

    def before(self, answer: Endpoint) -> Endpoint:
        """The endpoint's own answer, but the service description where nothing is asked and a
        page is not wanted (SPARQL 1.1 Service Description, section 2)."""

        async def describe_or_answer(request: Request) -> Response:
            if request.method in ("GET", "HEAD") and not request.scope["query_string"]:
                accept = request.headers.get("accept", "")
                if negotiate(accept, (*RDF_FORMATS, HTML)) in RDF_FORMATS:
                    return await self.service(request)
            return await answer(request)

        return describe_or_answer

    async def service(self, request: Request) -> Response:
        """`/sparql` without a query, where RDF is asked for."""
        union = self._parts.settings.union_default_graph

        def graph(snapshot: Snapshot, cards: tuple[DatasetCard, ...]) -> Graph:
            return service_description.service_graph(
                snapshot.manifest,
                cards,
                self._about,
                union=union,
                examples=self._parts.saved_queries,
            )

        return self._rdf(request, "/sparql", graph)

    def _rdf(
        self,
        request: Request,
        path: str,
        graph: Callable[[Snapshot, tuple[DatasetCard, ...]], Graph],
    ) -> Response:
        snapshot = self._parts.snapshots.get()
        stem = f"{self._addresses.root}{path}"
        suffix = request.path_params.get("suffix")
        asked = self._documents.asked(request, RDF_FORMATS, stem, suffix)

        def make() -> bytes:
            cards = self._parts.catalog.cards(snapshot.manifest)
            return graph(snapshot, cards).write(asked.format, self._own_prefix)

        return self._documents.answer(request, snapshot.manifest, asked, make)

    def _page(
        self,
        snapshot: Snapshot,
        cards: tuple[DatasetCard, ...],
        narrowed: tuple[str, str] | None,
        asked: Asked,
        request: Request,
    ) -> bytes:
        language, root = asked.language, self._addresses.root
        files = by_dataset(snapshot.manifest)
        shown = [card for card in cards if narrowed is None or _has(card, *narrowed)]
        page = CatalogPage(
            entries=tuple(
                self._entry(snapshot, card, files.get(card.id, ()), language) for card in shown
            ),
            chosen=self._chosen(narrowed, language),
            everything=f"{root}/catalog",
            organizations=self._chips("organization", (c.about.publisher for c in cards), language),
            themes=self._chips("theme", (t for c in cards for t in c.about.themes), language),
            tags=self._chips("tag", (tag for c in cards for tag in c.about.keywords), language),
            downloads=tuple(a for a in asked.alternatives if a.media_type != HTML.media_type),
            machines=(
                Alternative("data.json", _JSON.media_type, f"{root}/data.json"),
                Alternative("CKAN API", _JSON.media_type, f"{root}/api/3/action/package_list"),
                Alternative("VoID", Formats.TURTLE.value.media_type, f"{root}{void.PATH}"),
                Alternative("sitemap.xml", Formats.XML.value.media_type, f"{root}/sitemap.xml"),
                Alternative(self._site.word("dumps.title", language), "", f"{root}/dumps/"),
            ),
            release=snapshot.manifest.id,
        )
        return self._site.render(
            "catalog.html",
            page,
            language,
            request,
            title=self._site.word("catalog.title", language),
            alternates=tuple((a.media_type, a.href) for a in page.downloads),
            fields=(narrowed,) if narrowed is not None else (),
            structured_data=catalog_data(cards, self._about, language),
        )

    def _entry(
        self,
        snapshot: Snapshot,
        card: DatasetCard,
        files: Sequence[Distribution],
        language: Language,
    ) -> CatalogEntry:
        about, licence = card.about, card.about.licence
        formats = dict.fromkeys(file.format.label for file in files)
        report = quality_report.read(snapshot, card.id)
        grades = quality(report, "", language) if report is not None else None
        return CatalogEntry(
            title=about.title.in_language(language),
            href=self._addresses.dataset(card.id),
            description=about.description.in_language(language) if about.description else None,
            publisher=about.publisher,
            licence=self._pages.link(licence, about.licence_title or licence_name(licence))
            if licence
            else None,
            themes=self._chips("theme", about.themes, language),
            keywords=self._chips("tag", about.keywords, language),
            counted=self._counted(card, language),
            modified=card.modified,
            formats=(*formats, "SPARQL"),
            stars=grades.stars if grades is not None else None,
            level=grades.level if grades is not None else None,
            sample=about.sample,
        )

    def _counted(self, card: DatasetCard, language: Language) -> str:
        """How many there are of what a data set is about: of its most frequent class of ours,
        else all its things."""
        ours = {iri: n for iri, n in card.classes.items() if self._addresses.is_term(iri)}
        if not ours:
            return f"{card.subjects:,} {self._site.word('count.things', language)}"
        iri = max(ours, key=lambda iri: (ours[iri], iri))
        name, count = self._pages.term(iri, language).text, f"{ours[iri]:,}"
        return f"{name} {count} 件" if language == "ja" else f"{count} × {name}"

    def _chips(
        self, name: str, values: Iterable[str | None], language: Language
    ) -> tuple[Chip, ...]:
        """Values with the address of their data sets, the most frequent first; those that are
        as frequent in the order in which they were stated."""
        counts = Counter(value for value in values if value)
        return tuple(
            Chip(
                theme_name(value).in_language(language) if name == "theme" else value,
                f"{self._addresses.root}/catalog?{urlencode({name: value})}",
                count,
            )
            for value, count in counts.most_common()
        )

    def _chosen(self, narrowed: tuple[str, str] | None, language: Language) -> str | None:
        if narrowed is None:
            return None
        name, value = narrowed
        return theme_name(value).in_language(language) if name == "theme" else value


def _narrowed(request: Request) -> tuple[str, str] | None:
    """What a request narrows the list to: a publisher, a theme or a keyword."""
    for name in ("organization", "theme", "tag"):
        value = request.query_params.get(name)
        if value:
            return name, value[:_LONGEST]
    return None


def _has(card: DatasetCard, name: str, value: str) -> bool:
    about = card.about
    known = {"organization": (about.publisher,), "theme": about.themes, "tag": about.keywords}
    return value in known[name]
