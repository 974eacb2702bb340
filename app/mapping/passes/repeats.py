"""Which emits can give the same quad twice, so that only their output is searched for repeats.

Two rows can give the same quad only when they give the same subject: an emit cannot repeat
itself when subjects differ in all rows, and otherwise only by the rows that share theirs. That
holds when no other emit could give the same quad.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace

from app.mapping.model import LogicalSource
from app.mapping.plan import (
    BlankTerm,
    Concat,
    ConstantTerm,
    Emit,
    IriTerm,
    LiteralTerm,
    Pipeline,
    Plan,
    Term,
    Text,
    TripleTerm,
    Value,
)

Unique = Callable[[LogicalSource, Value | Term], bool]
"""Whether no two rows of a source give the same value of a node."""


def mark_repeats(plan: Plan, unique: Unique) -> Plan:
    """Set `may_repeat` and `repeats_by` of each emit, given which nodes differ in all rows."""
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


def told_by(subject: Term) -> Value | Term | None:
    """A node whose values are equal just where the subject's are: the part of an IRI between
    its constant ends, which many subjects of a mapping share; None when nothing is known."""
    if isinstance(subject, IriTerm):
        # A relative IRI and an absolute one may be the same; so only the whole term tells.
        return subject if subject.base is not None else between_ends(subject.value)[1]
    return subject.value if isinstance(subject, BlankTerm) else None


def between_ends(value: Value) -> tuple[str, Value | None, str]:
    """A value as its constant beginning, what differs from row to row, and its constant end."""
    parts, start, end = _flat(value), "", ""
    while parts and isinstance(parts[0], Text):
        start, parts = start + parts[0].value, parts[1:]
    while parts and isinstance(parts[-1], Text):
        end, parts = parts[-1].value + end, parts[:-1]
    if len(parts) < 2:
        return start, parts[0] if parts else None, end
    return start, Concat(tuple(parts)), end


def _flat(value: Value) -> list[Value]:
    if isinstance(value, Concat):
        return [inner for part in value.parts for inner in _flat(part)]
    return [value]


def _marked(emit: Emit, pipeline: Pipeline, unique: Unique) -> Emit:
    # The terms of a join are distinct for each key, so the subject decides there too.
    if isinstance(emit.subject, BlankTerm) and emit.subject.value is None:
        return replace(emit, may_repeat=False)
    node = told_by(emit.subject)
    if node is None:
        return emit
    if unique(pipeline.source, node):
        return replace(emit, may_repeat=False)
    return replace(emit, repeats_by=node)


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
    kinds = {_kind(first), _kind(second)}
    return len(kinds) == 2 and "?" not in kinds


def _kind(term: Term) -> str:
    """What an RDF term begins with; "?" when it may be of several kinds."""
    match term:
        case ConstantTerm(text):
            return "<<" if text.startswith("<<(") else text[0]
        case IriTerm():
            return "<"
        case LiteralTerm():
            return '"'
        case BlankTerm():
            return "_"
        case TripleTerm():
            return "<<"
        case _:
            return "?"


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
