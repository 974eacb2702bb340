"""The template process as the serving process sees it: asked for query processes, and told when
one has ended. It is started when it is first needed, and again when it has ended."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final

from app.settings import Settings
from app.store.workers import children
from app.store.workers.template_process import FORK, KILL, NUMBER

_STACK_SHARE: Final = 4
"""The stack may take this part of the address space at most."""

_KILLED: Final = -9
"""The status of a query process whose template is gone: the kernel ends it."""

Ended = Callable[[int], None]


class Template:
    """Makes query processes."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._commands: socket.socket | None = None
        self._received = b""
        self._asked: deque[tuple[asyncio.Future[int], Ended]] = deque()
        self._ends: dict[int, Ended] = {}

    async def fork(self, connection: socket.socket, on_end: Ended) -> int:
        """A new query process at the other end of `connection`; its number. `on_end` will be
        called with its exit status (of subprocess: −signal). Raises OSError."""
        if self._commands is None:
            self._start()
        assert self._commands is not None
        socket.send_fds(self._commands, [FORK], [connection.fileno()])
        made: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._asked.append((made, on_end))
        return await made

    def kill(self, process: int) -> None:
        """End a query process, if it has not ended."""
        if self._commands is not None and process in self._ends:
            with suppress(OSError):  # its template is gone, and so is it
                self._commands.sendall(KILL + NUMBER.pack(process))

    def close(self) -> None:
        """End the template process, and all that it made."""
        if self._commands is not None:
            asyncio.get_running_loop().remove_reader(self._commands)
            self._commands.close()
            self._commands = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def _start(self) -> None:
        """In the loop's own thread: children are told to die with the thread that made them."""
        settings = self._settings
        config = {
            "memory_bytes": settings.query_memory_bytes,
            "stack_bytes": min(
                settings.query_stack_bytes, settings.query_memory_bytes // _STACK_SHARE
            ),
            "union_default_graph": settings.union_default_graph,
        }
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        try:
            with theirs:
                self._process = children.start(
                    "app.store.workers.template_process",
                    [str(theirs.fileno()), json.dumps(config)],
                    nice=0,
                    stdin=subprocess.DEVNULL,
                    pass_fds=[theirs.fileno()],
                )
        except OSError:
            ours.close()
            raise
        self._received = b""
        self._commands = ours
        asyncio.get_running_loop().add_reader(ours, self._receive)

    def _receive(self) -> None:
        assert self._commands is not None
        try:
            data = self._commands.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        if not data:
            self._lose()
            return
        *lines, self._received = (self._received + data).split(b"\n")
        for line in lines:
            self._understand(json.loads(line))

    def _understand(self, told: dict[str, Any]) -> None:
        process: int = told["pid"]
        if "status" in told:
            on_end = self._ends.pop(process, None)
            if on_end is not None:
                on_end(told["status"])
            return
        made, on_end = self._asked.popleft()
        if process < 0:
            error = OSError(-process, "no query process could be made")
            if not made.done():
                made.set_exception(error)
            return
        self._ends[process] = on_end
        if made.done():  # nobody waits for it any more
            self.kill(process)
        else:
            made.set_result(process)

    def _lose(self) -> None:
        """It has ended by itself, and what it made with it."""
        self.close()
        asked, self._asked = self._asked, deque()
        for made, _ in asked:
            if not made.done():
                made.set_exception(OSError("the process that makes query processes has ended"))
        ends, self._ends = self._ends, {}
        for on_end in ends.values():
            on_end(_KILLED)
