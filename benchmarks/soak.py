"""`make soak`: harm is done to a server for some minutes while a second client goes on with its
work, and everything that happens is counted.

    python -m benchmarks.soak [--minutes 10]

Phases: nesting shapes at six depths; queries that never end; ways to the network, against a
listener that should hear nothing; open connections; slow readers; kill −9 of query processes
within their answers. The second client asks for entity pages and point queries all the while.
Each phase has a share of the time and says how much of its list it came through. Ends with 1
when an answer was a 5xx other than 503, the listener was reached, the server is not as it was,
or nobody answers any more.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import random
import resource
import shutil
import signal
import socket
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote, urlencode

from app.publish.tokens import Role, Tokens
from benchmarks import endpoint, hostile
from tests.live import LiveServer

RESULTS = Path(__file__).parent / "results"
SUBJECTS = 20_000
DEADLINE_S = 1.0
THREADS = 8
OPEN_CONNECTIONS = 5_000
SLOW_READERS = 1_000
KILLS = 200
BREAKING = (http.client.HTTPException, OSError, ValueError)


@dataclass
class Phase:
    """What happened in one part of the run."""

    name: str
    planned: int = 0
    done: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    probes: dict[str, list[float]] = field(default_factory=lambda: {"entity": [], "point": []})
    probe_statuses: Counter[str] = field(default_factory=Counter)
    note: str = ""

    def p99(self, kind: str) -> float:
        """Of the second client's requests, in milliseconds."""
        taken = self.probes[kind]
        return quantiles(taken, n=100)[98] * 1e3 if len(taken) >= 2 else 0.0

    def p50(self, kind: str) -> float:
        """The median, in milliseconds."""
        return median(self.probes[kind]) * 1e3 if self.probes[kind] else 0.0


