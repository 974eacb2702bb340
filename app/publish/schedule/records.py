"""What became of scheduled runs: a small file for each data set, which every process reads."""

from __future__ import annotations

import os
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError

from app.errors import Text

_FAILURES_KEPT: Final = 20


class RunOutcome(StrEnum):
    """How a run ended."""

    PUBLISHED = "published"
    UNCHANGED = "unchanged"
    FAILED = "failed"


class Run(BaseModel):
    """One run. `release` is current after it; `error` is an error as for machines."""

    model_config = ConfigDict(frozen=True)

    id: str
    started: datetime
    finished: datetime
    outcome: RunOutcome
    release: str | None = None
    error: dict[str, Any] | None = None


def message_of(run: Run) -> Text | None:
    """Why a run failed, and what to do: without the place, which is a path of the server."""
    if run.error is None:
        return None
    said, hint = run.error.get("message", {}), run.error.get("hint", {})
    return Text(
        f"{said.get('ja', '')}{hint.get('ja', '')}",
        f"{said.get('en', '')} {hint.get('en', '')}".strip(),
    )


class Record(BaseModel):
    """The schedule of one data set. `since`: when the server saw this schedule first; `due`: the
    next run; `failures`: the last ones, newest first."""

    model_config = ConfigDict(frozen=True)

    dataset: str
    title: str
    schedule: str
    since: datetime
    due: datetime | None = None
    last: Run | None = None
    failures: tuple[Run, ...] = ()

    def with_run(self, run: Run, due: datetime | None) -> Record:
        """The record after a run."""
        failed = (run,) if run.outcome is RunOutcome.FAILED else ()
        kept = (*failed, *self.failures)[:_FAILURES_KEPT]
        return self.model_copy(update={"last": run, "due": due, "failures": kept})


class Records:
    """The records of one data directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[Record]:
        """Every record, by data set."""
        found = (self._read(file) for file in sorted(self.folder.glob("*.json")))
        return [record for record in found if record is not None]

    def of(self, dataset: str) -> Record | None:
        """The record of one data set."""
        return self._read(self.folder / f"{dataset}.json")

    def keep(self, record: Record) -> Record:
        """Write a record."""
        self.folder.mkdir(parents=True, exist_ok=True)
        file = self.folder / f"{record.dataset}.json"
        waiting = file.with_name(f".{file.name}.{os.getpid()}")
        waiting.write_text(record.model_dump_json(), encoding="utf-8")
        waiting.replace(file)
        return record

    def forget(self, dataset: str) -> None:
        """Remove the record of a data set that has no schedule any more."""
        (self.folder / f"{dataset}.json").unlink(missing_ok=True)

    def _read(self, file: Path) -> Record | None:
        try:
            return Record.model_validate_json(file.read_bytes())
        except (OSError, ValidationError):
            return None
