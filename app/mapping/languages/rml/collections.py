"""Gather maps: collections and containers (RML-CC) → the model.

Source: RML-CC, https://kg-construct.github.io/rml-cc/spec/docs/ .
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

from app.errors import MappingError, Text
from app.mapping.languages.rml.resource import Resource, local_name
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
    strategy = resource.one("strategy")
    listed = resource.one("gather")
    assert listed is not None
    return Gathered(
        kind,
        tuple(terms.item(terms, resource.resource(item)) for item in resource.items(listed[1])),
        node=None
        if node is None
        else TermMap(node, None if isinstance(node, Constant) else term_type, place=resource.place),
        cartesian=strategy is not None
        and str(local_name(strategy[1].value)).lower().startswith("cartesian"),
        empty_allowed=resource.text("allowEmptyListAndContainer") == "true",
        place=resource.place,
    )
