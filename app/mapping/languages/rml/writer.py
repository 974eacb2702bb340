"""`Mapping` → RML in Turtle, so that nobody is locked into another language.

What is written says the same as the mapping: `read_rml(write_rml(m))` gives the triples maps of
`m` again where RML has the same shape. Where it has not, an equal one is written: several
subjects become several triples maps, an inverse predicate a triples map whose subject is the
object, and a condition stands on the predicate map.

Source: RML-Core, RML-IO, RML-FNML, RML-CC and RML-STAR.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from app.errors import MappingError, Text
from app.mapping.languages.rml.templates import write_template
from app.mapping.languages.rml.turtle_terms import TurtleTerms, is_bare, node
from app.mapping.languages.rml.view_writer import SourceWriter
from app.mapping.model import (
    Argument,
    Call,
    Constant,
    Expression,
    Gathered,
    Mapping,
    PredicateObject,
    Quoted,
    Reference,
    ReferencingObject,
    Template,
    TermMap,
    TermType,
    TriplesMap,
)
from app.rdf import terms
from app.rdf.namespaces import RDF

_TYPES: Final = {
    TermType.IRI: "rml:IRI",
    TermType.UNSAFE_IRI: "rml:UnsafeIRI",
    TermType.URI: "rml:URI",
    TermType.UNSAFE_URI: "rml:UnsafeURI",
    TermType.BLANK_NODE: "rml:BlankNode",
    TermType.LITERAL: "rml:Literal",
}


def write_rml(mapping: Mapping) -> str:
    """The mapping as a Turtle document.

    Raises MappingError for the little that RML cannot say: a function inside a template, and an
    inverse predicate of objects that a join finds.
    """
    return _Writer(mapping).text()


class _Writer:
    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.terms = TurtleTerms(mapping.prefixes)
        self.subjects = {
            each.id: [_nth(each.id, n) for n in range(max(1, len(each.subjects)))]
            for each in mapping.triples_maps
        }
        self.blocks: list[str] = []
        self.further = 0

    def text(self) -> str:
        for triples_map in self.mapping.triples_maps:
            for id, subject in zip(
                self.subjects[triples_map.id], triples_map.subjects, strict=True
            ):
                self._triples_map(triples_map, id, subject)
        for target in self.mapping.targets:
            self.blocks.append(self.terms.target(target))
        head = "".join(
            f"@prefix {prefix}: {terms.iri(self.terms.prefixes[prefix])} .\n"
            for prefix in sorted(self.terms.used)
        )
        return head + "\n" + "\n".join(self.blocks)

    def _triples_map(self, triples_map: TriplesMap, id: str, subject: TermMap) -> None:
        properties = [
            "a rml:TriplesMap",
            *self._source(triples_map),
            f"rml:subjectMap {self._subject(triples_map, subject)}",
        ]
        if triples_map.base is not None:
            properties.append(f"rml:baseIRI {self.terms.iri(triples_map.base)}")
        made = tuple(each for each in triples_map.classes if not is_bare(each))
        if made:
            # rml:class takes constants only.
            rdf_type = TermMap(Constant(RDF + "type", TermType.IRI))
            types = self._predicate_objects(PredicateObject((rdf_type,), made), triples_map)
            properties += [f"rml:predicateObjectMap {each}" for each in types]
        inverse: list[tuple[PredicateObject, TermMap]] = []
        for pom in triples_map.predicate_objects:
            properties += [
                f"rml:predicateObjectMap {each}"
                for each in self._predicate_objects(pom, triples_map)
            ]
            for object in pom.objects if pom.inverse else ():
                if isinstance(object, ReferencingObject):
                    raise _cannot_say("逆向きの結合", "an inverse predicate of a join", object)
                inverse.append((pom, object))
        self.blocks.append(f"{self.terms.name(id)} " + " ;\n    ".join(properties) + " .\n")
        for pom, object in inverse:
            self.further += 1
            turned = TriplesMap(
                f"{id}-inverse-{self.further}",
                triples_map.source,
                (object,),
                graphs=triples_map.graphs,
                predicate_objects=(
                    PredicateObject(pom.inverse, (subject,), pom.graphs, condition=pom.condition),
                ),
                condition=triples_map.condition,
                base=triples_map.base,
            )
            self._triples_map(turned, turned.id, object)

    def _subject(self, triples_map: TriplesMap, subject: TermMap) -> str:
        parts = self._term_parts(subject, triples_map)
        parts += [
            f"rml:class {self.terms.constant(each.expression)}"
            for each in triples_map.classes
            if is_bare(each)
        ]
        parts += self._graphs(triples_map.graphs, triples_map)
        if triples_map.condition is not None:
            condition = self._expression_parts(triples_map.condition, triples_map)
            parts.append(f"rml:condition {node(condition)}")
        return node(parts)

    def _predicate_objects(self, pom: PredicateObject, triples_map: TriplesMap) -> Iterable[str]:
        groups = [pom.predicates] if pom.condition is None else [(p,) for p in pom.predicates]
        for predicates in groups:
            parts = []
            for predicate in predicates:
                if is_bare(predicate) and pom.condition is None:
                    parts.append(f"rml:predicate {self.terms.constant(predicate.expression)}")
                    continue
                described = self._term_parts(predicate, triples_map)
                if pom.condition is not None:
                    condition = self._expression_parts(pom.condition, triples_map)
                    described.append(f"rml:condition {node(condition)}")
                parts.append(f"rml:predicateMap {node(described)}")
            parts += [self._object(each, triples_map) for each in pom.objects]
            parts += self._graphs(pom.graphs, triples_map)
            yield node(parts)

    def _object(self, object: TermMap | ReferencingObject, triples_map: TriplesMap) -> str:
        if isinstance(object, TermMap):
            if is_bare(object):
                return f"rml:object {self.terms.constant(object.expression)}"
            return f"rml:objectMap {node(self._term_parts(object, triples_map))}"
        return ", ".join(
            f"{'rml:objectMap ' if number == 0 else ''}{node(parts)}"
            for number, parts in enumerate(self._referencing(object, triples_map))
        )

    def _referencing(
        self, object: ReferencingObject, triples_map: TriplesMap
    ) -> Iterable[list[str]]:
        for parent in self.subjects.get(object.parent, [object.parent]):
            parts = [f"rml:parentTriplesMap {self.terms.name(parent)}"]
            joins = self._sources(triples_map)
            parts += [f"rml:joinCondition {joins.join(join)}" for join in object.joins]
            yield parts + self._targets(object.targets)

    def _sources(self, triples_map: TriplesMap) -> SourceWriter:
        return SourceWriter(self.terms, lambda each: self._expression_parts(each, triples_map))

    def _source(self, triples_map: TriplesMap) -> list[str]:
        if triples_map.source.formulation == "none":
            return []
        return [f"rml:logicalSource {self._sources(triples_map).source(triples_map.source)}"]

    def _graphs(self, graphs: tuple[TermMap, ...], triples_map: TriplesMap) -> list[str]:
        return [
            f"rml:graph {self.terms.constant(each.expression)}"
            if is_bare(each)
            else f"rml:graphMap {node(self._term_parts(each, triples_map))}"
            for each in graphs
        ]

    def _targets(self, names: tuple[str, ...]) -> list[str]:
        return [f"rml:logicalTarget {self.terms.name(name)}" for name in names]

    def _term_parts(self, term_map: TermMap, triples_map: TriplesMap) -> list[str]:
        parts = self._expression_parts(term_map.expression, triples_map)
        if term_map.term_type is not None:
            parts.append(f"rml:termType {_TYPES[term_map.term_type]}")
        for name, annotation in (("datatype", term_map.datatype), ("language", term_map.language)):
            if annotation is None:
                continue
            if is_bare(annotation):
                parts.append(f"rml:{name} {self.terms.constant(annotation.expression)}")
            else:
                parts.append(f"rml:{name}Map {node(self._term_parts(annotation, triples_map))}")
        return parts + self._targets(term_map.targets)

    def _expression_parts(self, expression: Expression, triples_map: TriplesMap) -> list[str]:
        match expression:
            case Reference(name):
                return [f"rml:reference {terms.literal(name)}"]
            case Template(parts):
                if not all(isinstance(part, (str, Reference)) for part in parts):
                    raise _cannot_say(
                        "テンプレートの中の関数", "a function in a template", expression
                    )
                return [f"rml:template {terms.literal(write_template(parts))}"] if parts else []
            case Constant():
                return self._constant_parts(expression)
            case Call():
                return self._call_parts(expression, triples_map)
            case Quoted():
                return [f"rml:quotedTriplesMap {self._quoted(expression, triples_map)}"]
            case Gathered():
                return self._gathered_parts(expression, triples_map)

    def _constant_parts(self, constant: Constant) -> list[str]:
        if constant.term_type is TermType.IRI and not terms.is_valid_iri(constant.value):
            # A relative IRI would be resolved with the document.
            return [f"rml:constant {terms.literal(constant.value)}", "rml:termType rml:IRI"]
        return [f"rml:constant {self.terms.constant(constant)}"]

    def _call_parts(self, call: Call, triples_map: TriplesMap) -> list[str]:
        inputs = [self._input(argument, triples_map) for argument in call.arguments]
        execution = [f"rml:function {self.terms.iri(call.function)}"]
        execution += [f"rml:input {each}" for each in inputs]
        parts = [f"rml:functionExecution {node(execution)}"]
        if call.returns is not None:
            parts.append(f"rml:return {self.terms.iri(call.returns)}")
        return parts

    def _input(self, argument: Argument, triples_map: TriplesMap) -> str:
        value = argument.value
        written = (
            f"rml:inputValue {self.terms.constant(value.expression)}"
            if is_bare(value)
            else f"rml:inputValueMap {node(self._term_parts(value, triples_map))}"
        )
        return node([f"rml:parameter {self.terms.iri(argument.parameter)}", written])

    def _quoted(self, quoted: Quoted, triples_map: TriplesMap) -> str:
        self.further += 1
        name = self.terms.name(f"{triples_map.id}-quoted-{self.further}")
        predicate = node(self._term_parts(quoted.predicate, triples_map))
        object = node(self._term_parts(quoted.object, triples_map))
        pom = node([f"rml:predicateMap {predicate}", f"rml:objectMap {object}"])
        properties = [
            "a rml:NonAssertedTriplesMap",
            *self._source(triples_map),
            f"rml:subjectMap {node(self._term_parts(quoted.subject, triples_map))}",
            f"rml:predicateObjectMap {pom}",
        ]
        self.blocks.append(f"{name} " + " ;\n    ".join(properties) + " .\n")
        return name

    def _gathered_parts(self, gathered: Gathered, triples_map: TriplesMap) -> list[str]:
        items = []
        for item in gathered.items:
            if isinstance(item, TermMap):
                items.append(node(self._term_parts(item, triples_map)))
            else:
                items += [node(each) for each in self._referencing(item, triples_map)]
        self.terms.used.add("rdf")
        parts = [] if gathered.node is None else self._term_parts(gathered.node, triples_map)
        parts += [
            f"rml:gather ( {' '.join(items)} )",
            f"rml:gatherAs rdf:{gathered.kind.value.capitalize()}",
        ]
        if gathered.cartesian:
            parts.append("rml:strategy rml:cartesianProduct")
        if gathered.empty_allowed:
            parts.append("rml:allowEmptyListAndContainer true")
        return parts


def _nth(id: str, number: int) -> str:
    return id if number == 0 else f"{id}-{number + 1}"


def _cannot_say(ja: str, en: str, node: Expression | ReferencingObject) -> MappingError:
    return MappingError(
        Text(ja=f"RML では{ja}を書けません。", en=f"RML cannot say {en}."),
        place=node.place,
        hint=Text(ja="YARRRML のままお使いください。", en="Keep the mapping in YARRRML."),
    )
