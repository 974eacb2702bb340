"""Which emits can give the same quad twice, so that only their output is searched for repeats.

Two rows can give the same quad only when they give the same subject. Where the values of some
columns can be told from the subject's IRI, these rows share them: an emit cannot repeat itself
when the columns are a key, and otherwise only by the rows that share their values. That holds
when no other emit could give the same quad.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from app.mapping.model import LogicalSource
from app.mapping.plan import (
    Column,
    Concat,
    ConstantTerm,
    Emit,
    Encode,
    Encoded,
    IriTerm,
    LiteralTerm,
    Pipeline,
    Plan,
    Term,
    Text,
    Value,
)

Unique = Callable[[LogicalSource, tuple[str, ...]], bool]
"""Whether the rows of a source differ in these columns taken together."""


def mark_repeats(plan: Plan, unique: Unique) -> Plan:
    """Set `may_repeat` and `repeats_by` of each emit, given which columns are keys of their
    source."""
    rivals = _rivals(plan)
    pipelines = tuple(
        replace(
            pipeline,
            emits=tuple(
                emit if id(emit) in rivals else _marked(emit, pipeline, unique)
                for emit in pipeline.emits
            ),
        )
        for pipeline in plan.pipelines
    )
    return replace(plan, pipelines=pipelines)


def subject_columns(term: Term) -> tuple[str, ...] | None:
    """The columns whose values can be told from the subject's IRI, or None when they cannot:
    encoded values, any two of them parted by a character that encoding never leaves."""
    if not isinstance(term, IriTerm):
        return None
    parts = _flat(term.value)
    names: list[str] = []
    parted = True
    for part in parts:
        if isinstance(part, Text):
            parted = parted or any(c in "/#?:;,=&@!$'()*+" for c in part.value)
        elif isinstance(part, Encoded) and isinstance(part.value, Column):
            if part.encode is Encode.NONE or not parted:
                return None
            names.append(part.value.name)
            parted = False
        elif isinstance(part, Column) and len(parts) == 1:
            return (part.name,)
        else:
            return None
    return tuple(names) or None


def _flat(value: Value) -> list[Value]:
    if isinstance(value, Concat):
        return [inner for part in value.parts for inner in _flat(part)]
    return [value]


def _marked(emit: Emit, pipeline: Pipeline, unique: Unique) -> Emit:
    # The terms of a join are distinct for each key, so the subject decides there too.
    columns = subject_columns(emit.subject)
    if columns is None:
        return emit
    if unique(pipeline.source, columns):
        return replace(emit, may_repeat=False)
    return replace(emit, repeats_by=columns)


def _rivals(plan: Plan) -> set[int]:
    """Emits for which another emit with other subjects or objects of the same kind exists."""
    groups: defaultdict[object, list[Emit]] = defaultdict(list)
    for pipeline in plan.pipelines:
        for emit in pipeline.emits:
            predicate = emit.predicate
            key = predicate.term if isinstance(predicate, ConstantTerm) else None
            groups[key].append(emit)
    anything = groups.pop(None, [])
    rivals = {id(emit) for emit in anything}
    if anything:
        rivals |= {id(emit) for emits in groups.values() for emit in emits}
    for emits in groups.values():
        for number, first in enumerate(emits):
            for second in emits[number + 1 :]:
                if _could_meet(first, second):
                    rivals |= {id(first), id(second)}
    return rivals


def _could_meet(first: Emit, second: Emit) -> bool:
    return not (
        _differ(first.subject, second.subject)
        or _differ(first.object, second.object)
        or (first.graph is not None and second.graph is not None
            and _differ(first.graph, second.graph))
    )  # fmt: skip


def _differ(first: Term, second: Term) -> bool:
    """Whether two terms are certainly never equal."""
    if isinstance(first, ConstantTerm) and isinstance(second, ConstantTerm):
        return first.term != second.term
    if isinstance(first, LiteralTerm) and isinstance(second, LiteralTerm):
        return (
            isinstance(first.language, str | None)
            and isinstance(second.language, str | None)
            and isinstance(first.datatype, str | None)
            and isinstance(second.datatype, str | None)
            and (first.language, first.datatype) != (second.language, second.datatype)
        )
    if isinstance(first, IriTerm) and isinstance(second, IriTerm):
        return _shapes_differ(first, second)
    # An IRI is never a literal; of other pairs nothing is known.
    return {type(first), type(second)} == {IriTerm, LiteralTerm}


def _shapes_differ(first: IriTerm, second: IriTerm) -> bool:
    """Different constant starts, or different constant ends: `…#address` and `…#point`."""
    ends = [
        (parts[0].value if isinstance(parts[0], Text) else "",
         parts[-1].value if isinstance(parts[-1], Text) else "")
        for parts in (_flat(first.value), _flat(second.value))
    ]  # fmt: skip
    (start, end), (other_start, other_end) = ends
    starts = start.startswith(other_start) or other_start.startswith(start)
    same_ends = end.endswith(other_end) or other_end.endswith(end)
    return not (starts and same_ends)
