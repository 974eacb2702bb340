"""`/openapi.json`: the interface for programs, each saved query with its own typed parameters.

OpenAPI 3.1: https://spec.openapis.org/oas/v3.1.0 .
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.publish.queries import Parameter, SavedQuery
from app.rdf.formats import ENTITY_FORMATS, GRAPH_FORMATS, RESULT_FORMATS, Format, Formats
from app.web.pages.queries import OFFERS
from app.web.parts import WebParts
from app.web.replies import VARY, Reply, matches

_TYPES: Final[dict[str, dict[str, Any]]] = {
    "string": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "iri": {"type": "string", "format": "iri"},
    "region": {"type": "string", "examples": ["31201", "312011", "鳥取市"]},
}
_PROBLEM: Final = {"$ref": "#/components/responses/Problem"}
_CACHE: Final = (b"cache-control", b"public, max-age=300")


class OpenApiEndpoint:
    """Answers the description."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts

    async def show(self, request: Request) -> Response:
        """`GET /openapi.json`."""
        etag = f'"{blake2b(self._body, digest_size=12).hexdigest()}"'
        headers = ((b"etag", etag.encode()), VARY, _CACHE)
        if matches(request.headers.get("if-none-match"), etag):
            return Reply(b"", 304, headers)
        content_type = (b"content-type", Formats.JSON.value.content_type.encode())
        return Reply(self._body, 200, (content_type, *headers))

    @cached_property
    def _body(self) -> bytes:
        return orjson.dumps(document(self._parts), option=orjson.OPT_INDENT_2)


def document(parts: WebParts) -> dict[str, Any]:
    """The whole description."""
    paths = dict(_fixed())
    for query in parts.saved_queries:
        paths[f"/api/queries/{query.name}"] = {"get": _query(query)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": parts.settings.title,
            "version": __version__,
            "description": "Linked open data: addresses of things, SPARQL, saved queries, the "
            "catalog and the feed of changes. / リンクトオープンデータの API です。",
            "license": {"name": "Open data", "url": parts.settings.default_licence},
        },
        "servers": [{"url": parts.settings.base_iri}],
        "tags": [
            {"name": "things", "description": "ものとその説明 / things and what is known of them"},
            {"name": "sparql", "description": "SPARQL 1.1"},
            {"name": "queries", "description": "問い合わせ集 / saved queries"},
            {"name": "catalog", "description": "カタログ / the catalog"},
            {"name": "changes", "description": "更新と署名 / changes and signatures"},
        ],
        "paths": paths,
        "components": {
            "responses": {
                "Problem": {
                    "description": "RFC 9457, with the sentence and a hint in Japanese and English",
                    "content": {
                        Formats.PROBLEM.value.media_type: {
                            "schema": {"$ref": "#/components/schemas/Problem"}
                        }
                    },
                }
            },
            "schemas": {"Problem": _problem_schema()},
        },
    }


def _query(query: SavedQuery) -> dict[str, Any]:
    words = [query.summary.ja, query.summary.en]
    described = [query.description.ja, query.description.en] if query.description else []
    parameters = [_parameter(parameter) for parameter in query.parameters]
    return {
        "operationId": query.name,
        "tags": ["queries"],
        "summary": " / ".join(words),
        "description": "\n\n".join(described),
        "parameters": [
            *parameters,
            _plain("limit", {"type": "integer", "minimum": 1}, "行数の上限 / most rows"),
            _plain("offset", {"type": "integer", "minimum": 0}, "飛ばす行数 / rows to skip"),
            _plain("format", {"enum": [o.id for o in OFFERS]}, "形式 / instead of Accept"),
        ],
        "responses": {
            "200": {
                "description": "結果 / the solutions",
                "headers": {
                    "Tsunagu-Result": {
                        "description": "complete or limited; rows=N",
                        "schema": {"type": "string"},
                    },
                    "Link": {
                        "description": 'rel="next" where more follows',
                        "schema": {"type": "string"},
                    },
                },
                "content": {
                    **_content(OFFERS),
                    Formats.JSON.value.media_type: {"schema": _rows(query)},
                },
            },
            "400": _PROBLEM,
            "406": _PROBLEM,
            "429": _PROBLEM,
            "503": _PROBLEM,
        },
    }


def _rows(query: SavedQuery) -> dict[str, Any]:
    properties = {
        variable: {"title": f"{words.ja} / {words.en}"} for variable, words in query.columns.items()
    }
    return {"type": "array", "items": {"type": "object", "properties": properties}}


