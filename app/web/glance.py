"""What most people come for, before everything that is known: where it is, when it is open, how
to reach it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from app.publish.entity import Node, Value
from app.rdf.namespaces import FOAF, IC, SCHEMA
from app.web.entity_context import Cell, Row
from app.web.entity_view import EntityView
from app.web.readable import MAILS, OPENING_HOURS, TELEPHONES

_WANTED: Final = (
    IC + "住所",
    SCHEMA + "address",
    IC + "設置位置",
    OPENING_HOURS,
    *sorted(TELEPHONES),
    *sorted(MAILS),
    FOAF + "page",
    FOAF + "homepage",
    SCHEMA + "url",
)
_PLACES: Final = {name: place for place, name in enumerate(_WANTED)}
_WRITTEN: Final = IC + "表記"
_ENOUGH: Final = 2  # values of one property
_DEPTH: Final = 3


def at_a_glance(root: Node, view: EntityView) -> tuple[Row, ...]:
    """The rows, each once, in the order in which people ask; empty where there is no place and
    no way to reach it."""
    found: dict[str, dict[str, Cell]] = {}
    for predicate, value in _values(root, 0):
        cells = found.setdefault(predicate, {})
        cell = view.cell(value, predicate)
        if len(cells) < _ENOUGH:
            cells.setdefault(cell.text or (cell.link.iri if cell.link else ""), cell)
    ordered = sorted(found, key=lambda name: _PLACES[name])
    return tuple(view.row(predicate, tuple(found[predicate].values())) for predicate in ordered)


def _values(node: Node, depth: int) -> Iterator[tuple[str, Value]]:
    """Wanted values of a thing and of the nodes inside it; an address is its text as a whole."""
    for known in node.properties:
        wanted = known.predicate in _PLACES
        for value in known.values:
            if value.node is None:
                if wanted:
                    yield known.predicate, value
                continue
            written = value.node.of(_WRITTEN) if wanted else ()
            if written:
                yield known.predicate, written[0]
            elif depth < _DEPTH:
                yield from _values(value.node, depth + 1)
