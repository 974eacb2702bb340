"""A release opened for reading by pattern: no query text, nothing that can run away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import IO, BinaryIO, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
)

from app.rdf.namespaces import PREFIXES, RDF, RDFS
from app.store.base import Manifest, Resource, Term
from app.store.releases import FILES
from app.store.sorted_lines import SortedLines, sort_dump


class EmbeddedSnapshot:
    """One sealed release, read by pattern (`base.Snapshot`). Safe in several threads."""

    def __init__(
        self,
        manifest: Manifest,
        store: Store,
        release: Path | None = None,
        lines: Mapping[str, SortedLines] | None = None,
    ) -> None:
        self._manifest = manifest
        self._store = store
        self._release = release
        self._lines = dict(lines or {})

    @property
    def manifest(self) -> Manifest:
        """The release's manifest."""
        return self._manifest

    def quads(
        self,
        subject: Resource | Triple | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: Resource | None = None,
        *,
        limit: int,
    ) -> Iterator[Quad]:
        """At most `limit` quads that match; None matches all (for `graph`: every graph)."""
        return islice(self._store.quads_for_pattern(subject, predicate, object, graph), limit)

    def knows(self, subject: Resource) -> bool:
        """Whether the release holds a quad with this subject."""
        return next(self._store.quads_for_pattern(subject, None, None, None), None) is not None

    def holds(self, quad: Quad) -> bool:
        """Whether the release holds this quad."""
        return quad in self._store

    def graph(self, iri: str) -> Iterator[Quad]:
        """All quads of a graph."""
        return self._store.quads_for_pattern(None, None, None, NamedNode(iri))

    def lines(self, iri: str, scratch: Path) -> Iterator[bytes]:
        """All triples of a graph as sorted N-Triples; see `base.Snapshot.lines`."""
        if iri not in self._lines:  # kept: whoever asks once asks again
            self._lines[iri] = sort_dump(self._store, iri, scratch)
        return self._lines[iri].blocks()

    def subjects(
        self, predicate: NamedNode, object: Term, *, offset: int, limit: int
    ) -> list[Resource]:
        """Subjects of such statements from an offset on; see `base.Snapshot.subjects`.

        The engine skips without making an object of each statement, which a pattern cannot.
        """
        found = self._solutions(
            f"SELECT ?s {{ ?s {predicate} {object} }} OFFSET {offset:d} LIMIT {limit:d}"
        )
        subjects = (solution["s"] for solution in found)
        return [term for term in subjects if isinstance(term, NamedNode | BlankNode)]

    def frequent_objects(
        self, predicate: NamedNode, *, at_least: int, graph: str | None = None
    ) -> dict[str, int]:
        """Objects of a property that are met often; see `base.Snapshot.frequent_objects`."""
        found = self._solutions(
            f"SELECT ?o (COUNT(*) AS ?n) {{ ?s {predicate} ?o FILTER(isIRI(?o)) }} "
            f"GROUP BY ?o HAVING(COUNT(*) >= {at_least:d})",
            graph,
        )
        return {solution["o"].value: int(solution["n"].value) for solution in found}

    def things(self, graph: str, space: str) -> Iterator[str]:
        """Things of a graph with an IRI of their own; see `base.Snapshot.things`."""
        found = self._store.query(
            f"SELECT DISTINCT ?s {{ {{ ?s <{RDF}type> ?x }} UNION {{ ?s <{RDFS}label> ?x }} "
            f"FILTER(STRSTARTS(STR(?s), {Literal(space)}) && !CONTAINS(STR(?s), '#')) }}",
            default_graph=NamedNode(graph),
        )
        assert isinstance(found, QuerySolutions)
        return (solution["s"].value for solution in found)

    def dump(self, graph: str, output: BinaryIO, format: RdfFormat) -> None:
        """Write a graph's triples."""
        prefixes = {**PREFIXES, "def": f"{self._manifest.base_iri}/def/"}
        target = cast(IO[bytes], output)
        self._store.dump(target, format, from_graph=NamedNode(graph), prefixes=prefixes)

    def _solutions(self, query: str, graph: str | None = None) -> QuerySolutions:
        """The queries are ours; terms are written by the engine, so nothing can break out."""
        if graph is None:
            found = self._store.query(query, use_default_graph_as_union=True)
        else:
            found = self._store.query(query, default_graph=NamedNode(graph))
        assert isinstance(found, QuerySolutions)
        return found

    def file(self, name: str) -> Path | None:
        """A file that was made with the release, or None."""
        known = f"{FILES}/{name}" in self._manifest.files
        return self._release / FILES / name if self._release is not None and known else None


def open_snapshot(manifest: Manifest, store: Path, release: Path | None = None) -> EmbeddedSnapshot:
    """A snapshot of a sealed store; `release` is its directory when it has files of its own."""
    return EmbeddedSnapshot(manifest, Store.read_only(str(store)), release)
