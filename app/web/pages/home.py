"""`/`: what is published here, and how to use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Language, ReleaseNotFound
from app.publish.catalog import DatasetCard, examples
from app.publish.entity import EntityReader
from app.publish.labels import choose
from app.publish.queries import SavedQuery
from app.rdf.namespaces import GEO, OWL, RDFS
from app.store.base import Manifest, Snapshot
from app.web.addresses import Addresses
from app.web.documents import HTML, RDF_FORMATS
from app.web.entity_context import Link
from app.web.entity_page import EntityPages
from app.web.html import HtmlReplies
from app.web.names import licence_name
from app.web.negotiation import negotiate
from app.web.parts import WebParts
from app.web.rendering import Site
from app.web.replies import CACHED, VARY, Reply
from app.web.scripts import MapSources

_EXAMPLES = 3
_FACTS = 5
_LINKS = (OWL + "sameAs", RDFS + "seeAlso")


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """A data set on the home page."""

    title: str
    href: str
    description: str | None
    publisher: str | None
    quads: int
    subjects: int
    modified: datetime
    examples: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Specimen:
    """One thing and the first of what is known of it."""

    link: Link
    types: tuple[Link, ...]
    facts: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class LiveChart:
    """A saved query whose result is drawn as bars; `source` is JSON for the script."""

    title: str
    source: str
    href: str


@dataclass(frozen=True, slots=True)
class HomePage:
    """What the home template shows; `map` is JSON for the script that draws it."""

    datasets: tuple[DatasetSummary, ...]
    quads: int = 0
    subjects: int = 0
    links: int = 0
    release: str | None = None
    modified: datetime | None = None
    licences: tuple[Link, ...] = ()
    map: str | None = None
    chart: LiveChart | None = None
    specimen: Specimen | None = None
    search: bool = False


class HomeEndpoint:
    """Answers the home page."""

    def __init__(self, parts: WebParts, site: Site, pages: EntityPages) -> None:
        self._parts = parts
        self._site = site
        self._pages = pages
        self._html = HtmlReplies(site)
        self._addresses = Addresses(parts.settings.base_iri)
        self._maps = MapSources(parts.settings)

    async def show(self, request: Request) -> Response:
        """`GET /`. Who asks for RDF is led to the catalog, the description of all that is here."""
        chosen = negotiate(request.headers.get("accept", ""), (HTML, *RDF_FORMATS))
        if chosen is not None and chosen is not HTML:
            target = f"{self._addresses.root}/catalog.{chosen.id}"
            return Reply(b"", 303, ((b"location", target.encode("ascii")), VARY, CACHED))
        spoken = self._html.language(request)
        try:
            snapshot = self._parts.snapshots.get()
        except ReleaseNotFound:
            body = self._render(request, spoken, HomePage(()))
            return self._html.fresh(body, spoken)
        manifest = snapshot.manifest

        def make() -> bytes:
            page = self._page(request, snapshot, manifest, spoken)
            return self._render(request, spoken, page)

        return self._html.of_release(request, manifest, spoken, make)

    def _render(self, request: Request, spoken: Language, page: HomePage) -> bytes:
        return self._site.render(
            "home.html", page, spoken, request, title=self._site.title, home=True
        )

    def _page(
        self, request: Request, snapshot: Snapshot, manifest: Manifest, spoken: Language
    ) -> HomePage:
        reader = EntityReader(snapshot)
        cards = self._parts.catalog.cards(manifest)
        summaries = tuple(self._summary(snapshot, card, reader, spoken) for card in cards)
        placed = [card for card in cards if GEO + "lat" in card.properties]
        licences = dict.fromkeys(
            (card.about.licence, card.about.licence_title) for card in cards if card.about.licence
        )
        return HomePage(
            datasets=summaries,
            quads=manifest.quads,
            subjects=sum(card.subjects for card in cards),
            links=sum(card.properties.get(iri, 0) for card in cards for iri in _LINKS),
            release=manifest.id,
            modified=manifest.created,
            licences=tuple(
                self._pages.link(iri, title or licence_name(iri)) for iri, title in licences
            ),
            map=self._maps.of_graph() if placed else None,
            chart=self._chart(spoken),
            specimen=self._specimen(snapshot, (*placed, *cards), reader, spoken),
            search=any(getattr(route, "path", "") == "/search" for route in request.app.routes),
        )

    def _chart(self, spoken: Language) -> LiveChart | None:
        """A saved query that says how to draw its result: bars of a statistic are the best."""
        for query in sorted(self._parts.saved_queries, key=_least_telling):
            axes = query.show.get("chart", {})
            if "x" in axes and "y" in axes:
                text = query.with_values()
                source = {"query": self._maps.result(text), "x": axes["x"], "y": axes["y"]}
                return LiveChart(
                    title=query.summary.in_language(spoken),
                    source=orjson.dumps(source).decode(),
                    href=f"{self._addresses.root}/sparql?{urlencode({'query': text})}",
                )
        return None

    def _specimen(
        self,
        snapshot: Snapshot,
        cards: tuple[DatasetCard, ...],
        reader: EntityReader,
        spoken: Language,
    ) -> Specimen | None:
        for card in cards:
            links = example_links(snapshot, card, reader, self._pages, spoken, 1)
            described = reader.describe(links[0].iri) if links else None
            if described is None:
                continue
            page = self._pages.page(described, (), reader, spoken, ())
            facts = [
                (row.property.text, cell.link.text if cell.link else cell.text)
                for row in page.rows
                for cell in row.cells[:1]
                if cell.kind != "node"
            ]
            return Specimen(links[0], page.types, tuple(facts[:_FACTS]))
        return None

    def _summary(
        self, snapshot: Snapshot, card: DatasetCard, reader: EntityReader, spoken: Language
    ) -> DatasetSummary:
        about = card.about
        return DatasetSummary(
            title=about.title.in_language(spoken),
            href=self._addresses.dataset(card.id),
            description=about.description.in_language(spoken) if about.description else None,
            publisher=about.publisher,
            quads=card.quads,
            subjects=card.subjects,
            modified=card.modified,
            examples=example_links(snapshot, card, reader, self._pages, spoken, _EXAMPLES),
        )


def _least_telling(query: SavedQuery) -> tuple[bool, bool]:
    return "statistics" not in query.tags, query.show.get("chart", {}).get("type") != "bar"


def example_links(
    snapshot: Snapshot,
    card: DatasetCard,
    reader: EntityReader,
    pages: EntityPages,
    spoken: Language,
    limit: int,
    class_: str | None = None,
) -> tuple[Link, ...]:
    """A few things of a data set that have a page and, best, a label."""
    classes = (class_,) if class_ else _by_count(card.classes)
    found: list[Link] = []
    for name in classes:
        for iri in examples(snapshot, card, name, limit * 2):
            label = choose(reader.labels(iri), spoken)
            link = pages.link(iri, label)
            is_part = "#" in iri  # it has no page of its own
            if link.href and not (link.external or is_part) and (label or class_):
                found.append(link)
            if len(found) == limit:
                return tuple(found)
    return tuple(found)


def _by_count(classes: Mapping[str, int]) -> tuple[str, ...]:
    return tuple(sorted(classes, key=lambda iri: -classes[iri])[:5])
