"""The task of the server that publishes data sets when they are due.

Of several server processes one holds the lock and looks; a run is a job like a steward's, in a
process of its own, one after the other. What was due while no server ran is made up for once.
"""

from __future__ import annotations

import asyncio
import fcntl
import logging
import os
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from app.errors import PublishInProgress, Text, TsunaguError
from app.publish.audit import AuditLog
from app.publish.dataset import Dataset, all_datasets
from app.publish.schedule.records import Record, Records, Run, RunOutcome
from app.publish.schedule.timetable import Timetable
from app.publish.workbench.jobs import Job, Jobs, JobState
from app.settings import Settings

_LOG: Final = logging.getLogger(__name__)
_LOOK_S: Final = 20.0
_ASK_S: Final = 0.2
ACTION: Final = "scheduled"
WHO: Final = "schedule"
_IN_THE_WAY: Final = PublishInProgress(Text("", "")).code


class Scheduler:
    """Looks for what is due, and runs it."""

    def __init__(
        self, settings: Settings, jobs: Jobs, records: Records, *, look_s: float = _LOOK_S
    ) -> None:
        self._settings = settings
        self._jobs = jobs
        self._records = records
        self._look_s = look_s
        self._lock: int | None = None
        self._task: asyncio.Task[None] | None = None
        self._seen: dict[Path, tuple[tuple[int, int], str, str]] = {}

    async def start(self) -> None:
        """Begin to look, if this server is to."""
        if self._settings.schedule:
            self._task = asyncio.get_running_loop().create_task(self._watch())

    async def close(self) -> None:
        """Stop looking. A run goes on to its end: publishing is whole or not at all."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task
        if self._lock is not None:
            os.close(self._lock)

    async def _watch(self) -> None:
        while True:
            try:
                for record in await asyncio.to_thread(self._due):
                    await self._run(record)
            except (TsunaguError, OSError):
                _LOG.exception("the schedules could not be looked at")
            await asyncio.sleep(self._look_s)

    def _due(self) -> list[Record]:
        """The records of the data sets that are due now; all of them brought up to date."""
        scheduled = self._scheduled()
        if (not scheduled and not self._records.folder.is_dir()) or not self._is_the_one():
            return []
        now, due = datetime.now(UTC), []
        for known in self._records.all():
            if known.dataset not in scheduled:
                self._records.forget(known.dataset)
        for dataset, (title, schedule) in scheduled.items():
            record = self._records.of(dataset)
            if record is None or (record.schedule, record.title) != (schedule, title):
                next_time = self._after(schedule, now)
                known_runs = record or Record(dataset=dataset, title="", schedule="", since=now)
                update = {"title": title, "schedule": schedule, "since": now, "due": next_time}
                record = self._records.keep(known_runs.model_copy(update=update))
            if record.due is not None and record.due <= now:
                due.append(record)
        return sorted(due, key=lambda record: record.due or now)

    def _scheduled(self) -> dict[str, tuple[str, str]]:
        """Title and schedule of the data sets that have one and are published. Descriptions that
        did not change are not read again."""
        found = {}
        for dataset in all_datasets(self._settings):
            title, schedule = self._of(dataset)
            if schedule:
                found[dataset.id] = (title, schedule)
        return found

    def _of(self, dataset: Dataset) -> tuple[str, str]:
        try:
            path = dataset.description_path
            stat = path.stat()
            state = (stat.st_mtime_ns, stat.st_size)
            if path not in self._seen or self._seen[path][0] != state:
                described = dataset.description
                schedule = "" if described.unpublished else described.schedule
                self._seen[path] = (state, described.title, schedule)
        except (TsunaguError, OSError):
            return dataset.id, ""  # a broken description is told where data sets are listed
        return self._seen[path][1:]

    def _is_the_one(self) -> bool:
        """Whether this process holds the lock."""
        if self._lock is not None:
            return True
        self._records.folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(
            self._records.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600
        )
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(handle)
            return False
        self._lock = handle
        return True

    async def _run(self, record: Record) -> None:
        started = datetime.now(UTC)
        job = await asyncio.to_thread(self._jobs.start, record.dataset, ACTION, WHO)
        while job.state is JobState.RUNNING:
            await asyncio.sleep(_ASK_S)
            job = await asyncio.to_thread(self._jobs.find, job.id)
        if _is_in_the_way(job):
            await asyncio.to_thread(self._jobs.forget, job)
            return  # something else is being published: due again at the next look
        run = Run(
            id=job.id,
            started=started,
            finished=job.finished or datetime.now(UTC),
            outcome=_outcome(job),
            release=job.release,
            error=job.error,
        )
        if run.outcome is RunOutcome.FAILED:
            message = (job.error or {}).get("message", {})
            _LOG.warning("scheduled run of %s failed: %s", record.dataset, message.get("en", ""))
        if run.outcome is RunOutcome.UNCHANGED:
            # A table that is asked for every hour would crowd out what stewards did.
            await asyncio.to_thread(self._jobs.forget, job)
        else:
            event = {"token": WHO, "action": ACTION, "outcome": run.outcome.value}
            noted = {**event, "dataset": record.dataset, "job": job.id}
            await asyncio.to_thread(AuditLog(self._settings.data_dir).append, noted)
        self._records.keep(record.with_run(run, self._after(record.schedule, started)))

    def _after(self, schedule: str, moment: datetime) -> datetime | None:
        return Timetable(schedule, self._settings.schedule_zone).after(moment)


def _outcome(job: Job) -> RunOutcome:
    if job.state is JobState.FAILED:
        return RunOutcome.FAILED
    return RunOutcome.PUBLISHED if job.changed else RunOutcome.UNCHANGED


def _is_in_the_way(job: Job) -> bool:
    return job.error is not None and job.error.get("code") == _IN_THE_WAY


__all__ = ["ACTION", "Scheduler"]
