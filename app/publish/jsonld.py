"""JSON-LD that reads like plain JSON: one tree for a thing, short names, language maps.

The keys follow one context, served at `/context.jsonld`. `@vocab` is the IMI core vocabulary,
so its terms need no prefix (`名称`, `住所`); a few well-known properties have a short name; all
others are `prefix:name`. Specification: https://www.w3.org/TR/json-ld11/
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import BlankNode, Literal, NamedNode

from app.publish.entity import RDF_TYPE, EntityDescription, Node, Value
from app.publish.skolem import anonymous
from app.rdf.namespaces import (
    DCTERMS,
    FOAF,
    GEO,
    IC,
    OWL,
    PREFIXES,
    RDFS,
    SKOS,
    XSD,
)
from app.store.base import Term

Json = dict[str, Any]

_LANGUAGE_MAPS: Final[Mapping[str, str]] = {
    "label": RDFS + "label",
    "comment": RDFS + "comment",
    "prefLabel": SKOS + "prefLabel",
    "altLabel": SKOS + "altLabel",
    "title": DCTERMS + "title",
    "description": DCTERMS + "description",
}
_TYPED: Final[Mapping[str, tuple[str, str]]] = {
    "lat": (GEO + "lat", XSD + "decimal"),
    "long": (GEO + "long", XSD + "decimal"),
    "modified": (DCTERMS + "modified", XSD + "dateTime"),
}
_LINKS: Final[Mapping[str, str]] = {
    "sameAs": OWL + "sameAs",
    "seeAlso": RDFS + "seeAlso",
    "license": DCTERMS + "license",
    "source": DCTERMS + "source",
}
_DESCRIBED_BY: Final = "describedBy"

_TERMS: Final[Mapping[str, str]] = {
    **{iri: term for term, iri in _LANGUAGE_MAPS.items()},
    **{iri: term for term, (iri, _) in _TYPED.items()},
    **{iri: term for term, iri in _LINKS.items()},
}
_DATATYPE_OF: Final[Mapping[str, str]] = dict(_TYPED.values())
_LANGUAGE_MAPPED: Final = frozenset(_LANGUAGE_MAPS.values())
_LINKED: Final = frozenset(_LINKS.values())
_MAX_SAFE_INTEGER: Final = 2**53 - 1


@dataclass(frozen=True, slots=True)
class _Known:
    """The context, labels of linked things, and blank nodes that need no label."""

    context: Context
    labels: Mapping[str, tuple[Literal, ...]]
    nameless: frozenset[str]


class Context:
    """The names of one publisher's JSON-LD: those of `PREFIXES` and `prefixes`."""

    def __init__(self, prefixes: Mapping[str, str] = PREFIXES) -> None:
        terms: Json = {"@version": 1.1, "@vocab": IC, "id": "@id", "type": "@type"}
        terms.update(prefixes)
        terms.update(
            {name: {"@id": iri, "@container": "@language"} for name, iri in _LANGUAGE_MAPS.items()}
        )
        terms.update({name: {"@id": iri, "@type": type_} for name, (iri, type_) in _TYPED.items()})
        terms.update({name: {"@id": iri, "@type": "@id"} for name, iri in _LINKS.items()})
        terms[_DESCRIBED_BY] = {"@reverse": FOAF + "primaryTopic"}
        self.document: Json = {"@context": terms}
        self._terms = frozenset(terms)
        self._prefix_of = {namespace: prefix for prefix, namespace in prefixes.items()}

    def name_of(self, iri: str) -> str:
        """The key or type name of an IRI: IMI terms bare, others prefixed."""
        if iri.startswith(IC):
            bare = iri[len(IC) :]
            # A bare name that is a term of the context, or looks like an IRI, means another.
            if bare and ":" not in bare and "/" not in bare and bare not in self._terms:
                return bare
        return self.prefixed(iri)

    def plain_name(self, iri: str) -> str:
        """The shortest name of a property: what tables and maps show (`label`, `住所`)."""
        return _TERMS.get(iri) or self.name_of(iri)

    def prefixed(self, iri: str) -> str:
        """`prefix:local`, or the IRI."""
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self._prefix_of.get(iri[:cut])
        return f"{prefix}:{iri[cut:]}" if prefix is not None and iri[cut:] else iri

    def compact(
        self,
        description: EntityDescription,
        address: str,
        extra: Mapping[NamedNode, tuple[tuple[str, Term], ...]],
    ) -> Json:
        """A description as one JSON tree under the context at `address`. `extra` are statements
        about documents whose primary topic is the thing; they appear under `describedBy`."""
        known_of = _Known(self, description.labels, anonymous(description.root))
        body: Json = {"@context": address}
        body.update(_node(description.root, known_of))
        documents = [
            _statements(subject, [p for p in pairs if p[0] != FOAF + "primaryTopic"], self)
            for subject, pairs in extra.items()
        ]
        if documents:
            body[_DESCRIBED_BY] = documents[0] if len(documents) == 1 else documents
        return body


