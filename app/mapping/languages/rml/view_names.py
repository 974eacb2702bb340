"""What can be referred to in a logical view, and what a reference then means.

Source: RML-LV, sections "Logical view expressions" and "Structural annotations".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Final

from app.errors import MappingError, MappingReferenceError, Place, Text
from app.mapping.languages.rml.notes import IGNORED
from app.mapping.languages.rml.resource import Resource, literal
from app.mapping.languages.rml.terms import Reading
from app.mapping.model import POSITION, Expression, Reference, ViewField, columns_of_field

_ANNOTATION: Final = Text(ja="構造の注記", en="a structural annotation")


def keys_of(fields: Iterable[ViewField]) -> tuple[str, ...]:
    """What can be referred to of some fields of a view."""
    return (POSITION, *(key for field in fields for key in columns_of_field(field)))


def reading_among(keys: Sequence[str]) -> Reading:
    """What a reference to one of some keys means."""

    def read(name: str, place: Place) -> Expression:
        if name in keys:
            return Reference(name, place=place)
        if name == "<it>" or f"{name}.{POSITION}" in keys:
            raise MappingReferenceError(
                Text(
                    ja=f"{name} は記録の並びで、値がありません。",
                    en=f"{name} stands for records and has no value of its own.",
                ),
                place=place,
                hint=Text(
                    ja=f"中のフィールドか、位置 {name}.# を使ってください。",
                    en=f"Use a field inside it, or the position {name}.# .",
                ),
            )
        near = get_close_matches(name, keys, n=1, cutoff=0.5)
        raise MappingReferenceError(
            Text(
                ja=f"論理ビューにフィールド {name} はありません。",
                en=f"the logical view has no field {name}.",
            ),
            place=place,
            hint=Text(ja=f"{near[0]} のことですか。", en=f"Did you mean {near[0]}?")
            if near
            else Text(ja=f"あるもの: {', '.join(keys)}。", en=f"It has: {', '.join(keys)}."),
        )

    return read


def no_reference(name: str, place: Place) -> Expression:
    """A text has no parts with names. Raises MappingReferenceError."""
    raise MappingReferenceError(
        Text(
            ja=f"文字列の中の {name} は参照できません。",
            en=f"{name} cannot be found inside a text.",
        ),
        place=place,
        hint=Text(
            ja="rml:referenceFormulation を持つフィールドの中に入れてください。",
            en="Put it inside a field with rml:referenceFormulation.",
        ),
    )


def check_annotation(annotation: Resource, keys: Sequence[str]) -> None:
    """Annotations may help a processor and never change the result (RML-LV, invariance
    principle): they are checked for what they name, and then of no effect."""
    annotation.expect(("onFields", "targetView", "targetFields"), _ANNOTATION)
    found = annotation.one("onFields")
    if found is None:
        raise MappingError(
            Text(ja="構造の注記に onFields がありません。", en="the annotation has no onFields."),
            place=annotation.place,
            hint=Text(
                ja='rml:onFields ( "名前" ) を加えてください。', en='Add rml:onFields ( "x" ).'
            ),
        )
    read = reading_among(keys)
    for item in annotation.items(found[1]):
        name = literal(item, "onFields")
        read(name.value, name.place)
    shown = ", ".join(sorted(annotation.types)) or "structuralAnnotation"
    annotation.graph.findings.add(IGNORED, annotation.place, {"property": f"rml:{shown}"})
