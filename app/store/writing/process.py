"""The writing child as its parent sees it: started, given jobs, ended at the deadline."""

from __future__ import annotations

import json
import logging
import os
import select
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO, Any, Final

from app.errors import (
    BadRequest,
    Place,
    QueryError,
    QueryMemory,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    StoreError,
    Text,
    TsunaguError,
)
from app.settings import Settings
from app.store.base import Change, ChangeOutcome, Update
from app.store.workers import children
from app.store.workers.diagnosis import syntax_error

_FILE_BYTES: Final = 8 << 30
"""Longest file of a store; the engine's own tables stay far below."""

_START_S: Final = 20.0
_FLUSH_S: Final = 120.0

_log = logging.getLogger(__name__)


class ChangeEndedWriterError(Exception):
    """The process died of one change, or was ended in it; what it wrote is worth nothing."""

    def __init__(self, index: int, error: TsunaguError) -> None:
        super().__init__(index, error)
        self.index = index
        self.error = error


@dataclass(frozen=True, slots=True)
class WriterProcess:
    """Applies changes to the store in a directory, each wholly or not at all."""

    store: Path
    settings: Settings

    def apply(self, changes: Sequence[Change]) -> list[ChangeOutcome]:
        """An outcome for each. Raises ChangeEndedWriterError, after which the store can only be
        thrown away, and StoreError when the process cannot be started."""
        with ExitStack() as stack:
            files: list[IO[bytes]] = []
            jobs = stack.enter_context(tempfile.TemporaryFile())
            for change in changes:
                jobs.write(json.dumps(self._job(change, stack, files)).encode() + b"\n")
            jobs.seek(0)
            child = self._start(jobs, files)
            stack.callback(_end, child)
            assert child.stdout is not None
            lines = _Lines(child.stdout.fileno())
            first = lines.next(_START_S)
            if first is None:
                raise _cannot_start()
            if not first["confined"]:
                _log.warning("this machine does not confine the writing process to its directory")
            outcomes = [
                self._outcome(index, change, child, lines) for index, change in enumerate(changes)
            ]
            if lines.next(_FLUSH_S) is None:
                raise StoreError(
                    Text(
                        ja="書き込みをディスクに収められませんでした。",
                        en="What was written could not be brought to the disk.",
                    ),
                    place=Place(str(self.store)),
                )
            child.wait()
            return outcomes

    def _outcome(
        self, index: int, change: Change, child: subprocess.Popen[bytes], lines: _Lines
    ) -> ChangeOutcome:
        allowed, started = self.settings.write_timeout_s, monotonic()
        told = lines.next(allowed)
        if told is None:
            status = child.wait() if lines.ended else None
            spent = monotonic() - started
            raise ChangeEndedWriterError(index, _from_death(status, spent, allowed))
        if "failure" in told:
            return ChangeOutcome(_error(told, change))
        return ChangeOutcome(existed=told.get("existed", False))

    def _job(self, change: Change, stack: ExitStack, files: list[IO[bytes]]) -> dict[str, Any]:
        if isinstance(change, Update):
            return {
                "kind": "update",
                "text": change.text,
                "default_graph": change.default_graph,
                "base_iri": change.base_iri,
                "prefixes": dict(change.prefixes),
                "using": list(change.using),
                "using_named": list(change.using_named),
            }
        documents = []
        for document in change.documents:
            file = stack.enter_context(tempfile.TemporaryFile())  # noqa: SIM115 - by the stack
            file.write(document.data)
            file.seek(0)
            files.append(file)
            told = {"format": document.format, "base_iri": document.base_iri}
            documents.append({"file": file.fileno(), **told})
        return {"kind": change.action, "graph": change.graph, "documents": documents}

    def _start(self, jobs: IO[bytes], files: Sequence[IO[bytes]]) -> subprocess.Popen[bytes]:
        settings = self.settings
        config = {
            "parent": os.getpid(),
            "store": str(self.store.resolve()),
            "memory_bytes": settings.query_memory_bytes,
            "stack_bytes": min(settings.query_stack_bytes, settings.query_memory_bytes // 4),
            "file_bytes": _FILE_BYTES,
            "max_depth": settings.write_depth,
        }
        try:
            return children.start(
                "app.store.writing.writer",
                [json.dumps(config)],
                nice=children.NICE_WRITES,
                stdin=jobs,
                stdout=subprocess.PIPE,
                pass_fds=[file.fileno() for file in files],
            )
        except OSError as error:
            raise _cannot_start() from error


class _Lines:
    """Lines of JSON from a pipe, each with a deadline. `ended` when the writer is gone."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe
        self._buffer = b""
        self.ended = False

    def next(self, seconds: float) -> dict[str, Any] | None:
        """The next line; None when it does not come in time, or never will."""
        deadline = monotonic() + seconds
        while b"\n" not in self._buffer:
            ready, _, _ = select.select([self._pipe], [], [], max(deadline - monotonic(), 0))
            if not ready:
                return None
            data = os.read(self._pipe, 1 << 16)
            if not data:
                self.ended = True
                return None
            self._buffer += data
        line, _, self._buffer = self._buffer.partition(b"\n")
        told: dict[str, Any] = json.loads(line)
        return told


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.kill()
        child.wait()
    if child.stdout is not None:
        child.stdout.close()


def _from_death(status: int | None, seconds: float, allowed: float) -> TsunaguError:
    if status is None:
        return QueryTimeout(
            Text(
                ja=f"更新を {seconds:.1f} 秒実行したところで打ち切りました。何も変わっていません。",
                en=f"The update was stopped after {seconds:.1f} seconds. Nothing has changed.",
            ),
            hint=Text(ja="いくつかに分けて送ってください。", en="Send it in several parts."),
            spent={"seconds": round(seconds, 3), "allowed_seconds": allowed},
        )
    if status == -signal.SIGSYS:
        return _service_refused()
    return QueryMemory(
        Text(
            ja="更新がメモリの上限を超えたか、入れ子が深すぎます。何も変わっていません。",
            en="The update needed more memory, or was nested deeper, than is allowed. Nothing has "
            "changed.",
        ),
        hint=Text(ja="いくつかに分けて送ってください。", en="Send it in several parts."),
    )


def _error(told: dict[str, Any], change: Change) -> TsunaguError:
    kind, detail = told["failure"], told["detail"]
    if kind == "service":
        return _service_refused()
    if kind == "syntax" and isinstance(change, Update):
        error = syntax_error(change.text, detail, change.prefixes)
        return QuerySyntaxError(error.text, place=error.place, hint=error.hint)
    if kind == "syntax":
        return BadRequest(
            Text(
                ja=f"文書を読めません: {detail}",
                en=f"The document cannot be read: {detail}",
            ),
            place=Place(line=told["line"], column=told["column"]),
        )
    if kind == "dataset":
        return BadRequest(
            Text(
                ja="using-graph-uri と、更新の中の USING・WITH は一緒に使えません。",
                en="using-graph-uri cannot be used with an update that has USING or WITH.",
            ),
            hint=Text(ja="どちらか一方にしてください。", en="Use one or the other."),
        )
    if kind == "depth":
        return BadRequest(
            Text(ja="JSON-LD の入れ子が深すぎます。", en="The JSON-LD is nested too deeply."),
            hint=Text(
                ja="N-Triples か Turtle で送ってください。", en="Send it as N-Triples or Turtle."
            ),
        )
    if kind == "doctype":
        return BadRequest(
            Text(
                ja="DOCTYPE のある RDF/XML は受け付けません。",
                en="RDF/XML with a DOCTYPE is not taken.",
            ),
            hint=Text(
                ja="実体を展開して DOCTYPE を除いてください。",
                en="Expand the entities and remove the DOCTYPE.",
            ),
        )
    if kind == "memory":
        return _from_death(0, 0, 0)
    return QueryError(
        Text(ja=f"書き込みを実行できません: {detail}", en=f"This cannot be written: {detail}")
    )


def _service_refused() -> QueryRefused:
    return QueryRefused(
        Text(
            ja="更新の中の SERVICE と LOAD (ほかのサーバーへの接続) は使えません。",
            en="SERVICE and LOAD (asking another server) are not allowed in an update.",
        ),
        hint=Text(
            ja="データを手元に取ってから INSERT DATA か PUT /graphs で送ってください。",
            en="Fetch the data yourself and send it with INSERT DATA or PUT /graphs.",
        ),
    )


def _cannot_start() -> StoreError:
    return StoreError(
        Text(
            ja="書き込みのプロセスを起動できません。", en="The writing process cannot be started."
        ),
        hint=Text(
            ja="サーバーのログと設定 query_memory_bytes を確認してください。",
            en="See the server's log, and the setting query_memory_bytes.",
        ),
    )
