"""Atom feeds (RFC 4287)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from xml.etree.ElementTree import Element, SubElement, tostring

from app.rdf.formats import Formats

_NAMESPACE: Final = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry; `id` never changes."""

    id: str
    title: str
    updated: datetime
    summary: str
    href: str


def feed(
    *,
    title: str,
    address: str,
    page: str,
    author: str,
    language: str,
    entries: Sequence[Entry],
) -> bytes:
    """A feed as UTF-8; `address` is its own, `page` that of the same for people."""
    root = Element("feed", {"xmlns": _NAMESPACE, "xml:lang": language})
    SubElement(root, "id").text = address
    SubElement(root, "title").text = title
    newest = max((entry.updated for entry in entries), default=datetime.fromtimestamp(0, UTC))
    SubElement(root, "updated").text = _moment(newest)
    SubElement(SubElement(root, "author"), "name").text = author
    atom, html = Formats.ATOM.value.media_type, Formats.HTML.value.media_type
    SubElement(root, "link", {"rel": "self", "type": atom, "href": address})
    SubElement(root, "link", {"rel": "alternate", "type": html, "href": page})
    for entry in entries:
        element = SubElement(root, "entry")
        SubElement(element, "id").text = entry.id
        SubElement(element, "title").text = entry.title
        SubElement(element, "updated").text = _moment(entry.updated)
        SubElement(element, "summary").text = entry.summary
        SubElement(element, "link", {"rel": "alternate", "type": html, "href": entry.href})
    body: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return body


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
