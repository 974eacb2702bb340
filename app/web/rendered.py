"""Rendered answers of the current release, kept up to a bound of bytes (least recently used)."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from app.web.coding import MIN_BYTES, Coding

_OVERHEAD = 1_000  # bytes of Python objects around one answer, measured with tracemalloc


@dataclass(frozen=True, slots=True)
class Rendered:
    """A body with its headers and its entity tag."""

    body: bytes
    headers: tuple[tuple[bytes, bytes], ...]
    etag: str

    def packed(self, coding: Coding) -> Rendered:
        """The same answer in a coding, under a tag of its own. A short body stays as it is."""
        if coding is Coding.IDENTITY:
            return self
        etag = coding.tag(self.etag)
        headers = [
            (name, etag.encode() if name == b"etag" else value) for name, value in self.headers
        ]
        if len(self.body) < MIN_BYTES:
            return Rendered(self.body, tuple(headers), etag)
        headers.append((b"content-encoding", coding.value.encode()))
        return Rendered(coding.pack(self.body), tuple(headers), etag)


class RenderedPages:
    """A cache that belongs to one release and empties itself when the release changes."""

    def __init__(self, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._release = ""
        self._pages: OrderedDict[str, Rendered] = OrderedDict()
        self.bytes = 0

    def get(self, release: str, key: str, coding: Coding = Coding.IDENTITY) -> Rendered | None:
        """A kept answer of that release; packed now when only its plain form is kept."""
        if release != self._release:
            return None
        packed_key = coding.tag(key) if coding is not Coding.IDENTITY else key
        found = self._pages.get(packed_key)
        if found is not None:
            self._pages.move_to_end(packed_key)
            return found
        plain = self._pages.get(key) if coding is not Coding.IDENTITY else None
        if plain is None:
            return None
        packed = plain.packed(coding)
        self._keep(packed_key, packed)
        return packed

    def put(
        self, release: str, key: str, page: Rendered, coding: Coding = Coding.IDENTITY
    ) -> Rendered:
        """Keep an answer, and give it in a coding. One that alone is larger than a sixteenth of
        the bound is not kept."""
        if release != self._release:
            self._pages.clear()
            self._release, self.bytes = release, 0
        self._keep(key, page)
        if coding is Coding.IDENTITY:
            return page
        packed = page.packed(coding)
        self._keep(coding.tag(key), packed)
        return packed

    def _keep(self, key: str, page: Rendered) -> None:
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
