"""`/id/…` and `/doc/…`: the thing, and the document about it in every format.

The order of work is the order of cost: the conditional request needs the header and the id of
the release only; then the cache of rendered answers; then the look-ups.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from app.errors import EntityNotFound, Text
from app.publish.entity import Bounds, EntityDescription, EntityReader
from app.publish.incoming import IncomingReader
from app.rdf.formats import ENTITY_FORMATS, Format, Formats
from app.web.addresses import Addresses, decode, encode
from app.web.entity_page import EntityPages
from app.web.entity_request import EntityRequest, EntityRequests, Form, tail
from app.web.errors import Alternative, NoneAcceptable
from app.web.parts import WebParts
from app.web.rendered import Rendered, RenderedPages
from app.web.rendering import Site
from app.web.replies import Reply, http_date, matches, not_modified_since
from app.web.serialisation import EntitySerialiser

_VARY: Final = (b"vary", b"Accept, Accept-Language")
_CACHE: Final = (b"cache-control", b"public, max-age=60, stale-while-revalidate=600")
_CACHE_REDIRECT: Final = (b"cache-control", b"public, max-age=300")


class EntityEndpoints:
    """Answers for things and their documents from the current release."""

    def __init__(self, parts: WebParts, site: Site) -> None:
        settings = parts.settings
        self._snapshots = parts.snapshots
        self._addresses = Addresses(settings.base_iri)
        self._bounds = Bounds(quads=settings.entity_quads)
        self._incoming_size = settings.entity_incoming
        self._site = site
        self._serialiser = EntitySerialiser(self._addresses, parts.catalog)
        self.context = self._serialiser.context
        self.pages = EntityPages(site, self._addresses, parts.labels, self._serialiser.cards)
        self._cache = RenderedPages(settings.page_cache_bytes)
        self._reader: EntityReader | None = None
        self._last_modified = b""
        self._offers = tuple(
            f.value for f in ENTITY_FORMATS if f is Formats.HTML or self._serialiser.writes(f.value)
        )
        self._requests = EntityRequests(self._offers, self._alternatives)

    async def thing(self, request: Request) -> Response:
        """`/id/…`: 303 to the document (https://www.w3.org/TR/cooluris/#r303gendocument)."""
        raw = tail(request, b"/id")
        path = decode(raw)
        reader = self._current()
        found = reader.find(self._addresses.candidates("/id" + path))
        if found is None:
            stem, suffix = self._requests.split_suffix(path)
            known = suffix and reader.find(self._addresses.candidates("/id" + stem))
            if not known:
                raise self._unknown("/id" + path)
        target = f"{self._addresses.root}/doc{encode(path)}"
        query = request.scope["query_string"]
        location = target.encode("ascii") + (b"?" + query if query else b"")
        headers = (
            (b"location", location),
            (b"link", b"<" + target.encode("ascii") + b'>; rel="describedby"'),
            (b"etag", _etag(reader.snapshot.manifest.id, "303", raw).encode()),
            _VARY,
            _CACHE_REDIRECT,
        )
        return Reply(b"", 303, headers)

    async def document(self, request: Request) -> Response:
        """`/doc/…[.suffix]`: what is known, in the format asked for."""
        asked = self._requests.read(request)
        reader = self._current()
        release = reader.snapshot.manifest.id
        tags = [(form, self._etag(release, asked, form)) for form in asked.possible_forms()]
        if_none_match = request.headers.get("if-none-match")
        if if_none_match:
            for _, etag in tags:
                if matches(if_none_match, etag):
                    return self._not_modified(etag)
        rendered = None
        for _, etag in tags:
            rendered = rendered or self._cache.get(release, etag)
        if rendered is None:
            form, description = self._find(reader, asked)
            etag = self._etag(release, asked, form)
            rendered = self._render(reader, asked, form, description, etag, request)
            self._cache.put(release, etag, rendered)
        if if_none_match == "*" or (
            not if_none_match
            and not_modified_since(
                request.headers.get("if-modified-since"), reader.snapshot.manifest.created
            )
        ):
            return self._not_modified(rendered.etag)
        return Reply(rendered.body, 200, rendered.headers)

    def _not_modified(self, etag: str) -> Reply:
        headers = (
            (b"etag", etag.encode()),
            (b"last-modified", self._last_modified),
            _VARY,
            _CACHE,
        )
        return Reply(b"", 304, headers)

    def _current(self) -> EntityReader:
        snapshot = self._snapshots.get()
        reader = self._reader
        if reader is None or reader.snapshot is not snapshot:
            self._reader = reader = EntityReader(snapshot, self._bounds)
            self._serialiser.use(snapshot.manifest)
            self._last_modified = http_date(snapshot.manifest.created)
        return reader

    def _find(self, reader: EntityReader, asked: EntityRequest) -> tuple[Form, EntityDescription]:
        """The form and the thing. A suffix counts only when the whole path is no thing."""
        description = self._describe(reader, asked.path)
        if description is not None:
            form = asked.negotiated()
            if form is None:
                raise NoneAcceptable(self._alternatives(asked.path))
            return form, description
        if asked.suffix is not None:
            description = self._describe(reader, asked.stem)
            if description is not None:
                return Form(asked.suffix, by_suffix=True), description
        raise self._unknown("/id" + asked.path)

    def _describe(self, reader: EntityReader, path: str) -> EntityDescription | None:
        for iri in self._addresses.candidates("/id" + path):
            description = reader.describe(iri)
            if description is not None:
                return description
        return None

    def _unknown(self, path: str) -> EntityNotFound:
        iri = self._addresses.base + path
        return EntityNotFound(
            Text(ja=f"{iri} については何も知られていません。", en=f"Nothing is known of {iri}."),
            hint=Text(
                ja="綴りを確かめるか、ホームから探してください。",
                en="Check the spelling, or start from the home page.",
            ),
        )

    def _etag(self, release: str, asked: EntityRequest, form: Form) -> str:
        """Strong: the same tag means the same bytes. Made of the release, the way pages look,
        the address, and the form; the language counts only where words are shown."""
        html = form.format is Formats.HTML.value
        return _etag(
            release,
            self._site.fingerprint,
            asked.raw,
            form.format.id,
            "suffix" if form.by_suffix else "flat" if form.flat else "",
            asked.language if html else "",
            f"{asked.incoming}" if html and asked.incoming else "",
        )

    def _render(
        self,
        reader: EntityReader,
        asked: EntityRequest,
        form: Form,
        description: EntityDescription,
        etag: str,
        request: Request,
    ) -> Rendered:
        iri = description.iri
        alternatives = self._alternatives(iri[len(self._addresses.base) + len("/id") :])
        html = form.format is Formats.HTML.value
        if html:
            links = IncomingReader(reader.snapshot, self._incoming_size)
            if asked.incoming is not None:
                predicate, offset = asked.incoming
                incoming = [links.page(iri, predicate, offset)]
            else:
                incoming = list(links.first_pages(iri))
            body = self.pages.render(
                description, tuple(incoming), reader, asked.language, alternatives, request
            )
        else:
            written = self._serialiser.write(description, form.format, flat=form.flat)
            if written is None:
                raise NoneAcceptable(
                    tuple(a for a in alternatives if a.media_type != form.format.media_type)
                )
            body = written
        headers = [
            (b"content-type", form.format.content_type.encode()),
            (b"etag", etag.encode()),
            (b"last-modified", self._last_modified),
            (b"content-location", self._addresses.document(iri, f".{form.format.id}").encode()),
            (b"link", self._links(description, form.format, alternatives).encode("ascii")),
            _VARY,
            _CACHE,
        ]
        if html:
            headers.append((b"content-language", asked.language.encode()))
        return Rendered(body, tuple(headers), etag)

    def _alternatives(self, path: str) -> tuple[Alternative, ...]:
        stem = f"{self._addresses.root}/doc{encode(path)}"
        return tuple(
            Alternative(offer.label, offer.media_type, f"{stem}.{offer.id}")
            for offer in self._offers
        )

    def _links(
        self, description: EntityDescription, form: Format, alternatives: tuple[Alternative, ...]
    ) -> str:
        iri = description.iri
        links = [
            f'<{encode(self._addresses.document_iri(iri))}>; rel="canonical"',
            f'<{encode(iri)}>; rel="describes"',
        ]
        links += [
            f'<{a.href}>; rel="alternate"; type="{a.media_type}"'
            for a in alternatives
            if a.media_type != form.media_type
        ]
        links += [f'<{encode(type_)}>; rel="type"' for type_ in description.root.types[:5]]
        links += [f'<{encode(x)}>; rel="license"' for x in self._serialiser.licences(description)]
        links += [
            f'<{self._addresses.dataset(card.id)}>; rel="describedby"'
            for card in self._serialiser.cards(description)
        ]
        if form in (Formats.JSON.value,):
            # https://www.w3.org/TR/json-ld11/#interpreting-json-as-json-ld
            links.append(
                f"<{self._addresses.root}/context.jsonld>; "
                'rel="http://www.w3.org/ns/json-ld#context"; type="application/ld+json"'
            )
        return ", ".join(links)


def _etag(*parts: str | bytes) -> str:
    digest = blake2b(digest_size=12)
    for part in parts:
        digest.update(part if isinstance(part, bytes) else part.encode())
        digest.update(b"\0")
    return f'"{digest.hexdigest()}"'
