"""Publishing in a process of its own, so that pages keep answering and a fault there ends nothing
here. What a job has done so far lies in a file that every server process reads."""

from __future__ import annotations

import multiprocessing
import os
import re
import secrets
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, ValidationError
from pyoxigraph import Literal, NamedNode

from app.errors import PageNotFound, Text, TsunaguError
from app.mapping.execute import Mode
from app.publish.dataset import Dataset, find_dataset
from app.publish.pipeline import Published, publish
from app.publish.reading_order import LABELS
from app.rdf.namespaces import RDF
from app.settings import Settings
from app.store.base import Releases, Snapshot

OpenReleases = Callable[[Settings], Releases]
"""Opens the releases of a data directory; a function of a module, for it is sent to a process."""

_ID: Final = re.compile(r"[0-9a-f]{16}")
_TOLD_EVERY_S: Final = 0.25
_EXAMPLES: Final = 5
_KEPT: Final = 200


class JobState(StrEnum):
    """How far a job is."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(BaseModel):
    """One publish (or unpublish) of one data set. `parent` is the release that was current before;
    `examples` are things that are now described, with their names; `error` is an error as for
    machines."""

    model_config = ConfigDict(frozen=True)

    id: str
    dataset: str
    action: str
    who: str
    started: datetime
    finished: datetime | None = None
    state: JobState = JobState.RUNNING
    pid: int | None = None
    mode: Mode = Mode.LENIENT
    rows: int = 0
    quads: int = 0
    changed: bool = False
    release: str | None = None
    parent: str | None = None
    findings: dict[str, int] = {}
    told: tuple[dict[str, Any], ...] = ()
    examples: tuple[tuple[str, str], ...] = ()
    error: dict[str, Any] | None = None
    undone: bool = False


class Jobs:
    """The jobs of one data directory."""

    def __init__(self, folder: Path, settings: Settings, open_releases: OpenReleases) -> None:
        self._folder = folder
        self._settings = settings
        self._open_releases = open_releases

    def start(self, dataset: str, action: str, who: str, *, mode: Mode = Mode.LENIENT) -> Job:
        """Begin publishing a data set as its files are now; `action` is for people."""
        self._forget_old()
        job = Job(
            id=secrets.token_hex(8),
            dataset=dataset,
            action=action,
            who=who,
            started=datetime.now(UTC),
            mode=mode,
        )
        self._folder.mkdir(parents=True, exist_ok=True)
        file = self._file(job.id)
        _keep(file, job)
        # A fresh interpreter: a fork would take threads' locks and the event loop along.
        process = multiprocessing.get_context("spawn").Process(
            target=run, args=(file, self._settings, self._open_releases), daemon=True
        )
        process.start()

        def wait() -> None:
            process.join()
            self._fail_if_unfinished(job.id)

        threading.Thread(target=wait, name=f"job-{job.id}", daemon=True).start()
        return job

    def find(self, id: str) -> Job:
        """Raises PageNotFound."""
        job = self._read(id) if _ID.fullmatch(id) else None
        if job is None:
            raise PageNotFound(Text("この作業はありません。", "There is no such job."))
        if job.state is JobState.RUNNING and job.pid is not None and not _alive(job.pid):
            return self._fail_if_unfinished(id)
        return job

    def of(self, dataset: str) -> list[Job]:
        """The jobs of a data set, newest first."""
        if not self._folder.is_dir():
            return []
        ids = [file.stem for file in self._folder.glob("*.json")]
        jobs = [job for id in ids if (job := self._read(id)) and job.dataset == dataset]
        return sorted(jobs, key=lambda job: job.started, reverse=True)

    def forget(self, job: Job) -> None:
        """Remove a finished job."""
        self._file(job.id).unlink(missing_ok=True)

    def mark_undone(self, job: Job) -> Job:
        """Remember that its release was taken back."""
        return _keep(self._file(job.id), job.model_copy(update={"undone": True}))

    def _fail_if_unfinished(self, id: str) -> Job:
        job = self._read(id)
        assert job is not None
        if job.state is not JobState.RUNNING:
            return job
        text = Text(
            "公開の処理が途中で止まりました。これまでの公開内容はそのままです。",
            "Publishing stopped on the way. What was published before is untouched.",
        )
        hint = Text("もう一度公開してください。", "Publish again.")
        return _keep(self._file(id), _failed(job, TsunaguError(text, hint=hint)))

    def _file(self, id: str) -> Path:
        return self._folder / f"{id}.json"

    def _read(self, id: str) -> Job | None:
        try:
            return Job.model_validate_json(self._file(id).read_bytes())
        except (OSError, ValidationError):
            return None

    def _forget_old(self) -> None:
        if self._folder.is_dir():
            files = sorted(self._folder.glob("*.json"), key=lambda f: f.stat().st_mtime)
            for file in files[:-_KEPT]:
                file.unlink(missing_ok=True)


class _Told:
    """Writes the rows that have been read into the job's file, a few times a second."""

    def __init__(self, file: Path, job: Job) -> None:
        self._file, self._job, self._last = file, job, 0.0

    def rows(self, dataset: str, count: int) -> None:
        now = time.monotonic()
        if dataset == self._job.dataset and now - self._last >= _TOLD_EVERY_S:
            self._last = now
            _keep(self._file, self._job.model_copy(update={"rows": count}))

    def step(self, what: Text) -> None:
        """Not kept: a job's page shows the rows."""


