"""An RML or R2RML document in Turtle → `Mapping`."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Final

from app.errors import MappingError, MappingReferenceError, Place, Text
from app.findings import Findings
from app.mapping import model
from app.mapping.languages.conditions import all_of
from app.mapping.languages.rml.objects import ObjectReader, read_graphs
from app.mapping.languages.rml.resource import Graph, Resource, iri, node
from app.mapping.languages.rml.sources import read_source, unquoted
from app.mapping.languages.rml.targets import read_target
from app.mapping.languages.rml.terms import TERM_MAP, Reading, TermReader, reference
from app.mapping.languages.rml.triples import Document, Iri, Node, Term
from app.mapping.languages.rml.turtle import read_turtle
from app.mapping.languages.rml.views import ViewReader
from app.mapping.languages.scanning import Limits
from app.mapping.model import (
    Constant,
    Expression,
    LogicalSource,
    LogicalTarget,
    PredicateObject,
    Quoted,
    Reference,
    TermMap,
    TermType,
    TriplesMap,
)
from app.rdf.namespaces import RDF

DEFAULT_BASE: Final = "http://mapping.invalid/"
"""Resolves relative IRIs of documents that name no base; the address of nothing (RFC 2606)."""

_TRIPLES_MAP: Final = Text(ja="トリプルズマップ", en="a triples map")
_SUBJECT_MAP: Final = TERM_MAP | {"class", "graph", "graphMap"}


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
        self.views = ViewReader(
            TermReader(reference, self.term_targets, self._quote, ObjectReader(self).object)
        )

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
        source, references = self.source(resource)
        objects = ObjectReader(self)
        terms = TermReader(references, self.term_targets, self._quote, objects.object)
        subject, classes, graphs, conditions = self._subject(resource, terms)
        poms: list[PredicateObject] = []
        for _, value in resource.all("predicateObjectMap"):
            poms.extend(objects.predicate_objects(terms, resource.resource(value)))
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

    def source(self, resource: Resource) -> tuple[LogicalSource, Reading]:
        """Where a triples map reads, and what a reference means there."""
        found = resource.one("logicalSource", "logicalTable")
        if found is None:
            # Constants need no source (RML-Core, section on triples maps).
            return LogicalSource("", "none", place=resource.place), _no_source
        source = resource.resource(found[1])
        if source.has("viewOn"):
            return self.views.read(source)
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
        graphs = read_graphs(terms, subject_map)
        return subject, classes, graphs, terms.condition(subject_map)

    def triples_map_of(self, term: Term) -> Resource:
        """The triples map that a term names. Raises MappingReferenceError."""
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

    def term_targets(self, resource: Resource) -> tuple[str, ...]:
        """The ids of the logical targets of a term map."""
        names = []
        for _, value in resource.all("logicalTarget"):
            target = resource.resource(value)
            if target.node not in self.targets:
                self.targets[target.node] = read_target(target, self._id(target.node))
            names.append(self.targets[target.node].id)
        return tuple(names)

    def _quote(self, term: Term) -> Quoted:
        resource = self.triples_map_of(term)
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


def _no_source(name: str, place: Place) -> Expression:
    raise MappingError(
        Text(
            ja=f"トリプルズマップに logicalSource がないので、{name} を参照できません。",
            en=f"the triples map has no logicalSource, so {name} cannot be referred to.",
        ),
        place=place,
        hint=Text(ja="rml:logicalSource を加えてください。", en="Add rml:logicalSource."),
    )


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
