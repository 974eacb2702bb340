"""Dumps of each data set: N-Quads packed with zstd, and Turtle. Made with the release, so that
their size and SHA-256 stand in its manifest, and a dump never differs from what is served."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

import zstandard
from pyoxigraph import NamedNode, RdfFormat

from app.publish.catalog import VOCABULARY
from app.rdf.formats import Format, Formats
from app.store.base import FileEntry, GraphEntry, Manifest, Snapshot

FOLDER: Final = "dumps"
_ZSTD_LEVEL: Final = 6  # 25 MB/s of N-Quads here, at a twentieth of their size
_TURTLE_QUADS: Final = 1_000_000
"""Past this many quads only N-Quads are written: nobody reads 100 MB of Turtle."""

_FILES: Final = "files"
_OF_SUFFIX: Final = {f.value.id: f.value for f in (Formats.TURTLE, Formats.GEOJSON)}


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
    return Dump(
        name,
        dataset,
        _OF_SUFFIX.get(suffix, Formats.N_QUADS.value),
        entry.bytes,
        entry.sha256,
        packed,
    )


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
        for entry in entries:
            lines = _InGraph(output, entry.iri)
            snapshot.dump(entry.iri, cast(BinaryIO, lines), RdfFormat.N_TRIPLES)
            lines.end()


def _write_turtle(path: Path, snapshot: Snapshot, entries: list[GraphEntry]) -> None:
    with path.open("wb") as file:
        for entry in entries:
            snapshot.dump(entry.iri, file, RdfFormat.TURTLE)


class _InGraph:
    """Makes N-Quads of the engine's N-Triples: the graph goes before the dot that ends a line.
    (Canonical N-Triples: one space, a dot, a line feed; texts hold no raw line feed.)"""

    def __init__(self, output: IO[bytes], graph: str) -> None:
        self._output = output
        self._end = f" {NamedNode(graph)} .\n".encode()
        self._rest = b""

    def write(self, data: bytes) -> int:
        lines = self._rest + bytes(data)
        whole = lines.rfind(b"\n") + 1
        self._rest = lines[whole:]
        self._output.write(lines[:whole].replace(b" .\n", self._end))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back that is a whole line."""

    def end(self) -> None:
        """All lines were whole."""
        assert not self._rest, "the engine ends the last line"
