"""`/api/3/action/…`: the reading part of CKAN's action API over the same catalog."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.publish.ckan import CkanCatalog
from app.rdf.formats import Formats
from app.web.addresses import Addresses
from app.web.documents import Asked, Documents
from app.web.pages.catalog import site_of
from app.web.parts import WebParts
from app.web.rendering import Site
from app.web.replies import VARY, Reply

_MAX_ROWS: Final = 1_000  # CKAN's own bound (ckan.search.rows_max)
_MAX_BODY: Final = 64 << 10
_MAX_FACETS: Final = 20
_JSON: Final = Formats.JSON.value
_NOT_FOUND: Final = {"__type": "Not Found Error", "message": "Not found"}

Parameters = Mapping[str, str]


class _Refused(Exception):
    """An answer with `success: false`."""

    def __init__(self, status: int, error: dict[str, Any]) -> None:
        super().__init__(error)
        self.status = status
        self.error = error


class CkanEndpoint:
    """Answers actions. CKAN's clients expect its own shape of errors, so errors have it too."""

    def __init__(self, parts: WebParts, site: Site) -> None:
        self._parts = parts
        self._about = site_of(parts.settings)
        self._documents = Documents(site)
        self._addresses = Addresses(parts.settings.base_iri)
        self._actions: Mapping[str, Callable[[CkanCatalog, Parameters], Any]] = {
            "package_list": _package_list,
            "package_show": _package_show,
            "package_search": _package_search,
            "current_package_list_with_resources": _packages,
            "organization_list": _organization_list,
            "organization_show": _organization_show,
            "tag_list": _tag_list,
            "group_list": lambda catalog, asked: catalog.groups(whole=_true(asked, "all_fields")),
            "site_read": lambda _catalog, _parameters: True,
            "status_show": self._status,
        }

    async def act(self, request: Request) -> Response:
        """`GET /api/3/action/{action}`, or POST with the parameters as JSON or as a form, which
        CKAN's own client sends."""
        manifest = self._parts.snapshots.get().manifest
        name = request.path_params["action"]
        help_ = f"{self._addresses.base}/api/3/action/{name}"
        catalog = CkanCatalog(manifest, self._parts.catalog.cards(manifest), self._about)
        try:
            action = self._actions.get(name)
            if action is None:
                raise _Refused(404, {**_NOT_FOUND, "message": f"no action {name}"})
            parameters = await _parameters(request)
            result = action(catalog, parameters)
        except _Refused as refused:
            body = {"help": help_, "success": False, "error": refused.error}
            headers = ((b"content-type", _JSON.content_type.encode()), VARY)
            return Reply(orjson.dumps(body), refused.status, headers)

        def make() -> bytes:
            return orjson.dumps({"help": help_, "success": True, "result": result})

        asked = Asked(_JSON, self._documents.language(request))
        key = (orjson.dumps(parameters, option=orjson.OPT_SORT_KEYS).decode(),)
        return self._documents.answer(request, manifest, asked, make, key=key)

    def _status(self, _catalog: CkanCatalog, _parameters: Parameters) -> dict[str, Any]:
        return {
            "ckan_version": "2.11",
            "site_title": self._about.title,
            "site_url": self._about.base,
            "extensions": [],
        }


async def _parameters(request: Request) -> Parameters:
    """The parameters of a call, as text; lists stay lists. Raises _Refused."""
    if request.method != "POST":
        return dict(request.query_params)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MAX_BODY:
            raise _Refused(413, {"__type": "Validation Error", "message": "Too long"})
    if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode("utf-8", "replace")))
    try:
        told = orjson.loads(body or b"{}")
    except orjson.JSONDecodeError as error:
        message = "JSON Error: Error decoding JSON data"
        raise _Refused(400, {"__type": "Validation Error", "message": message}) from error
    if not isinstance(told, dict):
        raise _Refused(400, {"__type": "Validation Error", "message": "Must be a JSON object"})
    return {name: _as_text(value) for name, value in told.items() if value is not None}


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else orjson.dumps(value).decode()


def _package_list(catalog: CkanCatalog, parameters: Parameters) -> list[str]:
    start, limit = _number(parameters, "offset", 0), _number(parameters, "limit", _MAX_ROWS)
    return catalog.names()[start : start + limit]


def _packages(catalog: CkanCatalog, parameters: Parameters) -> list[dict[str, Any]]:
    start, limit = _number(parameters, "offset", 0), _number(parameters, "limit", _MAX_ROWS)
    return catalog.packages()[start : start + limit]


def _package_show(catalog: CkanCatalog, parameters: Parameters) -> dict[str, Any]:
    found = catalog.package(_needed(parameters, "id"))
    if found is None:
        raise _Refused(404, _NOT_FOUND)
    return found


def _package_search(catalog: CkanCatalog, parameters: Parameters) -> dict[str, Any]:
    rows = min(_number(parameters, "rows", 10), _MAX_ROWS)
    start = _number(parameters, "start", 0)
    return catalog.search(
        parameters.get("q", ""),
        parameters.get("fq", ""),
        rows,
        start,
        sort=parameters.get("sort", ""),
        facets=_names(parameters, "facet.field"),
    )


def _organization_list(catalog: CkanCatalog, parameters: Parameters) -> list[Any]:
    return catalog.organizations(whole=_true(parameters, "all_fields"))


def _organization_show(catalog: CkanCatalog, parameters: Parameters) -> dict[str, Any]:
    found = catalog.organization(_needed(parameters, "id"))
    if found is None:
        raise _Refused(404, _NOT_FOUND)
    return found


def _tag_list(catalog: CkanCatalog, parameters: Parameters) -> list[Any]:
    found = catalog.tags(parameters.get("query", ""))
    if not _true(parameters, "all_fields"):
        return found
    return [{"name": tag, "display_name": tag, "state": "active"} for tag in found]


def _needed(parameters: Parameters, name: str) -> str:
    value = parameters.get(name)
    if not value:
        raise _Refused(409, {"__type": "Validation Error", name: ["Missing value"]})
    return value


def _true(parameters: Parameters, name: str) -> bool:
    return parameters.get(name, "").lower() in ("true", "1", "yes")


def _names(parameters: Parameters, name: str) -> list[str]:
    """A list of names, which CKAN has as JSON."""
    try:
        told = orjson.loads(parameters.get(name) or "[]")
    except orjson.JSONDecodeError:
        told = None
    if not isinstance(told, list) or not all(isinstance(each, str) for each in told):
        raise _Refused(409, {"__type": "Validation Error", name: ["Must be a list of names"]})
    return told[:_MAX_FACETS]


def _number(parameters: Parameters, name: str, default: int) -> int:
    text = parameters.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise _Refused(409, {"__type": "Validation Error", name: ["Must be a natural number"]})
    return int(text)
