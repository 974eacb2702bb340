"""A join of a source with itself on one key, whose result depends on that key alone, is the
parent's term of the same row."""

from __future__ import annotations

from dataclasses import replace

from app.mapping.columns import columns_in, columns_of, walk
from app.mapping.plan import Column, Emit, LookupTable, LookupTerm, Pipeline, Plan, Term


def remove_self_joins(plan: Plan) -> Plan:
    """Replace `LookupTerm`s that any row answers by itself.

    All parent rows with the same key give the same term when the term reads just the key's
    columns, and the child's own row is one of them. Only without a parent condition.
    """
    pipelines = tuple(
        replace(pipeline, emits=emits, columns=columns_of(emits))
        for pipeline in plan.pipelines
        for emits in [tuple(_rewritten(emit, pipeline) for emit in pipeline.emits)]
    )
    used = {n for n in walk(pipelines, into_lookups=True) if isinstance(n, LookupTable)}
    return replace(plan, pipelines=pipelines, lookups=tuple(t for t in plan.lookups if t in used))


def _rewritten(emit: Emit, pipeline: Pipeline) -> Emit:
    return replace(
        emit,
        subject=_own_row(emit.subject, pipeline),
        object=_own_row(emit.object, pipeline),
    )


def _own_row(term: Term, pipeline: Pipeline) -> Term:
    if not isinstance(term, LookupTerm):
        return term
    table = term.table
    same = (
        table.source == pipeline.source
        and table.condition is None
        and table.keys == term.keys
        and all(isinstance(key, Column) for key in table.keys)
        # Equal, not only contained: a row whose key is null joins nothing.
        and {c.name for c in columns_in(table.term)} == {c.name for c in columns_in(table.keys)}
    )
    return table.term if same else term
