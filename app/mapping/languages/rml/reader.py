"""An RML or R2RML document in Turtle → `Mapping`."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from app.errors import MappingError, MappingReferenceError, Place, Text
from app.findings import Findings
from app.mapping import model
from app.mapping.languages.conditions import all_of
from app.mapping.languages.rml.resource import Graph, Resource, iri, node
from app.mapping.languages.rml.sources import read_source, read_target, unquoted
from app.mapping.languages.rml.terms import TERM_MAP, Reading, TermReader, reference
from app.mapping.languages.rml.turtle import Document, Iri, Literal, Node, Term, read_turtle
from app.mapping.languages.rml.views import read_view
from app.mapping.languages.scanning import Limits
from app.mapping.model import (
    Constant,
    Expression,
    Join,
    LogicalSource,
    LogicalTarget,
    PredicateObject,
    Quoted,
    Reference,
    ReferencingObject,
    TermMap,
    TermType,
    TriplesMap,
)
from app.rdf.namespaces import RDF

DEFAULT_BASE: Final = "http://mapping.invalid/"
"""Resolves relative IRIs of documents that name no base; the address of nothing (RFC 2606)."""

_TRIPLES_MAP: Final = Text(ja="トリプルズマップ", en="a triples map")
_SUBJECT_MAP: Final = TERM_MAP | {"class", "graph", "graphMap"}
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


def read_rml(
    text: str,
    *,
    file: str,
    base: str | None = None,
    limits: Limits | None = None,
    findings: Findings | None = None,
) -> model.Mapping:
    """Read RML (`http://w3id.org/rml/`), its legacy form (`semweb.mmlab.be/ns/rml#` with `rr:`)
    or R2RML with tables named like CSV files.

    `base` resolves relative IRIs of the document itself (`@base` wins); it has no part in the
    terms that are generated.

    Raises MappingSyntaxError for what is not Turtle or past the limits, MappingError for what
    RML does not allow, MappingReferenceError for triples maps that are not there; each with
    line and column.
    """
    limits = Limits.of() if limits is None else limits
    findings = Findings() if findings is None else findings
    document = read_turtle(
        text, file=file, base=base or DEFAULT_BASE, limits=limits, findings=findings
    )
    graph = Graph(document, findings, limits, room=max(1000, len(text)))
    return _Reader(graph, document, file, base or DEFAULT_BASE).read()


class _Reader:
    def __init__(self, graph: Graph, document: Document, file: str, base: str) -> None:
        self.graph = graph
        self.document = document
        self.file = file
        self.base = base
        self.targets: dict[Node, LogicalTarget] = {}
        self.ids: dict[Node, str] = {}
        self.done: dict[Node, TriplesMap] = {}
        self.reading: list[Node] = []

    def read(self) -> model.Mapping:
        found = [r for r in map(self.graph.resource, self.graph.subjects()) if _is_triples_map(r)]
        if not found:
            raise MappingError(
                Text(ja="トリプルズマップがありません。", en="there is no triples map."),
                place=Place(self.file, 1, 1),
                hint=Text(
                    ja="rml:logicalSource と rml:subjectMap を持つリソースを書いてください。",
                    en="Write a resource with rml:logicalSource and rml:subjectMap.",
                ),
            )
        for each in found:
            self.ids[each.node] = self._id(each.node)
        maps = [self.triples_map(each) for each in found if _is_asserted(each)]
        bases = {each.base for each in maps}
        return model.Mapping(
            tuple(maps),
            prefixes=self.document.prefixes,
            base=next(iter(bases)) if len(bases) == 1 else None,
            targets=tuple(self.targets.values()),
            language="r2rml" if all(r.has("logicalTable") for r in found) else "rml",
            place=Place(self.file, 1, 1),
        )

    def _id(self, node: Node) -> str:
        """What a triples map is called: its IRI, without what the document's address adds."""
        if isinstance(node, Iri):
            return node.value.removeprefix(self.base) or node.value
        return f"_:{node.value.strip()}"

    def triples_map(self, resource: Resource) -> TriplesMap:
        if resource.node in self.done:
            return self.done[resource.node]
        self.reading.append(resource.node)
        resource.expect(
            (
                "logicalSource",
                "logicalTable",
                "subjectMap",
                "subject",
                "predicateObjectMap",
                "baseIRI",
            ),
            _TRIPLES_MAP,
        )
        source, references = self._source(resource)
        terms = TermReader(references, self._term_targets, self._quote, self._gather_item)
        subject, classes, graphs, conditions = self._subject(resource, terms)
        poms: list[PredicateObject] = []
        for _, value in resource.all("predicateObjectMap"):
            poms.extend(self._predicate_objects(resource.resource(value), terms))
        base = resource.one("baseIRI")
        self.reading.pop()
        triples_map = TriplesMap(
            self.ids.get(resource.node, resource.node.value),
            source,
            (subject,),
            classes,
            graphs,
            tuple(poms),
            all_of(conditions),
            place=resource.place,
            base=None if base is None else base[1].value,
        )
        self.done[resource.node] = triples_map
        return triples_map

    def _source(self, resource: Resource) -> tuple[LogicalSource, Reading]:
        found = resource.one("logicalSource", "logicalTable")
        if found is None:
            raise MappingError(
                Text(
                    ja="トリプルズマップに logicalSource がありません。",
                    en="the triples map has no logicalSource.",
                ),
                place=resource.place,
                hint=Text(ja="rml:logicalSource を加えてください。", en="Add rml:logicalSource."),
            )
        source = resource.resource(found[1])
        if source.has("viewOn"):
            terms = TermReader(reference, self._term_targets, self._quote, self._gather_item)
            return read_view(source, terms)
        if found[0] == "logicalTable":
            return read_source(source), lambda name, place: Reference(unquoted(name), place=place)
        return read_source(source), reference

    def _subject(
        self, resource: Resource, terms: TermReader
    ) -> tuple[TermMap, tuple[TermMap, ...], tuple[TermMap, ...], list[Expression]]:
        found = resource.one("subjectMap", "subject")
        if found is None:
            raise MappingError(
                Text(
                    ja="トリプルズマップに subjectMap がありません。",
                    en="the triples map has no subjectMap.",
                ),
                place=resource.place,
                hint=Text(ja="rml:subjectMap を加えてください。", en="Add rml:subjectMap."),
            )
        name, value = found
        if name == "subject":
            return terms.shortcut(value, name), (), (), []
        subject_map = resource.resource(value)
        subject = terms.term_map(subject_map, known=_SUBJECT_MAP)
        if TermType.LITERAL in {subject.term_type, _constant_type(subject)}:
            raise MappingError(
                Text(ja="主語にリテラルは使えません。", en="a subject cannot be a literal."),
                place=subject_map.place,
                hint=Text(
                    ja="termType を rml:IRI か rml:BlankNode にしてください。",
                    en="Make the termType rml:IRI or rml:BlankNode.",
                ),
            )
        classes = tuple(
            terms.shortcut(iri(each, key), key) for key, each in subject_map.all("class")
        )
        graphs = self._graphs(subject_map, terms)
        return subject, classes, graphs, terms.condition(subject_map)

    def _graphs(self, resource: Resource, terms: TermReader) -> tuple[TermMap, ...]:
        return tuple(
            terms.shortcut(value, name)
            if name == "graph"
            else terms.term_map(resource.resource(value))
            for name, value in resource.all("graph", "graphMap")
        )

    def _predicate_objects(self, pom: Resource, terms: TermReader) -> list[PredicateObject]:
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
            found = self._object(terms, object_map)
            conditions = terms.condition(object_map)
            if conditions:
                apart.append((found, conditions))
            else:
                together.append(found)
        graphs = self._graphs(pom, terms)
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

    def _object(self, terms: TermReader, resource: Resource) -> TermMap | ReferencingObject:
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
        parent = self._triples_map_of(found[1])
        _, parent_references = self._source(parent)
        joins = tuple(
            self._join(terms, parent_references, resource.resource(value))
            for _, value in resource.all("joinCondition")
        )
        return ReferencingObject(
            self.ids[parent.node], joins, self._term_targets(resource), resource.place
        )

    def _gather_item(self, terms: TermReader, resource: Resource) -> TermMap | ReferencingObject:
        return self._object(terms, resource)

    def _join(self, terms: TermReader, parent_references: Reading, join: Resource) -> Join:
        join.expect(("child", "childMap", "parent", "parentMap"), Text(ja="結合条件", en="a join"))
        sides: list[Expression] = []
        for side, reader in (("child", terms), ("parent", terms.with_reference(parent_references))):
            found = join.one(side, side + "Map")
            if found is None:
                raise MappingError(
                    Text(ja=f"結合条件に {side} がありません。", en=f"the join has no {side}."),
                    place=join.place,
                    hint=Text(ja=f"rml:{side} を加えてください。", en=f"Add rml:{side}."),
                )
            name, value = found
            if name == side and isinstance(value, Literal):
                sides.append(reader.reference(value.value, value.place))
            else:
                sides.append(reader.expression(join.resource(value)))
        return Join(sides[0], sides[1], join.place)

    def _triples_map_of(self, term: Term) -> Resource:
        resource = self.graph.resource(node(term, "parentTriplesMap"))
        if resource.node in self.ids:
            return resource
        near = get_close_matches(term.value, self.ids.values(), n=1)
        raise MappingReferenceError(
            Text(
                ja=f"トリプルズマップ {term.value} はありません。",
                en=f"there is no triples map {term.value}.",
            ),
            place=term.place,
            hint=Text(ja=f"{near[0]} のことですか。", en=f"Did you mean {near[0]}?")
            if near
            else None,
        )

    def _term_targets(self, resource: Resource) -> tuple[str, ...]:
        names = []
        for _, value in resource.all("logicalTarget"):
            target = resource.resource(value)
            if target.node not in self.targets:
                self.targets[target.node] = read_target(target, self._id(target.node))
            names.append(self.targets[target.node].id)
        return tuple(names)

    def _quote(self, term: Term) -> Quoted:
        resource = self._triples_map_of(term)
        if resource.node in self.reading:
            raise MappingError(
                Text(
                    ja="トリプルズマップが自分自身を引用しています。",
                    en="the triples map quotes itself.",
                ),
                place=term.place,
            )
        quoted = self.triples_map(resource)
        pairs = [
            (predicate, object)
            for pom in quoted.predicate_objects
            for predicate in pom.predicates
            for object in pom.objects
        ]
        rdf_type = TermMap(Constant(RDF + "type", TermType.IRI))
        pairs += [(rdf_type, each) for each in quoted.classes]
        if len(pairs) != 1 or not isinstance(pairs[0][1], TermMap):
            raise MappingError(
                Text(
                    ja="引用されるトリプルズマップは、ちょうど一つの三つ組を作らなければなりません。",
                    en="the quoted triples map must make exactly one triple.",
                ),
                place=term.place,
            )
        return Quoted(quoted.subjects[0], pairs[0][0], pairs[0][1], term.place)


def _constant_type(term_map: TermMap) -> TermType | None:
    expression = term_map.expression
    return expression.term_type if isinstance(expression, Constant) else None


def _is_asserted(resource: Resource) -> bool:
    return "NonAssertedTriplesMap" not in resource.types


def _is_triples_map(resource: Resource) -> bool:
    if resource.types & {"TriplesMap", "AssertedTriplesMap", "NonAssertedTriplesMap"}:
        return True
    # The legacy function value has a source and predicates too, but never a subject.
    return resource.has("subjectMap", "subject") and resource.has("logicalSource", "logicalTable")
