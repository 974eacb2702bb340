"""The things of each graph as a list that a release carries: what has a type or a label and an
address of its own. Sitemap and the table of removed things are made of it; a graph that did not
change hands its list on, so that a small change does not read the rest of the release.

One IRI a line, sorted by its N-Triples line, packed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from itertools import groupby
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


def write(folder: Path, new: Snapshot, old: Snapshot | None) -> None:
    """Write the lists of all graphs; those of graphs that did not change are hard links."""
    (folder / FOLDER).mkdir()
    wanted = _pattern(_space(new))
    for graph, entry in new.manifest.graphs.items():
        name = _name(graph)
        before = old.file(name) if old is not None else None
        known = old.manifest.graphs.get(graph) if old is not None else None
        if before is not None and known is not None and known.modified == entry.modified:
            (folder / name).hardlink_to(before)
            continue
        packer = zstandard.ZstdCompressor(level=_LEVEL)
        with (folder / name).open("wb") as file, packer.stream_writer(file) as output:
            found = (iri for b in new.lines(graph, folder) for iri in wanted.findall(b))
            for iri, _ in groupby(found):  # the lines of a thing follow each other
                output.write(iri + b"\n")


def read(folder: Path, graph: str) -> Iterator[str]:
    """The things of a graph, from the files of a release. Whoever merges the lists of thousands
    of graphs holds no more files open than there are long ones."""
    path = folder / _name(graph)
    if path.stat().st_size <= _SHORT:
        blocks: Iterable[bytes] = list(dumps.unpacked_blocks(path))
    else:
        blocks = dumps.unpacked_blocks(path)
    for block in blocks:
        yield from block.decode().splitlines()


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


def _pattern(space: str) -> re.Pattern[bytes]:
    """Finds the subject of lines that give a thing a type or a label."""
    telling = "|".join(re.escape(terms.iri(name)) for name in (RDF + "type", RDFS + "label"))
    start = re.escape(terms.iri(space)[:-1])
    return re.compile(f"^<(?={start[1:]})([^#>]+)> (?:{telling}) ".encode(), re.MULTILINE)
