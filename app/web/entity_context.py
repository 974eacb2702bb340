"""What the template of an entity page is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from app.web.refusals import Alternative


@dataclass(frozen=True, slots=True)
class Link:
    """A thing or term with its name and, where it has one, its address."""

    text: str
    iri: str
    href: str | None = None
    external: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One value: text, a moment in time, a link, a picture, or the rows of a nested node."""

    kind: Literal["text", "time", "link", "image", "node"]
    text: str = ""
    language: str | None = None
    tag: str | None = None
    link: Link | None = None
    types: tuple[Link, ...] = ()
    rows: tuple[Row, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    """A property and its values."""

    property: Link
    term: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class LinkGroup:
    """Things that link here by one property: a page of them; `total` where it is known."""

    heading: str
    property: Link
    total: int | None
    links: tuple[Link, ...]
    first: str | None
    next: str | None


@dataclass(frozen=True, slots=True)
class OriginView:
    """Rows of one file: each with its words, and its address where there is one to point to."""

    file: Link
    rows: tuple[Link, ...]
    more: bool
    whole: bool
    mappings: tuple[Link, ...]
    joined: tuple[Link, ...]
    day: str


@dataclass(frozen=True, slots=True)
class Source:
    """A data set that speaks of the thing, its licence with the lines that it asks for, and the
    rows that say it."""

    title: str
    href: str
    publisher: str | None
    licence: Link | None
    credit: str
    notice: str | None
    origins: tuple[OriginView, ...] = ()


@dataclass(frozen=True, slots=True)
class EntityPage:
    """What the entity template shows; `map` is JSON for the script that draws it. `query`,
    `history`, `provenance` and `region` (what lies in it) are addresses."""

    heading: str
    language: str | None
    other_names: tuple[Cell, ...]
    iri: str
    href: str
    path: tuple[Link, ...]
    types: tuple[Link, ...]
    glance: tuple[Row, ...]
    rows: tuple[Row, ...]
    incoming: tuple[LinkGroup, ...]
    paged: bool
    downloads: tuple[Alternative, ...]
    sources: tuple[Source, ...]
    modified: str
    release: str
    truncated: bool
    map: str | None = None
    query: str = ""
    history: str | None = None
    provenance: str | None = None
    region: str | None = None
