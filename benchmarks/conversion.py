"""CSV → RDF, engine against engine, in one run.

python -m benchmarks conversion [--rows 1000000] [--runs 3]
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import engines, tables
from benchmarks.measure import Run, compare

HERE = Path(__file__).parent
RESULTS = HERE / "results"


def run(work: Path, rows: int = 1_000_000, runs: int = 3) -> dict[str, Run]:
    """Make the table, run every engine, check that all give the same triples, keep figures."""
    dataset = work / "aed"
    shutil.rmtree(dataset, ignore_errors=True)
    shutil.copytree(HERE / "aed", dataset)
    tables.write(rows, dataset / "aed.csv")
    contenders = [
        engines.tsunagu(dataset),
        engines.plain_python(dataset),
        engines.morph_kgc(dataset, work),
    ]
    found = compare(contenders, runs)
    counts = {contender.name: distinct_triples(contender.output) for contender in contenders}
    if len(set(counts.values())) != 1:
        raise RuntimeError(f"the engines disagree: {counts}")
    keep("conversion", rows, counts["tsunagu"], found)
    return found


def distinct_triples(path: Path) -> tuple[int, str]:
    """Number and checksum of the sorted distinct triples."""
    command = f"LC_ALL=C sort -u --parallel=2 -S 2G '{path}' | tee >(wc -l >&2) | sha256sum"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    return int(done.stderr), done.stdout.split()[0]


def keep(name: str, rows: int, triples: tuple[int, str], found: dict[str, Run]) -> None:
    """Write the figures as JSON and CSV to benchmarks/results/."""
    RESULTS.mkdir(exist_ok=True)
    ours = found["tsunagu"].wall
    lines = [
        {
            "engine": engine,
            "rows": rows,
            "triples": triples[0],
            "wall_s": round(run.wall, 2),
            "cpu_s": round(run.cpu, 2),
            "memory_mb": round(run.memory / 1e6),
            "times_ours": round(run.wall / ours, 2),
        }
        for engine, run in found.items()
    ]
    stem = RESULTS / f"{name}-{rows}"
    body = {"date": datetime.now(UTC).date().isoformat(), "engines": lines}
    stem.with_suffix(".json").write_text(json.dumps(body, indent=2) + "\n")
    with stem.with_suffix(".csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, lines[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    for line in lines:
        print("  ".join(f"{key}={value}" for key, value in line.items()))
