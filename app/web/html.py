"""Answers that are pages about a release: language, ETag, and a cache, in one place."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b

from starlette.requests import Request
from starlette.responses import Response

from app.errors import Language
from app.rdf.formats import Formats
from app.store.base import Manifest
from app.web.negotiation import page_language
from app.web.rendered import Rendered, RenderedPages
from app.web.rendering import Site
from app.web.replies import Reply, http_date, matches

_HTML = Formats.HTML.value.content_type.encode()
_VARY = (b"vary", b"Accept, Accept-Language")
_CACHE = (b"cache-control", b"public, max-age=60, stale-while-revalidate=600")
_CACHE_BYTES = 4 << 20  # a few dozen pages: home and the data sets in two languages


class HtmlReplies:
    """Answers pages of one kind."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._cache = RenderedPages(_CACHE_BYTES)

    def language(self, request: Request) -> Language:
        """By `?lang=`, else by Accept-Language."""
        query, headers = request.query_params, request.headers
        return page_language(query.get("lang"), headers.get("accept-language", ""))

    def fresh(self, body: bytes, spoken: Language, status: int = 200) -> Response:
        """A page that must not be kept."""
        return Reply(
            body,
            status,
            (
                (b"content-type", _HTML),
                (b"content-language", spoken.encode()),
                (b"cache-control", b"no-store"),
                _VARY,
            ),
        )

    def of_release(
        self, request: Request, manifest: Manifest, spoken: Language, make: Callable[[], bytes]
    ) -> Response:
        """A page that stays the same for a release, made when it is not kept."""
        key = f"{manifest.id}\0{self._site.fingerprint}\0{request.url.path}\0{spoken}"
        etag = f'"{blake2b(key.encode(), digest_size=12).hexdigest()}"'
        if matches(request.headers.get("if-none-match"), etag):
            return Reply(b"", 304, ((b"etag", etag.encode()), _VARY, _CACHE))
        rendered = self._cache.get(manifest.id, etag)
        if rendered is None:
            headers = (
                (b"content-type", _HTML),
                (b"content-language", spoken.encode()),
                (b"etag", etag.encode()),
                (b"last-modified", http_date(manifest.created)),
                _VARY,
                _CACHE,
            )
            rendered = Rendered(make(), headers, etag)
            self._cache.put(manifest.id, etag, rendered)
        return Reply(rendered.body, 200, rendered.headers)