def _parameter(parameter: Parameter) -> dict[str, Any]:
    schema = dict(_TYPES[parameter.type])
    if parameter.default:
        schema["default"] = _typed(parameter, parameter.default)
    if parameter.values:
        schema["enum"] = [_typed(parameter, value) for value in parameter.values]
    if parameter.least is not None:
        schema["minimum"] = parameter.least
    if parameter.most is not None:
        schema["maximum"] = parameter.most
    return _plain(parameter.name, schema, f"{parameter.title.ja} / {parameter.title.en}")


def _typed(parameter: Parameter, value: str) -> Any:
    if parameter.type == "integer":
        return int(value)
    if parameter.type == "decimal":
        return float(value)
    return value == "true" if parameter.type == "boolean" else value


def _plain(
    name: str, schema: dict[str, Any], description: str, place: str = "query"
) -> dict[str, Any]:
    body = {"name": name, "in": place, "description": description, "schema": schema}
    return {**body, "required": True} if place == "path" else body


def _content(formats: Sequence[Format]) -> dict[str, Any]:
    return {form.media_type: {} for form in formats}


def _get(
    tag: str,
    name: str,
    summary: str,
    formats: Sequence[Format],
    parameters: Sequence[dict[str, Any]] = (),
) -> dict[str, Any]:
    return {
        "get": {
            "operationId": name,
            "tags": [tag],
            "summary": summary,
            "parameters": list(parameters),
            "responses": {
                "200": {"description": "OK", "content": _content(formats)},
                "4XX": _PROBLEM,
                "5XX": _PROBLEM,
            },
        }
    }


def _fixed() -> dict[str, Any]:
    text = {"type": "string"}
    path = _plain("path", text, "クラスと番号 / class and key", "path")
    release = {"type": "string", "pattern": r"^\d{8}T\d{6}Z-[0-9a-f]{6}$"}
    entity = [f.value for f in ENTITY_FORMATS]
    answers = [f.value for f in (*RESULT_FORMATS, *GRAPH_FORMATS)]
    html, json = Formats.HTML.value, Formats.JSON.value
    rdf = [f.value for f in (Formats.TURTLE, Formats.JSON_LD, Formats.RDF_XML)]
    span = [
        _plain("from", release, "前のリリース / the older release", "path"),
        _plain("to", text, "後のリリースか current / the newer one, or current", "path"),
        _plain("dataset", text, "データセット / data set"),
        _plain("entity", {"type": "string", "format": "iri"}, "もの / entity"),
        _plain("part", {"enum": ["added", "removed"]}, "N-Quads の側 / side, of N-Quads"),
    ]
    patch = (html, json, Formats.RDF_PATCH.value, Formats.N_QUADS.value)
    query = [
        _plain("query", text, "SPARQL"),
        _plain("default-graph-uri", {"type": "string", "format": "iri"}, "SPARQL 1.1 Protocol"),
        _plain("named-graph-uri", {"type": "string", "format": "iri"}, "SPARQL 1.1 Protocol"),
        _plain("format", text, "形式 / instead of Accept"),
        _plain("timeout", {"type": "number"}, "秒 / seconds"),
    ]
    return {
        "/id/{path}": _get("things", "thing", "もの (303) / a thing (303)", entity, [path]),
        "/doc/{path}": _get("things", "document", "説明 / what is known of it", entity, [path]),
        "/sparql": _get("sparql", "sparql", "SPARQL 1.1 Protocol", answers, query),
        "/queries": _get("queries", "queries", "問い合わせ集 / saved queries", (html, json)),
        "/catalog": _get("catalog", "catalog", "DCAT 3", (html, *rdf)),
        "/data.json": _get("catalog", "data-json", "DCAT (JSON)", (json,)),
        "/changes": _get(
            "changes", "changes", "更新の記録 / releases", (html, json, Formats.ATOM.value)
        ),
        "/changes/{from}..{to}": _get("changes", "difference", "差分 / a difference", patch, span),
        "/events": _get("changes", "events", "Server-Sent Events", (Formats.EVENTS.value,)),
        "/releases": _get("changes", "releases", "署名 / signatures", (html, json)),
        "/.well-known/tsunagu-key": _get(
            "changes", "key", "公開鍵 / public key", (Formats.JWK.value, Formats.PEM.value)
        ),
    }


def _problem_schema() -> dict[str, Any]:
    sentence = {
        "type": "object",
        "properties": {"ja": {"type": "string"}, "en": {"type": "string"}},
    }
    return {
        "type": "object",
        "required": ["type", "title", "status", "detail", "code", "message"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string"},
            "message": sentence,
            "hint": sentence,
            "place": {"type": "object"},
        },
    }
