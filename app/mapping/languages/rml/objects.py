"""Predicate-object maps, referencing object maps and joins → the model.

Source: RML-Core, sections on predicate-object maps and on referencing object maps.
"""

from __future__ import annotations

from typing import Final, Protocol

from app.errors import MappingError, Text
from app.mapping.languages.conditions import all_of
from app.mapping.languages.rml.resource import Resource, iri
from app.mapping.languages.rml.terms import TERM_MAP, Reading, TermReader
from app.mapping.languages.rml.triples import Node, Term
from app.mapping.languages.rml.views import read_join
from app.mapping.model import (
    Expression,
    LogicalSource,
    PredicateObject,
    ReferencingObject,
    TermMap,
)

_OBJECT_MAP: Final = TERM_MAP | {"parentTriplesMap", "joinCondition"}
_POM: Final = frozenset(
    [
        "predicate",
        "predicateMap",
        "object",
        "objectMap",
        "graph",
        "graphMap",
        "condition",
        "logicalTarget",
    ]
)


class TriplesMaps(Protocol):
    """What must be known of the other triples maps of the document."""

    ids: dict[Node, str]

    def triples_map_of(self, term: Term) -> Resource:
        """The triples map that a term names."""

    def source(self, resource: Resource) -> tuple[LogicalSource, Reading]:
        """Where a triples map reads, and what a reference means there."""

    def term_targets(self, resource: Resource) -> tuple[str, ...]:
        """The ids of the logical targets of a term map."""


def read_graphs(terms: TermReader, resource: Resource) -> tuple[TermMap, ...]:
    """The graphs of a subject map or predicate-object map."""
    return tuple(
        terms.shortcut(value, name) if name == "graph" else terms.term_map(resource.resource(value))
        for name, value in resource.all("graph", "graphMap")
    )


class ObjectReader:
    """Reads what is said of subjects."""

    def __init__(self, maps: TriplesMaps) -> None:
        self._maps = maps

    def predicate_objects(self, terms: TermReader, pom: Resource) -> list[PredicateObject]:
        pom.expect(_POM, Text(ja="述語・目的語マップ", en="a predicate-object map"))
        for names in (("predicate", "predicateMap"), ("object", "objectMap")):
            if not pom.has(*names):
                raise MappingError(
                    Text(
                        ja=f"述語・目的語マップに {names[0]} がありません。",
                        en=f"the predicate-object map has no {names[0]}.",
                    ),
                    place=pom.place,
                    hint=Text(ja=f"rml:{names[0]} を加えてください。", en=f"Add rml:{names[0]}."),
                )
        shared = terms.condition(pom)
        predicates: list[TermMap] = []
        for name, value in pom.all("predicate", "predicateMap"):
            if name == "predicate":
                predicates.append(terms.shortcut(iri(value, name), name))
            else:
                predicate_map = pom.resource(value)
                predicates.append(terms.term_map(predicate_map))
                shared += terms.condition(predicate_map)
        together: list[TermMap | ReferencingObject] = []
        apart: list[tuple[TermMap | ReferencingObject, list[Expression]]] = []
        for name, value in pom.all("object", "objectMap"):
            if name == "object":
                together.append(terms.constant(value))
                continue
            object_map = pom.resource(value)
            found = self.object(terms, object_map)
            conditions = terms.condition(object_map)
            if conditions:
                apart.append((found, conditions))
            else:
                together.append(found)
        graphs = read_graphs(terms, pom)
        groups: list[tuple[tuple[TermMap | ReferencingObject, ...], list[Expression]]] = []
        if together:
            groups.append((tuple(together), []))
        groups.extend(((found,), conditions) for found, conditions in apart)
        return [
            PredicateObject(
                tuple(predicates),
                objects,
                graphs,
                condition=all_of([*shared, *conditions]),
                place=pom.place,
            )
            for objects, conditions in groups
        ]

    def object(self, terms: TermReader, resource: Resource) -> TermMap | ReferencingObject:
        found = resource.one("parentTriplesMap")
        if found is None:
            if "RefObjectMap" in resource.types or resource.has("joinCondition"):
                raise MappingError(
                    Text(
                        ja="参照目的語マップに parentTriplesMap がありません。",
                        en="the referencing object map has no parentTriplesMap.",
                    ),
                    place=resource.place,
                    hint=Text(
                        ja="rml:parentTriplesMap を加えてください。", en="Add rml:parentTriplesMap."
                    ),
                )
            return terms.term_map(resource, known=_OBJECT_MAP)
        resource.expect(
            ("parentTriplesMap", "joinCondition", "logicalTarget", "condition"),
            Text(ja="参照目的語マップ", en="a referencing object map"),
        )
        parent = self._maps.triples_map_of(found[1])
        _, parent_references = self._maps.source(parent)
        parent_terms = terms.with_reference(parent_references)
        joins = tuple(
            read_join(terms, parent_terms, resource.resource(value))
            for _, value in resource.all("joinCondition")
        )
        return ReferencingObject(
            self._maps.ids[parent.node], joins, self._maps.term_targets(resource), resource.place
        )
