"""`/metrics` for Prometheus."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from app.web.parts import WebParts
from app.web.replies import Reply


class MetricsEndpoint:
    """The numbers of all server processes."""

    def __init__(self, parts: WebParts) -> None:
        self._metrics = parts.metrics

    async def show(self, _request: Request) -> Response:
        """200 with the text format of Prometheus."""
        body, media_type = self._metrics.exposition()
        headers = ((b"content-type", media_type.encode()), (b"cache-control", b"no-store"))
        return Reply(body, 200, headers)
