"""Searching a release: which things can be found by what, and what is shown of those found.

A thing can be found when it has a name and an address of its own here. Its names are its labels
in all languages, readings and codes; its places the addresses that stand in it.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence, Set
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

import orjson
from pyoxigraph import Literal

from app.publish import dumps, named_things
from app.publish.entity import EntityDescription, EntityReader
from app.publish.places import Point, points
from app.publish.search_documents import (
    IS_PART_OF,
    PLACE_NODES,
    WHOLES,
    WRITTEN,
    Documents,
    Regions,
    has_names,
    shared_document,
)
from app.publish.statements import statements
from app.store.base import GraphEntry, Snapshot
from app.store.search import SearchIndex, SearchIndexWriter

FOLDER: Final = "search"
STATE: Final = "search.json"
_META: Final = f"{FOLDER}/meta.json"

_VERSION: Final = 2
"""Of what documents hold: another one means that no earlier index is of use."""

_REWRITTEN_SHARE: Final = 0.5
"""Of all subjects: when more have changed, an index without gaps costs as much."""

_AT_ONCE: Final = 5_000


def write(folder: Path, new: Snapshot, old: Snapshot | None = None) -> int:
    """Write the index of a release; gives the number of things that were read for it.

    Some thousand things are held in memory at a time. What the release before found in graphs
    that stay is taken over, unless a changed graph may have a say in it.
    """
    kept = _kept(new, old)
    if kept is not None and old is not None:
        index, changed, shared = kept
        found = _changed(folder, new, old, changed, index)
        if found is not None:
            _tell(folder, shared)
            return found
        for name in (FOLDER, named_things.FOLDER):
            shutil.rmtree(folder / name, ignore_errors=True)
    return _everything(folder, new)


def _everything(folder: Path, new: Snapshot) -> int:
    graphs = [iri for iri, entry in sorted(new.manifest.graphs.items()) if entry.dataset]
    reading = _Reading(folder, new)
    shared: set[str] = set()
    with SearchIndexWriter(folder / FOLDER) as index:
        twice = [iri for graph in graphs for iri in reading.graph(graph, index)]
        for iri in dict.fromkeys(twice):
            known = shared_document(new, iri, reading.regions)
            if known is not None:
                index.remove_thing(iri)
                index.add(known[0])
                if len(known[1]) > 1:
                    shared |= known[1]
    _tell(folder, shared)
    return reading.found


def _changed(
    folder: Path, new: Snapshot, old: Snapshot, changed: Set[str], base: Path
) -> int | None:
    """Documents of some graphs in place of those that an earlier index has of them. None when a
    thing turns up that other graphs name too: then who has it must be settled anew."""
    reading = _Reading(folder, new)
    with SearchIndexWriter(folder / FOLDER, base) as index:
        for graph, entry in old.manifest.graphs.items():
            if graph not in changed and _is_searched(entry):
                named = named_things.hand_on(folder, old, graph)
                if named is None:
                    return None
                reading.met.add(named)
        for graph in sorted(changed):
            index.remove_graph(graph)
            if graph in new.manifest.graphs and reading.graph(graph, index):
                return None
    return reading.found


def _tell(folder: Path, shared: Set[str]) -> None:
    body = {"version": _VERSION, "shared": sorted(shared)}
    (folder / STATE).write_bytes(orjson.dumps(body))


def _is_searched(entry: GraphEntry) -> bool:
    return entry.dataset is not None and has_names(entry)


class _Reading:
    """Graphs read into an index."""

    def __init__(self, folder: Path, new: Snapshot) -> None:
        self._folder = folder
        self._new = new
        self.regions = Regions(new)
        self.met = named_things.Met()
        self.found = 0

    def graph(self, iri: str, index: SearchIndexWriter) -> list[str]:
        """Add the things of a graph, but for those that another graph has named: their IRIs."""
        entry = self._new.manifest.graphs[iri]
        if entry.dataset is None or not has_names(entry):
            return []
        documents = Documents(self._new, iri, entry.dataset, self.regions).read(
            dumps.lines(self._folder, self._new, iri)
        )
        named, twice = [], []
        while some := list(islice(documents, _AT_ONCE)):
            digests = named_things.digests(document.iri for document in some)
            for document, met in zip(some, self.met.among(digests), strict=True):
                if met:
                    twice.append(document.iri)
                else:
                    index.add(document)
                    self.found += 1
            named.append(digests)
        for part in named:
            self.met.add(part)
        named_things.write(self._folder, iri, named)
        return twice


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
