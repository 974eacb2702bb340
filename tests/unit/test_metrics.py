"""Metrics: the two implementations have one shape, and applications stay apart."""

from __future__ import annotations

import inspect
from datetime import UTC, datetime

from app.metrics import Metrics, NullMetrics, PrometheusMetrics


def record_everything(metrics: Metrics) -> None:
    metrics.request("/doc/{path}", 200, 0.01)
    metrics.query("select", "ok", 0.02, 3)
    metrics.queries_waiting(4)
    metrics.workers(ready=2, busy=1)
    metrics.worker_ended("deadline")
    metrics.release(datetime(2026, 1, 1, tzinfo=UTC), 99)
    metrics.publish("ok", 1.5)


def test_both_take_everything() -> None:
    record_everything(NullMetrics())
    first, second = PrometheusMetrics(), PrometheusMetrics()
    record_everything(first)
    body, media_type = first.exposition()
    assert media_type.startswith("text/plain")
    for line in (
        b'tsunagu_request_seconds_count{route="/doc/{path}",status="200"} 1.0',
        b'tsunagu_query_seconds_count{form="select",outcome="ok"} 1.0',
        b"tsunagu_query_rows_total 3.0",
        b"tsunagu_queries_waiting 4.0",
        b'tsunagu_query_workers{state="busy"} 1.0',
        b'tsunagu_query_workers_ended_total{cause="deadline"} 1.0',
        b"tsunagu_release_quads 99.0",
        b'tsunagu_publish_seconds_count{outcome="ok"} 1.0',
    ):
        assert line in body
    assert b"select" not in second.exposition()[0]


def test_the_signatures_agree() -> None:
    for name, method in inspect.getmembers(Metrics, inspect.isfunction):
        if not name.startswith("_"):
            for implementation in (NullMetrics, PrometheusMetrics):
                assert inspect.signature(getattr(implementation, name)) == inspect.signature(method)
