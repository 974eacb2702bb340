"""Functions on columns: each distinct combination of arguments is computed once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from typing import Any

import numpy as np
import pyarrow as pa

from app.errors import MappingError, Place
from app.mapping.findings import CellReport
from app.mapping.functions import registry
from app.mapping.functions.registry import BadValue, Function, Result
from app.mapping.plan import Apply
from app.mapping.vector import Rows, Vector, align, combinations


def apply_function(
    node: Apply, arguments: Sequence[tuple[str, Vector]], height: int, report: CellReport
) -> Vector:
    """Apply a function of the registry to argument vectors by parameter name."""
    function = registry.find(node.function, node.place)
    many = {parameter.name for parameter in function.parameters if parameter.many}
    if not arguments:
        return _everywhere(function.call(), height)
    if any(name in many and vector.rows is not None for name, vector in arguments):
        arguments = [
            (name, _as_lists(vector, height) if name in many else vector)
            for name, vector in arguments
        ]
    values, rows = align([vector for _, vector in arguments], height)
    names = [name for name, _ in arguments]
    if all(isinstance(value, str) for value in values):
        try:
            return _everywhere(_call(function, names, values, many, node.place), height)
        except BadValue as error:
            report.bad_at(error.kind, node, None, np.arange(height), rows, error.values)
            return _everywhere(error.partial, height)
    first, codes = combinations(values)
    columns = [
        repeat(value) if isinstance(value, str) else value.take(pa.array(first)).to_pylist()
        for value in values
    ]
    results: list[Result] = []
    bad: dict[int, BadValue] = {}
    for number, combination in enumerate(zip(*columns, strict=False)):
        try:
            results.append(_call(function, names, combination, many, node.place))
        except BadValue as error:
            bad[number] = error.with_traceback(None)  # it would keep the frames alive
            results.append(error.partial)
    for number, positions in _positions(codes, list(bad)):
        met = bad[number]
        report.bad_at(met.kind, node, None, positions, rows, met.values)
    return _spread(results, codes, rows)


def _positions(codes: Rows, wanted: list[int]) -> Iterator[tuple[int, Rows]]:
    """Where each of some codes stands. Sorted once: a search for each would take the square of
    the rows when every cell of a column is bad in its own way."""
    if not wanted:
        return
    order = np.argsort(codes, kind="stable")
    in_order = codes[order]
    starts = np.searchsorted(in_order, wanted, side="left")
    ends = np.searchsorted(in_order, wanted, side="right")
    for code, start, end in zip(wanted, starts, ends, strict=True):
        yield code, order[start:end]


def _everywhere(result: Result, height: int) -> Vector:
    """The same result for every row."""
    if isinstance(result, str):
        return Vector(result)
    return _spread([result], np.zeros(height, dtype=np.int64), None)


def _call(
    function: Function,
    names: Sequence[str],
    values: Sequence[Any],
    many: set[str],
    place: Place | None,
) -> Result:
    arguments: dict[str, Any] = {}
    for name, value in zip(names, values, strict=True):
        if name in many:
            given = value if isinstance(value, list) else [value]
            arguments[name] = (*arguments.get(name, ()), *given)
        else:
            arguments[name] = value
    if not function.takes_null and any(
        value is None or (isinstance(value, tuple) and None in value)
        for value in arguments.values()
    ):
        return None
    try:
        return function.call(**arguments)
    except MappingError as error:
        # A constant of the mapping that the function cannot take: a format, a pattern.
        raise (error if place is None else error.at(place)) from error


def _as_lists(vector: Vector, height: int) -> Vector:
    """Several values a row → one list a row, for parameters that take many."""
    if vector.rows is None:
        return vector
    counts = np.bincount(vector.rows, minlength=height)
    offsets = np.concatenate(([0], np.cumsum(counts)))
    assert not isinstance(vector.values, str)
    return Vector(pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), vector.values))


def _spread(results: list[Result], codes: Rows, rows: Rows | None) -> Vector:
    """Results by code → a vector; tuples give several values a row."""
    if not any(isinstance(result, tuple) for result in results):
        made = pa.array(results, pa.string())
        return Vector(made.take(pa.array(codes)), rows)
    lists = [
        list(result) if isinstance(result, tuple) else [] if result is None else [result]
        for result in results
    ]
    lengths = np.array([len(each) for each in lists], dtype=np.int64)
    starts = np.cumsum(lengths) - lengths
    flat = pa.array([value for each in lists for value in each], pa.string())
    each = lengths[codes]
    within = np.arange(int(each.sum())) - np.repeat(np.cumsum(each) - each, each)
    take = np.repeat(starts[codes], each) + within
    owner = np.arange(len(codes), dtype=np.int64) if rows is None else rows
    return Vector(flat.take(pa.array(take)), np.repeat(owner, each))
