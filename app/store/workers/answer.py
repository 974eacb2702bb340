"""What a worker writes an answer to: short ones are sent whole, long ones in pieces."""

from __future__ import annotations

import itertools
import resource
from collections.abc import Callable, Iterator
from time import perf_counter
from typing import IO, Any, Final, cast

from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Triple,
    serialize,
)

from app.rdf import xml
from app.rdf.formats import Formats
from app.store.workers.frames import ANSWER, DATA, END, HEAD, pack, pack_json
from app.store.workers.rows import CsvRows, JsonRows, RowCounter, TsvRows, XmlRows

WHOLE_BYTES: Final = 256 << 10
"""Answers up to this length are sent when they are complete."""

CHUNK_BYTES: Final = 64 << 10
"""Size of the pieces of longer answers."""

_ROW_COUNTERS: Final[dict[Formats, type[RowCounter]]] = {
    Formats.RESULTS_JSON: JsonRows,
    Formats.RESULTS_XML: XmlRows,
    Formats.RESULTS_CSV: CsvRows,
    Formats.RESULTS_TSV: TsvRows,
}


class Refusal(Exception):
    """The query will not be run or finished: `kind` says why, for the parent to put in words."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail


class Answer:
    """A file for the engine to write to: keeps the beginning, sends what is longer in pieces.
    Raises Refusal("answer-too-long") beyond `max_bytes`."""

    def __init__(self, send: Callable[[bytes], None], max_bytes: int) -> None:
        self._send = send
        self._max_bytes = max_bytes
        self._parts: list[bytes] = []
        self._kept = 0
        self._sent = 0
        self._head: dict[str, Any] = {}
        self._counter: RowCounter | None = None
        self._rows = 1  # of ASK
        self._cap: int | None = None
        self._xml = False

    def results(
        self, result: QuerySolutions | QueryBoolean, format: Formats, cap: int | None
    ) -> None:
        """Solutions, or yes or no. So many solutions as `cap` are not all of them."""
        assert format.value.results is not None
        asked = isinstance(result, QueryBoolean)
        self._head = {"form": "ask" if asked else "select", "format": format.name}
        self._xml = format is Formats.RESULTS_XML
        if not asked:
            self._counter, self._cap = _ROW_COUNTERS[format](), cap
        _write_results(result, self, format.value.results)

    def triples(
        self, result: QueryTriples, form: str, format: Formats, prefixes: dict[str, str]
    ) -> None:
        """A graph."""
        assert format.value.rdf is not None
        self._head = {"form": form, "format": format.name}
        self._xml = format is Formats.RDF_XML
        self._rows = _write_triples(result, self, format.value.rdf, prefixes)

    def write(self, data: bytes, /) -> int:
        """Called by the engine, 8 KiB at a time."""
        self._parts.append(data)
        self._kept += len(data)
        if self._kept >= (CHUNK_BYTES if self._sent else WHOLE_BYTES):
            self._send_kept()
        return len(data)

    def flush(self) -> None:
        """Called by the engine at the end; `finish` does it."""

    def finish(self, started: float) -> None:
        """After the last byte."""
        if self._sent:
            self._send_kept()
            self._send(pack_json(END, self._end(started)))
        else:
            body = self._take()
            end = {**self._head, **self._end(started)}
            self._send(pack_json(ANSWER, end) + pack(DATA, body))

    def _end(self, started: float) -> dict[str, Any]:
        rows = self._counter.rows() if self._counter is not None else self._rows
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
        return {
            "rows": rows,
            "limited": rows == self._cap,
            "seconds": perf_counter() - started,
            "memory": memory,
        }

    def _take(self) -> bytes:
        data = b"".join(self._parts)
        if self._sent + len(data) > self._max_bytes:
            raise Refusal("answer-too-long")
        if self._counter is not None:
            self._counter.feed(data)
        if self._xml:
            try:
                data = xml.kept(data)
            except ValueError as error:
                raise Refusal("not-xml", str(error)) from error
        self._parts.clear()
        self._kept = 0
        return data

    def _send_kept(self) -> None:
        data = self._take()
        head = b"" if self._sent else pack_json(HEAD, self._head)
        self._sent += len(data)
        self._send(head + pack(DATA, data))


def _write_results(
    result: QuerySolutions | QueryBoolean, answer: Answer, format: QueryResultsFormat
) -> None:
    result.serialize(cast(IO[bytes], answer), format)


def _write_triples(
    result: QueryTriples, answer: Answer, format: RdfFormat, prefixes: dict[str, str]
) -> int:
    """Through `serialize` rather than the result's own method: that one knows no prefixes and
    is only 3 % faster. Gives the number of triples."""
    try:
        serialize((), None, format, prefixes=prefixes)
    except ValueError:
        prefixes = {}  # relative to the base: of no use to a reader of the answer
    count = itertools.count()
    named: set[str] = set()

    def counted() -> Iterator[Triple]:
        for triple in result:
            next(count)
            if format is RdfFormat.RDF_XML and triple.predicate.value not in named:
                if not xml.has_name(triple.predicate.value):
                    raise Refusal("not-xml", f"<{triple.predicate.value}>")
                named.add(triple.predicate.value)
            yield triple

    serialize(counted(), cast(IO[bytes], answer), format, prefixes=prefixes)
    return next(count)