class Soak:
    """One run against one server."""

    def __init__(self, server: LiveServer, seconds: float) -> None:
        self.server = server
        self.seconds = seconds
        self.phases: list[Phase] = []
        self._phase = Phase("start")
        self._stop = threading.Event()
        # A token of its own: its turns and its budget are not those of the hostile client.
        _, secret = Tokens(server.data).add(Role.VIEWER, budget_s=6_000)
        self._headers = {"authorization": f"Bearer {secret}", "accept": "application/json"}

    @contextmanager
    def phase(self, name: str, planned: int) -> Iterator[Phase]:
        """What the second client meets from here on belongs to this phase."""
        self._phase = Phase(name, planned)
        self.phases.append(self._phase)
        print(f"{time.strftime('%H:%M:%S')} {name}", flush=True)
        yield self._phase

    def probe(self) -> None:
        """The second client."""
        number = 0
        while not self._stop.is_set():
            number += 1
            phase = self._phase
            subject = number * 37 % SUBJECTS
            for kind, target in (
                ("entity", f"/doc/{subject}.ttl"),
                (
                    "point",
                    "/sparql?" + urlencode({"query": f"{endpoint.query(subject)} # {number}"}),
                ),
            ):
                started = time.perf_counter()
                try:
                    status = str(self.server.request("GET", target, None, self._headers).status)
                except BREAKING as error:
                    status = type(error).__name__
                phase.probes[kind].append(time.perf_counter() - started)
                phase.probe_statuses[status] += 1
            time.sleep(0.02)

    def stop(self) -> None:
        """End the second client."""
        self._stop.set()

    def together(self, phase: Phase, work: Sequence[Callable[[], str]], share: float) -> None:
        """Do a list of things in some threads until it or the share of the time has ended."""
        until = time.monotonic() + self.seconds * share

        def one(what: Callable[[], str]) -> None:
            if time.monotonic() > until:
                return
            try:
                phase.statuses[what()] += 1
            except BREAKING as error:
                phase.statuses[type(error).__name__] += 1
            phase.done += 1

        with ThreadPoolExecutor(THREADS) as pool:
            list(pool.map(one, work))

    def ask(self, text: str) -> str:
        """A query of the hostile client."""
        answer = self.server.request(
            "POST", "/sparql", text.encode(), {"content-type": "application/sparql-query"}
        )
        return str(answer.status)

    def write(self, method: str, target: str, body: str, media_type: str) -> str:
        """A write of the hostile client, who has got hold of a token."""
        headers = {"content-type": media_type}
        answer = self.server.request(method, target, body.encode(), headers, write=True)
        return str(answer.status)

    def memory(self) -> int:
        """Resident bytes of the server and its processes."""
        pages = 0
        for pid in self.processes():
            with contextlib.suppress(OSError):
                pages += int(Path(f"/proc/{pid}/statm").read_text().split()[1])
        return pages * resource.getpagesize()

    def processes(self) -> list[int]:
        """The server and all below it."""
        assert self.server.process is not None
        found = [self.server.process.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                with contextlib.suppress(OSError):
                    found += map(int, task.read_text().split())
        return found

    def workers(self) -> list[int]:
        """The query processes."""
        found = []
        for pid in self.processes():
            with contextlib.suppress(OSError):
                if b"workers.worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found.append(pid)
        return found


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
        soak.together(phase, work, 0.27)


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
            time.sleep(soak.seconds * 0.05)
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
                except BREAKING as error:
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


def faults(soak: Soak, before: int, after: int) -> list[str]:
    """What must not have happened."""
    found = []
    quiet = soak.phases[0]
    for phase in soak.phases:
        for status, number in (phase.statuses + phase.probe_statuses).items():
            if status.startswith("5") and status != "503":
                found.append(f"{phase.name}: {number} × {status}")
        if phase.probe_statuses["200"] < 5:
            found.append(f"{phase.name}: the second client was not served")
        if phase.note.endswith("listener") and not phase.note.startswith("0 "):
            found.append(f"{phase.name}: {phase.note}")
        for kind in ("entity", "point"):
            if phase.p99(kind) > 2 * quiet.p99(kind):
                phase.note += f" · p99 of {kind} over twice the quiet one"
    if after > before * 1.5:
        found.append(f"memory {before >> 20} MiB before, {after >> 20} MiB after")
    return found


def report(soak: Soak, before: int, after: int, wrong: Sequence[str]) -> str:
    """The table."""
    lines = [
        f"Soak of {soak.seconds / 60:.0f} minutes on {os.cpu_count()} cores, load at the end "
        f"{os.getloadavg()[0]:.1f}; {SUBJECTS * 10:,} triples, deadline {DEADLINE_S:g} s.",
        "",
        "| phase | done of planned | answers | entity p50 / p99 ms | point p50 / p99 ms | second "
        "client | |",
        "|---|---|---|---|---|---|---|",
    ]
    for phase in soak.phases:
        answers = ", ".join(f"{status} × {n}" for status, n in sorted(phase.statuses.items()))
        served = ", ".join(f"{status} × {n}" for status, n in sorted(phase.probe_statuses.items()))
        lines.append(
            f"| {phase.name} | {phase.done} of {phase.planned} | {answers} "
            f"| {phase.p50('entity'):.0f} / {phase.p99('entity'):.0f} "
            f"| {phase.p50('point'):.0f} / {phase.p99('point'):.0f} | {served} | {phase.note} |"
        )
    lines += ["", f"Memory of all processes: {before >> 20} MiB before, {after >> 20} MiB after."]
    lines += ["", "Faults: " + ("; ".join(wrong) if wrong else "none") + "."]
    return "\n".join(lines) + "\n"


def main() -> int:
    """Run it; the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.soak")
    parser.add_argument("--minutes", type=float, default=10.0)
    seconds = parser.parse_args().minutes * 60
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(most, 65_536), most))
    work = Path("data/bench").resolve()
    endpoint.prepare(work / "endpoint", SUBJECTS)
    data = work / "soak"
    shutil.rmtree(data, ignore_errors=True)
    shutil.copytree(work / "endpoint" / "data", data, symlinks=True)
    settings = {
        "base_iri": "http://bench.example",
        "query_timeout_s": DEADLINE_S,
        "query_budget_s": 1e9,  # else the hostile client would soon be answered 429 only
        "query_burst_s": 1e9,
        "write_timeout_s": 2,
        "log_level": "error",
    }
    with LiveServer(data, settings) as server:
        soak = Soak(server, seconds)
        client = threading.Thread(target=soak.probe)
        client.start()
        try:
            with soak.phase("quiet", 0):
                time.sleep(seconds * 0.05)
            before = soak.memory()
            for attack in (
                nesting,
                nested_writes,
                runaways,
                escapes,
                connections,
                slow_readers,
                kills,
            ):
                attack(soak)
            with soak.phase("quiet again", 0):
                time.sleep(seconds * 0.05)
            after = soak.memory()
        finally:
            soak.stop()
            client.join()
    wrong = faults(soak, before, after)
    text = report(soak, before, after, wrong)
    (RESULTS / "soak.md").write_text(text, encoding="utf-8")
    told = [
        {"phase": p.name, "done": p.done, "planned": p.planned, "statuses": p.statuses,
         "second_client": p.probe_statuses, "entity_p99_ms": p.p99("entity"),
         "point_p99_ms": p.p99("point"), "note": p.note}
        for p in soak.phases
    ]  # fmt: skip
    (RESULTS / "soak.json").write_text(
        json.dumps({"phases": told, "faults": wrong}, indent=1) + "\n", encoding="utf-8"
    )
    print(text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
