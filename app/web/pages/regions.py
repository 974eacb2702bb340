"""`/regions`: from prefectures to municipalities to everything that is there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote

import anyio.to_thread
from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Language, PageNotFound, Text
from app.publish.entity import EntityReader
from app.publish.labels import choose
from app.publish.search import Searching
from app.publish.search_documents import Regions
from app.rdf.namespaces import DCTERMS
from app.store.base import Snapshot
from app.store.search import Facet, SearchRequest
from app.web.addresses import Addresses
from app.web.compact import CompactIris
from app.web.documents import HTML, Documents
from app.web.entity_context import Link
from app.web.entity_page import EntityPages
from app.web.parts import WebParts
from app.web.rendering import Site

AREAS: Final = {
    "hokkaido": range(1, 2),
    "tohoku": range(2, 8),
    "kanto": range(8, 15),
    "chubu": range(15, 24),
    "kinki": range(24, 31),
    "chugoku": range(31, 36),
    "shikoku": range(36, 40),
    "kyushu": range(40, 48),
}
"""Prefectures (JIS X 0401) by the eight parts that the country is usually divided into."""

_CODE: Final = re.compile(r"[0-9]{5}")
_MOST_PARTS: Final = 3_000
_IS_PART_OF: Final = NamedNode(DCTERMS + "isPartOf")


@dataclass(frozen=True, slots=True)
class RegionLink:
    """A region with its name and the number of things in it, where that is known."""

    text: str
    href: str
    count: int | None


@dataclass(frozen=True, slots=True)
class RegionPage:
    """What the template shows: a region and what is inside; without `name`, all of them by
    part of the country."""

    name: str | None
    path: tuple[RegionLink, ...]
    about: Link | None
    everything: str
    total: int
    groups: tuple[tuple[str, tuple[RegionLink, ...]], ...]
    kinds: tuple[RegionLink, ...]
    release: str


class RegionEndpoints:
    """Answers the pages of regions."""

    def __init__(self, parts: WebParts, site: Site, pages: EntityPages) -> None:
        self._parts = parts
        self._site = site
        self._pages = pages
        self._addresses = Addresses(parts.settings.base_iri)
        self._compact = CompactIris(parts.settings.base_iri)
        self._documents = Documents(site)
        self._searching = Searching()
        self._prefix = f"{parts.settings.base_iri}/id/region/"

    async def index(self, request: Request) -> Response:
        """`GET /regions`."""
        return await self._answer(request, None)

    async def region(self, request: Request) -> Response:
        """`GET /regions/{code}`. Raises PageNotFound."""
        code = request.path_params["code"]
        known = _CODE.fullmatch(code) and self._parts.snapshots.get().knows(
            NamedNode(self._prefix + code)
        )
        if not known:
            raise PageNotFound(
                Text(
                    ja=f"コード {code[:20]} の地域は公開されていません。",
                    en=f"No region with the code {code[:20]} is published.",
                ),
                hint=Text(ja="/regions に一覧があります。", en="The list is at /regions."),
            )
        return await self._answer(request, self._prefix + code)

    async def _answer(self, request: Request, iri: str | None) -> Response:
        snapshot = self._parts.snapshots.get()
        stem = f"{self._addresses.root}{request.url.path}"
        asked = self._documents.asked(request, (HTML,), stem)
        kept = self._documents.kept(request, snapshot.manifest, asked)
        if kept is not None:
            return kept

        def make() -> bytes:
            page = self._page(snapshot, iri, asked.language)
            title = page.name or self._site.word("regions.title", asked.language)
            return self._site.render("regions.html", page, asked.language, request, title=title)

        body = await anyio.to_thread.run_sync(make)
        return self._documents.answer(request, snapshot.manifest, asked, lambda: body)

    def _page(self, snapshot: Snapshot, iri: str | None, language: Language) -> RegionPage:
        reader = EntityReader(snapshot)
        index = self._searching.index(snapshot)
        chosen: dict[Facet, tuple[str, ...]] = {} if iri is None else {"region": (iri,)}
        found = None
        if index is not None:
            wanted = SearchRequest(
                "", chosen, limit=1, counted=("type", "region"), values=_MOST_PARTS
            )
            found = index.find(wanted)
        counts = dict(found.facets.get("region", ())) if found is not None else {}

        def link(region: str) -> RegionLink:
            name = choose(reader.labels(region), language) or region[len(self._prefix) :]
            href = f"{self._addresses.root}/regions/{quote(region[len(self._prefix) :])}"
            return RegionLink(name, href, counts.get(region))

        if iri is None:
            groups = tuple(
                (self._site.word(f"regions.area.{area}", language), tuple(map(link, regions)))
                for area, numbers in AREAS.items()
                if (regions := self._prefectures(snapshot, numbers))
            )
            return RegionPage(None, (), None, "", 0, groups, (), snapshot.manifest.id)
        inside = self._inside(snapshot, iri)
        above = Regions(snapshot).upward(iri)[1:]
        code = self._compact.write(iri)
        kinds = () if found is None else found.facets.get("type", ())
        return RegionPage(
            name=choose(reader.labels(iri), language) or iri,
            path=tuple(link(region) for region in reversed(above) if self._is_region(region)),
            about=self._pages.link(iri, self._site.word("regions.about", language)),
            everything=f"{self._addresses.root}/search?region={quote(code, safe=':/')}",
            total=found.total if found is not None else 0,
            groups=((self._site.word("regions.inside", language), tuple(map(link, inside))),)
            if inside
            else (),
            kinds=tuple(self._kind(type_, count, code, language) for type_, count in kinds),
            release=snapshot.manifest.id,
        )

    def _kind(self, type_: str, count: int, code: str, language: Language) -> RegionLink:
        name = quote(self._compact.write(type_), safe=":")
        href = f"{self._addresses.root}/browse/{name}?region={quote(code, safe=':/')}"
        return RegionLink(self._pages.term(type_, language).text, href, count)

    def _prefectures(self, snapshot: Snapshot, numbers: range) -> tuple[str, ...]:
        iris = (f"{self._prefix}{number:02d}000" for number in numbers)
        return tuple(iri for iri in iris if snapshot.knows(NamedNode(iri)))

    def _inside(self, snapshot: Snapshot, iri: str) -> tuple[str, ...]:
        quads = snapshot.quads(predicate=_IS_PART_OF, object=NamedNode(iri), limit=_MOST_PARTS)
        found = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
        return tuple(sorted(region for region in found if self._is_region(region)))

    def _is_region(self, iri: str) -> bool:
        return iri.startswith(self._prefix)
