"""CSV → RDF, engine against engine, in one run.

python -m benchmarks conversion [--rows 1000000] [--runs 3]
"""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import engines, tables
from benchmarks.measure import Contender, Run, compare

HERE = Path(__file__).parent
RESULTS = HERE / "results"
LIMIT_S = 900.0
"""For one run of one engine; past it the engine is told as one that did not finish."""

_SMALL = 100_000
"""Rows up to which the slow engines take part: they need minutes beyond."""


def run(work: Path, rows: int = 1_000_000, runs: int = 3) -> None:
    """Make the table, run every engine, compare the triples, keep figures."""
    dataset = work / "aed"
    shutil.rmtree(dataset, ignore_errors=True)
    shutil.copytree(HERE / "aed", dataset)
    tables.write(rows, dataset / "aed.csv")
    contenders = [
        engines.tsunagu(dataset),
        engines.plain_python(dataset),
        engines.morph_kgc(dataset, work),
    ]
    if rows <= _SMALL:
        contenders += [engines.maplib(dataset, work), engines.sdm_rdfizer(dataset, work)]
    measure(f"conversion-{rows}", rows, contenders, runs)


def measure(name: str, rows: int, contenders: Sequence[Contender], runs: int) -> None:
    """Run programs in turn, compare what they wrote, keep the figures. Raises RuntimeError when
    one that should agree with the first does not."""
    found, failures = compare(contenders, runs, LIMIT_S)
    for contender in contenders:
        if contender.name in found:
            distinct(contender.output)
    ours, *others = contenders
    lines = [line(contender, ours, rows, found, failures) for contender in contenders]
    keep(name, lines)
    for contender, told in zip(others, lines[1:], strict=True):
        if (told["ours_only"] or told["theirs_only"]) and not contender.note:
            raise RuntimeError(f"{contender.name} disagrees: see {contender.output}")
    missing = failures.get(ours.name)
    if missing is not None:
        raise RuntimeError(missing)


def line(
    contender: Contender,
    ours: Contender,
    rows: int,
    found: Mapping[str, Run],
    failures: Mapping[str, str],
) -> dict[str, object]:
    """The figures of one program. Triples that only one of the two has are counted."""
    run, reference = found.get(contender.name), found.get(ours.name)
    ours_only, theirs_only = differences(ours.output, contender.output) if run else (None, None)
    return {
        "engine": contender.name,
        "rows": rows,
        "triples": count(contender.output) if run else None,
        "wall_s": round(run.wall, 2) if run else None,
        "cpu_s": round(run.cpu, 2) if run else None,
        "memory_mb": round(run.memory / 1e6) if run else None,
        "times_ours": round(run.wall / reference.wall, 2) if run and reference else None,
        "ours_only": ours_only,
        "theirs_only": theirs_only,
        "note": failures.get(contender.name, contender.note if ours_only or theirs_only else ""),
    }


def distinct(path: Path) -> None:
    """Replace a file of triples by its sorted distinct lines, one blank before each dot."""
    command = (
        f"sed -E 's/([^ ]) ?\\.$/\\1 ./' '{path}' | LC_ALL=C sort -u --parallel=2 -S 2G -o '{path}.x'"
        f" && mv '{path}.x' '{path}'"
    )
    subprocess.run(["bash", "-c", command], check=True)


def differences(ours: Path, theirs: Path) -> tuple[int, int]:
    """How many triples only the one and only the other has."""
    counts = []
    for columns in ("-23", "-13"):
        command = f"LC_ALL=C comm {columns} '{ours}' '{theirs}' | wc -l"
        done = subprocess.run(["bash", "-c", command], capture_output=True, check=True)
        counts.append(int(done.stdout))
    return counts[0], counts[1]


def count(path: Path) -> int:
    """Lines of a file."""
    done = subprocess.run(["wc", "-l", path], capture_output=True, check=True)
    return int(done.stdout.split()[0])


def keep(name: str, lines: Sequence[dict[str, object]]) -> None:
    """Write the figures as JSON and CSV to benchmarks/results/."""
    RESULTS.mkdir(exist_ok=True)
    stem = RESULTS / name
    body = {"date": datetime.now(UTC).date().isoformat(), "engines": list(lines)}
    stem.with_suffix(".json").write_text(json.dumps(body, indent=2) + "\n")
    with stem.with_suffix(".csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, lines[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(lines)
    for told in lines:
        print("  ".join(f"{key}={value}" for key, value in told.items()))
