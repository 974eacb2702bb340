"""The fair queue."""

from __future__ import annotations

import pytest

from app.store.workers.turns import FairQueue


def test_clients_take_turns() -> None:
    queue: FairQueue[str] = FairQueue(10)
    for item in ("a1", "a2", "a3", "b1", "c1", "c2"):
        queue.put(item[0], item)
    assert [queue.take() for _ in range(7)] == ["a1", "b1", "c1", "a2", "c2", "a3", None]
    assert len(queue) == 0


def test_one_who_left_is_skipped() -> None:
    queue: FairQueue[str] = FairQueue(10)
    for item in ("a1", "a2", "b1"):
        queue.put(item[0], item)
    queue.remove("a", "a1")
    queue.remove("a", "never there")
    queue.remove("z", "never there")
    assert len(queue) == 2
    assert [queue.take() for _ in range(3)] == ["a2", "b1", None]


def test_a_full_queue_makes_room_for_those_with_less() -> None:
    queue: FairQueue[str] = FairQueue(3)
    for item in ("a1", "a2", "a3"):
        assert queue.put("a", item) is None
    with pytest.raises(OverflowError):
        queue.put("a", "a4")
    assert queue.put("b", "b1") == "a3"
    with pytest.raises(OverflowError):
        queue.put("b", "b2")
    assert [queue.take() for _ in range(3)] == ["a1", "b1", "a2"]


def test_a_queue_of_none_takes_none() -> None:
    queue: FairQueue[str] = FairQueue(0)
    with pytest.raises(OverflowError):
        queue.put("a", "a1")
