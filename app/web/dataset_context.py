"""What the template of a data set is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from app.publish.first_rows import FirstRows
from app.web.entity_context import Cell, Link
from app.web.quality_view import Quality
from app.web.refusals import Alternative


@dataclass(frozen=True, slots=True)
class Usage:
    """A class or property in use: its name, how often, and examples of instances."""

    term: Link
    short: str
    count: int
    examples: tuple[Link, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """The beginning of the data set as a table."""

    columns: tuple[Link, ...]
    rows: tuple[tuple[Link, tuple[tuple[Cell, ...], ...]], ...]


@dataclass(frozen=True, slots=True)
class Distribution:
    """A file of the data set; `size` in words, `bytes` exactly."""

    label: str
    href: str
    media_type: str
    size: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Version:
    """A release in which the data set changed: statements that came and went, by address."""

    release: str
    day: str
    added: int
    removed: int
    href: str
    patch: str


@dataclass(frozen=True, slots=True)
class DatasetPage:
    """What the data set's template shows; `main` is the class of what the data set is about."""

    title: str
    description: str | None
    publisher: str | None
    licence: Link | None
    source: Link | None
    frequency: str | None
    credit: str | None
    keywords: tuple[str, ...]
    graph: str
    main: Usage | None
    quads: int
    modified: datetime
    classes: tuple[Usage, ...]
    properties: tuple[Usage, ...]
    map: str | None
    preview: Preview | None
    tables: tuple[FirstRows, ...]
    distributions: tuple[Distribution, ...]
    downloads: tuple[Alternative, ...]
    creators: tuple[Link, ...]
    contact: Link | None
    issued: str | None
    version: str | None
    spatial: Link | None
    temporal: str | None
    languages: tuple[str, ...]
    address: str
    sample: bool
    notice: str | None
    quality: Quality | None
    versions: tuple[Version, ...]
    query: str
