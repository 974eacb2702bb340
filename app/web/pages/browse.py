"""`/browse`: the classes of a release; `/browse/{class}`: their things as a table.

The rows come from the query processes. What the page needs beside them (columns, names of linked
things, counts of facets) is read here by pattern and from the index, both bounded.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlencode

import anyio.to_thread
import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.errors import BadRequest, Language, PageNotFound, Text
from app.publish import browse_files as files
from app.publish.browse import graph_query, table_query
from app.publish.browse_files import Table
from app.publish.jsonld import Context
from app.publish.search import Searching
from app.rdf.formats import Format, Formats
from app.rdf.namespaces import PREFIXES
from app.store.base import Manifest, QueryRequest, Snapshot
from app.store.search import Facet, SearchRequest
from app.web.addresses import Addresses
from app.web.browse_context import Browsed, ClassesPage
from app.web.browse_page import BrowsePages
from app.web.browse_request import (
    BrowseRequest,
    BrowseRequests,
)
from app.web.browse_views import BrowseViews, class_counts
from app.web.clients import Clients
from app.web.compact import CompactIris
from app.web.documents import HTML, RDF_FORMATS, Asked, Documents
from app.web.entity_page import EntityPages
from app.web.pages.sparql import ClientGoneError, watched
from app.web.parts import WebParts
from app.web.rendering import Site
from app.web.replies import Reply
from app.web.scripts import MapSources

AMONG: Final = 400
"""Things found by a text that a table is made of: they stand in the query, which is bounded."""

_ANSWER_BYTES: Final = 64 << 20
_PROFILES: Final = 500
_CLIENT_GONE: Final = 499
_RESULTS: Final = (Formats.RESULTS_JSON.value.media_type,)
_JSON: Final = Formats.JSON.value
_TABLES: Final = (HTML, _JSON, Formats.TABLE_CSV.value, Formats.XLSX.value)
_PLACED: Final = (Formats.GEOJSON.value, Formats.KML.value)
_COUNTED: Final[tuple[Facet, ...]] = ("region", "type", "dataset")
_WRITERS: Final[Mapping[Format, Callable[[Table], bytes]]] = {
    Formats.TABLE_CSV.value: files.as_csv,
    Formats.XLSX.value: files.as_xlsx,
    Formats.GEOJSON.value: files.as_geojson,
    Formats.KML.value: files.as_kml,
}


class BrowseEndpoints:
    """Answers them."""

    def __init__(self, parts: WebParts, site: Site, pages: EntityPages, context: Context) -> None:
        self._parts = parts
        self._site = site
        self._addresses = Addresses(parts.settings.base_iri)
        self._requests = BrowseRequests(CompactIris(parts.settings.base_iri))
        self._documents = Documents(site)
        self._searching = Searching()
        self._clients = Clients(parts.settings)
        maps = MapSources(parts.settings)
        self._pages = BrowsePages(self._addresses, pages, parts.catalog, self._requests, maps, site)
        self._views = BrowseViews(self._requests, self._pages, context)

    async def classes(self, request: Request) -> Response:
        """`GET /browse`."""
        snapshot = self._parts.snapshots.get()
        stem, suffix = f"{self._addresses.root}/browse", request.path_params.get("suffix")
        asked = self._documents.asked(request, (HTML, _JSON), stem, suffix)
        return self._documents.answer(
            request, snapshot.manifest, asked, lambda: self._classes(request, snapshot, asked)
        )

    async def table(self, request: Request) -> Response:
        """`GET /browse/{class}`. Raises BadRequest, PageNotFound, QueryError."""
        snapshot = self._parts.snapshots.get()
        class_, suffix = self._class(request.path_params["class"], snapshot.manifest)
        known = await anyio.to_thread.run_sync(self._views.profile, snapshot, class_)
        wanted = self._requests.read(request)
        placed = _PLACED if known.latitude is not None and known.longitude is not None else ()
        offers = (*_TABLES, *placed, *RDF_FORMATS)
        asked = self._asked(request, offers, class_, suffix, wanted)
        key = (urlencode(self._requests.write(wanted)),)
        kept = self._documents.kept(request, snapshot.manifest, asked, key=key)
        if kept is not None:
            return kept
        view = await anyio.to_thread.run_sync(
            self._views.view, snapshot, class_, known, wanted, asked
        )
        try:
            # A graph does not say which things follow it: their addresses alone are asked for too.
            in_rdf = asked.format.rdf is not None
            seen = (replace(view[0], columns=()), view[1]) if in_rdf else view
            release, answer = await self._run(request, table_query(seen[0]), _RESULTS)
            form = asked.format.id if "format" in request.query_params else suffix
            browsed = await anyio.to_thread.run_sync(
                self._views.browsed, snapshot, known, wanted, *seen, answer, form
            )
            releases = {release}
            if in_rdf:
                text, accept = graph_query(view[0]), (asked.format.media_type,)
                release, body = await self._run(request, text, accept)
                releases.add(release)
            else:
                body = await anyio.to_thread.run_sync(self._body, request, snapshot, asked, browsed)
        except ClientGoneError:
            return Response(status_code=_CLIENT_GONE)
        headers = (*_next_link(browsed), *(() if asked.html else (_result(browsed),)))
        if releases != {snapshot.manifest.id}:
            # Another release came between the query and the page: true, but not to be kept.
            return Reply(
                body,
                200,
                (
                    (b"content-type", asked.format.content_type.encode()),
                    (b"cache-control", b"no-store"),
                    *headers,
                ),
            )
        return self._documents.answer(
            request, snapshot.manifest, asked, lambda: body, key=key, headers=headers
        )

    # What is asked

    def _class(self, name: str, manifest: Manifest) -> tuple[str, str | None]:
        """The class that a path names, and the suffix of a format. Raises PageNotFound."""
        counts = class_counts(manifest)
        stem, dot, suffix = name.rpartition(".")
        for tried, ending in ((name, None), (stem, suffix)):
            try:
                class_ = self._requests.compact.read(tried)
            except BadRequest:
                continue
            if class_ in counts and (ending is None or dot):
                return class_, ending
        raise PageNotFound(
            Text(
                ja=f"{name[:200]} というクラスのものは公開されていません。",
                en=f"Nothing of the class {name[:200]} is published.",
            ),
            hint=Text(ja="/browse に一覧があります。", en="The list is at /browse."),
        )

    def _asked(
        self,
        request: Request,
        offers: tuple[Format, ...],
        class_: str,
        suffix: str | None,
        wanted: BrowseRequest,
    ) -> Asked:
        asked = self._documents.asked(request, offers, self._pages.stem(class_), suffix)
        fields = urlencode(self._requests.write(replace(wanted, limit=None, cursor="")))
        links = tuple(
            replace(a, href=f"{a.href}?{fields}" if fields else a.href) for a in asked.alternatives
        )
        return replace(asked, alternatives=links)

    # What is answered

    async def _run(self, request: Request, text: str, accept: tuple[str, ...]) -> tuple[str, bytes]:
        asker = self._clients.asker(request)
        query = QueryRequest(
            text=text,
            accept=accept,
            max_bytes=min(_ANSWER_BYTES, self._parts.settings.query_result_bytes),
            prefixes=PREFIXES,
            client=asker.name,
            allowance=asker.allowance,
        )

        async def whole() -> tuple[str, bytes]:
            answer = await self._parts.queries.run(query)
            return answer.release, b"".join([chunk async for chunk in answer.chunks])

        running: Awaitable[tuple[str, bytes]] = whole()
        return await watched(request, running)

    def _body(self, request: Request, snapshot: Snapshot, asked: Asked, browsed: Browsed) -> bytes:
        if asked.html:
            return self._page(request, snapshot, asked, browsed)
        writer = _WRITERS.get(asked.format)
        if writer is not None:
            return writer(browsed.table)
        base = self._addresses.base
        root = self._addresses.root
        about = {
            "class": browsed.view.class_,
            "release": snapshot.manifest.id,
            "total": browsed.total,
            "next": base + browsed.next.removeprefix(root) if browsed.next else None,
        }
        return files.as_json(browsed.table, about)

    def _page(self, request: Request, snapshot: Snapshot, asked: Asked, browsed: Browsed) -> bytes:
        others = tuple(a for a in asked.alternatives if a.media_type != HTML.media_type)
        page = self._pages.page(browsed, snapshot, asked.language, others)
        return self._site.render(
            "browse.html",
            page,
            asked.language,
            request,
            title=page.heading,
            alternates=tuple((a.media_type, a.href) for a in others),
            fields=self._requests.write(browsed.asked),
        )

    def _classes(self, request: Request, snapshot: Snapshot, asked: Asked) -> bytes:
        index = self._searching.index(snapshot)
        named = None
        if index is not None:
            types = index.find(SearchRequest(limit=1, counted=("type",))).facets.get("type", ())
            named = frozenset(iri for iri, _ in types)
        counts = tuple(class_counts(snapshot.manifest).items())
        if not asked.html:
            return self._classes_json(counts, named)
        things, parts = self._pages.classes(counts, named, asked.language)
        others = tuple(a for a in asked.alternatives if a.media_type != HTML.media_type)
        page = ClassesPage(things, parts, others, snapshot.manifest.id)
        return self._site.render(
            "classes.html",
            page,
            asked.language,
            request,
            title=self._site.word("browse.title", asked.language),
            alternates=tuple((a.media_type, a.href) for a in others),
        )

    def _classes_json(
        self, counts: tuple[tuple[str, int], ...], named: frozenset[str] | None
    ) -> bytes:
        languages: tuple[Language, ...] = ("ja", "en")
        labels = {
            language: {
                known.link.iri: known.link.text
                for group in self._pages.classes(counts, named, language)
                for known in group
            }
            for language in languages
        }
        body = [
            {
                "id": iri,
                "label": {language: labels[language][iri] for language in languages},
                "count": count,
                "named": named is None or iri in named,
                "href": self._addresses.base
                + self._pages.stem(iri).removeprefix(self._addresses.root),
            }
            for iri, count in sorted(counts, key=lambda known: (-known[1], known[0]))
        ]
        return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _result(browsed: Browsed) -> tuple[bytes, bytes]:
    """Whether a file is all of its table, in the words of the endpoint's answers."""
    word = "limited" if browsed.next is not None or browsed.cut else "complete"
    return (b"tsunagu-result", f"{word}; rows={len(browsed.table.rows)}".encode())


def _next_link(browsed: Browsed) -> tuple[tuple[bytes, bytes], ...]:
    if browsed.next is None:
        return ()
    return ((b"link", f'<{quote(browsed.next, safe="/?=&%:+")}>; rel="next"'.encode("ascii")),)
