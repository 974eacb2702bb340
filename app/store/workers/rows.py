"""Counts the solutions in an answer from its bytes while they pass, exactly and in C speed.

The engine writes the standard formats itself and does not say how many solutions it wrote.
Each format has a mark that stands once for a solution and that data cannot forge, because the
format escapes what it would need:

- TSV escapes line feeds in literals: every line feed ends a row, the first one the header.
- XML escapes `<`: every `</result>` is a solution's end.
- CSV doubles quotes: the parity of quotes says whether a line end is inside a value.
- JSON escapes quotes in strings: `},{"` is either between two solutions, or a string that ends
  in `},{`, and then `}` or `,` follows where a solution would have a variable's name. Only an
  empty solution, `{}`, needs the strings taken out.

Formats: https://www.w3.org/TR/sparql11-results-csv-tsv/, https://www.w3.org/TR/sparql11-results-json/
"""

from __future__ import annotations

from typing import Protocol


class RowCounter(Protocol):
    """Counts solutions."""

    def feed(self, data: bytes) -> None:
        """Bytes of the answer, in order."""

    def rows(self) -> int:
        """Solutions in all that was fed; call once, at the end."""


class TsvRows:
    """Line feeds but the header's."""

    def __init__(self) -> None:
        self._lines = 0

    def feed(self, data: bytes) -> None:
        """See RowCounter."""
        self._lines += data.count(b"\n")

    def rows(self) -> int:
        """See RowCounter."""
        return max(self._lines - 1, 0)


class CsvRows:
    """Line ends outside quotes, but the header's."""

    def __init__(self) -> None:
        self._lines = 0
        self._quoted = False

    def feed(self, data: bytes) -> None:
        """See RowCounter. LF alone is counted: CRLF may be cut in two by a chunk's end, and
        every LF outside quotes belongs to one."""
        if b'"' not in data:
            if not self._quoted:
                self._lines += data.count(b"\n")
            return
        parts = data.split(b'"')
        self._lines += b"".join(parts[int(self._quoted) :: 2]).count(b"\n")
        self._quoted ^= len(parts) % 2 == 0

    def rows(self) -> int:
        """See RowCounter."""
        return max(self._lines - 1, 0)


class XmlRows:
    """`</result>` tags."""

    def __init__(self) -> None:
        self._rows = 0
        self._tail = b""

    def feed(self, data: bytes) -> None:
        """See RowCounter."""
        joined = self._tail + data
        self._rows += joined.count(b"</result>")
        self._tail = joined[-8:]  # one byte less than the mark: it cannot be counted twice

    def rows(self) -> int:
        """See RowCounter."""
        return self._rows


class JsonRows:
    """Separators of the elements of `bindings`."""

    def __init__(self) -> None:
        self._separators = 0
        self._quoted = False
        self._held = b""
        self._end = b""

    def feed(self, data: bytes) -> None:
        """See RowCounter. All marks, and the first byte of every escape, are made of the bytes
        that are held back here, so that no chunk ends within one."""
        data = self._held + data
        cut = len(data.rstrip(b'},{"\\'))
        self._held = data[cut:]
        self._count(data[:cut])

    def rows(self) -> int:
        """See RowCounter."""
        self._count(self._held)
        self._held = b""
        return 0 if self._end == b"[]}}" else self._separators + 1

    def _count(self, data: bytes) -> None:
        self._end = (self._end + data[-4:])[-4:]
        bare = data.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in data else data
        found = bare.count(b'},{"')
        if found:
            found -= bare.count(b'},{"}') + bare.count(b'},{",')
        if b",{}" in bare:
            parts = bare.split(b'"')
            found += b'"'.join(parts[int(self._quoted) :: 2]).count(b",{}")
        self._quoted ^= bare.count(b'"') % 2 == 1
        self._separators += found
