"""Turtle for people: prefixes in use only, types first, blank nodes nested in place.

Terms are written by pyoxigraph (`str(term)` is their N-Triples form); only the layout and the
prefixed names are made here. Grammar: https://www.w3.org/TR/turtle/#sec-grammar
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from app.publish.entity import RDF_TYPE, EntityDescription, Node
from app.publish.skolem import anonymous
from app.rdf.namespaces import PREFIXES, XSD
from app.store.base import Term

# A safe subset of PN_LOCAL: no escapes needed, no dot (it may not stand last).
_LOCAL = re.compile(
    r"[A-Za-z0-9_\u00C0-\u00D6\u00D8-\u00F6\u00F8-\u02FF\u0370-\u037D\u0400-\u1FFF"
    r"\u3005-\uD7FF\uF900-\uFDCF\uFDF0-\uFFFD]"
    r"[\w\-\u3005-\uD7FF]*"
)
_SHORT = {  # literals that Turtle writes bare, by datatype
    XSD + "integer": re.compile(r"[+-]?[0-9]+"),
    XSD + "decimal": re.compile(r"[+-]?[0-9]*\.[0-9]+"),
    XSD + "boolean": re.compile(r"true|false"),
}
_INDENT = "    "
_SEPARATOR = f" ;\n{_INDENT}"


Shorten = Callable[[str], tuple[str, str] | None]
"""From an IRI to its prefix and `prefix:local`, or None where there is none."""


class _Names:
    """Writes terms, and remembers which prefixes they used."""

    def __init__(self, shorten: Shorten) -> None:
        self._shorten = shorten
        self.used: set[str] = set()

    def iri(self, iri: str) -> str:
        """`prefix:local` where that needs no escape, else `<iri>`."""
        found = self._shorten(iri)
        if found is None:
            return str(NamedNode(iri))
        self.used.add(found[0])
        return found[1]

    def predicate(self, iri: str) -> str:
        """The same, and `a` for rdf:type."""
        return "a" if iri == RDF_TYPE else self.iri(iri)

    def term(self, term: Term) -> str:
        """Any term that is not nested."""
        if isinstance(term, Literal):
            return self._literal(str(term))
        if isinstance(term, NamedNode):
            found = self._shorten(term.value)
            if found is None:
                return str(term)
            self.used.add(found[0])
            return found[1]
        return f"<<( {term} )>>" if isinstance(term, Triple) else str(term)

    def _literal(self, written: str) -> str:
        """A literal from its N-Triples form, where only a datatype ends with `>`."""
        if written[-1] != ">":
            return written
        quoted, _, datatype = written[:-1].rpartition("^^<")
        short = _SHORT.get(datatype)
        if short is not None and short.fullmatch(quoted, 1, len(quoted) - 1):
            return quoted[1:-1]
        return f"{quoted}^^{self.iri(datatype)}"


class TurtleWriter:
    """Writes descriptions with one set of prefixes."""

    def __init__(self, prefixes: Mapping[str, str] = PREFIXES) -> None:
        self._prefixes = dict(prefixes)
        self._prefix_of = {namespace: prefix for prefix, namespace in prefixes.items()}
        self._short: Shorten = lru_cache(maxsize=8192)(self._shorten)

    def write(
        self,
        description: EntityDescription,
        extra: Mapping[NamedNode, tuple[tuple[str, Term], ...]],
    ) -> str:
        """A description and further statements (by subject: predicate and object)."""
        names = _Names(self._short)
        blocks = list(_blocks(description, names))
        for subject, pairs in extra.items():
            lines = [f"{names.predicate(p)} {names.term(o)}" for p, o in pairs]
            blocks.append(f"{names.iri(subject.value)} {_SEPARATOR.join(lines)} .\n")
        return "\n".join([self._head(names), *blocks])

    def graph(self, triples: Iterable[Triple]) -> str:
        """Any triples: a block for each subject, blank nodes that are mentioned once in place."""
        names = _Names(self._short)
        by_subject: dict[Term, dict[str, list[Term]]] = {}
        mentions: Counter[Term] = Counter()
        for triple in triples:
            known = by_subject.setdefault(triple.subject, {})
            known.setdefault(triple.predicate.value, []).append(triple.object)
            if isinstance(triple.object, BlankNode):
                mentions[triple.object] += 1
        nested = {
            subject
            for subject in by_subject
            if isinstance(subject, BlankNode) and mentions[subject] == 1
        }
        written: set[Term] = set()

        def body(subject: Term, level: int) -> str:
            written.add(subject)
            lines = (
                f"{names.predicate(predicate)} "
                + " , ".join(value(object, level) for object in objects)
                for predicate, objects in by_subject[subject].items()
            )
            return f" ;\n{_INDENT * level}".join(lines)

        def value(object: Term, level: int) -> str:
            if object not in nested or object in written:
                return names.term(object)
            inner = body(object, level + 1)
            return f"[\n{_INDENT * (level + 1)}{inner}\n{_INDENT * level}]"

        # Nested subjects come last: then only those in a circle are left to be written.
        ordered = sorted(by_subject, key=lambda subject: subject in nested)
        blocks = [
            f"{names.term(subject)} {body(subject, 1)} .\n"
            for subject in ordered
            if subject not in written
        ]
        return "\n".join([self._head(names), *blocks])

    def _head(self, names: _Names) -> str:
        return "".join(
            f"@prefix {prefix}: <{namespace}> .\n"
            for prefix, namespace in self._prefixes.items()
            if prefix in names.used
        )

    def _shorten(self, iri: str) -> tuple[str, str] | None:
        """Only where the local name needs no escape."""
        cut = max(iri.rfind("#"), iri.rfind("/")) + 1
        prefix = self._prefix_of.get(iri[:cut])
        if prefix is None or not _LOCAL.fullmatch(iri, cut):
            return None
        return prefix, f"{prefix}:{iri[cut:]}"


def _blocks(description: EntityDescription, names: _Names) -> Iterator[str]:
    inlined = anonymous(description.root)
    pending = [description.root]
    while pending:
        node = pending.pop(0)
        subject = names.term(node.resource)
        yield f"{subject} {_body(node, names, inlined, pending, 1)} .\n"
    label = names.iri("http://www.w3.org/2000/01/rdf-schema#label") if description.labels else ""
    if label:
        yield "".join(
            f"{names.iri(iri)} {label} {' , '.join(map(str, labels))} .\n"
            for iri, labels in description.labels.items()
        )


def _body(
    node: Node, names: _Names, inlined: frozenset[str], pending: list[Node], level: int
) -> str:
    lines = []
    for predicate, values in node.properties:
        objects = [
            names.term(term)
            if inner is None
            else _node(term, inner, names, inlined, pending, level)
            for term, inner in values
        ]
        lines.append(f"{names.predicate(predicate)} {' , '.join(objects)}")
    return f" ;\n{_INDENT * level}".join(lines)


def _node(
    term: Term,
    node: Node,
    names: _Names,
    inlined: frozenset[str],
    pending: list[Node],
    level: int,
) -> str:
    """A nested node: in place if nothing else mentions it, else by name and described later."""
    if isinstance(term, BlankNode) and term.value in inlined:
        inner = _body(node, names, inlined, pending, level + 1)
        return f"[\n{_INDENT * (level + 1)}{inner}\n{_INDENT * level}]"
    pending.append(node)
    return names.term(term)
