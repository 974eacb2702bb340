"""One worker process as the serving process sees it: started, spoken to, killed, reaped."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, cast

import orjson

import app
from app.settings import Settings
from app.store.workers.frames import READY, FrameReader, pack

_SOURCE_ROOT: Final = Path(app.__file__).resolve().parent.parent
_STACK_SHARE: Final = 4
"""The stack may take this part of the address space at most."""


class WorkerProcess(asyncio.Protocol):
    """A child process and its connection.

    `on_ready` is called when it has moved to a release for the first time, `on_lost` when it has ended and been reaped;
    `on_frame` is set by whoever runs a query in it. `cause` is why we ended it, if we did.
    """

    def __init__(
        self,
        *,
        on_ready: Callable[[WorkerProcess], None],
        on_lost: Callable[[WorkerProcess], None],
    ) -> None:
        self._on_ready = on_ready
        self._on_lost = on_lost
        self.on_frame: Callable[[bytes, bytes], None] | None = None
        self.cause: str | None = None
        self.status: int | None = None
        self.ready = False
        self.filtered = False
        self.release: str | None = None
        self._reader = FrameReader()
        self._process: subprocess.Popen[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    @property
    def pid(self) -> int | None:
        """The process's id."""
        return self._process.pid if self._process is not None else None

    @property
    def alive(self) -> bool:
        """Whether it may be sent a query."""
        return (
            self.cause is None
            and self._transport is not None
            and (not self._transport.is_closing())
        )

    @property
    def gone(self) -> bool:
        """Whether there is nothing to wait for: never connected, or reaped."""
        return self._transport is None or self.status is not None

    async def start(self, settings: Settings) -> None:
        """Start the child. In the loop's own thread: the child is told to die with the thread
        that made it (PR_SET_PDEATHSIG). `subprocess` uses vfork, 1 to 2 ms."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        config = {
            "parent": os.getpid(),
            "memory_bytes": settings.query_memory_bytes,
            "stack_bytes": min(
                settings.query_stack_bytes, settings.query_memory_bytes // _STACK_SHARE
            ),
            "union_default_graph": settings.union_default_graph,
        }
        command = [sys.executable, "-s", "-B", "-m", "app.store.workers.worker"]
        try:
            self._spawn([*command, str(theirs.fileno()), json.dumps(config)], theirs)
            loop = asyncio.get_running_loop()
            await loop.create_unix_connection(lambda: self, sock=ours)
        except BaseException:
            ours.close()
            if self._process is not None:
                self._process.kill()
                self.status = self._process.wait()  # it has just begun: no memory to free
            raise

    def _spawn(self, command: list[str], connection: socket.socket) -> None:
        with connection:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                pass_fds=[connection.fileno()],
                cwd="/",
                # Nothing of our environment: it may hold secrets, and none is needed.
                # Two arenas: each would take 64 MiB of the address space for every few threads.
                env={
                    "PYTHONPATH": str(_SOURCE_ROOT),
                    "LC_ALL": "C.UTF-8",
                    "MALLOC_ARENA_MAX": "2",
                },
            )

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

    def kill(self, cause: str) -> None:
        """End it at once; `on_lost` follows. Does nothing the second time."""
        if self.cause is None:
            self.cause = cause
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
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
                if not self.ready:
                    self.ready = True
                    self.filtered = json.loads(payload)["filtered"]
                    self._on_ready(self)
            elif self.on_frame is not None:
                self.on_frame(kind, payload)

    def connection_lost(self, _error: Exception | None) -> None:
        """See asyncio.Protocol."""
        self._await_end()

    def _await_end(self, delay: float = 0.001) -> None:
        """Wait for the process's end without blocking: freeing gigabytes may take the kernel a
        few tenths of a second."""
        assert self._process is not None
        self.status = self._process.poll()
        if self.status is not None:
            self._on_lost(self)
            return
        if delay > 1:
            self._process.kill()  # closed its connection but lives on
        loop = asyncio.get_running_loop()
        loop.call_later(delay, self._await_end, min(delay * 2, 2))
