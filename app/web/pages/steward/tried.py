"""What a mapping gives while it is edited, for the script beside it (`Tried` in its source).

Origins are told once, prefixed names stand for IRIs and cells for their row's columns, so that
fifty rows with fifty statements each are some tens of kilobytes, not megabytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from app.errors import Language, Place, TsunaguError
from app.publish.preview import Preview, PreviewRow, PreviewTriple
from app.web.names import short_name

_FINDINGS: Final = 20
_LONGEST: Final = 300
"""Characters of a value that are shown."""


def tried(
    errors: Sequence[TsunaguError], found: Preview | None, spoken: Language, base: str
) -> dict[str, Any]:
    """For the script: what is wrong, or what the rows give. `base` begins our own IRIs."""
    return {
        "faults": [_fault(error, spoken) for error in errors],
        "shown": None if found is None else _Shown(found, spoken, base).to_json(),
    }


def named(iri: str, base: str) -> str:
    """An IRI as mappings write it: `id:` and `def:` for our own, else a prefixed name."""
    for prefix in ("id", "def"):
        start = f"{base}/{prefix}/"
        if iri.startswith(start):
            return f"{prefix}:{iri[len(start) :]}"
    return short_name(iri)


def short(term: str, base: str) -> str:
    """A term of N-Triples for reading: prefixed names, also of datatypes."""
    if term.startswith("<"):
        return named(term[1:-1], base)
    text, mark, datatype = term.rpartition('"^^<')
    return f'{text}" {short_name(datatype[:-1])}' if mark else term


def _fault(error: TsunaguError, spoken: Language) -> dict[str, Any]:
    place = error.place or Place()
    return {
        "message": error.text.in_language(spoken),
        "hint": error.hint.in_language(spoken) if error.hint is not None else "",
        "line": place.line,
        "column": place.column,
    }


class _Shown:
    """A preview, packed."""

    def __init__(self, found: Preview, spoken: Language, base: str) -> None:
        self._found = found
        self._base = base
        self._spoken: Language = spoken
        self._origins: dict[tuple[Any, ...], int] = {}
        self._names: dict[str, str] = {}
        self._sources = {source.name: at for at, source in enumerate(found.sources)}

    def to_json(self) -> dict[str, Any]:
        found = self._found
        rows = [self._row(row) for row in found.rows]
        return {
            "totals": found.totals.to_json(),
            "sources": [source.to_json() for source in found.sources],
            "origins": [
                {"columns": columns, "also": also, "lines": lines}
                for columns, also, lines in self._origins
            ],
            "rows": rows,
            "findings": [each.message(self._spoken) for each in list(found.findings)[:_FINDINGS]],
        }

    def _row(self, row: PreviewRow) -> dict[str, Any]:
        at = self._sources[row.source]
        columns = self._found.sources[at].columns
        subject = f"<{row.entity}>"
        return {
            "source": at,
            "line": row.line,
            "title": row.title.get(self._spoken) or row.title.get("ja") or "",
            "cells": [row.cells.get(name) for name in columns],
            "statements": [self._statement(triple, subject) for triple in row.triples],
        }

    def _statement(self, triple: PreviewTriple, about: str) -> tuple[str, str, str, int, bool]:
        part = triple.subject.startswith(f"{about[:-1]}#")
        subject = triple.subject[len(about) - 1 : -1] if part else self._name(triple.subject)
        if triple.subject == about:
            subject = ""
        value = self._name(triple.object)[:_LONGEST]
        return (subject, self._name(triple.predicate), value, self._origin(triple), triple.is_link)

    def _name(self, term: str) -> str:
        if term not in self._names:
            self._names[term] = short(term, self._base)
        return self._names[term]

    def _origin(self, triple: PreviewTriple) -> int:
        places = (triple.place, *triple.places)
        lines = tuple(dict.fromkeys(p.line for p in places if p is not None and p.line is not None))
        return self._origins.setdefault((triple.columns, triple.also, lines), len(self._origins))
