"""What the templates of terms and vocabularies are given."""

from __future__ import annotations

from dataclasses import dataclass

from app.web.diagram import Diagram
from app.web.entity_context import Cell, Link
from app.web.refusals import Alternative


@dataclass(frozen=True, slots=True)
class Use:
    """A data set that uses a term, with one statement as an example."""

    title: str
    href: str
    count: int
    subject: Cell | None
    value: Cell | None


@dataclass(frozen=True, slots=True)
class Group:
    """Terms under a heading, each with how often it is used."""

    heading: str
    terms: tuple[tuple[Link, str, int], ...]


@dataclass(frozen=True, slots=True)
class TermPage:
    """What the term template shows; `browse` (the things of a class), `query` and `context` are
    addresses."""

    heading: str
    other_names: tuple[str, ...]
    iri: str
    short: str
    kind: str
    comment: str | None
    index: Link
    supers: tuple[Link, ...]
    subs: tuple[Link, ...]
    domains: tuple[Link, ...]
    ranges: tuple[Link, ...]
    properties: tuple[Link, ...]
    inherited: tuple[tuple[Link, tuple[Link, ...]], ...]
    leading: tuple[Link, ...]
    diagram: Diagram | None
    total: int
    uses: tuple[Use, ...]
    browse: str | None
    query: str
    context: str
    downloads: tuple[Alternative, ...]
    release: str


@dataclass(frozen=True, slots=True)
class VocabularyPage:
    """What the template of a vocabulary's list of terms shows."""

    heading: str
    comment: str | None
    iri: str
    groups: tuple[Group, ...]
    others: tuple[Link, ...]
    downloads: tuple[Alternative, ...]
    release: str
