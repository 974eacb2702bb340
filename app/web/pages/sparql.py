"""`/sparql`: the SPARQL 1.1 Protocol, and a form for browsers.

The query runs in the query service; here the request is read, the formats are ordered, and the
answer is passed on with an honest word on whether it is whole. An answer of the current release
that was given before is given again without running anything.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable
from contextlib import suppress
from typing import Final, TypeVar

from starlette.requests import Request
from starlette.responses import Response

from app.errors import BadRequest, PreconditionFailed, QuerySyntaxError, Text
from app.rdf.formats import GRAPH_FORMATS, QUERY_FORMAT_NAMES, RESULT_FORMATS, Formats
from app.rdf.namespaces import PREFIXES
from app.settings import Settings
from app.store.base import QueryAnswer, QueryRequest
from app.web.clients import Clients
from app.web.coding import Coding, coding
from app.web.excerpts import excerpt
from app.web.negotiation import format_named, negotiate, ranked
from app.web.pages.sparql_answer import OFFERS, StreamedAnswer, entity_tag, freshness, headers_of
from app.web.pages.sparql_page import SparqlPages
from app.web.pages.sparql_request import SparqlRequest, read_request
from app.web.parts import WebParts
from app.web.refusals import Alternative, NoneAcceptable
from app.web.rendered import Rendered, RenderedPages
from app.web.rendering import Site
from app.web.replies import Reply, http_date, matches, not_modified_since

T = TypeVar("T")

QUERY_ID: Final = "tsunagu_query_id"
"""Key of a request's state: the id that logs and the header Tsunagu-Query-Id share."""

_HTML: Final = Formats.HTML.value
_PACKED_BYTES: Final = 256 << 10
"""Longer answers are sent as they are: packing one takes longer than others should wait."""

_PATIENCE_S: Final = 0.05
"""Queries that take longer are watched for clients that go away."""

_CLIENT_GONE: Final = 499


