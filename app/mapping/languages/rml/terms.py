"""Term maps, expression maps and function executions of RML → the model.

Sources: RML-Core (expression maps, term maps), RML-FNML (function executions), RML-CC (gather
maps), RML-STAR (quoted triples maps), R2RML section 7, and the legacy form
`fnml:functionValue` of https://rml.io/specs/rml/ .
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

from app.errors import MappingError, Place, Text
from app.mapping.languages.notes import TEMPLATE_WITHOUT_REFERENCE
from app.mapping.languages.rml.collections import read_gathered
from app.mapping.languages.rml.functions import read_execution, read_function_value
from app.mapping.languages.rml.resource import (
    Resource,
    iri,
    literal,
    local_name,
    no_expression,
)
from app.mapping.languages.rml.templates import read_template
from app.mapping.languages.rml.triples import Blank, Iri, Literal, Term
from app.mapping.languages.tags import language_tag
from app.mapping.model import (
    Constant,
    Expression,
    Gathered,
    Quoted,
    Reference,
    ReferencingObject,
    Template,
    TermMap,
    TermType,
)

TERM_MAP: Final = frozenset(
    [
        "template",
        "reference",
        "constant",
        "termType",
        "functionExecution",
        "return",
        "returnMap",
        "functionValue",
        "language",
        "languageMap",
        "datatype",
        "datatypeMap",
        "logicalTarget",
        "quotedTriplesMap",
        "gather",
        "gatherAs",
        "allowEmptyListAndContainer",
        "strategy",
        "condition",
        "inverseExpression",
    ]
)
"""The properties of every term map."""

_EXPRESSIONS: Final = (
    "template",
    "reference",
    "constant",
    "functionExecution",
    "functionValue",
    "quotedTriplesMap",
)
_TERM_MAP: Final = Text(ja="項マップ", en="a term map")
_TERM_TYPES: Final[Mapping[str, TermType]] = {
    "IRI": TermType.IRI,
    "UnsafeIRI": TermType.UNSAFE_IRI,
    "URI": TermType.URI,
    "UnsafeURI": TermType.UNSAFE_URI,
    "BlankNode": TermType.BLANK_NODE,
    "Literal": TermType.LITERAL,
}
Reading = Callable[[str, Place], Expression]


class TermReader:
    """Reads the term maps of one triples map.

    `reference` makes the expression of a reference (a column, or a field of a logical view);
    `targets` the names of logical targets; `quoted` the triple of another triples map;
    `item` the members of a gather map.
    """

    def __init__(
        self,
        reference: Reading,
        targets: Callable[[Resource], tuple[str, ...]],
        quoted: Callable[[Term], Quoted],
        item: Callable[[TermReader, Resource], TermMap | ReferencingObject],
    ) -> None:
        self.reference = reference
        self._targets = targets
        self._quoted = quoted
        self.item = item

    def with_reference(self, reference: Reading) -> TermReader:
        """The same reader for another source's references."""
        return TermReader(reference, self._targets, self._quoted, self.item)

    def shortcut(self, term: Term, what: str) -> TermMap:
        """The term map of a constant shortcut property that must be an IRI or blank node."""
        if isinstance(term, Literal):
            iri(term, what)
        return TermMap(self._constant(term), place=term.place)

    def constant(self, term: Term) -> TermMap:
        """The term map of a constant shortcut property."""
        return TermMap(self._constant(term), place=term.place)

    def term_map(self, resource: Resource, *, known: frozenset[str] = TERM_MAP) -> TermMap:
        """A term map. Raises MappingError when it has no expression, or several."""
        resource.expect(known, _TERM_MAP)
        term_type = self._term_type(resource)
        expression: Expression | None = None
        if resource.has("gather"):
            expression = read_gathered(self, resource, term_type)
        if expression is None:
            expression = self.expression_or_none(resource)
        if expression is None and term_type is TermType.BLANK_NODE:
            # Without an expression: a blank node of its own for each row.
            expression = Template((), place=resource.place)
        if expression is None:
            raise no_expression(resource)
        datatype, language = self._annotations(resource, term_type)
        if isinstance(expression, Constant):
            expression, datatype, language = _fold(expression, datatype, language)
            if term_type is not None:
                expression, term_type = replace(expression, term_type=term_type), None
        elif isinstance(expression, (Quoted, Gathered)):
            term_type = None
        return TermMap(
            expression,
            term_type,
            datatype,
            language,
            self._targets(resource),
            resource.place,
        )

    def expression(self, resource: Resource) -> Expression:
        """An expression map (of a join, a condition, a field). Raises MappingError."""
        expression = self.expression_or_none(resource)
        if expression is None:
            raise no_expression(resource)
        return expression

    def condition(self, resource: Resource) -> list[Expression]:
        """The conditions of a resource (RML-FNML)."""
        return [self.expression(resource.resource(value)) for _, value in resource.all("condition")]

    def expression_or_none(self, resource: Resource) -> Expression | None:
        """The expression, if one is stated. Raises MappingError when there are several."""
        resource.graph.spend(resource.place)
        found = resource.one(*_EXPRESSIONS)
        if found is None:
            return None
        name, value = found
        match name:
            case "template":
                return self._template(resource, literal(value, name))
            case "reference":
                text = literal(value, name)
                return self.reference(text.value, text.place)
            case "constant":
                return self._constant(value)
            case "functionExecution":
                returns = self._returns(resource)
                return read_execution(self, resource.resource(value), returns)
            case "functionValue":
                return read_function_value(self, resource.resource(value))
            case _:
                return self._quoted(value)

    def _template(self, resource: Resource, text: Literal) -> Expression:
        """A template; without a reference it is a constant, of the term type of templates."""
        made = read_template(text, self.reference)
        if isinstance(made, Constant):
            notes = resource.graph.findings
            notes.add(TEMPLATE_WITHOUT_REFERENCE, text.place, {"value": made.value})
            return replace(made, term_type=TermType.IRI)
        return made

    @staticmethod
    def _constant(term: Term) -> Constant:
        if isinstance(term, Iri):
            return Constant(term.value, TermType.IRI, place=term.place)
        if isinstance(term, Blank):
            return Constant(term.value.strip(), TermType.BLANK_NODE, place=term.place)
        return Constant(
            term.value,
            TermType.LITERAL,
            datatype=term.datatype,
            language=term.language,
            place=term.place,
        )

    @staticmethod
    def _term_type(resource: Resource) -> TermType | None:
        found = resource.one("termType")
        if found is None:
            return None
        name = local_name(iri(found[1], "termType").value)
        if name is None or name not in _TERM_TYPES:
            raise MappingError(
                Text(
                    ja=f"termType の値 {found[1].value} は使えません。",
                    en=f"{found[1].value} is not a term type.",
                ),
                place=found[1].place,
                hint=Text(
                    ja=f"使えるもの: {', '.join(_TERM_TYPES)}。",
                    en=f"Known ones: {', '.join(_TERM_TYPES)}.",
                ),
            )
        return _TERM_TYPES[name]

    def _annotations(
        self, resource: Resource, term_type: TermType | None
    ) -> tuple[TermMap | None, TermMap | None]:
        found = resource.one("datatype", "datatypeMap", "language", "languageMap")
        if found is None:
            return None, None
        name, value = found
        if term_type not in {None, TermType.LITERAL}:
            raise MappingError(
                Text(
                    ja="データ型と言語はリテラルだけに付けられます。",
                    en="only a literal has a datatype or a language.",
                ),
                place=value.place,
                hint=Text(
                    ja="termType か、データ型・言語のどちらかを消してください。",
                    en="Remove the termType, or the datatype or language.",
                ),
            )
        match name:
            case "datatype":
                return self.shortcut(iri(value, name), name), None
            case "datatypeMap":
                return self.term_map(resource.resource(value)), None
            case "language":
                language = self.constant(literal(value, name))
            case _:
                language = self.term_map(resource.resource(value))
        if isinstance(language.expression, Constant):
            language_tag(language.expression.value, value.place)
        return None, language

    def _returns(self, resource: Resource) -> str | None:
        found = resource.one("return", "returnMap")
        return None if found is None else self.constant_iri(resource, *found)

    def constant_iri(self, resource: Resource, name: str, value: Term) -> str:
        """The IRI that a property, or its map form, names. Raises MappingError."""
        if name.endswith("Map"):
            expression = self.expression(resource.resource(value))
            if isinstance(expression, Constant) and expression.term_type is TermType.IRI:
                return expression.value
            raise MappingError(
                Text(
                    ja=f"{name} は定数の IRI でなければなりません。",
                    en=f"{name} must be a constant IRI.",
                ),
                place=value.place,
            )
        return iri(value, name).value


def reference(name: str, place: Place) -> Expression:
    """A reference to a column."""
    return Reference(name, place=place)


def _fold(
    constant: Constant, datatype: TermMap | None, language: TermMap | None
) -> tuple[Constant, TermMap | None, TermMap | None]:
    """A constant with a constant datatype or language carries it in itself."""
    if datatype is not None and isinstance(datatype.expression, Constant) and not datatype.targets:
        literal = replace(constant, term_type=TermType.LITERAL)
        return replace(literal, datatype=datatype.expression.value), None, None
    if language is not None and isinstance(language.expression, Constant) and not language.targets:
        literal = replace(constant, term_type=TermType.LITERAL)
        return replace(literal, language=language.expression.value), None, None
    return constant, datatype, language
