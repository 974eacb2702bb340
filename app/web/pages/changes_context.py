"""What the templates of the change feed show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.publish.change_sets import Summary
from app.web.entity_context import Link
from app.web.pages.failed_runs import FailedRun


@dataclass(frozen=True, slots=True)
class Step:
    """One release in the list. Counts are None where the step was not compared yet."""

    release: str
    created: datetime
    note: str
    quads: int
    kept: bool
    current: bool
    href: str | None
    added: int | None = None
    removed: int | None = None


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """What the list's template shows."""

    steps: tuple[Step, ...]
    feed: str
    json: str
    events: str
    failed: tuple[FailedRun, ...] = ()


@dataclass(frozen=True, slots=True)
class EntityLine:
    """An entity that changed."""

    link: Link
    added: int
    removed: int
    patch: str


@dataclass(frozen=True, slots=True)
class DatasetLine:
    """A data set that changed."""

    title: str
    href: str | None
    before: int
    after: int
    added: int
    removed: int
    patch: str


@dataclass(frozen=True, slots=True)
class DifferencePage:
    """What the template of one difference shows: entities by kind, and what is not shown."""

    summary: Summary
    datasets: tuple[DatasetLine, ...]
    new: tuple[EntityLine, ...]
    gone: tuple[EntityLine, ...]
    changed: tuple[EntityLine, ...]
    formats: tuple[tuple[str, str, str], ...]
    back: str