class SparqlEndpoint:
    """Answers the SPARQL protocol."""

    def __init__(self, parts: WebParts, site: Site) -> None:
        self._settings: Settings = parts.settings
        self._queries = parts.queries
        self._metrics = parts.metrics
        self._snapshots = parts.snapshots
        self._clients = Clients(parts.settings)
        self._pages = SparqlPages(parts, site)
        self._kept = RenderedPages(parts.settings.query_cache_bytes)

    async def answer(self, request: Request) -> Response:
        """`GET` and `POST /sparql`."""
        asked = await read_request(request, self._settings)
        accept = request.headers.get("accept", "")
        wants_page = self._wants_page(asked, accept)
        if asked.query is None or not asked.query.strip():
            if wants_page:
                return self._pages.form(request)
            raise BadRequest(
                Text(ja="パラメーター query がありません。", en="The parameter query is missing."),
                hint=Text(
                    ja="GET /sparql?query=… または POST で SPARQL を送ってください。",
                    en="Send SPARQL as GET /sparql?query=… or by POST.",
                ),
            )
        try:
            if wants_page:
                text = asked.query
                return await self._pages.result(
                    request,
                    text,
                    lambda types: self._run(request, self._query(request, asked, types)),
                )
            return await self._answer(request, asked, self._accepted(asked, accept))
        except ClientGoneError:
            return Response(status_code=_CLIENT_GONE)

    async def graph(self, request: Request, asked: SparqlRequest) -> Response:
        """An answer to a query of ours, in the format that the request wants."""
        accept = request.headers.get("accept", "")
        if asked.format is None and not ranked(accept, OFFERS):
            accept = "" if "html" in accept else accept  # a browser gets Turtle
        return await self._answer(request, asked, self._accepted(asked, accept))

    def release(self) -> str | None:
        """The release that a query would see now."""
        return self._queries.release()

    async def _run(self, request: Request, query: QueryRequest) -> QueryAnswer:
        try:
            return await watched(request, self._queries.run(query))
        except QuerySyntaxError as error:
            error.excerpt = excerpt(query.text, error.place)
            raise

    async def _answer(
        self, request: Request, asked: SparqlRequest, accept: tuple[str, ...]
    ) -> Response:
        query = self._query(request, asked, accept)
        release = self._queries.release() or ""
        self._refuse_other_release(asked, release)
        etag = entity_tag(release, query)
        packing = coding(request.headers.get("accept-encoding", ""))
        if etag is not None:
            if request.method != "POST" and self._is_fresh(request, etag):
                self._metrics.cached("fresh")
                return self._not_modified(packing.tag(etag))
            kept = self._kept.get(release, etag, packing)
            if kept is not None:
                self._metrics.cached("kept")
                return Reply(kept.body, 200, kept.headers)
        self._metrics.cached("run")
        answer = await self._run(request, query)
        if answer.release != release:
            etag = entity_tag(answer.release, query)
        headers = headers_of(answer, asked, etag, self._modified(), self._settings.query_max_age_s)
        if not answer.whole or (answer.content_length or 0) > self._keepable:
            return StreamedAnswer(answer, headers, head=request.method == "HEAD")
        body = b"".join([chunk async for chunk in answer.chunks])
        if etag is None:
            return Reply(body, 200, headers)
        if len(body) > _PACKED_BYTES:
            packing = Coding.IDENTITY
        kept = self._kept.put(
            answer.release, etag, Rendered(body, tuple(headers), f"W/{etag}"), packing
        )
        return Reply(kept.body, 200, kept.headers)

    @property
    def _keepable(self) -> int:
        return self._settings.query_cache_bytes // 16

    def _query(
        self, request: Request, asked: SparqlRequest, accept: tuple[str, ...]
    ) -> QueryRequest:
        asker = self._clients.asker(request)
        timeout_s = asked.timeout_s or self._settings.query_timeout_s
        request.scope.setdefault("state", {})[QUERY_ID] = query_id = secrets.token_hex(6)
        return QueryRequest(
            text=asked.query or "",
            accept=accept,
            default_graphs=asked.default_graphs,
            named_graphs=asked.named_graphs,
            base_iri=self._settings.base_iri + "/",
            timeout_s=min(timeout_s, asker.longest_s),
            prefixes=PREFIXES,
            client=asker.name,
            id=query_id,
            rows=min(asked.limit or self._settings.query_rows, self._settings.query_rows),
            skip=asked.offset,
            whole=True,
            allowance=asker.allowance,
        )

    def _refuse_other_release(self, asked: SparqlRequest, release: str) -> None:
        """A further page of an answer that an earlier release gave would not fit to it."""
        if asked.release is not None and asked.release != release:
            raise PreconditionFailed(
                Text(
                    ja=f"データはリリース {asked.release} から更新されています。",
                    en=f"The data has been replaced since release {asked.release}.",
                ),
                hint=Text(
                    ja="最初のページから取り直してください。",
                    en="Begin again with the first page.",
                ),
            )

    def _is_fresh(self, request: Request, etag: str) -> bool:
        if_none_match = request.headers.get("if-none-match")
        if if_none_match:
            return any(matches(if_none_match, packing.tag(etag)) for packing in Coding)
        since = request.headers.get("if-modified-since")
        if since is None:
            return False
        return not_modified_since(since, self._snapshots.get().manifest.created)

    def _not_modified(self, etag: str) -> Response:
        age = self._settings.query_max_age_s
        return Reply(b"", 304, freshness(etag, self._modified(), age))

    def _modified(self) -> bytes:
        return http_date(self._snapshots.get().manifest.created)

    def _wants_page(self, asked: SparqlRequest, accept: str) -> bool:
        if asked.format is not None:
            return asked.format.lower() in ("html", _HTML.media_type)
        # A page must be asked for by name: `*/*` belongs to programs.
        return "html" in accept and negotiate(accept, (*OFFERS, _HTML)) is _HTML

    def _accepted(self, asked: SparqlRequest, accept: str) -> tuple[str, ...]:
        if asked.format is not None:
            names = QUERY_FORMAT_NAMES.get(asked.format.lower(), (asked.format,))
            named = [
                found
                for offers in (RESULT_FORMATS, GRAPH_FORMATS)
                for name in names
                if (found := format_named(name, tuple(f.value for f in offers)))
            ]
            if named:
                return tuple(found.media_type for found in named)
        else:
            fitting = ranked(accept, OFFERS)
            if fitting:
                return tuple(found.media_type for found in fitting)
        raise NoneAcceptable(
            tuple(
                Alternative(offer.label, offer.media_type, f"/sparql?format={offer.id}")
                for offer in OFFERS
            ),
            asked.format,
        )


class ClientGoneError(Exception):
    """The client went away before its answer was there."""


async def watched(request: Request, work: Awaitable[T]) -> T:
    """Do some work for a client and stop when it goes away. Raises ClientGoneError.

    Short work is not watched: a task for each would cost a tenth of a point query."""
    loop, ours = asyncio.get_running_loop(), asyncio.current_task()
    assert ours is not None
    watcher: asyncio.Task[None] | None = None
    left = False

    async def watch() -> None:
        nonlocal left
        while (await request.receive())["type"] != "http.disconnect":
            pass
        left = True
        ours.cancel()

    def begin() -> None:
        nonlocal watcher
        watcher = loop.create_task(watch())

    timer = loop.call_later(_PATIENCE_S, begin)
    try:
        return await work
    except asyncio.CancelledError:
        if not left:
            raise
        ours.uncancel()
        raise ClientGoneError from None
    finally:
        timer.cancel()
        if watcher is not None:
            watcher.cancel()
            with suppress(asyncio.CancelledError):
                await watcher
