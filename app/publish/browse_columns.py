"""Which columns the table of a class has: from the first things of the class, read by pattern.

The manifest counts the properties of a graph, not of a class; looking at some dozens of things
tells which belong to this one, what kind of values they have and where coordinates stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from pyoxigraph import BlankNode, NamedNode
from pyoxigraph import Literal as RdfLiteral

from app.publish import reading_order
from app.publish.reading_order import LABELS
from app.rdf.namespaces import GEO, IC, RDF, XSD
from app.store.base import Snapshot, Term

Kind = Literal["text", "number", "boolean", "time", "link"]

SAMPLED: Final = 40
MOST_COLUMNS: Final = 30
_QUADS: Final = 120
_INNER: Final = (
    IC + "表記",
    *LABELS,
    IC + "緯度",
    IC + "経度",
    IC + "標準型日付",
    IC + "数値",
    IC + "電話番号",
)
"""What a node inside a thing is shown by, the first that is there; coordinates beside it."""

_LATITUDES: Final = (GEO + "lat", IC + "緯度")
_LONGITUDES: Final = (GEO + "long", IC + "経度")
_NUMBERS: Final = frozenset(
    XSD + name
    for name in ("integer", "decimal", "double", "float", "int", "long", "nonNegativeInteger")
)
_TIMES: Final = frozenset(XSD + name for name in ("date", "dateTime", "time", "gYear"))


@dataclass(frozen=True, slots=True)
class Column:
    """A property, or a way of two, that leads to the values of a column."""

    path: tuple[str, ...]
    kind: Kind = "text"

    @property
    def coordinate(self) -> bool:
        """Whether it holds a latitude or a longitude."""
        return self.path[-1] in _COORDINATES


@dataclass(frozen=True, slots=True)
class ClassProfile:
    """What the things of a class have. `latitude` and `longitude` are columns, or None."""

    columns: tuple[Column, ...]
    latitude: Column | None = None
    longitude: Column | None = None

    def column(self, path: Sequence[str]) -> Column | None:
        """The column of a way."""
        return next((known for known in self.columns if known.path == tuple(path)), None)


def profile(snapshot: Snapshot, class_: str) -> ClassProfile:
    """The columns of a class, in the order of reading; about 2 ms."""
    seen: Counter[tuple[str, ...]] = Counter()
    kinds: dict[tuple[str, ...], set[Kind]] = {}
    things = snapshot.quads(
        predicate=NamedNode(RDF + "type"), object=NamedNode(class_), limit=SAMPLED
    )
    for subject in dict.fromkeys(quad.subject for quad in things):
        if isinstance(subject, NamedNode):
            for path, kind in _ways(snapshot, subject):
                seen[path] += 1
                kinds.setdefault(path, set()).add(kind)
    often = {path for path, _ in seen.most_common(MOST_COLUMNS)}
    columns = tuple(
        Column(path, next(iter(kinds[path])) if len(kinds[path]) == 1 else "text")
        for path in sorted(often, key=_place)
    )
    return ClassProfile(columns, _first(columns, _LATITUDES), _first(columns, _LONGITUDES))


def _ways(snapshot: Snapshot, subject: NamedNode) -> Iterator[tuple[tuple[str, ...], Kind]]:
    own = (subject.value + "#", subject.value + "/")
    for _, predicate, value, _ in snapshot.quads(subject, limit=_QUADS):
        name = predicate.value
        if name == RDF + "type":
            continue
        nested = isinstance(value, BlankNode) or (
            isinstance(value, NamedNode) and value.value.startswith(own)
        )
        if not nested:
            yield (name,), _kind(value)
            continue
        assert isinstance(value, BlankNode | NamedNode)
        inside = {quad.predicate.value: quad.object for quad in snapshot.quads(value, limit=_QUADS)}
        shown = [inner for inner in _INNER if inner in inside and inner not in _COORDINATES]
        for inner in (*shown[:1], *(inner for inner in _COORDINATES if inner in inside)):
            yield (name, inner), "number" if inner in _COORDINATES else _kind(inside[inner])


def _kind(value: Term) -> Kind:
    if not isinstance(value, RdfLiteral):
        return "link"
    datatype = value.datatype.value
    if datatype in _NUMBERS:
        return "number"
    if datatype == XSD + "boolean":
        return "boolean"
    return "time" if datatype in _TIMES else "text"


def _place(path: tuple[str, ...]) -> tuple[int, int, str, str]:
    rank, name = reading_order.of_property(path[0])
    last = path[-1]
    # Names first; coordinates say little to a reader.
    group = 0 if path[0] in LABELS else 2 if last in _COORDINATES else 1
    return group, rank, name, last


def _first(columns: tuple[Column, ...], names: Sequence[str]) -> Column | None:
    for name in names:
        for column in columns:
            if column.path[-1] == name:
                return column
    return None


_COORDINATES: Final = frozenset((*_LATITUDES, *_LONGITUDES))