def run(file: Path, settings: Settings, open_releases: OpenReleases) -> None:
    """The work of the process: publish, and say in the file what became of it."""
    job = Job.model_validate_json(file.read_bytes()).model_copy(update={"pid": os.getpid()})
    _keep(file, job)
    try:
        releases = open_releases(settings)
        current = releases.current()
        dataset = find_dataset(settings, job.dataset)
        published = publish([dataset], releases, settings, mode=job.mode, progress=_Told(file, job))
        parent = current.id if current is not None else None
        done = _done(job.model_copy(update={"parent": parent}), dataset, published, releases)
        _keep(file, done)
    except TsunaguError as error:
        _keep(file, _failed(job, error))
    except Exception:
        traceback.print_exc()  # the operator's log; the steward is told that it failed
        text = Text(
            "サーバー内部で予期しない誤りが起きました。記録を残しました。",
            "Something unexpected went wrong inside the server. It has been logged.",
        )
        _keep(file, _failed(job, TsunaguError(text)))


def _done(job: Job, dataset: Dataset, published: Published, releases: Releases) -> Job:
    outcome = published.outcomes[0]
    converted = outcome.converted
    manifest = published.manifest
    examples: Sequence[tuple[str, str]] = ()
    if manifest is not None and dataset.graph in manifest.graphs:
        examples = things(releases.snapshot(manifest.id), dataset.graph, _EXAMPLES)
    graph = manifest.graphs.get(dataset.graph) if manifest is not None else None
    return job.model_copy(
        update={
            "state": JobState.DONE,
            "finished": datetime.now(UTC),
            "rows": converted.rows if converted is not None else 0,
            "quads": graph.quads if graph is not None else 0,
            "changed": published.changed,
            "release": manifest.id if manifest is not None else None,
            "findings": outcome.findings.counts(),
            "told": tuple(finding.to_json() for finding in list(outcome.findings)[:_KEPT]),
            "examples": tuple(examples),
        }
    )


def things(snapshot: Snapshot, graph: str, most: int) -> list[tuple[str, str]]:
    """Some things of a graph that have a page, with their names (or addresses)."""
    ours = snapshot.manifest.base_iri + "/id/"
    classes = snapshot.manifest.graphs[graph].classes
    # Nodes inside things have classes too; which class has pages is seen from its first instances.
    for iri in sorted(classes, key=lambda iri: (-classes[iri], iri)):
        quads = snapshot.quads(
            predicate=NamedNode(RDF + "type"),
            object=NamedNode(iri),
            graph=NamedNode(graph),
            limit=most,
        )
        subjects = [quad.subject for quad in quads if isinstance(quad.subject, NamedNode)]
        pages = [s for s in subjects if s.value.startswith(ours) and "#" not in s.value]
        if pages:
            return [(page.value, _name(snapshot, page)) for page in pages]
    return []


def _name(snapshot: Snapshot, subject: NamedNode) -> str:
    for predicate in LABELS:
        for quad in snapshot.quads(subject, NamedNode(predicate), limit=1):
            if isinstance(quad.object, Literal):
                return quad.object.value
    return subject.value


def _failed(job: Job, error: TsunaguError) -> Job:
    return job.model_copy(
        update={
            "state": JobState.FAILED,
            "finished": datetime.now(UTC),
            "error": error.to_json(),
        }
    )


def _keep(file: Path, job: Job) -> Job:
    waiting = file.with_name(f".{file.name}.{os.getpid()}")
    waiting.write_text(job.model_dump_json(), encoding="utf-8")
    waiting.replace(file)
    return job


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
