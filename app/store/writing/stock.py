"""What a store holds, graph by graph, so that the effect of a foreign write is seen rather than
believed: the counts of a release and the rights of a token depend on it.

Run as `python -m app.store.writing.stock CONFIG`, in a process of its own: a triple term nested
200,000 deep, once stored, ends every process that reads it with an ordinary stack, and this one
has a large one, reads only, and is nobody's loss.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, cast

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from app.settings import Settings
from app.store.workers import children, sandbox

MAX_TERM_DEPTH: Final = 16
"""Deepest nesting of triple terms that is taken into a release."""

_STRING: Final = re.compile(rb'"[^"\\\n]*(?:\\.[^"\\\n]*)*"')
_TERM: Final = b"<<("


@dataclass(frozen=True, slots=True)
class GraphStock:
    """The quads of a graph, and a sum over all of them in the engine's order, which is by the
    terms themselves: equal graphs have equal sums in every store."""

    quads: int
    digest: str


class UnsoundStoreError(Exception):
    """The store cannot be read, or holds what must not be read by others."""


def take_stock(store: Path, settings: Settings) -> dict[str, GraphStock]:
    """All named graphs of a store by IRI. Reads everything: a second for about a million quads.
    Raises UnsoundStoreError."""
    config = {
        "parent": os.getpid(),
        "store": str(store.resolve()),
        "memory_bytes": settings.query_memory_bytes,
        "stack_bytes": min(settings.query_stack_bytes, settings.query_memory_bytes // 4),
    }
    status, output = children.run(
        "app.store.writing.stock",
        [json.dumps(config)],
        nice=children.NICE_WRITES,
        stdout=subprocess.PIPE,
    )
    if status != 0:
        raise UnsoundStoreError(f"status {status}")
    told = json.loads(output)
    if told["failure"]:
        raise UnsoundStoreError(told["failure"])
    return {iri: GraphStock(*stock) for iri, stock in told["graphs"].items()}


def differing(
    before: Mapping[str, GraphStock], after: Mapping[str, GraphStock]
) -> dict[str, tuple[int | None, int | None]]:
    """Quads before and after of each graph that is not the same, in the order of names."""
    return {
        iri: (
            before[iri].quads if iri in before else None,
            after[iri].quads if iri in after else None,
        )
        for iri in sorted({*before, *after})
        if before.get(iri) != after.get(iri)
    }


class Sums:
    """A file that keeps a sum, a count of lines and the depth of terms of what is written."""

    def __init__(self) -> None:
        self._digest = hashlib.blake2b(digest_size=16)
        self._lines = 0
        self._cut = b""
        self.depth = 0

    def write(self, data: bytes, /) -> int:
        self._digest.update(data)
        self._lines += data.count(b"\n")
        if _TERM in data or self._cut:
            *lines, self._cut = (self._cut + data).split(b"\n")
            for line in lines:
                self.depth = max(self.depth, _STRING.sub(b"", line).count(_TERM))
            if len(self._cut) > 1 << 20:
                self.depth = max(self.depth, self._cut.count(_TERM))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back."""

    def stock(self) -> tuple[int, str]:
        return self._lines, self._digest.hexdigest()


def _taken(path: str) -> dict[str, object]:
    store = Store.read_only(path)
    if next(store.quads_for_pattern(None, None, None, DefaultGraph()), None) is not None:
        return {"failure": "quads outside the named graphs"}
    graphs: dict[str, tuple[int, str]] = {}
    for graph in store.named_graphs():
        if not isinstance(graph, NamedNode):
            return {"failure": "a graph without an IRI"}
        sums = Sums()
        store.dump(cast(IO[bytes], sums), RdfFormat.N_TRIPLES, from_graph=graph)
        if sums.depth > MAX_TERM_DEPTH:
            return {"failure": f"triple terms nested deeper than {MAX_TERM_DEPTH}"}
        graphs[graph.value] = sums.stock()
    return {"failure": "", "graphs": graphs}


def main(arguments: list[str]) -> None:
    """Entry point: where the store is and what this process may use, as JSON."""
    config = json.loads(arguments[0])
    sandbox.enter(sandbox.Limits(memory_bytes=config["memory_bytes"], parent=config["parent"]))

    def tell() -> None:
        output = json.dumps(_taken(config["store"])).encode()
        while output:
            output = output[os.write(1, output) :]
        os._exit(0)

    threading.stack_size(config["stack_bytes"])
    thread = threading.Thread(target=tell, daemon=True)
    thread.start()
    thread.join()
    os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1:])
