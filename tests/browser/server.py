"""A server of one's own: publishes data sets into a new folder and serves them on a free port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT

_STARTS_WITHIN_S = 90.0
_BEFORE = 'TSUNAGU_MAPPINGS_DIR="$0" "$1" -m app publish --json; '
GONE = "/doc/aed/sample-closed"
"""A thing of the release before the one that is served, where there is one."""


@contextmanager
def starting(
    folder: Path, before: Path | None = None, /, **settings: str
) -> Iterator[tuple[str, Path]]:
    """The address of a server that may not answer yet (`wait` waits for it), and its log. It
    serves the bundled data sets, or those of `mappings_dir`; those in `before` are published
    first, in a release of their own. Settings are given by their names; the data lies in
    `folder`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    chosen = {"data_dir": str(folder), "base_iri": address, "port": str(port), **settings}
    environment = {name: value for name, value in os.environ.items() if "TSUNAGU" not in name}
    environment |= {f"TSUNAGU_{name.upper()}": value for name, value in chosen.items()}
    steps = ("" if before is None else _BEFORE) + 'exec "$1" -m app run'
    log = folder.with_suffix(".log")
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["/bin/sh", "-c", steps, str(before), sys.executable],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield address, log
    finally:
        process.terminate()
        process.wait(timeout=20)


def wait(address: str, log: Path) -> None:
    """Until a server is ready. Raises RuntimeError with its log when that takes too long."""
    until = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')}")


@contextmanager
def serving(folder: Path, before: Path | None = None, /, **settings: str) -> Iterator[str]:
    """The address of a server that answers; see `starting`."""
    with starting(folder, before, **settings) as (address, log):
        wait(address, log)
        yield address


def former_datasets(folder: Path) -> Path:
    """Data sets for a release before the bundled ones: one of them with a thing more."""
    dataset = folder / "sample-aed"
    shutil.copytree(ROOT / "mappings" / "sample-aed", dataset)
    table = dataset / "aed.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    key = GONE.removeprefix("/doc/aed/sample-")
    lines.append(lines[1].replace(",1,", f",{key},", 1))
    table.write_text("".join(lines), encoding="utf-8", newline="")
    return folder
