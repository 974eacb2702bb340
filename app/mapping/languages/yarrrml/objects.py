"""Predicates with their objects → predicate-object maps.

    po:
      - [a, ic:施設型]
      - [ic:表記, $(名称), ja~lang]
      - [[schema:name, rdfs:label], [[$(名称), ja~lang], [$(name), en~lang]]]
      - p: ic:住所
        o:
          - mapping: address
            condition: {function: equal, parameters: [[str1, $(住所ID)], [str2, $(ID), o]]}

Objects with a condition, graphs or inverse predicates of their own become predicate-object maps
of their own, since the model knows these for all objects together.

Source: YARRRML, sections "Predicates and objects", "Referring to other mappings", "Conditions".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from app.errors import MappingError, Place, Text
from app.mapping.languages.conditions import all_of
from app.mapping.languages.document import Node, Scalar, Sequence
from app.mapping.languages.yarrrml import keys
from app.mapping.languages.yarrrml.context import Context
from app.mapping.languages.yarrrml.functions import (
    read_condition,
    read_given_conditions,
)
from app.mapping.languages.yarrrml.joins import join_of, parents
from app.mapping.languages.yarrrml.keys import Fields, expected, fields, listed, scalar
from app.mapping.languages.yarrrml.targets import read_targets
from app.mapping.languages.yarrrml.terms import (
    OBJECT,
    Annotation,
    annotated,
    annotation_of,
    no_annotation,
    read_annotation,
    read_expression,
    read_graphs,
    read_object_text,
    read_predicates,
    read_type,
)
from app.mapping.model import (
    Constant,
    Expression,
    Join,
    PredicateObject,
    Quoted,
    ReferencingObject,
    TermMap,
    TermType,
)
from app.rdf.namespaces import RDF

RDF_TYPE: Final = Constant(RDF + "type", TermType.IRI)
_PO: Final = Text(ja="述語と目的語 (predicateobjects)", en="a predicate-object")
_MAPPING: Final = Text(ja="マッピングの名前 (mapping)", en="a mapping's name")
_SHORT: Final = Text(
    ja="[述語, 目的語] か [述語, 目的語, データ型か 言語~lang]",
    en="[predicate, object] or [predicate, object, datatype or language~lang]",
)

Object = TermMap | ReferencingObject


@dataclass(frozen=True, slots=True)
class _Found:
    """Objects that share what only a predicate-object map can say."""

    objects: tuple[Object, ...]
    condition: Expression | None = None
    graphs: tuple[TermMap, ...] = ()
    inverse: tuple[TermMap, ...] = ()

    def is_plain(self) -> bool:
        return self.condition is None and not self.graphs and not self.inverse


def read_predicate_objects(context: Context, node: Node | None) -> Iterator[PredicateObject]:
    """All predicate-object maps of a mapping, `a` included."""
    if isinstance(node, Sequence) and len(node) > 1 and all(isinstance(i, Scalar) for i in node):
        raise MappingError(
            Text(
                ja="predicateobjects はリストのリストでなければなりません。",
                en="predicateobjects must be a list of lists.",
            ),
            place=node.place,
            hint=Text(
                ja="「- [述語, 目的語]」のように一行ずつ書いてください。",
                en="Write one line for each, like - [predicate, object].",
            ),
        )
    for item in listed(node):
        yield from _read_one(context, item)


def _read_one(context: Context, node: Node) -> Iterator[PredicateObject]:
    if isinstance(node, Sequence):
        if not 2 <= len(node) <= 3:
            raise expected(node, _PO, _SHORT)
        predicates = read_predicates(context, node.items[0])
        default = read_annotation(context, node.items[2]) if len(node) == 3 else None
        shared = _Found(())
        objects, iri = node.items[1], _makes_iris(predicates)
    else:
        found = fields(node, keys.PREDICATE_OBJECT, _PO)
        for key in ("predicates", "objects"):
            if key not in found:
                raise MappingError(
                    Text(ja=f"{_PO.ja}に {key} がありません。", en=f"{_PO.en} has no {key}."),
                    place=found.place,
                    hint=Text(
                        ja="p: 述語 と o: 目的語 を書いてください。",
                        en="Write p: predicate and o: object.",
                    ),
                )
        predicates = read_predicates(context, found.get("predicates") or node)
        default = annotation_of(context, found)
        shared = _Found(
            (),
            read_condition(context, found.get("condition")),
            read_graphs(context, found.get("graphs")),
            _inverse(context, found),
        )
        objects = found.get("objects") or node
        iri = _makes_iris(predicates) or read_type(found) is TermType.IRI
    together: list[Object] = []
    apart: list[_Found] = []
    for item in _object_items(objects):
        each = _read_object(context, item, default, iri)
        if _makes_iris(predicates):
            _check_classes(context, each.objects)
        if each.is_plain():
            together.extend(each.objects)
        else:
            apart.append(each)
    groups = [_Found(tuple(together)), *apart] if together else apart
    for group in groups:
        conditions = [c for c in (shared.condition, group.condition) if c is not None]
        pom = PredicateObject(
            predicates,
            group.objects,
            graphs=shared.graphs + group.graphs,
            inverse=shared.inverse + group.inverse,
            condition=all_of(conditions),
            place=node.place,
        )
        _check_inverse(pom)
        yield pom


def _makes_iris(predicates: tuple[TermMap, ...]) -> bool:
    return any(predicate.expression == RDF_TYPE for predicate in predicates)


def _check_classes(context: Context, objects: tuple[Object, ...]) -> None:
    # `[a, Person]` would quietly become an IRI under the base.
    for each in objects:
        if not isinstance(each, TermMap) or not isinstance(each.expression, Constant):
            continue
        if ":" not in each.expression.value:
            place = each.place or Place(context.file)
            raise context.no_prefix(each.expression.value, place, Text(ja="クラス", en="the class"))


def _inverse(context: Context, found: Fields) -> tuple[TermMap, ...]:
    node = found.get("inversepredicates")
    return () if node is None else read_predicates(context, node)


def _object_items(node: Node) -> tuple[Node, ...]:
    items = listed(node)
    if not items:
        raise expected(node, OBJECT, Text(ja="一つ以上", en="at least one"))
    return items


def _read_object(context: Context, node: Node, default: Annotation | None, iri: bool) -> _Found:
    if isinstance(node, Sequence):
        if not 1 <= len(node) <= 2:
            raise expected(
                node,
                OBJECT,
                Text(ja="[値, データ型か 言語~lang]", en="[value, datatype or language~lang]"),
            )
        annotation = read_annotation(context, node.items[1]) if len(node) == 2 else default
        return _Found((_short(context, node.items[0], annotation, iri),))
    if isinstance(node, Scalar):
        return _Found((_short(context, node, default, iri),))
    found = fields(node, keys.OBJECT, OBJECT)
    graphs = read_graphs(context, found.get("graphs"))
    inverse = _inverse(context, found)
    if "mapping" in found:
        return _referencing(context, found, graphs, inverse)
    condition = read_condition(context, found.get("condition"))
    return _Found((_long(context, found, default, iri),), condition, graphs, inverse)


def _short(context: Context, node: Node, annotation: Annotation | None, iri: bool) -> TermMap:
    if isinstance(node, Scalar) and not node.is_null:
        return read_object_text(context, node, annotation, iri=iri)
    return read_object_text(context, scalar(node, OBJECT), annotation, iri=iri)


def _long(context: Context, found: Fields, default: Annotation | None, iri: bool) -> TermMap:
    annotation = annotation_of(context, found)
    value = found.get("value")
    term_type = read_type(found)
    if term_type is None:
        by_suffix = isinstance(value, Scalar) and value.text.endswith("~iri")
        term_type = TermType.IRI if iri or by_suffix else TermType.LITERAL
    if term_type is not TermType.LITERAL and annotation is not None:
        raise no_annotation(annotation.place)
    expression = read_expression(context, found, OBJECT, term_type)
    targets = read_targets(context, found.get("targets"))
    if isinstance(expression, Quoted):
        return TermMap(expression, targets=targets, place=found.place)
    if term_type is TermType.LITERAL:
        literal = annotated(context, expression, annotation or default, value or found.node)
        return replace(literal, targets=targets)
    if isinstance(expression, Constant):
        constant = replace(expression, term_type=term_type)
        return TermMap(constant, targets=targets, place=found.place)
    return TermMap(expression, term_type, targets=targets, place=found.place)


def _referencing(
    context: Context, found: Fields, graphs: tuple[TermMap, ...], inverse: tuple[TermMap, ...]
) -> _Found:
    for key in ("value", "function", "parameters", "datatype", "language", "type"):
        if key in found:
            raise MappingError(
                Text(
                    ja=f"mapping と {key} の両方は指定できません。",
                    en=f"an object has a mapping or a {key}, not both.",
                ),
                place=found.key_place(key),
                hint=Text(ja="どちらかを消してください。", en="Remove one of them."),
            )
    joins: list[Join] = []
    conditions: list[Expression] = []
    for given in read_given_conditions(context, found.get("condition")):
        join = join_of(given)
        if join is None:
            conditions.append(given.call)
        else:
            joins.append(join)
    targets = read_targets(context, found.get("targets"))
    objects: list[Object] = []
    for item in listed(found.get("mapping")):
        name = scalar(item, _MAPPING)
        objects.extend(
            ReferencingObject(parent, tuple(joins), targets, name.place)
            for parent in parents(context, name)
        )
    if not objects:
        raise expected(found.get("mapping") or found.node, _MAPPING, Text(ja="名前", en="a name"))
    return _Found(tuple(objects), all_of(conditions), graphs, inverse)


def _check_inverse(pom: PredicateObject) -> None:
    if not pom.inverse:
        return
    for each in pom.objects:
        literal = isinstance(each, TermMap) and (
            each.term_type is TermType.LITERAL
            or (
                isinstance(each.expression, Constant)
                and each.expression.term_type is TermType.LITERAL
            )
        )
        if literal:
            raise MappingError(
                Text(
                    ja="逆向きの述語 (inversepredicates) を使うには、目的語が IRI か空白ノードで"
                    "なければなりません。",
                    en="an inverse predicate needs objects that are IRIs or blank nodes.",
                ),
                place=each.place,
                hint=Text(ja="目的語に ~iri を付けてください。", en="Write ~iri after the object."),
            )
