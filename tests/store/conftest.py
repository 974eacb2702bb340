"""Releases with synthetic data, and a running pool."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import pytest
import uvloop

from app.settings import Settings
from app.store.base import GraphEntry, QueryAnswer, QueryRequest
from app.store.embedded import EmbeddedReleases
from app.store.workers.pool import WorkerPool

Result = TypeVar("Result")
Scenario = Callable[[WorkerPool], Awaitable[Result]]


def statements(count: int, *, of: str = "a", graph: str | None = None) -> io.BytesIO:
    """N-Quads about `count / 10` subjects with ten properties each."""
    suffix = f" <{graph}>" if graph else ""
    lines = (
        f'<http://example.org/{of}/{i // 10}> <http://example.org/p{i % 10}> "値 {i}"@ja{suffix} .\n'
        for i in range(count)
    )
    return io.BytesIO("".join(lines).encode())


def entry(dataset: str = "d", graph: str = "http://example.org/g") -> GraphEntry:
    return GraphEntry(iri=graph, dataset=dataset, quads=0, modified=datetime.now(UTC))


def publish(
    releases: EmbeddedReleases, count: int = 100, *, graph: str = "http://example.org/g"
) -> str:
    """Replace a graph by `count` statements; the id of the release."""
    with releases.build() as builder:
        builder.load(graph, statements(count), entry=entry(graph=graph))
        return builder.seal().id


def open_releases(data: Path) -> EmbeddedReleases:
    return EmbeddedReleases(data, base_iri="http://example.org", software="test")


@pytest.fixture
def releases(tmp_path: Path) -> EmbeddedReleases:
    """An empty data directory."""
    return open_releases(tmp_path / "data")


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> EmbeddedReleases:
    """One release with 30,000 quads in one graph and 10 in another; not to be changed."""
    shared = open_releases(tmp_path_factory.mktemp("published") / "data")
    with shared.build() as builder:
        builder.load("http://example.org/g", statements(30_000), entry=entry())
        builder.load(
            "http://example.org/h", statements(10, of="h"), entry=entry("e", "http://example.org/h")
        )
        builder.seal()
    return shared


@asynccontextmanager
async def running(releases: EmbeddedReleases, **settings: Any) -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(releases, Settings.model_validate({"query_workers": 1, **settings}))
    await pool.start()
    try:
        yield pool
    finally:
        await pool.close()


def with_pool(
    releases: EmbeddedReleases,
    scenario: Scenario[Result],
    *,
    loop: str = "uvloop",
    **settings: Any,
) -> Result:
    """Run a scenario against a started pool and close the pool."""

    async def main() -> Result:
        async with running(releases, **settings) as pool:
            return await asyncio.wait_for(_run(scenario, pool), 50)

    if loop == "uvloop":
        return uvloop.run(main())
    return asyncio.run(main())


async def _run(scenario: Scenario[Result], pool: WorkerPool) -> Result:
    return await scenario(pool)


async def ask(pool: WorkerPool, text: str, **request: Any) -> tuple[QueryAnswer, bytes]:
    """Run a query and read its answer to the end."""
    accept = request.pop("accept", ("*/*",))
    answer = await pool.run(QueryRequest(text, accept, **request))
    return answer, b"".join([chunk async for chunk in answer.chunks])
