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
    """One value: text, a moment in time, a link, or the rows of a nested node."""

    kind: Literal["text", "time", "link", "node"]
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
class Source:
    """A data set that speaks of the thing, with its licence."""

    title: str
    href: str
    publisher: str | None
    licence: Link | None
    credit: str | None


@dataclass(frozen=True, slots=True)
class EntityPage:
    """What the entity template shows; `map` is JSON for the script that draws it."""

    heading: str
    language: str | None
    other_names: tuple[Cell, ...]
    iri: str
    href: str
    path: tuple[Link, ...]
    types: tuple[Link, ...]
    rows: tuple[Row, ...]
    incoming: tuple[LinkGroup, ...]
    paged: bool
    downloads: tuple[Alternative, ...]
    sources: tuple[Source, ...]
    modified: str
    release: str
    truncated: bool
    map: str | None = None
