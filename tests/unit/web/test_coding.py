"""Accept-Encoding by RFC 9110, section 12.5.3."""

from __future__ import annotations

import gzip

import pytest
import zstandard

from app.web.coding import MIN_BYTES, Coding, coding
from app.web.rendered import Rendered, RenderedPages


@pytest.mark.parametrize(
    ("header", "chosen"),
    [
        ("", Coding.IDENTITY),
        ("gzip", Coding.GZIP),
        ("gzip, deflate, br, zstd", Coding.ZSTD),
        ("gzip;q=1, zstd;q=0.5", Coding.GZIP),
        ("zstd;q=0, gzip;q=0.2", Coding.GZIP),
        ("*", Coding.ZSTD),
        ("*;q=0", Coding.IDENTITY),
        ("identity, gzip;q=0.5", Coding.IDENTITY),
        ("br", Coding.IDENTITY),
        ("GZIP", Coding.GZIP),
        ("gzip;q=nonsense", Coding.IDENTITY),
        (",,;;", Coding.IDENTITY),
        ("gzip," * 1000, Coding.IDENTITY),
    ],
)
def test_the_coding_is_negotiated(header: str, chosen: Coding) -> None:
    assert coding(header) is chosen


@pytest.mark.parametrize("packing", [Coding.GZIP, Coding.ZSTD])
def test_packed_bytes_come_back_and_are_the_same_each_time(packing: Coding) -> None:
    body = "日本語 ".encode() * 500
    packed = packing.pack(body)
    assert len(packed) < len(body) // 10
    assert packed == packing.pack(body)
    unpack = gzip.decompress if packing is Coding.GZIP else zstandard.ZstdDecompressor().decompress
    assert unpack(packed) == body


def test_each_coding_has_its_own_tag_and_short_bodies_stay_plain() -> None:
    short = Rendered(b"x" * (MIN_BYTES - 1), ((b"etag", b'"a"'),), '"a"').packed(Coding.GZIP)
    assert short.etag == '"a-gzip"'
    assert short.headers == ((b"etag", b'"a-gzip"'),)
    long = Rendered(b"x" * MIN_BYTES, ((b"etag", b'"a"'),), '"a"').packed(Coding.GZIP)
    assert (b"content-encoding", b"gzip") in long.headers


def test_packed_forms_are_kept_beside_the_plain_one() -> None:
    cache = RenderedPages(1_000_000)
    page = Rendered(b"x" * 5_000, ((b"etag", b'"a"'),), '"a"')
    cache.put("r1", '"a"', page)
    packed = cache.get("r1", '"a"', Coding.ZSTD)
    assert packed is not None
    assert cache.get("r1", '"a"', Coding.ZSTD) is packed
    assert cache.get("r1", '"a"') is page
