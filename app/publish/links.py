"""How many statements point to a thing: a small table in each release for those with many.

Counting a hundred thousand links takes the engine 27 ms, which no page should wait for; so
what is met often is counted when the release is made. What is not in the table is met less
often than `FREQUENT` and is counted by reading it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import orjson
from pyoxigraph import NamedNode

from app.rdf.namespaces import RDF
from app.store.base import Snapshot

FILE: Final = "links.json"
FREQUENT: Final = 500
"""Links of one property to one thing that are still read, sorted and counted for a page: some
three milliseconds."""

Counts = Mapping[str, Mapping[str, int]]
"""Statements by object and predicate."""


def write(path: Path, snapshot: Snapshot) -> int:
    """Write the table of a release; gives the number of things in it.

    Types are left out: classes have their own counts in the manifest.
    """
    counts: dict[str, dict[str, int]] = {}
    for predicate, statements in sorted(_statements(snapshot).items()):
        if statements < FREQUENT or predicate == RDF + "type":
            continue
        found = snapshot.frequent_objects(NamedNode(predicate), at_least=FREQUENT)
        for iri, count in found.items():
            counts.setdefault(iri, {})[predicate] = count
    if counts:
        path.write_bytes(orjson.dumps(counts, option=orjson.OPT_SORT_KEYS))
    return len(counts)


def read(snapshot: Snapshot) -> Counts:
    """The table of a release; empty when there is none."""
    path = snapshot.file(FILE)
    if path is None:
        return {}
    counts: Counts = orjson.loads(path.read_bytes())
    return counts


def _statements(snapshot: Snapshot) -> dict[str, int]:
    statements: dict[str, int] = {}
    for entry in snapshot.manifest.graphs.values():
        for predicate, count in entry.properties.items():
            statements[predicate] = statements.get(predicate, 0) + count
    return statements
