"""A process that has loaded all that a query process needs and makes one by forking: 5 ms, where
a start from nothing takes 250: `python -m app.store.workers.template_process FD CONFIG`.

It never sees a query. It has one thread and no store, so that forking it is sound. Commands come
through a socket: a byte `F` with the connection of a new query process, or `K` with the number
of one that is to be killed; from here come lines of JSON, {"pid"} for each `F`, {"pid", "status"}
when one has ended. It ends when the socket is closed, and all query processes with it.
"""

from __future__ import annotations

import gc
import json
import os
import select
import signal
import socket
import struct
import sys
from contextlib import suppress
from typing import Any, Final

from app.store.workers import worker
from app.store.workers.children import NICE_QUERIES

FORK: Final = b"F"
KILL: Final = b"K"
NUMBER: Final = struct.Struct(">I")


class Template:
    """Forks, kills and reaps."""

    def __init__(self, commands: socket.socket, config: worker.Config) -> None:
        self._commands = commands
        self._config = config
        self._alive: set[int] = set()
        self._woken, self._waker = socket.socketpair()

    def serve(self) -> None:
        """Until nobody commands any more."""
        for end in (self._woken, self._waker):
            end.setblocking(False)
        signal.set_wakeup_fd(self._waker.fileno(), warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.signal(signal.SIGINT, signal.SIG_IGN)  # of a terminal: the server decides
        waiting = select.poll()
        waiting.register(self._commands, select.POLLIN)
        waiting.register(self._woken, select.POLLIN)
        while True:
            ready = {number for number, _ in waiting.poll()}
            if self._woken.fileno() in ready:
                with suppress(BlockingIOError):
                    self._woken.recv(4096)
                self._reap()
            if self._commands.fileno() in ready and not self._obey():
                return

    def _obey(self) -> bool:
        command, files, _, _ = socket.recv_fds(self._commands, 1, 1)
        if command == FORK:
            self._fork(files[0])
        elif command == KILL:
            (process,) = NUMBER.unpack(self._commands.recv(NUMBER.size, socket.MSG_WAITALL))
            if process in self._alive:  # not reaped: the number is still its own
                os.kill(process, signal.SIGKILL)
        return bool(command)

    def _fork(self, connection: int) -> None:
        parent = os.getpid()
        try:
            process = os.fork()
        except OSError as error:
            process = 0 - (error.errno or 1)
        if process == 0:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            for end in (self._commands, self._woken, self._waker):
                end.close()
            os.nice(NICE_QUERIES)
            worker.run(connection, self._config, parent)
        os.close(connection)
        if process > 0:
            self._alive.add(process)
        self._tell(pid=process)

    def _reap(self) -> None:
        while self._alive:
            process, status = os.waitpid(-1, os.WNOHANG)
            if process == 0:
                return
            self._alive.discard(process)
            self._tell(pid=process, status=os.waitstatus_to_exitcode(status))

    def _tell(self, **message: Any) -> None:
        self._commands.sendall(json.dumps(message).encode() + b"\n")


def main(arguments: list[str]) -> None:
    """Entry point: the number of the socket's file descriptor, and the workers' Config as JSON."""
    template = Template(
        socket.socket(fileno=int(arguments[0])), worker.Config(**json.loads(arguments[1]))
    )
    gc.collect()
    gc.freeze()  # or the first collection in each child would copy all pages
    with suppress(BrokenPipeError, ConnectionResetError):
        template.serve()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
