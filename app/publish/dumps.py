"""Dumps of each data set: N-Quads packed with zstd, and Turtle. Made with the release, so that
their size and SHA-256 stand in its manifest, and a dump never differs from what is served."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

import zstandard
from pyoxigraph import Quad, RdfFormat, serialize

from app.publish.catalog import VOCABULARY
from app.rdf.formats import Format, Formats
from app.rdf.namespaces import PREFIXES
from app.store.base import FileEntry, GraphEntry, Manifest, Snapshot

FOLDER: Final = "dumps"
_ZSTD_LEVEL: Final = 6  # 25 MB/s of N-Quads here, at a twentieth of their size
_TURTLE_QUADS: Final = 1_000_000
"""Past this many quads only N-Quads are written: nobody reads 100 MB of Turtle."""

_FILES: Final = "files"


@dataclass(frozen=True, slots=True)
class Dump:
    """One file that can be fetched under `/dumps/`."""

    name: str
    dataset: str
    format: Format
    bytes: int
    sha256: str
    packed: bool


def write(folder: Path, new: Snapshot, old: Snapshot | None) -> None:
    """Write the dumps of a release; those of graphs that did not change are hard links to the
    files of the release before."""
    target = folder / FOLDER
    target.mkdir()
    for dataset, entries in _datasets(new.manifest).items():
        names = [f"{dataset}.nq.zst"]
        if sum(entry.quads for entry in entries) <= _TURTLE_QUADS:
            names.append(f"{dataset}.ttl")
        for name in names:
            before = old.file(f"{FOLDER}/{name}") if old is not None else None
            if before is not None and old is not None and _same(entries, dataset, old.manifest):
                (target / name).hardlink_to(before)
            elif name.endswith(".ttl"):
                _write_turtle(target / name, new, entries)
            else:
                _write_quads(target / name, new, entries)


def of(manifest: Manifest) -> tuple[Dump, ...]:
    """The dumps of a release, by name."""
    prefix = f"{_FILES}/{FOLDER}/"
    found = (
        _dump(name.removeprefix(prefix), entry)
        for name, entry in sorted(manifest.files.items())
        if name.startswith(prefix)
    )
    return tuple(found)


def by_dataset(manifest: Manifest) -> Mapping[str, tuple[Dump, ...]]:
    """The dumps of a release by the id of their data set."""
    found: dict[str, tuple[Dump, ...]] = {}
    for dump in of(manifest):
        found[dump.dataset] = (*found.get(dump.dataset, ()), dump)
    return found


def _dump(name: str, entry: FileEntry) -> Dump:
    packed = name.endswith(".zst")
    dataset, _, suffix = name.removesuffix(".zst").rpartition(".")
    form = Formats.TURTLE.value if suffix == Formats.TURTLE.value.id else Formats.N_QUADS.value
    return Dump(name, dataset, form, entry.bytes, entry.sha256, packed)


def _datasets(manifest: Manifest) -> dict[str, list[GraphEntry]]:
    """The graphs of each data set; the vocabulary is one of its own."""
    found: dict[str, list[GraphEntry]] = {}
    for iri, entry in manifest.graphs.items():
        is_vocabulary = iri == f"{manifest.base_iri}/graphs/{VOCABULARY}"
        name = VOCABULARY if is_vocabulary else entry.dataset
        if name is not None:
            found.setdefault(name, []).append(entry)
    return found


def _same(entries: list[GraphEntry], dataset: str, old: Manifest) -> bool:
    before = _datasets(old).get(dataset, [])
    return [(e.iri, e.modified) for e in entries] == [(e.iri, e.modified) for e in before]


def _write_quads(path: Path, snapshot: Snapshot, entries: list[GraphEntry]) -> None:
    packer = zstandard.ZstdCompressor(level=_ZSTD_LEVEL)
    with path.open("wb") as file, packer.stream_writer(file) as output:
        serialize(_quads(snapshot, entries), cast(IO[bytes], output), RdfFormat.N_QUADS)


def _write_turtle(path: Path, snapshot: Snapshot, entries: list[GraphEntry]) -> None:
    prefixes = {**PREFIXES, "def": f"{snapshot.manifest.base_iri}/def/"}
    with path.open("wb") as file:
        triples = (quad.triple for quad in _quads(snapshot, entries))
        serialize(triples, file, RdfFormat.TURTLE, prefixes=prefixes)


def _quads(snapshot: Snapshot, entries: list[GraphEntry]) -> Iterator[Quad]:
    for entry in entries:
        yield from snapshot.graph(entry.iri)
