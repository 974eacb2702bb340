"""Where a thing is: the coordinates that a description holds, its own or a nested node's."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal

from app.publish.entity import EntityDescription, Node
from app.rdf.namespaces import GEO, GSP, IC

_PAIRS: Final = ((GEO + "lat", GEO + "long"), (IC + "緯度", IC + "経度"))
TELLING: Final = frozenset({name for pair in _PAIRS for name in pair} | {GSP + "asWKT"})
"""Properties that tell of coordinates."""

_DEGREES: Final = re.compile(r"[+-]?\d{1,3}(?:\.\d{1,15})?")
# Without a reference system WKT coordinates are CRS84: longitude first (GeoSPARQL 1.1, 8.5.1).
_WKT_POINT: Final = re.compile(
    r"(?:<http://www\.opengis\.net/def/crs/OGC/1\.3/CRS84>)?\s*POINT\s*\(\s*(\S+)\s+(\S+)\s*\)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Point:
    """A place in WGS84 (or JGD2011, which differs by less than a metre), in degrees."""

    latitude: float
    longitude: float


def points(description: EntityDescription) -> tuple[Point, ...]:
    """The places of a thing, its own first; each once (IMI, WGS84 and WKT say the same)."""
    return tuple(dict.fromkeys(_of(description.root)))


def is_placed(description: EntityDescription) -> bool:
    """Whether a thing has a place."""
    return next(_of(description.root), None) is not None


def tells(predicate: str, text: str, places: Collection[Point]) -> bool:
    """Whether these places say all that a value of this property says."""
    if predicate not in TELLING:
        return False
    if predicate == GSP + "asWKT":
        return any(point in places for point in _wkt(text))
    if not _DEGREES.fullmatch(text):
        return False
    degrees, north = float(text), predicate in {latitude for latitude, _ in _PAIRS}
    return any(degrees == (place.latitude if north else place.longitude) for place in places)


def _of(node: Node) -> Iterator[Point]:
    """One pass over the properties: most nodes have no coordinates."""
    said: dict[str, tuple[Literal, ...]] = {}
    nested: list[Node] = []
    for predicate, values in node.properties:
        if predicate in TELLING:
            said[predicate] = node.literals(predicate)
        nested += [inner for _, inner in values if inner is not None]
    if said:
        for latitude, longitude in _PAIRS:
            for pair in zip(said.get(latitude, ()), said.get(longitude, ()), strict=False):
                yield from _point(*(literal.value for literal in pair))
        for literal in said.get(GSP + "asWKT", ()):
            yield from _wkt(literal.value)
    for inner in nested:
        yield from _of(inner)


def _wkt(text: str) -> Iterator[Point]:
    written = _WKT_POINT.fullmatch(text.strip())
    if written is not None:
        yield from _point(written.group(2), written.group(1))


def _point(latitude: str, longitude: str) -> Iterator[Point]:
    if _DEGREES.fullmatch(latitude) and _DEGREES.fullmatch(longitude):
        point = Point(float(latitude), float(longitude))
        if abs(point.latitude) <= 90 and abs(point.longitude) <= 180:
            yield point
