"""Whose turn it is: a bounded queue that takes one of each client in a circle, so that one who
asks a hundred queries waits behind one who asks a single one, not before."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Generic, TypeVar

Item = TypeVar("Item")


class FairQueue(Generic[Item]):
    """First come, first served within a client; clients take turns."""

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._length = 0
        self._clients: OrderedDict[str, deque[Item]] = OrderedDict()

    def __len__(self) -> int:
        return self._length

    @property
    def full(self) -> bool:
        """Whether `put` would be refused."""
        return self._length >= self._capacity

    def put(self, client: str, item: Item) -> None:
        """Wait in line. Raises OverflowError when the queue is full."""
        if self.full:
            raise OverflowError("the queue is full")
        self._clients.setdefault(client, deque()).append(item)
        self._length += 1

    def take(self) -> Item | None:
        """The next one, or None; its client goes to the end of the circle."""
        if not self._clients:
            return None
        client, items = next(iter(self._clients.items()))
        item = items.popleft()
        self._length -= 1
        if items:
            self._clients.move_to_end(client)
        else:
            del self._clients[client]
        return item

    def remove(self, client: str, item: Item) -> None:
        """Leave the line, if still in it."""
        items = self._clients.get(client)
        if items is not None and item in items:
            items.remove(item)
            self._length -= 1
            if not items:
                del self._clients[client]
