"""`/sparql`: the SPARQL 1.1 Protocol, and a form for browsers.

https://www.w3.org/TR/sparql11-protocol/#query-operation : GET, POST of a form, POST of the
query itself. The query runs in the query service; here the request is read, the formats are
ordered, and the answer is passed on with an honest word on whether it is whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from anyio import CancelScope
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from app.errors import BadRequest, QueryTooLarge, Text, UnsupportedMediaType
from app.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS, Formats
from app.rdf.namespaces import PREFIXES
from app.settings import Settings
from app.store.base import QueryAnswer, QueryRequest
from app.web.errors import Alternative, NoneAcceptable
from app.web.negotiation import format_named, negotiate, ranked
from app.web.pages.sparql_page import SparqlPages
from app.web.parts import WebParts
from app.web.rendering import Site
from app.web.replies import Headers, send_head

_FORM: Final = "application/x-www-form-urlencoded"
_QUERY: Final = "application/sparql-query"
_OFFERS: Final = tuple(f.value for f in (*RESULT_FORMATS, *GRAPH_FORMATS))
_HTML: Final = Formats.HTML.value
_PARAMETERS: Final = frozenset(
    {"query", "default-graph-uri", "named-graph-uri", "format", "output", "lang", "timeout"}
)
_MAX_FIELDS: Final = 200
# A form writes a byte as %XX, and has other fields beside the query.
_FORM_FACTOR: Final = 3
_FORM_SLACK: Final = 16 << 10


@dataclass(frozen=True, slots=True)
class SparqlRequest:
    """A protocol request, read: the query (None: the form is asked for) and its parameters."""

    query: str | None
    default_graphs: tuple[str, ...]
    named_graphs: tuple[str, ...]
    format: str | None
    timeout_s: float | None


class SparqlEndpoint:
    """Answers the SPARQL protocol."""

    def __init__(self, parts: WebParts, site: Site) -> None:
        self._settings: Settings = parts.settings
        self._queries = parts.queries
        self._pages = SparqlPages(parts, site)

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
        if wants_page:
            return await self._pages.result(
                request, asked.query, lambda accept: self._run(asked, accept)
            )
        answer = await self._run(asked, self._accepted(asked, accept))
        return _reply(answer, head=request.method == "HEAD")

    async def _run(self, asked: SparqlRequest, accept: tuple[str, ...]) -> QueryAnswer:
        return await self._queries.run(
            QueryRequest(
                text=asked.query or "",
                accept=accept,
                default_graphs=asked.default_graphs,
                named_graphs=asked.named_graphs,
                base_iri=self._settings.base_iri + "/",
                timeout_s=asked.timeout_s,
                prefixes=PREFIXES,
            )
        )

    def _wants_page(self, asked: SparqlRequest, accept: str) -> bool:
        if asked.format is not None:
            return asked.format.lower() in ("html", _HTML.media_type)
        # A page must be asked for by name: `*/*` belongs to programs.
        return "html" in accept and negotiate(accept, (*_OFFERS, _HTML)) is _HTML

    def _accepted(self, asked: SparqlRequest, accept: str) -> tuple[str, ...]:
        if asked.format is not None:
            named = [
                found
                for offers in (RESULT_FORMATS, GRAPH_FORMATS)
                if (found := format_named(asked.format, tuple(f.value for f in offers)))
            ]
            if named:
                return tuple(found.media_type for found in named)
        else:
            fitting = ranked(accept, _OFFERS)
            if fitting:
                return tuple(found.media_type for found in fitting)
        raise NoneAcceptable(
            tuple(
                Alternative(offer.label, offer.media_type, f"/sparql?format={offer.id}")
                for offer in _OFFERS
            )
        )


async def read_request(request: Request, settings: Settings) -> SparqlRequest:
    """A protocol request. Raises BadRequest, QueryTooLarge or UnsupportedMediaType."""
    pairs = _pairs(request.scope["query_string"])
    query: str | None = None
    if request.method == "POST":
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type == _FORM:
            body = await _body(request, settings.query_text_bytes * _FORM_FACTOR + _FORM_SLACK)
            pairs += _pairs(body)
        elif media_type == _QUERY:
            if any(name == "query" for name, _ in pairs):
                raise _twice("query")
            query = _utf8(await _body(request, settings.query_text_bytes))
        else:
            raise UnsupportedMediaType(
                Text(
                    ja=f"本文の形式 {media_type or '(なし)'} は読めません。",
                    en=f"A body of type {media_type or '(none)'} is not read here.",
                ),
                hint=Text(
                    ja=f"{_QUERY} または {_FORM} で送ってください。",
                    en=f"Send {_QUERY} or {_FORM}.",
                ),
            )
    if any(name in ("update", "using-graph-uri", "using-named-graph-uri") for name, _ in pairs):
        raise BadRequest(
            Text(
                ja="このアドレスは更新を受け付けません。",
                en="This address takes no updates.",
            ),
            hint=Text(ja="query を送ってください。", en="Send a query."),
        )
    queries = [value for name, value in pairs if name == "query"]
    if len(queries) > 1:
        raise _twice("query")
    if queries:
        query = queries[0]
    if query is not None and len(query.encode()) > settings.query_text_bytes:
        raise _too_large(settings.query_text_bytes)
    named = {name: value for name, value in pairs if name in _PARAMETERS}
    return SparqlRequest(
        query=query,
        default_graphs=tuple(v for n, v in pairs if n == "default-graph-uri" and v),
        named_graphs=tuple(v for n, v in pairs if n == "named-graph-uri" and v),
        format=named.get("format") or named.get("output"),
        timeout_s=_timeout(named.get("timeout")),
    )


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    try:
        return parse_qsl(
            encoded.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MAX_FIELDS,
        )
    except UnicodeDecodeError as error:
        raise _not_utf8() from error
    except ValueError as error:
        raise BadRequest(
            Text(
                ja=f"パラメーターが多すぎます（上限 {_MAX_FIELDS}）。",
                en=f"There are too many parameters (at most {_MAX_FIELDS}).",
            )
        ) from error


async def _body(request: Request, limit: int) -> bytes:
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise _too_large(limit)
    return bytes(body)


def _utf8(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _not_utf8() from error


def _timeout(text: str | None) -> float | None:
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds < 86_400:
        raise BadRequest(
            Text(
                ja=f"timeout は正の秒数で書いてください: {text[:40]}",
                en=f"timeout must be a positive number of seconds: {text[:40]}",
            )
        )
    return seconds


def _reply(answer: QueryAnswer, *, head: bool) -> Response:
    headers: list[tuple[bytes, bytes]] = [
        (b"content-type", _content_type(answer.media_type).encode()),
        (b"vary", b"Accept"),
        (b"cache-control", b"no-cache"),
        (b"tsunagu-release", answer.release.encode()),
        (b"tsunagu-result", _result(answer).encode()),
    ]
    if answer.content_length is not None:
        headers.append((b"content-length", str(answer.content_length).encode()))
    return StreamedAnswer(answer, headers, head=head)


class StreamedAnswer(StreamingResponse):
    """Passes an answer on as it comes. A failure on the way is raised, so the server breaks the
    connection without the closing chunk and no client takes half an answer for a whole one.
    However it ends (a client that goes away, too), the query is ended."""

    def __init__(self, answer: QueryAnswer, headers: Headers, *, head: bool) -> None:
        super().__init__(answer.chunks)
        self.raw_headers = list(headers)
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
    if answer.whole:
        return f"complete; rows={answer.rows}" if answer.rows is not None else "complete"
    return "streaming"


def _content_type(media_type: str) -> str:
    known = next((offer for offer in _OFFERS if offer.media_type == media_type), None)
    return known.content_type if known is not None else media_type


def _twice(name: str) -> BadRequest:
    return BadRequest(
        Text(
            ja=f"パラメーター {name} が二つ以上あります。",
            en=f"The parameter {name} is given more than once.",
        )
    )


def _too_large(limit: int) -> QueryTooLarge:
    return QueryTooLarge(
        Text(
            ja=f"問い合わせが長すぎます（上限 {limit:,} バイト）。",
            en=f"The query is too long (at most {limit:,} bytes).",
        ),
        hint=Text(
            ja="VALUES を分けて送ってください。", en="Split long VALUES over several queries."
        ),
    )


def _not_utf8() -> BadRequest:
    return BadRequest(
        Text(ja="パラメーターが UTF-8 ではありません。", en="The parameters are not UTF-8.")
    )
