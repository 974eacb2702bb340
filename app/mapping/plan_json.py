"""A plan as JSON and back: `plan_of(to_json(plan)) == plan`, places included.

A node is an object with its kind under "@type"; fields that have their default are left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Any, Final

from app.errors import MappingSyntaxError, Place, Text
from app.mapping import model, plan

_KINDS: Final[Mapping[str, type[Any]]] = {
    kind.__name__: kind
    for kind in (
        plan.All,
        plan.Apply,
        plan.BlankTerm,
        plan.Column,
        plan.Concat,
        plan.ConstantTerm,
        plan.Emit,
        plan.Encoded,
        plan.GatherTerm,
        plan.IriTerm,
        plan.LexicalForm,
        plan.LiteralTerm,
        plan.LookupTable,
        plan.LookupTerm,
        plan.Pipeline,
        plan.Plan,
        plan.Text,
        plan.TripleTerm,
        model.Argument,
        model.Call,
        model.Constant,
        model.Join,
        model.LogicalSource,
        model.LogicalTarget,
        model.Reference,
        model.Template,
        model.TermMap,
        model.View,
        model.ViewField,
        model.ViewJoin,
        Place,
    )
}
_ENUMS: Final[Mapping[tuple[str, str], type[Enum]]] = {
    ("Constant", "term_type"): model.TermType,
    ("Encoded", "encode"): plan.Encode,
    ("TermMap", "term_type"): model.TermType,
    ("ViewJoin", "kind"): model.JoinKind,
}


def to_json(node: Any) -> Any:
    """A plan, or any node of one, as values of JSON."""
    if isinstance(node, tuple):
        return [to_json(each) for each in node]
    if isinstance(node, Enum):
        return node.value
    if not is_dataclass(node) or isinstance(node, type):
        return node
    body: dict[str, Any] = {"@type": type(node).__name__}
    for each in fields(node):
        value = getattr(node, each.name)
        if each.default is MISSING or value != each.default:
            body[each.name] = to_json(value)
    return body


def plan_of(value: Any) -> plan.Plan:
    """The plan that `to_json` gave. Raises MappingSyntaxError for anything else."""
    try:
        found = _node(value)
    except (KeyError, TypeError, ValueError) as error:
        raise _no_plan(str(error)) from error
    if not isinstance(found, plan.Plan):
        raise _no_plan(type(value).__name__)
    if found.version != plan.Plan(()).version:
        raise _no_plan(f"version {found.version}")
    return found


def _node(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_node(each) for each in value)
    if not isinstance(value, dict):
        return value
    name = value["@type"]
    given = {key: _node(each) for key, each in value.items() if key != "@type"}
    for key in given:
        if (name, key) in _ENUMS:
            given[key] = None if given[key] is None else _ENUMS[name, key](given[key])
    return _KINDS[name](**given)


def _no_plan(detail: str) -> MappingSyntaxError:
    return MappingSyntaxError(
        Text(ja=f"実行計画の JSON ではありません ({detail})。", en=f"this is no plan ({detail})."),
        hint=Text(
            ja="`tsunagu mapping explain --json` で書き出したものを使ってください。",
            en="Use what `tsunagu mapping explain --json` wrote.",
        ),
    )
