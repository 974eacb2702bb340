"""Logical views (RML-LV) → the model.

Source: RML-LV, https://kg-construct.github.io/rml-lv/spec/docs/ .
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.errors import MappingError, Text
from app.mapping.languages.rml.notes import IGNORED
from app.mapping.languages.rml.resource import Resource, no_expression
from app.mapping.languages.rml.sources import read_formulation, read_source
from app.mapping.languages.rml.terms import Reading, TermReader, reference
from app.mapping.languages.rml.triples import Literal, Node
from app.mapping.languages.rml.view_names import (
    check_annotation,
    keys_of,
    no_reference,
    reading_among,
)
from app.mapping.model import (
    POSITION,
    Expression,
    Join,
    JoinKind,
    LogicalSource,
    Reference,
    View,
    ViewField,
    ViewJoin,
)

_VIEW: Final = Text(ja="論理ビュー", en="a logical view")
_FIELD: Final = Text(ja="フィールド", en="a field")
_JOIN: Final = Text(ja="ビューの結合", en="a join of views")
_JOINS: Final = {
    "leftJoin": JoinKind.LEFT,
    "innerJoin": JoinKind.INNER,
    "outerJoin": JoinKind.OUTER,
    "fullJoin": JoinKind.OUTER,
}
_EXPRESSION: Final = ("reference", "template", "constant", "functionExecution")
_TEXT: Final = "text"
"""What a value is that has no parts with names until a field says how it is written."""


class ViewReader:
    """Reads views; `terms` reads their expressions. Each view of a document is read once."""

    def __init__(self, terms: TermReader) -> None:
        self._terms = terms
        self._reading: list[Node] = []
        self._done: dict[Node, tuple[LogicalSource, Reading]] = {}

    def read(self, view: Resource) -> tuple[LogicalSource, Reading]:
        """The source that a view is, and what a reference to it means.

        Raises MappingError for what RML-LV does not allow, and MappingReferenceError for names
        that a view does not have, and for the name of an iterable field, which has no value.
        """
        if view.node in self._done:
            return self._done[view.node]
        self._enter(view, _VIEW)
        view.expect(("viewOn", "field", *_JOINS, "structuralAnnotation"), _VIEW)
        found = view.one("viewOn")
        assert found is not None
        on, below = self._source(view.resource(found[1]))
        formulation = "table" if on.view is not None else on.formulation
        fields = self._fields(view, self._terms.with_reference(below), formulation, set())
        taken = {field.name for field in fields}
        own = keys_of(fields)
        joins = tuple(
            self._join(_JOINS[name], view.resource(value), own, taken)
            for name, value in view.all(*_JOINS)
        )
        made = View(on, fields, joins)
        keys = made.columns()
        for _, value in view.all("structuralAnnotation"):
            check_annotation(view.resource(value), keys)
        self._reading.pop()
        source = LogicalSource(on.path, "view", nulls=(), view=made, place=view.place)
        self._done[view.node] = source, reading_among(made.columns())
        return self._done[view.node]

    def _enter(self, resource: Resource, what: Text) -> None:
        """Note that a view or field is being read. Raises MappingError when it is already."""
        if resource.node in self._reading:
            raise MappingError(
                Text(
                    ja=f"{what.ja}が自分自身から作られています。",
                    en=f"{what.en} is made from itself.",
                ),
                place=resource.place,
                hint=Text(
                    ja="viewOn・結合・フィールドの輪を断ってください。",
                    en="Break the cycle of views, joins or fields.",
                ),
            )
        self._reading.append(resource.node)

    def _source(self, resource: Resource) -> tuple[LogicalSource, Reading]:
        if resource.has("viewOn"):
            return self.read(resource)
        return read_source(resource), reference

    def _fields(
        self, resource: Resource, terms: TermReader, formulation: str, taken: set[str]
    ) -> tuple[ViewField, ...]:
        """The fields of a view, a join or a field. `formulation`: how the records are read."""
        found = []
        for _, value in resource.all("field"):
            described = resource.resource(value)
            self._enter(described, _FIELD)
            field = self._field(described, terms, formulation)
            self._reading.pop()
            if field.name in taken:
                raise MappingError(
                    Text(
                        ja=f"フィールドの名前 {field.name} が重複しています。",
                        en=f"the name {field.name} is given to two fields.",
                    ),
                    place=field.place,
                )
            taken.add(field.name)
            found.append(field)
        if not found:
            raise MappingError(
                Text(ja="フィールド (rml:field) がありません。", en="there is no rml:field."),
                place=resource.place,
                hint=Text(ja="rml:field を加えてください。", en="Add rml:field."),
            )
        return tuple(found)

    def _field(self, field: Resource, terms: TermReader, formulation: str) -> ViewField:
        known = ("fieldName", "field", "iterator", "referenceFormulation")
        field.expect((*known, *_EXPRESSION, "return", "returnMap"), _FIELD)
        name = field.text("fieldName")
        if not name or "." in name or name == POSITION:
            raise MappingError(
                Text(
                    ja="フィールドの名前 (fieldName) がないか、使えない文字があります。",
                    en="a field has no fieldName, or one with a dot.",
                ),
                place=field.place,
                hint=Text(
                    ja='rml:fieldName "名前" と書いてください。', en='Write rml:fieldName "x".'
                ),
            )
        if field.has("iterator", "referenceFormulation") or not field.has(*_EXPRESSION):
            return self._iterable(field, name, terms, formulation)
        if formulation == _TEXT:
            terms = terms.with_reference(no_reference)
        expression = terms.expression(field)
        fields: tuple[ViewField, ...] = ()
        if field.has("field"):
            inside = "json" if _is_item(formulation, expression) else _TEXT
            fields = self._fields(field, terms.with_reference(reference), inside, set())
        return ViewField(name, expression, fields=fields, place=field.place)

    def _iterable(
        self, field: Resource, name: str, terms: TermReader, formulation: str
    ) -> ViewField:
        if field.has(*_EXPRESSION):
            raise MappingError(
                Text(
                    ja=f"フィールド {name} には、値の作り方か iterator の一方だけを書きます。",
                    en=f"the field {name} has an expression and an iterator; it can have one.",
                ),
                place=field.place,
                hint=Text(
                    ja="値のフィールドの中に、iterator のフィールドを入れてください。",
                    en="Put an iterable field inside an expression field.",
                ),
            )
        if not field.has("field"):
            raise no_expression(field)
        stated = read_formulation(field) if field.has("referenceFormulation") else None
        inner = stated or formulation
        text = field.text("iterator")
        if inner == _TEXT or (inner == "json" and formulation not in {"json", _TEXT}):
            raise MappingError(
                Text(
                    ja=f"フィールド {name} の中身の書式が分かりません。",
                    en=f"it is not known how the field {name} is written inside.",
                ),
                place=field.place,
                hint=Text(
                    ja="列のフィールドの中に入れ、rml:referenceFormulation を書いてください。",
                    en="Put it inside the field of a column, with rml:referenceFormulation.",
                ),
            )
        if inner != "json" and text is not None:
            field.graph.findings.add(IGNORED, field.place, {"property": "iterator"})
            text = None
        fields = self._fields(field, terms.with_reference(reference), inner, set())
        return ViewField(name, None, stated, text, fields, field.place)

    def _join(
        self, kind: JoinKind, join: Resource, own: Sequence[str], taken: set[str]
    ) -> ViewJoin:
        join.expect(("parentLogicalView", "joinCondition", "field"), _JOIN)
        found = join.one("parentLogicalView")
        if found is None or not join.has("joinCondition"):
            missing = "parentLogicalView" if found is None else "joinCondition"
            raise MappingError(
                Text(
                    ja=f"ビューの結合に {missing} がありません。",
                    en=f"the join of views has no {missing}.",
                ),
                place=join.place,
                hint=Text(ja=f"rml:{missing} を加えてください。", en=f"Add rml:{missing}."),
            )
        view = join.resource(found[1])
        if not view.has("viewOn"):
            raise MappingError(
                Text(
                    ja="parentLogicalView は論理ビューでなければなりません。",
                    en="parentLogicalView must be a logical view.",
                ),
                place=view.place,
                hint=Text(
                    ja="rml:viewOn と rml:field を持つビューにしてください。",
                    en="Give it rml:viewOn and rml:field.",
                ),
            )
        parent, parent_reference = self.read(view)
        parent_terms = self._terms.with_reference(parent_reference)
        child_terms = self._terms.with_reference(reading_among(own))
        on = tuple(
            read_join(child_terms, parent_terms, join.resource(value))
            for _, value in join.all("joinCondition")
        )
        fields = self._fields(join, parent_terms, "table", taken)
        return ViewJoin(kind, parent, on, fields, join.place)


def read_join(child: TermReader, parent: TermReader, join: Resource) -> Join:
    """A join condition. Raises MappingError."""
    join.expect(("child", "childMap", "parent", "parentMap"), Text(ja="結合条件", en="a join"))
    sides: list[Expression] = []
    for side, reader in (("child", child), ("parent", parent)):
        found = join.one(side, side + "Map")
        if found is None:
            raise MappingError(
                Text(ja=f"結合条件に {side} がありません。", en=f"the join has no {side}."),
                place=join.place,
                hint=Text(ja=f"rml:{side} を加えてください。", en=f"Add rml:{side}."),
            )
        name, value = found
        if name == side and isinstance(value, Literal):
            sides.append(reader.reference(value.value, value.place))
        else:
            sides.append(reader.expression(join.resource(value)))
    return Join(sides[0], sides[1], join.place)


def _is_item(formulation: str, expression: Expression) -> bool:
    return formulation == "json" and isinstance(expression, Reference)