def _node(node: Node, known_of: _Known) -> Json:
    nameless = isinstance(node.resource, BlankNode) and node.resource.value in known_of.nameless
    body: Json = {} if nameless else {"id": _identifier(node.resource)}
    for known in node.properties:
        if known.predicate == RDF_TYPE:
            _add_types(body, known.values, known_of.context)
        else:
            _add(body, known.predicate, known.values, known_of)
    return body


def _statements(subject: NamedNode, pairs: list[tuple[str, Term]], context: Context) -> Json:
    body: Json = {"id": subject.value}
    for predicate, term in pairs:
        if predicate == RDF_TYPE and isinstance(term, NamedNode):
            body["type"] = context.name_of(term.value)
        else:
            _add(body, predicate, (Value(term),), _Known(context, {}, frozenset()))
    return body


def _add_types(body: Json, values: tuple[Value, ...], context: Context) -> None:
    names = [context.name_of(v.term.value) for v in values if isinstance(v.term, NamedNode)]
    names += [_identifier(v.term) for v in values if isinstance(v.term, BlankNode)]
    if names:
        body["type"] = names[0] if len(names) == 1 else names


def _add(
    body: Json,
    predicate: str,
    values: tuple[Value, ...],
    known_of: _Known,
) -> None:
    term = _TERMS.get(predicate)
    fits: tuple[Value, ...] = values
    others: tuple[Value, ...] = ()
    if predicate in _LANGUAGE_MAPPED:
        fits = tuple(v for v in values if _is_text(v.term))
        others = tuple(v for v in values if not _is_text(v.term))
        if fits:
            body[term or predicate] = language_map([v.term for v in fits if _is_text(v.term)])
    elif predicate in _LINKED:
        fits = tuple(v for v in values if isinstance(v.term, NamedNode) and v.node is None)
        others = tuple(v for v in values if v not in fits)
        if fits:
            linked = [_link(v.term.value, known_of) for v in fits if isinstance(v.term, NamedNode)]
            body[term or predicate] = linked[0] if len(linked) == 1 else linked
    elif predicate in _DATATYPE_OF:
        wanted = _DATATYPE_OF[predicate]
        fits = tuple(v for v in values if _datatype(v.term) == wanted)
        others = tuple(v for v in values if v not in fits)
        if fits:
            plain = [v.term.value for v in fits if isinstance(v.term, Literal)]
            body[term or predicate] = plain[0] if len(plain) == 1 else plain
    else:
        others = values
    if others:
        found = [_value(v, known_of) for v in others]
        context = known_of.context
        key = context.prefixed(predicate) if term is not None else context.name_of(predicate)
        body[key] = found[0] if len(found) == 1 else found


def _value(value: Value, known_of: _Known) -> object:
    if value.node is not None:
        return _node(value.node, known_of)
    if isinstance(value.term, NamedNode):
        known = known_of.labels.get(value.term.value)
        body: Json = {"id": value.term.value}
        if known:
            body["label"] = language_map(known)
        return body
    if isinstance(value.term, BlankNode):
        return {"id": _identifier(value.term)}
    if isinstance(value.term, Literal):
        return _literal(value.term, known_of.context)
    return str(value.term)  # a triple term: JSON-LD has no form for it


def _link(iri: str, known_of: _Known) -> object:
    known = known_of.labels.get(iri)
    return {"id": iri, "label": language_map(known)} if known else iri


def _literal(literal: Literal, context: Context) -> object:
    if literal.language:
        return {"@language": literal.language, "@value": literal.value}
    datatype, text = literal.datatype.value, literal.value
    if datatype == XSD + "string":
        return text
    if datatype == XSD + "boolean" and text in ("true", "false"):
        return text == "true"
    if datatype == XSD + "integer" and _is_safe_integer(text):
        return int(text)
    return {"@type": context.name_of(datatype), "@value": text}


def language_map(literals: list[Term] | tuple[Literal, ...]) -> Json:
    """Texts by language tag; those without a language under `@none`."""
    found: dict[str, list[str]] = {}
    for literal in literals:
        if isinstance(literal, Literal):
            found.setdefault(literal.language or "@none", []).append(literal.value)
    return {tag: texts[0] if len(texts) == 1 else texts for tag, texts in found.items()}


def _identifier(resource: Term) -> str:
    return resource.value if isinstance(resource, NamedNode) else str(resource)


def _is_text(term: Term) -> bool:
    return isinstance(term, Literal) and (
        bool(term.language) or term.datatype.value == XSD + "string"
    )


def _datatype(term: Term) -> str | None:
    return term.datatype.value if isinstance(term, Literal) else None


def _is_safe_integer(text: str) -> bool:
    return (
        len(text) < 17
        and text.lstrip("-").isdecimal()
        and str(int(text)) == text
        and abs(int(text)) <= _MAX_SAFE_INTEGER
    )
