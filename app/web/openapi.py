"""`/openapi.json`: the interface for programs, each saved query with its own typed parameters.

OpenAPI 3.1: https://spec.openapis.org/oas/v3.1.0 .
"""

from __future__ import annotations

from functools import cached_property
from hashlib import blake2b
from typing import Any, Final

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app import __version__
from app.publish.queries import Parameter, SavedQuery
from app.rdf.formats import Formats
from app.web.names import licence_name
from app.web.openapi_paths import PROBLEM, content, fixed_paths, parameter
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
    paths = fixed_paths()
    for query in parts.saved_queries:
        paths[f"/api/queries/{query.name}"] = {"get": _query(query)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": parts.settings.title,
            "version": __version__,
            "description": "Linked open data: addresses of things, SPARQL, saved queries, the "
            "catalog and the feed of changes. / リンクトオープンデータの API です。",
            "license": {
                "name": licence_name(parts.settings.default_licence) or "Licence",
                "url": parts.settings.default_licence,
            },
        },
        "servers": [{"url": parts.settings.base_iri}],
        "tags": [
            {"name": "things", "description": "ものとその説明 / things and what is known of them"},
            {"name": "finding", "description": "検索と一覧 / searching and browsing"},
            {"name": "sparql", "description": "SPARQL 1.1"},
            {"name": "queries", "description": "問い合わせ集 / saved queries"},
            {"name": "catalog", "description": "カタログ / the catalog"},
            {"name": "changes", "description": "更新と署名 / changes and signatures"},
            {"name": "operation", "description": "運用 / operation"},
        ],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "`tsunagu tokens add`",
                }
            },
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
        "operationId": f"query-{query.name}",
        "tags": ["queries"],
        "summary": " / ".join(words),
        "description": "\n\n".join(described),
        "parameters": [
            *parameters,
            parameter("limit", {"type": "integer", "minimum": 1}, "行数の上限 / most rows"),
            parameter("offset", {"type": "integer", "minimum": 0}, "飛ばす行数 / rows to skip"),
            parameter("format", {"enum": [o.id for o in OFFERS]}, "形式 / instead of Accept"),
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
                    **content(OFFERS),
                    Formats.JSON.value.media_type: {"schema": _rows(query)},
                },
            },
            "400": PROBLEM,
            "406": PROBLEM,
            "429": PROBLEM,
            "503": PROBLEM,
        },
    }


def _rows(query: SavedQuery) -> dict[str, Any]:
    properties = {
        variable: {"title": f"{words.ja} / {words.en}"} for variable, words in query.columns.items()
    }
    return {"type": "array", "items": {"type": "object", "properties": properties}}


def _parameter(of: Parameter) -> dict[str, Any]:
    schema = dict(_TYPES[of.type])
    if of.default:
        schema["default"] = _typed(of, of.default)
    if of.values:
        schema["enum"] = [_typed(of, value) for value in of.values]
    if of.least is not None:
        schema["minimum"] = of.least
    if of.most is not None:
        schema["maximum"] = of.most
    return parameter(of.name, schema, f"{of.title.ja} / {of.title.en}")


def _typed(parameter: Parameter, value: str) -> Any:
    if parameter.type == "integer":
        return int(value)
    if parameter.type == "decimal":
        return float(value)
    return value == "true" if parameter.type == "boolean" else value


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
