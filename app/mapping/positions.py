"""Where in a quad a term can stand, and which kinds of terms may stand there.

Source: RML-Core, section on term types; RDF 1.1 Concepts, section 3.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from app.errors import MappingError, Place, Text
from app.mapping.model import TermType


class Position(StrEnum):
    """Where in a quad a term stands: it decides the default term type and what is allowed."""

    SUBJECT = "subject"
    PREDICATE = "predicate"
    OBJECT = "object"
    GRAPH = "graph"
    CLASS = "class"
    DATATYPE = "datatype"
    LANGUAGE = "language"


IRI_TYPES: Final = {TermType.IRI, TermType.URI, TermType.UNSAFE_IRI, TermType.UNSAFE_URI}
_ALLOWED: Final = {
    Position.SUBJECT: IRI_TYPES | {TermType.BLANK_NODE},
    Position.PREDICATE: IRI_TYPES,
    Position.OBJECT: IRI_TYPES | {TermType.BLANK_NODE, TermType.LITERAL},
    Position.GRAPH: IRI_TYPES | {TermType.BLANK_NODE},
    Position.CLASS: IRI_TYPES,
    Position.DATATYPE: IRI_TYPES,
    Position.LANGUAGE: {TermType.LITERAL},
}
_POSITION: Final = {
    Position.SUBJECT: Text(ja="主語", en="a subject"),
    Position.PREDICATE: Text(ja="述語", en="a predicate"),
    Position.OBJECT: Text(ja="目的語", en="an object"),
    Position.GRAPH: Text(ja="グラフ名", en="a graph name"),
    Position.CLASS: Text(ja="クラス", en="a class"),
    Position.DATATYPE: Text(ja="データ型", en="a datatype"),
    Position.LANGUAGE: Text(ja="言語", en="a language"),
}
_TYPE: Final = {
    TermType.IRI: Text(ja="IRI", en="an IRI"),
    TermType.UNSAFE_IRI: Text(ja="IRI", en="an IRI"),
    TermType.URI: Text(ja="URI", en="a URI"),
    TermType.UNSAFE_URI: Text(ja="URI", en="a URI"),
    TermType.BLANK_NODE: Text(ja="空白ノード", en="a blank node"),
    TermType.LITERAL: Text(ja="リテラル", en="a literal"),
}
_HINT: Final = Text(
    ja="IRI にしてください (YARRRML は ~iri、RML は rml:termType rml:IRI)。",
    en="Make it an IRI: ~iri in YARRRML, rml:termType rml:IRI in RML.",
)


def check_allowed(
    term_type: TermType, position: Position, place: Place | None, value: str | None = None
) -> None:
    """Raises MappingError when this kind of term cannot stand there. `value` is shown."""
    if term_type in _ALLOWED[position]:
        return
    shown = "" if value is None else f": {value}"
    raise MappingError(
        Text(
            ja=f"{_POSITION[position].ja}に{_TYPE[term_type].ja}は使えません{shown or '。'}",
            en=f"{_TYPE[term_type].en} cannot stand as {_POSITION[position].en}{shown or '.'}",
        ),
        place=place,
        hint=_HINT if term_type is TermType.LITERAL else None,
    )
