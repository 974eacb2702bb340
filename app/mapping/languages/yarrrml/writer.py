"""`Mapping` → YARRRML, in the short forms that people write.

`read_yarrrml(write_yarrrml(m))` gives the triples maps of `m` again, with the term types that
RML leaves to their defaults written out.

What YARRRML has no word for raises: collections and containers (RML-CC), a template that is one
reference and nothing else as an IRI (`$(a)` is the reference itself), and functions inside
templates. The wanted output of a function (`rml:return`) is not written; functions have one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping as MappingOf
from typing import Any, Final

from app.mapping.languages.yarrrml.context import DEFAULT_PREFIXES
from app.mapping.languages.yarrrml.files import write_source, write_target
from app.mapping.languages.yarrrml.flow import write_document
from app.mapping.languages.yarrrml.functions import BUILT_IN_PARAMETERS, EQUAL
from app.mapping.languages.yarrrml.terms import TYPES
from app.mapping.languages.yarrrml.texts import Texts, cannot_say, reference
from app.mapping.model import (
    Call,
    Constant,
    Expression,
    Join,
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
from app.rdf.namespaces import RDF

_RDF_TYPE: Final = RDF + "type"
_WORDS: Final = {term_type: word for word, term_type in TYPES.items()}


def write_yarrrml(mapping: Mapping) -> str:
    """The mapping as a YARRRML document. Raises MappingError for what YARRRML cannot say."""
    return write_document(_Writer(mapping).document())


class _Writer:
    def __init__(self, mapping: Mapping) -> None:
        self.mapping = mapping
        self.texts = Texts({**DEFAULT_PREFIXES, **mapping.prefixes})
        self.names = _names(mapping)
        self.quoted: dict[str, Any] = {}

    def document(self) -> dict[str, Any]:
        mappings = {
            self.names[each.id]: self._triples_map(each) for each in self.mapping.triples_maps
        }
        document: dict[str, Any] = {}
        if self.texts.used:
            # The usual ones too: other tools do not know them.
            document["prefixes"] = dict(sorted(self.texts.used.items()))
        if self.mapping.base is not None:
            document["base"] = self.mapping.base
        if self.mapping.authors:
            document["authors"] = list(self.mapping.authors)
        if self.mapping.targets:
            document["targets"] = {each.id: write_target(each) for each in self.mapping.targets}
        document["mappings"] = mappings | self.quoted
        return document

    def _triples_map(self, triples_map: TriplesMap) -> dict[str, Any]:
        body: dict[str, Any] = {"sources": [write_source(triples_map.source)]}
        subjects = [self._term(each, triples_map) for each in triples_map.subjects]
        if subjects != [{"type": "blank"}]:
            body["s"] = subjects[0] if len(subjects) == 1 else subjects
        if triples_map.graphs:
            body["graphs"] = [self._term(each, triples_map) for each in triples_map.graphs]
        if triples_map.condition is not None:
            body["condition"] = self._call(triples_map.condition)
        entries: list[Any] = []
        if triples_map.classes:
            classes = [self._object(each, triples_map, iri=True) for each in triples_map.classes]
            entries.append(["a", classes[0] if len(classes) == 1 else classes])
        entries += [
            self._predicate_object(each, triples_map) for each in triples_map.predicate_objects
        ]
        if entries:
            body["po"] = entries
        return body

    def _predicate_object(self, pom: PredicateObject, triples_map: TriplesMap) -> Any:
        predicates = [self._predicate(each, triples_map) for each in pom.predicates]
        iri = "a" in predicates
        objects = [self._object(each, triples_map, iri=iri) for each in pom.objects]
        predicate = predicates[0] if len(predicates) == 1 else predicates
        if not (pom.graphs or pom.inverse or pom.condition is not None):
            if len(objects) == 1 and isinstance(objects[0], list):
                return [predicate, *objects[0]]
            return [predicate, objects[0] if len(objects) == 1 else objects]
        entry: dict[str, Any] = {"p": predicate}
        entry["o"] = objects if len(objects) > 1 or isinstance(objects[0], list) else objects[0]
        if pom.inverse:
            entry["inversepredicates"] = [self._predicate(p, triples_map) for p in pom.inverse]
        if pom.graphs:
            entry["graphs"] = [self._term(each, triples_map) for each in pom.graphs]
        if pom.condition is not None:
            entry["condition"] = self._call(pom.condition)
        return entry

    def _predicate(self, term_map: TermMap, triples_map: TriplesMap) -> Any:
        if term_map == TermMap(Constant(_RDF_TYPE, TermType.IRI)):
            return "a"
        return self._term(term_map, triples_map)

    def _term(self, term_map: TermMap, triples_map: TriplesMap) -> Any:
        """A subject, predicate or graph."""
        term_type = self._type(term_map, TermType.IRI)
        expression = term_map.expression
        if isinstance(expression, Quoted):
            return {"quotedNonAsserted": self._quote(expression, triples_map)}
        if isinstance(expression, Template) and not expression.parts:
            return {"type": "blank"}
        written: dict[str, Any] = self._way(expression, term_type)
        if term_type is TermType.IRI and not term_map.targets and "value" in written:
            return written["value"]
        if term_type is not TermType.IRI:
            written["type"] = _WORDS[term_type]
        if term_map.targets:
            written["targets"] = list(term_map.targets)
        return written

    def _object(
        self, object: TermMap | ReferencingObject, triples_map: TriplesMap, *, iri: bool
    ) -> Any:
        if isinstance(object, ReferencingObject):
            return self._referencing(object)
        term_type = self._type(object, self._default(object))
        expression = object.expression
        if isinstance(expression, Quoted):
            return {"quotedNonAsserted": self._quote(expression, triples_map)}
        written = self._way(expression, term_type)
        annotation = self._annotation(object)
        value = written.get("value")
        bare = value is not None and not object.targets
        if bare and term_type is TermType.IRI and annotation is None:
            return value if iri else f"{value}~iri"
        if bare and term_type is TermType.LITERAL and not iri and not str(value).endswith("~iri"):
            if annotation is None:
                return value
            key, text = annotation
            if isinstance(text, str):
                return [value, text if key == "datatype" else f"{text}~lang"]
        if term_type is not TermType.LITERAL or value is not None or iri:
            written["type"] = _WORDS[term_type]
        if annotation is not None:
            written[annotation[0]] = annotation[1]
        if object.targets:
            written["targets"] = list(object.targets)
        return written

    def _annotation(self, object: TermMap) -> tuple[str, Any] | None:
        expression = object.expression
        if isinstance(expression, Constant) and expression.language is not None:
            return "language", self.texts.literal(expression.language)
        if isinstance(expression, Constant) and expression.datatype is not None:
            return "datatype", self.texts.iri(expression.datatype)
        if object.language is not None:
            return "language", self._part(object.language, TermType.LITERAL)
        if object.datatype is not None:
            return "datatype", self._part(object.datatype, TermType.IRI)
        return None

    def _part(self, term_map: TermMap, term_type: TermType) -> Any:
        if isinstance(term_map.expression, Call):
            return self._call(term_map.expression)
        return self._way(term_map.expression, term_type)["value"]

    def _referencing(self, object: ReferencingObject) -> dict[str, Any]:
        written: dict[str, Any] = {"mapping": self.names.get(object.parent, object.parent)}
        conditions = [self._join(each) for each in object.joins]
        if conditions:
            written["condition"] = conditions[0] if len(conditions) == 1 else conditions
        if object.targets:
            written["targets"] = list(object.targets)
        return written

    def _join(self, join: Join) -> dict[str, Any]:
        sides = (("str1", join.child, "s"), ("str2", join.parent, "o"))
        parameters: list[Any] = []
        for name, expression, side in sides:
            value = self._argument(TermMap(expression))
            if isinstance(value, str):
                parameters.append([name, value, side])
            else:
                parameters.append({"parameter": name, "value": value, "from": side})
        return {"function": "equal", "parameters": parameters}

    def _way(self, expression: Expression, term_type: TermType) -> dict[str, Any]:
        """The expression as `value` or `function`."""
        if isinstance(expression, Call):
            return self._call(expression)
        literal = term_type in {TermType.LITERAL, TermType.BLANK_NODE}
        match expression:
            case Reference(name):
                return {"value": reference(name)}
            case Constant(value=value):
                return {"value": self.texts.literal(value) if literal else self.texts.iri(value)}
            case Template():
                return {"value": self.texts.template(expression, literal=literal)}
            case _:
                raise cannot_say("リストやコンテナ", "a list or container", expression)

    def _call(self, call: Expression) -> dict[str, Any]:
        if not isinstance(call, Call):
            raise cannot_say("関数でない条件", "a condition that is no function", call)
        equal = call.function == EQUAL
        written: dict[str, Any] = {"function": "equal" if equal else self.texts.iri(call.function)}
        parameters: list[Any] = []
        for each in call.arguments:
            name = BUILT_IN_PARAMETERS.get(each.parameter) if equal else None
            name = name or self.texts.iri(each.parameter)
            value = self._argument(each.value)
            if isinstance(value, str):
                parameters.append([name, value])
            else:
                parameters.append({"parameter": name, "value": value})
        if parameters:
            written["parameters"] = parameters
        return written

    def _argument(self, term_map: TermMap) -> Any:
        expression = term_map.expression
        if isinstance(expression, Call):
            return self._call(expression)
        constant_iri = isinstance(expression, Constant) and expression.term_type is TermType.IRI
        if constant_iri or term_map.term_type is TermType.IRI:
            return f"{self._way(expression, TermType.IRI)['value']}~iri"
        return self._way(expression, TermType.LITERAL)["value"]

    def _quote(self, quoted: Quoted, triples_map: TriplesMap) -> str:
        name = f"quoted-{len(self.quoted) + 1}"
        while name in self.names.values():
            name += "-"
        self.quoted[name] = {}
        self.quoted[name] = self._triples_map(
            TriplesMap(
                name,
                triples_map.source,
                (quoted.subject,),
                predicate_objects=(PredicateObject((quoted.predicate,), (quoted.object,)),),
            )
        )
        return name

    @staticmethod
    def _type(term_map: TermMap, default: TermType) -> TermType:
        expression = term_map.expression
        if isinstance(expression, Constant):
            return term_map.term_type or expression.term_type
        return term_map.term_type or default

    @staticmethod
    def _default(object: TermMap) -> TermType:
        """RML-Core, section on term types: what an object is when nothing says so."""
        literal = (
            object.language is not None
            or object.datatype is not None
            or isinstance(object.expression, (Reference, Call))
        )
        return TermType.LITERAL if literal else TermType.IRI


def _names(mapping: Mapping) -> MappingOf[str, str]:
    """A short name for each triples map: the last part of its IRI, numbered where taken."""
    names: dict[str, str] = {}
    for each in mapping.triples_maps:
        is_iri = "://" in each.id
        name = re.split(r"[/#]", each.id.rstrip("/#"))[-1] if is_iri else each.id
        unique, number = name, 2
        while unique in names.values():
            unique, number = f"{name}-{number}", number + 1
        names[each.id] = unique
    return names
