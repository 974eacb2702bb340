"""From a table to an optimized release, against the engine alone with N-Quads that are ready.

    python -m benchmarks release [--rows 100000] [--runs 3]

The engine's part is `bulk_load` of a file, `optimize` and `flush`. Ours is reading the table,
mapping it, checking every cell, loading, counting, optimizing, summing and sealing, in one
process each.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import BinaryIO

from pyoxigraph import RdfFormat, Store

from app import bootstrap
from app.findings import Findings
from app.publish.convert import convert
from app.publish.dataset import find_dataset
from app.publish.pipeline import fed_by
from app.settings import load
from app.store.base import GraphEntry
from benchmarks import tables

HERE = Path(__file__).parent
RESULTS = HERE / "results"


def run(work: Path, rows: int = 100_000, runs: int = 3) -> None:
    """Both in turn; the medians are kept."""
    folder = work / "release"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE / "aed", folder / "aed")
    tables.write(rows, folder / "aed" / "aed.csv")
    _once(folder, "ready")
    taken: dict[str, list[tuple[float, float]]] = {"engine": [], "release": []}
    for _ in range(runs):
        for name, found in taken.items():
            found.append(_once(folder, name))
    wall = {name: round(median(wall for wall, _ in found), 2) for name, found in taken.items()}
    cpu = {name: round(median(cpu for _, cpu in found), 2) for name, found in taken.items()}
    figures = {
        "date": datetime.now(UTC).date().isoformat(),
        "rows": rows,
        "wall_s": wall,
        "cpu_s": cpu,
        "times_engine": round(wall["release"] / wall["engine"], 2),
    }
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"release-{rows}.json").write_text(json.dumps(figures, indent=2) + "\n")
    print(figures)


def _once(folder: Path, what: str) -> tuple[float, float]:
    """Seconds of wall clock and CPU of one of the two, in a process of its own."""
    shutil.rmtree(folder / what, ignore_errors=True)
    command = [sys.executable, "-m", "benchmarks.release", str(folder), what]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    wall, cpu = json.loads(done.stdout)
    return wall, cpu


def main(folder: Path, what: str) -> None:
    """One measurement: the seconds on standard output."""
    os.environ["TSUNAGU_DATA_DIR"] = str(folder / what)
    os.environ["TSUNAGU_VOCAB_DIR"] = str(HERE.parent / "vocab")
    settings = load()
    dataset = find_dataset(settings, str(folder / "aed"))
    ready = folder / "ready.nq"
    wall, cpu = time.monotonic(), time.process_time()
    if what == "ready":
        with ready.open("wb") as file:
            convert(dataset, file.write, findings=Findings())
    elif what == "engine":
        store = Store(folder / what)
        store.bulk_load(path=ready, format=RdfFormat.N_QUADS, lenient=True)
        store.optimize()
        store.flush()
    else:
        entry = GraphEntry(iri=dataset.graph, dataset="aed", quads=0, modified=datetime.now(UTC))
        with bootstrap.open_releases(settings).build() as builder:

            def produce(sink: BinaryIO) -> None:
                convert(dataset, sink.write, findings=Findings(), distinct=False)

            with fed_by(produce) as quads:
                builder.load(dataset.graph, quads, entry=entry)
            builder.seal()
    json.dump((time.monotonic() - wall, time.process_time() - cpu), sys.stdout)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
