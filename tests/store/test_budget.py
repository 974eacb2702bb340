"""What clients may spend."""

from __future__ import annotations

import pytest

from app.errors import QueryBudgetSpent, QueryTimeout
from app.store.base import Allowance
from app.store.embedded import EmbeddedReleases
from app.store.workers.budget import Budgets
from app.store.workers.pool import WorkerPool

from .conftest import ask, with_pool

HOUR = Allowance(per_second=1.0, burst=120.0)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_an_account_is_refilled_up_to_its_burst() -> None:
    clock = Clock()
    budgets = Budgets(clock)
    slow = Allowance(per_second=0.5, burst=10.0)
    account = budgets.start("a", slow)
    clock.now = 30.0
    assert budgets.denied_s("a", slow) is not None  # 10 + 15 earned - 30 spent
    budgets.stop(account)
    assert budgets.denied_s("a", slow) == 10
    assert budgets.denied_s("b", slow) is None
    clock.now = 41.0
    assert budgets.denied_s("a", slow) is None
    clock.now = 1e6
    assert account.left(clock.now) == 10.0


def test_many_at_once_pay_while_they_run() -> None:
    clock = Clock()
    budgets = Budgets(clock)
    for _ in range(10):
        budgets.start("a", HOUR)
    clock.now = 13.0
    assert budgets.denied_s("a", HOUR) is None
    clock.now = 13.5
    assert budgets.denied_s("a", HOUR) is not None


def test_a_client_who_has_spent_all_is_told_when_to_come_back(published: EmbeddedReleases) -> None:
    runaway = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    tight = Allowance(per_second=0.1, burst=0.2)

    async def scenario(pool: WorkerPool) -> None:
        with pytest.raises(QueryTimeout) as ended:
            await ask(pool, runaway, client="a", allowance=tight, timeout_s=0.5)
        assert ended.value.spent is not None
        assert 0.5 <= ended.value.spent["seconds"] < 1
        with pytest.raises(QueryBudgetSpent) as caught:
            await ask(pool, "ASK {}", client="a", allowance=tight)
        assert 1 <= caught.value.retry_after_s <= 4
        await ask(pool, "ASK {}", client="b", allowance=tight)
        await ask(pool, "ASK {}", client="a")

    with_pool(published, scenario)
