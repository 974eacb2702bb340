"""Runs commands as whole processes and takes medians: wall clock, CPU, peak memory."""

from __future__ import annotations

import os
import subprocess
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


def once(contender: Contender) -> Run:
    """Run it. Raises RuntimeError with what it printed when it fails."""
    contender.output.unlink(missing_ok=True)
    started = time.monotonic()
    with (contender.folder / f"{contender.name}.log").open("w") as log:
        process = subprocess.Popen(
            contender.command, cwd=contender.folder, stdout=log, stderr=subprocess.STDOUT,
            env={**os.environ, **contender.environment},
        )  # fmt: skip
        _, status, usage = os.wait4(process.pid, 0)
    wall = time.monotonic() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        text = (contender.folder / f"{contender.name}.log").read_text()
        raise RuntimeError(f"{contender.name} failed: {text[-2000:]}")
    return Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def compare(contenders: Sequence[Contender], runs: int = 3) -> dict[str, Run]:
    """Medians of some runs each, taken in turn so that a change of the machine's speed meets
    every contender."""
    taken: dict[str, list[Run]] = {contender.name: [] for contender in contenders}
    for _ in range(runs):
        for contender in contenders:
            taken[contender.name].append(once(contender))
    return {
        name: Run(
            median(run.wall for run in found),
            median(run.cpu for run in found),
            int(median(run.memory for run in found)),
        )
        for name, found in taken.items()
    }
