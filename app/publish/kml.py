"""Things as KML placemarks (OGC 12-007r2), for Google Earth and for 地理院地図."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Final
from xml.etree import ElementTree

from app.publish import geojson
from app.publish.entity import EntityDescription
from app.rdf.xml import NOT_XML

_NAMESPACE: Final = "http://www.opengis.net/kml/2.2"
_BETWEEN: Final = " | "


def write(description: EntityDescription, name_of: Callable[[str], str]) -> bytes:
    """The placemark of a thing. One without coordinates has no geometry."""
    feature = geojson.of_description(description, name_of)
    return document(feature["properties"]["name"], (feature,))


def document(name: str, features: Iterable[dict[str, Any]]) -> bytes:
    """The placemarks of Features in a document with a name, as UTF-8. Characters that XML cannot
    hold become U+FFFD."""
    root = ElementTree.Element("kml", {"xmlns": _NAMESPACE})
    parent = ElementTree.SubElement(root, "Document")
    _text(parent, "name", name)
    for feature in features:
        _placemark(parent, feature)
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written + b"\n"


def _placemark(document: ElementTree.Element, feature: dict[str, Any]) -> None:
    placemark = ElementTree.SubElement(document, "Placemark")
    properties = dict(feature["properties"])
    _text(placemark, "name", str(properties.pop("name")))
    _text(placemark, "description", feature["id"])
    data = ElementTree.SubElement(placemark, "ExtendedData")
    for key, value in properties.items():
        values = value if isinstance(value, list) else [value]
        item = ElementTree.SubElement(data, "Data", {"name": _clean(key)})
        _text(item, "value", _BETWEEN.join(map(_written, values)))
    geometry = feature["geometry"]
    if geometry is None:
        return
    if geometry["type"] == "Point":
        _point(placemark, geometry["coordinates"])
    else:
        together = ElementTree.SubElement(placemark, "MultiGeometry")
        for position in geometry["coordinates"]:
            _point(together, position)


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _point(parent: ElementTree.Element, position: list[float]) -> None:
    point = ElementTree.SubElement(parent, "Point")
    _text(point, "coordinates", ",".join(map(str, position)))


def _text(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = _clean(text)


def _clean(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)
