"""Forms that are read up to a limit, however long a client says they are or makes them."""

from __future__ import annotations

from starlette.requests import Request
from starlette.types import Message, Receive

from app.errors import SourceTooLarge, Text


def bounded(request: Request, limit: int) -> Request:
    """The request, whose body cannot be read past `limit` bytes. Raises SourceTooLarge at once
    when the client announces more."""
    length = request.headers.get("content-length", "")
    if length.isdecimal() and int(length) > limit:
        raise too_large(limit)
    return Request(request.scope, _Bounded(request.receive, limit))


class _Bounded:
    """Receives a request's body up to a limit."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit
        self._limit = limit

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        if self._left < 0:
            raise too_large(self._limit)
        return message


def too_large(limit: int) -> SourceTooLarge:
    """The refusal of a body over the limit."""
    return SourceTooLarge(
        Text(
            f"送れるのは {limit:,} バイトまでです。", f"At most {limit:,} bytes can be sent here."
        ),
        hint=Text(
            "大きな表は `tsunagu check FILE` で調べてください。",
            "Check larger tables with `tsunagu check FILE`.",
        ),
    )
