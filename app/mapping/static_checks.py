"""What can be known to be wrong with a plan before a row is read: columns that are not there,
and references that are no JSONPath."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from difflib import get_close_matches

from app.errors import MappingReferenceError, Place, Text
from app.mapping import model as m
from app.mapping import plan as p
from app.mapping.columns import columns_in
from app.tabular.json_paths import query


def check_columns(
    plan: p.Plan,
    columns: Callable[[m.LogicalSource], tuple[str, ...]],
    *,
    place: Place | None = None,
) -> None:
    """Check before a byte of data is read that every column a plan names is in its source.

    Raises MappingReferenceError with the nearest names of the file.
    """
    for pipeline in plan.pipelines:
        if pipeline.source.iterator is not None:
            _check_query(pipeline.source.iterator, pipeline.source.place or place)
    for source, node in columns_with_places(plan):
        if source.formulation == "json":
            _check_query(node.name, node.place or place)
            continue
        names = columns(source)
        if node.name in names:
            continue
        near = get_close_matches(node.name, names, n=3, cutoff=0.5)
        shown = ", ".join(near or names[:20])
        raise MappingReferenceError(
            Text(
                ja=f"列「{node.name}」は {source.path} にありません。",
                en=f"column “{node.name}” is not in {source.path}.",
            ),
            place=node.place or place,
            hint=Text(
                ja=f"近い列名: {shown}" if near else f"この表の列: {shown}",
                en=f"Near ones: {shown}." if near else f"Columns of this table: {shown}.",
            ),
        )


def _check_query(text: str, place: Place | None) -> None:
    """A JSONPath is only checked for being one: items of a document may differ."""
    try:
        query(text)
    except ValueError as error:
        raise MappingReferenceError(
            Text(
                ja=f"「{text}」は JSONPath として読めません: {error}",
                en=f"“{text}” is not JSONPath: {error}",
            ),
            place=place,
            hint=Text(
                ja="例: $.name、$.items[*].name、$['名 前']",
                en="For example $.name, $.items[*].name or $['first name'].",
            ),
        ) from error


def columns_with_places(plan: p.Plan) -> Iterator[tuple[m.LogicalSource, p.Column]]:
    """Every column a plan reads, with its source."""
    for pipeline in plan.pipelines:
        for emit in pipeline.emits:
            for node in columns_in(emit):
                yield pipeline.source, node
    for table in plan.lookups:
        for node in columns_in(table):
            yield table.source, node
