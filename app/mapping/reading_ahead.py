"""The next items while the last ones are worked on.

Reading a table and writing quads both let go of the interpreter for most of their time; done by
one thread in turn they bounded a conversion, with processors idle.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Final, TypeVar, cast

T = TypeVar("T")

AHEAD: Final = 2
"""Items that are made before somebody asks for them."""

_END: Final = object()


def read_ahead(items: Iterable[T]) -> Iterator[T]:
    """The same items in the same order, made in one thread of their own. What making one raises
    is raised here in its place; who stops early also stops the making."""
    iterator = iter(items)

    def take() -> T | object:
        return next(iterator, _END)

    with ThreadPoolExecutor(1, thread_name_prefix="read") as thread:
        waiting: deque[Future[T | object]] = deque(thread.submit(take) for _ in range(AHEAD))
        try:
            while (item := waiting.popleft().result()) is not _END:
                waiting.append(thread.submit(take))
                yield cast(T, item)
        finally:
            for future in waiting:
                future.cancel()
            if isinstance(iterator, Generator):
                thread.submit(iterator.close).result()
