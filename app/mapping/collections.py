"""The triples of RDF lists and containers, from the members that batches give (RML-CC).

What belongs to a head that one row alone can have is given out with its batch; named heads are
kept until the end of the source, since a later row may add to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b

import pyarrow as pa

from app.mapping.columns import walk
from app.mapping.gather import NIL, Gathered
from app.mapping.lines import Lines
from app.mapping.plan import Emit, GatherTerm
from app.mapping.vector import Vector
from app.rdf.namespaces import RDF

_CONTAINERS = {"bag": f"<{RDF}Bag>", "seq": f"<{RDF}Seq>", "alt": f"<{RDF}Alt>"}
_FIRST, _REST, _TYPE = (f"<{RDF}{name}>" for name in ("first", "rest", "type"))


@dataclass(frozen=True, slots=True)
class Key:
    """One list or container, in one graph (the text before the end of its lines), for some
    logical targets."""

    node: GatherTerm
    head: str
    graph: str
    targets: tuple[str, ...]


@dataclass(slots=True)
class Members:
    """The members of lists and containers, in the order of the rows."""

    items: dict[Key, list[str]] = field(default_factory=dict)
    _met: set[tuple[GatherTerm, str, tuple[str, ...], int]] = field(default_factory=set)

    def add(
        self, emit: Emit, node: GatherTerm, gathered: Gathered, lines: Lines, graph: Vector | None
    ) -> None:
        """Take what the rows of an emit's lines put into a collection that the emit uses. Two
        emits that use the same one in the same graph put it there once."""
        graphs = _graphs(graph)
        for row in dict.fromkeys(lines.owners().tolist()):
            for text in graphs if isinstance(graphs, list) else graphs.get(row, ()):
                mark = (node, text, emit.targets, row)
                if mark in self._met:
                    continue
                self._met.add(mark)
                for group in gathered.groups.get(row, ()):
                    if group.head != NIL:
                        key = Key(node, group.head, text, emit.targets)
                        self.items.setdefault(key, []).extend(group.items)

    def ended(self) -> Members:
        """Take out those to which no later row can add: they have no name."""
        keys = [key for key in self.items if key.node.node is None]
        return Members({key: self.items.pop(key) for key in keys})

    def extend(self, later: Members) -> None:
        """Add the members of the next batch."""
        for key, items in later.items.items():
            self.items.setdefault(key, []).extend(items)

    def lines(self) -> Iterator[tuple[tuple[str, ...], pa.Array]]:
        """The triples, by the targets that they go to."""
        by_targets: dict[tuple[str, ...], list[str]] = {}
        for key, items in self.items.items():
            make = _list if key.node.kind == "list" else _container
            ends = f" {key.graph}.\n"
            by_targets.setdefault(key.targets, []).extend(
                triple + ends for triple in make(key, items)
            )
        for targets, texts in by_targets.items():
            yield targets, pa.array(texts, pa.string())


@lru_cache(maxsize=4096)  # asked for each batch, and the same emits each time
def nodes_of(emit: Emit) -> tuple[GatherTerm, ...]:
    """The collections that an emit uses, inner ones included."""
    found = (node for node in walk((emit.subject, emit.object)) if isinstance(node, GatherTerm))
    return tuple(dict.fromkeys(found))


def _list(key: Key, items: Sequence[str]) -> Iterator[str]:
    """RDF 1.1 Schema section 5.2: a chain of rdf:first and rdf:rest that ends in rdf:nil."""
    own = "\0".join((key.node.scope, key.head, key.graph))
    label = f"_:l{blake2b(own.encode(), digest_size=12).hexdigest()}n"
    cell = key.head
    for number, item in enumerate(items, start=1):
        after = f"{label}{number}" if number < len(items) else NIL
        yield f"{cell} {_FIRST} {item}"
        yield f"{cell} {_REST} {after}"
        cell = after


def _container(key: Key, items: Sequence[str]) -> Iterator[str]:
    """RDF 1.1 Schema section 5.1: rdf:_1, rdf:_2 …"""
    yield f"{key.head} {_TYPE} {_CONTAINERS[key.node.kind]}"
    for number, item in enumerate(items, start=1):
        yield f"{key.head} <{RDF}_{number}> {item}"


def _graphs(graph: Vector | None) -> list[str] | dict[int, list[str]]:
    """The graphs of every row, or by row."""
    if graph is None:
        return [""]
    if isinstance(graph.values, str):
        return [f"{graph.values} "]
    found: dict[int, list[str]] = {}
    rows = range(len(graph.values)) if graph.rows is None else graph.rows.tolist()
    for row, value in zip(rows, graph.values.to_pylist(), strict=True):
        if value is not None:
            found.setdefault(row, []).append(f"{value} ")
    return found
