"""`/changes/ldes`: the changes as a Linked Data Event Stream."""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b
from typing import Final

from pyoxigraph import Triple, serialize
from starlette.requests import Request
from starlette.responses import Response

from app.errors import PageNotFound, Text
from app.publish.change_sets import SPAN
from app.publish.event_stream import PAGE, PREFIXES, EventStream
from app.publish.history import ReleaseHistory
from app.rdf.formats import Format, Formats
from app.web.documents import Documents
from app.web.pages.changes_request import number
from app.web.parts import WebParts
from app.web.rendering import Site
from app.web.replies import VARY, Reply, matches

_OFFERS: Final = tuple(
    f.value for f in (Formats.TURTLE, Formats.JSON_LD, Formats.N_TRIPLES, Formats.RDF_XML)
)
_FOR_EVER: Final = (b"cache-control", b"public, max-age=31536000, immutable")
_MINUTE: Final = (b"cache-control", b"public, max-age=60")


class EventStreamEndpoints:
    """Answers the root of the stream and its pages."""

    def __init__(self, parts: WebParts, site: Site) -> None:
        self._parts = parts
        self._documents = Documents(site)
        self._stream = EventStream(parts.settings.base_iri)

    @property
    def _history(self) -> ReleaseHistory:
        if self._parts.history is None:
            raise PageNotFound(
                Text(ja="変更の記録はありません。", en="No history of releases is kept here.")
            )
        return self._parts.history

    async def root(self, request: Request) -> Response:
        """`GET /changes/ldes`: the steps that are known; more come with each release."""
        form = self._documents.asked(request, _OFFERS, request.url.path).format
        return self._sent(request, form, self._stream.root(self._history.steps()), _MINUTE)

    async def page(self, request: Request) -> Response:
        """`GET /changes/ldes/{from}..{to}`: members of one step, which never change."""
        form = self._documents.asked(request, _OFFERS, request.url.path).format
        match = SPAN.fullmatch(request.path_params["span"])
        offset = number("offset", request.query_params.get("offset"), 0)
        if match is None or offset % PAGE:
            raise PageNotFound(
                Text(ja="このページはありません。", en="The stream has no such page."),
                hint=Text(ja="/changes/ldes から始めてください。", en="Start at /changes/ldes ."),
            )
        found = await self._history.changes(match[1], match[2])
        return self._sent(request, form, self._stream.members(found, offset), _FOR_EVER)

    def _sent(
        self, request: Request, form: Format, triples: Iterable[Triple], age: tuple[bytes, bytes]
    ) -> Response:
        assert form.rdf is not None
        body = serialize(triples, None, form.rdf, prefixes=PREFIXES) or b""
        # Labels of blank nodes are made anew each time: the tag must not see them.
        lines = b"\n".join(sorted(part for part in body.split() if not part.startswith(b"_:")))
        etag = f'W/"{blake2b(form.id.encode() + lines, digest_size=12).hexdigest()}"'
        headers = ((b"etag", etag.encode()), age, VARY)
        if matches(request.headers.get("if-none-match"), etag.removeprefix("W/")):
            return Reply(b"", 304, headers)
        content_type = (b"content-type", form.content_type.encode())
        return Reply(body, 200, (content_type, *headers))
