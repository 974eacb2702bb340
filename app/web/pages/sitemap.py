"""`/sitemap.xml`, its files, and `/robots.txt`."""

from __future__ import annotations

import gzip
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response

from app.errors import PageNotFound, Text
from app.publish import sitemap
from app.rdf.formats import Formats
from app.store.base import Manifest
from app.web.documents import Asked, Documents
from app.web.parts import WebParts
from app.web.rendering import Site

_ROBOTS = """\
User-agent: *
Disallow: {root}/sparql?
Disallow: {root}/search?
Disallow: {root}/browse/*?
Disallow: {root}/queries/*?
Disallow: {root}/doc/*incoming=
Disallow: {root}/api/
Disallow: {root}/steward
Allow: {root}/search?lang=en$
Allow: {root}/sparql?lang=en$
Allow: {root}/browse/*?lang=en$
Allow: {root}/queries/*?lang=en$
Allow: {root}/

Sitemap: {base}/sitemap.xml
"""


class SitemapEndpoints:
    """Answers what crawlers ask for."""

    def __init__(self, parts: WebParts, site: Site) -> None:
        self._parts = parts
        self._root = site.root
        self._documents = Documents(site)

    async def index(self, request: Request) -> Response:
        """`/sitemap.xml`."""
        return self._xml(request, sitemap.index)

    async def pages(self, request: Request) -> Response:
        """`/sitemaps/pages.xml`."""
        return self._xml(request, lambda manifest: sitemap.pages(manifest, self._others()))

    def _others(self) -> tuple[str, ...]:
        """Pages that are there whatever is published."""
        queries = (f"/queries/{query.name}" for query in self._parts.saved_queries)
        told = ("/changes",) if self._parts.history is not None else ()
        signed = ("/releases",) if self._parts.trust is not None else ()
        return ("/browse", "/regions", "/dumps/", "/queries", *queries, *told, *signed)

    async def file(self, request: Request) -> Response:
        """`/sitemaps/{number}.xml`. Raises PageNotFound."""
        snapshot = self._parts.snapshots.get()
        path = snapshot.file(f"{sitemap.FOLDER}/{request.path_params['number']}.xml.gz")
        if path is None:
            raise PageNotFound(
                Text(ja="このサイトマップはありません。", en="There is no such sitemap.")
            )
        asked = Asked(Formats.XML.value, "ja")
        return self._documents.answer(
            request, snapshot.manifest, asked, lambda: gzip.decompress(path.read_bytes())
        )

    async def robots(self, request: Request) -> Response:
        """`/robots.txt` (RFC 9309, the longest rule that fits wins): every page, in English too,
        but not the answers to questions, of which there is no end."""
        manifest = self._parts.snapshots.get().manifest
        text = _ROBOTS.format(root=self._root, base=self._parts.settings.base_iri)
        asked = Asked(Formats.TEXT.value, "ja")
        return self._documents.answer(request, manifest, asked, text.encode)

    def _xml(self, request: Request, make: Callable[[Manifest], str]) -> Response:
        manifest = self._parts.snapshots.get().manifest
        asked = Asked(Formats.XML.value, "ja")
        return self._documents.answer(request, manifest, asked, lambda: make(manifest).encode())
