"""Searching a release: which things can be found by what, and what is shown of those found.

A thing can be found when it has a name and an address of its own here. Its names are its labels
in all languages, readings and codes; its places the addresses that stand in it.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson
from pyoxigraph import Literal

from app.publish.entity import EntityDescription, EntityReader
from app.publish.places import Point, points
from app.publish.search_documents import (
    IS_PART_OF,
    PLACE_NODES,
    WHOLES,
    WRITTEN,
    Regions,
    documents,
    has_names,
)
from app.publish.statements import statements
from app.store.base import Snapshot
from app.store.search import SearchIndex, SearchIndexWriter

FOLDER: Final = "search"
STATE: Final = "search.json"
_META: Final = f"{FOLDER}/meta.json"

_VERSION: Final = 1
"""Of what documents hold: another one means that no earlier index is of use."""

_REWRITTEN_SHARE: Final = 0.5
"""Of all subjects: when more have changed, an index without gaps costs as much."""

_REGIONS_KEPT: Final = 100_000


def write(folder: Path, new: Snapshot, old: Snapshot | None = None) -> int:
    """Write the index of a release; gives the number of things that were read for it.

    One thing is held in memory at a time. What the release before found in graphs that stay is
    taken over, unless a changed graph may have a say in it.
    """
    kept = _kept(new, old)
    if kept is not None:
        index, changed, shared = kept
        added = _write(folder, new, changed, shared, index)
        if added is not None:
            return added
        shutil.rmtree(folder / FOLDER)
    every = {iri for iri, entry in new.manifest.graphs.items() if entry.dataset is not None}
    written = _write(folder, new, every, frozenset())
    assert written is not None, "only a part of an index can be given up"
    return written


def _write(
    folder: Path,
    new: Snapshot,
    graphs: Set[str],
    shared: Set[str],
    base: Path | None = None,
) -> int | None:
    """Documents of some graphs into an index. None when it begins with an earlier one and a
    thing turns up that other graphs name too: then who has it must be settled anew."""
    found, met = 0, set(shared)
    regions = Regions(new)
    with SearchIndexWriter(folder / FOLDER, base) as index:
        for iri in sorted(graphs):
            if base is not None:
                index.remove_graph(iri)
            entry = new.manifest.graphs.get(iri)
            if entry is None or entry.dataset is None or not has_names(entry):
                continue
            for document in documents(new, iri, entry.dataset, regions, met):
                index.add(document)
                found += 1
            if base is not None and met != shared:
                return None
    (folder / STATE).write_bytes(orjson.dumps({"version": _VERSION, "shared": sorted(met)}))
    return found


def _kept(new: Snapshot, old: Snapshot | None) -> tuple[Path, set[str], frozenset[str]] | None:
    """The index to begin with, the graphs that differ from it, and the graphs that name things
    which others name too; None where it is safer or cheaper to begin anew."""
    meta, state = (old.file(_META), old.file(STATE)) if old is not None else (None, None)
    if old is None or meta is None or state is None:
        return None
    told = orjson.loads(state.read_bytes())
    before, now = old.manifest.graphs, new.manifest.graphs
    if told["version"] != _VERSION or old.manifest.base_iri != new.manifest.base_iri:
        return None
    changed = {
        iri
        for iri in {*before, *now}
        if iri not in before or iri not in now or before[iri].modified != now[iri].modified
    }
    entries = [graphs[iri] for graphs in (before, now) for iri in changed if iri in graphs]
    changes_regions = any(IS_PART_OF.value in entry.properties for entry in entries)
    things = sum(entry.subjects for iri, entry in now.items() if iri in changed)
    most = sum(entry.subjects for entry in now.values()) * _REWRITTEN_SHARE
    if changes_regions or changed & set(told["shared"]) or things > most:
        return None
    return meta.parent, changed, frozenset(told["shared"])


@dataclass(frozen=True, slots=True)
class Hit:
    """A thing that was found, with what tells it from others: its names, addresses as written,
    regions from the nearest to the widest, places on the map, and the id of its data set."""

    description: EntityDescription
    labels: tuple[Literal, ...]
    addresses: tuple[str, ...]
    regions: tuple[str, ...]
    points: tuple[Point, ...]
    dataset: str | None


class Searching:
    """The index of the current release, opened once and again when the release has changed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._release = ""
        self._index: SearchIndex | None = None

    def index(self, snapshot: Snapshot) -> SearchIndex | None:
        """The index of a release; None for one that was made without."""
        with self._lock:
            if snapshot.manifest.id != self._release:
                meta = snapshot.file(_META)
                self._index = SearchIndex(meta.parent) if meta is not None else None
                self._release = snapshot.manifest.id
            return self._index


def hits(reader: EntityReader, iris: Sequence[str]) -> tuple[Hit, ...]:
    """What is shown of things that were found; about 0.2 ms each."""
    regions = Regions(reader.snapshot)
    described = (reader.describe(iri) for iri in iris)
    return tuple(_hit(reader, regions, found) for found in described if found is not None)


def _hit(reader: EntityReader, regions: Regions, found: EntityDescription) -> Hit:
    entries = reader.snapshot.manifest.graphs
    ours = reader.snapshot.manifest.base_iri + "/id/"
    addresses: dict[str, None] = {}
    lies_in: dict[str, None] = {}
    for statement in statements(found):
        if statement.path[-1] in WRITTEN and PLACE_NODES & set(statement.path):
            addresses[statement.text] = None
        elif statement.path[0] in WHOLES and statement.text.startswith(ours):
            lies_in.update(dict.fromkeys(regions.upward(statement.text)))
    datasets = (entries[graph].dataset for graph in found.graphs if graph in entries)
    return Hit(
        found,
        reader.labels(found.iri),
        tuple(addresses),
        tuple(lies_in),
        points(found),
        next((dataset for dataset in datasets if dataset is not None), None),
    )
