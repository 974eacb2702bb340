"""Logical sources of every kind as Turtle: files, tables of databases, and logical views (RML-LV)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from app.mapping.languages.rml.turtle_terms import FORMULATIONS, TurtleTerms, node
from app.mapping.model import (
    Expression,
    Join,
    JoinKind,
    LogicalSource,
    Reference,
    ViewField,
    ViewJoin,
)
from app.rdf import terms as rdf_terms

_JOINS: Final = {
    JoinKind.LEFT: "rml:leftJoin",
    JoinKind.INNER: "rml:innerJoin",
    JoinKind.OUTER: "rml:fullJoin",
}


class SourceWriter:
    """`expression` gives the properties of an expression map."""

    def __init__(
        self, terms: TurtleTerms, expression: Callable[[Expression], Iterable[str]]
    ) -> None:
        self._terms = terms
        self._expression = expression

    def source(self, source: LogicalSource) -> str:
        """A logical source or a logical view."""
        if source.view is None:
            return self._terms.source(source)
        parts = ["a rml:LogicalView", f"rml:viewOn {self.source(source.view.on)}"]
        parts += self._fields(source.view.fields)
        parts += [f"{_JOINS[join.kind]} {self._join(join)}" for join in source.view.joins]
        return node(parts)

    def join(self, join: Join) -> str:
        """A join condition."""
        return node([self._side("child", join.child), self._side("parent", join.parent)])

    def _side(self, name: str, expression: Expression) -> str:
        if isinstance(expression, Reference):
            return f"rml:{name} {rdf_terms.literal(expression.name)}"
        return f"rml:{name}Map {node(self._expression(expression))}"

    def _fields(self, fields: Iterable[ViewField]) -> list[str]:
        return [f"rml:field {self._field(field)}" for field in fields]

    def _field(self, field: ViewField) -> str:
        name = f"rml:fieldName {rdf_terms.literal(field.name)}"
        if field.expression is not None:
            parts = ["a rml:ExpressionField", name, *self._expression(field.expression)]
        else:
            parts = ["a rml:IterableField", name]
            if field.formulation is not None:
                parts.append(f"rml:referenceFormulation {FORMULATIONS[field.formulation]}")
            if field.iterator is not None:
                parts.append(f"rml:iterator {rdf_terms.literal(field.iterator)}")
        return node([*parts, *self._fields(field.fields)])

    def _join(self, join: ViewJoin) -> str:
        parts = [f"rml:parentLogicalView {self.source(join.parent)}"]
        parts += [f"rml:joinCondition {self.join(on)}" for on in join.on]
        return node([*parts, *self._fields(join.fields)])
