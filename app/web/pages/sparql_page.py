"""The SPARQL page for people: a form that works without scripts, and a table of results."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Language, QueryError
from app.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS, Formats
from app.store.base import QueryAnswer
from app.web.addresses import Addresses, encode
from app.web.entity_context import Link
from app.web.errors import status_of
from app.web.excerpts import excerpt
from app.web.html import HtmlReplies
from app.web.names import short_name
from app.web.parts import WebParts
from app.web.refusals import Alternative
from app.web.rendering import Site
from app.web.scripts import json_in_page, map_tiles

Run = Callable[[tuple[str, ...]], Awaitable[QueryAnswer]]

_SHOWN_ROWS: Final = 500
_READ_BYTES: Final = 4 << 20  # of an answer for the page; more rows than anyone reads

_DEFAULT: Final = """\
SELECT ?thing ?label WHERE {
  ?thing rdfs:label ?label .
  FILTER(lang(?label) = "ja")
}
LIMIT 50
"""
_CLASSES: Final = """\
SELECT ?class (COUNT(?thing) AS ?count) WHERE {
  ?thing a ?class .
}
GROUP BY ?class
ORDER BY DESC(?count)
"""
_GRAPHS: Final = """\
SELECT ?graph (COUNT(*) AS ?statements) WHERE {
  GRAPH ?graph { ?s ?p ?o }
}
GROUP BY ?graph
ORDER BY DESC(?statements)
"""


@dataclass(frozen=True, slots=True)
class ResultCell:
    """One binding; `kind` is empty when the variable is unbound."""

    kind: Literal["", "link", "text"]
    text: str = ""
    language: str | None = None
    datatype: str | None = None
    link: Link | None = None


@dataclass(frozen=True, slots=True)
class Result:
    """What a query gave: a table, a yes or no, or a graph as text."""

    variables: tuple[str, ...] = ()
    rows: tuple[tuple[ResultCell, ...], ...] = ()
    total: int = 0
    boolean: bool | None = None
    text: str | None = None
    too_long: bool = False
    formats: tuple[Alternative, ...] = ()
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a query gave nothing, with the line it happened on marked by a caret."""

    sentence: str
    hint: str | None
    line: int | None
    column: int | None
    excerpt: str | None


@dataclass(frozen=True, slots=True)
class Example:
    """A query to start from."""

    title: str
    href: str


@dataclass(frozen=True, slots=True)
class SparqlPage:
    """What the SPARQL template shows; `workspace` is JSON for its script."""

    query: str
    action: str
    endpoint: str
    examples: tuple[Example, ...]
    workspace: str
    result: Result | None = None
    failure: Failure | None = None


