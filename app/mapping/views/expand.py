"""Fields of a logical view × the records of one level → columns.

The values of expressions are computed for all records at once; a field inside another starts a
level of its own. Source: RML-LV, section "Fields".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from app.mapping import model as m
from app.mapping.evaluate import Evaluator
from app.mapping.findings import CellReport
from app.mapping.lower import Lowering, natural_type
from app.mapping.model import POSITION, ViewField
from app.mapping.vector import Vector, align, filled
from app.mapping.views.blocks import (
    Block,
    combined,
    first_positions,
    nested,
    positions_as_text,
    within,
)
from app.mapping.views.records import Items, Records, Texts
from app.tabular.batch import Batch


def expand(records: Records, fields: Sequence[ViewField], before: str = "") -> Block:
    """The columns of some fields over these records. `before` begins their names."""
    batch = records.batch(references_of(f.expression for f in fields))
    values = _Values(records, batch)
    return combined([_field(values, each, before) for each in fields], len(records))


def evaluated(records: Records, batch: Batch, expressions: Sequence[m.Expression]) -> Block:
    """The values of expressions as columns named by their number: for the keys of joins."""
    vectors = [_Values(records, batch).vector(each) for each in expressions]
    found, rows = align(vectors, len(records))
    height = len(records) if rows is None else len(rows)
    return combined(
        [Block({str(n): filled(v, height) for n, v in enumerate(found)}, rows=rows)], len(records)
    )


class _Values:
    """The expressions of one level."""

    def __init__(self, records: Records, batch: Batch) -> None:
        self.records = records
        reading = records.reading
        batch = replace(batch, lines=records.lines)
        report = CellReport(reading.name, batch, reading.findings)
        self.evaluator = Evaluator(batch, reading.nulls, {}, report)
        self.lowering = Lowering(None, lambda _: [])

    def vector(self, expression: m.Expression) -> Vector:
        return self.evaluator.value(self.lowering.value(expression))

    def column(self, expression: m.Expression) -> tuple[Vector, pa.Array | None]:
        """The values and their natural datatypes."""
        found = self.vector(expression)
        values = filled(found.values, len(self.records))
        types = None
        if isinstance(expression, m.Reference):
            types = self.evaluator.batch.datatypes.get(expression.name)
        elif (natural := natural_type(m.TermMap(expression))) is not None:
            types = pa.repeat(pa.scalar(natural), len(values))
        return Vector(values, found.rows), types


def _field(values: _Values, field: ViewField, before: str) -> Block:
    name = before + field.name
    records = values.records
    if field.expression is None:
        inner, owners = records.inside(field.formulation, field.iterator)
        return _with_inner(Block({}), inner, owners, field, before, len(records))
    if field.fields and isinstance(records, Items) and isinstance(field.expression, m.Reference):
        # What is inside a composite value can be told by the fields inside.
        inner, owners = records.found(field.expression.name)
        item = replace(field, fields=())
        own = expand(inner, (replace(item, expression=m.Reference("$")),), before)
        own = Block({name: own.columns[name]}, {k: t for k, t in own.types.items() if k == name})
        return _with_inner(own, inner, owners, field, before, len(records))
    vector, types = values.column(field.expression)
    array = vector.values
    assert not isinstance(array, str)
    own = Block({name: array}, {} if types is None else {name: types})
    if not field.fields and vector.rows is None:
        index, integer = first_positions(array.is_valid())
        key = f"{name}.{POSITION}"
        return Block({key: index, name: array}, {key: integer, **own.types})
    owners = np.arange(len(array), dtype=np.int64) if vector.rows is None else vector.rows
    texts = Texts(records.reading, records.lines[owners], array.to_pylist() if field.fields else [])
    return _with_inner(own, texts, owners, field, before, len(records))


def _with_inner(
    own: Block, inner: Records, owners: np.ndarray, field: ViewField, before: str, height: int
) -> Block:
    """The block of a field over the records of the level around it: its own column, its position,
    and the fields inside. `owners`: to which record of that level each of its records belongs."""
    name = before + field.name
    index, integer = positions_as_text(within(owners))
    key = f"{name}.{POSITION}"
    own = Block({key: index, **own.columns}, {key: integer, **own.types})
    parts = [own]
    if field.fields:
        parts.append(expand(inner, field.fields, f"{name}."))
    return nested(combined(parts, len(owners)), owners, height)


def references_of(expressions: Iterable[m.Expression | None]) -> tuple[str, ...]:
    """The names that expressions refer to, each once."""
    names = (each.name for e in expressions if e is not None for each in references_in(e))
    return tuple(dict.fromkeys(names))


def references_in(expression: m.Expression) -> Iterator[m.Reference]:
    """Every reference inside an expression that can be a field's."""
    match expression:
        case m.Reference():
            yield expression
        case m.Template(parts):
            for part in parts:
                if not isinstance(part, str):
                    yield from references_in(part)
        case m.Call(arguments=arguments):
            for argument in arguments:
                yield from references_in(argument.value.expression)
