"""What a preview is: rows with the triples that each gives, and where every triple comes from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from app.errors import Place
from app.findings import Findings


@dataclass(frozen=True, slots=True)
class PreviewTriple:
    """A triple in the syntax of N-Triples, and where it comes from.

    `columns`: those that its object (else its condition, else its subject) is made from; `also`:
    others that had a part in it, such as the key in its subject. `place`: that of its statement
    in the mapping; `places`: those of the term maps and references inside it.
    """

    subject: str
    predicate: str
    object: str
    graph: str | None
    columns: tuple[str, ...]
    also: tuple[str, ...]
    place: Place | None
    places: tuple[Place, ...]
    triples_map: str
    is_link: bool

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "subject": self.subject,
            "predicate": self.predicate,
            "object": self.object,
            "graph": self.graph,
            "columns": list(self.columns),
            "also": list(self.also),
            "mapping": None if self.place is None else self.place.to_json(),
            "places": [place.to_json() for place in self.places],
            "triples_map": self.triples_map,
            "link": self.is_link,
        }


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """A row: its number among the data rows from 1, its physical line, its cells by column, and
    what it gives. `entity` is the IRI of the page that shows it, `title` the heading there."""

    source: str
    number: int
    line: int
    cells: Mapping[str, str | None]
    triples: tuple[PreviewTriple, ...]
    entity: str | None
    title: Mapping[str, str | None]

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "source": self.source,
            "row": self.number,
            "line": self.line,
            "cells": dict(self.cells),
            "entity": self.entity,
            "title": dict(self.title),
            "triples": [triple.to_json() for triple in self.triples],
        }


@dataclass(frozen=True, slots=True)
class PreviewSource:
    """A table of the mapping: its columns, and those that nothing is made from."""

    name: str
    columns: tuple[str, ...]
    unmapped: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "name": self.name,
            "columns": list(self.columns),
            "unmapped": list(self.unmapped),
        }


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over the rows that are shown, each triple once; `links` are objects that are other
    things."""

    rows: int
    triples: int
    links: int
    entities: int
    findings: int

    def to_json(self) -> dict[str, int]:
        """For machines."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Preview:
    """What a data set would give."""

    dataset: str
    sources: tuple[PreviewSource, ...]
    rows: tuple[PreviewRow, ...]
    findings: Findings
    seconds: float

    @property
    def _triples(self) -> dict[tuple[str, str, str, str | None], PreviewTriple]:
        every = (triple for row in self.rows for triple in row.triples)
        return {(t.subject, t.predicate, t.object, t.graph): t for t in every}

    @property
    def totals(self) -> Totals:
        """What there is of everything."""
        triples = self._triples.values()
        return Totals(
            len(self.rows),
            len(triples),
            sum(triple.is_link for triple in triples),
            len({row.entity for row in self.rows if row.entity is not None}),
            len(self.findings),
        )

    @property
    def predicates(self) -> dict[str, int]:
        """How often each predicate occurs, the most frequent first."""
        return dict(Counter(t.predicate for t in self._triples.values()).most_common())

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "dataset": self.dataset,
            "sources": [source.to_json() for source in self.sources],
            "totals": self.totals.to_json(),
            "predicates": self.predicates,
            "rows": [row.to_json() for row in self.rows],
            "seconds": round(self.seconds, 3),
            **self.findings.to_json(),
        }
