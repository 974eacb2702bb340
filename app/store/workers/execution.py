"""One query in one worker: from its frames to a `QueryAnswer`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from time import perf_counter
from typing import Any, Final, Self

import orjson

from app.errors import TsunaguError
from app.rdf.formats import Formats
from app.store.base import QueryAnswer, QueryRequest
from app.store.workers import failures
from app.store.workers.frames import ANSWER, DATA, END, FAILURE, HEAD, QUERY
from app.store.workers.process import WorkerProcess
from app.store.workers.spool import Spool, SpoolSpace

LONG_S: Final = 0.2
"""A query that runs for longer is a long one: it runs when nothing else wants a processor, and
whoever sent it leaves the last free process to others."""


class WholeBody:
    """The chunks of an answer that is complete: one."""

    def __init__(self, body: bytes) -> None:
        self._body: bytes | None = body

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        body, self._body = self._body, None
        if not body:
            raise StopAsyncIteration
        return body

    async def aclose(self) -> None:
        """Nothing is held."""


class Execution:
    """Runs a query and is the chunks of its answer when that is long.

    `head` gives the answer as soon as there is one; `long` says that it has been running for
    LONG_S. `on_end` is called once, when the worker is free again, dead, or given up.
    """

    def __init__(
        self,
        worker: WorkerProcess,
        request: QueryRequest,
        *,
        timeout_s: float,
        space: SpoolSpace,
        on_end: Callable[[Execution], None],
    ) -> None:
        loop = asyncio.get_running_loop()
        self.worker = worker
        self.request = request
        self.head: asyncio.Future[QueryAnswer] = loop.create_future()
        self.outcome = ""
        self.form = ""
        self.rows: int | None = None
        self.memory = 0
        self._release = ""
        self._space = space
        self._spool: Spool | None = None
        self._answer: QueryAnswer | None = None
        self._on_end = on_end
        self._whole: dict[str, Any] | None = None
        self._error: TsunaguError | None = None
        self._ended = False
        self._arrival: asyncio.Future[None] | None = None
        self._started = perf_counter()
        self._allowed = timeout_s
        self._deadline = loop.call_later(timeout_s, self._expire)
        self._patience = loop.call_later(LONG_S, self._become_long)
        self.long = False

    @property
    def seconds(self) -> float:
        """Since it began."""
        return perf_counter() - self._started

    def begin(self, message: dict[str, Any]) -> None:
        """Hand the query to the worker."""
        self._release = message["release"]
        self.worker.on_frame = self._frame
        self.worker.send(QUERY, message)

    def give_up(self) -> None:
        """Nobody wants the answer any more: end the worker at once."""
        if self._spool is not None:
            self._spool.close()
        if not self._ended:
            self.worker.kill("closed")
            self._end("closed")

    def worker_died(self) -> None:
        """The worker ended by itself."""
        self._fail(failures.from_death(self.worker.status, self.seconds, self._allowed))

    def close_service(self) -> None:
        """The pool is closing."""
        self.worker.kill("shutdown")
        self._fail(failures.closed())

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> bytes:
        assert self._spool is not None
        while True:
            data = self._spool.take()
            if data is not None:
                if not self._spool.full and not self._ended:
                    self.worker.resume()
                return data
            if self._error is not None:
                raise self._error
            if self._ended:
                raise StopAsyncIteration
            self._arrival = asyncio.get_running_loop().create_future()
            try:
                await self._arrival
            except asyncio.CancelledError:
                self.give_up()
                raise

    async def aclose(self) -> None:
        """The reader went away, or is done."""
        self.give_up()

    def _frame(self, kind: bytes, payload: bytes) -> None:
        if self._ended:
            return
        if kind == DATA:
            self._data(payload)
        elif kind == ANSWER:
            self._whole = orjson.loads(payload)
        elif kind == HEAD:
            self._begin_long(orjson.loads(payload))
        elif kind == END:
            self._account(orjson.loads(payload))
            self._end("ok")
            self._give_whole()
        elif kind == FAILURE:
            self._fail(failures.from_worker(orjson.loads(payload), self.request))

    def _data(self, payload: bytes) -> None:
        if self._spool is not None:
            self._spool.put(payload)
            if self._spool.full:
                if self.request.whole:  # nobody reads yet who could make room
                    self.worker.kill("no room")
                    self._fail(failures.no_room())
                    return
                self.worker.pause()
            self._wake()
        elif self._whole is not None:
            answer = self._make_answer(self._whole, WholeBody(payload), whole=True)
            self._account(self._whole)
            self._end("ok")
            answer.rows, answer.seconds = self.rows, self.seconds
            answer.limited = self._whole["limited"]
            answer.content_length = len(payload)
            if not self.head.done():
                self.head.set_result(answer)

    def _begin_long(self, head: dict[str, Any]) -> None:
        self._spool = Spool(self._space)
        self._answer = self._make_answer(head, self, whole=self.request.whole)
        if not self.request.whole and not self.head.done():
            self.head.set_result(self._answer)

    def _give_whole(self) -> None:
        if self.request.whole and self._answer is not None and self._spool is not None:
            self._answer.content_length = self._spool.bytes
            if not self.head.done():
                self.head.set_result(self._answer)

    def _make_answer(
        self, head: dict[str, Any], chunks: WholeBody | Execution, *, whole: bool
    ) -> QueryAnswer:
        self.form = head["form"]
        format = Formats[head["format"]].value
        return QueryAnswer(self.form, format.media_type, self._release, chunks, whole=whole)

    def _account(self, end: dict[str, Any]) -> None:
        self.rows, self.memory = end["rows"], end["memory"]
        if self._answer is not None:
            self._answer.rows, self._answer.seconds = self.rows, self.seconds
            self._answer.limited = end["limited"]

    def _become_long(self) -> None:
        self.long = True
        self.worker.lower()

    def _expire(self) -> None:
        self.worker.kill("deadline")
        self._fail(failures.timeout(self.seconds, self._allowed))

    def _fail(self, error: TsunaguError) -> None:
        if self._ended:
            return
        self._error = error
        if not self.head.done():
            self.head.set_exception(error)
        self._end(error.code)

    def _end(self, outcome: str) -> None:
        self._ended = True
        self.outcome = outcome
        self._deadline.cancel()
        self._patience.cancel()
        self.worker.on_frame = None
        self._wake()
        self._on_end(self)

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)
