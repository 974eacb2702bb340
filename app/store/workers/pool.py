"""Runs foreign queries in worker processes (`base.QueryService`).

One query a process; a spare process is always starting or ready, so that the next query does
not wait for the replacement of a killed one. Everything happens in the event loop's thread:
between a request and its answer there is one write and one read of a socket pair.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from functools import lru_cache
from typing import Any, Final

from app.errors import ReleaseNotFound, StoreError, Text, TsunaguError
from app.metrics import Metrics, NullMetrics
from app.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS
from app.settings import Settings
from app.store.base import QueryAnswer, QueryRequest
from app.store.embedded import EmbeddedReleases
from app.store.workers import failures
from app.store.workers.budget import Account, Budgets
from app.store.workers.execution import Execution
from app.store.workers.frames import OPEN
from app.store.workers.process import WorkerProcess
from app.store.workers.spool import SpoolSpace
from app.store.workers.turns import FairQueue

SPARES: Final = 1
"""Processes beyond those that may run queries at once."""

RETIRED_BYTES: Final = 512 << 20
"""A worker that has once used so much memory is replaced: allocators give little back."""

SPOOLED_ANSWERS: Final = 4
"""The longest allowed answers that may lie in files at once, in all."""

_LOOK_S: Final = 0.5
"""How often idle workers are moved to the current release."""

_START_FAILURES: Final = 3
"""So many processes in a row that end before they are ready make waiting queries fail."""

_START_WAIT_S: Final = 30.0

_LONG_S: Final = 0.2
"""Who has a query running for so long leaves the last free process to others."""

_log = logging.getLogger(__name__)
_queries = logging.getLogger("tsunagu.query")


class WorkerPool:
    """A fixed number of query processes over the current release."""

    def __init__(
        self, releases: EmbeddedReleases, settings: Settings, metrics: Metrics | None = None
    ) -> None:
        self._releases = releases
        self._settings = settings
        self._metrics = metrics or NullMetrics()
        self._idle: list[WorkerProcess] = []
        self._starting: set[WorkerProcess] = set()
        self._ending: set[WorkerProcess] = set()
        self._executions: dict[WorkerProcess, Execution | None] = {}
        self._queue: FairQueue[asyncio.Future[WorkerProcess]] = FairQueue(settings.query_queue)
        self._budgets = Budgets()
        self._paying: dict[Execution, Account] = {}
        self._space = SpoolSpace(
            releases.directory.data_dir, SPOOLED_ANSWERS * settings.query_result_bytes
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed_starts = 0
        self._changed = asyncio.Event()
        self._closing = False
        self._closed = asyncio.Event()
        self._seen_release: str | None = None
        self._path = ("", "")
        self._warned = False
        self._looking: asyncio.TimerHandle | None = None

    async def start(self) -> None:
        """Start the processes and wait for the first. Raises StoreError when none starts."""
        self._replenish()
        self._look()
        try:
            async with asyncio.timeout(_START_WAIT_S):
                while not self._idle and self._failed_starts < _START_FAILURES:
                    await self._change()
        except TimeoutError:
            pass
        if not self._idle:
            await self.close()
            raise failures.cannot_start()

    def release(self) -> str | None:
        """The id of the release that a query would see now: one `readlink`."""
        return self._releases.current_id()

    async def run(self, request: QueryRequest) -> QueryAnswer:
        """Run a query; see `base.QueryService.run`. When the task is cancelled, or the answer's
        chunks are closed before their end, the query's process is ended at once."""
        try:
            length = len(request.text.encode())
        except UnicodeEncodeError as broken:
            raise failures.not_text() from broken
        if length > self._settings.query_text_bytes:
            error = failures.text_too_long(length, self._settings.query_text_bytes)
            self._metrics.query("", error.code, 0.0, None)
            raise error
        self._refuse_spender(request)
        worker = await self._admit(request)
        while not worker.alive:  # it ended while it was handed over
            worker = await self._admit(request)
        execution: Execution | None = None
        try:
            message = self._message(request)
            execution = Execution(
                worker,
                request,
                timeout_s=message["timeout"],
                space=self._space,
                on_end=self._ended,
            )
            self._executions[worker] = execution
            if request.allowance is not None:
                self._paying[execution] = self._budgets.start(request.client, request.allowance)
            execution.begin(message)
            return await execution.head
        except BaseException:
            if execution is not None:
                execution.give_up()
            else:
                self._free(worker)
            raise

    async def close(self) -> None:
        """End all processes and wait until they are gone."""
        self._closing = True
        if self._looking is not None:
            self._looking.cancel()
        while (turn := self._queue.take()) is not None:
            if not turn.done():
                turn.set_exception(failures.closed())
        for execution in list(self._executions.values()):
            if execution is not None:
                execution.close_service()
        self._closed.set()
        # Not cancelled: uvloop leaves a connection that is cancelled while it is made half made.
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for worker in [*self._idle, *self._starting, *self._executions]:
            self._discard(worker, "shutdown")
        while self._ending:
            await self._change()

    # Admission

    async def _admit(self, request: QueryRequest) -> WorkerProcess:
        """A worker reserved for this request, in its turn."""
        if self._closing:
            raise failures.closed()
        if self._may_begin(request.client):
            worker = self._reserve()
            if worker is not None:
                return worker
        if self._failed_starts >= _START_FAILURES:
            raise failures.no_process()
        turn: asyncio.Future[WorkerProcess] = asyncio.get_running_loop().create_future()
        try:
            displaced = self._queue.put(request.client, turn)
        except OverflowError as error:
            raise self._overload() from error
        if displaced is not None and not displaced.done():
            displaced.set_exception(self._overload())
        self._metrics.queries_waiting(len(self._queue))
        try:
            async with asyncio.timeout(self._timeout(request)):
                return await turn
        except BaseException as error:
            if turn.done() and not turn.cancelled() and turn.exception() is None:
                self._free(turn.result())  # it came in the same moment
            if isinstance(error, TimeoutError):
                raise self._overload() from error
            raise
        finally:
            self._queue.remove(request.client, turn)
            self._metrics.queries_waiting(len(self._queue))

    def _refuse_spender(self, request: QueryRequest) -> None:
        if request.allowance is None:
            return
        wait_s = self._budgets.denied_s(request.client, request.allowance)
        if wait_s is not None:
            error = failures.budget_spent(wait_s)
            self._metrics.query("", error.code, 0.0, None)
            raise error

    def _may_begin(self, client: str) -> bool:
        """Whether a client may have the last free process: not while a query of its own has been
        running for long, so that there is one left for whoever asks something short."""
        last = len(self._executions) >= self._settings.query_workers - 1
        if not client or not last or self._settings.query_workers == 1:
            return True
        return not any(
            execution is not None
            and execution.request.client == client
            and execution.seconds > _LONG_S
            for execution in self._executions.values()
        )

    def _reserve(self) -> WorkerProcess | None:
        if not self._idle or len(self._executions) >= self._settings.query_workers:
            return None
        worker = self._idle.pop()  # the last used one: its caches are warm
        self._executions[worker] = None
        self._count_workers()
        return worker

    def _free(self, worker: WorkerProcess) -> None:
        """A worker that is alive and has no query."""
        self._executions.pop(worker, None)
        if self._closing or not worker.alive:
            return
        self._idle.append(worker)
        self._hand_out()

    def _hand_out(self) -> None:
        while self._idle and len(self._executions) < self._settings.query_workers:
            turn = self._queue.take(self._may_begin)
            if turn is None:
                break
            if not turn.done():
                worker = self._reserve()
                assert worker is not None
                turn.set_result(worker)
        self._count_workers()

    def _overload(self) -> TsunaguError:
        error = failures.overload(len(self._queue))
        self._metrics.query("", error.code, 0.0, None)
        return error

    def _timeout(self, request: QueryRequest) -> float:
        return request.timeout_s or self._settings.query_timeout_s

    def _message(self, request: QueryRequest) -> dict[str, Any]:
        release = self._releases.current_id()
        if release is None:
            raise ReleaseNotFound(
                Text(ja="まだ何も公開されていません。", en="Nothing has been published yet.")
            )
        accept = tuple(request.accept)
        return {
            "text": request.text,
            "release": release,
            "path": self._store_path(release),
            "results_format": _chosen(accept, graph=False),
            "graph_format": _chosen(accept, graph=True),
            "default_graphs": list(request.default_graphs),
            "named_graphs": list(request.named_graphs),
            "base_iri": request.base_iri,
            "substitutions": dict(request.substitutions),
            "prefixes": dict(request.prefixes),
            "timeout": self._timeout(request),
            "max_bytes": request.max_bytes or self._settings.query_result_bytes,
            "rows": request.rows,
            "skip": request.skip,
        }

    def _store_path(self, release: str) -> str:
        if self._path[0] != release:  # for every query: resolving a path takes 60 µs
            path = self._releases.directory.releases_dir / release / "store"
            self._path = (release, str(path.resolve()))
        return self._path[1]

    # Ends

    def _ended(self, execution: Execution) -> None:
        """A query is over: its worker is free, or dead."""
        worker = execution.worker
        account = self._paying.pop(execution, None)
        if account is not None:
            self._budgets.stop(account)
        self._metrics.query(execution.form, execution.outcome, execution.seconds, execution.rows)
        self._tell(execution)
        if worker.cause is not None or worker.status is not None:
            self._discard(worker, worker.cause or "crash")
        elif execution.memory > RETIRED_BYTES:
            self._discard(worker, "retired")
        else:
            self._free(worker)

    def _discard(self, worker: WorkerProcess, cause: str) -> None:
        """Take a worker out of service and start another."""
        if worker in self._idle:
            self._idle.remove(worker)
        self._starting.discard(worker)
        self._executions.pop(worker, None)
        if not worker.gone:
            self._ending.add(worker)
            worker.kill(cause)
        if not self._closing:
            self._replenish()
            self._hand_out()

    def _lost(self, worker: WorkerProcess) -> None:
        """A process has ended and been reaped."""
        self._metrics.worker_ended(worker.cause or "crash")
        if worker.cause is None:
            _log.warning("query process %s ended by itself: status %s", worker.pid, worker.status)
        if not worker.ready and worker.cause is None:
            self._failed_starts += 1
            if self._failed_starts >= _START_FAILURES:
                self._fail_waiting()
        self._ending.discard(worker)
        execution = self._executions.get(worker)
        if execution is not None:
            execution.worker_died()
        elif worker in self._idle or worker in self._starting or worker in self._executions:
            self._discard(worker, "crash")
        self._changed.set()

    def _tell(self, execution: Execution) -> None:
        """One line of the log for each query; slow ones with their text."""
        request, seconds = execution.request, execution.seconds
        slow = seconds >= self._settings.query_slow_s
        if not slow and not _queries.isEnabledFor(logging.INFO):
            return
        fields = {
            "query_id": request.id,
            "client": request.client,
            "form": execution.form,
            "outcome": execution.outcome,
            "seconds": round(seconds, 4),
            "rows": execution.rows,
        }
        if slow:
            _queries.warning("slow query", extra={"fields": {**fields, "text": request.text}})
        else:
            _queries.info("query", extra={"fields": fields})

    def _fail_waiting(self) -> None:
        while (turn := self._queue.take()) is not None:
            if not turn.done():
                turn.set_exception(failures.no_process())

    # Processes

    def _replenish(self) -> None:
        wanted = self._settings.query_workers + SPARES
        alive = len(self._idle) + len(self._starting) + len(self._executions)
        for _ in range(wanted - alive):
            worker = WorkerProcess(on_ready=self._ready, on_lost=self._lost)
            self._starting.add(worker)
            self._spawn(self._start(worker))

    async def _start(self, worker: WorkerProcess) -> None:
        if self._failed_starts:
            with suppress(TimeoutError):
                delay = min(0.1 * 2**self._failed_starts, 5.0)
                await asyncio.wait_for(self._closed.wait(), delay)
        if self._closing:
            self._starting.discard(worker)
            return
        try:
            await worker.start(self._settings)
            self._move(worker, self._releases.current_id())
        except OSError as error:  # no processes or files left
            _log.warning("a query process could not be started: %s", error)
            self._failed_starts += 1
            self._starting.discard(worker)
            self._changed.set()
            if self._failed_starts >= _START_FAILURES:
                self._fail_waiting()
            if not self._closing:
                self._replenish()

    def _ready(self, worker: WorkerProcess) -> None:
        self._failed_starts = 0
        if not worker.filtered and not self._warned:
            self._warned = True
            _log.warning("no system call filter on this machine: SERVICE is refused by its name")
        if worker in self._starting:
            self._starting.discard(worker)
            self._idle.append(worker)
            self._changed.set()
            self._hand_out()

    def _look(self) -> None:
        """Move idle workers to the current release ahead of their next query."""
        release = self._releases.current_id()
        if release != self._seen_release and release is not None:
            self._seen_release = release
            try:
                manifest = self._releases.directory.manifest(release)
                self._metrics.release(manifest.created, manifest.quads)
            except StoreError as error:
                _log.warning("%s", error)
        for worker in self._idle:
            if worker.release != release:
                self._move(worker, release)
        self._looking = asyncio.get_running_loop().call_later(_LOOK_S, self._look)

    def _move(self, worker: WorkerProcess, release: str | None) -> None:
        worker.release = release
        path = self._store_path(release) if release is not None else None
        worker.send(OPEN, {"release": release, "path": path})

    def _count_workers(self) -> None:
        self._metrics.workers(len(self._idle), len(self._executions))

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()


@lru_cache(maxsize=256)
def _chosen(accept: tuple[str, ...], *, graph: bool) -> str | None:
    """The name of the first offered format that an accepted media type names or covers."""
    offered = GRAPH_FORMATS if graph else RESULT_FORMATS
    if not accept:
        return offered[0].name
    for wanted in accept:
        for format in offered:
            if wanted in format.value.media_types:
                return format.name
        kind, _, rest = wanted.partition("/")
        if rest == "*":
            for format in offered:
                if kind in ("*", format.value.media_type.partition("/")[0]):
                    return format.name
    return None
