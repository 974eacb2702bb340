"""Subjects, predicates, objects and graphs → term maps.

What kind of term a text becomes:

- subjects, predicates, graphs, and the objects of `a`: IRIs, with a prefix at the beginning
  expanded;
- other objects: literals, exactly as written (`ex:foo` is the text "ex:foo", and a note says
  so); `~iri` at the end or `type: iri` makes an IRI;
- `type: blank`: a blank node whose label is the value; a mapping without subjects, and
  `subjects: null`, make a blank node of its own for each row.

Source: YARRRML, sections "Subjects", "Predicates and objects", "Datatypes", "Languages"; where
it is silent, yarrrml-parser (which also expands prefixes inside literals: taken for a slip).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from app.errors import MappingError, MappingReferenceError, Place, Text
from app.mapping.languages.document import Map, Node, Scalar
from app.mapping.languages.tags import language_tag
from app.mapping.languages.yarrrml import keys
from app.mapping.languages.yarrrml.context import Context
from app.mapping.languages.yarrrml.functions import read_call
from app.mapping.languages.yarrrml.keys import Fields, expected, fields, listed, scalar
from app.mapping.languages.yarrrml.notes import LITERAL_LIKE_IRI
from app.mapping.languages.yarrrml.targets import read_targets
from app.mapping.languages.yarrrml.template import (
    iri_expression,
    literal_expression,
    shortened,
)
from app.mapping.model import Constant, Expression, Quoted, Template, TermMap, TermType
from app.rdf.namespaces import RDF

SUBJECT: Final = Text(ja="主語 (subjects)", en="a subject")
PREDICATE: Final = Text(ja="述語 (predicates)", en="a predicate")
OBJECT: Final = Text(ja="目的語 (objects)", en="an object")
GRAPH: Final = Text(ja="グラフ (graphs)", en="a graph")
_DATATYPE: Final = Text(ja="データ型 (datatype)", en="a datatype")
_LANGUAGE: Final = Text(ja="言語 (language)", en="a language")

TYPES: Final = {
    "iri": TermType.IRI,
    "literal": TermType.LITERAL,
    "blank": TermType.BLANK_NODE,
    # The further term types of RML-Core: additions of this profile.
    "unsafe-iri": TermType.UNSAFE_IRI,
    "uri": TermType.URI,
    "unsafe-uri": TermType.UNSAFE_URI,
}


def read_subjects(context: Context, node: Node | None, place: Place) -> tuple[TermMap, ...]:
    """The subjects of a mapping; without any, a blank node of its own for each row."""
    items = listed(node)
    if not items:
        return (TermMap(Template((), place=place), TermType.BLANK_NODE, place=place),)
    return tuple(read_term(context, item, SUBJECT, keys.SUBJECT) for item in items)


def read_predicates(context: Context, node: Node) -> tuple[TermMap, ...]:
    """Predicates; `a` is rdf:type."""
    items = listed(node)
    if not items:
        raise expected(node, PREDICATE, Text(ja="一つ以上", en="at least one"))
    found = []
    for item in items:
        if isinstance(item, Scalar) and item.text == "a":
            constant = Constant(RDF + "type", TermType.IRI, place=item.place)
            found.append(TermMap(constant, place=item.place))
            continue
        if isinstance(item, Scalar) and "$(" not in item.text:
            # A constant without a colon is not an IRI: say so here, with a likely repair.
            context.name(
                scalar(item, PREDICATE).text, item.place, Text(ja="述語", en="the predicate")
            )
        found.append(read_term(context, item, PREDICATE, keys.TERM))
    return tuple(found)


def read_graphs(context: Context, node: Node | None) -> tuple[TermMap, ...]:
    """Graphs."""
    return tuple(read_term(context, item, GRAPH, keys.TERM) for item in listed(node))


def read_term(context: Context, node: Node, what: Text, known: keys.Keys) -> TermMap:
    """A subject, predicate or graph: text, a value with its type and targets, or a call."""
    if not isinstance(node, Map):
        text = scalar(node, what)
        return _term_map(iri_expression(context, shortened(text, "~iri")), TermType.IRI, text.place)
    found = fields(node, known, what)
    term_type = read_type(found) or TermType.IRI
    if term_type is TermType.LITERAL:
        raise expected(
            found.get("type") or node,
            Text(ja=f"{what.ja}の type", en=f"the type of {what.en}"),
            Text(ja="iri か blank", en="iri or blank"),
        )
    expression = read_expression(context, found, what, term_type)
    term_map = _term_map(expression, term_type, node.place)
    return replace(term_map, targets=read_targets(context, found.get("targets")))


def read_expression(context: Context, found: Fields, what: Text, term_type: TermType) -> Expression:
    """The expression of a long form: exactly one of value, function and quoted."""
    ways = [w for w in ("value", "function", "quoted", "quotedNonAsserted") if w in found]
    if len(ways) > 1:
        raise MappingError(
            Text(
                ja=f"{what.ja}に {ways[0]} と {ways[1]} の両方があります。",
                en=f"{what.en} has both {ways[0]} and {ways[1]}.",
            ),
            place=found.key_place(ways[1]),
            hint=Text(ja="どちらかにしてください。", en="Keep one of them."),
        )
    if not ways and "parameters" not in found:
        if term_type is TermType.BLANK_NODE:
            return Template((), place=found.place)
        raise MappingError(
            Text(ja=f"{what.ja}に value がありません。", en=f"{what.en} has no value."),
            place=found.place,
            hint=Text(
                ja="value か function を書いてください。", en="Give it a value or a function."
            ),
        )
    if ways and ways[0].startswith("quoted"):
        return _quoted(context, found, ways[0])
    if "value" not in found:
        return read_call(context, found)
    value = found.get("value")
    assert value is not None
    if "parameters" in found:
        raise MappingError(
            Text(ja="parameters には function が必要です。", en="parameters need a function."),
            place=found.key_place("parameters"),
            hint=Text(ja="value を function にしてください。", en="Write function for value."),
        )
    # An empty text in quotes is a value; an empty place is none.
    text = value if isinstance(value, Scalar) and not value.is_null else scalar(value, what)
    if term_type is TermType.LITERAL or term_type is TermType.BLANK_NODE:
        return literal_expression(context, text)
    return iri_expression(context, shortened(text, "~iri"))


def read_type(found: Fields) -> TermType | None:
    """The term type that a long form names."""
    written = found.get("type")
    if written is None:
        return None
    term_type = TYPES.get(scalar(written, Text(ja="type", en="type")).text)
    if term_type is None:
        raise expected(
            written,
            Text(ja="type", en="type"),
            Text(ja=", ".join(TYPES), en="one of " + ", ".join(TYPES)),
        )
    return term_type


@dataclass(frozen=True, slots=True)
class Annotation:
    """What a literal has beside its text: a datatype or a language."""

    datatype: TermMap | None = None
    language: TermMap | None = None

    @property
    def place(self) -> Place | None:
        """Where it is written."""
        either = self.datatype or self.language
        return None if either is None else either.place


def read_object_text(
    context: Context, value: Scalar, annotation: Annotation | None, *, iri: bool
) -> TermMap:
    """An object in a short form: a text, and perhaps a datatype or language."""
    if iri or value.text.endswith("~iri"):
        if annotation is not None:
            raise no_annotation(annotation.place)
        expression = iri_expression(context, shortened(value, "~iri"))
        return _term_map(expression, TermType.IRI, value.place)
    return annotated(context, literal_expression(context, value), annotation, value)


def annotated(
    context: Context, expression: Expression, annotation: Annotation | None, value: Node
) -> TermMap:
    """A literal with a datatype or language; a constant carries constant ones in itself."""
    place = value.place
    if annotation is None and isinstance(value, Scalar) and context.looks_like_iri(value.text):
        context.note(LITERAL_LIKE_IRI, place, value=value.text)
    annotation = annotation or Annotation()
    datatype, language = annotation.datatype, annotation.language
    if isinstance(expression, Constant):
        constants = [
            m.expression.value
            for m in (datatype, language)
            if m is not None and isinstance(m.expression, Constant)
        ]
        if datatype is None and language is None:
            return TermMap(replace(expression, place=place), place=place)
        if constants and datatype is not None:
            return TermMap(replace(expression, datatype=constants[0]), place=place)
        if constants:
            return TermMap(replace(expression, language=constants[0]), place=place)
    return TermMap(expression, TermType.LITERAL, datatype, language, place=place)


def read_annotation(context: Context, node: Node) -> Annotation:
    """The third item of `[p, o, …]`: a datatype, or a language with `~lang`."""
    text = scalar(node, Text(ja="データ型か言語", en="a datatype or a language"))
    if text.text.endswith("~lang"):
        return Annotation(language=read_language(context, shortened(text, "~lang")))
    return Annotation(datatype=read_datatype(context, text))


def read_datatype(context: Context, node: Node) -> TermMap:
    """A datatype: a name, a template that gives an IRI, or a call."""
    if isinstance(node, Map):
        call = read_call(context, fields(node, keys.CALL, _DATATYPE))
        return TermMap(call, TermType.IRI, place=node.place)
    text = scalar(node, _DATATYPE)
    if "$(" not in text.text:
        iri = context.name(text.text, text.place, Text(ja="データ型", en="the datatype"))
        return TermMap(Constant(iri, TermType.IRI, place=text.place), place=text.place)
    expression = iri_expression(context, shortened(text, "~iri"))
    return _term_map(expression, TermType.IRI, text.place)


def read_language(context: Context, node: Node) -> TermMap:
    """A language: a tag, a template that gives one, or a call."""
    if isinstance(node, Map):
        call = read_call(context, fields(node, keys.CALL, _LANGUAGE))
        return TermMap(call, TermType.LITERAL, place=node.place)
    text = scalar(node, _LANGUAGE)
    expression = literal_expression(context, shortened(text, "~lang"))
    if isinstance(expression, Constant):
        language_tag(expression.value, text.place)
    return _term_map(expression, TermType.LITERAL, text.place)


def annotation_of(context: Context, found: Fields) -> Annotation | None:
    """The datatype or language of a long form. Raises MappingError when both are there."""
    datatype, language = found.get("datatype"), found.get("language")
    if datatype is not None and language is not None:
        raise MappingError(
            Text(
                ja="データ型 (datatype) と言語 (language) の両方は指定できません。",
                en="a literal has a datatype or a language, not both.",
            ),
            place=found.key_place("language"),
            hint=Text(ja="どちらかを消してください。", en="Remove one of them."),
        )
    if datatype is not None:
        return Annotation(datatype=read_datatype(context, datatype))
    return None if language is None else Annotation(language=read_language(context, language))


def no_annotation(place: Place | None) -> MappingError:
    """The error of an IRI or blank node with a datatype or a language."""
    return MappingError(
        Text(
            ja="データ型と言語は文字列の値だけに付けられます (IRI には付けられません)。",
            en="only a literal has a datatype or a language, not an IRI.",
        ),
        place=place,
        hint=Text(
            ja="~iri (type: iri) か、データ型・言語のどちらかを消してください。",
            en="Remove ~iri (type: iri), or the datatype or language.",
        ),
    )


def _term_map(expression: Expression, term_type: TermType, place: Place) -> TermMap:
    if isinstance(expression, Constant):
        return TermMap(replace(expression, term_type=term_type), place=place)
    if isinstance(expression, Quoted):
        return TermMap(expression, place=place)
    return TermMap(expression, term_type, place=place)


def _quoted(context: Context, found: Fields, way: str) -> Quoted:
    name = scalar(found.get(way) or found.node, Text(ja=way, en=way))
    if name.text not in context.triples_maps or context.quoted is None:
        raise MappingReferenceError(
            Text(
                ja=f"マッピング {name.text} は定義されていません。",
                en=f"there is no mapping {name.text}.",
            ),
            place=name.place,
        )
    return context.quoted(name.text, name.place, way == "quoted")
