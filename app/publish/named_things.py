"""Which things of a graph can be found by a name: eight bytes each, kept with a release, so that a
thing that two graphs name is noticed without reading either graph again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from app.store.base import Snapshot

FOLDER: Final = "named"
_BYTES: Final = 8
_RECENT: Final = 100_000

Digests = npt.NDArray[np.uint64]


def digests(iris: Iterable[str]) -> Digests:
    """A digest of each IRI."""
    joined = b"".join(blake2b(iri.encode(), digest_size=_BYTES).digest() for iri in iris)
    return np.frombuffer(joined, dtype=np.uint64)


def name(graph: str) -> str:
    """The file of a graph."""
    return f"{FOLDER}/{blake2b(graph.encode(), digest_size=12).hexdigest()}.u64"


def write(folder: Path, graph: str, named: Sequence[Digests]) -> None:
    """Keep the digests of a graph."""
    (folder / FOLDER).mkdir(exist_ok=True)
    with (folder / name(graph)).open("wb") as file:
        for part in named:
            file.write(part.tobytes())


def hand_on(folder: Path, old: Snapshot, graph: str) -> Digests | None:
    """Keep what the release before kept of a graph that did not change; also gives it."""
    before = old.file(name(graph))
    if before is None:
        return None
    (folder / FOLDER).mkdir(exist_ok=True)
    (folder / name(graph)).hardlink_to(before)
    return np.fromfile(before, dtype=np.uint64)


class Met:
    """Things that graphs have named so far. Two things with one digest are taken for one that
    is named twice, which costs a look."""

    def __init__(self) -> None:
        self._sorted: Digests = np.array([], dtype=np.uint64)
        self._recent: set[int] = set()

    def among(self, asked: Digests) -> npt.NDArray[np.bool_]:
        """For each whether it was met."""
        recent = self._recent
        found = np.fromiter((digest in recent for digest in asked.tolist()), np.bool_, len(asked))
        if len(self._sorted):
            at = np.minimum(np.searchsorted(self._sorted, asked), len(self._sorted) - 1)
            found |= self._sorted[at] == asked
        return found

    def add(self, named: Digests) -> None:
        """Remember some."""
        if len(named) < _RECENT:
            self._recent.update(named.tolist())
            if len(self._recent) < _RECENT:
                return
            named = np.fromiter(self._recent, np.uint64, len(self._recent))
            self._recent = set()
        self._sorted = np.sort(np.concatenate((self._sorted, named)))
