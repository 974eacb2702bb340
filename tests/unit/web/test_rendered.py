"""The cache of rendered pages stays within its bytes and within one release."""

from __future__ import annotations

from app.web.rendered import Rendered, RenderedPages


def page(size: int) -> Rendered:
    return Rendered(b"x" * size, (), '"tag"')


def test_the_least_recently_used_page_goes_first() -> None:
    cache = RenderedPages(200_000)
    for name in range(18):
        cache.put("r1", str(name), page(10_000))
        cache.get("r1", "0")
    cache.put("r1", "last", page(10_000))
    assert cache.bytes <= 200_000
    assert cache.get("r1", "0") is not None
    assert cache.get("r1", "1") is None


def test_a_new_release_empties_the_cache() -> None:
    cache = RenderedPages(100_000)
    cache.put("r1", "a", page(10))
    assert cache.get("r2", "a") is None
    cache.put("r2", "b", page(10))
    assert cache.get("r1", "a") is None
    assert cache.get("r2", "a") is None


def test_one_huge_page_does_not_push_out_all_others() -> None:
    cache = RenderedPages(100_000)
    cache.put("r1", "small", page(10))
    cache.put("r1", "huge", page(90_000))
    assert cache.get("r1", "huge") is None
    assert cache.get("r1", "small") is not None


def test_putting_a_page_again_does_not_count_it_twice() -> None:
    cache = RenderedPages(100_000)
    cache.put("r1", "a", page(100))
    once = cache.bytes
    cache.put("r1", "a", page(100))
    assert cache.bytes == once
