"""A GeoJSON dump of each data set with coordinates: its things as Features (RFC 7946). Made from
the dump and the list of things, which are in the folder already."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from app.publish import dumps, geojson, things
from app.publish.entity import Bounds, EntityReader
from app.publish.jsonld import Context
from app.publish.places import TELLING
from app.rdf.namespaces import PREFIXES
from app.store.base import GraphEntry, Snapshot
from app.store.scratch import memory_snapshot

_QUADS: Final = 500_000
"""Past this many quads no GeoJSON is written: a description takes some 60 µs. `/browse` gives
the same by class and region, page by page."""

_BOUNDS: Final = Bounds(labels=0)


def write(folder: Path, new: Snapshot, old: Snapshot | None) -> None:
    """Write the dumps of a release; those of graphs that did not change are hard links to the
    files of the release before."""
    manifest = new.manifest
    context = Context({**PREFIXES, "def": f"{manifest.base_iri}/def/"})
    for iri, entry in manifest.graphs.items():
        if entry.dataset is None or entry.loaded_with is not None or entry.quads > _QUADS:
            continue
        if not TELLING.intersection(entry.properties):
            continue
        name = f"{entry.dataset}.geojson"
        before = old.file(f"{dumps.FOLDER}/{name}") if old is not None else None
        if before is not None and old is not None and _same(entry, old):
            (folder / dumps.FOLDER / name).hardlink_to(before)
        else:
            _write(folder / dumps.FOLDER / name, new, iri, context)


def _same(entry: GraphEntry, old: Snapshot) -> bool:
    before = old.manifest.graphs.get(entry.iri)
    return before is not None and before.modified == entry.modified


def _write(path: Path, snapshot: Snapshot, graph: str, context: Context) -> None:
    """A FeatureCollection, one Feature to a line."""
    separator = b'{"type":"FeatureCollection","features":[\n'
    with path.open("wb") as file:
        for feature in _features(path.parent.parent, snapshot, graph, context):
            file.write(separator + orjson.dumps(feature))
            separator = b",\n"
        if separator == b",\n":
            file.write(b"\n]}\n")
    if separator != b",\n":
        path.unlink()


def _features(
    folder: Path, snapshot: Snapshot, graph: str, context: Context
) -> Iterator[dict[str, Any]]:
    # A data set's dump holds what that data set says, so one graph is enough.
    lines = dumps.lines(folder, snapshot, graph)
    reader = EntityReader(memory_snapshot(lines, graph, snapshot.manifest), _BOUNDS)
    for iri in things.read(folder, graph):
        description = reader.describe(iri)
        if description is not None:
            feature = geojson.of_description(description, context.plain_name)
            if feature["geometry"] is not None:
                yield feature
