"""Documents about a release: negotiated, tagged, packed and kept in one place.

A page, a catalog in Turtle and a sitemap differ in their bytes only; what HTTP asks of them is
the same: Vary, a strong tag for each form, conditional requests, content codings, alternates.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Final

from starlette.requests import Request

from app.errors import Language, PageNotFound, Text
from app.rdf.formats import Format, Formats
from app.store.base import Manifest
from app.web.coding import coding
from app.web.negotiation import format_named, negotiate, page_language
from app.web.refusals import Alternative, NoneAcceptable
from app.web.rendered import Rendered, RenderedPages
from app.web.rendering import Site
from app.web.replies import (
    CACHED,
    VARY,
    FreshReply,
    Headers,
    Reply,
    check_conditions,
    http_date,
    matches,
    not_modified_since,
)

HTML: Final = Formats.HTML.value
RDF_FORMATS: Final = tuple(
    f.value for f in (Formats.TURTLE, Formats.JSON_LD, Formats.N_TRIPLES, Formats.RDF_XML)
)
_CHOOSING: Final = frozenset({"format", "lang"})
"""Parameters that choose among the forms of one document."""

_CACHE_BYTES: Final = 16 << 20  # a few hundred packed pages


@dataclass(frozen=True, slots=True)
class Asked:
    """The form that a request wants, by suffix, `?format=` or Accept."""

    format: Format
    language: Language
    alternatives: tuple[Alternative, ...] = ()

    @property
    def html(self) -> bool:
        """Whether a page for people is wanted."""
        return self.format is HTML


class Documents:
    """Answers documents of one kind, and keeps them as long as the release is current."""

    def __init__(self, site: Site, max_bytes: int = _CACHE_BYTES) -> None:
        self._site = site
        self._cache = RenderedPages(max_bytes)

    def language(self, request: Request) -> Language:
        """By `?lang=`, else by Accept-Language."""
        query, headers = request.query_params, request.headers
        return page_language(query.get("lang"), headers.get("accept-language", ""))

    def asked(
        self,
        request: Request,
        offers: tuple[Format, ...],
        stem: str,
        suffix: str | None = None,
    ) -> Asked:
        """The form wanted of the document whose address on the wire, without suffix, is `stem`.

        Raises PageNotFound for an unknown suffix, NoneAcceptable when nothing fits.
        """
        alternatives = tuple(Alternative(o.label, o.media_type, f"{stem}.{o.id}") for o in offers)
        language = self.language(request)
        if suffix is not None:
            fixed = next((o for o in offers if o.id == suffix.lower()), None)
            if fixed is None:
                raise PageNotFound(
                    Text(
                        ja=f"この文書に .{suffix} という形式はありません。",
                        en=f"This document has no format .{suffix}.",
                    ),
                    hint=Text(
                        ja=f"使えるのは {', '.join('.' + o.id for o in offers)} です。",
                        en=f"It has {', '.join('.' + o.id for o in offers)}.",
                    ),
                )
            return Asked(fixed, language, alternatives)
        named = request.query_params.get("format")
        if named is not None:
            chosen = format_named(named, offers)
        else:
            chosen = negotiate(request.headers.get("accept", ""), offers)
        if chosen is None:
            raise NoneAcceptable(alternatives)
        return Asked(chosen, language, alternatives)

    def answer(
        self,
        request: Request,
        manifest: Manifest,
        asked: Asked,
        make: Callable[[], bytes],
        *,
        key: Sequence[str] = (),
        headers: Headers = (),
    ) -> Reply:
        """The document, made when it is not kept. `key` holds what beside address, format and
        language decides the bytes (parameters that were read)."""
        language = asked.language if asked.html else ""
        etag = self.etag(manifest, request.url.path, asked.format.id, language, *key)
        packing = coding(request.headers.get("accept-encoding", ""))
        tag = packing.tag(etag)
        modified = http_date(manifest.created)
        conditional = ((b"etag", tag.encode()), (b"last-modified", modified), VARY, CACHED)
        check_conditions(request.headers, tag, manifest.created)
        if_none_match = request.headers.get("if-none-match")
        if matches(if_none_match, tag):
            return Reply(b"", 304, conditional)
        rendered = self._cache.get(manifest.id, etag, packing)
        if rendered is None:
            own: list[tuple[bytes, bytes]] = [
                (b"content-type", asked.format.content_type.encode()),
                (b"etag", etag.encode()),
                (b"last-modified", modified),
                VARY,
                CACHED,
                *headers,
            ]
            if asked.html:
                own.append((b"content-language", language.encode()))
            if asked.alternatives:
                own += _addresses(asked, request)
            plain = Rendered(make(), tuple(own), etag)
            rendered = self._cache.put(manifest.id, etag, plain, packing)
        since = request.headers.get("if-modified-since")
        if if_none_match == "*" or (
            not if_none_match and not_modified_since(since, manifest.created)
        ):
            return Reply(b"", 304, conditional)
        return Reply(rendered.body, 200, rendered.headers)

    def kept(
        self, request: Request, manifest: Manifest, asked: Asked, *, key: Sequence[str] = ()
    ) -> Reply | None:
        """The answer where nothing has to be made for it: it is kept, or the client has it."""

        def nothing() -> bytes:
            raise _NotKeptError

        try:
            return self.answer(request, manifest, asked, nothing, key=key)
        except _NotKeptError:
            return None

    def etag(self, manifest: Manifest, *parts: str) -> str:
        """A strong tag: of the release, the look of the pages, and what else decides."""
        digest = blake2b(digest_size=12)
        for part in (manifest.id, self._site.fingerprint, *parts):
            digest.update(part.encode("utf-8", "replace") + b"\0")
        return f'"{digest.hexdigest()}"'

    def fresh(self, body: bytes, spoken: Language, status: int = 200) -> Reply:
        """A page that must not be kept."""
        return FreshReply(
            body,
            status,
            (
                (b"content-type", HTML.content_type.encode()),
                (b"content-language", spoken.encode()),
                (b"cache-control", b"no-store"),
                VARY,
            ),
        )


class _NotKeptError(Exception):
    """The document must be made."""


def _addresses(asked: Asked, request: Request) -> Headers:
    """Where this form has an address of its own, where the document is in whatever form, and the
    other forms. Parameters make another document, of which only the caller knows the address."""
    links = [
        f'<{a.href}>; rel="alternate"; type="{a.media_type}"'
        for a in asked.alternatives
        if a.media_type != asked.format.media_type
    ]
    end = f".{asked.format.id}"
    own = next((a.href for a in asked.alternatives if a.href.endswith(end)), None)
    if own is None or not _CHOOSING.issuperset(request.query_params):
        return ((b"link", ", ".join(links).encode("ascii")),)
    links.insert(0, f'<{own.removesuffix(end)}>; rel="canonical"')
    return (
        (b"link", ", ".join(links).encode("ascii")),
        (b"content-location", own.encode("ascii")),
    )


def by_bytes(
    request: Request, body: bytes, content_type: str, max_age: int, headers: Headers = ()
) -> Reply:
    """An answer that changes with the program only: its tag is made of its bytes."""
    etag = f'"{blake2b(body, digest_size=12).hexdigest()}"'
    named = (
        (b"content-type", content_type.encode()),
        (b"etag", etag.encode()),
        VARY,
        (b"cache-control", f"public, max-age={max_age}".encode()),
        *headers,
    )
    if matches(request.headers.get("if-none-match"), etag):
        return Reply(b"", 304, named)
    return Reply(body, 200, named)
