"""The SPARQL endpoint under load: ours, rdflib-endpoint and Virtuoso, in one run.

    python -m benchmarks endpoint [--rows 20000] [--runs 3]

The same point queries (one subject, ten properties, JSON) over the same triples, by wrk with 16
connections; servers and client share the machine's cores. `isolated` runs every query in a
sandboxed process (the cache of answers is off); `kept` is what a crowd gets that asks for 500
things again and again. `direct` is the engine itself, in this process, for the overhead.
Needs wrk; Virtuoso is left out when Debian's virtuoso-opensource is not installed.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter, process_time
from urllib.parse import quote
from urllib.request import Request, urlopen

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from app import bootstrap
from app.settings import load
from app.store.base import GraphEntry
from benchmarks import isolation
from benchmarks.engines import environment

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PORT = 8480
SQL_PORT = 8481
CONNECTIONS = 16
SECONDS = 6
ASKED = 500
GRAPH = "http://bench.example/graph"
JSON = "application/sparql-results+json"


@dataclass(frozen=True)
class Figures:
    """One measurement: requests a second, milliseconds, failed requests, and the processor time
    that all processes of the server took for one request: of these the least disturbed by
    whatever else the machine does."""

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    cpu_ms: float


@dataclass(frozen=True)
class Server:
    """A server under load."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    path: str
    folder: Path


def run(work: Path, subjects: int = 20_000, runs: int = 3) -> None:
    """Load all of them, measure in turn, keep the medians."""
    folder = work / "endpoint"
    triples = prepare(folder, subjects)
    found: dict[str, list[Figures]] = {"direct": [direct(folder, subjects)]}
    for _ in range(runs):
        for server in servers(folder, work, triples):
            with running(server) as group:
                measured = wrk(folder, server.path, subjects, group)
                found.setdefault(server.name, []).append(measured)
    isolated = isolation.measure(folder / "data", query, subjects)
    keep(subjects, {name: _middle(figures) for name, figures in found.items()}, isolated)


def query(number: int) -> str:
    """A point query."""
    return f"SELECT ?p ?o WHERE {{ <http://bench.example/id/{number}> ?p ?o }}"


def prepare(folder: Path, subjects: int) -> Path:
    """Write the triples, ten of each subject, and publish them."""
    triples = folder / "triples.nt"
    if not (folder / f".{subjects}").exists():
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        with triples.open("w", encoding="utf-8") as file:
            for subject in range(subjects):
                for place in range(10):
                    file.write(
                        f"<http://bench.example/id/{subject}> <http://bench.example/p{place}> "
                        f'"値 {subject * 7 + place}"@ja .\n'
                    )
        releases = bootstrap.open_releases(load(None, {}, data_dir=folder / "data"))
        entry = GraphEntry(iri=GRAPH, quads=0, modified=datetime.now(UTC))
        with releases.build() as builder, triples.open("rb") as source:
            builder.load(GRAPH, source, entry=entry)
            builder.seal()
        (folder / f".{subjects}").touch()
    return triples


def direct(folder: Path, subjects: int) -> Figures:
    """The engine alone: no HTTP, no process, one after the other."""
    store = Store.read_only(str((folder / "data" / "current").resolve() / "store"))
    taken, cpu = [], process_time()
    for number in range(5_000):
        started = perf_counter()
        found = store.query(query(number * 7 % subjects), use_default_graph_as_union=True)
        assert isinstance(found, QuerySolutions)
        found.serialize(format=QueryResultsFormat.JSON)
        taken.append(perf_counter() - started)
    return Figures(
        len(taken) / sum(taken),
        median(taken) * 1e3,
        quantiles(taken, n=100)[98] * 1e3,
        0,
        (process_time() - cpu) / len(taken) * 1e3,
    )


