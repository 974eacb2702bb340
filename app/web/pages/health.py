"""`/healthz` and `/readyz` for supervisors and load balancers."""

from __future__ import annotations

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.rdf.formats import Formats
from app.web.parts import WebParts
from app.web.replies import Reply

_HEADERS = (
    (b"content-type", Formats.JSON.value.content_type.encode()),
    (b"cache-control", b"no-store"),
)


class HealthEndpoints:
    """Alive, and ready to answer."""

    def __init__(self, parts: WebParts) -> None:
        self._parts = parts

    async def alive(self, _request: Request) -> Response:
        """200 while the process answers at all."""
        return Reply(b'{"status":"ok"}\n', 200, _HEADERS)

    async def ready(self, _request: Request) -> Response:
        """200 with the release that is served; 503 before the first publish."""
        manifest = self._parts.snapshots.get().manifest
        body = {
            "status": "ready",
            "release": manifest.id,
            "created": manifest.created.isoformat(),
            "quads": manifest.quads,
        }
        return Reply(orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE), 200, _HEADERS)
