"""Queries that are made to do harm: nesting, memory, the network, the machine."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.errors import QueryError, QueryMemory, QueryRefused, QueryTimeout
from app.store.base import QueryRequest
from app.store.embedded import EmbeddedReleases
from app.store.workers import lexer
from app.store.workers.pool import WorkerPool

from .conftest import ask, with_pool

ROOT = Path(__file__).resolve().parents[2]
P = "<http://example.org/p1>"
NESTED: dict[str, Callable[[int], str]] = {
    "braces": lambda n: "ASK " + "{" * n + "}" * n,
    "parentheses": lambda n: "ASK { FILTER(" + "(" * n + "1" + ")" * n + ") }",
    "STR": lambda n: "ASK { FILTER(" + "STR(" * n + "1" + ")" * n + ") }",
    "not": lambda n: "ASK { FILTER(" + "!" * n + "1) }",
    "plus": lambda n: "ASK { FILTER(1" + "+1" * n + ") }",
    "or": lambda n: "ASK { FILTER(1" + "||1" * n + ") }",
    "exists": lambda n: "ASK { " + "FILTER EXISTS { " * n + "}" * n + " }",
    "optional": lambda n: "ASK { " + f"OPTIONAL {{ ?s {P} ?o " * n + "}" * n + " }",
    "union": lambda n: "ASK { {}" + " UNION {}" * n + " }",
    "select": lambda n: "ASK { " + "{ SELECT * { " * n + "} }" * n + " }",
    "path": lambda n: f"ASK {{ ?s {'(' * n}{P}{')*' * n} ?o }}",
    "sequence": lambda n: f"ASK {{ ?s {P}{f'/{P}' * n} ?o }}",
    "blank nodes": lambda n: f"ASK {{ ?s {P} " + f"[ {P} " * n + "1" + "]" * n + " }",
    "collections": lambda n: f"ASK {{ ?s {P} " + "(" * n + ")" * n + " }",
    "triple terms": lambda n: f"ASK {{ ?s {P} " + f"<<( ?s {P} " * n + "1" + ")>>" * n + " }",
    "same variable": lambda n: "ASK { " + "?s ?s ?s . " * n + "}",
}


def test_nesting_at_any_depth_leaves_a_service_that_answers(published: EmbeddedReleases) -> None:
    """Answers, errors and ended processes are all fine; not answering the next query is not."""
    memory: list[str] = []

    async def one(pool: WorkerPool, shape: str, depth: int) -> None:
        text = NESTED[shape](depth)
        try:
            await ask(pool, text, timeout_s=0.5)
        except QueryMemory:
            memory.append(f"{shape} {depth}")
        except QueryError:
            pass

    async def scenario(pool: WorkerPool) -> None:
        for depth in (100, 2000, 20_000):
            for shape in NESTED:
                await one(pool, shape, depth)
            answer, _ = await ask(pool, "ASK {}")
            assert answer.rows == 1

    with_pool(published, scenario, query_workers=2)
    assert memory == []  # the large stack is enough for all that 64 KiB can nest


@pytest.mark.parametrize(
    "text",
    [
        # 30,000² solutions to be sorted, kept apart, grouped or glued together
        "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?c ?f",
        "SELECT DISTINCT ?c ?f { ?a ?b ?c . ?d ?e ?f }",
        'SELECT (GROUP_CONCAT(CONCAT(STR(?c), STR(?f)); separator="") AS ?g) { ?a ?b ?c . ?d ?e ?f }',
    ],
)
def test_a_memory_bomb_ends_one_process_only(published: EmbeddedReleases, text: str) -> None:
    async def scenario(pool: WorkerPool) -> None:
        with pytest.raises((QueryMemory, QueryTimeout)):
            await ask(pool, text, timeout_s=8)
        answer, _ = await ask(pool, "ASK {}")
        assert answer.rows == 1

    with_pool(published, scenario, query_memory_bytes=512 << 20)


def test_doubling_a_string_is_a_memory_error(published: EmbeddedReleases) -> None:
    binds = "".join(f"BIND(CONCAT(?x{i}, ?x{i}) AS ?x{i + 1}) " for i in range(40))

    async def scenario(pool: WorkerPool) -> None:
        with pytest.raises(QueryMemory, match="more memory"):
            await ask(pool, f'SELECT (STRLEN(?x40) AS ?n) {{ BIND("xxxx" AS ?x0) {binds} }}')

    with_pool(published, scenario, query_memory_bytes=512 << 20)


@pytest.fixture
def canary() -> Iterator[tuple[int, list[str]]]:
    """A listener that notes every connection."""
    hits: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        stop = threading.Event()

        def listen() -> None:
            while not stop.is_set():
                try:
                    connection, address = server.accept()
                except TimeoutError:
                    continue
                hits.append(str(address))
                connection.close()

        thread = threading.Thread(target=listen)
        thread.start()
        yield server.getsockname()[1], hits
        stop.set()
        thread.join()


SERVICES = [
    "SELECT * { SERVICE <URL> { ?s ?p ?o } }",
    "SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } }",
    "select*{service silent<URL>{?s ?p ?o}}",
    "SELECT * { BIND(<URL> AS ?u) SERVICE SILENT ?u { ?s ?p ?o } }",
    "SELECT * { ?a ?b ?c FILTER EXISTS { SERVICE SILENT <URL> { ?s ?p ?o } } }",
    "ASK { { SELECT * { SERVICE SILENT <URL> { ?s ?p ?o } } } }",
    "CONSTRUCT { ?s ?p ?o } { OPTIONAL { SERVICE SILENT <URL> { ?s ?p ?o } } }",
    # Made to mislead a reader of words: `<2)SERVICE#>` looks like an IRI.
    "SELECT * { FILTER(1<2)SERVICE#>\n SILENT <URL> { ?s ?p ?o } }",
    "SELECT * { FILTER(1<2)#>'\n SERVICE SILENT <URL> { ?s ?p ?o } } #'",
]


def test_no_service_clause_reaches_the_network(
    published: EmbeddedReleases, canary: tuple[int, list[str]]
) -> None:
    port, hits = canary

    async def scenario(pool: WorkerPool) -> None:
        for host in ("127.0.0.1", "localhost", "[::1]"):
            for text in SERVICES:
                query = text.replace("URL", f"http://{host}:{port}/sparql")
                with pytest.raises(QueryRefused, match="SERVICE"):
                    await ask(pool, query)
        with pytest.raises(QueryRefused, match="update"):
            await ask(pool, f"LOAD <http://127.0.0.1:{port}/>")
        await ask(pool, f"SELECT * FROM <http://127.0.0.1:{port}/> {{ ?s ?p ?o }}")

    with_pool(published, scenario)
    assert hits == []


def test_the_filter_alone_stops_services_that_no_word_gives_away(
    published: EmbeddedReleases, canary: tuple[int, list[str]]
) -> None:
    port, hits = canary
    missed = [t.replace("URL", f"http://127.0.0.1:{port}/") for t in SERVICES]
    missed = [text for text in missed if not lexer.calls_service(text)]
    assert missed  # otherwise this test shows nothing

    async def scenario(pool: WorkerPool) -> None:
        for text in missed:
            with pytest.raises(QueryRefused, match="SERVICE"):
                await ask(pool, text)

    with_pool(published, scenario)
    assert hits == []


def test_the_word_service_is_allowed_where_it_is_no_clause(published: EmbeddedReleases) -> None:
    async def scenario(pool: WorkerPool) -> None:
        for text in (
            'PREFIX service: <http://example.org/service#> SELECT ?service { ?service service:service "SERVICE" }',
            "SELECT * { ?s ?p 'SERVICE <x:a> {}' } # SERVICE",
            "ASK { <http://example.org/SERVICE> ?p '''\nSERVICE''' }",
        ):
            await ask(pool, text)

    with_pool(published, scenario)


PROBE = """
import ctypes, json, os, socket, sys
sys.path.insert(0, {root!r})
from app.store.workers import sandbox
import threading
filtered = sandbox.enter(sandbox.Limits(memory_bytes=1 << 30, parent=os.getppid()))
def outcome(act):
    try:
        act()
        return "done"
    except OSError as error:
        return error.strerror
    except Exception as error:
        return type(error).__name__
