"""`python -m benchmarks [NAME] [--rows N] [--runs N]`: all benchmarks, or one."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import (
    conversion,
    endpoint,
    executor,
    front,
    gtfs,
    pages,
    publishing,
    release,
    search,
)


def main() -> None:
    """Run what was asked for; the work files lie in data/bench/."""
    parser = argparse.ArgumentParser(prog="benchmarks")
    names = [
        "conversion",
        "endpoint",
        "executor",
        "front",
        "gtfs",
        "pages",
        "publish",
        "release",
        "search",
    ]
    parser.add_argument("name", nargs="?", choices=names)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--gtfs", type=Path, help="the seed of GTFS-Madrid-Bench")
    parser.add_argument("--copies", type=int, default=10)
    arguments = parser.parse_args()
    work = Path("data/bench").resolve()
    work.mkdir(parents=True, exist_ok=True)
    if arguments.name in (None, "conversion"):
        conversion.run(work, arguments.rows, arguments.runs)
    if arguments.name in (None, "executor"):
        executor.run(work, arguments.rows)
    if arguments.name in (None, "gtfs") and arguments.gtfs is not None:
        for copies in sorted({1, arguments.copies}):
            gtfs.run(work, arguments.gtfs, copies, arguments.runs)
    if arguments.name in (None, "pages"):
        rows = arguments.rows if arguments.name else min(arguments.rows, 100_000)
        pages.run(work, rows, arguments.runs)
    if arguments.name in (None, "endpoint"):
        endpoint.run(work, runs=arguments.runs)
    if arguments.name in (None, "release"):
        rows = arguments.rows if arguments.name else min(arguments.rows, 100_000)
        release.run(work, rows, arguments.runs)
    if arguments.name in (None, "publish"):
        rows = arguments.rows if arguments.name else min(arguments.rows, 100_000)
        publishing.run(work, rows, arguments.runs)
    if arguments.name in (None, "front"):
        front.run(arguments.runs)
    if arguments.name in (None, "search"):
        search.run(work, arguments.rows)


main()
