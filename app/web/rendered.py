"""Rendered answers of the current release, kept up to a bound of bytes (least recently used)."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

_OVERHEAD = 1_000  # bytes of Python objects around one answer, measured with tracemalloc


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body with its headers and its entity tag."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    etag: str


class RenderedPages:
    """A cache that belongs to one release and empties itself when the release changes."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._release = ""
        self._pages: OrderedDict[str, Rendered] = OrderedDict()
        self.bytes = 0

    def get(self, release: str, key: str) -> Rendered | None:
        """A kept answer of that release."""
        if release != self._release:
            return None
        found = self._pages.get(key)
        if found is not None:
            self._pages.move_to_end(key)
        return found

    def put(self, release: str, key: str, page: Rendered) -> None:
        """Keep an answer unless it alone is larger than a sixteenth of the bound."""
        if release != self._release:
            self._pages.clear()
            self._release, self.bytes = release, 0
        size = len(page.body) + _OVERHEAD
        if size > self._max_bytes // 16:
            return
        before = self._pages.pop(key, None)
        if before is not None:
            self.bytes -= len(before.body) + _OVERHEAD
        self._pages[key] = page
        self.bytes += size
        while self.bytes > self._max_bytes:
            _, oldest = self._pages.popitem(last=False)
            self.bytes -= len(oldest.body) + _OVERHEAD
