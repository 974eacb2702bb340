"""Dumps of each data set: N-Quads packed with zstd, and Turtle. Made with the release, so that
their size and SHA-256 stand in its manifest, and a dump never differs from what is served.

Lines are sorted, so that equal data gives equal dumps."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import zstandard
from pyoxigraph import NamedNode, RdfFormat, parse, serialize

from app.publish.catalog import VOCABULARY
from app.rdf.formats import Format, Formats
from app.rdf.namespaces import PREFIXES
from app.store.base import FileEntry, GraphEntry, Manifest, Snapshot

FOLDER: Final = "dumps"
ALL: Final = "all"
"""The name of the dump of all data sets, in the place of a data set's."""

_ALL_BYTES: Final = 2 << 30  # copied for each release in some 5 s; past this the parts are enough
_ZSTD_LEVEL: Final = 3  # 1.5 GB/s of sorted N-Quads, six times level 6, and a tenth larger
_CHUNK: Final = 256 << 10
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
    _write_all(target, new.manifest)


def _write_all(target: Path, manifest: Manifest) -> None:
    """One file with the quads of all data sets: frames of zstd one after another are a file of
    zstd (RFC 8878, section 3), so nothing is packed again."""
    names = [f"{dataset}.nq.zst" for dataset in _datasets(manifest)]
    parts = [target / name for name in names]
    bytes_ = sum(part.stat().st_size for part in parts)
    if f"{ALL}.nq.zst" in names or len(parts) < 2 or bytes_ > _ALL_BYTES:
        return
    with (target / f"{ALL}.nq.zst").open("wb") as output:
        for part in parts:
            with part.open("rb") as file:
                shutil.copyfileobj(file, output, _CHUNK)


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
        name = _dataset_of(manifest, iri)
        if name is not None:
            found.setdefault(name, []).append(entry)
    return found


def _same(entries: list[GraphEntry], dataset: str, old: Manifest) -> bool:
    before = _datasets(old).get(dataset, [])
    return [(e.iri, e.modified) for e in entries] == [(e.iri, e.modified) for e in before]


def lines(folder: Path, snapshot: Snapshot, graph: str) -> Iterator[bytes]:
    """The triples of a graph as blocks of lines of N-Triples, those of one subject together:
    from its dump, if that has been written to the folder, which costs a thirtieth of reading
    the store."""
    name = _dataset_of(snapshot.manifest, graph)
    path = folder / FOLDER / f"{name}.nq.zst"
    if name is None or not path.is_file():
        yield from snapshot.lines(graph, folder)
        return
    end = _end(graph)
    alone = len(_datasets(snapshot.manifest)[name]) == 1
    for block in unpacked_blocks(path):
        of_graph = block if alone else _only(block, end)
        if of_graph:
            yield of_graph.replace(end, b" .\n")


def unpacked_blocks(path: Path) -> Iterator[bytes]:
    """Blocks of whole lines of a packed file."""
    held = b""
    with path.open("rb") as file, zstandard.ZstdDecompressor().stream_reader(file) as reader:
        while chunk := reader.read(_CHUNK):
            whole, feed, rest = chunk.rpartition(b"\n")
            if feed:
                yield held + whole + feed
                held = rest
            else:
                held += chunk
    if held:
        yield held


def _only(block: bytes, end: bytes) -> bytes:
    return b"".join(line for line in block.splitlines(keepends=True) if line.endswith(end))


def _dataset_of(manifest: Manifest, graph: str) -> str | None:
    """The name of the dumps that a graph is in."""
    entry = manifest.graphs[graph]
    is_vocabulary = graph == f"{manifest.base_iri}/graphs/{VOCABULARY}"
    return VOCABULARY if is_vocabulary else entry.dataset


def _end(graph: str) -> bytes:
    """How a line of a graph ends. Texts hold no raw line feed, so nothing else ends so."""
    return f" {NamedNode(graph)} .\n".encode()


def _write_quads(path: Path, snapshot: Snapshot, entries: list[GraphEntry]) -> None:
    packer = zstandard.ZstdCompressor(level=_ZSTD_LEVEL)
    with path.open("wb") as file, packer.stream_writer(file) as output:
        for entry in entries:
            end = _end(entry.iri)
            for block in snapshot.lines(entry.iri, path.parent):
                output.write(block.replace(b" .\n", end))


def _write_turtle(path: Path, snapshot: Snapshot, entries: list[GraphEntry]) -> None:
    triples = (
        quad.triple
        for entry in entries
        for block in snapshot.lines(entry.iri, path.parent)
        for quad in parse(block, RdfFormat.N_TRIPLES, lenient=True)
    )
    prefixes = {**PREFIXES, "def": f"{snapshot.manifest.base_iri}/def/"}
    serialize(triples, path, RdfFormat.TURTLE, prefixes=prefixes)
