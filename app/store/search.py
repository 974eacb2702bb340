"""The full-text index of a release: a tantivy directory among the release's files.

It is written once, when the release is made, and only read afterwards; going back to another
release goes back to its index. A document is a thing with a name. What is shown of a thing is
read from the store, so the index keeps nothing but IRIs.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Literal, Self

import orjson
import tantivy

from app.errors import DiskFull, Place, StoreError, Text
from app.store.search_text import (
    KEY_BEGINNING,
    WHOLE,
    WORD_BEGINNING,
    Piece,
    folded,
    key,
    pieces,
    tokens,
)

Facet = Literal["type", "region", "dataset"]
FACETS: Final[tuple[Facet, ...]] = ("type", "region", "dataset")

HEAP_BYTES: Final = 64 << 20
"""Memory for documents not yet written, whatever their number."""

MAX_PIECES: Final = 32
"""Pieces of a question that are looked at."""

_RUN: Final = 24  # characters of one run of Japanese in a question
_NAME_BOOST: Final = 3.0
# Above what a few pieces can score by their rarity: the logarithm of the number of things, each.
_BEGINNING_BOOST: Final = 50.0
_WHOLE_BOOST: Final = 100.0
_ALL: Final = "basic"
_Q = tantivy.Query
_MUST, _SHOULD = tantivy.Occur.Must, tantivy.Occur.Should


@dataclass(frozen=True, slots=True)
class SearchDocument:
    """A thing as it can be found. `graph` is the named graph that its document is made from;
    `regions` are IRIs of the regions that it lies in, from the nearest to the widest."""

    iri: str
    graph: str
    dataset: str
    names: Sequence[str]
    places: Sequence[str] = ()
    types: Sequence[str] = ()
    regions: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """What is looked for: text (empty: anything), and values that each named facet must have,
    any one of them."""

    text: str = ""
    chosen: Mapping[Facet, Sequence[str]] = field(default_factory=dict)
    offset: int = 0
    limit: int = 20
    counted: Sequence[Facet] = FACETS
    values: int = 50
    """Values of a facet that are counted, the most frequent ones."""


@dataclass(frozen=True, slots=True)
class SearchFound:
    """Things by IRI, the best first; how many there are in all; and how many have each value of
    the facets that were to be counted, the most frequent first."""

    total: int
    iris: tuple[str, ...]
    facets: Mapping[Facet, tuple[tuple[str, int], ...]] = field(default_factory=dict)


class SearchIndexWriter:
    """Writes the index of a release into a folder that is not there yet. Left without an error,
    it is whole; `base`, the index of an earlier release, gives the documents to begin with."""

    def __init__(self, folder: Path, base: Path | None = None) -> None:
        self._folder = folder
        if base is not None:
            _clone(base, folder)
        else:
            folder.mkdir()
        self._schema = _schema()
        self._index = tantivy.Index(self._schema, path=str(folder))
        # One thread: a second one gains little, for its documents come from one reader.
        self._writer = self._index.writer(heap_size=HEAP_BYTES, num_threads=1)

    def add(self, document: SearchDocument) -> None:
        """Add a thing. Raises StoreError (DiskFull)."""
        names = [tokens(name) for name in document.names]
        places = [tokens(place) for place in document.places]
        fields = {
            "iri": document.iri,
            "graph": document.graph,
            "dataset": document.dataset,
            "type": document.types,
            "region": document.regions,
            "name": [name.pairs for name in names],
            "name_part": [name.parts for name in names],
            "place": [place.pairs for place in places],
            "place_part": [place.parts for place in places],
            "start": [name.beginnings for name in names],
        }
        try:
            self._writer.add_json(orjson.dumps(fields).decode())
        except ValueError as error:
            raise _failed(self._folder, error) from error

    def remove_graph(self, graph: str) -> None:
        """Take out the documents made from a graph."""
        self._writer.delete_documents_by_term("graph", graph)

    def remove_thing(self, iri: str) -> None:
        """Take out the documents of a thing."""
        self._writer.delete_documents_by_term("iri", iri)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if kind is not None:
            self._writer.rollback()
            return
        try:
            self._writer.commit()
            self._writer.garbage_collect_files()
            self._writer.wait_merging_threads()
        except ValueError as failure:
            raise _failed(self._folder, failure) from failure
        for file in self._folder.iterdir():
            file.chmod(0o644)  # some are made for their writer's eyes only


class SearchIndex:
    """The index of one release, open for reading. Safe in several threads."""

    def __init__(self, folder: Path) -> None:
        index = tantivy.Index.open(str(folder))
        self._schema = index.schema
        self._searcher = index.searcher()

    @property
    def things(self) -> int:
        """Things that can be found."""
        return int(self._searcher.num_docs)

    def find(self, request: SearchRequest) -> SearchFound:
        """The things that have every piece of the text in their names or places, and a chosen
        value of each facet. Names that begin with the text come first, those that are it
        before them. A text without any letter or digit finds nothing."""
        matching, ranking = self._queries(request)
        if matching is None:
            return SearchFound(0, ())
        query = _Q.boolean_query([(_MUST, matching), *ranking]) if ranking else matching
        found = self._searcher.search(query, limit=max(request.limit, 1), offset=request.offset)
        total = int(found.count)  # type: ignore[attr-defined]  # the stub leaves it out
        iris = tuple(str(self._searcher.doc(hit)["iri"][0]) for _, hit in found.hits)
        facets = self._counts(matching, request) if total and request.counted else {}
        return SearchFound(total, iris[: request.limit], facets)

    def _queries(
        self, request: SearchRequest
    ) -> tuple[tantivy.Query | None, list[tuple[tantivy.Occur, tantivy.Query]]]:
        """What a thing must have, and what brings it forward."""
        must: list[tuple[tantivy.Occur, tantivy.Query]] = []
        ranking: list[tuple[tantivy.Occur, tantivy.Query]] = []
        if request.text.strip():
            text = folded(request.text)
            asked = list(pieces(text))[:MAX_PIECES]
            if not asked:
                return None, []
            must += [(_MUST, self._piece(piece)) for piece in asked]
            ranking = self._ranking(key(text))
        for facet, values in request.chosen.items():
            wanted = _Q.term_set_query(self._schema, facet, list(values))
            must.append((_MUST, _Q.const_score_query(wanted, 0.0)))
        if not must:
            return _Q.all_query(), ranking
        return (must[0][1] if len(must) == 1 else _Q.boolean_query(must)), ranking

    def _piece(self, piece: Piece) -> tantivy.Query:
        """A piece in a name or, which counts less, in a place."""
        name, place = (self._in_field(field, piece) for field in ("name", "place"))
        return _Q.disjunction_max_query([_Q.boost_query(name, _NAME_BOOST), place], 0.1)

    def _in_field(self, field: str, piece: Piece) -> tantivy.Query:
        if not piece.japanese:
            return self._term(f"{field}_part", piece.text[:WORD_BEGINNING])
        pairs = piece.pairs[:_RUN]
        if not pairs:
            return self._term(f"{field}_part", piece.text)
        if len(pairs) == 1:
            return self._term(field, pairs[0])
        return _Q.phrase_query(self._schema, field, list(pairs))

    def _ranking(self, whole: str) -> list[tuple[tantivy.Occur, tantivy.Query]]:
        beginning = self._term("start", whole[:KEY_BEGINNING], _ALL)
        exact = self._term("start", whole + WHOLE, _ALL)
        return [
            (_SHOULD, _Q.const_score_query(beginning, _BEGINNING_BOOST)),
            (_SHOULD, _Q.const_score_query(exact, _WHOLE_BOOST)),
        ]

    def _term(self, field: str, term: str, option: str = "freq") -> tantivy.Query:
        return _Q.term_query(self._schema, field, term, option)

    def _counts(
        self, query: tantivy.Query, request: SearchRequest
    ) -> dict[Facet, tuple[tuple[str, int], ...]]:
        asked = {n: {"terms": {"field": n, "size": request.values}} for n in request.counted}
        answer: dict[str, Any] = self._searcher.aggregate(query, asked)
        return {
            name: tuple((str(b["key"]), int(b["doc_count"])) for b in answer[name]["buckets"])
            for name in request.counted
        }


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("iri", stored=True, tokenizer_name="raw", index_option=_ALL)
    builder.add_text_field("graph", tokenizer_name="raw", index_option=_ALL)
    for facet in FACETS:
        builder.add_text_field(facet, tokenizer_name="raw", index_option=_ALL, fast=True)
    for text in ("name", "place"):
        builder.add_text_field(text, tokenizer_name="whitespace", index_option="position")
        builder.add_text_field(f"{text}_part", tokenizer_name="whitespace", index_option="freq")
    builder.add_text_field("start", tokenizer_name="whitespace", index_option=_ALL)
    return builder.build()


def _clone(base: Path, folder: Path) -> None:
    """Segments never change once they are written and are hard-linked; what names them is
    replaced at each commit and is copied."""
    folder.mkdir()
    for file in base.iterdir():
        if file.suffix == ".json":
            shutil.copyfile(file, folder / file.name)
        elif file.suffix != ".lock":
            (folder / file.name).hardlink_to(file)


def _failed(folder: Path, error: ValueError) -> StoreError:
    """The engine tells every failure as a ValueError with a sentence."""
    full = "No space left on device" in str(error) or "File too large" in str(error)
    kind = DiskFull if full else StoreError
    return kind(
        Text(
            ja=f"検索の索引を書き込めません: {error}",
            en=f"The index for searching cannot be written: {error}",
        ),
        place=Place(str(folder)),
        hint=Text(
            ja="空きを作ってから、もう一度公開してください。これまでの版はそのままです。",
            en="Make room and publish again. The release before is untouched.",
        ),
    )
