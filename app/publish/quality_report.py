"""The report of a data set's check, kept in each release: what its page says of its quality is
what was found when it was published."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import orjson

from app.codes.regions import RegionTable
from app.errors import TsunaguError
from app.publish.checking import check_dataset
from app.publish.dataset import Dataset
from app.store.base import Snapshot

FOLDER: Final = "quality"
_EXAMPLES: Final = 20
"""Findings of each kind that are kept with their place; all are counted."""


def write(folder: Path, dataset: Dataset, most_rows: int) -> None:
    """Check the first `most_rows` rows of every table and write the report. A data set that
    withholds its sources has counts and grades in it, and no value of a cell."""
    if most_rows == 0:
        return
    regions = RegionTable.load(dataset.settings.vocab_dir)
    try:
        reports = check_dataset(dataset, regions, most_rows=most_rows, kept=_EXAMPLES)
    except TsunaguError:
        return  # what is no table (JSON by a path) is converted, but not checked
    told = [report.to_json() for report in reports]
    for table in told:
        table["complete"] = table["rows"] < most_rows
        if dataset.description.withhold_source:
            table["findings"] = []
    body = {"checked": datetime.now(UTC).isoformat(), "tables": told}
    (folder / FOLDER).mkdir(exist_ok=True)
    (folder / FOLDER / f"{dataset.id}.json").write_bytes(orjson.dumps(body))


def read(snapshot: Snapshot, dataset: str) -> dict[str, Any] | None:
    """The report of a data set, or None where the release has none."""
    path = snapshot.file(f"{FOLDER}/{dataset}.json")
    if path is None:
        return None
    body: dict[str, Any] = orjson.loads(path.read_bytes())
    return body
