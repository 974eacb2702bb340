"""The vocabularies that the program knows by heart: every term of `vocab/*.ttl` with its names.

Used for labels on pages, for checking the names in mappings and for the pages of terms.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from typing import Final, Self

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from app.errors import Language
from app.rdf.namespaces import DCTERMS, OWL, PREFIXES, RDF, RDFS, SCHEMA, SKOS


class TermKind(StrEnum):
    """What a term is used for."""

    CLASS = "class"
    PROPERTY = "property"
    CONCEPT = "concept"
    OTHER = "other"


_KINDS: Final = {
    RDFS + "Class": TermKind.CLASS,
    OWL + "Class": TermKind.CLASS,
    RDF + "Property": TermKind.PROPERTY,
    OWL + "ObjectProperty": TermKind.PROPERTY,
    OWL + "DatatypeProperty": TermKind.PROPERTY,
    SKOS + "Concept": TermKind.CONCEPT,
}


@dataclass(frozen=True, slots=True)
class Term:
    """One term. `labels` and `comments` by language tag; `supers` are the IRIs directly above
    (classes, properties or broader concepts); `domains` are alternatives, not a conjunction."""

    iri: str
    kind: TermKind
    labels: Mapping[str, str] = field(default_factory=dict)
    comments: Mapping[str, str] = field(default_factory=dict)
    domains: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    supers: tuple[str, ...] = ()
    defined_by: str | None = None

    @property
    def local_name(self) -> str:
        """What follows the last `#` or `/` of the IRI."""
        return local_name(self.iri)


def local_name(iri: str) -> str:
    """What follows the last `#` or `/` of an IRI, or the IRI when nothing does."""
    return iri.replace("#", "/").rsplit("/", 1)[-1] or iri


class TermTable:
    """Terms by IRI, with names to show and to search."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._by_iri = {term.iri: term for term in terms}
        self._by_name: dict[str, list[Term]] = defaultdict(list)
        for term in self._by_iri.values():
            for name in dict.fromkeys((term.local_name, *term.labels.values())):
                self._by_name[name].append(term)

    @classmethod
    def load(cls, vocab_dir: Path, *, base_iri: str) -> Self:
        """Read every Turtle file of a folder. `base_iri` is that of the site: our own terms are
        written relative to it. Raises SyntaxError for a file that is no Turtle."""
        return cls(_terms(vocabulary(vocab_dir, base_iri=base_iri)))

    def __len__(self) -> int:
        return len(self._by_iri)

    def __iter__(self) -> Iterator[Term]:
        return iter(self._by_iri.values())

    def __contains__(self, iri: object) -> bool:
        return iri in self._by_iri

    def get(self, iri: str) -> Term | None:
        """The term with this IRI, or None."""
        return self._by_iri.get(iri)

    def label(self, iri: str, language: Language) -> str:
        """Its name in a language; without one in the other; without any its local name."""
        term = self._by_iri.get(iri)
        if term is None:
            return local_name(iri)
        other: Language = "en" if language == "ja" else "ja"
        return term.labels.get(language) or term.labels.get(other) or term.local_name

    def in_namespace(self, namespace: str) -> tuple[Term, ...]:
        """The terms whose IRI begins so, in the order of the files."""
        return tuple(term for term in self if term.iri.startswith(namespace))

    def nearest(
        self,
        name: str,
        *,
        namespace: str = "",
        kind: TermKind | None = None,
        limit: int = 3,
    ) -> tuple[Term, ...]:
        """Terms whose local name or label is nearly this one (an IRI, a prefixed or a bare
        name), the best first; for hints."""
        wanted = local_name(name).rsplit(":", 1)[-1]
        names = {
            known: fitting
            for known, terms in self._by_name.items()
            if (
                fitting := [
                    term
                    for term in terms
                    if term.iri.startswith(namespace) and kind in (None, term.kind)
                ]
            )
        }
        # Japanese names are short: one wrong character of three is a ratio of 0.67.
        near = get_close_matches(wanted, names, n=limit, cutoff=0.6)
        found = {term.iri: term for known in near for term in names[known]}
        return tuple(found.values())[:limit]

    def ancestors(self, iri: str) -> tuple[str, ...]:
        """All IRIs above a term, nearest first."""
        found: dict[str, None] = {}
        above = [iri]
        while above:
            term = self._by_iri.get(above.pop(0))
            for parent in term.supers if term is not None else ():
                if parent not in found:
                    found[parent] = None
                    above.append(parent)
        return tuple(found)


def vocabulary(vocab_dir: Path, *, base_iri: str) -> Iterator[Quad]:
    """The triples of all Turtle files of the folder, in the order of the files' names.

    `tsunagu.ttl` has IRIs relative to the site: they are resolved against `base_iri` with one
    slash at its end.
    """
    base = base_iri.rstrip("/") + "/"
    for path in sorted(vocab_dir.glob("*.ttl")):
        yield from parse(path=path, format=RdfFormat.TURTLE, base_iri=base)


def curie(iri: str, prefixes: Mapping[str, str] = PREFIXES) -> str:
    """`ic:施設型` for its IRI when a prefix is bound to its namespace, else the IRI."""
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace) and iri != namespace:
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri


_SUPERS: Final = (RDFS + "subClassOf", RDFS + "subPropertyOf", SKOS + "broader")
_DOMAINS: Final = (RDFS + "domain", SCHEMA + "domainIncludes")


def _terms(quads: Iterable[Quad]) -> Iterator[Term]:
    """Every named subject that has a label, with what the quads say of it."""
    values: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    texts: dict[str, dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for quad in quads:
        subject, predicate, object = quad.subject, quad.predicate.value, quad.object
        if not isinstance(subject, NamedNode):
            continue
        if isinstance(object, NamedNode):
            values[subject.value][predicate].append(object.value)
        elif isinstance(object, Literal):
            texts[subject.value][predicate].setdefault(object.language or "", object.value)
    for iri, said in texts.items():
        if RDFS + "label" not in said:
            continue
        known = values[iri]
        types = [_KINDS[type_] for type_ in known[RDF + "type"] if type_ in _KINDS]
        yield Term(
            iri=iri,
            kind=types[0] if types else TermKind.OTHER,
            labels=dict(said[RDFS + "label"]),
            comments=dict(said[RDFS + "comment"] or said[DCTERMS + "description"]),
            domains=tuple(value for predicate in _DOMAINS for value in known[predicate]),
            ranges=tuple(known[RDFS + "range"]),
            supers=tuple(value for predicate in _SUPERS for value in known[predicate]),
            defined_by=next(iter(known[RDFS + "isDefinedBy"]), None),
        )
