"""A release and a query service in memory, given to the application through its constructor."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import IO, BinaryIO, cast

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    RdfFormat,
    Store,
    Triple,
)

from app.codes.terms import TermTable
from app.codes.terms import vocabulary as terms_of
from app.errors import Language, Place, QuerySyntaxError, ReleaseNotFound, Text
from app.publish.catalog import Catalog
from app.settings import load
from app.store.base import (
    GraphEntry,
    Manifest,
    QueryAnswer,
    QueryRequest,
    Resource,
    Snapshot,
    Term,
)
from app.web.parts import WebParts

BASE = "https://data.example.jp"
GRAPH = f"{BASE}/graphs/sample"
SAMPLE = (Path(__file__).parent / "sample.ttl").read_text(encoding="utf-8")
VOCABULARY = Path(__file__).parents[2] / "vocab"
CREATED = datetime(2026, 4, 1, 9, 30, tzinfo=UTC)
_ALL = DefaultGraph()


class MemorySnapshot:
    """A Snapshot over a Turtle text."""

    def __init__(
        self,
        turtle: str = SAMPLE,
        release: str = "r1",
        base: str = BASE,
        *,
        vocabulary: bool = False,
    ) -> None:
        self.store = Store()
        graph = NamedNode(GRAPH)
        self.store.load(turtle.encode(), RdfFormat.TURTLE, base_iri=base + "/", to_graph=graph)
        self.look_ups = 0
        self.files: dict[str, Path] = {}
        classes: dict[str, int] = {}
        properties: dict[str, int] = {}
        for quad in self.store:
            properties[quad.predicate.value] = properties.get(quad.predicate.value, 0) + 1
            if quad.predicate.value.endswith("#type"):
                name = quad.object.value if isinstance(quad.object, NamedNode) else ""
                classes[name] = classes.get(name, 0) + 1
        if vocabulary:
            own = NamedNode(f"{base}/graphs/vocabulary")
            found = terms_of(VOCABULARY, base_iri=base)
            self.store.extend(Quad(q.subject, q.predicate, q.object, own) for q in found)
        self.manifest = Manifest(
            id=release,
            created=CREATED,
            software="test",
            base_iri=base,
            files={},
            graphs={
                GRAPH: GraphEntry(
                    iri=GRAPH,
                    dataset="sample",
                    quads=len(self.store),
                    subjects=len({q.subject for q in self.store}),
                    classes=classes,
                    properties=properties,
                    modified=CREATED,
                    about={
                        "title": "見本",
                        "title_en": "Sample",
                        "description": "試験のための小さなデータ",
                        "description_en": "A small data set for tests",
                        "publisher": "見本市",
                        "licenses": [{"path": "https://creativecommons.org/licenses/by/4.0/"}],
                    },
                )
            },
        )

    def quads(
        self,
        subject: Resource | Triple | None = None,
        predicate: NamedNode | None = None,
        object: Term | None = None,
        graph: Resource | None = None,
        *,
        limit: int,
    ) -> Iterator[Quad]:
        self.look_ups += 1
        found = self.store.quads_for_pattern(subject, predicate, object, graph)
        for _, quad in zip(range(limit), found, strict=False):
            yield quad

    def knows(self, subject: Resource) -> bool:
        self.look_ups += 1
        return next(iter(self.store.quads_for_pattern(subject, None, None, None)), None) is not None

    def holds(self, quad: Quad) -> bool:
        return quad in self.store

    def graph(self, iri: str) -> Iterator[Quad]:
        quads = self.store.quads_for_pattern(None, None, None, NamedNode(iri))
        return iter(sorted(quads, key=lambda quad: str(quad.subject)))

    def lines(self, iri: str, scratch: Path) -> Iterator[bytes]:  # noqa: ARG002 - a Protocol's
        dumped = self.store.dump(format=RdfFormat.N_TRIPLES, from_graph=NamedNode(iri)) or b""
        yield b"".join(sorted(dumped.splitlines(keepends=True)))

    def subjects(
        self, predicate: NamedNode, object: Term, *, offset: int, limit: int
    ) -> list[Resource]:
        self.look_ups += 1
        found = self.store.quads_for_pattern(None, predicate, object, None)
        subjects = [quad.subject for quad in islice(found, offset, offset + limit)]
        return [subject for subject in subjects if isinstance(subject, NamedNode | BlankNode)]

    def frequent_objects(
        self, predicate: NamedNode, *, at_least: int, graph: str | None = None
    ) -> dict[str, int]:
        counts: dict[str, int] = {}
        within = None if graph is None else NamedNode(graph)
        for quad in self.store.quads_for_pattern(None, predicate, None, within):
            if isinstance(quad.object, NamedNode):
                counts[quad.object.value] = counts.get(quad.object.value, 0) + 1
        return {iri: count for iri, count in counts.items() if count >= at_least}

    def things(self, graph: str, space: str) -> Iterator[str]:
        subjects = {str(getattr(quad.subject, "value", "")) for quad in self.graph(graph)}
        return (iri for iri in sorted(subjects) if iri.startswith(space) and "#" not in iri)

    def dump(self, graph: str, output: BinaryIO, format: RdfFormat) -> None:
        self.store.dump(cast(IO[bytes], output), format, from_graph=NamedNode(graph))

    def file(self, name: str) -> Path | None:
        return self.files.get(name)


class MemorySnapshots:
    """Gives one snapshot, or none before `snapshot` is set."""

    def __init__(self, snapshot: Snapshot | None) -> None:
        self.snapshot = snapshot

    def get(self) -> Snapshot:
        if self.snapshot is None:
            raise ReleaseNotFound(
                Text(ja="まだ公開された版がありません。", en="Nothing is published yet."),
                hint=Text(ja="`tsunagu publish`", en="`tsunagu publish`"),
            )
        return self.snapshot


class MemoryQueries:
    """Runs queries in the process; `failure` is raised before, `late` after the first chunk."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.asked: list[QueryRequest] = []
        self.failure: Exception | None = None
        self.late: Exception | None = None
        self.running = False

    def release(self) -> str | None:
        return "r1"

    async def start(self) -> None:
        self.running = True

    async def close(self) -> None:
        self.running = False

    async def run(self, request: QueryRequest) -> QueryAnswer:
        self.asked.append(request)
        if self.failure is not None:
            raise self.failure
        try:
            found = self.store.query(
                request.text, use_default_graph_as_union=True, prefixes=dict(request.prefixes)
            )
        except SyntaxError as error:
            raise QuerySyntaxError(
                Text(ja=f"SPARQL ではありません: {error.msg}", en=f"Not SPARQL: {error.msg}"),
                place=Place(line=1, column=8),
            ) from error
        if isinstance(found, QuerySolutions | QueryBoolean):
            form = "select" if isinstance(found, QuerySolutions) else "ask"
            media_type, body = next(
                (f.media_type, found.serialize(format=f))
                for name in request.accept
                if (f := QueryResultsFormat.from_media_type(name)) is not None
            )
        else:
            form = "construct"
            media_type, body = next(
                (g.media_type, found.serialize(format=g))
                for name in request.accept
                if (g := RdfFormat.from_media_type(name)) is not None
            )
        assert body is not None
        return QueryAnswer(
            form=form,
            media_type=media_type,
            release="r1",
            chunks=self._chunks(body),
            whole=self.late is None,
            rows=1,
            content_length=len(body) if self.late is None else None,
        )

    async def _chunks(self, body: bytes) -> AsyncGenerator[bytes, None]:
        yield body
        if self.late is not None:
            raise self.late


class FewLabels:
    """Labels of a few terms."""

    def label(self, iri: str, language: Language) -> str | None:
        known = {
            "http://imi.go.jp/ns/core/rdf#施設型": ("施設", "Facility"),
            "http://imi.go.jp/ns/core/rdf#住所": ("住所", "Address"),
        }
        return known[iri][0 if language == "ja" else 1] if iri in known else None


def parts(
    snapshot: MemorySnapshot | None = None, *, published: bool = True, base: str = BASE
) -> WebParts:
    """Parts of an application over a snapshot in memory."""
    snapshot = snapshot or MemorySnapshot(vocabulary=True)
    settings = load(None, {}, base_iri=base, title="見本市オープンデータ")
    return WebParts(
        settings=settings,
        snapshots=MemorySnapshots(snapshot if published else None),
        queries=MemoryQueries(snapshot.store),
        labels=FewLabels(),
        catalog=Catalog(settings.default_licence, settings.publisher),
        terms=TermTable.load(VOCABULARY, base_iri=base),
    )


__all__ = [
    "BASE",
    "GRAPH",
    "Literal",
    "MemoryQueries",
    "MemorySnapshot",
    "MemorySnapshots",
    "parts",
]
