"""The process that runs foreign queries, one after the other; forked by `template_process`.

It reads frames from one end of a socket pair, opens sealed releases read-only, and writes
answers as frames. It knows nothing of time limits: the server has it ended. Queries run in a thread, because only a thread's stack can be
made large enough for the recursion of the engine's parser and optimizer.
"""

from __future__ import annotations

import json
import os
import socket
import threading
from dataclasses import dataclass
from functools import partial
from time import perf_counter
from typing import Any, NoReturn, cast

from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
    Variable,
    parse,
)

from app.rdf.formats import Formats
from app.store.workers import diagnosis, lexer, paging, projection, sandbox
from app.store.workers.answer import Answer, Refusal
from app.store.workers.frames import FAILURE, OPEN, QUERY, READY, FrameReader, pack_json

Term = NamedNode | BlankNode | Literal | Triple


@dataclass(frozen=True, slots=True)
class Config:
    """What the server decides once."""

    memory_bytes: int
    stack_bytes: int
    union_default_graph: bool


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
        """Until the server closes the connection."""
        reader = FrameReader()
        ready = {"filtered": self._filtered, "thread": threading.get_native_id()}
        while data := self._connection.recv(1 << 18):
            for kind, payload in reader.feed(data):
                message = json.loads(payload)
                if kind == QUERY:
                    self._query(message)
                elif kind == OPEN:
                    self._open_quietly(message)
                    self._send(pack_json(READY, ready))

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
                raise Refusal("release", str(error)) from error
            answer = Answer(self._send, message["max_bytes"])
            self._run(store, message, answer)
            answer.finish(started)
        except Refusal as refusal:
            self._fail(refusal.kind, refusal.detail, started)
        except SyntaxError as error:
            self._fail(*_wrong(message, str(error)), started)
        except MemoryError:
            self._fail("memory", "", started)
        except (ValueError, RuntimeError, OSError) as error:
            # The engine's ways to say that a query cannot be evaluated.
            self._fail("evaluation", str(error), started)

    def _fail(self, kind: str, detail: object, started: float) -> None:
        seconds = perf_counter() - started
        self._send(pack_json(FAILURE, {"kind": kind, "detail": detail, "seconds": seconds}))

    def _run(self, store: Store, message: dict[str, Any], answer: Answer) -> None:
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
        text = projection.in_order(
            text, partial(_columns, base_iri=message["base_iri"], prefixes=message["prefixes"])
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
            prefixes = {**message["prefixes"], **lexer.declared_prefixes(text)}
            form = lexer.form(text) or "construct"
            answer.triples(result, form, _format(message["graph_format"]), prefixes)
        else:
            cap = page.rows if page is not None and not page.last else None
            answer.results(result, _format(message["results_format"]), cap)

    def _refuse_service(self, text: str, base_iri: str | None, prefixes: dict[str, str]) -> None:
        """Before the engine could open a connection, or hide behind SILENT that it could not."""
        if lexer.calls_service(text):
            raise Refusal("service")
        probe = lexer.without_service(text)
        if probe == text:
            return
        try:
            Store().query(probe, base_iri=base_iri, prefixes=prefixes)
        except SyntaxError as error:
            if self._filtered:  # an error of its own comes out here; else the filter does its work
                Store().query(text, base_iri=base_iri, prefixes=prefixes)
            raise Refusal("service") from error


def _columns(text: str, *, base_iri: str | None, prefixes: dict[str, str]) -> list[str]:
    result = Store().query(text, base_iri=base_iri, prefixes=prefixes)
    return [variable.value for variable in cast(QuerySolutions, result).variables]


def _wrong(message: dict[str, Any], report: str) -> tuple[str, object]:
    """What is wrong with a text. Found out here: the text may be made to take long."""
    text: str = message["text"]
    if lexer.form(text) == "update":
        return "update", ""
    return "syntax", diagnosis.told(diagnosis.syntax_error(text, report, message["prefixes"]))


def _format(name: str | None) -> Formats:
    if name is None:
        raise Refusal("not-acceptable")
    return Formats[name]


def _graphs(iris: list[str]) -> list[NamedNode]:
    try:
        return [NamedNode(iri) for iri in iris]
    except ValueError as error:
        raise Refusal("parameter", str(error)) from error


def _term(name: str, text: str) -> Term:
    """A substitution's value: one N-Triples term."""
    try:
        quads = list(parse(f"<x:s> <x:p> {text} .", RdfFormat.N_TRIPLES))
    except SyntaxError as error:
        raise Refusal("parameter", f"?{name}: {error}") from error
    if len(quads) != 1:
        raise Refusal("parameter", f"?{name}: {text!r}")
    return cast(Term, quads[0].object)


def run(connection: int, config: Config, parent: int) -> NoReturn:
    """Be a worker until the other end of `connection`, a file descriptor, is closed. `parent` is
    the process that it must not outlive."""
    filtered = sandbox.enter(sandbox.Limits(memory_bytes=config.memory_bytes, parent=parent))
    worker = Worker(socket.socket(fileno=connection), config, filtered=filtered)
    threading.stack_size(config.stack_bytes)
    thread = threading.Thread(target=worker.serve, daemon=True)
    thread.start()
    thread.join()
    os._exit(0)  # nothing to clean up, and the store's threads need not be waited for
