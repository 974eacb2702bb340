"""What it costs that queries run in processes of their own: the pool against the engine in this
process, in turn, over the same release.

A point query, for its median; and a SELECT of 100,000 rows as JSON, to its last byte. Called by
`benchmarks.endpoint`.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

import uvloop
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from app import bootstrap
from app.settings import load
from app.store.base import QueryRequest, QueryService

POINTS = 3_000
LONG = 15
ROWS = "SELECT ?s ?o WHERE { ?s <http://bench.example/p1> ?o . ?s ?p ?x } LIMIT 100000"


@dataclass(frozen=True)
class Isolation:
    """Medians: milliseconds of a point query, seconds of a long SELECT, in the engine alone and
    through the pool."""

    point_direct_ms: float
    point_pool_ms: float
    rows_direct_s: float
    rows_pool_s: float

    @property
    def overhead_ms(self) -> float:
        """What isolation adds to a point query."""
        return self.point_pool_ms - self.point_direct_ms

    @property
    def rows_ratio(self) -> float:
        """The long SELECT through the pool, by that of the engine alone."""
        return self.rows_pool_s / self.rows_direct_s


def measure(data: Path, query: Callable[[int], str], subjects: int) -> Isolation:
    """Measure over the current release of a data directory."""
    settings = load(None, {}, data_dir=data, base_iri="http://bench.example")
    store = Store.read_only(str((data / "current").resolve() / "store"))

    def direct(text: str) -> float:
        started = perf_counter()
        found = store.query(text, use_default_graph_as_union=True)
        assert isinstance(found, QuerySolutions)
        found.serialize(io.BytesIO(), QueryResultsFormat.JSON)
        return perf_counter() - started

    async def through(service: QueryService, text: str) -> float:
        started = perf_counter()
        answer = await service.run(QueryRequest(text, ("application/sparql-results+json",)))
        async for _ in answer.chunks:
            pass
        return perf_counter() - started

    async def both(times: int, text: Callable[[int], str], service: QueryService) -> list[float]:
        ways: list[Callable[[str], Awaitable[float]]] = [
            lambda asked: asyncio.sleep(0, direct(asked)),
            lambda asked: through(service, asked),
        ]
        taken: list[list[float]] = [[], []]
        for number in range(times):
            for place, way in enumerate(ways):
                taken[place].append(await way(text(number)))
        return [median(times) for times in taken]

    async def run() -> Isolation:
        service = bootstrap.query_service(settings)
        await service.start()
        try:
            points = await both(POINTS, lambda n: query(n * 37 % subjects), service)
            rows = await both(LONG, lambda _: ROWS, service)
        finally:
            await service.close()
        return Isolation(points[0] * 1e3, points[1] * 1e3, rows[0], rows[1])

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(run())
