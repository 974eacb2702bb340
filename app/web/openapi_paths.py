"""The addresses of the interface for programs that do not depend on what is published."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

from app.rdf.formats import ENTITY_FORMATS, GRAPH_FORMATS, RESULT_FORMATS, Format, Formats

Json = dict[str, Any]

PROBLEM: Final = {"$ref": "#/components/responses/Problem"}

_TEXT: Final[Json] = {"type": "string"}
_IRI: Final[Json] = {"type": "string", "format": "iri"}
_COUNT: Final[Json] = {"type": "integer", "minimum": 1}
_RELEASE: Final[Json] = {"type": "string", "pattern": r"^\d{8}T\d{6}Z-[0-9a-f]{6}$"}
_HTML, _JSON = Formats.HTML.value, Formats.JSON.value
_RDF: Final = tuple(f.value for f in (Formats.TURTLE, Formats.JSON_LD, Formats.RDF_XML))
_ENTITY: Final = tuple(form.value for form in ENTITY_FORMATS)
_TABLE: Final = (
    *(_HTML, _JSON, Formats.TABLE_CSV.value, Formats.XLSX.value, Formats.GEOJSON.value),
    *(Formats.KML.value, *_RDF),
)
_TOKEN: Final[list[Json]] = [{"token": []}]


def parameter(name: str, schema: Json, description: str, place: str = "query") -> Json:
    """A parameter object; those of the path are required."""
    body = {"name": name, "in": place, "description": description, "schema": schema}
    return {**body, "required": True} if place == "path" else body


def content(formats: Iterable[Format]) -> Json:
    """A content map without schemas."""
    return {form.media_type: {} for form in formats}


def fixed_paths() -> Json:
    """Path items by path, as OpenAPI wants them."""
    return {**_things(), **_finding(), **_sparql(), **_catalog(), **_changes(), **_operation()}


def _get(
    tag: str,
    name: str,
    summary: str,
    formats: Iterable[Format],
    parameters: Sequence[Json] = (),
    **more: Any,
) -> Json:
    return {"get": _operation_of(tag, name, summary, formats, parameters, **more)}


def _operation_of(
    tag: str,
    name: str,
    summary: str,
    formats: Iterable[Format],
    parameters: Sequence[Json] = (),
    **more: Any,
) -> Json:
    responses = more.pop("responses", None) or {
        "200": {"description": "OK", "content": content(formats)},
        "304": {"description": "変わっていません / not modified"},
    }
    return {
        "operationId": name,
        "tags": [tag],
        "summary": summary,
        "parameters": list(parameters),
        "responses": {**responses, "4XX": PROBLEM, "5XX": PROBLEM},
        **more,
    }


def _things() -> Json:
    class_ = parameter("class", _TEXT, "クラスの名前 / name of the class", "path")
    key = parameter("key", _TEXT, "番号 (パスの区切りを含むことがあります) / key", "path")
    moved = {
        "303": {
            "description": "説明の文書へ / to the document about it",
            "headers": {"Location": {"schema": _TEXT}},
        },
        "410": {"description": "なくなったもの / removed, with what is known of it"},
    }
    provenance = _get("things", "provenance", "もとの行 / its rows (PROV-O)", _RDF, [class_, key])
    history = (_HTML, _JSON, Formats.ATOM.value)
    return {
        "/id/{class}/{key}": _get(
            "things", "thing", "もの / a thing", (), [class_, key], responses=moved
        ),
        "/doc/{class}/{key}": _get(
            "things", "document", "説明 / what is known of it", _ENTITY, [class_, key]
        ),
        "/history/{class}/{key}": _get(
            "things", "history", "履歴 / what changed of it", history, [class_, key]
        ),
        "/provenance/{class}/{key}": provenance,
        "/def/{term}": _get(
            "things",
            "term",
            "語彙の項目 / a term of the vocabulary",
            (_HTML, *_RDF),
            [parameter("term", _TEXT, "名前 / name", "path")],
        ),
    }


def _finding() -> Json:
    words = parameter("q", _TEXT, "さがす言葉 / words")
    kind = parameter("type", _IRI, "クラス / class")
    region = parameter("region", _TEXT, "地域 / region")
    limit = parameter("limit", _COUNT, "件数 / how many")
    offset = parameter("offset", {"type": "integer", "minimum": 0}, "飛ばす件数 / to skip")
    table = [
        words,
        parameter("sort", _TEXT, "列の名前。- を付けると逆順 / a column, descending with -"),
        region,
        parameter("dataset", _TEXT, "データセット / data set"),
        limit,
        parameter("cursor", _TEXT, "Link の rel=next にあるもの / from Link rel=next"),
    ]
    class_ = parameter("class", _TEXT, "`def:AED` のような名前 / name of a class", "path")
    code = parameter("code", _TEXT, "地域コード / region code", "path")
    return {
        "/search": _get(
            "finding",
            "search",
            "検索 / search",
            (_HTML, _JSON),
            [words, kind, region, limit, offset],
        ),
        "/search/suggest": _get("finding", "suggest", "候補 / suggestions", (_JSON,), [words]),
        "/browse": _get("finding", "classes", "クラスの一覧 / classes", (_HTML, _JSON, *_RDF)),
        "/browse/{class}": _get(
            "finding", "table", "クラスの表 / a class as a table", _TABLE, [class_, *table]
        ),
        "/regions": _get("finding", "regions", "都道府県 / prefectures", (_HTML,)),
        "/regions/{code}": _get(
            "finding", "region", "地域のすべて / all of a region", (_HTML,), [code]
        ),
    }


def _sparql() -> Json:
    answers = [form.value for form in (*RESULT_FORMATS, *GRAPH_FORMATS)]
    several = {"type": "array", "items": _IRI}
    protocol = [
        parameter("default-graph-uri", several, "SPARQL 1.1 Protocol"),
        parameter("named-graph-uri", several, "SPARQL 1.1 Protocol"),
        parameter("format", _TEXT, "形式 / instead of Accept"),
        parameter("timeout", {"type": "number"}, "秒 / seconds"),
    ]
    query = parameter("query", _TEXT, "SPARQL。なければサービス記述 / else the service description")
    graph = parameter("graph", _IRI, "グラフ / graph")
    form = {"type": "object", "properties": {"query": _TEXT}, "required": ["query"]}
    body = {
        "content": {
            Formats.SPARQL.value.media_type: {"schema": _TEXT},
            "application/x-www-form-urlencoded": {"schema": form},
        }
    }
    update = {"type": "object", "properties": {"update": _TEXT}, "required": ["update"]}
    update_body = {
        "content": {
            "application/sparql-update": {"schema": _TEXT},
            "application/x-www-form-urlencoded": {"schema": update},
        }
    }
    document = {"content": content(form.value for form in GRAPH_FORMATS)}
    written = {
        "200": {"description": "書き込んだリリース / the release that was made", "content": {}},
        "201": {"description": "新しいグラフ / a new graph"},
        "204": {"description": "書き込みました / done"},
    }
    return {
        "/sparql": {
            **_get("sparql", "query", "SPARQL 1.1 Query", answers, [query, *protocol]),
            "post": _operation_of(
                "sparql", "post-query", "SPARQL 1.1 Query", answers, protocol, requestBody=body
            ),
        },
        "/update": {
            "post": _operation_of(
                "sparql",
                "update",
                "SPARQL 1.1 Update",
                (),
                responses=written,
                requestBody=update_body,
                security=_TOKEN,
            )
        },
        "/graphs": {
            **_get(
                "sparql",
                "read-graph",
                "SPARQL 1.1 Graph Store",
                [form.value for form in GRAPH_FORMATS],
                [graph],
            ),
            **{
                method: _operation_of(
                    "sparql",
                    f"{method}-graph",
                    "SPARQL 1.1 Graph Store",
                    (),
                    [graph],
                    responses=written,
                    security=_TOKEN,
                    **({} if method == "delete" else {"requestBody": document}),
                )
                for method in ("put", "post", "delete")
            },
        },
        "/queries": _get("queries", "queries", "問い合わせ集 / saved queries", (_HTML, _JSON)),
    }


def _catalog() -> Json:
    dataset = parameter("dataset", _TEXT, "データセット / data set", "path")
    actions = ("package_list", "package_show", "package_search", "organization_list", "tag_list")
    action = parameter("action", {"type": "string", "examples": [*actions]}, "CKAN", "path")
    return {
        "/catalog": _get("catalog", "catalog", "DCAT 3", (_HTML, *_RDF)),
        "/dataset/{dataset}": _get(
            "catalog", "dataset", "データセット / a data set", (_HTML, *_RDF), [dataset]
        ),
        "/data.json": _get("catalog", "data-json", "DCAT (JSON)", (_JSON,)),
        "/.well-known/void": _get("catalog", "void", "VoID", _RDF),
        "/api/3/action/{action}": _get("catalog", "ckan", "CKAN", (_JSON,), [action]),
        "/dumps/": _get("catalog", "dumps", "ファイル / files", (_HTML, _JSON)),
    }


def _changes() -> Json:
    span = [
        parameter("from", _RELEASE, "前のリリース / the older release", "path"),
        parameter("to", _TEXT, "後のリリースか current / the newer one, or current", "path"),
        parameter("dataset", _TEXT, "データセット / data set"),
        parameter("entity", _IRI, "もの / entity"),
        parameter("part", {"enum": ["added", "removed"]}, "N-Quads の側 / side, of N-Quads"),
    ]
    patch = (_HTML, _JSON, Formats.RDF_PATCH.value, Formats.N_QUADS.value)
    feed = (_HTML, _JSON, Formats.ATOM.value)
    keys = (Formats.JWK.value, Formats.PEM.value)
    release = parameter("release", _RELEASE, "リリース / release", "path")
    return {
        "/changes": _get("changes", "changes", "更新の記録 / releases", feed),
        "/changes/{from}..{to}": _get("changes", "difference", "差分 / a difference", patch, span),
        "/changes/ldes": _get("changes", "event-stream", "LDES", _RDF),
        "/events": _get("changes", "events", "Server-Sent Events", (Formats.EVENTS.value,)),
        "/releases": _get("changes", "releases", "署名 / signatures", (_HTML, _JSON)),
        "/releases/{release}/manifest.json": _get(
            "changes", "manifest", "リリースの目録 / a manifest", (_JSON,), [release]
        ),
        "/.well-known/tsunagu-key": _get("changes", "key", "公開鍵 / public key", keys),
    }


def _operation() -> Json:
    text = Formats.TEXT.value
    return {
        "/status": _get("operation", "status", "稼働状況 / status", (_HTML, _JSON)),
        "/metrics": _get("operation", "metrics", "Prometheus", (text,)),
        "/readyz": _get("operation", "ready", "答えられるか / ready to answer", (_JSON,)),
    }
