"""The mapping's graph: terms that know where they stand, and statements in the order of the text."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.errors import Place


@dataclass(frozen=True, slots=True)
class Iri:
    """An IRI."""

    value: str
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank node, by a label of this document."""

    value: str
    place: Place = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal."""

    value: str
    place: Place = field(compare=False, repr=False)
    datatype: str | None = None
    language: str | None = None


Node = Iri | Blank
Term = Iri | Blank | Literal


@dataclass(frozen=True, slots=True)
class Statement:
    """A triple."""

    subject: Node
    predicate: Iri
    object: Term


@dataclass(frozen=True, slots=True)
class Document:
    """The statements of a text, in its order, and its prefixes."""

    statements: tuple[Statement, ...]
    prefixes: dict[str, str]
