"""What the rest of the program knows of stores: releases, snapshots and queries, as Protocols.

`embedded` implements them over sealed Oxigraph directories, `workers` asks queries of them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, Literal, Protocol

from pydantic import BaseModel, ConfigDict
from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Triple
from pyoxigraph import Literal as RdfLiteral

from app.errors import TsunaguError

Resource = NamedNode | BlankNode
Term = NamedNode | BlankNode | RdfLiteral | Triple


class FileEntry(BaseModel):
    """One file of a release."""

    model_config = ConfigDict(frozen=True)

    bytes: int
    sha256: str


class GraphEntry(BaseModel):
    """One named graph of a release: what it holds and what it was made from.

    `classes` and `properties` count instances and triples by IRI. `inputs` are SHA-256 sums by
    the name of the input file (source, mapping, description); equal inputs need no new build.
    `about` is the description of the data set as published, so that pages need no other file.
    `loaded_with` is the graph whose load also filled this one (its quads named this graph): the
    two are replaced and dropped together.
    """

    model_config = ConfigDict(frozen=True)

    iri: str
    dataset: str | None = None
    quads: int
    subjects: int = 0
    classes: dict[str, int] = {}
    properties: dict[str, int] = {}
    inputs: dict[str, str] = {}
    modified: datetime
    loaded_with: str | None = None
    about: dict[str, Any] = {}


class Manifest(BaseModel):
    """What a sealed release says of itself (`manifest.json`). `uncompacted` counts the quads
    that were written or removed since the store was last optimized."""

    model_config = ConfigDict(frozen=True)

    id: str
    created: datetime
    parent: str | None = None
    software: str
    base_iri: str
    note: str = ""
    graphs: dict[str, GraphEntry]
    files: dict[str, FileEntry]
    uncompacted: int = 0

    @property
    def quads(self) -> int:
        """Quads in all graphs."""
        return sum(graph.quads for graph in self.graphs.values())


class Snapshot(Protocol):
    """One release, read by pattern. Every look-up is bounded by its `limit`; nothing here
    takes query text, so it may be called in the serving process."""

    @property
    def manifest(self) -> Manifest:
        """The release's manifest."""

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

    def knows(self, subject: Resource) -> bool:
        """Whether the release holds a quad with this subject."""

    def holds(self, quad: Quad) -> bool:
        """Whether the release holds this quad."""

    def graph(self, iri: str) -> Iterator[Quad]:
        """All quads of a graph, those of one subject together. Not bounded: for comparing and
        making releases, never for a page."""

    def lines(self, iri: str, scratch: Path) -> Iterator[bytes]:
        """All triples of a graph as blocks of whole lines of canonical N-Triples, sorted by
        their bytes, each once. What memory does not hold waits in unnamed files in the folder
        `scratch`. About 6 µs a quad, a fifth of one in a release that has just been loaded."""

    def subjects(
        self, predicate: NamedNode, object: Term, *, offset: int, limit: int
    ) -> list[Resource]:
        """At most `limit` subjects of such statements from an offset on, in the order of the
        index, which never changes in a release. Skipping 100,000 takes about 30 ms."""

    def frequent_objects(
        self, predicate: NamedNode, *, at_least: int, graph: str | None = None
    ) -> dict[str, int]:
        """IRIs that are the object of a property in so many statements or more, of one graph or
        of all (a statement counts in each), and in how many. About 3 µs a statement: for making a release, never for a page."""

    def things(self, graph: str, space: str) -> Iterator[str]:
        """IRIs with a type or a label in a graph that begin with `space` and have no fragment,
        each once. Not bounded: for making a release, never for a page."""

    def dump(self, graph: str, output: BinaryIO, format: RdfFormat) -> None:
        """Write a graph's triples. About half a microsecond a triple."""

    def file(self, name: str) -> Path | None:
        """A file that was made with the release (an index, a dump), or None."""


Complete = Callable[[Snapshot, Snapshot | None, Path], None]
"""Writes further files of a release into a folder, from its quads and those of the release
before it. What it writes is summed, verified, kept and removed with the release."""


class ReleaseBuilder(Protocol):
    """A release being made beside the current one. Nothing is visible before `seal`."""

    def load(self, graph: str, quads: BinaryIO, *, entry: GraphEntry) -> None:
        """Replace a graph by N-Quads read from a stream until its end.

        Quads without a graph go to `graph`. The counts of `entry` are filled in by `seal`.
        Raises StoreError (DiskFull) and leaves the current release untouched.
        """

    def drop(self, graph: str) -> None:
        """Leave a graph out of the new release."""

    def seal(self, complete: Complete | None = None) -> Manifest:
        """Optimize where it pays, count, let `complete` write its files, write the manifest,
        fsync, and make it current."""


