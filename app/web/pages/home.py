"""`/`: what is published here, and how to use it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from starlette.requests import Request
from starlette.responses import Response

from app.errors import Language, ReleaseNotFound
from app.publish.catalog import DatasetCard, examples
from app.publish.entity import EntityReader
from app.publish.labels import choose
from app.store.base import Manifest, Snapshot
from app.web.addresses import Addresses
from app.web.entity_context import Link
from app.web.entity_page import EntityPages
from app.web.html import HtmlReplies
from app.web.parts import WebParts
from app.web.rendering import Site

_EXAMPLES = 3


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
class HomePage:
    """What the home template shows."""

    datasets: tuple[DatasetSummary, ...]
    quads: int
    release: str | None
    sample: Link | None


class HomeEndpoint:
    """Answers the home page."""

    def __init__(self, parts: WebParts, site: Site, pages: EntityPages) -> None:
        self._parts = parts
        self._site = site
        self._pages = pages
        self._html = HtmlReplies(site)
        self._addresses = Addresses(parts.settings.base_iri)

    async def show(self, request: Request) -> Response:
        """`GET /`."""
        spoken = self._html.language(request)
        try:
            snapshot = self._parts.snapshots.get()
        except ReleaseNotFound:
            body = self._render(request, spoken, HomePage((), 0, None, None))
            return self._html.fresh(body, spoken)
        manifest = snapshot.manifest

        def make() -> bytes:
            return self._render(request, spoken, self._page(snapshot, manifest, spoken))

        return self._html.of_release(request, manifest, spoken, make)

    def _render(self, request: Request, spoken: Language, page: HomePage) -> bytes:
        return self._site.render(
            "home.html", page, spoken, request, title=self._site.title, home=True
        )

    def _page(self, snapshot: Snapshot, manifest: Manifest, spoken: Language) -> HomePage:
        reader = EntityReader(snapshot)
        summaries = tuple(
            self._summary(snapshot, card, reader, spoken)
            for card in self._parts.catalog.cards(manifest)
        )
        sample = next((link for s in summaries for link in s.examples), None)
        return HomePage(summaries, manifest.quads, manifest.id, sample)

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
