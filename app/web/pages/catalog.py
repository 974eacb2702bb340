"""`/catalog`, `/data.json`, `/.well-known/void` and the service description: what is published
here, for people and for harvesters."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Language
from app.publish import dcat, service_description, void
from app.publish.catalog import DatasetCard
from app.publish.dumps import by_dataset
from app.publish.open_data_json import open_data_json
from app.publish.rdf_document import Graph
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
from app.web.refusals import Alternative
from app.web.rendering import Site

_CATALOG_OFFERS = (HTML, *RDF_FORMATS)
_JSON = Formats.JSON.value

Endpoint = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """A data set in the list."""

    title: str
    href: str
    description: str | None
    publisher: str | None
    licence: Link | None
    keywords: tuple[str, ...]
    quads: int
    subjects: int
    modified: datetime
    formats: tuple[str, ...]
    sample: bool


@dataclass(frozen=True, slots=True)
class CatalogPage:
    """What the catalog template shows."""

    entries: tuple[CatalogEntry, ...]
    organizations: tuple[tuple[str, int], ...]
    tags: tuple[tuple[str, int], ...]
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

        def make() -> bytes:
            cards = self._parts.catalog.cards(snapshot.manifest)
            if asked.html:
                return self._page(snapshot, cards, asked, request)
            graph = dcat.catalog_graph(snapshot.manifest, cards, self._about)
            return graph.write(asked.format, self._own_prefix)

        return self._documents.answer(request, snapshot.manifest, asked, make)

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
                snapshot.manifest, cards, self._about, union=union
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
        asked: Asked,
        request: Request,
    ) -> bytes:
        language, root = asked.language, self._addresses.root
        files = by_dataset(snapshot.manifest)
        page = CatalogPage(
            entries=tuple(
                self._entry(card, tuple(f.format.label for f in files.get(card.id, ())), language)
                for card in cards
            ),
            organizations=_counted(card.about.publisher for card in cards),
            tags=_counted(tag for card in cards for tag in card.about.keywords),
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
        )

    def _entry(
        self, card: DatasetCard, formats: tuple[str, ...], language: Language
    ) -> CatalogEntry:
        about, licence = card.about, card.about.licence
        return CatalogEntry(
            title=about.title.in_language(language),
            href=self._addresses.dataset(card.id),
            description=about.description.in_language(language) if about.description else None,
            publisher=about.publisher,
            licence=self._pages.link(licence, about.licence_title or licence_name(licence))
            if licence
            else None,
            keywords=about.keywords,
            quads=card.quads,
            subjects=card.subjects,
            modified=card.modified,
            formats=(*formats, "SPARQL"),
            sample=about.sample,
        )


def _counted(names: Iterable[str | None]) -> tuple[tuple[str, int], ...]:
    found: dict[str, int] = {}
    for name in names:
        if name:
            found[name] = found.get(name, 0) + 1
    return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))
