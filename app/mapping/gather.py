"""Collections and containers from the values of a row (RML-CC): which items belong to which head.

Without a name each row has its own; with one, rows with the same name add to it in their order,
over the whole source. So a batch gives members, and `app.mapping.collections` the triples.
"""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain, product

import numpy as np
import pyarrow as pa

from app.mapping.plan import GatherTerm
from app.mapping.vector import Rows, Vector
from app.rdf.namespaces import RDF
from app.tabular.batch import Batch

NIL = f"<{RDF}nil>"


@dataclass(frozen=True, slots=True)
class Group:
    """What one row puts into one list or container."""

    head: str
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gathered:
    """`heads`: the term that stands in the quad, for each row. `groups`: by row of the batch."""

    heads: Vector
    groups: dict[int, list[Group]]


def gather(
    node: GatherTerm, items: Sequence[Vector], named: Vector | None, batch: Batch
) -> Gathered:
    """One list or container for each row (for each combination when `cartesian`).

    A row without values gives nothing, unless empty ones are allowed: then rdf:nil, or an empty
    container. A row whose name is null gives nothing.
    """
    per_row = _by_row(items, len(batch))
    names = None if named is None else _by_row([named], len(batch))
    new = f"_:c{zlib.crc32(node.scope.encode()):x}x{zlib.crc32(repr(node).encode()):x}r"
    heads: list[str] = []
    rows: list[int] = []
    groups: defaultdict[int, list[Group]] = defaultdict(list)
    for row, columns in enumerate(per_row):
        if node.cartesian:
            found = list(product(*columns)) if all(columns) else [()]
        else:
            found = [tuple(chain.from_iterable(columns))]
        for number, group in enumerate(found):
            if not group and not node.empty_allowed:
                continue
            given = [f"{new}{batch.first_row + row}x{number}"] if names is None else names[row][0]
            for head in given:
                head = NIL if node.kind == "list" and not group else head
                groups[row].append(Group(head, group))
                heads.append(head)
                rows.append(row)
    vector = Vector(pa.array(heads, pa.string()), np.array(rows, dtype=np.int64))
    return Gathered(vector, dict(groups))


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
