"""`make soak`: harm is done to a server for some minutes while a second client goes on with its
work, and everything that happens is counted.

    python -m benchmarks.soak [--minutes 10] [--phases kills,runaways]

Phases (`attacks.PHASES`): nesting shapes at six depths; queries that never end; ways to the
network, against a listener that should hear nothing; open connections; slow readers; kill −9 of
query processes within their answers. The second client (`second_client`) asks for entity pages
and point queries all the while. Ends with 1 when an answer was a 5xx other than 503, a phase did
not come through its list, the listener was reached, the second client had to wait for more than
twice as long as in quiet, or the memory is not as it was. The report is kept when all phases ran.

Those who do harm run at a low priority: they stand for other machines, and here they would take
the server's processors for the making of their requests.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import json
import os
import resource
import shutil
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles

from app.publish.tokens import Role, Tokens
from benchmarks import attacks, endpoint
from benchmarks.second_client import KINDS
from tests.live import ROOT, LiveServer

RESULTS = Path(__file__).parent / "results"
SUBJECTS = 20_000
DEADLINE_S = 1.0
THREADS = 8
QUIET_SHARE = 0.06
BREAKING = (http.client.HTTPException, OSError, ValueError)


@dataclass
class Phase:
    """What happened in one part of the run."""

    name: str
    planned: int = 0
    done: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    probes: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    probe_statuses: Counter[str] = field(default_factory=Counter)
    note: str = ""
    began: float = field(default_factory=time.monotonic)

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
        # A token of its own: its turns and its budget are not those of the hostile client.
        _, secret = Tokens(server.data).add(Role.VIEWER, budget_s=6_000)
        self._client = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.second_client", str(server.port), secret,
             str(SUBJECTS)],
            cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self._lines: list[str] = []
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        assert self._client.stdout is not None
        self._lines += self._client.stdout

    def stop(self) -> None:
        """End the second client; what it met belongs to the phase in which it ended."""
        assert self._client.stdin is not None
        self._client.stdin.close()
        self._reader.join()
        self._client.wait()
        for line in self._lines:
            ended, kind, seconds, status = line.split()
            phase = next((p for p in reversed(self.phases) if p.began < float(ended)), None)
            if phase is not None:
                phase.probes[kind].append(float(seconds))
                phase.probe_statuses[status] += 1

    @contextmanager
    def phase(self, name: str, planned: int) -> Iterator[Phase]:
        """What the second client meets from here on belongs to this phase."""
        phase = Phase(name, planned)
        self.phases.append(phase)
        print(f"{time.strftime('%H:%M:%S')} {name}", flush=True)
        yield phase

    def quiet(self, name: str) -> None:
        """A phase without harm."""
        with self.phase(name, 0):
            time.sleep(max(self.seconds * QUIET_SHARE, 20))

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
        """The query processes: those that the template process has made."""
        found: list[int] = []
        for pid in self.processes():
            with contextlib.suppress(OSError):
                if b"template_process" in Path(f"/proc/{pid}/cmdline").read_bytes():
                    found += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return found


def faults(soak: Soak, before: int, after: int) -> list[str]:
    """What must not have happened. The slower of the two quiet phases is the measure: on a
    machine that others use as well, they tell how much of the waiting is not ours."""
    found = []
    quiet = {kind: max(soak.phases[n].p99(kind) for n in (0, -1)) for kind in KINDS}
    for phase in soak.phases:
        for status, number in (phase.statuses + phase.probe_statuses).items():
            if status.startswith("5") and status != "503":
                found.append(f"{phase.name}: {number} × {status}")
        if phase.done < phase.planned:
            found.append(f"{phase.name}: {phase.done} of {phase.planned} done")
        if phase.probe_statuses["200"] < 5:
            found.append(f"{phase.name}: the second client was not served")
        if phase.note.endswith("listener") and not phase.note.startswith("0 "):
            found.append(f"{phase.name}: {phase.note}")
        found += [
            f"{phase.name}: p99 of {kind} requests over twice the quiet one"
            for kind in KINDS
            if phase.p99(kind) > 2 * quiet[kind]
        ]
    if after > before * 1.5:
        found.append(f"memory {before >> 20} MiB before, {after >> 20} MiB after")
    return found


def report(soak: Soak, before: int, after: int, wrong: Sequence[str]) -> str:
    """The table."""
    minutes = (time.monotonic() - soak.phases[0].began) / 60
    lines = [
        f"Soak of {minutes:.1f} minutes on {os.cpu_count()} cores, load at the end "
        f"{os.getloadavg()[0]:.1f} (a machine to itself has less than 3); "
        f"{SUBJECTS * 10:,} triples, deadline {DEADLINE_S:g} s.",
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
            f"| {phase.p50('entity'):.1f} / {phase.p99('entity'):.1f} "
            f"| {phase.p50('point'):.1f} / {phase.p99('point'):.1f} | {served} | {phase.note} |"
        )
    lines += ["", f"Memory of all processes: {before >> 20} MiB before, {after >> 20} MiB after."]
    lines += ["", "Faults: " + ("; ".join(wrong) if wrong else "none") + "."]
    return "\n".join(lines) + "\n"


def run(soak: Soak, names: Sequence[str]) -> tuple[int, int]:
    """All phases; the memory before and after."""
    try:
        soak.quiet("quiet")
        before = soak.memory()
        for name in names:
            attacks.PHASES[name](soak)
        soak.quiet("quiet again")
        return before, soak.memory()
    finally:
        soak.stop()


def keep(soak: Soak, text: str, wrong: Sequence[str]) -> None:
    """Write the report down, for people and for programs."""
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


def main() -> int:
    """Run it; the exit code."""
    parser = argparse.ArgumentParser(prog="benchmarks.soak")
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--phases", default=",".join(attacks.PHASES))
    chosen = parser.parse_args()
    names: list[str] = chosen.phases.split(",")
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
        soak = Soak(server, chosen.minutes * 60)
        os.nice(10)
        before, after = run(soak, names)
    wrong = faults(soak, before, after)
    text = report(soak, before, after, wrong)
    if names == list(attacks.PHASES):
        keep(soak, text, wrong)
    print(text)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
