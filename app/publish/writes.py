"""Writes over HTTP become releases: in turn, several that wait as one, and written down.

A release takes a moment to make, and meanwhile others wait; all that wait are then applied
together. Who may write what is decided here: for a change of one graph by its name, for an
update by what it turned out to change, before anything of it is visible.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, perf_counter
from typing import Any, Final

from app.errors import PublishInProgress, RightMissing, StoreError, Text, TsunaguError
from app.metrics import Metrics, NullMetrics
from app.publish import completing
from app.publish.audit import AuditLog
from app.publish.tokens import Role, Token
from app.settings import Settings
from app.store.base import (
    Change,
    ChangeOutcome,
    GraphChange,
    GraphDifference,
    Releases,
    Rewriter,
    Rewritten,
    Update,
)

MOST_TOGETHER: Final = 64
"""Writes that are applied as one release at most; the others are the next one."""

_RETRY_S: Final = 0.2

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Written:
    """What became of a write: the release that holds it, whether the graph was there before,
    and what differs by graph (of all writes that were applied with it)."""

    release: str
    existed: bool
    graphs: Mapping[str, GraphDifference]


@dataclass(eq=False, slots=True)
class _Waiting:
    change: Change
    token: Token
    client: str
    id: str
    result: asyncio.Future[Written]
    since: float = field(default_factory=monotonic)

    @property
    def alone(self) -> bool:
        """Whether what it changed must be told from what others changed."""
        return isinstance(self.change, Update) and not self.token.writes_everything


class Writes:
    """Takes writes of one server process."""

    def __init__(
        self,
        rewriter: Rewriter,
        releases: Releases,
        settings: Settings,
        metrics: Metrics | None = None,
    ) -> None:
        self._rewriter = rewriter
        self._releases = releases
        self._settings = settings
        self._metrics = metrics or NullMetrics()
        self._audit = AuditLog(settings.data_dir)
        self._complete = completing.apart(settings)
        self._waiting: list[_Waiting] = []
        self._task: asyncio.Task[None] | None = None

    async def write(
        self, change: Change, token: Token, *, client: str = "", id: str = ""
    ) -> Written:
        """Apply a change. Returns when its release is on the disk and current. A caller that
        gives up does not stop it. Raises RightMissing, QueryError, BadRequest, StoreError."""
        result: asyncio.Future[Written] = asyncio.get_running_loop().create_future()
        waiting = _Waiting(change, token, client, id, result)
        try:
            if isinstance(change, GraphChange):
                token.check(change.graph)
            else:
                token.check_role(Role.EDITOR)
        except RightMissing as error:
            refused = Rewritten(None, [ChangeOutcome(error)], {})
            await asyncio.to_thread(self._finish, [waiting], refused)
            raise
        self._waiting.append(waiting)
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._work())
        return await asyncio.shield(result)

    async def close(self) -> None:
        """Wait until what was taken has been written."""
        if self._task is not None:
            await asyncio.wait({self._task})

    async def _work(self) -> None:
        while self._waiting:
            together = self._next()
            started = perf_counter()
            try:
                done = await asyncio.to_thread(self._apply, together)
            except TsunaguError as error:
                if self._may_wait(error, together):
                    self._waiting[:0] = together
                    await asyncio.sleep(_RETRY_S)
                    continue
                outcome = error.code
                done = Rewritten(None, [ChangeOutcome(error) for _ in together], {})
            except Exception as error:  # whatever it is, those who wait must learn of it
                _log.exception("a write failed")
                for waiting in together:
                    _fail(waiting, error)
                continue
            else:
                outcome = "ok" if done.graphs else "unchanged"
            self._metrics.publish(outcome, perf_counter() - started)
            try:
                await asyncio.to_thread(self._finish, together, done)
            except Exception as error:
                _log.exception("a write could not be recorded")
                for waiting in together:
                    _fail(waiting, _unrecorded(error))
                continue
            for waiting, result in zip(together, done.outcomes, strict=True):
                self._tell(waiting, result, done)

    def _next(self) -> list[_Waiting]:
        """Those that can be applied together, in the order in which they came."""
        together: list[_Waiting] = []
        for waiting in self._waiting[:MOST_TOGETHER]:
            if waiting.alone and together:
                break
            together.append(waiting)
            if waiting.alone:
                break
        del self._waiting[: len(together)]
        return together

    def _may_wait(self, error: TsunaguError, together: Sequence[_Waiting]) -> bool:
        oldest = min(waiting.since for waiting in together)
        patient = monotonic() - oldest < self._settings.write_wait_s
        return isinstance(error, PublishInProgress) and patient

    def _apply(self, together: Sequence[_Waiting]) -> Rewritten:
        token = together[0].token

        def allow(graphs: Mapping[str, GraphDifference]) -> None:
            for graph in graphs:
                token.check(graph)

        return self._rewriter.rewrite(
            [waiting.change for waiting in together],
            note=_note(together),
            allow=allow if together[0].alone else None,
            complete=self._complete,
        )

    def _finish(self, together: Sequence[_Waiting], done: Rewritten) -> None:
        """Write down what was done, and by whom; then make room."""
        for waiting, outcome in zip(together, done.outcomes, strict=True):
            self._audit.append(_event(waiting, outcome, done))
        if done.graphs:
            with suppress(PublishInProgress):  # whoever publishes now will do it
                self._releases.prune(self._settings.releases_kept)

    def _tell(self, waiting: _Waiting, outcome: ChangeOutcome, done: Rewritten) -> None:
        if outcome.error is not None:
            _fail(waiting, outcome.error)
        elif not waiting.result.done():
            release = done.manifest.id if done.manifest is not None else ""
            waiting.result.set_result(Written(release, outcome.existed, done.graphs))


def _fail(waiting: _Waiting, error: Exception) -> None:
    if not waiting.result.done():
        waiting.result.set_exception(error)
        waiting.result.exception()  # nobody may be there any more to look at it


def _unrecorded(error: Exception) -> StoreError:
    return StoreError(
        Text(
            ja=f"変更は公開されたかもしれませんが、監査ログに記録できませんでした: {error}",
            en=f"The change may have been published, but the audit log could not be written: {error}",
        ),
        hint=Text(
            ja="ディスクの空きを確認し、`tsunagu audit` で記録を調べてください。",
            en="See whether the disk is full, and look at the log with `tsunagu audit`.",
        ),
    )


def _note(together: Sequence[_Waiting]) -> str:
    tokens = dict.fromkeys(waiting.token.id for waiting in together)
    return f"{len(together)} × write by {', '.join(tokens)}"


def _event(waiting: _Waiting, outcome: ChangeOutcome, done: Rewritten) -> dict[str, Any]:
    """What the audit log keeps of a write: who, what, its content's sum, and what became of it."""
    change = waiting.change
    event: dict[str, Any] = {
        "id": waiting.id,
        "token": waiting.token.id,
        "client": waiting.client,
        "outcome": outcome.error.code if outcome.error is not None else "ok",
    }
    if isinstance(change, Update):
        event["action"] = "update"
        contents = [change.text.encode("utf-8", "surrogatepass")]
    else:
        event |= {"action": change.action, "graph": change.graph}
        contents = [document.data for document in change.documents]
    event["sha256"] = hashlib.sha256(b"".join(contents)).hexdigest()
    event["bytes"] = sum(map(len, contents))
    if outcome.error is None and done.manifest is not None:
        event["release"] = done.manifest.id
        event["graphs"] = {
            iri: [difference.before, difference.after] for iri, difference in done.graphs.items()
        }
    return event
