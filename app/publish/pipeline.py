"""READ → MAP → CHECK → RELEASE: data sets into a new release, in one go.

Each data set whose inputs changed is converted in one thread, straight into a pipe that the
store's loader reads in another, so conversion costs hardly more than the load alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import sys
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

from pyoxigraph import RdfFormat, serialize

from app import __version__
from app.codes.terms import vocabulary
from app.errors import Text
from app.findings import Findings, Severity
from app.mapping.execute import Mode
from app.publish import release_files
from app.publish.catalog import VOCABULARY
from app.publish.convert import Converted, Progress, Silent, convert
from app.publish.dataset import Dataset
from app.publish.dataset_files import FreshDataset
from app.publish.provenance.recording import RowRecorder
from app.settings import Settings
from app.store.base import GraphEntry, Manifest, ReleaseBuilder, Releases

OPTIMIZING: Final = Text("ストアを整える", "Optimizing the store")
"""The step between the last load and the files of the release."""

PIPE_BYTES = 1 << 20
"""Largest pipe that Linux gives without privileges: fewer switches between the two threads."""


@dataclass(slots=True)
class Outcome:
    """What became of one data set. `converted` is None when nothing had changed."""

    dataset: str
    findings: Findings = field(default_factory=Findings)
    converted: Converted | None = None


@dataclass(slots=True)
class Published:
    """The result of a publish. `manifest` is the release that is current afterwards; `changed`
    says whether it is a new one."""

    manifest: Manifest | None
    outcomes: list[Outcome]
    changed: bool

    @property
    def worst(self) -> Severity | None:
        """The highest severity among all findings."""
        met = [outcome.findings.worst() for outcome in self.outcomes]
        return max((severity for severity in met if severity is not None), default=None)


def publish(
    datasets: Sequence[Dataset],
    releases: Releases,
    settings: Settings,
    *,
    mode: Mode = Mode.LENIENT,
    force: bool = False,
    existing: Collection[str] | None = None,
    progress: Progress | None = None,
) -> Published:
    """Build a release with these data sets and make it current.

    Data sets with the same inputs as in the current release are kept as they are, unless
    `force`. Those whose description says `unpublished` leave it. When `existing` ids are given,
    data sets not among them leave the release; else all that is not named stays. All mappings are
    compiled and all columns checked before anything is built; tables that lie elsewhere are asked
    for anew. Raises TsunaguError; the current
    release is then untouched.
    """
    progress = progress or Silent()
    current = releases.current()
    known = current.graphs if current is not None and current.base_iri == settings.base_iri else {}
    outcomes = [Outcome(dataset.id) for dataset in datasets]
    todo: list[tuple[Dataset, Outcome, GraphEntry]] = []
    for dataset, outcome in zip(datasets, outcomes, strict=True):
        if dataset.description.unpublished:
            continue
        dataset.fetch()
        entry = _entry(dataset)
        before = known.get(dataset.graph)
        if force or before is None or before.inputs != entry.inputs:
            dataset.check(Findings())
            todo.append((dataset, outcome, entry))
    vocabulary = _vocabulary_entry(settings)
    names_vocabulary = known.get(vocabulary.iri)
    new_vocabulary = names_vocabulary is None or names_vocabulary.inputs != vocabulary.inputs
    withdrawn = {d.graph for d in datasets if d.description.unpublished and d.graph in known}
    gone = sorted(withdrawn.union(_gone(current, settings, existing)))
    if not todo and not gone and not new_vocabulary:
        return Published(current, outcomes, changed=False)
    replacing = [entry.iri for _, _, entry in todo] + gone
    with releases.build(replacing=replacing) as builder:
        for iri in gone:
            builder.drop(iri)
        if new_vocabulary:
            builder.load(vocabulary.iri, _vocabulary_quads(settings), entry=vocabulary)
        fresh = []
        for each in todo:
            progress.step(_loading(each[0]))
            fresh.append(_load(builder, *each, mode, progress))
        complete = partial(
            release_files.write,
            canonical_quads=settings.canonical_quads,
            fresh=fresh,
            progress=progress,
        )
        progress.step(OPTIMIZING)
        manifest = builder.seal(complete)
    releases.prune(settings.releases_kept)
    return Published(manifest, outcomes, changed=True)


def _loading(dataset: Dataset) -> Text:
    return Text(f"変換と読み込み: {dataset.id}", f"Converting and loading {dataset.id}")


def _gone(
    current: Manifest | None, settings: Settings, existing: Collection[str] | None
) -> list[str]:
    """Graphs of the current release that the new one leaves out: all of them when the base IRI
    has changed, else those of data sets whose folder is no longer there."""
    if current is None:
        return []
    if current.base_iri != settings.base_iri:
        return list(current.graphs)
    if existing is None:
        return []
    return [
        iri
        for iri, entry in current.graphs.items()
        if entry.dataset is not None and entry.dataset not in existing
    ]


def _entry(dataset: Dataset) -> GraphEntry:
    return GraphEntry(
        iri=dataset.graph,
        dataset=dataset.id,
        quads=0,
        inputs={**dataset.inputs(), "software": __version__},
        modified=datetime.now(UTC),
        about=dataset.description.model_dump(mode="json", exclude_defaults=True),
    )


def _load(
    builder: ReleaseBuilder,
    dataset: Dataset,
    outcome: Outcome,
    entry: GraphEntry,
    mode: Mode,
    progress: Progress,
) -> FreshDataset:
    recorder, started = RowRecorder(dataset.plan), datetime.now(UTC)

    def produce(sink: BinaryIO) -> None:
        outcome.converted = convert(
            dataset,
            sink.write,
            findings=outcome.findings,
            mode=mode,
            distinct=False,
            progress=progress,
            recorder=recorder,
        )

    with fed_by(produce) as quads:
        builder.load(entry.iri, quads, entry=entry)
    assert outcome.converted is not None, "else its error was raised"
    return FreshDataset(
        dataset, recorder, outcome.converted, entry.inputs, mode, started, datetime.now(UTC)
    )


@contextmanager
def fed_by(produce: Callable[[BinaryIO], None]) -> Iterator[BinaryIO]:
    """A stream that a producer writes in a thread of its own.

    When the producer fails the stream just ends; its error is raised when the context is left,
    also in place of what the consumer made of the early end.
    """
    read_end, write_end = os.pipe()
    if sys.platform == "linux":
        fcntl.fcntl(write_end, fcntl.F_SETPIPE_SZ, PIPE_BYTES)
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(write_end, "wb", buffering=0) as sink:
                produce(cast(BinaryIO, _WholeWrites(sink)))
        except BrokenPipeError:
            pass  # the consumer stopped reading, and has an error of its own
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, name="convert")
    thread.start()
    source = os.fdopen(read_end, "rb", buffering=PIPE_BYTES)
    try:
        yield source
    finally:
        source.close()
        thread.join()
        if failures:
            raise failures[0]


class _WholeWrites:
    """A raw pipe may take less than it is given; this writes until all is taken."""

    def __init__(self, raw: IO[bytes]) -> None:
        self._raw = raw

    def write(self, data: memoryview) -> int:
        done = 0
        while done < len(data):
            done += self._raw.write(data[done:])
        return done


def _vocabulary_files(settings: Settings) -> list[Path]:
    return sorted(settings.vocab_dir.glob("*.ttl"))


def _vocabulary_entry(settings: Settings) -> GraphEntry:
    return GraphEntry(
        iri=f"{settings.base_iri}/graphs/{VOCABULARY}",
        quads=0,
        inputs={
            path.name: hashlib.sha256(path.read_bytes()).hexdigest()
            for path in _vocabulary_files(settings)
        },
        modified=datetime.now(UTC),
    )


def _vocabulary_quads(settings: Settings) -> BinaryIO:
    """Our own vocabulary files as N-Quads; relative IRIs become ours."""
    output = BytesIO()
    quads = vocabulary(settings.vocab_dir, base_iri=settings.base_iri)
    serialize((quad.triple for quad in quads), output, RdfFormat.N_TRIPLES)
    output.seek(0)
    return output
