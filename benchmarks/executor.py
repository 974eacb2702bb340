"""Where the time of a conversion goes, and how it grows with rows, columns and distinct values.

    python -m benchmarks executor [--rows 1000000]

The parts are measured in one process on the AED table: reading it, the pass that looks for
repeated subjects, reading and mapping without output, the whole conversion into a file, and
writing and syncing the same bytes without making them, which is the least that anyone can take.
"""

from __future__ import annotations

import csv
import json
import os
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from app.findings import Findings
from app.mapping.execute import Executor
from app.publish.convert import convert
from app.publish.dataset import Dataset, find_dataset
from app.settings import load
from benchmarks import tables

HERE = Path(__file__).parent
RESULTS = HERE / "results"
GROWTH_ROWS = 200_000
COLUMNS = 8
REPEATS = 3


def run(work: Path, rows: int = 1_000_000) -> None:
    """Measure and keep."""
    os.environ["TSUNAGU_VOCAB_DIR"] = str(HERE.parent / "vocab")
    lines = [*parts(work / "executor", rows), *growth(work / "executor")]
    RESULTS.mkdir(exist_ok=True)
    stem = RESULTS / f"executor-{rows}"
    body = {"date": datetime.now(UTC).date().isoformat(), "measured": lines}
    stem.with_suffix(".json").write_text(json.dumps(body, indent=2) + "\n")
    with stem.with_suffix(".csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, lines[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    for line in lines:
        print("  ".join(f"{key}={value}" for key, value in line.items()))


def parts(folder: Path, rows: int) -> Iterator[dict[str, object]]:
    """The parts of one conversion."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(HERE / "aed", folder)
    tables.write(rows, folder / "aed.csv")
    dataset = find_dataset(load(), str(folder))
    output = folder / "out.nt"

    def read() -> None:
        (table,) = dataset.check(Findings()).values()
        for _ in table.batches():
            pass

    def mapped() -> None:
        opened = dataset.check(Findings())
        for _ in Executor(dataset.plan, opened.__getitem__, Findings()).run():
            pass

    def whole() -> None:
        _convert(dataset, output)

    def written() -> None:
        with output.open("rb") as source, (folder / "again.nt").open("wb") as target:
            while block := source.read(1 << 20):
                target.write(block)
            target.flush()
            os.fsync(target.fileno())

    for name, work in (
        ("read", read),
        ("read and map", mapped),
        ("read, map, find repeats, write", whole),
        ("write and sync the bytes", written),
    ):
        yield _line(name, rows, work, 1 if rows > GROWTH_ROWS else REPEATS)


def growth(folder: Path) -> Iterator[dict[str, object]]:
    """The same conversion of tables that differ in one thing."""
    for rows in (GROWTH_ROWS // 4, GROWTH_ROWS, GROWTH_ROWS * 2):
        yield _grown(folder, f"{rows} rows", rows, COLUMNS, rows)
    for columns in (2, 8, 32):
        yield _grown(folder, f"{columns} columns", GROWTH_ROWS, columns, GROWTH_ROWS)
    for distinct in (10, 1_000, GROWTH_ROWS):
        yield _grown(folder, f"{distinct} distinct values", GROWTH_ROWS, COLUMNS, distinct)


def _grown(folder: Path, name: str, rows: int, columns: int, distinct: int) -> dict[str, object]:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    names = [f"列{number}" for number in range(columns)]
    with (folder / "t.csv").open("w", encoding="utf-8") as file:
        file.write(",".join(("NO", *names)) + "\n")
        for row in range(rows):
            cell = f"市民センター{row % distinct:08d}"
            file.write(f"{row}{(',' + cell) * columns}\n")
    (folder / "datapackage.yaml").write_text("name: t\ntitle: t\nresources:\n  - path: t.csv\n")
    properties = "".join(f"      - [ex:p{n}, $({name})]\n" for n, name in enumerate(names))
    (folder / "mapping.yml").write_text(
        "prefixes:\n  ex: http://example.org/def/\nmappings:\n  t:\n"
        f"    s: http://example.org/id/$(NO)\n    po:\n{properties}"
    )
    dataset = find_dataset(load(), str(folder))
    return _line(name, rows, lambda: _convert(dataset, folder / "out.nt"), REPEATS)


def _convert(dataset: Dataset, output: Path) -> None:
    with output.open("wb") as file:
        convert(dataset, file.write, findings=Findings())


def _line(name: str, rows: int, work: Callable[[], None], repeats: int) -> dict[str, object]:
    walls, cpus = [], []
    for _ in range(repeats):
        wall, cpu = time.monotonic(), time.process_time()
        work()
        walls.append(time.monotonic() - wall)
        cpus.append(time.process_time() - cpu)
    return {
        "measured": name,
        "rows": rows,
        "wall_s": round(median(walls), 2),
        "cpu_s": round(median(cpus), 2),
        "us_a_row": round(median(walls) / rows * 1e6, 2),
        "memory_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
