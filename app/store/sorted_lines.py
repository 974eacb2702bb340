"""The triples of a graph as sorted lines of canonical N-Triples, each once, with bounded memory.

Reading a graph back from the engine costs 5 µs a quad, for every term is looked up by its hash.
The lines that go into a store on a load are the same triples; sorted beside the load, in a
thread of their own, they serve everything that is made of a whole graph: dumps, hashes, the
index, the list of things. What the engine would write otherwise than it was given (numbers,
language tags, escapes) goes through an engine in memory, so that a line is what the store says.

Sorted by bytes, which for UTF-8 is the order of code points: that of canonical N-Quads
(https://www.w3.org/TR/rdf-canon/#dfn-canonical-n-quads-form).
"""

from __future__ import annotations

import queue
import re
import tempfile
import threading
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

import zstandard
from pyoxigraph import DefaultGraph, NamedNode, RdfFormat, Store

from app.rdf.namespaces import XSD
from app.store.line_counts import LineCounts

IN_MEMORY: Final = 48 << 20
"""Bytes of lines that are sorted at once; with Python's own cost about 80 MB."""

_BLOCK_LINES: Final = 10_000
_RUN_BYTES: Final = 1 << 20
_LEVEL: Final = 1  # 1.5 GB/s, at a twentieth of the size: files that are read once, soon
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


class _Packed:
    """Blocks of lines in an unnamed file in the folder `scratch`."""

    def __init__(self, scratch: Path, blocks: Iterable[list[bytes]]) -> None:
        self._file = cast(BinaryIO, tempfile.TemporaryFile(dir=scratch))  # noqa: SIM115 - kept
        packer = zstandard.ZstdCompressor(level=_LEVEL)
        with packer.stream_writer(self._file, closefd=False) as output:
            for lines in blocks:
                output.write(b"".join(lines))

    def blocks(self) -> Iterator[bytes]:
        self._file.seek(0)
        reader = zstandard.ZstdDecompressor().stream_reader(self._file, closefd=False)
        return _whole_lines(cast(IO[bytes], reader))

    def close(self) -> None:
        self._file.close()


class SortedLines:
    """Lines in order and each once, and what they hold, counted on the way into their file."""

    def __init__(self, scratch: Path, blocks: Iterable[list[bytes]]) -> None:
        self.counts = LineCounts()
        self._packed = _Packed(scratch, self._counted(blocks))

    def _counted(self, blocks: Iterable[list[bytes]]) -> Iterator[list[bytes]]:
        for lines in blocks:
            self.counts.take(lines)
            yield lines

    def blocks(self) -> Iterator[bytes]:
        """Blocks of whole lines. One reader at a time."""
        return self._packed.blocks()

    def close(self) -> None:
        """Remove the file."""
        self._packed.close()


class LineSorter:
    """Takes lines in any order; what does not fit into memory waits in files in `scratch`."""

    def __init__(self, scratch: Path, in_memory: int = IN_MEMORY) -> None:
        self._scratch = scratch
        self._most = in_memory
        self._lines: list[bytes] = []
        self._bytes = 0
        self._runs: list[_Packed] = []

    def add(self, lines: list[bytes]) -> None:
        """Lines with their line feeds, as the engine writes them."""
        self._lines += lines
        self._bytes += sum(map(len, lines))
        if self._bytes > self._most:
            self._set_aside()

    def sorted(self) -> SortedLines:
        """All lines; call once, at the end."""
        if not self._runs:
            return SortedLines(self._scratch, self._in_memory())
        self._set_aside()
        try:
            return SortedLines(self._scratch, _merged([run.blocks() for run in self._runs]))
        finally:
            for run in self._runs:
                run.close()

    def _set_aside(self) -> None:
        self._runs.append(_Packed(self._scratch, self._in_memory()))

    def _in_memory(self) -> Iterator[list[bytes]]:
        lines, self._lines, self._bytes = self._lines, [], 0
        lines.sort()
        distinct = _distinct(lines)
        for start in range(0, len(distinct), _BLOCK_LINES):
            yield distinct[start : start + _BLOCK_LINES]


def sort_dump(store: Store, graph: str, scratch: Path) -> SortedLines:
    """The lines of a graph as a store writes them."""
    sorter = LineSorter(scratch)
    output = _Splitting(sorter)
    target = cast(IO[bytes], output)  # only write() and flush() are called
    store.dump(target, RdfFormat.N_TRIPLES, from_graph=NamedNode(graph))
    return sorter.sorted()


class _Splitting:
    """Hands what is written to it to a sorter, line by line."""

    def __init__(self, sorter: LineSorter) -> None:
        self._sorter = sorter
        self._rest = b""

    def write(self, data: bytes) -> int:
        whole, feed, self._rest = (self._rest + bytes(data)).rpartition(b"\n")
        self._sorter.add((whole + feed).splitlines(keepends=True))
        return len(data)

    def flush(self) -> None:
        """Nothing is held back that is a whole line."""


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
            tag = line.rindex(b'"@')
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


def _distinct(lines: list[bytes]) -> list[bytes]:
    """Sorted lines, each once."""
    return [line for line, after in zip_longest(lines, lines[1:]) if line != after]


def _merged(runs: list[Iterator[bytes]]) -> Iterator[list[bytes]]:
    """Several sorted runs as one. From each run is taken what does not go past the least of the
    last lines that are known; Python's sort merges such pieces with few comparisons."""
    held: list[list[bytes]] = [[] for _ in runs]
    ended = [False for _ in runs]
    while True:
        for number, run in enumerate(runs):
            if not held[number] and not ended[number]:
                block = next(run, None)
                ended[number] = block is None
                held[number] = [] if block is None else block.splitlines(keepends=True)
        if not any(held):
            return
        last = min(lines[-1] for lines in held if lines)
        taken: list[bytes] = []
        for number, lines in enumerate(held):
            end = bisect_right(lines, last)
            taken += lines[:end]
            held[number] = lines[end:]
        taken.sort()
        yield _distinct(taken)


def _whole_lines(reader: IO[bytes]) -> Iterator[bytes]:
    rest = b""
    while data := reader.read(_RUN_BYTES):
        whole, feed, tail = data.rpartition(b"\n")
        if feed:
            yield rest + whole + feed
            rest = tail
        else:
            rest += data
    assert not rest, "the last line is whole"