class SparqlPages:
    """Makes the SPARQL page."""

    def __init__(self, parts: WebParts, site: Site) -> None:
        self._site = site
        self._html = HtmlReplies(site)
        self._addresses = Addresses(parts.settings.base_iri)
        self._saved = parts.saved_queries
        self._tiles = map_tiles(parts.settings)

    def form(self, request: Request) -> Response:
        """The form with a first query."""
        spoken = self._html.language(request)
        return self._answer(request, spoken, self._page(_DEFAULT, spoken))

    async def result(self, request: Request, query: str, run: Run) -> Response:
        """The form with the query and what it gave. Errors of the query are part of the page."""
        spoken = self._html.language(request)
        json_first = (Formats.RESULTS_JSON.value.media_type, Formats.TURTLE.value.media_type)
        try:
            answer = await run(json_first)
            body, whole = await _read(answer)
        except QueryError as error:
            page = self._page(query, spoken, failure=_failure(error, query, spoken))
            return self._answer(request, spoken, page, status_of(error))
        result = self._result(answer, body, whole, query)
        return self._answer(request, spoken, self._page(query, spoken, result))

    def _answer(
        self, request: Request, spoken: Language, page: SparqlPage, status: int = 200
    ) -> Response:
        title = "SPARQL"
        body = self._site.render("sparql.html", page, spoken, request, title=title)
        return self._html.fresh(body, spoken, status)

    def _page(
        self,
        query: str,
        spoken: Language,
        result: Result | None = None,
        failure: Failure | None = None,
    ) -> SparqlPage:
        action = f"{self._addresses.root}/sparql"
        keys = (
            ("sparql.example.labels", _DEFAULT),
            ("sparql.example.classes", _CLASSES),
            ("sparql.example.graphs", _GRAPHS),
        )
        named = [(self._site.word(key, spoken), text) for key, text in keys]
        examples = tuple(
            Example(title, f"{action}?{urlencode({'query': text})}") for title, text in named
        ) + tuple(
            Example(
                query.summary.in_language(spoken), f"{self._addresses.root}/queries/{query.name}"
            )
            for query in self._saved
        )
        endpoint = f"{self._addresses.base}/sparql"
        workspace = self._workspace(action, endpoint, named, spoken)
        return SparqlPage(query, action, endpoint, examples, workspace, result, failure)

    def _workspace(
        self, action: str, endpoint: str, named: list[tuple[str, str]], spoken: Language
    ) -> str:
        """What the workspace's script has to know (`WorkspaceConfig` in its sources)."""
        saved = [
            {
                "name": query.name,
                "title": query.summary.in_language(spoken),
                "description": query.description.in_language(spoken) if query.description else "",
                "text": query.with_values(),
                "show": query.show,
            }
            for query in self._saved
        ]
        plain = [
            {"name": "", "title": title, "description": "", "text": text, "show": {}}
            for title, text in named
        ]
        return json_in_page(
            {
                "endpoint": action,
                "address": endpoint,
                "terms": f"{action}/terms.json",
                "base": self._addresses.base,
                "root": self._addresses.root,
                "results": [_offer(f) for f in RESULT_FORMATS],
                "graphs": [_offer(f) for f in GRAPH_FORMATS],
                "examples": [*saved, *plain],
                "tiles": self._tiles,
            }
        )

    def _result(self, answer: QueryAnswer, body: bytes, whole: bool, query: str) -> Result:
        offers = RESULT_FORMATS if answer.form in ("select", "ask") else GRAPH_FORMATS
        formats = tuple(
            Alternative(
                f.value.label,
                f.value.media_type,
                f"{self._addresses.root}/sparql?{urlencode({'format': f.value.id, 'query': query})}",
            )
            for f in offers
        )
        if not whole:
            return Result(too_long=True, formats=formats, seconds=answer.seconds)
        if answer.form not in ("select", "ask"):
            return Result(
                text=body.decode("utf-8", "replace"),
                total=answer.rows or 0,
                formats=formats,
                seconds=answer.seconds,
            )
        document: dict[str, Any] = orjson.loads(body)
        if "boolean" in document:
            return Result(
                boolean=bool(document["boolean"]), formats=formats, seconds=answer.seconds
            )
        variables = tuple(document["head"]["vars"])
        bindings = document["results"]["bindings"]
        rows = tuple(
            tuple(self._cell(binding.get(name)) for name in variables)
            for binding in bindings[:_SHOWN_ROWS]
        )
        return Result(variables, rows, len(bindings), None, None, False, formats, answer.seconds)

    def _cell(self, term: dict[str, Any] | None) -> ResultCell:
        if term is None:
            return ResultCell("")
        value = term["value"]
        if term["type"] == "uri":
            return ResultCell("link", link=self._link(value))
        if term["type"] == "triple":
            return ResultCell("text", orjson.dumps(value).decode())
        datatype = term.get("datatype")
        return ResultCell(
            "text", value, term.get("xml:lang"), short_name(datatype) if datatype else None
        )

    def _link(self, iri: str) -> Link:
        if self._addresses.is_ours(iri):
            return Link(iri[len(self._addresses.base) :], iri, self._addresses.thing(iri))
        safe = iri.startswith(("http://", "https://"))
        return Link(short_name(iri), iri, encode(iri) if safe else None, safe)


def _offer(format_: Formats) -> dict[str, str]:
    body = format_.value
    return {"id": body.id, "label": body.label, "type": body.media_type}


async def _read(answer: QueryAnswer) -> tuple[bytes, bool]:
    """The body up to the bound of a page, and whether that is all of it."""
    body = bytearray()
    try:
        async for chunk in answer.chunks:
            body += chunk
            if len(body) > _READ_BYTES:
                return b"", False
        return bytes(body), True
    finally:
        await answer.chunks.aclose()


def _failure(error: QueryError, query: str, spoken: Language) -> Failure:
    place = error.place
    line = place.line if place is not None else None
    column = place.column if place is not None else None
    return Failure(
        sentence=error.text.in_language(spoken),
        hint=error.hint.in_language(spoken) if error.hint is not None else None,
        line=line,
        column=column,
        excerpt=excerpt(query, place),
    )
