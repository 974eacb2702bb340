"""Functions and conditions: the long form, the list form and the form in one line.

    function: ex:replace            function: ex:replace(find = -, valueParam = $(名称))
    parameters:
      - [ex:find, "-"]
      - parameter: ex:valueParam
        value: $(名称)

Without a prefix a parameter has the function's. `equal` and `notEqual` with `str1` and `str2`
are the functions of that name of idlab-fn.

Source: YARRRML, sections "Functions" and "Conditions".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from app.errors import MappingError, Place, Text
from app.mapping.languages.conditions import all_of
from app.mapping.languages.document import Map, Node, Scalar, Sequence
from app.mapping.languages.yarrrml import keys
from app.mapping.languages.yarrrml.context import Context
from app.mapping.languages.yarrrml.keys import Fields, expected, fields, listed, scalar
from app.mapping.languages.yarrrml.oneline import InlineCall, read_inline_call
from app.mapping.languages.yarrrml.template import (
    iri_expression,
    literal_expression,
    shortened,
)
from app.mapping.model import Argument, Call, Constant, Expression, TermMap, TermType
from app.rdf.namespaces import GREL, IDLAB_FN

Side = Literal["s", "o"]

EQUAL: Final = IDLAB_FN + "equal"
_BUILT_IN: Final = {"equal": EQUAL, "notEqual": IDLAB_FN + "notEqual"}
_BUILT_IN_PARAMETERS: Final = {"str1": GREL + "valueParam", "str2": GREL + "valueParam2"}
BUILT_IN_PARAMETERS: Final = {iri: name for name, iri in _BUILT_IN_PARAMETERS.items()}
_SIDES: Final[dict[str, Side]] = {"s": "s", "subject": "s", "o": "o", "object": "o"}
_FUNCTION: Final = Text(ja="関数 (function)", en="a function")
_PARAMETER: Final = Text(ja="引数 (parameters)", en="a parameter")
_CONDITION: Final = Text(ja="条件 (condition)", en="a condition")


@dataclass(frozen=True, slots=True)
class Given:
    """An argument as written, with the side of a join that it belongs to, where one is named."""

    argument: Argument
    side: Side | None


@dataclass(frozen=True, slots=True)
class GivenCall:
    """A call as written, before it becomes an expression or a join."""

    function: str
    given: tuple[Given, ...]
    place: Place

    @property
    def call(self) -> Call:
        """The call as an expression. Raises MappingError where an argument names the other side
        of a join."""
        for given in self.given:
            if given.side == "o":
                raise MappingError(
                    Text(
                        ja="ここには結合の相手の値 (o) は使えません。",
                        en="a value of the other mapping (o) cannot be used here.",
                    ),
                    place=given.argument.place,
                    hint=Text(
                        ja="mapping を持つ目的語の condition に書いてください。",
                        en="Put it into the condition of an object that has a mapping.",
                    ),
                )
        return Call(self.function, tuple(given.argument for given in self.given), place=self.place)


def read_call(context: Context, found: Fields) -> Call:
    """The call in a map with `function` and `parameters`."""
    return read_given_call(context, found).call


def read_given_call(context: Context, found: Fields) -> GivenCall:
    """Raises MappingError for a missing function, and for parameters given twice over."""
    node = found.get("function")
    if node is None:
        raise MappingError(
            Text(ja="function がありません。", en="there is no function."),
            place=found.place,
            hint=Text(
                ja="function: 関数の名前 を加えてください。", en="Add function: and its name."
            ),
        )
    name = scalar(node, _FUNCTION)
    if "(" in name.text:
        if "parameters" in found:
            raise MappingError(
                Text(
                    ja="引数が function の括弧の中と parameters の両方にあります。",
                    en="arguments are given both in function and under parameters.",
                ),
                place=found.key_place("parameters"),
                hint=Text(ja="どちらかにまとめてください。", en="Keep one of them."),
            )
        return _inline(context, read_inline_call(name, context.depth))
    function = _function_iri(context, name)
    given = tuple(
        _read_parameter(context, name, function, item) for item in listed(found.get("parameters"))
    )
    return GivenCall(function, given, name.place)


def read_condition(context: Context, node: Node | None) -> Expression | None:
    """A condition: a call, or a list of calls that must all be true."""
    calls = [each.call for each in read_given_conditions(context, node)]
    return all_of(calls)


def read_given_conditions(context: Context, node: Node | None) -> list[GivenCall]:
    """The calls of a condition as written."""
    found = []
    for item in listed(node):
        if isinstance(item, Map):
            found.append(read_given_call(context, fields(item, keys.CALL, _CONDITION)))
        elif isinstance(item, Scalar) and "(" in item.text:
            found.append(_inline(context, read_inline_call(item, context.depth)))
        else:
            raise expected(
                item, _CONDITION, Text(ja="function を持つ組", en="keys with a function")
            )
    return found


def _function_iri(context: Context, name: Scalar) -> str:
    built_in = _BUILT_IN.get(name.text)
    return built_in or context.name(name.text, name.place, Text(ja="関数", en="the function"))


def _parameter_iri(context: Context, written: str, function: Scalar, iri: str, name: Scalar) -> str:
    if written in _BUILT_IN:
        return _BUILT_IN_PARAMETERS.get(name.text) or context.name(
            name.text, name.place, Text(ja="引数", en="the parameter")
        )
    if ":" in name.text:
        return context.name(name.text, name.place, Text(ja="引数", en="the parameter"))
    namespace, _ = context.namespace(function.text, function.place)
    if not namespace:
        namespace = iri[: max(iri.rfind("#"), iri.rfind("/"), iri.rfind(":")) + 1]
    return namespace + name.text


def _read_parameter(context: Context, function: Scalar, iri: str, node: Node) -> Given:
    side: Node | None
    kind: str | None = None
    if isinstance(node, Sequence):
        if not 2 <= len(node) <= 3:
            raise expected(
                node,
                _PARAMETER,
                Text(
                    ja="[引数, 値] か [引数, 値, s または o]",
                    en="[parameter, value] or [parameter, value, s or o]",
                ),
            )
        name, value = node.items[0], node.items[1]
        side = node.items[2] if len(node) == 3 else None
    else:
        found = fields(node, keys.PARAMETER, _PARAMETER)
        missing = [key for key in ("parameter", "value") if key not in found]
        if missing:
            raise MappingError(
                Text(
                    ja=f"引数に {missing[0]} がありません。",
                    en=f"a parameter has no {missing[0]}.",
                ),
                place=found.place,
                hint=Text(ja="[引数, 値] と書けます。", en="Write [parameter, value]."),
            )
        name, value = found.get("parameter") or node, found.get("value") or node
        side, kind = found.get("from"), found.text("type")
    parameter = _parameter_iri(context, function.text, function, iri, scalar(name, _PARAMETER))
    term_map = _value(context, value, kind)
    return Given(Argument(parameter, term_map, node.place), _side(side))


def _side(node: Node | None) -> Side | None:
    if node is None:
        return None
    side = _SIDES.get(node.text) if isinstance(node, Scalar) else None
    if side is None:
        raise expected(node, Text(ja="引数の由来", en="the side"), Text(ja="s か o", en="s or o"))
    return side


def _value(context: Context, node: Node, kind: str | None) -> TermMap:
    if isinstance(node, Map):
        call = read_call(context, fields(node, keys.CALL, _FUNCTION))
        return TermMap(call, place=node.place)
    if not isinstance(node, Scalar) or node.is_null:
        raise expected(node, _PARAMETER, Text(ja="値か関数", en="a value or a function"))
    if kind not in {None, "iri", "literal"}:
        raise expected(
            node, Text(ja="type", en="type"), Text(ja="iri か literal", en="iri or literal")
        )
    return _argument_value(context, node, kind)


def _argument_value(context: Context, value: Scalar, kind: str | None = None) -> TermMap:
    if kind == "iri" or (kind is None and value.text.endswith("~iri")):
        expression = iri_expression(context, shortened(value, "~iri"))
        constant = isinstance(expression, Constant)
        return TermMap(expression, None if constant else TermType.IRI, place=value.place)
    return TermMap(literal_expression(context, value), place=value.place)


def _inline(context: Context, inline: InlineCall) -> GivenCall:
    function = _function_iri(context, inline.function)
    given = []
    for name, value in inline.arguments:
        parameter = _parameter_iri(context, inline.function.text, inline.function, function, name)
        if isinstance(value, InlineCall):
            term_map = TermMap(_inline(context, value).call, place=value.function.place)
        else:
            term_map = _argument_value(context, value)
        given.append(Given(Argument(parameter, term_map, name.place), None))
    return GivenCall(function, tuple(given), inline.function.place)
