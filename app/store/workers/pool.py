"""Runs foreign queries in worker processes (`base.QueryService`).

One query a process. Here it is decided whose query runs when; `processes` keeps the processes.
Everything happens in the event loop's thread: between a request and its answer there is one
write and one read of a socket pair.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from app.errors import ReleaseNotFound, Text, TsunaguError
from app.metrics import Metrics, NullMetrics
from app.rdf.formats import GRAPH_FORMATS, RESULT_FORMATS
from app.settings import Settings
from app.store.base import QueryAnswer, QueryRequest
from app.store.embedded import EmbeddedReleases
from app.store.workers import failures
from app.store.workers.budget import Account, Budgets
from app.store.workers.execution import Execution
from app.store.workers.process import WorkerProcess
from app.store.workers.processes import SPARES, Processes
from app.store.workers.spool import SpoolSpace
from app.store.workers.turns import FairQueue

RETIRED_BYTES: Final = 512 << 20
"""A worker that has once used so much memory is replaced: allocators give little back. So is one
that had a long query: it stays in the background."""

SPOOLED_ANSWERS: Final = 4
"""The longest allowed answers that may lie in files at once, in all."""

_queries = logging.getLogger("tsunagu.query")


@dataclass(eq=False, slots=True)
class _Turn:
    """Somebody who waits for a process."""

    client: str
    worker: asyncio.Future[WorkerProcess]

    def fail(self, error: TsunaguError) -> None:
        if not self.worker.done():
            self.worker.set_exception(error)


class WorkerPool:
    """A fixed number of query processes over the current release."""

    def __init__(
        self, releases: EmbeddedReleases, settings: Settings, metrics: Metrics | None = None
    ) -> None:
        self._releases = releases
        self._settings = settings
        self._metrics = metrics or NullMetrics()
        self._processes = Processes(
            releases,
            settings,
            self._metrics,
            on_idle=self._hand_out,
            on_lost=self._lost,
            on_stuck=self._fail_waiting,
        )
        self._executions: dict[WorkerProcess, Execution] = {}
        self._places: Counter[str] = Counter()
        self._owed: deque[str] = deque()
        self._queue: FairQueue[_Turn] = FairQueue(settings.query_queue)
        self._budgets = Budgets()
        self._paying: dict[Execution, Account] = {}
        self._space = SpoolSpace(
            releases.directory.data_dir, SPOOLED_ANSWERS * settings.query_result_bytes
        )

    async def start(self) -> None:
        """Start the processes and wait for the first. Raises StoreError when none starts."""
        if not await self._processes.start():
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
            self._leave(request.client)
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
                self._free(worker, request.client)
            raise

    async def close(self) -> None:
        """End all processes and wait until they are gone."""
        self._processes.closing = True
        self._fail_waiting(failures.closed)
        for execution in list(self._executions.values()):
            execution.close_service()
        await self._processes.close()

    # Admission

    async def _admit(self, request: QueryRequest) -> WorkerProcess:
        """A worker reserved for this request, in its turn."""
        if self._processes.closing:
            raise failures.closed()
        if self._processes.idle and self._may_begin(request.client):
            return self._reserve(request.client)
        if self._processes.stuck:
            raise failures.no_process()
        turn = _Turn(request.client, asyncio.get_running_loop().create_future())
        try:
            displaced = self._queue.put(request.client, turn)
        except OverflowError as error:
            raise self._overload() from error
        if displaced is not None:
            displaced.fail(self._overload())
        self._metrics.queries_waiting(len(self._queue))
        try:
            async with asyncio.timeout(self._timeout(request)):
                return await turn.worker
        except BaseException as error:
            came = turn.worker
            if came.done() and not came.cancelled() and came.exception() is None:
                self._free(came.result(), request.client)  # in the same moment
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
        """Whether a client may have a process now, if there is one.

        Who has none may have one more than there are for all, so that the long queries of one
        keep nobody waiting. Who has a long query leaves the last one to others. And who broke a
        process holds its place until there is another: else those that are left would be
        broken before anybody else comes to use them.
        """
        used, most = len(self._processes.busy) + len(self._owed), self._settings.query_workers
        if client and not self._places[client]:
            return used < most + SPARES
        if used >= most:
            return False
        last = used == most - 1 > 0
        return not (client and last and self._has_long(client))

    def _has_long(self, client: str) -> bool:
        return any(
            execution.long and execution.request.client == client
            for execution in self._executions.values()
        )

    def _reserve(self, client: str) -> WorkerProcess:
        self._places[client] += 1
        return self._processes.take()

    def _leave(self, client: str) -> None:
        self._places[client] -= 1
        if not self._places[client]:
            del self._places[client]

    def _free(self, worker: WorkerProcess, client: str) -> None:
        """A worker that is alive and has no query."""
        self._leave(client)
        self._processes.give_back(worker)

    def _hand_out(self) -> None:
        while len(self._owed) > self._processes.missing:
            self._leave(self._owed.popleft())
        while self._processes.idle:
            turn = self._queue.take(self._may_begin)
            if turn is None:
                break
            if not turn.worker.done():
                turn.worker.set_result(self._reserve(turn.client))
        self._processes.count()

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
            "path": self._processes.store_path(release),
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

    # Ends

    def _ended(self, execution: Execution) -> None:
        """A query is over: its worker is free, or dead."""
        worker = execution.worker
        account = self._paying.pop(execution, None)
        if account is not None:
            self._budgets.stop(account)
        self._metrics.query(execution.form, execution.outcome, execution.seconds, execution.rows)
        self._tell(execution)
        client = execution.request.client
        del self._executions[worker]
        if worker.cause is not None or worker.status is not None:
            self._replace(worker, client, worker.cause or "crash")
        elif execution.memory > RETIRED_BYTES or execution.long:
            self._replace(worker, client, "retired")
        else:
            self._free(worker, client)

    def _replace(self, worker: WorkerProcess, client: str, cause: str) -> None:
        self._owed.append(client)
        self._processes.discard(worker, cause)

    def _lost(self, worker: WorkerProcess) -> None:
        """A process has ended by itself, or was killed from outside."""
        execution = self._executions.get(worker)
        if execution is not None:
            execution.worker_died()

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

    def _fail_waiting(self, error: Callable[[], TsunaguError] = failures.no_process) -> None:
        while (turn := self._queue.take()) is not None:
            turn.fail(error())


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
