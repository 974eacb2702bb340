"""Keeps query processes alive, ready, and on the current release.

A dead one is replaced at once. Idle ones are moved to a new release ahead of their next query.
Processes that end before they are ready are started again more and more slowly.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, Final

from app.errors import StoreError
from app.metrics import Metrics
from app.settings import Settings
from app.store.embedded import EmbeddedReleases
from app.store.workers.frames import OPEN
from app.store.workers.process import WorkerProcess
from app.store.workers.template import Template

SPARES: Final = 1
"""Processes beyond those that may run queries at once: the next query does not wait for the
replacement of a killed one, and somebody's first query not for another's long ones."""

_LOOK_S: Final = 0.5
"""How often idle workers are moved to the current release."""

_START_FAILURES: Final = 3
"""So many processes in a row that end before they are ready make waiting queries fail."""

_START_WAIT_S: Final = 30.0

_log = logging.getLogger(__name__)


class Processes:
    """The processes of one pool: `idle` ones, the last used at the end, and `busy` ones.

    `on_idle` is called when one has become idle, `on_lost` when a busy one has ended by itself,
    `on_stuck` when none can be started.
    """

    def __init__(
        self,
        releases: EmbeddedReleases,
        settings: Settings,
        metrics: Metrics,
        *,
        on_idle: Callable[[], None],
        on_lost: Callable[[WorkerProcess], None],
        on_stuck: Callable[[], None],
    ) -> None:
        self._releases = releases
        self._settings = settings
        self._template = Template(settings)
        self._metrics = metrics
        self._on_idle = on_idle
        self._on_lost = on_lost
        self._on_stuck = on_stuck
        self.idle: list[WorkerProcess] = []
        self.busy: set[WorkerProcess] = set()
        self._starting: set[WorkerProcess] = set()
        self._ending: set[WorkerProcess] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._failed_starts = 0
        self._changed = asyncio.Event()
        self.closing = False
        self._closed = asyncio.Event()
        self._seen_release: str | None = None
        self._path = ("", "")
        self._warned = False
        self._looking: asyncio.TimerHandle | None = None

    async def start(self) -> bool:
        """Start them and wait for the first; whether there is one."""
        self._replenish()
        self._look()
        with suppress(TimeoutError):
            async with asyncio.timeout(_START_WAIT_S):
                while not self.idle and not self.stuck:
                    await self._change()
        return bool(self.idle)

    @property
    def stuck(self) -> bool:
        """Whether processes end before they are ready, one after the other."""
        return self._failed_starts >= _START_FAILURES

    @property
    def missing(self) -> int:
        """How many are being started."""
        return len(self._starting)

    def take(self) -> WorkerProcess:
        """An idle one for a query: the last used, whose caches are warm."""
        worker = self.idle.pop()
        self.busy.add(worker)
        self.count()
        return worker

    def give_back(self, worker: WorkerProcess) -> None:
        """It has no query any more."""
        self.busy.discard(worker)
        if self.closing:
            return
        if not worker.alive:
            self.discard(worker, "crash")
            return
        self.idle.append(worker)
        self._on_idle()

    def discard(self, worker: WorkerProcess, cause: str) -> None:
        """Take one out of service and start another."""
        if worker in self.idle:
            self.idle.remove(worker)
        self._starting.discard(worker)
        self.busy.discard(worker)
        if not worker.gone:
            self._ending.add(worker)
            worker.kill(cause)
        if not self.closing:
            self._replenish()
            self._on_idle()

    async def close(self) -> None:
        """End all and wait until they are gone."""
        self.closing = True
        if self._looking is not None:
            self._looking.cancel()
        self._closed.set()
        # Not cancelled: uvloop leaves a connection that is cancelled while it is made half made.
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for worker in [*self.idle, *self._starting, *self.busy]:
            self.discard(worker, "shutdown")
        while self._ending:
            await self._change()
        self._template.close()

    def store_path(self, release: str) -> str:
        """Where a release's store is."""
        if self._path[0] != release:  # for every query: resolving a path takes 60 µs
            path = self._releases.directory.releases_dir / release / "store"
            self._path = (release, str(path.resolve()))
        return self._path[1]

    def count(self) -> None:
        """Tell how many there are."""
        self._metrics.workers(len(self.idle), len(self.busy))

    def _replenish(self) -> None:
        wanted = self._settings.query_workers + SPARES
        alive = len(self.idle) + len(self._starting) + len(self.busy)
        for _ in range(wanted - alive):
            worker = WorkerProcess(self._template, on_ready=self._ready, on_lost=self._lost)
            self._starting.add(worker)
            self._spawn(self._start(worker))

    async def _start(self, worker: WorkerProcess) -> None:
        if self._failed_starts:
            with suppress(TimeoutError):
                delay = min(0.1 * 2**self._failed_starts, 5.0)
                await asyncio.wait_for(self._closed.wait(), delay)
        if self.closing:
            self._starting.discard(worker)
            return
        try:
            await worker.start()
            self._move(worker, self._releases.current_id())
        except OSError as error:  # no processes or files left
            _log.warning("a query process could not be started: %s", error)
            self._starting.discard(worker)
            self._fail_start()
            self._changed.set()
            if not self.closing:
                self._replenish()

    def _fail_start(self) -> None:
        self._failed_starts += 1
        if self.stuck:
            self._on_stuck()

    def _ready(self, worker: WorkerProcess) -> None:
        self._failed_starts = 0
        if not worker.filtered and not self._warned:
            self._warned = True
            _log.warning("no system call filter on this machine: SERVICE is refused by its name")
        if worker in self._starting:
            self._starting.discard(worker)
            self.idle.insert(0, worker)  # its caches are cold
            self._changed.set()
            self._on_idle()

    def _lost(self, worker: WorkerProcess) -> None:
        """A process has ended and been reaped."""
        self._metrics.worker_ended(worker.cause or "crash")
        if worker.cause is None:
            _log.warning("query process %s ended by itself: status %s", worker.pid, worker.status)
            if not worker.ready:
                self._fail_start()
        self._ending.discard(worker)
        if worker in self.busy:
            self._on_lost(worker)
        if worker in self.idle or worker in self._starting or worker in self.busy:
            self.discard(worker, "crash")
        self._changed.set()

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
        for worker in self.idle:
            if worker.release != release:
                self._move(worker, release)
        self._looking = asyncio.get_running_loop().call_later(_LOOK_S, self._look)

    def _move(self, worker: WorkerProcess, release: str | None) -> None:
        worker.release = release
        path = self.store_path(release) if release is not None else None
        worker.send(OPEN, {"release": release, "path": path})

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _change(self) -> None:
        self._changed.clear()
        await self._changed.wait()
