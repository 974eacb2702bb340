"""Entity pages under load: ours, a bare page written for the purpose, and Trifid, in one run.

    python -m benchmarks pages [--rows 100000] [--runs 3]

All read the same sealed release. 16 connections, 2 server processes, client and servers on the
same cores. `cold` switches the cache of rendered pages off: every page is made from look-ups.
`warm` asks for 500 things again and again, as a crowd does. `conditional` sends the right tag.
Needs wrk; Trifid needs node and is left out without it.
"""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from urllib.request import Request, urlopen

from app import bootstrap
from app.publish.dataset import all_datasets
from app.publish.pipeline import publish
from app.settings import Settings, load
from benchmarks import tables

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PORT = 8490
ENDPOINT_PORT = 8491
BASE = f"http://127.0.0.1:{PORT}"
SECONDS = 6
CONNECTIONS = 16
PROCESSES = 2
TRIFID = "5.3.0"
ACCEPT = {"turtle": "text/turtle", "html": "text/html"}
UVICORN = ("-m", "uvicorn", "--factory", "--host", "127.0.0.1", "--loop", "uvloop", "--http",
           "httptools", "--no-access-log", "--log-level", "warning")  # fmt: skip


@dataclass(frozen=True)
class Figures:
    """One measurement."""

    per_second: float
    p50_ms: float
    p99_ms: float
    errors: int
    bytes: int


@dataclass(frozen=True)
class Server:
    """A server under load: its commands (the one asked comes last) and environment."""

    name: str
    commands: Sequence[Sequence[str]]
    environment: Mapping[str, str]
    folder: Path


def run(work: Path, rows: int = 100_000, runs: int = 3) -> None:
    """Publish, measure everything in turn, keep the medians."""
    folder = work / f"pages-{rows}"
    settings = prepare(folder, rows)
    quads = bootstrap.open_releases(settings).snapshot().manifest.quads
    found: dict[tuple[str, str, str], list[Figures]] = {}
    for _ in range(runs):
        for server, kinds in contenders(settings, work):
            with running(server):
                for kind in kinds:
                    for form, accept in ACCEPT.items():
                        paths = paths_file(folder, rows, kind, accept)
                        measured = load_with_wrk(paths, accept)
                        found.setdefault((server.name, kind, form), []).append(measured)
    keep(rows, quads, {key: middle(figures) for key, figures in found.items()})


def prepare(folder: Path, rows: int) -> Settings:
    """Publish the table and the regions it points to, unless that was done before."""
    settings = load(None, {}, base_iri=BASE, data_dir=folder / "data",
                    mappings_dir=folder / "mappings")  # fmt: skip
    target = folder / "mappings" / "places"
    if not (target / f".{rows}").exists():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(HERE / "places", target)
        _copy_regions(folder / "mappings" / "regions")
        tables.write(rows, target / "places.csv")
        (target / f".{rows}").touch()
    releases = bootstrap.open_releases(settings)
    if releases.current() is None:
        publish(all_datasets(settings), releases, settings)
    return settings


def _copy_regions(target: Path) -> None:
    """The bundled regions as a folder of their own: their table lies among the vocabularies."""
    shutil.copytree(HERE.parent / "mappings" / "regions", target)
    shutil.copy(HERE.parent / "vocab" / "regions.csv", target)
    for path in target.glob("*.y*ml"):
        path.write_text(path.read_text("utf-8").replace("../../vocab/", ""), "utf-8")


def contenders(settings: Settings, work: Path) -> Iterator[tuple[Server, tuple[str, ...]]]:
    """Each server with the kinds of load it is measured under."""
    release = (settings.data_dir / "current").resolve()
    store = {"BENCH_STORE": str(release / "store"), "BENCH_BASE": BASE}
    ours = {
        "TSUNAGU_BASE_IRI": BASE,
        "TSUNAGU_DATA_DIR": str(settings.data_dir),
        "TSUNAGU_MAPPINGS_DIR": str(settings.mappings_dir),
    }
    serve = [sys.executable, "-m", "app", "serve", "--port", str(PORT), "--workers", str(PROCESSES)]
    bare = [sys.executable, *UVICORN, "--port", str(PORT), "--workers", str(PROCESSES),
            "benchmarks.bare_page:create_app"]  # fmt: skip
    here = HERE.parent
    yield Server("bare", [bare], store, here), ("cold",)
    no_cache = {**ours, "TSUNAGU_PAGE_CACHE_BYTES": "0"}
    yield Server("tsunagu", [serve], no_cache, here), ("cold",)
    yield Server("tsunagu", [serve], ours, here), ("warm", "conditional")
    if shutil.which("npm"):
        trifid = install_trifid(work / "trifid")
        endpoint = [sys.executable, *UVICORN, "--port", str(ENDPOINT_PORT),
                    "benchmarks.sparql_server:create_app"]  # fmt: skip
        command = ["node", str(trifid / "node_modules/trifid/server.js"), "--port", str(PORT),
                   "--config", str(trifid / "config.yaml")]  # fmt: skip
        yield Server("trifid", [endpoint, command], store, here), ("cold",)


