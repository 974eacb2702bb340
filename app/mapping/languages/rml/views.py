"""Logical views (RML-LV) over tables: fields are names for expressions on a row.

In a table a field gives exactly one value for each row, so a reference to a field is the field's
own expression, and the view needs no plan of its own. Fields inside fields split a cell, and
joins change the number of rows; both are refused with the reason.

Source: RML-LV, https://kg-construct.github.io/rml-lv/spec/docs/ .
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from app.errors import MappingError, MappingReferenceError, Place, Text
from app.mapping.languages.rml.resource import Resource
from app.mapping.languages.rml.sources import read_source
from app.mapping.languages.rml.terms import Reading, TermReader
from app.mapping.model import Expression, LogicalSource

_VIEW: Final = Text(ja="論理ビュー", en="a logical view")
_FIELD: Final = Text(ja="フィールド", en="a field")
_FIELD_PROPERTIES: Final = (
    "fieldName",
    "reference",
    "template",
    "constant",
    "functionExecution",
    "return",
    "returnMap",
    "field",
    "iterator",
    "referenceFormulation",
)


def read_view(view: Resource, terms: TermReader) -> tuple[LogicalSource, Reading]:
    """The source that a view reads in the end, and what a reference to a field means.

    Raises MappingError for joins and nested fields, and MappingReferenceError, when a field is
    used, for one that the view does not have.
    """
    view.expect(("viewOn", "field", "leftJoin", "innerJoin", "structuralAnnotation"), _VIEW)
    for name, value in view.all("leftJoin", "innerJoin"):
        raise _unsupported(name, value.place)
    found = view.one("viewOn")
    assert found is not None
    inner = view.resource(found[1])
    if inner.has("viewOn"):
        source, below = read_view(inner, terms)
        terms = terms.with_reference(below)
    else:
        source = read_source(inner)
    fields: dict[str, Expression] = {}
    for _, value in view.all("field"):
        field = view.resource(value)
        field.expect(_FIELD_PROPERTIES, _FIELD)
        for name, nested in field.all("field", "iterator", "referenceFormulation"):
            raise _unsupported(name, nested.place)
        name_of_field = field.text("fieldName")
        if name_of_field is None or name_of_field in fields:
            raise MappingError(
                Text(
                    ja="フィールドの名前 (fieldName) がないか、重複しています。",
                    en="a field has no fieldName, or one that is taken.",
                ),
                place=field.place,
            )
        fields[name_of_field] = terms.expression(field)

    def reference(name: str, place: Place) -> Expression:
        if name in fields:
            return fields[name]
        near = get_close_matches(name, fields, n=1, cutoff=0.5)
        raise MappingReferenceError(
            Text(
                ja=f"論理ビューにフィールド {name} はありません。",
                en=f"the logical view has no field {name}.",
            ),
            place=place,
            hint=Text(ja=f"{near[0]} のことですか。", en=f"Did you mean {near[0]}?")
            if near
            else Text(ja=f"あるもの: {', '.join(fields)}。", en=f"It has: {', '.join(fields)}."),
        )

    return source, reference


def _unsupported(name: str, place: Place) -> MappingError:
    return MappingError(
        Text(
            ja=f"論理ビューの {name} には対応していません。",
            en=f"{name} of a logical view is not supported.",
        ),
        place=place,
        hint=Text(
            ja="表をあらかじめ結合するか、rml:parentTriplesMap と rml:joinCondition を使って"
            "ください。",
            en="Join the tables beforehand, or use rml:parentTriplesMap with rml:joinCondition.",
        ),
    )
