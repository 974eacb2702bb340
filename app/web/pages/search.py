"""`/search`: things by what they are called and where they are; suggestions; OpenSearch."""

from __future__ import annotations

from dataclasses import replace
from typing import Final
from urllib.parse import urlencode
from xml.etree import ElementTree

import anyio.to_thread
import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.errors import BadRequest, Text
from app.publish.entity import Bounds, EntityReader
from app.publish.labels import choose, local_name
from app.publish.search import Searching, hits
from app.rdf.formats import Formats
from app.store.base import Snapshot
from app.store.search import FACETS, Facet, SearchFound, SearchRequest
from app.web.addresses import Addresses
from app.web.compact import CompactIris
from app.web.documents import HTML, Asked, Documents, by_bytes
from app.web.entity_page import EntityPages
from app.web.parts import WebParts
from app.web.rendering import Site
from app.web.replies import Reply
from app.web.search_page import MAX_OFFSET, PAGE, Found, SearchPages

MAX_TEXT: Final = 300
"""Characters of a question."""

_MOST: Final = 100
_CHOSEN: Final = 20
_SUGGESTED: Final = 8
_BOUNDS: Final = Bounds(quads=200, depth=3, labels=0)
_OFFERS: Final = (HTML, Formats.JSON.value)
_SUGGESTION_HEADERS: Final = (
    (b"content-type", b"application/x-suggestions+json; charset=utf-8"),
    (b"cache-control", b"public, max-age=60"),
    (b"vary", b"Accept-Language"),
)
_OPENSEARCH: Final = "http://a9.com/-/spec/opensearch/1.1/"
_OPENSEARCH_TYPE: Final = "application/opensearchdescription+xml; charset=utf-8"


