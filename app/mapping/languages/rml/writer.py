"""`Mapping` → RML in Turtle, so that nobody is locked into another language.

What is written says the same as the mapping: `read_rml(write_rml(m))` gives the triples maps of
`m` again where RML has the same shape. Where it has not, an equal one is written: several
subjects become several triples maps, an inverse predicate a triples map whose subject is the
object, and a condition stands on the predicate map.

Source: RML-Core, RML-IO, RML-FNML, RML-CC and RML-STAR.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from app.errors import MappingError, Text
from app.mapping.languages.rml.templates import write_template
from app.mapping.model import (
    Argument,
    Call,
    Constant,
    Expression,
    Gathered,
    LogicalSource,
    LogicalTarget,
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
from app.rdf.namespaces import CSVW, RDF, RML, XSD

_FORMATS: Final = "http://www.w3.org/ns/formats/"
_PREFIXES: Final = {"rml": RML, "rdf": RDF, "xsd": XSD, "csvw": CSVW, "formats": _FORMATS}
_LOCAL: Final = re.compile(r"[A-Za-z_\u3041-\u9fff][A-Za-z0-9_\u3041-\u9fff-]*")
_TYPES: Final = {
    TermType.IRI: "rml:IRI",
    TermType.UNSAFE_IRI: "rml:UnsafeIRI",
    TermType.URI: "rml:URI",
    TermType.UNSAFE_URI: "rml:UnsafeURI",
    TermType.BLANK_NODE: "rml:BlankNode",
    TermType.LITERAL: "rml:Literal",
}
_SERIALIZATIONS: Final = {
    "nq": "N-Quads",
    "nt": "N-Triples",
    "ttl": "Turtle",
    "trig": "TriG",
    "jsonld": "JSON-LD",
    "rdf": "RDF_XML",
    "rj": "RDF_JSON",
    "n3": "N3",
}
_SHARED_ENCODINGS: Final = {"UTF-8", "UTF-16"}


def write_rml(mapping: Mapping) -> str:
    """The mapping as a Turtle document.

    Raises MappingError for the little that RML cannot say: a function inside a template, and an
    inverse predicate of objects that a join finds.
    """
    return _Writer(mapping).text()


class _Writer:
    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.prefixes = {**mapping.prefixes, **_PREFIXES}
        self.used: set[str] = {"rml"}
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
            self.blocks.append(self._target(target))
        head = "".join(
            f"@prefix {prefix}: {terms.iri(self.prefixes[prefix])} .\n"
            for prefix in sorted(self.used)
        )
        return head + "\n" + "\n".join(self.blocks)

    def _triples_map(self, triples_map: TriplesMap, id: str, subject: TermMap) -> None:
        properties = [
            "a rml:TriplesMap",
            f"rml:logicalSource {self._source(triples_map.source)}",
            f"rml:subjectMap {self._subject(triples_map, subject)}",
        ]
        if triples_map.base is not None:
            properties.append(f"rml:baseIRI {self._iri(triples_map.base)}")
        made = tuple(each for each in triples_map.classes if not _is_bare(each))
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
        self.blocks.append(f"{self._name(id)} " + " ;\n    ".join(properties) + " .\n")
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
            f"rml:class {self._constant(each.expression)}"
            for each in triples_map.classes
            if _is_bare(each)
        ]
        parts += self._graphs(triples_map.graphs, triples_map)
        if triples_map.condition is not None:
            condition = self._expression_parts(triples_map.condition, triples_map)
            parts.append(f"rml:condition {_node(condition)}")
        return _node(parts)

    def _predicate_objects(self, pom: PredicateObject, triples_map: TriplesMap) -> Iterable[str]:
        groups = [pom.predicates] if pom.condition is None else [(p,) for p in pom.predicates]
        for predicates in groups:
            parts = []
            for predicate in predicates:
                if _is_bare(predicate) and pom.condition is None:
                    parts.append(f"rml:predicate {self._constant(predicate.expression)}")
                    continue
                described = self._term_parts(predicate, triples_map)
                if pom.condition is not None:
                    condition = self._expression_parts(pom.condition, triples_map)
                    described.append(f"rml:condition {_node(condition)}")
                parts.append(f"rml:predicateMap {_node(described)}")
            parts += [self._object(each, triples_map) for each in pom.objects]
            parts += self._graphs(pom.graphs, triples_map)
            yield _node(parts)

    def _object(self, object: TermMap | ReferencingObject, triples_map: TriplesMap) -> str:
        if isinstance(object, TermMap):
            if _is_bare(object):
                return f"rml:object {self._constant(object.expression)}"
            return f"rml:objectMap {_node(self._term_parts(object, triples_map))}"
        return ", ".join(
            f"{'rml:objectMap ' if number == 0 else ''}{_node(parts)}"
            for number, parts in enumerate(self._referencing(object, triples_map))
        )

    def _referencing(
        self, object: ReferencingObject, triples_map: TriplesMap
    ) -> Iterable[list[str]]:
        for parent in self.subjects.get(object.parent, [object.parent]):
            parts = [f"rml:parentTriplesMap {self._name(parent)}"]
            for join in object.joins:
                sides = [
                    self._side("child", join.child, triples_map),
                    self._side("parent", join.parent, triples_map),
                ]
                parts.append(f"rml:joinCondition {_node(sides)}")
            yield parts + self._targets(object.targets)

    def _side(self, name: str, expression: Expression, triples_map: TriplesMap) -> str:
        if isinstance(expression, Reference):
            return f"rml:{name} {terms.literal(expression.name)}"
        return f"rml:{name}Map {_node(self._expression_parts(expression, triples_map))}"

    def _graphs(self, graphs: tuple[TermMap, ...], triples_map: TriplesMap) -> list[str]:
        return [
            f"rml:graph {self._constant(each.expression)}"
            if _is_bare(each)
            else f"rml:graphMap {_node(self._term_parts(each, triples_map))}"
            for each in graphs
        ]

    def _targets(self, names: tuple[str, ...]) -> list[str]:
        return [f"rml:logicalTarget {self._name(name)}" for name in names]

    def _term_parts(self, term_map: TermMap, triples_map: TriplesMap) -> list[str]:
        parts = self._expression_parts(term_map.expression, triples_map)
        if term_map.term_type is not None:
            parts.append(f"rml:termType {_TYPES[term_map.term_type]}")
        for name, annotation in (("datatype", term_map.datatype), ("language", term_map.language)):
            if annotation is None:
                continue
            if _is_bare(annotation):
                parts.append(f"rml:{name} {self._constant(annotation.expression)}")
            else:
                parts.append(f"rml:{name}Map {_node(self._term_parts(annotation, triples_map))}")
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
        return [f"rml:constant {self._constant(constant)}"]

    def _call_parts(self, call: Call, triples_map: TriplesMap) -> list[str]:
        inputs = [self._input(argument, triples_map) for argument in call.arguments]
        execution = [f"rml:function {self._iri(call.function)}"]
        execution += [f"rml:input {each}" for each in inputs]
        parts = [f"rml:functionExecution {_node(execution)}"]
        if call.returns is not None:
            parts.append(f"rml:return {self._iri(call.returns)}")
        return parts

    def _input(self, argument: Argument, triples_map: TriplesMap) -> str:
        value = argument.value
        written = (
            f"rml:inputValue {self._constant(value.expression)}"
            if _is_bare(value)
            else f"rml:inputValueMap {_node(self._term_parts(value, triples_map))}"
        )
        return _node([f"rml:parameter {self._iri(argument.parameter)}", written])

    def _quoted(self, quoted: Quoted, triples_map: TriplesMap) -> str:
        self.further += 1
        name = self._name(f"{triples_map.id}-quoted-{self.further}")
        predicate = _node(self._term_parts(quoted.predicate, triples_map))
        object = _node(self._term_parts(quoted.object, triples_map))
        pom = _node([f"rml:predicateMap {predicate}", f"rml:objectMap {object}"])
        properties = [
            "a rml:NonAssertedTriplesMap",
            f"rml:logicalSource {self._source(triples_map.source)}",
            f"rml:subjectMap {_node(self._term_parts(quoted.subject, triples_map))}",
            f"rml:predicateObjectMap {pom}",
        ]
        self.blocks.append(f"{name} " + " ;\n    ".join(properties) + " .\n")
        return name

    def _gathered_parts(self, gathered: Gathered, triples_map: TriplesMap) -> list[str]:
        items = []
        for item in gathered.items:
            if isinstance(item, TermMap):
                items.append(_node(self._term_parts(item, triples_map)))
            else:
                items += [_node(each) for each in self._referencing(item, triples_map)]
        self.used.add("rdf")
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

    def _source(self, source: LogicalSource) -> str:
        dialect = {
            "delimiter": source.delimiter,
            "quoteChar": source.quote,
            "commentPrefix": source.comment_prefix,
            "header": None if source.header else "false",
        }
        written = [
            f"csvw:{name} {terms.literal(value)}"
            for name, value in dialect.items()
            if value is not None
        ]
        path = terms.literal(source.path)
        if written:
            self.used.add("csvw")
            parts = ["a csvw:Table", f"csvw:url {path}", f"csvw:dialect {_node(written)}"]
        else:
            parts = ["a rml:RelativePathSource", f"rml:path {path}"]
        parts.append("rml:root rml:MappingDirectory")
        parts += [f"rml:null {terms.literal(text)}" for text in source.nulls]
        parts += self._storage(source.encoding, source.compression)
        formulation = "rml:JSONPath" if source.formulation == "json" else "rml:CSV"
        properties = [f"rml:source {_node(parts)}", f"rml:referenceFormulation {formulation}"]
        if source.iterator is not None:
            properties.append(f"rml:iterator {terms.literal(source.iterator)}")
        return _node(properties)

    @staticmethod
    def _storage(encoding: str | None, compression: str | None) -> list[str]:
        parts = []
        if encoding is not None:
            shared = encoding in _SHARED_ENCODINGS
            parts.append(f"rml:encoding {f'rml:{encoding}' if shared else terms.literal(encoding)}")
        if compression is not None:
            parts.append(f"rml:compression rml:{compression}")
        return parts

    def _target(self, target: LogicalTarget) -> str:
        self.used.add("formats")
        file = [
            "a rml:FilePath",
            "rml:root rml:CurrentWorkingDirectory",
            f"rml:path {terms.literal(target.path)}",
        ]
        properties = [
            "a rml:LogicalTarget",
            f"rml:target {_node(file)}",
            f"rml:serialization formats:{_SERIALIZATIONS[target.format]}",
            *self._storage(target.encoding, target.compression),
        ]
        return f"{self._name(target.id)} " + " ;\n    ".join(properties) + " .\n"

    def _constant(self, expression: Expression) -> str:
        assert isinstance(expression, Constant)
        if expression.term_type is TermType.LITERAL:
            return terms.literal(
                expression.value, datatype=expression.datatype, language=expression.language
            )
        if expression.term_type is TermType.BLANK_NODE:
            return f"_:{terms.blank_label(expression.value)}"
        return self._iri(expression.value)

    def _iri(self, value: str) -> str:
        for prefix, namespace in self.prefixes.items():
            local = value.removeprefix(namespace)
            if namespace and local != value and _LOCAL.fullmatch(local) and prefix.isalnum():
                self.used.add(prefix)
                return f"{prefix}:{local}"
        return terms.iri(value)

    @staticmethod
    def _name(id: str) -> str:
        """The name of a triples map or target: an IRI, or one relative to the document."""
        if id.startswith("_:") or terms.is_valid_iri(id):
            return id if id.startswith("_:") else terms.iri(id)
        path, mark, fragment = id.partition("#")
        return f"<{terms.percent_encode(path)}{mark}{terms.percent_encode(fragment)}>"


def _nth(id: str, number: int) -> str:
    return id if number == 0 else f"{id}-{number + 1}"


def _is_bare(term_map: TermMap) -> bool:
    """Whether a shortcut property says all: a constant and nothing else."""
    expression = term_map.expression
    return (
        isinstance(expression, Constant)
        and (expression.term_type is not TermType.IRI or terms.is_valid_iri(expression.value))
        and term_map.term_type is None
        and term_map.datatype is None
        and term_map.language is None
        and not term_map.targets
    )


def _node(parts: Iterable[str]) -> str:
    return "[ " + " ; ".join(parts) + " ]"


def _cannot_say(ja: str, en: str, node: Expression | ReferencingObject) -> MappingError:
    return MappingError(
        Text(ja=f"RML では{ja}を書けません。", en=f"RML cannot say {en}."),
        place=node.place,
        hint=Text(ja="YARRRML のままお使いください。", en="Keep the mapping in YARRRML."),
    )
