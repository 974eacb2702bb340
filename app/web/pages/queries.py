"""`/queries`, `/queries/{name}` and `/api/queries/{name}`: saved queries for people and programs.

The page is a form with the parameters and the result as a table; it works without scripts. The
same result is there for programs under the same fields in every format.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import Any, Final
from urllib.parse import quote, urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.errors import BadRequest, Language, PageNotFound, QueryError
from app.publish.queries import Parameter, SavedQuery
from app.publish.query_results import geography
from app.rdf.formats import Format, Formats
from app.store.base import Manifest
from app.web.addresses import Addresses
from app.web.coding import coding
from app.web.documents import HTML, Asked, Documents
from app.web.errors import status_of
from app.web.pages.query_answers import Answer, QueryAnswers
from app.web.pages.query_answers import Asked as AskedQuery
from app.web.pages.query_context import Problem, QueryList, QueryPages, Run
from app.web.pages.sparql import ClientGoneError
from app.web.pages.sparql_answer import freshness
from app.web.parts import WebParts
from app.web.refusals import Alternative
from app.web.rendered import Rendered, RenderedPages
from app.web.rendering import Site
from app.web.replies import FRAMED_BY, VARY, Headers, Reply, http_date, matches

Make = Callable[[Answer], Awaitable[tuple[bytes, Headers]]]

OFFERS: Final = tuple(
    f.value
    for f in (
        Formats.JSON,
        Formats.RESULTS_JSON,
        Formats.TABLE_CSV,
        Formats.XLSX,
        Formats.GEOJSON,
    )
)
"""What the API offers, its preference first; HTML leads to the page."""

_WITH_PAGE: Final = (*OFFERS, HTML)
_MAP: Final = Formats.GEOJSON.value
_LIST: Final = (HTML, Formats.JSON.value)
_CLIENT_GONE: Final = 499
_KEPT_SHARE: Final = 4  # of the memory for answers to queries


class QueryEndpoints:
    """Answers the pages and the API of saved queries."""

    def __init__(self, parts: WebParts, site: Site) -> None:
        self._parts = parts
        self._site = site
        self._documents = Documents(site)
        self._addresses = Addresses(parts.settings.base_iri)
        self._answers = QueryAnswers(parts)
        self._pages = QueryPages(parts, self._addresses)
        self._kept = RenderedPages(parts.settings.query_cache_bytes // _KEPT_SHARE)
        self._ancestors = " ".join(
            ("frame-ancestors 'self'", *parts.settings.embed_origins)
        ).encode("ascii")

    # The list

    async def index(self, request: Request) -> Response:
        """`GET /queries`: a page, or JSON for programs."""
        root = self._addresses.root
        suffix = request.path_params.get("suffix")
        asked = self._documents.asked(request, _LIST, f"{root}/queries", suffix)
        manifest = self._parts.snapshots.get().manifest

        def make() -> bytes:
            if not asked.html:
                return orjson.dumps(self._listed(), option=orjson.OPT_INDENT_2)
            page = QueryList(self._pages.cards(asked.language))
            title = self._site.word("queries.title", asked.language)
            return self._site.render(
                "queries.html",
                page,
                asked.language,
                request,
                title=title,
                alternates=((Formats.JSON.value.media_type, f"{root}/queries.json"),),
            )

        return self._documents.answer(request, manifest, asked, make)

    def _listed(self) -> list[dict[str, Any]]:
        base = self._addresses.base
        return [
            {
                "name": query.name,
                "title": {"ja": query.summary.ja, "en": query.summary.en},
                "description": (
                    {"ja": query.description.ja, "en": query.description.en}
                    if query.description
                    else None
                ),
                "tags": query.tags,
                "parameters": [_described(parameter) for parameter in query.parameters],
                "show": query.show,
                "page": f"{base}/queries/{quote(query.name)}",
                "api": f"{base}/api/queries/{quote(query.name)}",
                "text": f"{base}/queries/{quote(query.name)}.rq",
            }
            for query in self._parts.saved_queries
        ]

    # One query for programs

    async def api(self, request: Request) -> Response:
        """`GET /api/queries/{name}[.suffix]`. Raises PageNotFound, BadRequest, NoneAcceptable,
        QueryError."""
        query, suffix = self._named(request.path_params["name"], _WITH_PAGE)
        pairs = request.query_params.multi_items()
        asked = self._answers.asked(query, pairs)
        stem = self._api(query)
        wanted = self._documents.asked(request, _WITH_PAGE, stem, suffix)
        if wanted.html:
            return _to(f"{self._page_address(query)}{_fields(asked.pairs())}")
        fields = _fields([*asked.pairs(), *_paging(pairs)])
        wanted = replace(
            wanted,
            alternatives=tuple(replace(a, href=a.href + fields) for a in wanted.alternatives),
        )
        try:
            return await self._answered(request, asked, wanted)
        except ClientGoneError:
            return Response(status_code=_CLIENT_GONE)

    async def _answered(self, request: Request, asked: AskedQuery, wanted: Asked) -> Response:
        language = wanted.language if wanted.format is Formats.XLSX.value else ""

        async def make(answer: Answer) -> tuple[bytes, Headers]:
            body = await self._answers.write(answer, asked, wanted.format, wanted.language)
            return body, self._headers(asked, wanted, answer)

        return await self._kept_or_made(request, asked, (wanted.format.id, language), make)

    async def _kept_or_made(
        self, request: Request, asked: AskedQuery, parts: Sequence[str], make: Make
    ) -> Response:
        """An answer that is kept as long as the release is current; `parts` are what decides its
        bytes beside the query and its values."""
        release, age = self._answers.release(), self._parts.settings.query_max_age_s
        packing = coding(request.headers.get("accept-encoding", ""))
        modified = http_date(self._parts.snapshots.get().manifest.created)
        etag = f'"{asked.key(release, *parts)}"' if asked.lasting else None
        if etag is not None:
            if matches(request.headers.get("if-none-match"), packing.tag(etag)):
                return Reply(b"", 304, freshness(packing.tag(etag), modified, age))
            kept = self._kept.get(release, etag, packing)
            if kept is not None:
                return Reply(kept.body, 200, kept.headers)
        answer = await self._answers.run(request, asked)
        body, headers = await make(answer)
        if etag is None:
            return Reply(body, 200, (*headers, *freshness(None, modified, age)))
        etag = f'"{asked.key(answer.release, *parts)}"'
        own = (*headers, *freshness(etag, modified, age))
        kept = self._kept.put(answer.release, etag, Rendered(body, own, etag), packing)
        return Reply(kept.body, 200, kept.headers)

    def _headers(self, asked: AskedQuery, wanted: Asked, answer: Answer) -> Headers:
        rows = len(answer.solutions)
        word = "limited" if answer.limited else "complete"
        placed = not rows or geography(answer.solutions, asked.query.show) is not None
        left_out = {wanted.format.media_type, *(() if placed else (_MAP.media_type,))}
        links = [
            f'<{a.href}>; rel="alternate"; type="{a.media_type}"'
            for a in wanted.alternatives
            if a.media_type not in left_out
        ]
        if answer.limited and rows:
            following = [*asked.pairs(), ("limit", str(asked.limit))]
            following += [("offset", str(asked.offset + rows))]
            address = f"{self._api(asked.query)}.{wanted.format.id}{_fields(following)}"
            links.insert(0, f'<{address}>; rel="next"')
        headers = [
            (b"content-type", wanted.format.content_type.encode()),
            (b"tsunagu-release", answer.release.encode()),
            (b"tsunagu-result", f"{word}; rows={rows}".encode()),
            (b"link", ", ".join(links).encode("ascii")),
        ]
        if wanted.format is Formats.XLSX.value:
            name = f"{asked.query.name}.{wanted.format.id}"
            headers.append(
                (b"content-disposition", f"attachment; filename*=UTF-8''{quote(name)}".encode())
            )
        return tuple(headers)

    # One query for people

    async def page(self, request: Request) -> Response:
        """`GET /queries/{name}`: form and result; with `.rq` the query's text. With `?embed=1`
        the result alone, for frames of other sites. Raises PageNotFound."""
        offers = (HTML, Formats.SPARQL.value)
        query, suffix = self._named(request.path_params["name"], offers)
        stem = self._page_address(query)
        wanted = self._documents.asked(request, offers, stem, suffix)
        manifest = self._parts.snapshots.get().manifest
        if not wanted.html:
            return self._text(request, manifest, query, wanted)
        spoken = wanted.language
        pairs = [(n, v) for n, v in request.query_params.multi_items() if n != "lang"]
        embedded = request.query_params.get("embed") not in (None, "", "0")
        if embedded:
            request.scope[FRAMED_BY] = self._ancestors
        try:
            asked = self._answers.asked(query, pairs)
            return await self._result(request, asked, spoken, embedded=embedded)
        except ClientGoneError:
            return Response(status_code=_CLIENT_GONE)
        except (BadRequest, QueryError) as error:
            run = Run(values=dict(pairs), problem=_problem(error, spoken))
            body = self._rendered(request, query, run, spoken, embedded=embedded)
            return self._documents.fresh(body, spoken, status_of(error))

    async def _result(
        self, request: Request, asked: AskedQuery, spoken: Language, *, embedded: bool
    ) -> Response:
        async def make(answer: Answer) -> tuple[bytes, Headers]:
            run = Run(asked.bound.values, answer=answer, pairs=tuple(asked.pairs()))
            body = self._rendered(request, asked.query, run, spoken, embedded=embedded)
            content_type = (b"content-type", HTML.content_type.encode())
            return body, (content_type, (b"content-language", spoken.encode()))

        look = (self._site.fingerprint, spoken, "embedded" if embedded else "")
        return await self._kept_or_made(request, asked, look, make)

    def _rendered(
        self, request: Request, query: SavedQuery, run: Run, spoken: Language, *, embedded: bool
    ) -> bytes:
        stem, fields = self._api(query), _fields(run.pairs)
        formats = tuple(
            Alternative(o.label, o.media_type, f"{stem}.{o.id}{fields}")
            for o in OFFERS
            if o is not Formats.GEOJSON.value or run.has_places(query)
        )
        page = self._pages.page(query, run, formats, spoken)
        return self._site.render(
            "query_embedded.html" if embedded else "query.html",
            page,
            spoken,
            request,
            title=page.title,
            description=page.description,
            alternates=tuple((a.media_type, a.href) for a in formats),
        )

    def _text(
        self, request: Request, manifest: Manifest, query: SavedQuery, wanted: Asked
    ) -> Response:
        declared = f"BASE <{self._addresses.base}/>\n"
        return self._documents.answer(
            request, manifest, wanted, lambda: (declared + query.with_values()).encode()
        )

    def _named(self, path: str, offers: Sequence[Format]) -> tuple[SavedQuery, str | None]:
        """The query of a path, and the suffix behind its name. Raises PageNotFound."""
        name, dot, suffix = path.rpartition(".")
        if dot and any(suffix.lower() == offer.id for offer in offers):
            return self._answers.find(name), suffix
        try:
            return self._answers.find(path), None
        except PageNotFound:
            if dot:
                return self._answers.find(name), suffix
            raise

    def _api(self, query: SavedQuery) -> str:
        return f"{self._addresses.root}/api/queries/{quote(query.name)}"

    def _page_address(self, query: SavedQuery) -> str:
        return f"{self._addresses.root}/queries/{quote(query.name)}"


def _described(parameter: Parameter) -> dict[str, Any]:
    described: dict[str, Any] = {
        "name": parameter.name,
        "type": parameter.type,
        "title": {"ja": parameter.title.ja, "en": parameter.title.en},
        "default": parameter.default,
        "optional": parameter.optional,
    }
    rest = {"values": parameter.values, "least": parameter.least, "most": parameter.most}
    return {**described, **{name: value for name, value in rest.items() if value not in (None, ())}}


def _problem(error: BadRequest | QueryError, spoken: Language) -> Problem:
    hint = error.hint.in_language(spoken) if error.hint is not None else None
    return Problem(error.text.in_language(spoken), hint)


def _fields(pairs: Sequence[tuple[str, str]]) -> str:
    return f"?{urlencode(pairs)}" if pairs else ""


def _paging(pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in pairs if name in ("limit", "offset")]


def _to(address: str) -> Response:
    return Reply(b"", 303, ((b"location", address.encode("ascii")), VARY))
