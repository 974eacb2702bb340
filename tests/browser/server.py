"""A server of one's own: publishes data sets into a new folder and serves them on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.conftest import ROOT

_STARTS_WITHIN_S = 60.0


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[str]:
    """The address of a server over the bundled data sets, or over those of `mappings_dir`.
    Settings are given by their names; the data lies in `folder`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    chosen = {"data_dir": str(folder), "base_iri": address, "port": str(port), **settings}
    environment = {name: value for name, value in os.environ.items() if "TSUNAGU" not in name}
    environment |= {f"TSUNAGU_{name.upper()}": value for name, value in chosen.items()}
    log = folder.parent / f"{folder.name}.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "app", "run"],
            cwd=ROOT,
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait(address, process, log)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + _STARTS_WITHIN_S
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}/readyz", timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')}")
