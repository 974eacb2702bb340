"""`/id/…`, `/doc/…` and `/.well-known/genid/…`: the thing, and the document about it in every
format.

The order of work is the order of cost: the conditional request needs the header and the id of
the release only; then the cache of rendered answers; then the look-ups.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from typing import Final
from unicodedata import normalize

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Scope

from app.publish import links
from app.publish.entity import Bounds, EntityDescription, EntityReader
from app.publish.incoming import IncomingReader
from app.publish.places import is_placed
from app.publish.skolem import GENID
from app.rdf.formats import ENTITY_FORMATS, Formats
from app.web.addresses import Addresses, decode, encode, wire_path
from app.web.entity_headers import EntityHeaders
from app.web.entity_origins import OriginPages
from app.web.entity_page import EntityPages
from app.web.entity_request import EntityRequest, EntityRequests, Form
from app.web.missing import MissingThings
from app.web.pages.catalog import site_of
from app.web.parts import WebParts
from app.web.refusals import Alternative, NoneAcceptable
from app.web.rendered import Rendered, RenderedPages
from app.web.rendering import Site
from app.web.replies import (
    CACHED,
    VARY,
    Reply,
    check_conditions,
    http_date,
    matches,
    not_modified_since,
)
from app.web.scripts import MapSources
from app.web.serialisation import EntitySerialiser

_FIRST: Final = ("if-match", "if-unmodified-since")
"""Conditions that are looked at before the others; hardly anyone sends them."""

_CACHE_REDIRECT: Final = (b"cache-control", b"public, max-age=300")


class EntityEndpoints:
    """Answers for things and their documents from the current release."""

    def __init__(self, parts: WebParts, site: Site) -> None:
        settings = parts.settings
        self._snapshots = parts.snapshots
        self._addresses = Addresses(settings.base_iri)
        self._bounds = Bounds(quads=settings.entity_quads)
        self._incoming_size = settings.entity_incoming
        self._direct = settings.entity_answer == "direct"
        self._site = site
        self._serialiser = EntitySerialiser(self._addresses, parts.catalog)
        self.context = self._serialiser.context
        self.pages = EntityPages(
            site,
            self._addresses,
            parts.labels,
            self._serialiser.cards,
            parts.terms,
            MapSources(settings),
            OriginPages(site_of(settings), self._addresses.root),
            image_origins=settings.image_origins,
            history=parts.history is not None,
        )
        self._cache = RenderedPages(settings.page_cache_bytes)
        self._missing = MissingThings(settings, self._addresses)
        self._reader: EntityReader | None = None
        self._links: IncomingReader | None = None
        self._last_modified = b""
        self._offers = tuple(
            f.value for f in ENTITY_FORMATS if f is Formats.HTML or self._serialiser.writes(f.value)
        )
        self._headers = EntityHeaders(self._addresses, self._offers, self._serialiser)
        self._requests = EntityRequests(self._offers)

    async def thing(self, request: Request) -> Response:
        """`/id/…`: 303 to the document (https://www.w3.org/TR/cooluris/#r303gendocument), or the
        document itself where the settings say so."""
        return self.answer(request.scope)

    async def document(self, request: Request) -> Response:
        """`/doc/…[.suffix]`: what is known, in the format asked for."""
        return self.answer(request.scope)

    async def node(self, request: Request) -> Response:
        """`/.well-known/genid/…`: what is known of a blank node."""
        return self.answer(request.scope)

    def answer(self, scope: Scope) -> Response:
        """The answer to GET or HEAD for one of these addresses. Raises what `errors` answers."""
        path: str = scope["path"]
        if path.startswith("/doc/"):
            return self._document(scope, "/doc", "/id")
        if not path.startswith("/id/"):
            node = GENID.rstrip("/")
            return self._document(scope, node, node)
        return self._document(scope, "/id", "/id") if self._direct else self._redirect(scope)

    def _redirect(self, scope: Scope) -> Response:
        raw = wire_path(scope)
        path = decode(raw)[len("/id") :]
        reader = self._current()
        candidates = self._addresses.candidates("/id" + path)
        found = reader.find(candidates)
        if found is not None and self._is_twin(found, "/id" + path):
            return _moved(self._addresses.thing(found), scope)
        if found is None:
            stem, suffix = self._requests.split_suffix(path)
            others = self._addresses.candidates("/id" + stem) if suffix else ()
            if not others or reader.find(others) is None:
                language = self._requests.wish(scope, dict(scope["headers"])).language
                ending = f".{suffix.id}" if suffix else ""
                return self._missing.answer(
                    reader, others or candidates, ending, language, document=False
                )
        target = f"{self._addresses.root}/doc{encode(path)}"
        query = scope["query_string"]
        location = target.encode("ascii") + (b"?" + query if query else b"")
        headers = (
            (b"location", location),
            (b"link", b"<" + target.encode("ascii") + b'>; rel="describedby"'),
            (b"etag", _etag(raw, f"{reader.snapshot.manifest.id}\0303").encode()),
            VARY,
            _CACHE_REDIRECT,
        )
        return Reply(b"", 303, headers)

    def _document(self, scope: Scope, prefix: str, things: str) -> Response:
        """The document at an address with a prefix, about a thing whose IRI begins, after the
        base, with `things`."""
        said = dict(scope["headers"])
        asked = self._requests.read(scope, said, prefix)
        reader = self._current()
        release = reader.snapshot.manifest.id
        packing = asked.wish.coding
        tags = {form: self._etag(release, asked, form) for form in asked.possible_forms()}
        if_none_match = said.get(b"if-none-match", b"").decode("latin-1")
        conditions = {n: said[n.encode()].decode("latin-1") for n in _FIRST if n.encode() in said}
        if if_none_match and not conditions:
            for etag in tags.values():
                if matches(if_none_match, packing.tag(etag)):
                    return self._not_modified(packing.tag(etag))
        rendered = None
        for etag in tags.values():
            rendered = rendered or self._cache.get(release, etag, packing)
        if rendered is None:
            found = self._find(reader, asked, prefix, things, scope)
            if isinstance(found, Response):
                return found
            form, description = found
            plain = self._render(reader, asked, form, description, tags[form], scope)
            rendered = self._cache.put(release, tags[form], plain, packing)
        if conditions:
            check_conditions(conditions, rendered.etag, reader.snapshot.manifest.created)
            if matches(if_none_match, rendered.etag):
                return self._not_modified(rendered.etag)
        since = said.get(b"if-modified-since", b"").decode("latin-1")
        if if_none_match == "*" or (
            not if_none_match and not_modified_since(since, reader.snapshot.manifest.created)
        ):
            return self._not_modified(rendered.etag)
        return Reply(rendered.body, 200, rendered.headers)

    def _not_modified(self, etag: str) -> Reply:
        headers = (
            (b"etag", etag.encode()),
            (b"last-modified", self._last_modified),
            VARY,
            CACHED,
        )
        return Reply(b"", 304, headers)

    def _current(self) -> EntityReader:
        snapshot = self._snapshots.get()
        reader = self._reader
        if reader is None or reader.snapshot is not snapshot:
            self._reader = reader = EntityReader(snapshot, self._bounds)
            counts = links.read(snapshot)
            self._links = IncomingReader(snapshot, self._incoming_size, counts)
            self._serialiser.use(snapshot.manifest)
            self._last_modified = http_date(snapshot.manifest.created)
        return reader

    def _find(
        self, reader: EntityReader, asked: EntityRequest, prefix: str, things: str, scope: Scope
    ) -> tuple[Form, EntityDescription] | Response:
        """The form and the thing, or where the thing moved to. A suffix counts only when the
        whole path is no thing."""
        candidates = self._addresses.candidates(things + asked.path)
        description = _first(reader, candidates)
        if description is not None:
            form = asked.wish.form
            if self._is_twin(description.iri, things + asked.path):
                return _moved(self._at(prefix, things, description.iri), scope)
            if form is None:
                placed = is_placed(description)
                raise NoneAcceptable(self._headers.alternatives_of(description.iri, placed=placed))
            return form, description
        suffix = ""
        if asked.suffix is not None:
            candidates = self._addresses.candidates(things + asked.stem)
            description = _first(reader, candidates)
            if description is not None:
                if self._is_twin(description.iri, things + asked.stem):
                    target = self._at(prefix, things, description.iri)
                    return _moved(f"{target}.{asked.suffix.id}", scope)
                return Form(asked.suffix, by_suffix=True), description
            suffix = f".{asked.suffix.id}"
        return self._missing.answer(
            reader, candidates, suffix, asked.wish.language, document=prefix == "/doc"
        )

    def _is_twin(self, iri: str, path: str) -> bool:
        """Whether a path spells the IRI that was found in the other Unicode normal form: the
        same to the eye, another to whoever compares (RFC 3987, section 5.3.2.2)."""
        asked = self._addresses.base + path
        return iri != asked and not path.isascii() and _nfc(iri) == _nfc(asked)

    def _at(self, prefix: str, things: str, iri: str) -> str:
        """The path on the wire, under a prefix, of the document about a thing."""
        rest = iri[len(self._addresses.base) + len(things) :]
        return f"{self._addresses.root}{prefix}{encode(rest)}"

    def _etag(self, release: str, asked: EntityRequest, form: Form) -> str:
        """Strong: the same tag means the same bytes. Made of the release, the way pages look,
        the address, and the form; the language counts only where words are shown.

        Not of the bytes, though these often outlive a release: then the document would have to be
        made before it can be told that nothing changed, which takes 50 (Turtle) to 120 (page)
        times as long. Nor of the graphs that speak of the thing, by which Last-Modified could be
        older too: what another graph says no more, and a label or a link that it changed, would
        be missed. When the data changed is told by the sitemap.
        """
        html = form.format is Formats.HTML.value
        way = "suffix" if form.by_suffix else "flat" if form.flat else ""
        shown = f"{asked.wish.language}{asked.wish.incoming or ''}" if html else ""
        return _etag(
            asked.raw, f"{release}\0{self._site.fingerprint}\0{form.format.id}\0{way}\0{shown}"
        )

    def _render(
        self,
        reader: EntityReader,
        asked: EntityRequest,
        form: Form,
        description: EntityDescription,
        etag: str,
        scope: Scope,
    ) -> Rendered:
        html = form.format is Formats.HTML.value
        placed = is_placed(description)
        if html:
            others = self._headers.alternatives_of(description.iri, placed=placed)
            body = self._page(reader, asked, description, others, Request(scope))
        else:
            written = self._serialiser.write(description, form.format, flat=form.flat)
            if written is None:
                others = self._headers.alternatives_of(description.iri, placed=placed)
                raise NoneAcceptable(
                    tuple(x for x in others if x.media_type != form.format.media_type)
                )
            body = written
        headers = self._headers.headers(
            description,
            form.format,
            placed=placed,
            etag=etag,
            last_modified=self._last_modified,
            language=asked.wish.language if html else None,
            flat=form.flat,
        )
        return Rendered(body, tuple(headers), etag)

    def _page(
        self,
        reader: EntityReader,
        asked: EntityRequest,
        description: EntityDescription,
        alternatives: tuple[Alternative, ...],
        request: Request,
    ) -> bytes:
        assert self._links is not None, "made with the reader"
        iri = description.iri
        if asked.wish.incoming is None:
            incoming = self._links.first_pages(iri)
        else:
            incoming = (self._links.page(iri, *asked.wish.incoming),)
        return self.pages.render(
            description, incoming, reader, asked.wish.language, alternatives, request
        )


def _first(reader: EntityReader, candidates: Sequence[str]) -> EntityDescription | None:
    for iri in candidates:
        description = reader.describe(iri)
        if description is not None:
            return description
    return None


def _nfc(text: str) -> str:
    return normalize("NFC", text)


def _moved(target: str, scope: Scope) -> Reply:
    """To the one address of a thing."""
    query = scope["query_string"]
    location = target.encode("ascii") + (b"?" + query if query else b"")
    return Reply(b"", 308, ((b"location", location), _CACHE_REDIRECT))


def _etag(path: bytes, rest: str) -> str:
    digest = blake2b(path + b"\0" + rest.encode(), digest_size=12)
    return f'"{digest.hexdigest()}"'
