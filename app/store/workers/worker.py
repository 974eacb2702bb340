"""The child process that runs foreign queries: `python -m app.store.workers.worker FD CONFIG`.

It reads frames from one end of a socket pair, opens sealed releases read-only, and writes
answers as frames. It imports as little as it can (start-up is about 0.1 s) and knows nothing of
time limits: its parent ends it. Queries run in a thread, because only a thread's stack can be
made large enough for the recursion of the engine's parser and optimizer.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import socket
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import IO, Any, Final, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    Variable,
    parse,
    serialize,
)

from app.rdf.formats import Formats
from app.store.workers import lexer, paging, sandbox
from app.store.workers.frames import (
    ANSWER,
    DATA,
    END,
    FAILURE,
    HEAD,
    OPEN,
    QUERY,
    READY,
    FrameReader,
    pack,
    pack_json,
)
from app.store.workers.rows import CsvRows, JsonRows, RowCounter, TsvRows, XmlRows

WHOLE_BYTES: Final = 256 << 10
"""Answers up to this length are sent when they are complete."""

CHUNK_BYTES: Final = 64 << 10
"""Size of the pieces of longer answers."""

_NICE: Final = 5
"""Pages and the protocol's own work come before queries where processors are short."""

_ROW_COUNTERS: Final[dict[Formats, type[RowCounter]]] = {
    Formats.RESULTS_JSON: JsonRows,
    Formats.RESULTS_XML: XmlRows,
    Formats.RESULTS_CSV: CsvRows,
    Formats.RESULTS_TSV: TsvRows,
}

Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True, slots=True)
class Config:
    """What the parent decides once."""

    parent: int
    memory_bytes: int
    stack_bytes: int
    union_default_graph: bool


class _Refusal(Exception):
    """The query will not be run or finished: `kind` says why, for the parent to put in words."""

    def __init__(self, kind: str, detail: str = "") -> None:
        super().__init__(kind, detail)
        self.kind = kind
        self.detail = detail


class Worker:
    """Answers the frames of one connection, one after the other."""

    def __init__(self, connection: socket.socket, config: Config, *, filtered: bool) -> None:
        self._connection = connection
        self._config = config
        self._filtered = filtered
        self._store: Store | None = None
        self._release = ""
        self._cpu = sandbox.CpuAllowance()

    def serve(self) -> None:
        """Until the parent closes the connection."""
        reader = FrameReader()
        while data := self._connection.recv(1 << 18):
            for kind, payload in reader.feed(data):
                message = json.loads(payload)
                if kind == QUERY:
                    self._query(message)
                elif kind == OPEN:
                    self._open_quietly(message)
                    self._send(pack_json(READY, {"filtered": self._filtered}))

    def _send(self, frames: bytes) -> None:
        self._connection.sendall(frames)

    def _open(self, release: str, path: str) -> Store:
        if self._store is None or release != self._release:
            self._store = None  # closes the old one first: the two need not fit in memory
            self._store = Store.read_only(path)
            self._release = release
        return self._store

    def _open_quietly(self, message: dict[str, Any]) -> None:
        """Ahead of the next query, which will say so if it cannot be opened."""
        try:
            if message["release"] is not None:
                self._open(message["release"], message["path"])
        except OSError:
            self._store = None

    def _query(self, message: dict[str, Any]) -> None:
        started = perf_counter()
        self._cpu.allow(message["timeout"])
        try:
            try:
                store = self._open(message["release"], message["path"])
            except OSError as error:
                raise _Refusal("release", str(error)) from error
            answer = _Answer(self, message["max_bytes"])
            self._run(store, message, answer)
            answer.finish(started)
        except _Refusal as refusal:
            self._fail(refusal.kind, refusal.detail, started)
        except SyntaxError as error:
            self._fail("syntax", str(error), started)
        except MemoryError:
            self._fail("memory", "", started)
        except (ValueError, RuntimeError, OSError) as error:
            # The engine's ways to say that a query cannot be evaluated.
            self._fail("evaluation", str(error), started)

    def _fail(self, kind: str, detail: str, started: float) -> None:
        seconds = perf_counter() - started
        self._send(pack_json(FAILURE, {"kind": kind, "detail": detail, "seconds": seconds}))

    def _run(self, store: Store, message: dict[str, Any], answer: _Answer) -> None:
        text: str = message["text"]
        self._refuse_service(text, message["base_iri"], message["prefixes"])
        default, named = _graphs(message["default_graphs"]), _graphs(message["named_graphs"])
        dataset_given = bool(default or named)  # SPARQL 1.1 Protocol, section 2.1.4
        union = self._config.union_default_graph and not dataset_given
        query = partial(
            store.query,
            base_iri=message["base_iri"],
            prefixes=message["prefixes"],
            use_default_graph_as_union=union and not lexer.names_dataset(text),
            default_graph=[*default] if dataset_given else None,
            named_graphs=[*named] if dataset_given else None,
            substitutions={
                Variable(name): _term(name, term) for name, term in message["substitutions"].items()
            },
        )
        page = paging.page(text, message["rows"], message["skip"]) if message["rows"] else None
        if page is not None and page.text != text:
            try:
                result = query(page.text)
            except SyntaxError:  # told about the text that was sent
                page, result = None, query(text)
        else:
            result = query(text)
        if isinstance(result, QueryTriples):
            format = _format(message["graph_format"])
            answer.begin(lexer.form(text) or "construct", format, None)
            assert format.value.rdf is not None
            prefixes = {**message["prefixes"], **lexer.declared_prefixes(text)}
            _write_triples(result, answer, format.value.rdf, prefixes)
        else:
            format = _format(message["results_format"])
            form = "ask" if isinstance(result, QueryBoolean) else "select"
            answer.begin(form, format, None if form == "ask" else _ROW_COUNTERS[format]())
            if page is not None and not page.last:
                answer.cap = page.rows
            assert format.value.results is not None
            _write_results(result, answer, format.value.results)

    def _refuse_service(self, text: str, base_iri: str | None, prefixes: dict[str, str]) -> None:
        """Before the engine could open a connection, or hide behind SILENT that it could not."""
        if lexer.calls_service(text):
            raise _Refusal("service")
        probe = lexer.without_service(text)
        if probe == text:
            return
        try:
            Store().query(probe, base_iri=base_iri, prefixes=prefixes)
        except SyntaxError as error:
            if self._filtered:  # an error of its own comes out here; else the filter does its work
                Store().query(text, base_iri=base_iri, prefixes=prefixes)
            raise _Refusal("service") from error