def install_trifid(folder: Path) -> Path:
    """Trifid from npm with its entity pages alone, before the endpoint."""
    if not (folder / "node_modules/trifid").is_dir():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            ["npm", "install", "--no-audit", "--no-fund", "--silent", f"trifid@{TRIFID}"],
            cwd=folder,
            check=True,
        )
    (folder / "config.yaml").write_text(
        "server:\n  logLevel: error\n"
        f"globals:\n  endpoints:\n    default:\n      url: http://127.0.0.1:{ENDPOINT_PORT}/query\n"
        "plugins:\n  entity-renderer:\n    module: '@zazuko/trifid-entity-renderer'\n"
    )
    return folder


@contextmanager
def running(server: Server) -> Iterator[None]:
    """The server's processes, ended at the end."""
    started = [
        subprocess.Popen(
            command,
            cwd=server.folder,
            env={**os.environ, **server.environment},
            start_new_session=True,
            stdout=subprocess.DEVNULL,
        )
        for command in server.commands
    ]
    try:
        wait_until_answered(f"{BASE}{path_of(1, server.name)}")
        yield
    finally:
        for process in started:
            os.killpg(process.pid, signal.SIGTERM)
        for process in started:
            process.wait(20)


def wait_until_answered(address: str) -> None:
    """Raises TimeoutError after a minute."""
    for _ in range(120):
        time.sleep(0.5)
        try:
            with urlopen(Request(address, headers={"Accept": "text/turtle"})):
                return
        except OSError:
            continue
    raise TimeoutError(address)


def path_of(number: int, server: str = "") -> str:
    """The path of a thing; Trifid answers at the thing's own."""
    return f"/{'id' if server == 'trifid' else 'doc'}/place/{number:010d}"


def paths_file(folder: Path, rows: int, kind: str, accept: str) -> Path:
    """The paths to ask for: 500 things, or 20,000 spread over the table."""
    path = folder / "paths"
    count = 20_000 if kind == "cold" else 500
    numbers = [n * (rows // count) + 1 for n in range(min(count, rows))]
    server = "trifid" if not _is_ours_or_bare() else ""
    lines = [path_of(number, server) for number in numbers]
    if kind == "conditional":
        lines = [f"{line} {_tag(line, accept)}" for line in lines]
    path.write_text("\n".join(lines) + "\n")
    return path


def _is_ours_or_bare() -> bool:
    try:
        with urlopen(f"{BASE}{path_of(1)}") as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _tag(path: str, accept: str) -> str:
    with urlopen(Request(BASE + path, headers={"Accept": accept})) as answer:
        return str(answer.headers["ETag"])


def load_with_wrk(paths: Path, accept: str) -> Figures:
    """Figures of one load, after a second of warming up."""
    environment = {**os.environ, "BENCH_PATHS": str(paths), "BENCH_ACCEPT": accept}
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", "-s", str(HERE / "requests.lua"), BASE]
    for duration in ("1s", f"{SECONDS}s"):
        done = subprocess.run(
            [*command[:-1], "-d", duration, command[-1]],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
    line = next(x for x in done.stdout.splitlines() if x.startswith("FIGURES "))
    told = json.loads(line.removeprefix("FIGURES "))
    return Figures(told["requests"] / told["seconds"], told["p50_ms"], told["p99_ms"],
                   told["errors"], told["bytes"] // max(1, told["requests"]))  # fmt: skip


def middle(figures: Sequence[Figures]) -> Figures:
    """Medians, number by number."""
    return Figures(
        median(f.per_second for f in figures),
        median(f.p50_ms for f in figures),
        median(f.p99_ms for f in figures),
        sum(f.errors for f in figures),
        int(median(f.bytes for f in figures)),
    )


def keep(rows: int, quads: int, found: Mapping[tuple[str, str, str], Figures]) -> None:
    """Write the figures as JSON and CSV to benchmarks/results/."""
    lines = [
        {
            "server": server,
            "load": kind,
            "format": form,
            "per_second": round(f.per_second),
            "of_bare": round(f.per_second / found[("bare", "cold", form)].per_second, 2),
            "p50_ms": f.p50_ms,
            "p99_ms": f.p99_ms,
            "bytes": f.bytes,
            "errors": f.errors,
        }
        for (server, kind, form), f in sorted(found.items(), key=lambda item: item[0][2])
    ]
    stem = RESULTS / f"pages-{rows}"
    body = {
        "date": datetime.now(UTC).date().isoformat(),
        "triples": quads,
        "processes": PROCESSES,
        "connections": CONNECTIONS,
        "figures": lines,
    }
    stem.with_suffix(".json").write_text(json.dumps(body, indent=2) + "\n")
    with stem.with_suffix(".csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, lines[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    for line in lines:
        print("  ".join(f"{key}={value}" for key, value in line.items()))
