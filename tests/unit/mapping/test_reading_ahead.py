"""Items made ahead of their use."""

from __future__ import annotations

import threading
from collections.abc import Generator, Iterator
from typing import cast

import pytest

from app.mapping.reading_ahead import AHEAD, read_ahead


def test_items_come_in_their_order_from_another_thread() -> None:
    made_in: set[int] = set()

    def items() -> Iterator[int]:
        for number in range(20):
            made_in.add(threading.get_ident())
            yield number

    assert list(read_ahead(items())) == list(range(20))
    assert len(made_in) == 1
    assert threading.get_ident() not in made_in


def test_an_error_comes_in_the_place_of_its_item() -> None:
    def items() -> Iterator[int]:
        yield 1
        yield 2
        raise ValueError("the third")

    ahead = read_ahead(items())
    assert [next(ahead), next(ahead)] == [1, 2]
    with pytest.raises(ValueError, match="the third"):
        next(ahead)
    with pytest.raises(StopIteration):
        next(ahead)


def test_who_stops_early_ends_the_making() -> None:
    made: list[int] = []
    ended: list[bool] = []

    def items() -> Iterator[int]:
        try:
            for number in range(1000):
                made.append(number)
                yield number
        finally:
            ended.append(True)

    ahead = cast("Generator[int, None, None]", read_ahead(items()))
    next(ahead)
    ahead.close()
    assert ended == [True]
    assert len(made) <= AHEAD + 2


def test_nothing_gives_nothing() -> None:
    assert list(read_ahead(())) == []
