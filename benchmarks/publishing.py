"""How long a publish takes, step by step: a large table first, then a change in a small one.

    python -m benchmarks publish [--rows 100000] [--runs 3]

The first publish makes a release of two data sets: the table of places with as many rows as
asked for, and one of a hundred rows. The second follows a change of one cell of the small one;
the large one is taken over. Kept are the medians of each step.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from app import bootstrap
from app.errors import Text
from app.publish.dataset import all_datasets
from app.publish.pipeline import publish
from app.settings import Settings, load
from benchmarks import tables

HERE = Path(__file__).parent
RESULTS = HERE / "results"
SMALL_ROWS = 100


class Steps:
    """`app.publish.convert.Progress` with a clock: seconds of wall clock and CPU by step."""

    def __init__(self) -> None:
        self.taken: dict[str, tuple[float, float]] = {}
        self._name = "Start"
        self._since = time.monotonic(), time.process_time()

    def rows(self, dataset: str, count: int) -> None:
        """Not asked for."""

    def step(self, what: Text) -> None:
        """Another step begins."""
        wall, cpu = time.monotonic(), time.process_time()
        known = self.taken.get(self._name, (0.0, 0.0))
        self.taken[self._name] = (
            known[0] + wall - self._since[0],
            known[1] + cpu - self._since[1],
        )
        self._name, self._since = what.en, (wall, cpu)


def run(work: Path, rows: int = 100_000, runs: int = 3) -> list[dict[str, object]]:
    """Publish in processes of their own and keep the medians."""
    folder = work / "publish"
    told = []
    for _ in range(runs):
        command = [sys.executable, "-m", "benchmarks.publishing", str(folder), str(rows)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        told.append(json.loads(done.stdout))
    lines = []
    for number, first in enumerate(told[0]):
        each = [run[number] for run in told]
        figures = {
            name: round(median(one[name] for one in each), 2)
            for name in ("wall_s", "cpu_s", "memory_mb")
        }
        lines.append({**first, **figures})
    keep(rows, lines)
    return lines


def keep(rows: int, lines: Sequence[dict[str, object]]) -> None:
    """Write the figures as JSON and CSV to benchmarks/results/."""
    RESULTS.mkdir(exist_ok=True)
    stem = RESULTS / f"publish-{rows}"
    body = {"date": datetime.now(UTC).date().isoformat(), "rows": rows, "steps": list(lines)}
    stem.with_suffix(".json").write_text(json.dumps(body, indent=2) + "\n")
    with stem.with_suffix(".csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, lines[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    for line in lines:
        print("  ".join(f"{key}={value}" for key, value in line.items()))


def prepare(folder: Path, rows: int) -> Settings:
    """A data directory of its own with two data sets."""
    shutil.rmtree(folder, ignore_errors=True)
    mappings = folder / "mappings"
    for name, count in (("places", rows), ("small", SMALL_ROWS)):
        shutil.copytree(HERE / "places", mappings / name)
        for file in (mappings / name).iterdir():
            file.write_text(file.read_text().replace("place", name.removesuffix("s")))
        tables.write(count, mappings / name / f"{name.removesuffix('s')}s.csv")
    os.environ["TSUNAGU_DATA_DIR"] = str(folder / "data")
    os.environ["TSUNAGU_MAPPINGS_DIR"] = str(mappings)
    os.environ["TSUNAGU_VOCAB_DIR"] = str(HERE.parent / "vocab")
    return load()


def timed(name: str, settings: Settings) -> list[dict[str, object]]:
    """One publish of all data sets, its steps and the whole."""
    steps = Steps()
    started, cpu = time.monotonic(), time.process_time()
    published = publish(
        all_datasets(settings), bootstrap.open_releases(settings), settings, progress=steps
    )
    wall, cpu = time.monotonic() - started, time.process_time() - cpu
    steps.step(Text("終わり", "End"))
    quads = published.manifest.quads if published.manifest is not None else 0
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    taken = {**steps.taken, "All": (wall, cpu)}
    return [
        {
            "publish": name,
            "step": step,
            "quads": quads,
            "wall_s": seconds[0],
            "cpu_s": seconds[1],
            "memory_mb": memory,
        }
        for step, seconds in taken.items()
    ]


def main(folder: Path, rows: int) -> None:
    """One run: both publishes, their figures as JSON on standard output."""
    settings = prepare(folder, rows)
    lines = timed("first", settings)
    small = folder / "mappings" / "small" / "smalls.csv"
    small.write_text(small.read_text().replace("市民センター", "市民ホール", 1))
    lines += timed("small change", settings)
    json.dump(lines, sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
