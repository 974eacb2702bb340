"""`/api/3/action/…`: the reading part of CKAN's action API over the same catalog."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

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
_JSON: Final = Formats.JSON.value
_NOT_FOUND: Final = {"__type": "Not Found Error", "message": "Not found"}


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
        self._actions: Mapping[str, Callable[[CkanCatalog, Request], Any]] = {
            "package_list": _package_list,
            "package_show": _package_show,
            "package_search": _package_search,
            "organization_list": _organization_list,
            "tag_list": _tag_list,
            "group_list": lambda _catalog, _request: [],
            "site_read": lambda _catalog, _request: True,
            "status_show": self._status,
        }

    async def act(self, request: Request) -> Response:
        """`GET /api/3/action/{action}`."""
        manifest = self._parts.snapshots.get().manifest
        name = request.path_params["action"]
        help_ = f"{self._addresses.base}/api/3/action/{name}"
        catalog = CkanCatalog(manifest, self._parts.catalog.cards(manifest), self._about)
        try:
            action = self._actions.get(name)
            if action is None:
                raise _Refused(404, {**_NOT_FOUND, "message": f"no action {name}"})
            result = action(catalog, request)
        except _Refused as refused:
            body = {"help": help_, "success": False, "error": refused.error}
            headers = ((b"content-type", _JSON.content_type.encode()), VARY)
            return Reply(orjson.dumps(body), refused.status, headers)

        def make() -> bytes:
            return orjson.dumps({"help": help_, "success": True, "result": result})

        asked = Asked(_JSON, self._documents.language(request))
        key = (request.scope["query_string"].decode("latin-1"),)
        return self._documents.answer(request, manifest, asked, make, key=key)

    def _status(self, _catalog: CkanCatalog, _request: Request) -> dict[str, Any]:
        return {
            "ckan_version": "2.11",
            "site_title": self._about.title,
            "site_url": self._about.base,
            "extensions": [],
        }


def _package_list(catalog: CkanCatalog, request: Request) -> list[str]:
    start, limit = _number(request, "offset", 0), _number(request, "limit", _MAX_ROWS)
    return catalog.names()[start : start + limit]


def _package_show(catalog: CkanCatalog, request: Request) -> dict[str, Any]:
    found = catalog.package(_needed(request, "id"))
    if found is None:
        raise _Refused(404, _NOT_FOUND)
    return found


def _package_search(catalog: CkanCatalog, request: Request) -> dict[str, Any]:
    query = request.query_params
    rows = min(_number(request, "rows", 10), _MAX_ROWS)
    start = _number(request, "start", 0)
    return catalog.search(query.get("q", ""), query.get("fq", ""), rows, start)


def _organization_list(catalog: CkanCatalog, request: Request) -> list[Any]:
    whole = request.query_params.get("all_fields", "").lower() in ("true", "1", "yes")
    return catalog.organizations(whole=whole)


def _tag_list(catalog: CkanCatalog, request: Request) -> list[str]:
    return catalog.tags(request.query_params.get("query", ""))


def _needed(request: Request, name: str) -> str:
    value = request.query_params.get(name)
    if not value:
        raise _Refused(409, {"__type": "Validation Error", name: ["Missing value"]})
    return value


def _number(request: Request, name: str, default: int) -> int:
    text = request.query_params.get(name, "")
    if not text:
        return default
    if not (text.isascii() and text.isdigit()) or len(text) > 9:
        raise _Refused(409, {"__type": "Validation Error", name: ["Must be a natural number"]})
    return int(text)
