"""Whose turn it is: a bounded queue that takes one of each client in a circle, so that one who
asks a hundred queries waits behind one who asks a single one, not before."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
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

    def put(self, client: str, item: Item) -> Item | None:
        """Wait in line. When the queue is full, the last of the client with the most waiting
        has to go, and is returned: one client cannot fill the queue against all others.
        Raises OverflowError when that would be the newcomer."""
        displaced: Item | None = None
        if self._length >= self._capacity:
            greediest = max(self._clients, key=lambda c: len(self._clients[c]), default=client)
            waiting = len(self._clients.get(client, ()))
            if greediest == client or len(self._clients[greediest]) <= waiting + 1:
                raise OverflowError("the queue is full")
            displaced = self._clients[greediest][-1]
            self.remove(greediest, displaced)
        self._clients.setdefault(client, deque()).append(item)
        self._length += 1
        return displaced

    def take(self, allowed: Callable[[str], bool] | None = None) -> Item | None:
        """The next one, or None; its client goes to the end of the circle. Clients that are not
        `allowed` keep their place."""
        client = next((c for c in self._clients if allowed is None or allowed(c)), None)
        if client is None:
            return None
        items = self._clients[client]
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
