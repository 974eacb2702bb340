"""Things as GeoJSON Features (RFC 7946), for maps and geographic information systems.

A thing without coordinates is a Feature without geometry (section 3.2). Properties are flat,
because that is what such systems read: the path of names is joined by dots, and a language
follows as in `label.ja`. A Feature of the same statements is the same wherever it is given: for
one thing, in a table, in a dump.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from app.publish.entity import EntityDescription
from app.publish.labels import local_name
from app.publish.places import Point, points, tells
from app.publish.plain_values import plain
from app.publish.statements import statements

NameOf = Callable[[str], str]
"""From a property's IRI to the name that it has in our JSON."""


@dataclass(frozen=True, slots=True)
class Property:
    """A value of a thing: the name of the way to it, the last property of that way, the text."""

    name: str
    predicate: str
    text: str
    language: str = ""
    datatype: str = ""


def of_description(description: EntityDescription, name_of: NameOf) -> dict[str, Any]:
    """The Feature of a thing."""
    properties = (
        Property(
            ".".join(map(name_of, statement.path)),
            statement.path[-1],
            statement.text,
            statement.language,
            statement.datatype,
        )
        for statement in statements(description)
    )
    return feature(description.iri, description.title("ja"), properties, points(description))


def feature(
    iri: str, name: str | None, properties: Iterable[Property], places: Sequence[Point]
) -> dict[str, Any]:
    """The Feature. Its id is the thing's IRI; `name` what it is called. Coordinates that became
    the geometry are not repeated; others, which are no place on earth, can be seen."""
    found: dict[str, Any] = {"name": name or local_name(iri)}
    for each in properties:
        if not tells(each.predicate, each.text, places):
            value = plain(each.text, each.datatype)
            _add(
                found,
                f"{each.name}.{each.language}" if each.language else each.name,
                each.text if value is None else value,
            )
    return {"type": "Feature", "id": iri, "geometry": _geometry(places), "properties": found}


def write(description: EntityDescription, name_of: NameOf) -> bytes:
    """The Feature of a thing as UTF-8."""
    body = of_description(description, name_of)
    return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _geometry(places: Sequence[Point]) -> dict[str, Any] | None:
    positions = [[place.longitude, place.latitude] for place in places]
    if not positions:
        return None
    if len(positions) == 1:
        return {"type": "Point", "coordinates": positions[0]}
    return {"type": "MultiPoint", "coordinates": positions}


def _add(properties: dict[str, Any], key: str, value: object) -> None:
    if key not in properties:
        properties[key] = value
    elif isinstance(properties[key], list):
        properties[key].append(value)
    else:
        properties[key] = [properties[key], value]
