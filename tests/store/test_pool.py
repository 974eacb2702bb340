"""Foreign queries: answers, errors, deadlines, releases, turns."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from app.errors import (
    NotAcceptable,
    QueryError,
    QueryMemory,
    QueryOverload,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
    ReleaseNotFound,
    StoreError,
)
from app.metrics import PrometheusMetrics
from app.settings import Settings
from app.store.base import QueryRequest
from app.store.embedded import EmbeddedReleases
from app.store.workers.pool import WorkerPool

from .conftest import ask, publish, running, with_pool

DEFAULTS = Settings.model_validate({})
ROOT = Path(__file__).resolve().parents[2]
ALL = "SELECT ?s ?p ?o { ?s ?p ?o }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
SLOW = """SELECT (COUNT(*) AS ?n) {
  { SELECT * { ?s <http://example.org/p0> ?o . ?x <http://example.org/p1> ?y } LIMIT 1500000 }
}"""
"""Takes about a second."""
LONG = "SELECT ?s ?o { ?s ?p ?o . ?x <http://example.org/p1> ?y }"
"""Flows for minutes."""


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_small_answer_is_whole_before_it_is_given(published: EmbeddedReleases, loop: str) -> None:
    async def scenario(pool: WorkerPool) -> None:
        answer, body = await ask(pool, ALL + " LIMIT 3")
        assert (answer.form, answer.whole, answer.rows) == ("select", True, 3)
        assert answer.media_type == "application/sparql-results+json"
        assert answer.content_length == len(body)
        assert answer.release == published.current_id()
        assert answer.seconds is not None
        assert len(json.loads(body)["results"]["bindings"]) == 3

    with_pool(published, scenario, loop=loop)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_long_answer_streams_and_is_counted_at_its_end(
    published: EmbeddedReleases, loop: str
) -> None:
    async def scenario(pool: WorkerPool) -> None:
        answer = await pool.run(QueryRequest(ALL, ("text/csv",)))
        assert (answer.whole, answer.rows, answer.content_length) == (False, None, None)
        body = b"".join([chunk async for chunk in answer.chunks])
        assert body.count(b"\r\n") == 30_011
        assert answer.rows == 30_010

    with_pool(published, scenario, loop=loop)


@pytest.mark.parametrize(
    ("text", "accept", "form", "media_type", "rows"),
    [
        ("ASK {}", "*/*", "ask", "application/sparql-results+json", 1),
        ("ASK {}", "application/json", "ask", "application/sparql-results+json", 1),
        ("SELECT * {}", "application/xml", "select", "application/sparql-results+xml", 1),
        (ALL + " LIMIT 4", "text/tab-separated-values", "select", "text/tab-separated-values", 4),
        (ALL + " LIMIT 4", "text/*", "select", "text/csv", 4),
        ("DESCRIBE <http://example.org/h/0>", "*/*", "describe", "text/turtle", 10),
        (
            "# DESCRIBE\nPREFIX a: <x:ask> CONSTRUCT { ?s ?p 1 } { ?s ?p ?o } LIMIT 2",
            "application/ld+json",
            "construct",
            "application/ld+json",
            2,
        ),
        ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2", "application/n-quads", "construct", "application/n-quads", 2),
        ("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 2", "text/html", None, None, None),
        (ALL, "text/turtle", None, None, None),
    ],
)  # fmt: skip
def test_the_form_and_the_accepted_types_decide_the_format(
    published: EmbeddedReleases,
    text: str,
    accept: str,
    form: str | None,
    media_type: str,
    rows: int,
) -> None:
    async def scenario(pool: WorkerPool) -> None:
        if form is None:
            with pytest.raises(NotAcceptable):
                await ask(pool, text, accept=(accept,))
            return
        answer, _ = await ask(pool, text, accept=("image/png", accept))
        assert (answer.form, answer.media_type, answer.rows) == (form, media_type, rows)

    with_pool(published, scenario)


@pytest.mark.parametrize(
    ("text", "type", "told"),
    [
        ('SELECT ("a\\u0001b" AS ?x) {}', "application/sparql-results+xml", "U+0001"),
        (
            "CONSTRUCT { ?s <http://example.org/123> 1 } WHERE { BIND(<x:a> AS ?s) }",
            "application/rdf+xml",
            "<http://example.org/123>",
        ),
    ],
)
def test_what_xml_cannot_hold_is_refused_with_its_name(
    published: EmbeddedReleases, text: str, type: str, told: str
) -> None:
    async def scenario(pool: WorkerPool) -> None:
        with pytest.raises(NotAcceptable) as caught:
            await ask(pool, text, accept=(type,))
        assert told in caught.value.text.en

    with_pool(published, scenario)


def test_a_carriage_return_reaches_the_reader_of_xml(published: EmbeddedReleases) -> None:
    async def scenario(pool: WorkerPool) -> None:
        text = 'SELECT ("a\\rb" AS ?x) {}'
        _, body = await ask(pool, text, accept=("application/sparql-results+xml",))
        assert b"<literal>a&#xD;b</literal>" in body

    with_pool(published, scenario)


def test_columns_of_a_star_stand_as_the_query_names_them(published: EmbeddedReleases) -> None:
    async def scenario(pool: WorkerPool) -> None:
        _, body = await ask(pool, "SELECT * { ?s ?p ?o } LIMIT 1")
        assert json.loads(body)["head"]["vars"] == ["s", "p", "o"]

    with_pool(published, scenario)


def test_turtle_uses_the_prefixes_of_the_query(published: EmbeddedReleases) -> None:
    async def scenario(pool: WorkerPool) -> None:
        text = "PREFIX ex: <http://example.org/> DESCRIBE <http://example.org/h/0>"
        _, body = await ask(pool, text)
        assert b"@prefix ex: <http://example.org/>" in body
        assert b"ex:p3" in body
        _, body = await ask(pool, "PREFIX : <rel#> " + text, base_iri="http://b.example/")
        assert b"http://example.org/p3" in body

    with_pool(published, scenario)


def rows_of(body: bytes) -> list[dict[str, str]]:
    bindings = json.loads(body)["results"]["bindings"]
    return [{name: term["value"] for name, term in row.items()} for row in bindings]


def test_the_data_set_of_a_query(published: EmbeddedReleases) -> None:
    count = "SELECT (COUNT(*) AS ?n) "
    g, h = "http://example.org/g", "http://example.org/h"

    async def scenario(pool: WorkerPool) -> None:
        async def number(text: str, **request: Any) -> int:
            _, body = await ask(pool, text, **request)
            return int(rows_of(body)[0]["n"])

        assert await number(count + "{ ?s ?p ?o }") == 30_010
        assert await number(count + f"FROM <{h}> {{ ?s ?p ?o }}") == 10
        assert await number(count + "{ ?s ?p ?o }", default_graphs=[h]) == 10
        assert await number(count + f"FROM <{g}> {{ ?s ?p ?o }}", default_graphs=[h]) == 10
        assert await number(count + "{ GRAPH ?g { ?s ?p ?o } }", named_graphs=[h]) == 10
        assert await number(count + "{ ?s ?p ?o }", named_graphs=[h]) == 0
        assert await number(count + "{ GRAPH ?g { ?s ?p ?o } }", default_graphs=[h]) == 0

    with_pool(published, scenario)


def test_substitutions_are_terms_not_text(published: EmbeddedReleases) -> None:
    async def scenario(pool: WorkerPool) -> None:
        text = "SELECT ?s ?o { ?s <http://example.org/p3> ?o }"
        _, body = await ask(pool, text, substitutions={"s": "<http://example.org/h/0>"})
        assert [row["o"] for row in rows_of(body)] == ["値 3"]
        for bad in ("<x:a> . <x:b> <x:c> <x:d>", '"unclosed', "<not an iri>"):
            with pytest.raises(QueryRefused, match="parameter"):
                await ask(pool, text, substitutions={"s": bad})
        with pytest.raises(QueryError, match="projection"):
            await ask(pool, text, substitutions={"elsewhere": '"1"'})
        with pytest.raises(QueryRefused, match="parameter"):
            await ask(pool, text, default_graphs=["no iri"])

    with_pool(published, scenario)


def test_a_syntax_error_has_a_place_and_a_repair(published: EmbeddedReleases) -> None:
    async def scenario(pool: WorkerPool) -> None:
        with pytest.raises(QuerySyntaxError) as caught:
            await ask(pool, "SELECT *\n{ ?s\n  foaf:name ?o }")
        error = caught.value
        assert error.place is not None
        assert (error.place.line, error.place.column) == (3, 3)
        assert error.hint is not None
        assert "PREFIX foaf: <http://xmlns.com/foaf/0.1/>" in error.hint.ja
        await ask(pool, "ASK { ?s f:n ?o }", prefixes={"f": "http://xmlns.com/foaf/0.1/"})

    with_pool(published, scenario)


@pytest.mark.parametrize(
    "text",
    [
        "INSERT DATA { <x:a> <x:b> <x:c> }",
        "PREFIX a: <x:select>\n# SELECT\nDELETE WHERE { ?s ?p ?o }",
        "LOAD SILENT <http://127.0.0.1/>",
        "WITH <x:g> DELETE { ?s ?p ?o } WHERE { ?s ?p ?o }",
        "CLEAR ALL",
    ],
)
def test_an_update_is_refused_by_name(published: EmbeddedReleases, text: str) -> None:
    async def scenario(pool: WorkerPool) -> None:
        with pytest.raises(QueryRefused, match="update"):
            await ask(pool, text)

    with_pool(published, scenario)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
def test_a_runaway_query_is_ended_at_its_deadline_and_the_next_is_answered(
    published: EmbeddedReleases, loop: str
) -> None:
    async def scenario(pool: WorkerPool) -> None:
        started = monotonic()
        with pytest.raises(QueryTimeout, match=r"stopped after 0\.4 seconds"):
            await ask(pool, RUNAWAY, timeout_s=0.4)
        assert monotonic() - started < 0.7
        started = monotonic()
        answer, _ = await ask(pool, "ASK {}")
        assert answer.rows == 1
        assert monotonic() - started < 0.5  # the spare was ready

    with_pool(published, scenario, loop=loop)


def test_a_deadline_within_a_long_answer_breaks_the_answer(published: EmbeddedReleases) -> None:
    async def scenario(pool: WorkerPool) -> None:
        answer = await pool.run(QueryRequest(LONG, ("text/csv",), timeout_s=0.5))
        with pytest.raises(QueryTimeout):
            async for _ in answer.chunks:
                pass
        assert answer.rows is None

    with_pool(published, scenario)


def test_the_caps_on_text_and_answer(published: EmbeddedReleases) -> None:
    async def scenario(pool: WorkerPool) -> None:
        with pytest.raises(QueryTooLarge, match="65537 bytes; at most 65536"):
            await ask(pool, "ASK {}" + " " * (65_537 - 6))
        await ask(pool, "ASK {}" + " " * (65_536 - 6))
        with pytest.raises(QueryTooLarge, match="limit of 1000 bytes"):
            await ask(pool, ALL + " LIMIT 100", max_bytes=1000)
        answer = await pool.run(QueryRequest(ALL, ("text/csv",), max_bytes=300_000))
        with pytest.raises(QueryTooLarge, match="limit of 300000 bytes"):
            async for _ in answer.chunks:
                pass

    with_pool(published, scenario)


@pytest.mark.parametrize("how", ["closed", "cancelled while reading", "cancelled before"])
def test_a_reader_who_leaves_ends_the_query_at_once(published: EmbeddedReleases, how: str) -> None:
    async def scenario(pool: WorkerPool) -> None:
        worker = pool._processes.idle[-1]
        task: asyncio.Task[Any]
        if how == "cancelled before":
            task = asyncio.create_task(ask(pool, RUNAWAY))
            await asyncio.sleep(0.1)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        else:
            answer = await pool.run(QueryRequest(LONG, ("text/csv",)))
            await anext(answer.chunks)
            if how == "closed":
                await answer.chunks.aclose()
            else:
                task = asyncio.create_task(drain(answer.chunks))
                await asyncio.sleep(0.05)
                task.cancel()
                await asyncio.gather(task, return_exceptions=True)
                await answer.chunks.aclose()
        started = monotonic()
        await ask(pool, "ASK {}")
        assert monotonic() - started < 0.5
        await until(lambda: worker.status == -signal.SIGKILL)

    with_pool(published, scenario)


@pytest.mark.parametrize("loop", ["asyncio", "uvloop"])
@pytest.mark.parametrize("delay", [0.0, 0.01, 0.05])
def test_the_pool_may_be_closed_while_processes_start(
    published: EmbeddedReleases, loop: str, delay: float
) -> None:
    async def scenario(pool: WorkerPool) -> None:
        for worker in list(pool._processes.idle):
            worker.kill("test")
        await asyncio.sleep(delay)

    with_pool(published, scenario, loop=loop)


async def drain(chunks: Any) -> None:
    async for _ in chunks:
        pass


async def until(condition: Any, seconds: float = 5.0) -> None:
    """Wait for something that is about to happen."""
    async with asyncio.timeout(seconds):
        while not condition():
            await asyncio.sleep(0.005)


def test_a_slow_reader_holds_no_worker(published: EmbeddedReleases) -> None:
    async def scenario(pool: WorkerPool) -> None:
        answer = await pool.run(QueryRequest(ALL, ("application/sparql-results+json",)))
        await until(lambda: not pool._executions)
        other, _ = await ask(pool, "ASK {}")
        assert other.rows == 1
        body = b"".join([chunk async for chunk in answer.chunks])
        assert len(json.loads(body)["results"]["bindings"]) == answer.rows == 30_010
        assert pool._space.free == 4 * pool._settings.query_result_bytes

    with_pool(published, scenario)


def test_without_room_for_files_the_worker_waits_for_its_reader(
    published: EmbeddedReleases,
) -> None:
    async def scenario(pool: WorkerPool) -> None:
        pool._space.free = 0
        answer = await pool.run(QueryRequest(ALL, ("application/sparql-results+json",)))
        await asyncio.sleep(0.5)
        assert pool._executions
        body = b"".join([chunk async for chunk in answer.chunks])
        assert len(json.loads(body)["results"]["bindings"]) == answer.rows == 30_010

    with_pool(published, scenario)


def test_a_worker_killed_within_an_answer_breaks_it_and_is_replaced(
    published: EmbeddedReleases,
) -> None:
    async def scenario(pool: WorkerPool) -> None:
        for _ in range(3):
            answer = await pool.run(QueryRequest(LONG, ("text/csv",)))
            (worker,) = pool._executions
            assert worker.pid is not None
            os.kill(worker.pid, signal.SIGKILL)
            with pytest.raises(QueryMemory):
                await drain(answer.chunks)
            await ask(pool, "ASK {}")

    with_pool(published, scenario)


def test_idle_workers_that_are_killed_are_replaced(published: EmbeddedReleases) -> None:
    async def scenario(pool: WorkerPool) -> None:
        await until(lambda: len(pool._processes.idle) == 3)
        before = {worker.pid for worker in pool._processes.idle}
        for pid in before:
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
        await until(lambda: not before & {worker.pid for worker in pool._processes.idle})
        await ask(pool, "ASK {}")
        await until(lambda: len(pool._processes.idle) == 3)

    with_pool(published, scenario, query_workers=2)


def test_queries_move_to_a_new_release_and_running_ones_stay(releases: EmbeddedReleases) -> None:
    first = publish(releases, 20_000)

    async def scenario(pool: WorkerPool) -> None:
        old = await pool.run(QueryRequest(ALL, ("text/csv",)))
        second = await asyncio.to_thread(publish, releases, 100)
        new, _ = await ask(pool, ALL, accept=("text/csv",))
        assert (new.release, new.rows) == (second, 100)
        assert old.release == first
        await drain(old.chunks)
        assert old.rows == 20_000
        releases.rollback()
        back, _ = await ask(pool, "ASK {}")
        assert back.release == first
        await until(lambda: all(worker.release == first for worker in pool._processes.idle))

    with_pool(releases, scenario, query_workers=2)


def test_before_the_first_publish_a_query_is_told_so(releases: EmbeddedReleases) -> None:
    releases.directory.data_dir.mkdir(parents=True)

    async def scenario(pool: WorkerPool) -> None:
        with pytest.raises(ReleaseNotFound):
            await ask(pool, "ASK {}")
        publish(releases, 1)
        answer, _ = await ask(pool, "ASK { ?s ?p ?o }")
        assert answer.rows == 1

    with_pool(releases, scenario)


def test_a_damaged_release_is_an_error_not_a_hang(releases: EmbeddedReleases) -> None:
    publish(releases, 1)
    (releases.directory.store_path(releases.current_id() or "") / "CURRENT").unlink()

    async def scenario(pool: WorkerPool) -> None:
        with pytest.raises(StoreError, match="cannot be opened"):
            await ask(pool, "ASK {}")

    with_pool(releases, scenario)


def test_clients_take_turns_and_a_full_queue_is_told(published: EmbeddedReleases) -> None:
    async def scenario(pool: WorkerPool) -> None:
        order: list[str] = []

        async def one(client: str) -> None:
            try:
                await ask(pool, "ASK {}", client=client)
                order.append(client)
            except QueryOverload:
                order.append(f"{client} refused")

        blockers = [
            asyncio.create_task(ask(pool, RUNAWAY, timeout_s=0.6, client=client))
            for client in ("a", "c")
        ]
        await asyncio.sleep(0.05)
        tasks = [asyncio.create_task(one("a")) for _ in range(5)]
        await asyncio.sleep(0)
        tasks.append(asyncio.create_task(one("b")))
        await asyncio.gather(*blockers, *tasks, return_exceptions=True)
        assert order[:2] == ["a refused", "a refused"]
        assert "b" in order
        assert order.count("a") == 3

    with_pool(published, scenario, query_queue=4)


def test_waiting_longer_than_the_deadline_is_an_overload(published: EmbeddedReleases) -> None:
    async def scenario(pool: WorkerPool) -> None:
        blocker = asyncio.create_task(ask(pool, RUNAWAY, timeout_s=0.8))
        await asyncio.sleep(0.05)
        started = monotonic()
        with pytest.raises(QueryOverload):
            await ask(pool, "ASK {}", timeout_s=0.2)
        assert monotonic() - started < 0.5
        waiting = asyncio.create_task(ask(pool, "ASK {}"))
        await asyncio.sleep(0.05)
        waiting.cancel()
        assert len(await asyncio.gather(blocker, waiting, return_exceptions=True)) == 2
        assert len(pool._queue) == 0

    with_pool(published, scenario)


def test_a_worker_that_used_much_memory_is_replaced_after_its_answer(
    published: EmbeddedReleases, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.store.workers.pool.RETIRED_BYTES", 0)

    async def scenario(pool: WorkerPool) -> None:
        worker = pool._processes.idle[-1]
        for _ in range(3):
            answer, _ = await ask(pool, "ASK {}")
            assert answer.rows == 1
        await until(lambda: worker.status is not None)
        assert worker.cause == "retired"

    with_pool(published, scenario)


def test_closing_ends_everything(published: EmbeddedReleases) -> None:
    async def main() -> list[int]:
        async with running(published, query_workers=2) as pool:
            task = asyncio.create_task(ask(pool, RUNAWAY))
            await asyncio.sleep(0.1)
            pids = [w.pid for w in [*pool._processes.idle, *pool._executions] if w.pid is not None]
        with pytest.raises(QueryOverload, match="shutting down"):
            await task
        with pytest.raises(QueryOverload, match="shutting down"):
            await ask(pool, "ASK {}")
        return pids

    for pid in asyncio.run(main()):
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_workers_that_cannot_start_are_told(published: EmbeddedReleases) -> None:
    settings = Settings.model_construct(
        **{**DEFAULTS.model_dump(), "query_memory_bytes": 30 << 20, "query_workers": 1}
    )

    async def main() -> None:
        pool = WorkerPool(published, settings)
        with pytest.raises(StoreError, match="cannot be started"):
            await pool.start()

    asyncio.run(main())


def test_workers_die_with_their_server(tmp_path: Path, published: EmbeddedReleases) -> None:
    program = f"""
import asyncio, os, pathlib, signal, sys
sys.path.insert(0, {str(ROOT)!r})
from app.settings import Settings
from app.store.workers.pool import WorkerPool
from tests.store.conftest import open_releases
async def main():
    pool = WorkerPool(open_releases(pathlib.Path({str(published.directory.data_dir)!r})), Settings())
    await pool.start()
    print(*[w.pid for w in pool._processes.idle], flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(main())
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    pids = [int(pid) for pid in done.stdout.split()]
    assert pids

    async def gone() -> None:
        await until(lambda: not any(Path(f"/proc/{pid}/exe").exists() for pid in pids))

    asyncio.run(gone())


def test_what_happens_is_counted(published: EmbeddedReleases) -> None:
    metrics = PrometheusMetrics()

    async def main() -> str:
        pool = WorkerPool(published, DEFAULTS.model_copy(update={"query_workers": 1}), metrics)
        await pool.start()
        await ask(pool, ALL + " LIMIT 7")
        with pytest.raises(QueryTimeout):
            await ask(pool, RUNAWAY, timeout_s=0.1)
        with pytest.raises(QuerySyntaxError):
            await ask(pool, "SELEKT")
        await pool.close()
        return metrics.exposition()[0].decode()

    text = asyncio.run(main())
    assert 'tsunagu_query_seconds_count{form="select",outcome="ok"} 1.0' in text
    assert 'outcome="query-timeout"} 1.0' in text
    assert 'outcome="query-syntax-error"} 1.0' in text
    assert "tsunagu_query_rows_total 7.0" in text
    assert 'tsunagu_query_workers_ended_total{cause="deadline"} 1.0' in text
    assert "tsunagu_release_quads 30010.0" in text


def test_one_client_cannot_hold_all_processes_with_long_queries(
    published: EmbeddedReleases,
) -> None:
    async def scenario(pool: WorkerPool) -> None:
        await until(lambda: len(pool._processes.idle) >= 2)

        def runaway() -> asyncio.Task[Any]:
            return asyncio.create_task(ask(pool, RUNAWAY, client="a", timeout_s=3))

        hostile = [runaway()]
        await asyncio.sleep(0.4)
        hostile += [runaway() for _ in range(3)]
        await asyncio.sleep(0.1)
        assert len(pool._executions) == 1
        started = monotonic()
        await ask(pool, "ASK {}", client="b")
        assert monotonic() - started < 0.5
        for task in hostile:
            task.cancel()
        await asyncio.gather(*hostile, return_exceptions=True)

    with_pool(published, scenario, query_workers=2)


def test_who_has_no_query_running_does_not_wait_for_the_long_ones_of_another(
    published: EmbeddedReleases,
) -> None:
    async def scenario(pool: WorkerPool) -> None:
        await until(lambda: len(pool._processes.idle) == 3)
        hostile = [
            asyncio.create_task(ask(pool, RUNAWAY, client="a", timeout_s=3)) for _ in range(4)
        ]
        await asyncio.sleep(0.1)
        assert len(pool._executions) == 2  # both came before either was long
        started = monotonic()
        await ask(pool, "ASK {}", client="b")
        assert monotonic() - started < 0.2
        for task in hostile:
            task.cancel()
        await asyncio.gather(*hostile, return_exceptions=True)

    with_pool(published, scenario, query_workers=2)


def test_who_broke_a_process_waits_until_there_is_another(published: EmbeddedReleases) -> None:
    async def scenario(pool: WorkerPool) -> None:
        await until(lambda: len(pool._processes.idle) == 2)
        worker = pool._processes.idle[-1]
        breaking = asyncio.create_task(ask(pool, RUNAWAY, client="a"))
        await until(lambda: worker in pool._executions)
        worker.kill("test")
        await asyncio.gather(breaking, return_exceptions=True)
        assert not pool._may_begin("a")
        assert pool._may_begin("b")
        await until(lambda: pool._may_begin("a"))

    with_pool(published, scenario, query_workers=1)


@pytest.mark.skipif(not hasattr(os, "SCHED_IDLE"), reason="no background scheduling here")
def test_a_long_query_runs_in_the_background_and_its_process_is_replaced(
    published: EmbeddedReleases,
) -> None:
    def policies(pid: int | None) -> list[int]:
        threads = [int(task.name) for task in Path(f"/proc/{pid}/task").iterdir()]
        return [os.sched_getscheduler(thread) for thread in threads]

    async def scenario(pool: WorkerPool) -> None:
        worker = pool._processes.idle[-1]
        assert os.SCHED_IDLE not in policies(worker.pid)
        long = asyncio.create_task(ask(pool, SLOW, timeout_s=60))
        await until(lambda: os.SCHED_IDLE in policies(worker.pid))
        answer, _ = await long
        assert (answer.seconds or 0) > 0.2
        assert worker.cause == "retired"
        await ask(pool, "ASK {}")
        await until(lambda: len(pool._processes.idle) == 2)
        assert not any(os.SCHED_IDLE in policies(other.pid) for other in pool._processes.idle)

    with_pool(published, scenario)


def test_query_processes_are_made_anew_when_what_makes_them_has_ended(
    published: EmbeddedReleases,
) -> None:
    async def scenario(pool: WorkerPool) -> None:
        await ask(pool, "ASK {}")
        template = pool._processes._template._process
        assert template is not None
        os.kill(template.pid, signal.SIGKILL)
        await until(lambda: pool._processes._template._process not in (None, template))
        await until(lambda: len(pool._processes.idle) == 2)
        answer, _ = await ask(pool, "ASK {}")
        assert answer.rows == 1

    with_pool(published, scenario, query_workers=1)