def servers(folder: Path, work: Path, triples: Path) -> Iterator[Server]:
    """Every server, with how it is started."""
    ours = {"TSUNAGU_DATA_DIR": str(folder / "data"), "TSUNAGU_BASE_IRI": "http://bench.example",
            "TSUNAGU_QUERY_BUDGET_S": "1e9", "TSUNAGU_QUERY_BURST_S": "1e9",
            "TSUNAGU_LOG_LEVEL": "warning"}  # fmt: skip
    off = {**ours, "TSUNAGU_QUERY_CACHE_BYTES": "0"}
    serve = [sys.executable, "-m", "app", "serve", "--port", str(PORT)]
    here = HERE.parent
    yield Server("tsunagu isolated, 1 process", serve, off, "/sparql", here)
    yield Server("tsunagu isolated, 2 processes", [*serve, "--workers", "2"], off, "/sparql", here)
    yield Server("tsunagu kept, 2 processes", [*serve, "--workers", "2"], ours, "/sparql", here)
    for store in ("memory", "oxigraph"):
        python = environment("rdflib-endpoint", work)
        command = [str(python), "-m", "uvicorn", "--factory", "--port", str(PORT), "--loop",
                   "uvloop", "--http", "httptools", "--no-access-log", "--log-level", "error",
                   "rdflib_endpoint_server:create_app"]  # fmt: skip
        bench = {"BENCH_STORE": store, "BENCH_TRIPLES": str(triples)}
        yield Server(f"rdflib-endpoint {store}", command, bench, "/", HERE)
    if shutil.which("virtuoso-t") and shutil.which("isql-vt"):
        yield virtuoso(folder / "virtuoso", triples)


