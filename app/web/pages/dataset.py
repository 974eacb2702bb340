"""`/dataset/{id}`: a data set, what it holds and on what terms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from app.errors import DatasetNotFound, Language, Text
from app.publish.catalog import DatasetCard
from app.publish.entity import EntityReader
from app.rdf.namespaces import GEO
from app.store.base import Snapshot
from app.web.entity_context import Link
from app.web.entity_page import EntityPages
from app.web.html import HtmlReplies
from app.web.names import licence_name
from app.web.pages.home import example_links
from app.web.parts import WebParts
from app.web.rendering import Site
from app.web.scripts import MapSources

_CLASSES = 50
_PROPERTIES = 100
_EXAMPLES = 4


@dataclass(frozen=True, slots=True)
class Usage:
    """A class or property in use: its name, how often, and examples of instances."""

    term: Link
    short: str
    count: int
    examples: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """What the data set's template shows."""

    title: str
    description: str | None
    publisher: str | None
    licence: Link | None
    source: Link | None
    frequency: str | None
    credit: str | None
    keywords: tuple[str, ...]
    graph: str
    quads: int
    subjects: int
    modified: datetime
    classes: tuple[Usage, ...]
    properties: tuple[Usage, ...]
    map: str | None


class DatasetEndpoint:
    """Answers the page of a data set."""

    def __init__(self, parts: WebParts, site: Site, pages: EntityPages) -> None:
        self._parts = parts
        self._site = site
        self._pages = pages
        self._html = HtmlReplies(site)
        self._maps = MapSources(parts.settings)

    async def show(self, request: Request) -> Response:
        """`GET /dataset/{id}`. Raises DatasetNotFound."""
        snapshot = self._parts.snapshots.get()
        name = request.path_params["dataset"]
        card = self._parts.catalog.card(snapshot.manifest, name)
        if card is None:
            raise DatasetNotFound(
                Text(
                    ja=f"データセット {name} は公開されていません。",
                    en=f"There is no published data set {name}.",
                ),
                hint=Text(ja="ホームに一覧があります。", en="The home page lists the data sets."),
            )
        spoken = self._html.language(request)

        def make() -> bytes:
            page = self._page(snapshot, card, spoken)
            return self._site.render(
                "dataset.html",
                page,
                spoken,
                request,
                title=page.title,
                description=page.description or "",
            )

        return self._html.of_release(request, snapshot.manifest, spoken, make)

    def _page(self, snapshot: Snapshot, card: DatasetCard, spoken: Language) -> DatasetPage:
        about, pages = card.about, self._pages
        reader = EntityReader(snapshot)
        classes = sorted(card.classes.items(), key=lambda item: (-item[1], item[0]))
        properties = sorted(card.properties.items(), key=lambda item: (-item[1], item[0]))
        licence = about.licence
        return DatasetPage(
            title=about.title.in_language(spoken),
            description=about.description.in_language(spoken) if about.description else None,
            publisher=about.publisher,
            licence=pages.link(licence, about.licence_title or licence_name(licence))
            if licence
            else None,
            source=pages.link(about.source, about.source_title) if about.source else None,
            frequency=about.frequency,
            credit=about.credit,
            keywords=about.keywords,
            graph=card.graph,
            quads=card.quads,
            subjects=card.subjects,
            modified=card.modified,
            classes=tuple(
                Usage(
                    pages.term(iri, spoken),
                    pages.short(iri),
                    count,
                    example_links(snapshot, card, reader, pages, spoken, _EXAMPLES, iri),
                )
                for iri, count in classes[:_CLASSES]
            ),
            properties=tuple(
                Usage(pages.term(iri, spoken), pages.short(iri), count)
                for iri, count in properties[:_PROPERTIES]
            ),
            map=self._maps.of_graph(card.graph) if GEO + "lat" in card.properties else None,
        )
