"""Content codings by RFC 9110, section 12.5.3: Accept-Encoding, gzip and zstd."""

from __future__ import annotations

import gzip
from enum import Enum
from functools import lru_cache
from typing import Final

import zstandard

from app.web.negotiation import media_parameters

MIN_BYTES: Final = 600
"""Below this a coding saves less than a network packet."""

_GZIP_LEVEL: Final = 6
_ZSTD_LEVEL: Final = 6  # a page of 12 kB: 0.15 ms, 3 % larger than gzip's best
_MAX_HEADER: Final = 1024


class Coding(Enum):
    """How the bytes of an answer are packed; the value is the name on the wire."""

    ZSTD = "zstd"
    GZIP = "gzip"
    IDENTITY = ""

    def tag(self, etag: str) -> str:
        """The entity tag of this coding: other bytes need another strong tag (RFC 9110,
        section 8.8.3.3)."""
        return etag if self is Coding.IDENTITY else f'{etag[:-1]}-{self.value}"'

    def pack(self, body: bytes) -> bytes:
        """The bytes in this coding; the same ones each time (gzip's time is left out)."""
        if self is Coding.GZIP:
            return gzip.compress(body, _GZIP_LEVEL, mtime=0)
        if self is Coding.ZSTD:
            return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(body)
        return body


@lru_cache(maxsize=1024)
def coding(accept_encoding: str) -> Coding:
    """The coding to send: the one with the highest q, at equal q zstd before gzip; identity
    when none is named. A header that is too long to be honest is taken for none."""
    if not accept_encoding or len(accept_encoding) > _MAX_HEADER:
        return Coding.IDENTITY
    asked: dict[str, float] = {}
    for element in accept_encoding.lower().split(","):
        name, *rest = (part.strip() for part in element.split(";"))
        _, q = media_parameters(rest)
        asked[name] = q or 0.0
    best, weight = Coding.IDENTITY, asked.get("identity", 0.0)
    for offer in (Coding.GZIP, Coding.ZSTD):
        q = asked.get(offer.value, asked.get("*", 0.0))
        if q > 0 and q >= weight:
            best, weight = offer, q
    return best
