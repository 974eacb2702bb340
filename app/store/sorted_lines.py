"""The triples of a graph as sorted lines of canonical N-Triples, each once, with bounded memory.

Reading a graph back from the engine costs 5 µs a quad, for every term is looked up by its hash.
The lines that go into a store on a load are the same triples; sorted beside the load
(`app.store.lines_on_the_way`) they serve everything that is made of a whole graph: dumps, hashes,
the index, the list of things.

Sorted by bytes, which for UTF-8 is the order of code points: that of canonical N-Quads
(https://www.w3.org/TR/rdf-canon/#dfn-canonical-n-quads-form).
"""

from __future__ import annotations

import tempfile
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from itertools import zip_longest
from pathlib import Path
from typing import IO, BinaryIO, Final, cast

import zstandard
from pyoxigraph import NamedNode, RdfFormat, Store

from app.store.line_counts import LineCounts

IN_MEMORY: Final = 48 << 20
"""Bytes of lines that are sorted at once; with Python's own cost about 80 MB."""

_BLOCK_LINES: Final = 10_000
_RUN_BYTES: Final = 1 << 20
_SMALL: Final = 64 << 10
_LEVEL: Final = 1  # 1.5 GB/s, at a twentieth of the size: files that are read once, soon


class _Packed:
    """Blocks of lines in an unnamed file in the folder `scratch`."""

    def __init__(self, scratch: Path, blocks: Iterable[list[bytes]]) -> None:
        # Small ones stay in memory: a publish of thousands of tables keeps one for each.
        file = tempfile.SpooledTemporaryFile(_SMALL, dir=str(scratch))  # noqa: SIM115 - kept
        self._file = cast(BinaryIO, file)
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
