"""The mapping's graph as resources with the properties of RML, whichever namespace they use.

`rr:`, both `rml:`, `fnml:` and the targets' namespace have one local name for one meaning, so a
property is known here by its local name. A property of these namespaces that has no place on a
resource is an error, with the nearest that has.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from app.errors import MappingError, Place, Text
from app.findings import Findings
from app.mapping.languages.rml.triples import Blank, Document, Iri, Literal, Node, Term
from app.mapping.languages.scanning import Limits, too_deep
from app.rdf.namespaces import FNML, QL, RDF, RML, RML_LEGACY, RR

RML_TARGET: Final = "http://semweb.mmlab.be/ns/rml-target#"
COMPRESSION: Final = "http://semweb.mmlab.be/ns/rml-compression#"
NAMESPACES: Final = (RML, RR, RML_LEGACY, FNML, RML_TARGET, QL, COMPRESSION)

_TYPE: Final = RDF + "type"
_SAME: Final = {"column": "reference", "baseIri": "baseIRI", "tableName": "tableName"}


def local_name(iri: str) -> str | None:
    """The local name of a term of RML in any of its namespaces, or None."""
    for namespace in NAMESPACES:
        if iri.startswith(namespace):
            name = iri.removeprefix(namespace)
            return _SAME.get(name, name)
    return None


class Graph:
    """Statements by subject, in the order of the text."""

    def __init__(self, document: Document, findings: Findings, limits: Limits, room: int) -> None:
        self.findings = findings
        self.depth = limits.depth
        self._room = room
        self._properties: dict[Node, list[tuple[Iri, Term]]] = {}
        self._places: dict[Node, Place] = {}
        for statement in document.statements:
            self._properties.setdefault(statement.subject, []).append(
                (statement.predicate, statement.object)
            )
            self._places.setdefault(statement.subject, statement.subject.place)

    def subjects(self) -> Iterable[Node]:
        """Every resource that something is said of."""
        return self._properties

    def resource(self, term: Term, *, depth: int = 0) -> Resource:
        """A term as a resource. Raises MappingError for a literal, and MappingSyntaxError when
        resources refer to each other too deeply, or without end."""
        if isinstance(term, Literal):
            raise MappingError(
                Text(
                    ja=f"ここにはリソースが必要です (得られたもの: 文字列「{term.value}」)。",
                    en=f'expected a resource here, got the text "{term.value}".',
                ),
                place=term.place,
                hint=Text(ja="[ … ] か IRI を書いてください。", en="Write [ … ] or an IRI."),
            )
        if depth > self.depth:
            raise too_deep(term.place, self.depth)
        return Resource(self, term, depth)

    def spend(self, place: Place) -> None:
        """Count one expression that is read; shared ones count each time they are used, so that
        a short text cannot describe an endless mapping."""
        self._room -= 1
        if self._room < 0:
            raise too_deep(place, self.depth)

    def properties(self, node: Node) -> list[tuple[Iri, Term]]:
        """What is said of a node."""
        return self._properties.get(node, [])

    def place(self, node: Node) -> Place:
        """Where a node is described, or else mentioned."""
        return self._places.get(node, node.place)


class Resource:
    """A node and what is said of it."""

    def __init__(self, graph: Graph, node: Node, depth: int) -> None:
        self.graph = graph
        self.node = node
        self.depth = depth

    @property
    def place(self) -> Place:
        """Where it is described."""
        return self.graph.place(self.node)

    @property
    def types(self) -> set[str]:
        """Local names of the RML classes that are stated."""
        found = (o for p, o in self.graph.properties(self.node) if p.value == _TYPE)
        names = (local_name(each.value) for each in found if isinstance(each, Iri))
        return {name for name in names if name is not None}

    def expect(self, known: Iterable[str], what: Text) -> None:
        """Raises MappingError for a property of RML that has no place here."""
        names = set(known)
        for predicate, _ in self.graph.properties(self.node):
            name = local_name(predicate.value)
            if name is None or name in names:
                continue
            near = get_close_matches(name, names, n=1, cutoff=0.6)
            raise MappingError(
                Text(
                    ja=f"{what.ja}に {name} は使えません。",
                    en=f"{what.en} cannot have the property {name}.",
                ),
                place=predicate.place,
                hint=Text(ja=f"{near[0]} のことですか。", en=f"Did you mean {near[0]}?")
                if near
                else Text(
                    ja=f"使えるもの: {', '.join(sorted(names))}。",
                    en=f"Known ones: {', '.join(sorted(names))}.",
                ),
            )

    def has(self, *names: str) -> bool:
        """Whether one of the properties is there."""
        return any(local_name(p.value) in names for p, _ in self.graph.properties(self.node))

    def all(self, *names: str) -> list[tuple[str, Term]]:
        """The values of some properties, with the property's name, in the order of the text."""
        found = []
        for predicate, value in self.graph.properties(self.node):
            name = local_name(predicate.value)
            if name is not None and name in names:
                found.append((name, value))
        return found

    def values(self, iri: str) -> list[Term]:
        """The values of a property of another vocabulary."""
        return [o for p, o in self.graph.properties(self.node) if p.value == iri]

    def one(self, *names: str) -> tuple[str, Term] | None:
        """The only value of some properties that exclude each other.

        Raises MappingError when there are several.
        """
        found = self.all(*names)
        if len(found) > 1:
            first, second = found[0], found[1]
            shown = first[0] if first[0] == second[0] else f"{first[0]}, {second[0]}"
            raise MappingError(
                Text(
                    ja=f"{shown} は一つだけでなければなりません。",
                    en=f"there must be only one of {shown}.",
                ),
                place=second[1].place,
                hint=Text(ja="一つだけ残してください。", en="Keep one of them."),
            )
        return found[0] if found else None

    def text(self, *names: str) -> str | None:
        """The only value of some properties, if it is a literal. Raises MappingError."""
        found = self.one(*names)
        return None if found is None else literal(found[1], found[0]).value

    def resource(self, term: Term) -> Resource:
        """Another resource that this one mentions."""
        return self.graph.resource(term, depth=self.depth + 1)

    def items(self, term: Term) -> list[Term]:
        """The members of a list."""
        found: list[Term] = []
        seen: set[Term] = set()
        while not (isinstance(term, Iri) and term.value == RDF + "nil"):
            properties = {} if isinstance(term, Literal) else dict(self._list_parts(term))
            if term in seen or RDF + "first" not in properties or RDF + "rest" not in properties:
                raise MappingError(
                    Text(ja="リスト ( … ) が必要です。", en="expected a list ( … )."),
                    place=term.place,
                )
            seen.add(term)
            found.append(properties[RDF + "first"])
            term = properties[RDF + "rest"]
        return found

    def _list_parts(self, node: Node) -> Iterable[tuple[str, Term]]:
        return ((p.value, o) for p, o in self.graph.properties(node))


