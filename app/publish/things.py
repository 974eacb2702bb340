"""The things of each graph as a list that a release carries: what has a type or a label and an
address of its own. Sitemap and the table of removed things are made of it; a graph that did not
change hands its list on, so that a small change does not read the rest of the release.

One IRI a line, sorted by its N-Triples line, packed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Final

import zstandard

from app.publish import dumps
from app.rdf import terms
from app.rdf.namespaces import RDF, RDFS
from app.store.base import Snapshot

FOLDER: Final = "things"
_LEVEL: Final = 3
_SHORT: Final = 64 << 10
_TELLING: Final = tuple(f"> {terms.iri(name)} ".encode() for name in (RDF + "type", RDFS + "label"))
_NOT: Final = (b"#", b'"')  # a part of a thing; a text in which such a line is quoted


def write(folder: Path, new: Snapshot, old: Snapshot | None) -> None:
    """Write the lists of all graphs; those of graphs that did not change are hard links."""
    (folder / FOLDER).mkdir()
    space = _space(new).encode()
    for graph, entry in new.manifest.graphs.items():
        name = _name(graph)
        before = old.file(name) if old is not None else None
        known = old.manifest.graphs.get(graph) if old is not None else None
        if before is not None and known is not None and known.modified == entry.modified:
            (folder / name).hardlink_to(before)
            continue
        packer = zstandard.ZstdCompressor(level=_LEVEL)
        with (folder / name).open("wb") as file, packer.stream_writer(file) as output:
            last = b""
            for block in new.lines(graph, folder):
                found = _things(block, space)
                # The lines of a thing follow each other, maybe into the next block.
                output.write(b"".join(iri + b"\n" for iri in found if iri != last))
                last = found[-1] if found else last


def _things(block: bytes, space: bytes) -> list[bytes]:
    """The subjects of lines that give a thing a type or a label, each once, in the order of
    their lines. Splitting at the predicates takes a fifth of the time of a regular expression."""
    lines = b"\n" + block
    found = {
        before[at + 2 :]
        for telling in _TELLING
        for before in lines.split(telling)[:-1]
        if (at := before.rfind(b"\n<")) >= 0  # else it stands in a text, a second time
    }
    things = [
        iri for iri in found if iri.startswith(space) and not any(map(iri.__contains__, _NOT))
    ]
    return sorted(things, key=_in_line)


def _in_line(iri: bytes) -> bytes:
    return iri + b">"


def read(folder: Path, graph: str) -> Iterator[str]:
    """The things of a graph, from the files of a release. Whoever merges the lists of thousands
    of graphs holds no more files open than there are long ones."""
    path = folder / _name(graph)
    if path.stat().st_size <= _SHORT:
        blocks: Iterable[bytes] = list(dumps.unpacked_blocks(path))
    else:
        blocks = dumps.unpacked_blocks(path)
    for block in blocks:
        # Bytes: a text would be parted at U+2028 too, which an IRI may hold.
        yield from map(bytes.decode, block.splitlines())


def of(snapshot: Snapshot, graph: str) -> Iterator[str]:
    """The things of a graph of a sealed release, also of one that was made without lists."""
    path = snapshot.file(_name(graph))
    if path is None:
        return snapshot.things(graph, _space(snapshot))
    return read(path.parent.parent, graph)


def _space(snapshot: Snapshot) -> str:
    return f"{snapshot.manifest.base_iri}/id/"


def _name(graph: str) -> str:
    return f"{FOLDER}/{blake2b(graph.encode(), digest_size=12).hexdigest()}.txt.zst"
