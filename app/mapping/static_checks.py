"""What can be known to be wrong with a plan before a row is read: columns that are not there,
references that are no JSONPath, joins of columns with different types, columns without use."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import get_close_matches

from app.errors import MappingReferenceError, Place, Text
from app.findings import Findings
from app.mapping import model as m
from app.mapping import plan as p
from app.mapping.columns import columns_in, walk
from app.mapping.languages.notes import JOIN_TYPES, UNUSED_COLUMNS
from app.mapping.sources import sources_of
from app.mapping.views.expand import references_in
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
    for source in sources_of(plan):
        for file in source.files():
            if file.iterator is not None:
                _check_query(file.iterator, file.place or place)
        for below, reference in view_references(source):
            _check_reference(below, reference.name, columns, reference.place or place)
    for source, node in columns_with_places(plan):
        _check_reference(source, node.name, columns, node.place or place)


def _check_reference(
    source: m.LogicalSource,
    name: str,
    columns: Callable[[m.LogicalSource], tuple[str, ...]],
    place: Place | None,
) -> None:
    if source.formulation == "json":
        _check_query(name, place)
        return
    names = columns(source) if source.view is None else source.view.columns()
    if name in names:
        return
    near = get_close_matches(name, names, n=3, cutoff=0.5)
    shown = ", ".join(near or names[:20])
    raise MappingReferenceError(
        Text(
            ja=f"列「{name}」は {source.path} にありません。",
            en=f"column “{name}” is not in {source.path}.",
        ),
        place=place,
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


def check_joins(
    plan: p.Plan,
    types: Callable[[m.LogicalSource], Mapping[str, str]],
    findings: Findings,
) -> None:
    """Tell joins of two columns whose types are stated and differ: the texts are compared."""
    for pipeline in plan.pipelines:
        child_types = types(pipeline.source)
        lookups = (n for n in walk(pipeline.emits) if isinstance(n, p.LookupTerm))
        for lookup in dict.fromkeys(lookups):
            parent_types = types(lookup.table.source)
            for child, parent in zip(lookup.keys, lookup.table.keys, strict=True):
                if not (isinstance(child, p.Column) and isinstance(parent, p.Column)):
                    continue
                own, other = child_types.get(child.name), parent_types.get(parent.name)
                if own is None or other is None or own == other:
                    continue
                findings.add(
                    JOIN_TYPES,
                    child.place or lookup.place or Place(pipeline.source.path),
                    {
                        "child": child.name,
                        "child_type": own,
                        "parent": parent.name,
                        "parent_type": other,
                    },
                )


def tell_unused_columns(
    plan: p.Plan, columns: Mapping[m.LogicalSource, tuple[str, ...]], findings: Findings
) -> None:
    """Tell the columns of each table that the mapping does not use."""
    used: dict[m.LogicalSource, set[str]] = {}
    for source, node in columns_with_places(plan):
        used.setdefault(source, set()).add(node.name)
    for source, names in columns.items():
        rest = [name for name in names if name not in used.get(source, ())]
        if rest and source.formulation in {"csv", "table"}:
            findings.add(UNUSED_COLUMNS, Place(source.path), {"columns": ", ".join(rest)})


def columns_with_places(plan: p.Plan) -> Iterator[tuple[m.LogicalSource, p.Column]]:
    """Every column a plan reads, with its source."""
    for pipeline in plan.pipelines:
        for emit in pipeline.emits:
            for node in columns_in(emit):
                yield pipeline.source, node
    for table in plan.lookups:
        for node in columns_in(table):
            yield table.source, node


def view_references(source: m.LogicalSource) -> Iterator[tuple[m.LogicalSource, m.Reference]]:
    """What a view refers to, with the source in which it must be; in cells that hold JSON too,
    whose references are JSONPath."""
    if source.view is None:
        return
    yield from view_references(source.view.on)
    yield from _field_references(source.view.fields, source.view.on)
    for join in source.view.joins:
        yield from view_references(join.parent)
        yield from _field_references(join.fields, join.parent)


def _field_references(
    fields: Iterable[m.ViewField], source: m.LogicalSource, formulation: str | None = ""
) -> Iterator[tuple[m.LogicalSource, m.Reference]]:
    """`formulation` of the records ("": the source's); None where the columns are not known
    before a cell is read."""
    if formulation == "":
        formulation = source.formulation
    where = m.LogicalSource(source.path, "json") if formulation == "json" else source
    for field in fields:
        if field.expression is not None:
            if formulation is not None:
                for each in references_in(field.expression):
                    yield where, each
            inside = "json" if formulation == "json" else None
        else:
            inside = None if field.formulation == "csv" else field.formulation or formulation
            if field.iterator is not None:
                json = m.LogicalSource(source.path, "json")
                yield json, m.Reference(field.iterator, field.place)
        yield from _field_references(field.fields, source, inside)
