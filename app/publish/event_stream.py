"""Changes as a Linked Data Event Stream, for clients that follow streams by links.

Each member is an event in the words of Activity Streams 2.0: something was created, updated or
deleted with a release. The stream is a tree of pages, one or more for each step between
releases, the older ones before the newer by `as:published`.

Sources: https://w3id.org/ldes/specification , https://treecg.github.io/specification/ ,
https://www.w3.org/TR/activitystreams-vocabulary/ .
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final
from urllib.parse import quote

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from app.publish.change_sets import ChangeSet, Summary
from app.rdf.namespaces import DCTERMS, RDF, XSD

LDES: Final = "https://w3id.org/ldes#"
TREE: Final = "https://w3id.org/tree#"
AS: Final = "https://www.w3.org/ns/activitystreams#"
PREFIXES: Final = {"ldes": LDES, "tree": TREE, "as": AS, "dcterms": DCTERMS, "xsd": XSD}
PAGE: Final = 1_000
"""Members of a page."""

_TYPE: Final = NamedNode(RDF + "type")
_VIEW: Final = NamedNode(TREE + "view")
_MEMBER: Final = NamedNode(TREE + "member")
_PUBLISHED: Final = NamedNode(AS + "published")
_KINDS: Final = {"new": "Create", "changed": "Update", "gone": "Delete"}


@dataclass(frozen=True, slots=True)
class EventStream:
    """The stream of one publisher; `base` is the base IRI."""

    base: str

    @property
    def iri(self) -> NamedNode:
        """The stream itself."""
        return NamedNode(f"{self.base}/changes/ldes#stream")

    def page(self, old: str, new: str, offset: int = 0) -> NamedNode:
        """The address of a page of a step's members."""
        end = f"?offset={offset}" if offset else ""
        return NamedNode(f"{self.base}/changes/ldes/{old}..{new}{end}")

    def root(self, steps: Sequence[Summary]) -> Iterator[Triple]:
        """The root of the tree: a relation to the first page of each step."""
        node = NamedNode(f"{self.base}/changes/ldes")
        yield from self._stream(node)
        for step in sorted(steps, key=lambda step: step.created):
            first = self.page(step.old, step.new)
            moment = _moment(step)
            # No member of the page is older, and none is newer, than its release.
            yield from _relation(node, first, "GreaterThanOrEqualToRelation", moment)
            yield from _relation(node, first, "LessThanOrEqualToRelation", moment)

    def members(self, found: ChangeSet, offset: int = 0) -> Iterator[Triple]:
        """A page of a step's members, and a relation to the next page where more follow."""
        summary = found.summary
        node = self.page(summary.old, summary.new, offset)
        yield from self._stream(node)
        moment = _moment(summary)
        for place, entity in enumerate(islice(found.entities(), offset, offset + PAGE + 1)):
            if place == PAGE:
                following = self.page(summary.old, summary.new, offset + PAGE)
                yield from _relation(node, following, "Relation")
                return
            if entity.iri.startswith("_:"):
                continue  # without a name that lasts there is nothing to follow
            span = f"{self.base}/changes/{summary.old}..{summary.new}.rdfp"
            event = NamedNode(f"{span}?entity={quote(entity.iri, safe='')}")
            yield Triple(self.iri, _MEMBER, event)
            yield Triple(event, _TYPE, NamedNode(AS + _KINDS[entity.kind]))
            yield Triple(event, NamedNode(AS + "object"), NamedNode(entity.iri))
            yield Triple(event, NamedNode(DCTERMS + "isVersionOf"), NamedNode(entity.iri))
            yield Triple(event, _PUBLISHED, moment)

    def _stream(self, node: NamedNode) -> Iterator[Triple]:
        yield Triple(self.iri, _TYPE, NamedNode(LDES + "EventStream"))
        yield Triple(self.iri, NamedNode(LDES + "timestampPath"), _PUBLISHED)
        version = NamedNode(DCTERMS + "isVersionOf")
        yield Triple(self.iri, NamedNode(LDES + "versionOfPath"), version)
        root = NamedNode(f"{self.base}/changes/ldes")
        yield Triple(self.iri, _VIEW, root)
        yield Triple(node, _TYPE, NamedNode(TREE + "Node"))
        if node != root:  # TREE, section 3: a page tells of which view it is a part
            yield Triple(node, NamedNode(DCTERMS + "isPartOf"), root)


def _relation(
    node: NamedNode, to: NamedNode, kind: str, value: Literal | None = None
) -> Iterator[Triple]:
    relation = BlankNode()
    yield Triple(node, NamedNode(TREE + "relation"), relation)
    yield Triple(relation, _TYPE, NamedNode(TREE + kind))
    yield Triple(relation, NamedNode(TREE + "node"), to)
    if value is not None:
        yield Triple(relation, NamedNode(TREE + "path"), _PUBLISHED)
        yield Triple(relation, NamedNode(TREE + "value"), value)


def _moment(step: Summary) -> Literal:
    return Literal(step.created.isoformat(), datatype=NamedNode(XSD + "dateTime"))
