"""Tells listeners when another release becomes current, and has the step to it compared.

One task looks at the link to the current release (a `readlink`); listeners wait for it, so a
thousand of them cost no more than one. Text: Server-sent events,
https://html.spec.whatwg.org/multipage/server-sent-events.html .
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Final

import orjson

from app.errors import QueryOverload, Text, TsunaguError
from app.publish.history import ReleaseHistory

_LOG: Final = logging.getLogger(__name__)
_LOOK_S: Final = 1.0
_HEARTBEAT_S: Final = 15.0
"""Proxies close connections that are silent for a minute."""
_RETRY_MS: Final = 5_000


class ReleaseEvents:
    """The stream of releases for any number of listeners up to a bound."""

    def __init__(
        self,
        release: Callable[[], str | None],
        history: ReleaseHistory | None,
        *,
        base: str,
        most: int,
        look_s: float = _LOOK_S,
        heartbeat_s: float = _HEARTBEAT_S,
    ) -> None:
        self._release = release
        self._history = history
        self._base = base
        self._most = most
        self._look_s = look_s
        self._heartbeat_s = heartbeat_s
        self._current: str | None = None
        self._moved = asyncio.Event()
        self._tasks: tuple[asyncio.Task[None], ...] = ()
        self._closing = False
        self.listeners = 0

    async def start(self) -> None:
        """Begin to look."""
        self._current = self._release()
        loop = asyncio.get_running_loop()
        self._tasks = (loop.create_task(self._watch()), loop.create_task(self._catch_up()))

    async def close(self) -> None:
        """Stop looking, and end every stream."""
        self._closing = True
        self._moved.set()
        for task in self._tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        if self._history is not None:
            await self._history.close()

    def listen(self, since: str | None = None) -> AsyncIterator[bytes]:
        """The events from now on: first the current release, unless the listener says by its
        last event's id that it knows it. Raises QueryOverload past the bound."""
        if self.listeners >= self._most:
            raise QueryOverload(
                Text(
                    ja="同時に聞ける数の上限に達しています。",
                    en="As many clients as may listen at once do so already.",
                ),
                hint=Text(
                    ja="しばらくしてから、または /changes.atom を定期的に読んでください。",
                    en="Try later, or read /changes.atom from time to time.",
                ),
            )
        self.listeners += 1
        return self._events(since)

    async def _events(self, since: str | None) -> AsyncIterator[bytes]:
        try:
            yield f"retry: {_RETRY_MS}\n\n".encode()
            told = since
            while not self._closing:
                moved = self._moved
                if self._current is not None and self._current != told:
                    yield self._event(told, self._current)
                    told = self._current
                try:
                    await asyncio.wait_for(moved.wait(), self._heartbeat_s)
                except TimeoutError:
                    yield b": \n\n"
        finally:
            self.listeners -= 1

    def _event(self, before: str | None, release: str) -> bytes:
        body = {"release": release, "before": before, "changes": f"{self._base}/changes.json"}
        if before is not None:
            body["difference"] = f"{self._base}/changes/{before}..{release}"
        data = orjson.dumps(body).decode()
        return f"event: release\nid: {release}\ndata: {data}\n\n".encode()

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(self._look_s)
            release = self._release()
            if release == self._current:
                continue
            before, self._current = self._current, release
            moved, self._moved = self._moved, asyncio.Event()
            moved.set()
            if before is not None and release is not None:
                await self._compare(before, release)

    async def _catch_up(self) -> None:
        """The current release may have been made while nobody looked."""
        await asyncio.sleep(self._look_s)
        if self._history is None:
            return
        kept = {manifest.id: manifest for manifest in self._history.releases()}
        current = kept.get(self._current or "")
        if current is not None and current.parent in kept:
            await self._compare(current.parent, current.id)

    async def _compare(self, before: str, release: str) -> None:
        """Have the step ready, and kept, before the older release is pruned."""
        if self._history is None:
            return
        try:
            await self._history.changes(before, release)
        except TsunaguError as error:
            _LOG.warning("%s..%s was not compared: %s", before, release, error)
