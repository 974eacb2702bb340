"""What a data set on the workbench is like: published, changed since, broken, taken back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from app.errors import TsunaguError
from app.publish.dataset import Dataset
from app.store.base import GraphEntry, Manifest

_NOT_FILES = ("software",)
"""Entries of a graph's inputs that are no files of the data set."""


class State(StrEnum):
    """How a data set's files stand to what is published."""

    PUBLISHED = "published"
    CHANGED = "changed"
    NEW = "new"
    UNPUBLISHED = "unpublished"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class DatasetState:
    """The state of one data set. `error` says why a broken one cannot be published; `files` are
    the names of the files that differ from what is published."""

    id: str
    title: str
    state: State
    entry: GraphEntry | None = None
    error: TsunaguError | None = None
    files: tuple[str, ...] = ()

    @property
    def modified(self) -> datetime | None:
        """When it was published last, if it is published."""
        return self.entry.modified if self.entry is not None else None


def state_of(dataset: Dataset, current: Manifest | None) -> DatasetState:
    """Compare a data set's files with the current release: their sums decide, not their times."""
    entry = current.graphs.get(dataset.graph) if current is not None else None
    title = dataset.id
    try:
        description = dataset.description
        title = description.title
        if description.unpublished:
            return DatasetState(dataset.id, title, State.UNPUBLISHED, entry)
        inputs = dataset.inputs()
    except TsunaguError as error:
        return DatasetState(dataset.id, title, State.BROKEN, entry, error)
    if entry is None:
        return DatasetState(dataset.id, title, State.NEW)
    before = {name: value for name, value in entry.inputs.items() if name not in _NOT_FILES}
    differing = tuple(n for n in inputs if before.get(n) != inputs[n])
    gone = tuple(n for n in before if n not in inputs)
    files = differing + gone
    return DatasetState(
        dataset.id, title, State.CHANGED if files else State.PUBLISHED, entry, files=files
    )
