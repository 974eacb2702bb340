"""What the templates of tables and of the list of classes are given."""

from __future__ import annotations

from dataclasses import dataclass

from app.publish.browse import View
from app.publish.browse_columns import ClassProfile
from app.publish.browse_files import Table
from app.store.search import SearchFound
from app.web.browse_request import BrowseRequest
from app.web.entity_context import Cell, Link
from app.web.refusals import Alternative
from app.web.search_page import FacetBox


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column; `href` sorts by it, and `sorted` says how it is sorted now."""

    text: str
    title: str
    href: str
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row: the thing, and the cells of the other columns."""

    link: Link
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """A filter in force, with the address without it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class BrowsePage:
    """What the template of a table shows; `map` is JSON for the script that draws it."""

    heading: str
    term: Link
    short: str
    here: str
    text: str
    fields: tuple[tuple[str, str], ...]
    total: int | None
    first: Heading
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    applied: tuple[Applied, ...]
    facets: tuple[FacetBox, ...]
    start: str | None
    next: str | None
    downloads: tuple[Alternative, ...]
    query: str
    map: str | None
    cut: bool
    release: str


@dataclass(frozen=True, slots=True)
class ClassLink:
    """A class with the number of its things."""

    link: Link
    short: str
    count: int


@dataclass(frozen=True, slots=True)
class ClassesPage:
    """What the list of classes shows: of things that have a name, and of the parts of things."""

    things: tuple[ClassLink, ...]
    parts: tuple[ClassLink, ...]
    downloads: tuple[Alternative, ...]
    release: str


@dataclass(frozen=True, slots=True)
class Browsed:
    """A table with all that was read for it. `found` is what the index counted."""

    asked: BrowseRequest
    view: View
    profile: ClassProfile
    table: Table
    query: str
    total: int | None
    found: SearchFound | None
    next: str | None
    cut: bool = False
