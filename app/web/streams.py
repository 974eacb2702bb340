"""Answers that are sent as they are read."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from app.web.replies import Headers, send_head


class StreamedBody(StreamingResponse):
    """A body of unknown length; an iterator that blocks runs in a thread. HEAD sends no body."""

    def __init__(self, body: Iterator[bytes] | AsyncIterator[bytes], headers: Headers) -> None:
        super().__init__(body)
        self.raw_headers = list(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        if scope["method"] == "HEAD":
            await send_head(self.status_code, self.raw_headers, send)
            return
        await super().__call__(scope, receive, send)
