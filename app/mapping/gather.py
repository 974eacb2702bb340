"""Collections and containers from the values of a row (RML-CC)."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import Any

import numpy as np
import pyarrow as pa

from app.mapping.plan import GatherTerm
from app.mapping.vector import Rows, Vector
from app.rdf.namespaces import RDF
from app.tabular.batch import Batch

_CONTAINERS = {"bag": f"<{RDF}Bag>", "seq": f"<{RDF}Seq>", "alt": f"<{RDF}Alt>"}
_FIRST, _REST, _NIL, _TYPE = (f"<{RDF}{name}>" for name in ("first", "rest", "nil", "type"))


@dataclass(frozen=True, slots=True)
class Gathered:
    """`heads`: the term that stands in the quad. `lines`: the structure's own quads, given the
    text of the graph that ends each line."""

    heads: Vector
    lines: Callable[[str], list[str]]


def gather(
    node: GatherTerm, items: Sequence[Vector], named: Vector | None, batch: Batch
) -> Gathered:
    """One list or container for each row (for each combination when `cartesian`).

    A row without values gives nothing, unless empty ones are allowed: then rdf:nil or an empty
    container.
    """
    per_row = _by_row(items, len(batch))
    names = None if named is None else _by_row([named], len(batch))
    heads: list[str] = []
    rows: list[int] = []
    triples: list[str] = []
    for row in range(len(batch)):
        columns = per_row[row]
        if node.cartesian:
            groups = [list(group) for group in product(*columns)] if all(columns) else []
        else:
            groups = [list(chain.from_iterable(columns))]
        for number, group in enumerate(groups):
            if not group and not node.empty_allowed:
                continue
            name = names[row][0] if names is not None else None
            label = f"_:c{batch.first_row + row}x{number}x{_identity(node):x}"
            if name is not None and not name:
                continue
            head = name[0] if name else label
            made = _list if node.kind == "list" else _container
            head, new = made(node.kind, head, label, group)
            triples.extend(new)
            heads.append(head)
            rows.append(row)
    vector = Vector(pa.array(heads, pa.string()), np.array(rows, dtype=np.int64))
    return Gathered(vector, lambda graph: [f"{triple} {graph}.\n" for triple in triples])


def _list(kind: str, head: str, label: str, items: list[str]) -> tuple[str, list[str]]:
    del kind
    if not items:
        return _NIL, []
    cells = [head, *(f"{label}n{number}" for number in range(1, len(items)))]
    lines = []
    for number, (cell, item) in enumerate(zip(cells, items, strict=True)):
        after = cells[number + 1] if number + 1 < len(cells) else _NIL
        lines += [f"{cell} {_FIRST} {item}", f"{cell} {_REST} {after}"]
    return head, lines


def _container(kind: str, head: str, label: str, items: list[str]) -> tuple[str, list[str]]:
    del label
    lines = [f"{head} {_TYPE} {_CONTAINERS[kind]}"]
    lines += [f"{head} <{RDF}_{number}> {item}" for number, item in enumerate(items, start=1)]
    return head, lines


def _by_row(vectors: Sequence[Vector], height: int) -> list[list[list[str]]]:
    """For each row, for each vector, its non-null values."""
    result: list[list[list[str]]] = [[[] for _ in vectors] for _ in range(height)]
    for column, vector in enumerate(vectors):
        if isinstance(vector.values, str):
            for row in range(height):
                result[row][column].append(vector.values)
            continue
        owners: Rows | range = range(height) if vector.rows is None else vector.rows
        for row, value in zip(owners, vector.values.to_pylist(), strict=True):
            if value is not None:
                result[row][column].append(value)
    return result


def _identity(node: Any) -> int:
    """A number for a node that is the same in every process."""
    return zlib.crc32(repr(node).encode())
