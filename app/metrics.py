"""What the program tells about itself while it runs: a Protocol, a null one, a Prometheus one.

Names follow https://prometheus.io/docs/practices/naming/. Nothing here imports the rest of the
program, so every layer may count.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

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

    def exposition(self) -> tuple[bytes, str]:
        """The body and media type of `/metrics`."""


class NullMetrics:
    """Counts nothing: for commands and tests."""

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
            "tsunagu_queries_waiting", "Queries that wait for a process.", registry=registry
        )
        self._workers = Gauge(
            "tsunagu_query_workers", "Query processes.", ("state",), registry=registry
        )
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
        )
        self._release_quads = Gauge(
            "tsunagu_release_quads", "Quads in the release that is served.", registry=registry
        )
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

    def exposition(self) -> tuple[bytes, str]:
        """See Metrics."""
        return generate_latest(self._registry), CONTENT_TYPE_LATEST
