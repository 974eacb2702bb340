"""What clients may spend: query seconds, refilled at a steady rate up to a burst.

As the Wikidata Query Service does it (60 s a minute, 120 s at once):
https://www.mediawiki.org/wiki/Wikidata_Query_Service/User_Manual#Query_limits
A running query is paid while it runs, so that many at once cannot outrun the account. Waiting
in the queue is free.
"""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from math import ceil
from typing import Final

from app.store.base import Allowance

_MOST_CLIENTS: Final = 20_000
"""About 5 MB. Beyond, clients that have been quiet for longest are forgotten: they had rested."""


class Account:
    """The seconds that one client has left."""

    __slots__ = ("_allowance", "_at", "_left", "running")

    def __init__(self, allowance: Allowance, now: float) -> None:
        self._allowance = allowance
        self._left = allowance.burst
        self._at = now
        self.running = 0

    def left(self, now: float) -> float:
        """Seconds left, less what the running queries have used."""
        earned = (self._allowance.per_second - self.running) * (now - self._at)
        self._left = min(self._left + earned, self._allowance.burst)
        self._at = now
        return self._left

    def wait(self, now: float) -> float:
        """Seconds until there is something left if nothing runs."""
        return max(-self.left(now), 0.0) / self._allowance.per_second

    def start(self, now: float) -> None:
        """A query begins to run."""
        self.left(now)
        self.running += 1

    def stop(self, now: float) -> None:
        """A query has ended."""
        self.left(now)
        self.running -= 1


class Budgets:
    """The accounts of all clients of one server process."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._accounts: OrderedDict[str, Account] = OrderedDict()

    def account(self, client: str, allowance: Allowance) -> Account:
        """A client's account, opened when it is new."""
        account = self._accounts.get(client)
        if account is None:
            account = self._accounts[client] = Account(allowance, self._clock())
            while len(self._accounts) > _MOST_CLIENTS:
                self._accounts.popitem(last=False)
        self._accounts.move_to_end(client)
        return account

    def denied_s(self, client: str, allowance: Allowance) -> int | None:
        """Whole seconds to wait when the account is empty; None when it is not."""
        account, now = self.account(client, allowance), self._clock()
        if account.left(now) > 0:
            return None
        return max(ceil(account.wait(now)), 1)

    def start(self, client: str, allowance: Allowance) -> Account:
        """A client's query begins to run; give the account to `stop` when it ends."""
        account = self.account(client, allowance)
        account.start(self._clock())
        return account

    def stop(self, account: Account) -> None:
        """A query has ended."""
        account.stop(self._clock())
