"""`/graphs`: the SPARQL 1.1 Graph Store HTTP Protocol
(https://www.w3.org/TR/sparql11-http-rdf-update/). A graph is named by its own address under
`/graphs/`, or by `?graph=`; `?default` is the default graph. A write becomes a release.
"""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator
from typing import Final
from urllib.parse import parse_qsl

from starlette.datastructures import Headers as RequestHeaders
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request
from starlette.responses import Response

from app.errors import (
    BadRequest,
    GraphNotFound,
    PreconditionFailed,
    SourceTooLarge,
    Text,
    UnsupportedMediaType,
)
from app.rdf.formats import Formats
from app.rdf.terms import is_valid_iri
from app.store.base import Document, GraphChange
from app.web.addresses import Addresses, decode, encode, wire_path
from app.web.pages.sparql import SparqlEndpoint
from app.web.pages.sparql_request import SparqlRequest, content_type
from app.web.pages.update import default_graph
from app.web.pages.writing import Writers, written_reply
from app.web.parts import WebParts

_READ: Final = (Formats.TURTLE, Formats.N_TRIPLES, Formats.JSON_LD, Formats.RDF_XML)
_MULTIPART: Final = "multipart/form-data"
_MAX_PARTS: Final = 100
_CONTENT: Final = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"


class GraphStoreEndpoint:
    """Answers the graph store protocol."""

    def __init__(self, parts: WebParts, sparql: SparqlEndpoint) -> None:
        self._settings = parts.settings
        self._snapshots = parts.snapshots
        self._sparql = sparql
        self._writers = Writers(parts)
        self._addresses = Addresses(parts.settings.base_iri)

    async def answer(self, request: Request) -> Response:
        """GET, HEAD, PUT, POST and DELETE of a graph."""
        if request.method in ("GET", "HEAD"):
            return await self._get(request, self._named(request))
        token = self._writers.token(request)
        made = request.method == "POST" and self._names_no_graph(request)
        graph = self._new_graph() if made else self._named(request)
        self._check_conditions(request, graph)
        if request.method == "DELETE":
            if not self._exists(graph):
                raise _not_found(graph)
            written = await self._writers.write(request, GraphChange("delete", graph), token)
            return written_reply(written, 200)
        token.check(graph)  # before a large body is read
        documents = await self._documents(request, graph)
        action = "put" if request.method == "PUT" else "post"
        change = GraphChange("put" if action == "put" else "post", graph, documents)
        written = await self._writers.write(request, change, token)
        if not written.existed:
            return written_reply(written, 201, ((b"location", self._location(graph).encode()),))
        return written_reply(written, 204 if action == "put" else 200)

    async def _get(self, request: Request, graph: str) -> Response:
        if not self._exists(graph):
            raise _not_found(graph)
        asked = SparqlRequest(
            _CONTENT, default_graphs=(graph,), format=request.query_params.get("format")
        )
        return await self._sparql.graph(request, asked)

    def _exists(self, graph: str) -> bool:
        return graph in self._snapshots.get().manifest.graphs

    def _names_no_graph(self, request: Request) -> bool:
        names = _parameters(request)
        return self._tail(request) == "" and "graph" not in names and "default" not in names

    def _named(self, request: Request) -> str:
        """The graph that a request is about. Raises BadRequest when none or several are named."""
        parameters, tail = _parameters(request), self._tail(request)
        direct = [self._settings.base_iri + "/graphs/" + tail] if tail else []
        indirect = [parameters["graph"]] if "graph" in parameters else []
        default = [default_graph(self._settings.base_iri)] if "default" in parameters else []
        named = [*direct, *indirect, *default]
        if len(named) != 1 or not is_valid_iri(named[0]):
            raise BadRequest(
                Text(
                    ja="グラフをちょうど一つ、IRI で指定してください。",
                    en="Name exactly one graph, by its IRI.",
                ),
                hint=Text(
                    ja="/graphs/名前、/graphs?graph=IRI、/graphs?default のどれかです。",
                    en="As /graphs/name, /graphs?graph=IRI or /graphs?default.",
                ),
            )
        return named[0]

    def _tail(self, request: Request) -> str:
        return decode(wire_path(request.scope)).removeprefix("/graphs").removeprefix("/")

    def _new_graph(self) -> str:
        return f"{self._settings.base_iri}/graphs/{secrets.token_hex(8)}"

    def _location(self, graph: str) -> str:
        if graph.startswith(self._settings.base_iri + "/graphs/"):
            return self._addresses.root + encode(graph[len(self._settings.base_iri) :])
        return f"{self._addresses.root}/graphs?graph={encode(graph)}"

    def _check_conditions(self, request: Request, graph: str) -> None:
        """RFC 9110, section 13: `*` alone, for the tags of answers are weak ones."""
        exists = self._exists_anywhere(graph)
        if_match = request.headers.get("if-match")
        if_none_match = request.headers.get("if-none-match")
        if if_match is not None and not (if_match.strip() == "*" and exists):
            raise _condition("If-Match")
        if if_none_match is not None and (if_none_match.strip() != "*" or exists):
            raise _condition("If-None-Match")

    def _exists_anywhere(self, graph: str) -> bool:
        return self._sparql.release() is not None and self._exists(graph)

    async def _documents(self, request: Request, graph: str) -> list[Document]:
        """What was sent: one document, or several in a form. Raises UnsupportedMediaType,
        SourceTooLarge or BadRequest."""
        limit = self._settings.write_bytes
        media_type, charset = content_type(request)
        body = await _body(request, limit)
        if media_type == _MULTIPART:
            return [
                Document(data, _format(sent).name, graph)
                for data, sent in await _parts(request.headers, body)
            ]
        if charset not in ("", "utf-8", "us-ascii"):
            raise UnsupportedMediaType(
                Text(ja="UTF-8 で送ってください。", en="Send the document as UTF-8.")
            )
        return [Document(body, _format(media_type).name, graph)]


