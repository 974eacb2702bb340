"""schema.org for search engines, inside a page: what can be said of a thing without guessing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import orjson
from pyoxigraph import NamedNode

from app.errors import Language
from app.publish.entity import EntityDescription, Node
from app.publish.labels import choose
from app.publish.places import points
from app.rdf.namespaces import DCTERMS, IC, OWL, QB, RDFS, SCHEMA
from app.web.entity_context import EntityPage
from app.web.readable import MAILS, OPENING_HOURS, PICTURES, TELEPHONES

_SAME_AS: Final = (OWL + "sameAs", RDFS + "seeAlso", SCHEMA + "sameAs")
_TYPES: Final = {
    "PublicToilet": "PublicToilet",
    "EvacuationSite": "CivicStructure",
    "Region": "AdministrativeArea",
    "AED": "Place",
}
"""Classes of ours (`/def/…`) and what schema.org calls them."""

_CORE_TYPES: Final = {
    IC + "施設型": "CivicStructure",
    IC + "設備型": "Place",
    IC + "場所型": "Place",
    IC + "地物型": "Place",
    IC + "組織型": "Organization",
    IC + "法人型": "Organization",
    IC + "人型": "Person",
    IC + "イベント型": "Event",
    QB + "DataSet": "Dataset",
    QB + "Observation": "Observation",
}


def structured_data(
    description: EntityDescription, page: EntityPage, base: str, language: Language
) -> str:
    """JSON-LD that can stand inside a script element."""
    root = description.root
    places = points(description)
    body: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": _type(root, base, placed=bool(places)),
        "@id": description.iri,
        "name": page.heading,
        "url": description.iri,
    }
    if places:
        body["geo"] = {
            "@type": "GeoCoordinates",
            "latitude": places[0].latitude,
            "longitude": places[0].longitude,
        }
    names = [cell.text for cell in page.other_names]
    told = {
        "alternateName": names,
        "identifier": [v.value for v in root.literals(DCTERMS + "identifier")],
        "openingHours": [v.value for v in root.literals(OPENING_HOURS)],
        "telephone": list(_literals(root, TELEPHONES)),
        "email": list(_literals(root, MAILS)),
        "image": list(_addresses(root, PICTURES)),
        "sameAs": list(_addresses(root, _SAME_AS)),
        "description": [text for text in (choose(root.literals(IC + "説明"), language),) if text],
    }
    body |= {
        name: values if len(values) > 1 else values[0] for name, values in told.items() if values
    }
    address = _address(root)
    if address:
        body["address"] = address
    if page.path:
        body["containedInPlace"] = {"@id": page.path[-1].iri, "name": page.path[-1].text}
    documents: list[dict[str, Any]] = [body]
    if page.path:
        documents.append(_breadcrumbs(page))
    return as_script(documents if len(documents) > 1 else body)


def as_script(data: dict[str, Any] | list[dict[str, Any]]) -> str:
    """JSON that can stand inside a script element: `<` must not open a tag in it."""
    return orjson.dumps(data).decode().replace("<", "\\u003c")


def _type(root: Node, base: str, *, placed: bool) -> str:
    own = f"{base}/def/"
    for iri in root.types:
        known = _TYPES.get(iri.removeprefix(own)) if iri.startswith(own) else _CORE_TYPES.get(iri)
        if known is not None:
            return known
    return "Place" if placed or root.of(IC + "住所") else "Thing"


def _literals(node: Node, predicates: frozenset[str]) -> Iterator[str]:
    """Texts of some properties, of the thing and of what is described inside it."""
    for known in node.properties:
        for value in known.values:
            if value.node is not None:
                yield from _literals(value.node, predicates)
            elif known.predicate in predicates:
                yield str(value.term.value) if hasattr(value.term, "value") else str(value.term)


def _addresses(root: Node, predicates: frozenset[str] | tuple[str, ...]) -> Iterator[str]:
    for predicate in predicates:
        for value in root.of(predicate):
            if isinstance(value.term, NamedNode) and value.term.value.startswith("http"):
                yield value.term.value


def _address(root: Node) -> dict[str, str] | None:
    for value in _places(root):
        written = choose(value.literals(IC + "表記"), "ja")
        if written is None:
            continue
        parts = {
            "streetAddress": written,
            "addressRegion": choose(value.literals(IC + "都道府県"), "ja"),
            "addressLocality": choose(value.literals(IC + "市区町村"), "ja"),
            "postalCode": choose(value.literals(IC + "郵便番号"), "ja"),
        }
        told = {name: part for name, part in parts.items() if part}
        return {"@type": "PostalAddress", "addressCountry": "JP", **told}
    return None


def _places(node: Node) -> Iterator[Node]:
    """Addresses (住所) of a thing, or of the place where it stands."""
    for known in node.properties:
        for value in known.values:
            if value.node is not None:
                if known.predicate == IC + "住所":
                    yield value.node
                yield from _places(value.node)


def _breadcrumbs(page: EntityPage) -> dict[str, Any]:
    """https://schema.org/BreadcrumbList"""
    steps = [*((link.text, link.iri) for link in page.path), (page.heading, page.iri)]
    return {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": number, "name": name, "item": iri}
            for number, (name, iri) in enumerate(steps, 1)
        ],
    }