def virtuoso(folder: Path, triples: Path) -> Server:
    """Debian's Virtuoso with the memory that its manual advises for 2 GB, loaded once."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "virtuoso.ini").write_text(
        f"[Database]\nDatabaseFile={folder}/virtuoso.db\nErrorLogFile={folder}/virtuoso.log\n"
        f"LockFile={folder}/virtuoso.lck\nTransactionFile={folder}/virtuoso.trx\n"
        f"xa_persistent_file={folder}/virtuoso.pxa\nFileExtend=200\nStriping=0\n"
        f"TempStorage=TempDatabase\n[TempDatabase]\nDatabaseFile={folder}/temp.db\n"
        f"TransactionFile={folder}/temp.trx\nFileExtend=200\n"
        f"[Parameters]\nServerPort={SQL_PORT}\nDirsAllowed={triples.parent}\n"
        "NumberOfBuffers=170000\nMaxDirtyBuffers=130000\nMaxClientConnections=32\n"
        f"[HTTPServer]\nServerPort=127.0.0.1:{PORT}\nServerRoot={folder}\nServerThreads=32\n"
        "MaxClientConnections=32\nMaxKeepAlives=32\nKeepAliveTimeout=15\n"
    )
    command = ["virtuoso-t", "-f", "-c", str(folder / "virtuoso.ini")]
    graph = quote(GRAPH, safe="")
    server = Server("virtuoso", command, {}, f"/sparql?default-graph-uri={graph}", folder)
    if not (folder / ".loaded").exists():
        with running(server, ready=False):
            statement = (
                f"DB.DBA.TTLP_MT(file_to_string_output('{triples}'), '', '{GRAPH}', 0); checkpoint;"
            )
            isql = ["isql-vt", str(SQL_PORT), "dba", "dba", f"exec={statement}"]
            for _ in range(60):
                time.sleep(1)
                done = subprocess.run(isql, capture_output=True, check=False)
                if done.returncode == 0 and b"Error" not in done.stderr:
                    break
            else:
                raise RuntimeError(done.stderr.decode())
        (folder / ".loaded").touch()
    return server


@contextmanager
def running(server: Server, *, ready: bool = True) -> Iterator[int]:
    """The server, ended at the end; gives the id of its process group."""
    process = subprocess.Popen(
        server.command,
        cwd=server.folder,
        env={**os.environ, **server.environment},
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        if ready:
            _wait(server)
        yield process.pid
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def _wait(server: Server) -> None:
    """Until it gives the right answer. Raises TimeoutError after two minutes."""
    request = Request(_address(server.path, 3), headers={"Accept": JSON})
    for _ in range(240):
        time.sleep(0.5)
        try:
            with urlopen(request) as answer:
                if len(json.load(answer)["results"]["bindings"]) == 10:
                    return
        except OSError:
            continue
    raise TimeoutError(server.name)


def _address(path: str, number: int) -> str:
    mark = "&" if "?" in path else "?"
    return f"http://127.0.0.1:{PORT}{path}{mark}query={quote(query(number), safe='')}"


def processor_s(group: int) -> float:
    """Processor time of all living processes of a group, in seconds."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text().rpartition(")")[2].split()
            if int(fields[2]) == group:
                ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def wrk(folder: Path, path: str, subjects: int, group: int) -> Figures:
    """Load for some seconds, after a second of warming up."""
    paths = folder / "paths"
    numbers = [n * (subjects // ASKED) for n in range(ASKED)]
    start = f"http://127.0.0.1:{PORT}"
    paths.write_text("".join(_address(path, n).removeprefix(start) + "\n" for n in numbers))
    variables = {**os.environ, "BENCH_PATHS": str(paths), "BENCH_ACCEPT": JSON}
    script = str(HERE / "requests.lua")
    before = 0.0
    for seconds in (1, SECONDS):
        before = processor_s(group)
        done = subprocess.run(
            ["wrk", "-t", "1", "-c", str(CONNECTIONS), "-d", f"{seconds}s", "-s", script, start],
            env=variables,
            capture_output=True,
            check=True,
            text=True,
        )
    spent = processor_s(group) - before
    [line] = [x for x in done.stdout.splitlines() if x.startswith("FIGURES ")]
    told = json.loads(line.removeprefix("FIGURES "))
    return Figures(
        told["requests"] / told["seconds"],
        told["p50_ms"],
        told["p99_ms"],
        told["errors"],
        spent / max(told["requests"], 1) * 1e3,
    )


def _middle(figures: Sequence[Figures]) -> Figures:
    return Figures(
        median(f.per_second for f in figures),
        median(f.p50_ms for f in figures),
        median(f.p99_ms for f in figures),
        max(f.errors for f in figures),
        median(f.cpu_ms for f in figures),
    )


def keep(subjects: int, found: Mapping[str, Figures], isolated: isolation.Isolation) -> None:
    """Print a table and write it down."""
    print(f"{'server':<32} {'req/s':>8} {'p50 ms':>8} {'p99 ms':>8} {'errors':>7} {'cpu ms':>7}")
    for name, figures in found.items():
        print(
            f"{name:<32} {figures.per_second:>8.0f} {figures.p50_ms:>8.2f} "
            f"{figures.p99_ms:>8.2f} {figures.errors:>7} {figures.cpu_ms:>7.2f}"
        )
    print(
        f"isolation: {isolated.overhead_ms:.3f} ms a point query "
        f"({isolated.point_direct_ms:.3f} → {isolated.point_pool_ms:.3f} ms); "
        f"100,000 rows in {isolated.rows_ratio:.2f} times the engine's own {isolated.rows_direct_s:.3f} s"
    )
    told = {
        "when": datetime.now(UTC).isoformat(timespec="seconds"),
        "cores": os.cpu_count(),
        "triples": subjects * 10,
        "connections": CONNECTIONS,
        "figures": {name: asdict(figures) for name, figures in found.items()},
        "isolation": {
            **asdict(isolated),
            "overhead_ms": isolated.overhead_ms,
            "rows_ratio": isolated.rows_ratio,
        },
    }
    path = RESULTS / f"endpoint-{subjects * 10}.json"
    path.write_text(json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
