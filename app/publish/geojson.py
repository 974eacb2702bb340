"""A thing as a GeoJSON Feature (RFC 7946), for maps and geographic information systems.

A thing without coordinates is a Feature without geometry (section 3.2). Properties are flat,
because that is what such systems read: the path of names is joined by dots.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import orjson
from pyoxigraph import Literal

from app.publish.entity import EntityDescription
from app.publish.places import Point, points
from app.publish.statements import Statement, statements
from app.rdf.namespaces import GEO, GSP, IC, XSD

_IN_THE_GEOMETRY: Final = frozenset(
    {GEO + "lat", GEO + "long", GSP + "asWKT", IC + "緯度", IC + "経度"}
)
_INTEGERS: Final = frozenset({XSD + "integer", XSD + "int", XSD + "nonNegativeInteger"})
_MAX_SAFE_INTEGER: Final = 2**53 - 1

NameOf = Callable[[str], str]
"""From a property's IRI to the name that it has in our JSON."""


def feature(description: EntityDescription, name_of: NameOf) -> dict[str, Any]:
    """The Feature. Its id is the thing's IRI; `name` its label."""
    properties: dict[str, Any] = {"name": description.title("ja")}
    for statement in statements(description):
        if statement.path[-1] not in _IN_THE_GEOMETRY:
            _add(properties, _key(statement, name_of), _value(statement))
    return {
        "type": "Feature",
        "id": description.iri,
        "geometry": _geometry(points(description)),
        "properties": properties,
    }


def write(description: EntityDescription, name_of: NameOf) -> bytes:
    """The Feature as UTF-8."""
    body = feature(description, name_of)
    return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _geometry(places: tuple[Point, ...]) -> dict[str, Any] | None:
    positions = [[place.longitude, place.latitude] for place in places]
    if not positions:
        return None
    if len(positions) == 1:
        return {"type": "Point", "coordinates": positions[0]}
    return {"type": "MultiPoint", "coordinates": positions}


def _key(statement: Statement, name_of: NameOf) -> str:
    names = [name_of(predicate) for predicate in statement.path]
    if statement.language:
        names.append(statement.language)
    return ".".join(names)


def _value(statement: Statement) -> object:
    text = statement.text
    if isinstance(statement.term, Literal):
        if statement.datatype == XSD + "boolean" and text in ("true", "false"):
            return text == "true"
        if statement.datatype in _INTEGERS and len(text) < 17 and text.lstrip("-").isdecimal():
            number = int(text)
            return number if abs(number) <= _MAX_SAFE_INTEGER else text
    return text


def _add(properties: dict[str, Any], key: str, value: object) -> None:
    if key not in properties:
        properties[key] = value
    elif isinstance(properties[key], list):
        properties[key].append(value)
    else:
        properties[key] = [properties[key], value]
