"""How the answer to a query is sent, kept and named: headers, entity tags, the result cache.

An answer depends on the release and the request alone, so it may be kept until the release
changes: in this process, and in caches between here and the client.
"""

from __future__ import annotations

import re
from hashlib import blake2b
from typing import Final
from urllib.parse import urlencode

from anyio import CancelScope
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS
from app.store.base import QueryAnswer, QueryRequest
from app.web.pages.sparql_request import SparqlRequest
from app.web.replies import VARY, Headers, send_head

OFFERS: Final = tuple(f.value for f in (*RESULT_FORMATS, *GRAPH_FORMATS))

_VOLATILE: Final = re.compile(r"\b(?:now|rand|uuid|struuid)\s*\(", re.IGNORECASE)
_MAX_LINK: Final = 6_000
"""Longest address that is offered as the next page; proxies stop at 8 KiB."""


def entity_tag(release: str, request: QueryRequest) -> str | None:
    """The tag of the answer to a query, known before it is run; None for a query that does not
    give the same answer twice (NOW, RAND, UUID).

    Sent as a weak one (RFC 9110, section 8.8.1): labels of new blank nodes may differ in what
    is otherwise the same graph."""
    if _may_be_volatile(request.text) and _VOLATILE.search(request.text):
        return None
    digest = blake2b(digest_size=15)
    parts = (
        release,
        request.text,
        *("accept", *request.accept),
        *("default", *request.default_graphs),
        *("named", *request.named_graphs),
        str(request.rows),
        str(request.skip),
        str(request.max_bytes),
    )
    for part in parts:
        digest.update(part.encode("utf-8", "surrogatepass") + b"\0")
    return f'"{digest.hexdigest()}"'


def _may_be_volatile(text: str) -> bool:
    """A first look, which takes a fiftieth of the time of the second."""
    lowered = text.lower()
    return any(word in lowered for word in ("now", "rand", "uuid"))


def headers_of(
    answer: QueryAnswer, asked: SparqlRequest, etag: str | None, modified: bytes, max_age_s: int
) -> list[tuple[bytes, bytes]]:
    """What is said of an answer beside its length."""
    headers = [
        (b"content-type", _content_type(answer.media_type).encode()),
        *freshness(etag, modified, max_age_s),
        (b"tsunagu-release", answer.release.encode()),
        (b"tsunagu-result", _result(answer).encode()),
    ]
    if answer.limited and answer.rows:
        link = _next_page(asked, answer)
        if len(link) <= _MAX_LINK:
            headers.append((b"link", f'<{link}>; rel="next"'.encode("ascii")))
    return headers


def freshness(etag: str | None, modified: bytes, max_age_s: int) -> list[tuple[bytes, bytes]]:
    """What caches must know."""
    if etag is None:
        return [(b"cache-control", b"no-store"), VARY]
    age = f"public, max-age={max_age_s}" if max_age_s else "public, no-cache"
    return [
        (b"etag", f"W/{etag}".encode()),
        (b"last-modified", modified),
        (b"cache-control", age.encode()),
        VARY,
    ]


class StreamedAnswer(StreamingResponse):
    """Passes an answer on as it comes. A failure on the way is raised, so the server breaks the
    connection without the closing chunk and no client takes half an answer for a whole one.
    However it ends (a client that goes away, too), the query is ended."""

    def __init__(self, answer: QueryAnswer, headers: Headers, *, head: bool) -> None:
        super().__init__(answer.chunks)
        self.raw_headers = list(headers)
        if answer.content_length is not None:
            self.raw_headers.append((b"content-length", str(answer.content_length).encode()))
        self._answer = answer
        self._head = head

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it; for HEAD its headers alone."""
        try:
            if self._head:
                await send_head(self.status_code, self.raw_headers, send)
            else:
                await super().__call__(scope, receive, send)
        finally:
            # The task may have been cancelled: closing must still be waited for.
            with CancelScope(shield=True):
                await self._answer.chunks.aclose()


def _result(answer: QueryAnswer) -> str:
    """The word on completeness: a whole answer says so; a stream is whole when it ends well."""
    if not answer.whole:
        return "streaming"
    word = "limited" if answer.limited else "complete"
    return f"{word}; rows={answer.rows}" if answer.rows is not None else word


def _next_page(asked: SparqlRequest, answer: QueryAnswer) -> str:
    """The address of the following rows, of this release: another one might order them anew."""
    fields = [("query", asked.query or "")]
    fields += [("default-graph-uri", graph) for graph in asked.default_graphs]
    fields += [("named-graph-uri", graph) for graph in asked.named_graphs]
    fields += [("format", asked.format)] if asked.format else []
    fields += [("limit", str(asked.limit))] if asked.limit else []
    fields += [("offset", str(asked.offset + (answer.rows or 0))), ("release", answer.release)]
    return "?" + urlencode(fields)


def _content_type(media_type: str) -> str:
    known = next((offer for offer in OFFERS if offer.media_type == media_type), None)
    return known.content_type if known is not None else media_type
