"""How many statements point to a thing: a small table in each release for those with many.

Counting a hundred thousand links takes the engine 27 ms, which no page should wait for; so
what is met often is counted when the release is made. What is not in the table is met less
often than `FREQUENT` and is counted by reading it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
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

_ADJUSTED_SHARE: Final = 0.2
"""Of all quads: when more have come or gone, counting anew costs as much."""

Counts = Mapping[str, Mapping[str, int]]
"""Statements by object and predicate."""


def write(path: Path, new: Snapshot, old: Snapshot | None = None) -> int:
    """Write the table of a release; gives the number of things in it.

    Types are left out: classes have their own counts in the manifest. After a small change only
    the graphs that differ are counted, before and after.
    """
    changed = _changed(new, old)
    counts = _counted(new) if old is None or changed is None else _adjusted(new, old, changed)
    if counts:
        path.write_bytes(orjson.dumps(counts, option=orjson.OPT_SORT_KEYS))
    return len(counts)


def _changed(new: Snapshot, old: Snapshot | None) -> list[str] | None:
    """The graphs that differ; None when most of the release does."""
    if old is None or old.file(FILE) is None:
        return None
    before, now = old.manifest.graphs, new.manifest.graphs
    changed = [
        iri
        for iri in {*before, *now}
        if iri not in before or iri not in now or before[iri].modified != now[iri].modified
    ]
    quads = sum(graphs[iri].quads for graphs in (before, now) for iri in changed if iri in graphs)
    return changed if quads <= new.manifest.quads * _ADJUSTED_SHARE else None


def _counted(snapshot: Snapshot) -> dict[str, dict[str, int]]:
    counts: dict[str, dict[str, int]] = {}
    for predicate, statements in sorted(_statements(snapshot).items()):
        if statements < FREQUENT or predicate == RDF + "type":
            continue
        found = snapshot.frequent_objects(NamedNode(predicate), at_least=FREQUENT)
        for iri, count in found.items():
            counts.setdefault(iri, {})[predicate] = count
    return counts


def _adjusted(new: Snapshot, old: Snapshot, changed: Iterable[str]) -> dict[str, dict[str, int]]:
    """The table of the release before, with what came and went in some graphs."""
    difference: Counter[tuple[str, str]] = Counter()
    for snapshot, sign in ((new, 1), (old, -1)):
        for graph in changed:
            entry = snapshot.manifest.graphs.get(graph)
            for predicate in entry.properties if entry is not None else ():
                if predicate != RDF + "type":
                    node = NamedNode(predicate)
                    found = snapshot.frequent_objects(node, at_least=1, graph=graph)
                    for iri, count in found.items():
                        difference[iri, predicate] += sign * count
    counts = {iri: dict(known) for iri, known in read(old).items()}
    for (iri, predicate), more in difference.items():
        known = counts.get(iri, {}).pop(predicate, None)
        if known is not None:
            total = known + more
        elif more > 0:  # it was met less often than FREQUENT
            links = new.quads(None, NamedNode(predicate), NamedNode(iri), limit=FREQUENT + more)
            total = sum(1 for _ in links)
        else:
            continue
        if total >= FREQUENT:
            counts.setdefault(iri, {})[predicate] = total
    return {iri: known for iri, known in counts.items() if known}


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
