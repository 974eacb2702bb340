"""A stream of N-Quads that is sorted on its way into a store.

What the engine would write otherwise than it was given (numbers, language tags, escapes) goes
through an engine in memory, so that a line is what the store says.
"""

from __future__ import annotations

import queue
import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Final

from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from app.rdf.namespaces import XSD
from app.store.sorted_lines import LineSorter, SortedLines

_WAITING: Final = 4  # pieces of a stream between its reader and the sorting thread

_BLANK: Final = re.compile(rb"(?:^| )_:|<<\(", re.MULTILINE)
_ESCAPED: Final = frozenset((*range(0x20), 0x7F, ord("\\"))) - {ord("\n")}
"""The engine writes these as escapes wherever they stand, and what _NONCHARACTERS matches."""

_UNESCAPED: Final = bytes(code for code in range(256) if code not in _ESCAPED)
_SHORT_DECIMAL: Final = re.compile(
    rb' "-?(?:0|[1-9][0-9]{0,14})\.[0-9]{0,14}[1-9](0{0,14})"'
    + re.escape(f"^^<{XSD}decimal> .\n".encode())
    + rb"\Z"
)
"""A number that the engine writes as it stands, but for the last zeros (group 1): coordinates
are most of the typed literals here, and asking takes five times as long."""

_NONCHARACTERS: Final = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")  # U+FFFE, U+FFFF


class SortedOnTheWay:
    """A stream of N-Quads that is sorted, in a thread of its own, while somebody reads it through.

    Sorted are lines of the graph `graph`, or of none. Blank nodes, which the engine renames,
    and lines of other graphs make `lines` give None: then the graph is read from the store.
    """

    def __init__(self, stream: BinaryIO, graph: str, scratch: Path) -> None:
        self._stream = stream
        self._end = f" {NamedNode(graph)} .\n".encode()
        self._sorter = LineSorter(scratch)
        self._given_up = False
        self._failure: BaseException | None = None
        self._result: SortedLines | None = None
        self._queue: queue.Queue[bytes | None] = queue.Queue(_WAITING)
        self._thread = threading.Thread(target=self._sort, name="sort", daemon=True)
        self._thread.start()
        self.statements = 0

    def read(self, size: int = -1, /) -> bytes:
        """The stream's next bytes. `statements` counts the lines that have passed."""
        data = self._stream.read(size)
        self.statements += data.count(b"\n")
        if data and not self._given_up:
            self._queue.put(data)
        return data

    def lines(self) -> SortedLines | None:
        """The lines that were read, sorted; waits until they are. Raises OSError."""
        self.close()
        if self._failure is not None:
            raise self._failure
        return self._result

    def close(self) -> None:
        """Wait for the thread."""
        if self._thread.is_alive():
            self._queue.put(None)
            self._thread.join()

    def _sort(self) -> None:
        rest = b""
        while (data := self._queue.get()) is not None:
            whole, feed, rest = (rest + data).rpartition(b"\n")
            if feed:
                self._attempt(self._take, whole + feed)
        if rest:
            self._attempt(self._take, rest + b"\n")
        self._attempt(self._finish)

    def _attempt(self, work: Callable[..., None], *arguments: bytes) -> None:
        """Do some of the work, unless it has been given up. The stream is read on to its end,
        whatever happens here."""
        if not self._given_up:
            try:
                work(*arguments)
            except _NotOfOneGraph:
                self._given_up = True
            except BaseException as error:
                self._failure, self._given_up = error, True
            if self._given_up:
                self._sorter = LineSorter(Path())  # lets go of what was gathered

    def _take(self, data: bytes) -> None:
        data = data.replace(self._end, b" .\n")
        if (b"_:" in data or b"<<(" in data) and _BLANK.search(data):
            raise _NotOfOneGraph
        self._sorter.add(as_engine_writes(data))

    def _finish(self) -> None:
        self._result = self._sorter.sorted()


class _NotOfOneGraph(Exception):
    """The lines do not tell what the store will hold in one graph."""


def as_engine_writes(data: bytes) -> list[bytes]:
    """Lines of N-Triples without blank nodes, as a store writes them when it has read them.
    Raises _NotOfOneGraph when a line names a graph."""
    escaped = _is_escaped(data)
    lines: list[bytes] = []
    asked: list[bytes] = []
    for line in data.splitlines(keepends=True):
        end = line[-4:]
        if escaped and _is_escaped(line):
            asked.append(line)
        elif end == b'" .\n':
            lines.append(line)
        elif end != b"> .\n":
            tag = line.rfind(b'"@')
            if tag < 0:  # not as our executor writes
                raise _NotOfOneGraph
            lines.append(line[:tag] + line[tag:].lower())
        elif b'"' not in line:
            if line.count(b"> <") != 2:
                raise _NotOfOneGraph
            lines.append(line)
        elif (decimal := _SHORT_DECIMAL.search(line)) is not None:
            zeros = decimal.span(1)
            lines.append(line[: zeros[0]] + line[zeros[1] :])
        else:  # another datatype, or a graph
            asked.append(line)
    return lines + _asked(asked) if asked else lines


def _is_escaped(data: bytes) -> bool:
    # A tenth of the time of a regular expression.
    return bool(data.translate(None, _UNESCAPED)) or any(map(data.__contains__, _NONCHARACTERS))


def _asked(lines: list[bytes]) -> list[bytes]:
    """What an engine in memory makes of some lines."""
    store = Store()
    store.bulk_load(b"".join(lines), RdfFormat.N_QUADS, lenient=True)
    if next(iter(store.named_graphs()), None) is not None:
        raise _NotOfOneGraph
    written = store.dump(format=RdfFormat.N_TRIPLES, from_graph=DefaultGraph())
    return (written or b"").splitlines(keepends=True)
