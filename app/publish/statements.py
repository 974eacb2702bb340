"""A description as a flat list: each value with the way of properties that leads to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pyoxigraph import Literal

from app.publish.entity import EntityDescription, Node
from app.store.base import Term


@dataclass(frozen=True, slots=True)
class Statement:
    """One value: predicates from the thing to it, and the term."""

    path: tuple[str, ...]
    term: Term

    @property
    def text(self) -> str:
        """The value as text: lexical form of a literal, or the IRI."""
        return self.term.value if hasattr(self.term, "value") else str(self.term)

    @property
    def language(self) -> str:
        """The language tag, empty without one."""
        return (self.term.language or "") if isinstance(self.term, Literal) else ""

    @property
    def datatype(self) -> str:
        """The datatype's IRI; empty for resources and for texts with a language."""
        if not isinstance(self.term, Literal) or self.term.language:
            return ""
        return self.term.datatype.value


def statements(description: EntityDescription) -> Iterator[Statement]:
    """Every value in the order of reading; nodes described in place stand for their values."""
    yield from _of(description.root, ())


def _of(node: Node, path: tuple[str, ...]) -> Iterator[Statement]:
    for known in node.properties:
        way = (*path, known.predicate)
        for value in known.values:
            if value.node is not None:
                yield from _of(value.node, way)
            else:
                yield Statement(way, value.term)