def iri(term: Term, what: str) -> Iri:
    """The term, if it is an IRI. Raises MappingError."""
    if isinstance(term, Iri):
        return term
    shown = f'"{term.value}"' if isinstance(term, Literal) else "[ … ]"
    raise MappingError(
        Text(
            ja=f"{what} の値は IRI でなければなりません (得られたもの: {shown})。",
            en=f"the value of {what} must be an IRI, got {shown}.",
        ),
        place=term.place,
        hint=Text(
            ja="<…> か接頭辞付きの名前で書いてください。", en="Write it as <…> or a prefixed name."
        ),
    )


def literal(term: Term, what: str) -> Literal:
    """The term, if it is a literal. Raises MappingError."""
    if isinstance(term, Literal):
        return term
    shown = f"<{term.value}>" if isinstance(term, Iri) else "[ … ]"
    raise MappingError(
        Text(
            ja=f"{what} の値は文字列でなければなりません (得られたもの: {shown})。",
            en=f"the value of {what} must be a text, got {shown}.",
        ),
        place=term.place,
        hint=Text(ja="引用符で囲んで書いてください。", en="Write it in quotes."),
    )


def node(term: Term, what: str) -> Iri | Blank:
    """The term, if it is an IRI or a blank node. Raises MappingError."""
    return iri(term, what) if isinstance(term, Literal) else term


def no_expression(resource: Resource) -> MappingError:
    """The error of a resource that does not say how its value is made."""
    return MappingError(
        Text(
            ja="値の作り方がありません (template、reference、constant など)。",
            en="nothing says how the term is made (a template, reference, constant …).",
        ),
        place=resource.place,
        hint=Text(
            ja='rml:reference "列名" などを加えてください。',
            en='Add, for example, rml:reference "column".',
        ),
    )