thread = threading.Thread(target=lambda: None)
libc = ctypes.CDLL(None, use_errno=True)
print(json.dumps({{
    "filtered": filtered,
    "thread": outcome(lambda: (thread.start(), thread.join())),
    "read": outcome(lambda: open("/etc/hostname").read()),
    "write": outcome(lambda: open("/tmp/tsunagu-probe", "w")),
    "append": outcome(lambda: open({root!r} + "/README.md", "a")),
    "unlink": outcome(lambda: os.unlink("/tmp/tsunagu-probe")),
    "mkdir": outcome(lambda: os.mkdir("/tmp/tsunagu-probe")),
    "chmod": outcome(lambda: os.chmod("/tmp", 0o777)),
    "fork": outcome(os.fork),
    "execve": outcome(lambda: os.execv("/bin/true", ["true"])),
    "kill": outcome(lambda: os.kill(os.getppid(), 0)),
    "unix socket": outcome(lambda: socket.socket(socket.AF_UNIX)),
    "netlink": outcome(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW)),
    "memfd": outcome(lambda: os.memfd_create("x")),
    "ptrace": libc.ptrace(0, 0, 0, 0),
    "io_uring": libc.syscall(425, 1, 0),
    "core": __import__("resource").getrlimit(4)[0],
}}), flush=True)
socket.socket({family})
"""


@pytest.mark.parametrize("family", ["socket.AF_INET", "socket.AF_INET6", "socket.AF_INET, socket.SOCK_DGRAM"])  # fmt: skip
def test_the_sandbox_leaves_reading_and_threads_only(family: str) -> None:
    program = PROBE.format(root=str(ROOT), family=family)
    done = subprocess.run([sys.executable, "-B", "-c", program], capture_output=True, check=False)
    outcomes = json.loads(done.stdout)
    assert outcomes.pop("filtered") is True
    assert (outcomes.pop("thread"), outcomes.pop("read")) == ("done", "done")
    assert (outcomes.pop("ptrace"), outcomes.pop("io_uring"), outcomes.pop("core")) == (-1, -1, 0)
    assert set(outcomes.values()) == {"Operation not permitted"}, outcomes
    assert done.returncode == -31  # SIGSYS, by the socket


def test_a_worker_sees_nothing_of_our_environment(
    published: EmbeddedReleases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TSUNAGU_SECRET", "secret")

    async def scenario(pool: WorkerPool) -> None:
        for worker in pool._processes.idle:
            environment = Path(f"/proc/{worker.pid}/environ").read_bytes()
            assert b"secret" not in environment
            links = [str(fd.readlink()) for fd in Path(f"/proc/{worker.pid}/fd").iterdir()]
            assert sum(link.startswith("socket:") for link in links) == 1

    with_pool(published, scenario)


def test_a_hundred_disconnects_leave_the_pool_as_it_was(published: EmbeddedReleases) -> None:
    async def scenario(pool: WorkerPool) -> None:
        for number in range(20):
            request = QueryRequest("SELECT * { ?a ?b ?c . ?d ?e ?f }", ("*/*",))
            task = asyncio.create_task(pool.run(request))
            await asyncio.sleep(0.002 * (number % 5))
            task.cancel()
            for result in await asyncio.gather(task, return_exceptions=True):
                if not isinstance(result, BaseException):
                    await result.chunks.aclose()
        answer, _ = await ask(pool, "ASK {}")
        assert answer.rows == 1
        assert pool._executions == {}

    with_pool(published, scenario, query_workers=2)
