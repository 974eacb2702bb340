"""One worker process as the serving process sees it: started, spoken to, killed, reaped."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import Any, cast

import orjson

from app.store.workers import sandbox
from app.store.workers.frames import READY, FrameReader, pack
from app.store.workers.template import Template


class WorkerProcess(asyncio.Protocol):
    """A child process and its connection.

    `on_ready` is called when it has moved to a release for the first time, `on_lost` when it has
    ended and been reaped; `on_frame` is set by whoever runs a query in it. `cause` is why we
    ended it, if we did.
    """

    def __init__(
        self,
        template: Template,
        *,
        on_ready: Callable[[WorkerProcess], None],
        on_lost: Callable[[WorkerProcess], None],
    ) -> None:
        self._on_ready = on_ready
        self._on_lost = on_lost
        self.on_frame: Callable[[bytes, bytes], None] | None = None
        self.pid: int | None = None
        self.cause: str | None = None
        self.status: int | None = None
        self.ready = False
        self.filtered = False
        self.release: str | None = None
        self._thread = 0
        self._reader = FrameReader()
        self._template = template
        self._disconnected = False
        self._transport: asyncio.Transport | None = None

    @property
    def alive(self) -> bool:
        """Whether it may be sent a query."""
        return (
            self.cause is None
            and self.status is None
            and self._transport is not None
            and not self._transport.is_closing()
        )

    @property
    def gone(self) -> bool:
        """Whether there is nothing to wait for: never connected, or reaped."""
        return self._transport is None or self.status is not None

    async def start(self) -> None:
        """Make it. Raises OSError."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            with theirs:
                self.pid = await self._template.fork(theirs, self._reaped)
            loop = asyncio.get_running_loop()
            await loop.create_unix_connection(lambda: self, sock=ours)
        except BaseException:
            ours.close()
            if self.pid is not None:
                self._template.kill(self.pid)
            raise

    def send(self, kind: bytes, message: dict[str, Any]) -> None:
        """Send a frame; the transport keeps what the socket does not take at once."""
        assert self._transport is not None
        self._transport.write(pack(kind, orjson.dumps(message)))

    def pause(self) -> None:
        """Stop reading: the worker will block in its next write."""
        if self._transport is not None and self._transport.is_reading():
            self._transport.pause_reading()

    def resume(self) -> None:
        """Read on."""
        if self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

    def lower(self) -> None:
        """Let the query that it runs wait for everything else."""
        sandbox.lower(self._thread)

    def kill(self, cause: str) -> None:
        """End it at once; `on_lost` follows. Does nothing the second time."""
        if self.cause is None:
            self.cause = cause
        if self.pid is not None:
            self._template.kill(self.pid)
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """See asyncio.Protocol."""
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        """See asyncio.Protocol."""
        try:
            frames = self._reader.feed(data)
        except ValueError:
            self.kill("broken frame")
            return
        for kind, payload in frames:
            if kind == READY:
                status = orjson.loads(payload)
                self.filtered, self._thread = status["filtered"], status["thread"]
                if not self.ready:
                    self.ready = True
                    self._on_ready(self)
            elif self.on_frame is not None:
                self.on_frame(kind, payload)

    def connection_lost(self, _error: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._disconnected = True
        if self.pid is not None:
            self._template.kill(self.pid)  # should it live on
        self._look_for_end()

    def _reaped(self, status: int) -> None:
        self.status = status
        self._look_for_end()

    def _look_for_end(self) -> None:
        """All that it sent has been read, and it is gone: freeing gigabytes may take the kernel
        a few tenths of a second."""
        if self._disconnected and self.status is not None:
            self._on_lost(self)
