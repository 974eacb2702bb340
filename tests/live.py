"""A server of its own process and data, spoken to over real HTTP."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from app.publish.tokens import Role, Tokens
from app.settings import ENVIRONMENT_PREFIX, load
from app.store.embedded import EmbeddedReleases

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Answer:
    """Status, headers (names in lower case) and body."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as UTF-8."""
        return self.body.decode()


@dataclass
class LiveServer:
    """`tsunagu serve` on a free port of 127.0.0.1 over a data directory. `settings` are as in
    tsunagu.toml. Ends its process when the context is left."""

    data: Path
    settings: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.base = f"http://127.0.0.1:{self.port}"
        self.token = Tokens(self.data).add(Role.ADMIN)[1]
        self.process: subprocess.Popen[bytes] | None = None

    def environment(self) -> dict[str, str]:
        """The variables that its settings come from."""
        own = {"base_iri": self.base, "data_dir": self.data, "port": self.port, **self.settings}
        named = {f"{ENVIRONMENT_PREFIX}{name.upper()}": str(value) for name, value in own.items()}
        return {**os.environ, **named}

    def __enter__(self) -> Self:
        environment = self.environment()
        self._publish_nothing(environment)
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", "serve"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=(self.data / "server.log").open("wb"),
        )
        deadline = time.monotonic() + 30
        while True:
            try:
                if self.request("GET", "/readyz").status == 200:
                    return self
            except OSError:
                pass
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise RuntimeError((self.data / "server.log").read_text())
            time.sleep(0.05)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self.process is not None
        self.process.terminate()
        try:
            self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def request(
        self,
        method: str,
        target: str,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        write: bool = False,
    ) -> Answer:
        """One request on a connection of its own; nothing is added to `headers` but Host and
        Content-Length, and the token when it is a `write`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.putrequest(method, target, skip_accept_encoding=True)
            own = dict(headers or {})
            if write:
                own["Authorization"] = f"Bearer {self.token}"
            if body is not None:
                own["Content-Length"] = str(len(body))
            for name, value in own.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, named, response.read())
        finally:
            connection.close()

    def _publish_nothing(self, environment: Mapping[str, str]) -> None:
        """A server is ready when there is a release: make an empty one."""
        settings = load(None, environment)
        releases = EmbeddedReleases(self.data, base_iri=settings.base_iri, software="test")
        if releases.current_id() is None:
            with releases.build() as builder:
                builder.seal()
