"""The child process that applies foreign writes: `python -m app.store.writing.writer CONFIG`.

It may change files in one directory, the store of a release that is being made, and nothing
else; it has no network. Its standard input is a file with one job a line, documents come as
open files; for each job it writes one line to standard output. Each job is applied wholly or
not at all. Its parent ends it at the deadline and looks at what it did.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from pyoxigraph import DefaultGraph, NamedNode, Quad, Store, parse

from app.rdf.formats import Formats
from app.store.workers import lexer, sandbox
from app.store.writing.documents import RefusedDocumentError, check_document
from app.store.writing.using import DatasetConflictError, with_dataset

Answer = dict[str, Any]

HALF_DONE: Final = 70
"""Exit status when a job could be neither finished nor undone."""

_DEFAULT: Final = DefaultGraph()


@dataclass(frozen=True, slots=True)
class Config:
    """What the parent decides once."""

    parent: int
    store: str
    memory_bytes: int
    stack_bytes: int
    file_bytes: int
    max_depth: int


class Writer:
    """Applies jobs to one store."""

    def __init__(self, store: Store, max_depth: int) -> None:
        self._store = store
        self._max_depth = max_depth

    def apply(self, job: dict[str, Any]) -> Answer:
        """One job; errors become part of the answer."""
        try:
            return self._update(job) if job["kind"] == "update" else self._graph(job)
        except RefusedDocumentError as error:
            return {"failure": error.kind, "detail": ""}
        except DatasetConflictError:
            return {"failure": "dataset", "detail": ""}
        except SyntaxError as error:
            place = {"line": error.lineno, "column": error.offset}
            return {"failure": "syntax", "detail": error.msg or str(error), **place}
        except MemoryError:
            return {"failure": "memory", "detail": ""}
        except (ValueError, RuntimeError, OSError) as error:
            return {"failure": "evaluation", "detail": str(error)}

    def _update(self, job: dict[str, Any]) -> Answer:
        words = {token.upper() for kind, token, _ in lexer.tokens(job["text"]) if kind == "word"}
        if "LOAD" in words or lexer.calls_service(job["text"]):
            return {"failure": "service", "detail": ""}
        text = with_dataset(job["text"], job["using"], job["using_named"])
        default = NamedNode(job["default_graph"])
        with _wholly():
            self._move(default, _DEFAULT)
        try:
            self._store.update(text, base_iri=job["base_iri"], prefixes=job["prefixes"])
        finally:
            with _wholly():
                self._move(_DEFAULT, default)
        return {}

    def _move(self, source: NamedNode | DefaultGraph, target: NamedNode | DefaultGraph) -> None:
        """Releases hold named graphs only: while an update runs, one of them is the default
        graph."""
        quads = list(self._store.quads_for_pattern(None, None, None, source))
        if quads:
            self._store.extend(Quad(q.subject, q.predicate, q.object, target) for q in quads)
        self._store.remove_graph(source)  # keeps the default graph itself, emptied

    def _graph(self, job: dict[str, Any]) -> Answer:
        graph = NamedNode(job["graph"])
        existed = self._store.contains_named_graph(graph)
        documents = [self._document(told) for told in job["documents"]]
        with _wholly():
            if job["kind"] in ("put", "delete"):
                self._store.remove_graph(graph)
            if job["kind"] != "delete":
                self._store.add_graph(graph)
                for data, format, base_iri in documents:
                    self._store.load(data, format.value.rdf, base_iri=base_iri, to_graph=graph)
        return {"existed": existed}

    def _document(self, told: dict[str, Any]) -> tuple[bytes, Formats, str]:
        """A document that has been parsed once, so that loading it cannot fail half-way."""
        with os.fdopen(told["file"], "rb") as file:
            data = file.read()
        format = Formats[told["format"]]
        check_document(data, format, self._max_depth)
        assert format.value.rdf is not None
        for quad in parse(data, format.value.rdf, base_iri=told["base_iri"]):
            if quad.graph_name != _DEFAULT:
                raise ValueError("a document with graphs")
        return data, format, told["base_iri"]


@contextmanager
def _wholly() -> Iterator[None]:
    """Steps that have to be taken together. When one fails the process ends: its parent throws
    the store away and begins again without this job."""
    try:
        yield
    except BaseException:
        os._exit(HALF_DONE)


def serve(config: Config, answer: Callable[[Answer], None]) -> None:
    """Apply all jobs on standard input, then bring the store to the disk."""
    store = Store(config.store)
    writer = Writer(store, config.max_depth)
    for line in sys.stdin.buffer:
        answer(writer.apply(json.loads(line)))
    store.flush()
    answer({"done": True})


def main(arguments: list[str]) -> None:
    """Entry point: the Config as JSON. The first line of output says whether the kernel confines
    this process."""
    config = Config(**json.loads(arguments[0]))
    confined = sandbox.enter(
        sandbox.Limits(
            memory_bytes=config.memory_bytes,
            parent=config.parent,
            writable=config.store,
            file_bytes=config.file_bytes,
        )
    )

    def answer(told: Answer) -> None:
        os.write(1, json.dumps(told).encode() + b"\n")

    answer({"confined": confined})
    threading.stack_size(config.stack_bytes)
    thread = threading.Thread(target=serve, args=(config, answer), daemon=True)
    thread.start()
    thread.join()
    os._exit(0)  # the store is on the disk; its threads need not be waited for


if __name__ == "__main__":
    main(sys.argv[1:])
