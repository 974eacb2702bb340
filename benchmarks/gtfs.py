"""The metro of Madrid (GTFS-Madrid-Bench), joins included, against Morph-KGC.

    python -m benchmarks gtfs --gtfs FOLDER [--copies 10] [--runs 3]

FOLDER holds the seed of https://github.com/oeg-upm/gtfs-bench: `gtfs-csv.yml` and `csv/`. A copy
of it beside the seed has the same rows with other identifiers, so that joins find partners in
their own copy and everything grows in step.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import conversion, engines

IDENTIFIERS = frozenset(
    ("trip_id", "stop_id", "parent_station", "shape_id", "service_id", "route_id", "agency_id")
)
RENAMED = {"shape_dist": "shape_dist_traveled"}
"""The seed's header of SHAPES.csv is cut off; the mapping has the name of the specification."""

_NOTE = "cells that are no value of their datatype: findings here, triples there"


def run(work: Path, seed: Path, copies: int = 1, runs: int = 3) -> None:
    """Make the tables, run the engines, keep the figures."""
    dataset = work / "gtfs"
    shutil.rmtree(dataset, ignore_errors=True)
    dataset.mkdir()
    rows = sum(replicate(table, dataset / table.name, copies) for table in tables(seed))
    mapping = (seed / "gtfs-csv.yml").read_text().replace("/data/", "")
    (dataset / "mapping.yml").write_text(mapping)
    resources = "".join(f"  - path: {table.name}\n" for table in tables(seed))
    (dataset / "datapackage.yaml").write_text(f"name: gtfs\ntitle: GTFS\nresources:\n{resources}")
    morph = replace(engines.morph_kgc(dataset, work), note=_NOTE)
    contenders = [engines.tsunagu(dataset), morph]
    conversion.measure(f"gtfs-{copies}", rows, contenders, runs)


def tables(seed: Path) -> Sequence[Path]:
    """The seed's tables."""
    return sorted((seed / "csv").glob("*.csv"))


def replicate(source: Path, target: Path, copies: int) -> int:
    """Write a table with its rows as many times, each with identifiers of its own; the rows."""
    with source.open(newline="", encoding="utf-8-sig") as file:
        header, *rows = csv.reader(file)
    marked = [place for place, name in enumerate(header) if name in IDENTIFIERS]
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([RENAMED.get(name, name) for name in header])
        for number in range(copies):
            writer.writerows(_copy(rows, marked, number))
    return len(rows) * copies


def _copy(rows: Sequence[list[str]], marked: Sequence[int], number: int) -> Iterator[list[str]]:
    for row in rows:
        if number:
            row = list(row)
            for place in marked:
                if row[place]:
                    row[place] = f"{row[place]}-{number}"
        yield row
