"""Counts requests and repeats a query's id in its answer's header."""

from __future__ import annotations

from time import perf_counter
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.metrics import Metrics
from app.web.pages.sparql import QUERY_ID

_HEADER: Final = b"tsunagu-query-id"


class Observed:
    """ASGI: the outermost layer."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, and look at what comes back."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = perf_counter(), 0
        state = scope.setdefault("state", {})

        async def send_and_look(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                query_id = state.get(QUERY_ID)
                if query_id is not None:
                    message["headers"] = [*message["headers"], (_HEADER, query_id.encode())]
            await send(message)

        try:
            await self._app(scope, receive, send_and_look)
        finally:
            self._metrics.request(route_of(scope, status), status, perf_counter() - started)


def route_of(scope: Scope, status: int) -> str:
    """The first segment of the path: there are a few dozen, but any number of paths that are
    not there."""
    if status in (0, 404, 405):
        return "none"
    path: str = scope["path"]
    return "/" + path.lstrip("/").partition("/")[0].partition(".")[0]
