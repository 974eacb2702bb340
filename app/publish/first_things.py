"""The beginning of a data set as a table: some of its things in rows, what they have in columns."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import Final

from app.publish import reading_order
from app.publish.catalog import DatasetCard, examples
from app.publish.entity import RDF_TYPE, EntityDescription, EntityReader, Value
from app.publish.reading_order import LABELS

_ROWS: Final = 10
_LOOKED_AT: Final = 100  # things that the first are chosen from: the index has no order of ours
_COLUMNS: Final = 6
_CLASSES: Final = 20
_NUMBERS: Final = re.compile(r"(\d+)")


@dataclass(frozen=True, slots=True)
class FirstThings:
    """Some things of one class, and the properties that most of them have."""

    class_: str
    properties: tuple[str, ...]
    things: tuple[EntityDescription, ...]

    def cells(self, thing: EntityDescription) -> tuple[tuple[Value, ...], ...]:
        """The values of one thing, by column."""
        return tuple(thing.root.of(predicate) for predicate in self.properties)


def first_things(reader: EntityReader, card: DatasetCard) -> FirstThings | None:
    """The first things of the data set's most frequent class whose instances have pages."""
    ours = f"{reader.snapshot.manifest.base_iri}/id/"
    for class_ in sorted(card.classes, key=lambda iri: (-card.classes[iri], iri))[:_CLASSES]:
        named = [
            iri
            for iri in examples(reader.snapshot, card, class_, _LOOKED_AT)
            if iri.startswith(ours) and "#" not in iri
        ]
        first = sorted(named, key=_natural)[:_ROWS]
        things = tuple(d for iri in first if (d := reader.describe(iri)) is not None)
        if things:
            return FirstThings(class_, _columns(things), things)
    return None


def _natural(iri: str) -> list[tuple[int, str]]:
    """`…-9` before `…-10`: numbers in a name are as large as they say."""
    parts = _NUMBERS.split(iri)
    return [(len(part) if place % 2 else 0, part) for place, part in enumerate(parts)]


def _columns(things: tuple[EntityDescription, ...]) -> tuple[str, ...]:
    """Properties with plain values that many have, in the order of reading."""
    met: Counter[str] = Counter()
    for thing in things:
        for known in thing.root.properties:
            if known.predicate not in (RDF_TYPE, *LABELS) and known.values[0].node is None:
                met[known.predicate] += 1
    frequent = [predicate for predicate, _ in met.most_common(_COLUMNS)]
    return tuple(sorted(frequent, key=reading_order.of_property))
