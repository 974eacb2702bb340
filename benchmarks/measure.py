"""Runs commands as whole processes and takes medians: wall clock, CPU, peak memory."""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True)
class Run:
    """One finished run: seconds of wall clock and of CPU, peak memory in bytes."""

    wall: float
    cpu: float
    memory: int


@dataclass(frozen=True)
class Contender:
    """A program under measurement: its name and the command line."""

    name: str
    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    output: Path
    note: str = ""
    """Why its triples may differ from ours, where that is known."""


class Failed(RuntimeError):
    """A program that did not do it: what it printed, or that its time was up."""


def once(contender: Contender, limit_s: float | None = None) -> Run:
    """Run it. Raises Failed when it fails or takes longer than `limit_s`."""
    contender.output.unlink(missing_ok=True)
    started = time.monotonic()
    with (contender.folder / f"{contender.name}.log").open("w") as log:
        process = subprocess.Popen(
            contender.command, cwd=contender.folder, stdout=log, stderr=subprocess.STDOUT,
            env={**os.environ, **contender.environment},
        )  # fmt: skip
        timer = threading.Timer(limit_s or threading.TIMEOUT_MAX, process.kill)
        timer.daemon = True
        timer.start()
        _, status, usage = os.wait4(process.pid, 0)
        timer.cancel()
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if limit_s is not None and wall >= limit_s:
        raise Failed(f"no result within {limit_s:.0f} s")
    if process.returncode:
        text = (contender.folder / f"{contender.name}.log").read_text()
        raise Failed(f"ended with {process.returncode}: {text[-2000:].strip()}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def compare(
    contenders: Sequence[Contender], runs: int = 3, limit_s: float | None = None
) -> tuple[dict[str, Run], dict[str, str]]:
    """Medians of some runs each, taken in turn so that a change of the machine's speed meets
    every contender; and why those that fail do. Who fails once is not asked again."""
    taken: dict[str, list[Run]] = {contender.name: [] for contender in contenders}
    failures: dict[str, str] = {}
    for _ in range(runs):
        for contender in contenders:
            if contender.name not in failures:
                try:
                    taken[contender.name].append(once(contender, limit_s))
                except Failed as failure:
                    failures[contender.name] = str(failure)
    medians = {
        name: Run(
            median(run.wall for run in found),
            median(run.cpu for run in found),
            int(median(run.memory for run in found)),
        )
        for name, found in taken.items()
        if name not in failures
    }
    return medians, failures
