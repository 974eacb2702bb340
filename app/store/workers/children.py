"""Programs of ours that run as child processes, because what they work on may end them."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import app

NICE_QUERIES: Final = 5
"""Pages and the protocol's own work come before queries where processors are short."""

NICE_WRITES: Final = 10
"""And queries before the making of releases, for which somebody waits, but not a page."""

_SOURCE_ROOT: Final = Path(app.__file__).resolve().parent.parent


def start(
    module: str, arguments: list[str], *, nice: int, **options: Any
) -> subprocess.Popen[bytes]:
    """Start `python -m module` at a lower priority; `options` are those of Popen. Raises OSError.

    It gets nothing of our environment, which may hold secrets, and which none of them needs."""
    child = subprocess.Popen(
        [sys.executable, "-s", "-B", "-m", module, *arguments],
        cwd="/",
        # Two arenas: each would take 64 MiB of the address space for every few threads.
        env={"PYTHONPATH": str(_SOURCE_ROOT), "LC_ALL": "C.UTF-8", "MALLOC_ARENA_MAX": "2"},
        **options,
    )
    with suppress(OSError):  # gone already, or niced as far by whoever started us
        os.setpriority(os.PRIO_PROCESS, child.pid, os.getpriority(os.PRIO_PROCESS, 0) + nice)
    return child


def run(
    module: str,
    arguments: list[str],
    *,
    nice: int,
    input: bytes | None = None,
    timeout_s: float | None = None,
    **options: Any,
) -> tuple[int, bytes]:
    """The same, waited for: its exit status and what it wrote to `stdout`. Raises
    TimeoutExpired, after the child has been ended, and OSError."""
    stdin = subprocess.DEVNULL if input is None else subprocess.PIPE
    with start(module, arguments, nice=nice, stdin=stdin, **options) as child:
        try:
            output, _ = child.communicate(input, timeout_s)
        except BaseException:
            child.kill()
            raise
        return child.returncode, output or b""
