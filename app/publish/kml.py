"""A thing as a KML placemark (OGC 12-007r2), for Google Earth and for 地理院地図."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final
from xml.etree import ElementTree

from app.publish.entity import EntityDescription
from app.publish.labels import local_name
from app.publish.places import Point, points
from app.publish.statements import statements

_NAMESPACE: Final = "http://www.opengis.net/kml/2.2"
NOT_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
"""Characters that XML 1.0 cannot hold in any spelling."""


def write(description: EntityDescription, name_of: Callable[[str], str]) -> bytes:
    """The placemark as UTF-8. A thing without coordinates is one without geometry; characters
    that XML cannot hold become U+FFFD."""
    root = ElementTree.Element("kml", {"xmlns": _NAMESPACE})
    placemark = ElementTree.SubElement(ElementTree.SubElement(root, "Document"), "Placemark")
    _text(placemark, "name", description.title("ja") or local_name(description.iri))
    _text(placemark, "description", description.iri)
    data = ElementTree.SubElement(placemark, "ExtendedData")
    for statement in statements(description):
        name = ".".join(name_of(predicate) for predicate in statement.path)
        item = ElementTree.SubElement(data, "Data", {"name": _clean(name)})
        _text(item, "value", statement.text)
    places = points(description)
    parent = ElementTree.SubElement(placemark, "MultiGeometry") if len(places) > 1 else placemark
    for place in places:
        _point(parent, place)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _point(parent: ElementTree.Element, place: Point) -> None:
    point = ElementTree.SubElement(parent, "Point")
    _text(point, "coordinates", f"{place.longitude},{place.latitude}")


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)
