"""The thing that a table describes as a tree of nodes, and the tree as triples maps."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from app.errors import Place
from app.mapping.functions.registry import JFN
from app.mapping.languages.imi.notation import NOTE, ItemPath
from app.mapping.languages.imi.table import Row
from app.mapping.model import (
    Argument,
    Call,
    Constant,
    Expression,
    LogicalSource,
    PredicateObject,
    Reference,
    ReferencingObject,
    Template,
    TermMap,
    TermType,
    TriplesMap,
)
from app.rdf.namespaces import XSD

_READERS: Final = {
    XSD + "date": "eraDate",
    XSD + "time": "time",
    XSD + "dateTime": "dateTime",
    XSD + "decimal": "decimal",
    XSD + "double": "decimal",
    XSD + "float": "decimal",
    XSD + "integer": "integer",
    XSD + "int": "integer",
    XSD + "nonNegativeInteger": "integer",
    XSD + "boolean": "flag",
}
"""Our functions that make the lexical form of a datatype from what people write in cells."""


@dataclass
class Item:
    """A row of the table whose path is usable."""

    row: Row
    path: ItemPath


@dataclass
class Node:
    """A node of the thing's tree: what leads to it, and what is said of it."""

    id: str
    fragment: str
    classes: list[str] = field(default_factory=list)
    fixed: dict[str, str] = field(default_factory=dict)
    values: list[tuple[str, Item]] = field(default_factory=list)
    children: dict[tuple[str, str | None], tuple[str, Node]] = field(default_factory=dict)
    place: Place | None = None

    def columns(self) -> list[str]:
        """The columns of this node and of all below it."""
        found = [item.row.name for _, item in self.values]
        for _, child in self.children.values():
            found += child.columns()
        return list(dict.fromkeys(found))


def triples_maps(
    node: Node,
    key: tuple[str, ...],
    source: LogicalSource,
    namespace: str,
    condition: Expression | None = None,
) -> list[TriplesMap]:
    """The triples maps of a node and of all below it."""
    parts: list[str | Expression] = [namespace]
    for number, name in enumerate(key):
        if number:
            parts.append("-")
        parts.append(Reference(name))
    if node.fragment:
        parts.append(f"#{node.fragment}")
    poms = [
        PredicateObject((_iri(iri),), (TermMap(Constant(value)),), place=node.place)
        for iri, value in node.fixed.items()
    ]
    poms += [
        PredicateObject((_iri(iri),), (_value(item),), place=item.row.place)
        for iri, item in node.values
    ]
    below: list[TriplesMap] = []
    for iri, child in node.children.values():
        exists = _any_has_value(child.columns())
        link = ReferencingObject(child.id, place=child.place)
        poms.append(PredicateObject((_iri(iri),), (link,), condition=exists, place=child.place))
        below += triples_maps(child, key, source, namespace, exists)
    subject = TermMap(Template(tuple(parts)), TermType.IRI, place=node.place)
    classes = tuple(_iri(name) for name in node.classes)
    return [
        TriplesMap(
            node.id,
            source,
            (subject,),
            classes,
            predicate_objects=tuple(poms),
            condition=condition,
            place=node.place,
        ),
        *below,
    ]


def _value(item: Item) -> TermMap:
    place = item.row.place
    reference = Reference(item.row.name, place=place)
    if item.path.is_iri:
        return TermMap(reference, TermType.IRI, place=place)
    if item.path.language is not None:
        language = TermMap(Constant(item.path.language))
        return TermMap(reference, TermType.LITERAL, language=language, place=place)
    prefix, _, local = NOTE.sub("", item.row.type).strip(" \u3000").partition(":")
    datatype = XSD + local if prefix == "xsd" and local else None
    if datatype in {None, XSD + "string"}:
        return TermMap(reference, TermType.LITERAL, place=place)
    assert datatype is not None
    name = _READERS.get(datatype)
    expression: Expression = reference
    if name is not None:
        expression = Call(JFN + name, (Argument(JFN + "value", TermMap(reference)),), place=place)
    return TermMap(expression, TermType.LITERAL, datatype=_iri(datatype), place=place)


def _iri(value: str) -> TermMap:
    return TermMap(Constant(value, TermType.IRI))


def _any_has_value(columns: list[str]) -> Expression:
    values = tuple(Argument(JFN + "value", TermMap(Reference(name))) for name in columns)
    value = values[0].value if len(values) == 1 else TermMap(Call(JFN + "coalesce", values))
    return Call(JFN + "notNull", (Argument(JFN + "value", value),))
