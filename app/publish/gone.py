"""What was removed: a small table in each release, so that its addresses answer 410 for good.

The table holds every thing that an earlier release described and this one does not, with the
names it had and the release that left it out. It is cumulative: a thing stays in it when its
old release is long pruned, and leaves it when it comes back.

One line a thing, sorted by the bytes of its IRI: IRI, tab, JSON. Found by bisection in the
mapped file, so a million removed things cost nothing until somebody asks for one.
"""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, Final

import orjson
from pyoxigraph import Literal, NamedNode

from app.publish import things
from app.publish.reading_order import LABELS
from app.store.base import Manifest, Snapshot

FILE: Final = "gone.tsv"
_NAMES: Final = 20


@dataclass(frozen=True, slots=True)
class Gone:
    """A removed thing: the release that left it out, and its names by language tag."""

    iri: str
    removed: str
    names: dict[str, str]


def write(path: Path, new: Snapshot, old: Snapshot | None) -> int:
    """Write the table of a release that replaces another; gives the number of its lines.

    Only the lists of things of graphs that differ are read; they are there already. Things under another base IRI are not ours to speak of.
    """
    if old is None or old.manifest.base_iri != new.manifest.base_iri:
        return 0
    lines = {iri: line for iri, line in _kept(old.file(FILE)) if not _knows(new, iri)}
    for iri in _removed(path.parent, new, old):
        if iri not in lines:
            names = _names(old, iri)
            lines[iri] = orjson.dumps({"removed": new.manifest.id, "names": names})
    if lines:
        ordered = sorted((iri.encode(), line) for iri, line in lines.items())
        path.write_bytes(b"".join(iri + b"\t" + line + b"\n" for iri, line in ordered))
    return len(lines)


class GoneThings:
    """The table of one release."""

    def __init__(self, path: Path | None) -> None:
        self._lines: mmap.mmap | None = None
        if path is not None and path.stat().st_size:
            with path.open("rb") as file:
                self._lines = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def get(self, iri: str) -> Gone | None:
        """The removed thing with this IRI."""
        lines = self._lines
        if lines is None:
            return None
        wanted = iri.encode()
        low, high = 0, len(lines)
        while low < high:
            middle = (low + high) // 2
            start = lines.rfind(b"\n", low, middle) + 1 or low
            end = lines.find(b"\n", start)
            key, _, told = lines[start:end].partition(b"\t")
            if key == wanted:
                return _gone(iri, orjson.loads(told))
            if key < wanted:
                low = end + 1
            else:
                high = start
        return None


def _gone(iri: str, told: dict[str, Any]) -> Gone:
    return Gone(iri, told["removed"], told["names"])


def _kept(path: Path | None) -> Iterator[tuple[str, bytes]]:
    if path is None:
        return
    with path.open("rb") as file:
        for line in file:
            iri, _, told = line.rstrip(b"\n").partition(b"\t")
            yield iri.decode(), told


def _removed(folder: Path, new: Snapshot, old: Snapshot) -> Iterator[str]:
    for graph in _changed(new.manifest, old.manifest):
        # Digests take a fifth of the memory of the addresses.
        still = set()
        if graph in new.manifest.graphs:
            still = {_digest(iri) for iri in things.read(folder, graph)}
        for iri in things.of(old, graph):
            if _digest(iri) not in still and not _knows(new, iri):
                yield iri


def _digest(iri: str) -> bytes:
    return blake2b(iri.encode(), digest_size=12).digest()


def _changed(new: Manifest, old: Manifest) -> Iterator[str]:
    """Graphs that are no longer the same. A graph that is kept keeps its entry."""
    for iri, entry in old.graphs.items():
        now = new.graphs.get(iri)
        if now is None or now.modified != entry.modified:
            yield iri


def _names(old: Snapshot, iri: str) -> dict[str, str]:
    for predicate in LABELS:
        quads = old.quads(NamedNode(iri), NamedNode(predicate), limit=_NAMES)
        labels = [quad.object for quad in quads if isinstance(quad.object, Literal)]
        if labels:
            return {label.language or "": label.value for label in labels}
    return {}


def _knows(snapshot: Snapshot, iri: str) -> bool:
    return snapshot.knows(NamedNode(iri))
