"""The harm that the soak test does, one function for each phase."""

from __future__ import annotations

import contextlib
import http.client
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from benchmarks import hostile

if TYPE_CHECKING:
    from benchmarks.soak import Soak

OPEN_CONNECTIONS = 5_000
SLOW_READERS = 1_000
KILLS = 200


def nesting(soak: Soak) -> None:
    """36 shapes of queries at six depths."""
    work = [
        partial(lambda shape, depth: soak.ask(shape(depth)), shape, depth)
        for depth in hostile.DEPTHS
        for shape in hostile.QUERIES.values()
    ]
    random.Random(4).shuffle(work)  # so that a part of the list is a part of all of it
    with soak.phase("nested queries", len(work)) as phase:
        soak.together(phase, work, 0.12)


def nested_writes(soak: Soak) -> None:
    """18 shapes of updates and documents at six depths, from someone who got hold of a token."""

    def update(shape: hostile.Shape, depth: int) -> str:
        return soak.write("POST", "/update", shape(depth), "application/sparql-update")

    def put(media_type: str, shape: hostile.Shape, depth: int) -> str:
        return soak.write("PUT", "/graphs/nested", shape(depth), media_type)

    work = [
        partial(update, shape, depth)
        for depth in hostile.DEPTHS
        for shape in hostile.UPDATES.values()
    ]
    work += [
        partial(put, media_type, shape, depth)
        for depth in hostile.DEPTHS
        for media_type, shape in hostile.DOCUMENTS.values()
    ]
    random.Random(4).shuffle(work)
    with soak.phase("nested updates and documents", len(work)) as phase:
        soak.together(phase, work, 0.4)


def runaways(soak: Soak) -> None:
    """Thirty queries that do not end, twenty times."""
    work = [partial(soak.ask, query) for _ in range(20) for query in hostile.RUNAWAYS]
    with soak.phase("runaway queries", len(work)) as phase:
        soak.together(phase, work, 0.25)


def escapes(soak: Soak) -> None:
    """150 ways to open a connection, and a listener that counts them."""
    heard: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as canary:
        canary.settimeout(0.2)
        done = threading.Event()

        def listen() -> None:
            while not done.is_set():
                with contextlib.suppress(TimeoutError):
                    connection, address = canary.accept()
                    heard.append(str(address))
                    connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        texts = hostile.escapes(canary.getsockname()[1])
        with soak.phase("ways to the network", len(texts)) as phase:
            soak.together(phase, [partial(soak.ask, text) for text in texts], 0.05)
            time.sleep(0.5)
            done.set()
            thread.join()
            phase.note = f"{len(heard)} connections at the listener"


def connections(soak: Soak) -> None:
    """Thousands of connections that send the beginning of a request and no more."""
    opened: list[socket.socket] = []
    with soak.phase("open connections", OPEN_CONNECTIONS) as phase:
        try:
            for _ in range(OPEN_CONNECTIONS):
                try:
                    connection = socket.create_connection(("127.0.0.1", soak.server.port), 5)
                    connection.sendall(b"GET /sparql?query=ASK HTTP/1.1\r\nHost: x\r\n")
                except OSError as error:
                    phase.statuses[type(error).__name__] += 1
                    continue
                opened.append(connection)
                phase.done += 1
            time.sleep(soak.seconds * 0.1)
            phase.note = f"{len(opened)} open at once"
        finally:
            for connection in opened:
                connection.close()


def slow_readers(soak: Soak) -> None:
    """A thousand clients that take a kilobyte a second of a long answer."""
    query = quote("SELECT * { ?s ?p ?o } LIMIT 20000", safe="")
    opened: list[socket.socket] = []
    with soak.phase("slow readers", SLOW_READERS) as phase:
        try:
            for number in range(SLOW_READERS):
                connection = socket.socket()
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
                with contextlib.suppress(OSError):
                    connection.connect(("127.0.0.1", soak.server.port))
                    target = f"/sparql?query={query}%23{number % 50}"
                    connection.sendall(f"GET {target} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
                    opened.append(connection)
                    phase.done += 1
            until = time.monotonic() + soak.seconds * 0.1
            while time.monotonic() < until:
                for connection in opened:
                    connection.setblocking(False)
                    with contextlib.suppress(OSError):
                        data = connection.recv(1024)
                        if data.startswith(b"HTTP/1.1 "):
                            phase.statuses[data[9:12].decode()] += 1
                time.sleep(1)
        finally:
            for connection in opened:
                connection.close()


def _ticks(pid: int) -> int:
    with contextlib.suppress(OSError):
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return int(fields[11]) + int(fields[12])
    return 0


def kills(soak: Soak) -> None:
    """Query processes are killed while they answer."""
    with soak.phase("kill -9 of query processes", KILLS) as phase:
        until = time.monotonic() + soak.seconds * 0.13
        ended = threading.Event()

        def read() -> None:
            while not ended.is_set():
                try:
                    status = soak.ask("SELECT * { ?s ?p ?o . ?s ?q ?r } LIMIT 200000")
                except (http.client.HTTPException, OSError) as error:
                    status = type(error).__name__
                phase.statuses[status] += 1

        readers = [threading.Thread(target=read) for _ in range(3)]
        for reader in readers:
            reader.start()
        while phase.done < KILLS and time.monotonic() < until:
            for pid in sorted(soak.workers(), key=_ticks)[-1:]:  # the one that is at work
                with contextlib.suppress(OSError):
                    os.kill(pid, signal.SIGKILL)
                    phase.done += 1
            time.sleep(0.2)
        ended.set()
        for reader in readers:
            reader.join()


PHASES: dict[str, Callable[[Soak], None]] = {
    "nesting": nesting,
    "writes": nested_writes,
    "runaways": runaways,
    "escapes": escapes,
    "connections": connections,
    "readers": slow_readers,
    "kills": kills,
}
"""By the name that `--phases` knows."""
