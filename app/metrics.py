"""What the program tells about itself while it runs: a Protocol, a null one, a Prometheus one.

Names follow https://prometheus.io/docs/practices/naming/. Nothing here imports the rest of the
program, so every layer may count. With several server processes each counts into files of a
folder that all of them share, and each tells the sum of all
(https://prometheus.github.io/client_python/multiprocess/).
"""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

SHARED_FOLDER: Final = "PROMETHEUS_MULTIPROC_DIR"
"""The variable that names the folder; the library reads it when it is imported."""

_SECONDS: Final = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics(Protocol):
    """Everything that is counted."""

    def request(self, route: str, status: int, seconds: float) -> None:
        """An HTTP request was answered. `route` is the pattern, not the path."""

    def query(self, form: str, outcome: str, seconds: float, rows: int | None) -> None:
        """A query ended. `form` is empty when unknown; `outcome` is "ok", "closed" when the
        client went away, or the error's code."""

    def queries_waiting(self, number: int) -> None:
        """So many queries wait for a process now."""

    def workers(self, ready: int, busy: int) -> None:
        """So many query processes are idle and running a query now."""

    def worker_ended(self, cause: str) -> None:
        """A query process ended: "deadline", "closed", "retired", "crash", …"""

    def release(self, created: datetime, quads: int) -> None:
        """This release is served from now on."""

    def publish(self, outcome: str, seconds: float) -> None:
        """A publish ended: "ok", "unchanged", or the error's code."""

    def cached(self, outcome: str) -> None:
        """A query was "kept" (answered from memory), "fresh" (304), or "run"."""

    def exposition(self) -> tuple[bytes, str]:
        """The body and media type of `/metrics`."""


class NullMetrics:
    """Counts nothing: for commands and tests."""

    def cached(self, outcome: str) -> None:
        """See Metrics."""

    def request(self, route: str, status: int, seconds: float) -> None:
        """See Metrics."""

    def query(self, form: str, outcome: str, seconds: float, rows: int | None) -> None:
        """See Metrics."""

    def queries_waiting(self, number: int) -> None:
        """See Metrics."""

    def workers(self, ready: int, busy: int) -> None:
        """See Metrics."""

    def worker_ended(self, cause: str) -> None:
        """See Metrics."""

    def release(self, created: datetime, quads: int) -> None:
        """See Metrics."""

    def publish(self, outcome: str, seconds: float) -> None:
        """See Metrics."""

    def exposition(self) -> tuple[bytes, str]:
        """See Metrics."""
        return b"", CONTENT_TYPE_LATEST


class PrometheusMetrics:
    """Counts in a registry of its own, so that two applications in a process stay apart."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        self._requests = Histogram(
            "tsunagu_request_seconds",
            "Time to answer HTTP requests.",
            ("route", "status"),
            buckets=_SECONDS,
            registry=registry,
        )
        self._queries = Histogram(
            "tsunagu_query_seconds",
            "Time that SPARQL queries took.",
            ("form", "outcome"),
            buckets=_SECONDS,
            registry=registry,
        )
        self._rows = Counter(
            "tsunagu_query_rows", "Solutions and triples in answers.", registry=registry
        )
        self._waiting = Gauge(
            "tsunagu_queries_waiting", "Queries that wait for a process.",
            registry=registry, multiprocess_mode="livesum",
        )  # fmt: skip
        self._workers = Gauge(
            "tsunagu_query_workers", "Query processes.", ("state",),
            registry=registry, multiprocess_mode="livesum",
        )  # fmt: skip
        self._ended = Counter(
            "tsunagu_query_workers_ended",
            "Query processes that ended, by cause.",
            ("cause",),
            registry=registry,
        )
        self._release_created = Gauge(
            "tsunagu_release_created_timestamp_seconds",
            "When the release that is served was made.",
            registry=registry,
            multiprocess_mode="livemax",
        )
        self._release_quads = Gauge(
            "tsunagu_release_quads", "Quads in the release that is served.",
            registry=registry, multiprocess_mode="livemostrecent",
        )  # fmt: skip
        self._cached = Counter(
            "tsunagu_query_cache", "Queries by how their answer was found.", ("outcome",),
            registry=registry,
        )  # fmt: skip
        self._publishes = Histogram(
            "tsunagu_publish_seconds",
            "Time that publishing took.",
            ("outcome",),
            buckets=(0.1, 1, 5, 15, 60, 300, 1800),
            registry=registry,
        )

    def request(self, route: str, status: int, seconds: float) -> None:
        """See Metrics."""
        self._requests.labels(route, str(status)).observe(seconds)

    def query(self, form: str, outcome: str, seconds: float, rows: int | None) -> None:
        """See Metrics."""
        self._queries.labels(form, outcome).observe(seconds)
        if rows:
            self._rows.inc(rows)

    def queries_waiting(self, number: int) -> None:
        """See Metrics."""
        self._waiting.set(number)

    def workers(self, ready: int, busy: int) -> None:
        """See Metrics."""
        self._workers.labels("ready").set(ready)
        self._workers.labels("busy").set(busy)

    def worker_ended(self, cause: str) -> None:
        """See Metrics."""
        self._ended.labels(cause).inc()

    def release(self, created: datetime, quads: int) -> None:
        """See Metrics."""
        self._release_created.set(created.timestamp())
        self._release_quads.set(quads)

    def publish(self, outcome: str, seconds: float) -> None:
        """See Metrics."""
        self._publishes.labels(outcome).observe(seconds)

    def cached(self, outcome: str) -> None:
        """See Metrics."""
        self._cached.labels(outcome).inc()

    def exposition(self) -> tuple[bytes, str]:
        """See Metrics."""
        return generate_latest(self._told_from()), CONTENT_TYPE_LATEST

    def _told_from(self) -> CollectorRegistry:
        """This process's own numbers, or the sum of those of all server processes."""
        folder = os.environ.get(SHARED_FOLDER)
        if not folder:
            return self._registry
        for file in Path(folder).glob("gauge_live*.db"):
            found = re.search(r"_(\d+)\.db$", file.name)
            if found is not None and not Path(f"/proc/{found[1]}").exists():
                mark_process_dead(int(found[1]), folder)  # type: ignore[no-untyped-call]
        joined = CollectorRegistry()
        MultiProcessCollector(joined, folder)  # type: ignore[no-untyped-call]
        return joined