class _Answer:
    """A file for the engine to write to: keeps the beginning, sends what is longer in pieces."""

    def __init__(self, worker: Worker, max_bytes: int) -> None:
        self._worker = worker
        self._max_bytes = max_bytes
        self._parts: list[bytes] = []
        self._kept = 0
        self._sent = 0
        self._head: dict[str, Any] = {}
        self._counter: RowCounter | None = None
        self.rows = 1  # of ASK
        self.cap: int | None = None

    def begin(self, form: str, format: Formats, counter: RowCounter | None) -> None:
        """Before the first byte: what it will be, and what counts its solutions."""
        self._head = {"form": form, "format": format.name}
        self._counter = counter

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
            self._worker._send(pack_json(END, self._end(started)))
        else:
            body = self._take()
            end = {**self._head, **self._end(started)}
            self._worker._send(pack_json(ANSWER, end) + pack(DATA, body))

    def _end(self, started: float) -> dict[str, Any]:
        rows = self._counter.rows() if self._counter is not None else self.rows
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10
        return {
            "rows": rows,
            "limited": rows == self.cap,
            "seconds": perf_counter() - started,
            "memory": memory,
        }

    def _take(self) -> bytes:
        data = b"".join(self._parts)
        if self._sent + len(data) > self._max_bytes:
            raise _Refusal("answer-too-long")
        if self._counter is not None:
            self._counter.feed(data)
        self._parts.clear()
        self._kept = 0
        return data

    def _send_kept(self) -> None:
        data = self._take()
        head = b"" if self._sent else pack_json(HEAD, self._head)
        self._sent += len(data)
        self._worker._send(head + pack(DATA, data))


def _write_results(
    result: QuerySolutions | QueryBoolean, answer: _Answer, format: QueryResultsFormat
) -> None:
    result.serialize(cast(IO[bytes], answer), format)


def _write_triples(
    result: QueryTriples, answer: _Answer, format: RdfFormat, prefixes: dict[str, str]
) -> None:
    """Through `serialize` rather than the result's own method: that one knows no prefixes and
    is only 3 % faster."""
    try:
        serialize((), None, format, prefixes=prefixes)
    except ValueError:
        prefixes = {}  # relative to the base: of no use to a reader of the answer
    count = itertools.count()

    def counted() -> Iterator[Triple]:
        for triple in result:
            next(count)
            yield triple

    serialize(
        counted(),
        cast(IO[bytes], answer),
        format,
        prefixes=prefixes,
    )
    answer.rows = next(count)


def _format(name: str | None) -> Formats:
    if name is None:
        raise _Refusal("not-acceptable")
    return Formats[name]


def _graphs(iris: list[str]) -> list[NamedNode]:
    try:
        return [NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise _Refusal("parameter", str(error)) from error


def _term(name: str, text: str) -> Term:
    """A substitution's value: one N-Triples term."""
    try:
        quads = list(parse(f"<x:s> <x:p> {text} .", RdfFormat.N_TRIPLES))
    except SyntaxError as error:
        raise _Refusal("parameter", f"?{name}: {error}") from error
    if len(quads) != 1:
        raise _Refusal("parameter", f"?{name}: {text!r}")
    return cast(Term, quads[0].object)


def main(arguments: list[str]) -> None:
    """Entry point: the number of the connection's file descriptor, and the Config as JSON."""
    config = Config(**json.loads(arguments[1]))
    limits = sandbox.Limits(memory_bytes=config.memory_bytes, parent=config.parent)
    os.nice(_NICE)
    connection = socket.socket(fileno=int(arguments[0]))
    filtered = sandbox.enter(limits)
    worker = Worker(connection, config, filtered=filtered)
    threading.stack_size(config.stack_bytes)
    thread = threading.Thread(target=worker.serve, daemon=True)
    thread.start()
    thread.join()
    os._exit(0)  # nothing to clean up, and the store's threads need not be waited for


if __name__ == "__main__":
    main(sys.argv[1:])