class SearchEndpoints:
    """Answers searches of the current release."""

    def __init__(self, parts: WebParts, site: Site, pages: EntityPages) -> None:
        self._parts = parts
        self._site = site
        self._addresses = Addresses(parts.settings.base_iri)
        self._compact = CompactIris(parts.settings.base_iri)
        self._documents = Documents(site)
        self._searching = Searching()
        self._pages = SearchPages(self._addresses, pages, parts.catalog, site)

    async def show(self, request: Request) -> Response:
        """`GET /search`, `/search.json`. Raises BadRequest."""
        snapshot = self._parts.snapshots.get()
        here, suffix = f"{self._addresses.root}/search", request.path_params.get("suffix")
        wanted = self._wanted(request)
        asked = self._documents.asked(request, _OFFERS, here, suffix)
        fields = urlencode(self._pages.fields(wanted))
        links = tuple(replace(a, href=f"{a.href}?{fields}") for a in asked.alternatives)
        asked = replace(asked, alternatives=links)
        key = (fields,)
        kept = self._documents.kept(request, snapshot.manifest, asked, key=key)
        if kept is not None:
            return kept
        # Tens of milliseconds at worst, but others should not wait for them.
        body = await anyio.to_thread.run_sync(self._body, snapshot, wanted, asked, request)
        return self._documents.answer(request, snapshot.manifest, asked, lambda: body, key=key)

    async def suggest(self, request: Request) -> Response:
        """`GET /search/suggest`: names that begin with what was typed, then names and places
        that hold it, in the form that browsers know
        (https://github.com/dewitt/opensearch, suggestions 1.1)."""
        text, language = self._text(request), self._documents.language(request)
        snapshot = self._parts.snapshots.get()
        index = self._searching.index(snapshot)
        iris: tuple[str, ...] = ()
        if index is not None and text.strip():
            wanted = SearchRequest(text, limit=_SUGGESTED, counted=())
            iris = (await anyio.to_thread.run_sync(index.find, wanted)).iris
        reader = EntityReader(snapshot)
        names = [choose(reader.labels(iri), language) or local_name(iri) for iri in iris]
        return Reply(orjson.dumps([text, names, [], iris]), 200, _SUGGESTION_HEADERS)

    async def description(self, request: Request) -> Response:
        """`GET /opensearch.xml`: how browsers and others search here."""
        base, title = self._addresses.base, self._parts.settings.title
        words = self._site.word("search.description", self._documents.language(request))
        root = ElementTree.Element("OpenSearchDescription", {"xmlns": _OPENSEARCH})

        def add(name: str, text: str | None = None, **attributes: str) -> None:
            ElementTree.SubElement(root, name, attributes).text = text

        icon = self._site.static.address("icon.svg").removeprefix(self._addresses.root)
        add("ShortName", title[:16])  # the bounds are the specification's
        add("Description", words.format(site=title)[:1024])
        add("InputEncoding", "UTF-8")
        add("Image", base + icon, width="16", height="16", type="image/svg+xml")
        pages = "{searchTerms}&offset={startIndex?}&limit={count?}"
        add("Url", type="text/html", template=f"{base}/search?q={{searchTerms}}")
        add(
            "Url",
            type="application/json",
            template=f"{base}/search.json?q={pages}",
            indexOffset="0",
        )
        add(
            "Url",
            type="application/x-suggestions+json",
            rel="suggestions",
            template=f"{base}/search/suggest?q={{searchTerms}}",
        )
        ElementTree.indent(root)
        body = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
        return by_bytes(request, body, _OPENSEARCH_TYPE, 3600)

    def _body(
        self, snapshot: Snapshot, wanted: SearchRequest, asked: Asked, request: Request
    ) -> bytes:
        index = self._searching.index(snapshot)
        answer = index.find(wanted) if index is not None else SearchFound(0, ())
        reader = EntityReader(snapshot, _BOUNDS)
        found = Found(wanted, answer, hits(reader, answer.iris), reader, index is not None)
        if not asked.html:
            return self._pages.json(found)
        others = [a for a in asked.alternatives if a.media_type != HTML.media_type]
        page = self._pages.page(found, asked.language, others)
        words = self._site.word("search.title", asked.language)
        return self._site.render(
            "search.html",
            page,
            asked.language,
            request,
            title=f"{page.text} | {words}" if page.text else words,
            alternates=tuple((a.media_type, a.href) for a in others),
            fields=self._pages.fields(wanted),
        )

    def _wanted(self, request: Request) -> SearchRequest:
        given = request.query_params
        chosen: dict[Facet, tuple[str, ...]] = {}
        for facet in FACETS:
            values = [value for value in given.getlist(facet) if value][:_CHOSEN]
            if values:
                read = values if facet == "dataset" else [self._compact.read(v) for v in values]
                chosen[facet] = tuple(dict.fromkeys(read))
        return SearchRequest(
            text=self._text(request),
            chosen=chosen,
            offset=whole_number(request, "offset", 0, MAX_OFFSET),
            limit=max(whole_number(request, "limit", PAGE, _MOST), 1),
        )

    def _text(self, request: Request) -> str:
        text = request.query_params.get("q", "")
        if len(text) > MAX_TEXT:
            raise BadRequest(
                Text(
                    ja=f"検索の言葉が長すぎます（上限 {MAX_TEXT} 文字）。",
                    en=f"What is searched for is too long (at most {MAX_TEXT} characters).",
                ),
                hint=Text(ja="名前や住所の一部で探してください。", en="Search for a part of it."),
            )
        return text


def whole_number(request: Request, name: str, default: int, most: int) -> int:
    """A parameter that is a whole number from 0 to a bound. Raises BadRequest."""
    text = request.query_params.get(name)
    if not text:
        return default
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 12 else most + 1
    if number > most:
        raise BadRequest(
            Text(
                ja=f"{name} は 0 から {most} までの整数で書いてください: {text[:40]}",
                en=f"{name} must be a whole number from 0 to {most}: {text[:40]}",
            )
        )
    return number
