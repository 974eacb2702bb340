"""Gather maps: collections and containers (RML-CC) → the model.

Source: RML-CC, https://kg-construct.github.io/rml-cc/spec/docs/ .
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from app.errors import MappingError, Text
from app.mapping.languages.rml.resource import Resource, literal, local_name
from app.mapping.model import Constant, Gathered, Gathering, Template, TermMap, TermType
from app.rdf.namespaces import RDF

if TYPE_CHECKING:
    from app.mapping.languages.rml.terms import TermReader

_GATHERINGS: Final[Mapping[str, Gathering]] = {
    RDF + "List": Gathering.LIST,
    RDF + "Bag": Gathering.BAG,
    RDF + "Seq": Gathering.SEQ,
    RDF + "Alt": Gathering.ALT,
}
_STRATEGIES: Final = {"append", "cartesianProduct", "cartessianProduct"}
"""The misspelt one is that of the first edition of the vocabulary."""


def read_gathered(terms: TermReader, resource: Resource, term_type: TermType | None) -> Gathered:
    """A gather map. Raises MappingError."""
    found = resource.one("gatherAs")
    kind = None if found is None else _GATHERINGS.get(found[1].value)
    if kind is None:
        raise MappingError(
            Text(
                ja="gatherAs は rdf:List、rdf:Bag、rdf:Seq、rdf:Alt のいずれかです。",
                en="gatherAs must be rdf:List, rdf:Bag, rdf:Seq or rdf:Alt.",
            ),
            place=resource.place if found is None else found[1].place,
        )
    node = terms.expression_or_none(resource)
    if node is None and term_type is TermType.BLANK_NODE:
        node = Template((), place=resource.place)
    listed = resource.one("gather")
    assert listed is not None
    items = resource.items(listed[1])
    if not items:
        raise MappingError(
            Text(ja="gather が空です。", en="the list of gather is empty."),
            place=listed[1].place,
            hint=Text(
                ja='rml:gather ( [ rml:reference "列名" ] ) のように書いてください。',
                en='Write, for example, rml:gather ( [ rml:reference "column" ] ).',
            ),
        )
    return Gathered(
        kind,
        tuple(terms.item(terms, resource.resource(item)) for item in items),
        node=None
        if node is None
        else TermMap(node, None if isinstance(node, Constant) else term_type, place=resource.place),
        cartesian=_is_cartesian(resource),
        empty_allowed=_is_true(resource, "allowEmptyListAndContainer"),
        place=resource.place,
    )


def _is_cartesian(resource: Resource) -> bool:
    found = resource.one("strategy")
    if found is None:
        return False
    name = local_name(found[1].value)
    if name not in _STRATEGIES:
        raise MappingError(
            Text(
                ja=f"strategy の値 {name or found[1].value} は使えません。",
                en=f"{name or found[1].value} is not a strategy.",
            ),
            place=found[1].place,
            hint=Text(
                ja="rml:append か rml:cartesianProduct です。",
                en="It is rml:append or rml:cartesianProduct.",
            ),
        )
    return name != "append"


def _is_true(resource: Resource, name: str) -> bool:
    found = resource.one(name)
    text = "false" if found is None else literal(found[1], name).value
    if text not in {"true", "false", "1", "0"}:
        raise MappingError(
            Text(ja=f"{name} は true か false です。", en=f"{name} is true or false."),
            place=resource.place,
        )
    return text in {"true", "1"}
