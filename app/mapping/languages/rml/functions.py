"""Function executions → calls: RML-FNML, and the legacy `fnml:functionValue`.

Sources: RML-FNML, https://kg-construct.github.io/rml-fnml/spec/docs/ ; the legacy form of
https://rml.io/specs/rml/ .
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.errors import MappingError, Text
from app.mapping.languages.rml.resource import Resource, no_expression
from app.mapping.model import Argument, Call, Constant
from app.rdf.namespaces import FNO

if TYPE_CHECKING:
    from app.mapping.languages.rml.terms import TermReader


def read_execution(terms: TermReader, resource: Resource, returns: str | None) -> Call:
    """A function execution (RML-FNML)."""
    resource.expect(
        ("function", "functionMap", "input"), Text(ja="関数の実行", en="a function execution")
    )
    function = resource.one("function", "functionMap")
    if function is None:
        raise MappingError(
            Text(
                ja="関数の実行に function がありません。",
                en="the function execution has no function.",
            ),
            place=resource.place,
            hint=Text(ja="rml:function を加えてください。", en="Add rml:function."),
        )
    arguments = tuple(_input(terms, resource.resource(value)) for _, value in resource.all("input"))
    return Call(terms.constant_iri(resource, *function), arguments, returns, place=resource.place)


def _input(terms: TermReader, resource: Resource) -> Argument:
    resource.expect(
        ("parameter", "parameterMap", "inputValue", "inputValueMap"),
        Text(ja="関数の引数", en="an input"),
    )
    parameter = resource.one("parameter", "parameterMap")
    value = resource.one("inputValue", "inputValueMap")
    if parameter is None or value is None:
        missing = "parameter" if parameter is None else "inputValue"
        raise MappingError(
            Text(ja=f"引数に {missing} がありません。", en=f"an input has no {missing}."),
            place=resource.place,
            hint=Text(ja=f"rml:{missing} を加えてください。", en=f"Add rml:{missing}."),
        )
    name, term = value
    term_map = (
        terms.term_map(resource.resource(term)) if name == "inputValueMap" else terms.constant(term)
    )
    return Argument(terms.constant_iri(resource, *parameter), term_map, resource.place)


def read_function_value(terms: TermReader, resource: Resource) -> Call:
    """`fnml:functionValue`: a triples map whose predicates are the function's parameters."""
    function: str | None = None
    arguments: list[Argument] = []
    for _, value in resource.all("predicateObjectMap"):
        pom = resource.resource(value)
        predicate = pom.one("predicate", "predicateMap")
        object = pom.one("object", "objectMap")
        if predicate is None or object is None:
            raise no_expression(pom)
        parameter = terms.constant_iri(pom, *predicate)
        term_map = (
            terms.constant(object[1])
            if object[0] == "object"
            else terms.term_map(pom.resource(object[1]))
        )
        if parameter in {FNO + "executes", "http://w3id.org/function/ontology#executes"}:
            if not isinstance(term_map.expression, Constant):
                raise no_expression(pom)
            function = term_map.expression.value
        else:
            arguments.append(Argument(parameter, term_map, pom.place))
    if function is None:
        raise MappingError(
            Text(
                ja="functionValue に fno:executes がありません。",
                en="the function value has no fno:executes.",
            ),
            place=resource.place,
        )
    return Call(function, tuple(arguments), place=resource.place)