class Releases(Protocol):
    """The releases of one data directory."""

    def current(self) -> Manifest | None:
        """The one that is served, or None before the first publish."""

    def all(self) -> Sequence[Manifest]:
        """Newest first."""

    def build(
        self, *, note: str = "", replacing: Collection[str] = ()
    ) -> AbstractContextManager[ReleaseBuilder]:
        """Start a release from the current one. Removes it again unless it was sealed.

        `replacing` names the graphs that will be loaded or dropped, as far as the caller knows:
        when they are most of the release, the others are copied into a new store instead.
        Raises PublishInProgress when another process is building."""

    def snapshot(self, release: str | None = None) -> Snapshot:
        """Open a release for reading (default: the current one). Raises ReleaseNotFound."""

    def verify(self, release: str | None = None) -> Manifest:
        """Compare every file with the manifest. Raises ReleaseCorrupt naming the file."""

    def rollback(self, to: str | None = None) -> Manifest:
        """Make an older release current (default: the one before)."""

    def prune(self, keep: int) -> list[str]:
        """Remove all but the newest `keep`, the current one and the leavings of dead builds.
        Gives the ids and names that were removed."""


@dataclass(frozen=True, slots=True)
class Document:
    """An RDF document of someone we do not know: its bytes, the name of its format in
    `app.rdf.formats.Formats`, and the IRI that its relative IRIs start from."""

    data: bytes
    format: str
    base_iri: str


@dataclass(frozen=True, slots=True)
class Update:
    """A SPARQL update of someone we do not know. `default_graph` names the graph that stands
    for the default graph: releases hold named graphs only. `using` and `using_named` are the
    dataset of its patterns, unless it names one itself."""

    text: str
    default_graph: str
    base_iri: str | None = None
    prefixes: Mapping[str, str] = field(default_factory=dict)
    using: Sequence[str] = ()
    using_named: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class GraphChange:
    """Replace, add to, or remove a graph (SPARQL 1.1 Graph Store HTTP Protocol)."""

    action: Literal["put", "post", "delete"]
    graph: str
    documents: Sequence[Document] = ()


Change = Update | GraphChange


@dataclass(frozen=True, slots=True)
class GraphDifference:
    """How many quads a graph had and has; None where there was or is no such graph."""

    before: int | None
    after: int | None


@dataclass(slots=True)
class ChangeOutcome:
    """What became of one change. `existed` says whether the graph of a GraphChange was there."""

    error: TsunaguError | None = None
    existed: bool = False


@dataclass(slots=True)
class Rewritten:
    """The result of applying changes together: the release that is current afterwards (None:
    there is none), an outcome for each change, and what differs by graph."""

    manifest: Manifest | None
    outcomes: list[ChangeOutcome]
    graphs: dict[str, GraphDifference]


class Rewriter(Protocol):
    """Applies changes of people we do not know, several as one release."""

    def rewrite(
        self,
        changes: Sequence[Change],
        *,
        note: str = "",
        allow: Callable[[Mapping[str, GraphDifference]], None] | None = None,
        complete: Complete | None = None,
    ) -> Rewritten:
        """Apply them in order; one that fails leaves no trace and does not stop the others.

        `allow` sees what differs before anything becomes visible, and raises to give it all up.
        Returns after the new release has reached the disk and is current. Makes no release when
        nothing differs. Raises PublishInProgress and StoreError."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Query seconds that a client gets each second, and that it may save up."""

    per_second: float
    burst: float


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query of someone we do not know. `accept` are media types in order of preference: the
    first that fits the query's form is used. `substitutions` are N-Triples terms by variable.

    `rows` and `skip` take a page of the solutions of a SELECT. With `whole` the answer is given
    when all of it is there, so that its rows and length are known and no failure can come late.
    `client` is who waits in turn and pays, out of `allowance` if there is one; `id` names the
    query in logs.
    """

    text: str
    accept: Sequence[str]
    default_graphs: Sequence[str] = ()
    named_graphs: Sequence[str] = ()
    base_iri: str | None = None
    substitutions: Mapping[str, str] = field(default_factory=dict)
    timeout_s: float | None = None
    max_bytes: int | None = None
    prefixes: Mapping[str, str] = field(default_factory=dict)
    client: str = ""
    id: str = ""
    rows: int | None = None
    skip: int = 0
    whole: bool = False
    allowance: Allowance | None = None


class AnswerBody(Protocol):
    """The bytes of an answer. An async generator will do."""

    def __aiter__(self) -> AsyncIterator[bytes]:
        """Itself."""

    async def __anext__(self) -> bytes:
        """The next bytes. Raises QueryError when the query fails after its beginning."""

    async def aclose(self) -> None:
        """Stop reading: ends the query if it still runs."""


@dataclass(slots=True)
class QueryAnswer:
    """An answer whose first bytes are there. `form` is select, ask, construct or describe.
    Iterating `chunks` to the end means it is whole; a late failure raises QueryError there.
    After the last chunk `rows` (solutions or triples) and `seconds` are known. `whole` is True
    when the body was complete before this object was made (small answers are spooled).
    `chunks` must be iterated to its end or closed (`aclose`): closing ends the query."""

    form: str
    media_type: str
    release: str
    chunks: AnswerBody
    whole: bool = False
    rows: int | None = None
    limited: bool = False
    seconds: float | None = None
    content_length: int | None = None


class QueryService(Protocol):
    """Runs foreign SPARQL where it can do no harm."""

    def release(self) -> str | None:
        """The id of the release that a query would see now."""

    async def run(self, request: QueryRequest) -> QueryAnswer:
        """Raises QueryError (syntax, refused, too large, timeout, memory, overload) or
        NotAcceptable."""

    async def start(self) -> None:
        """Make the processes ready."""

    async def close(self) -> None:
        """End them."""