def _parameters(request: Request) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            request.scope["query_string"].decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=20,
        )
    except ValueError as error:
        raise BadRequest(
            Text(ja="パラメーターが読めません。", en="The parameters cannot be read.")
        ) from error
    if len({name for name, _ in pairs}) != len(pairs):
        raise BadRequest(
            Text(ja="パラメーターが重なっています。", en="A parameter is given more than once.")
        )
    return dict(pairs)


async def _body(request: Request, limit: int) -> bytes:
    declared = request.headers.get("content-length", "0")
    if declared.isdigit() and int(declared) > limit:
        raise _too_large(limit)
    received = bytearray()
    async for chunk in request.stream():
        received += chunk
        if len(received) > limit:
            raise _too_large(limit)
    return bytes(received)


async def _parts(headers: RequestHeaders, body: bytes) -> list[tuple[bytes, str]]:
    """Content and media type of each file of a multipart form."""

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    try:
        form = await MultiPartParser(headers, stream(), max_files=_MAX_PARTS, max_fields=0).parse()
    except (MultiPartException, KeyError) as error:
        raise BadRequest(
            Text(
                ja=f"multipart/form-data として読めません: {error}",
                en=f"This is not multipart/form-data: {error}",
            )
        ) from error
    files = [value for _, value in form.multi_items() if isinstance(value, UploadFile)]
    read = []
    for file in files:
        sent = (file.content_type or "").partition(";")[0].strip().lower()
        read.append((await file.read(), sent))
        await file.close()
    return read


def _format(media_type: str) -> Formats:
    for format in _READ:
        if media_type in format.value.media_types:
            return format
    types = ", ".join(format.value.media_type for format in _READ)
    raise UnsupportedMediaType(
        Text(
            ja=f"形式 {media_type or '(なし)'} のグラフは読めません。",
            en=f"A graph of type {media_type or '(none)'} is not read here.",
        ),
        hint=Text(ja=f"使える形式: {types}", en=f"These are: {types}"),
    )


def _too_large(limit: int) -> SourceTooLarge:
    return SourceTooLarge(
        Text(
            ja=f"文書が長すぎます（上限 {limit:,} バイト）。",
            en=f"The document is too long (at most {limit:,} bytes).",
        ),
        hint=Text(ja="POST に分けて送ってください。", en="Send it in several POST requests."),
    )


def _not_found(graph: str) -> GraphNotFound:
    return GraphNotFound(
        Text(ja=f"グラフ {graph} はありません。", en=f"There is no graph {graph}."),
        hint=Text(ja="ホームに一覧があります。", en="The home page lists the data sets."),
    )


def _condition(header: str) -> PreconditionFailed:
    return PreconditionFailed(
        Text(
            ja=f"{header} の条件が成り立ちません。",
            en=f"The condition of {header} does not hold.",
        ),
        hint=Text(
            ja="書き込みでは If-Match: * と If-None-Match: * だけが使えます。",
            en="Writes take If-Match: * and If-None-Match: * only.",
        ),
    )
