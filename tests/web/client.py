"""A synchronous client of the application: requests go through ASGI, no socket is opened."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from types import TracebackType
from typing import Any, Self

import httpx
from fastapi import FastAPI


class Client:
    """Runs the application's life and sends it requests. Follows no redirects. A fault inside
    becomes an answer with 500 unless `raise_faults`."""

    def __init__(self, app: FastAPI, *, raise_faults: bool = False) -> None:
        self._runner = asyncio.Runner()
        self._life: AbstractAsyncContextManager[Any] = app.router.lifespan_context(app)
        self._http = httpx.AsyncClient(
            transport=httpx.ASGITransport(app, raise_app_exceptions=raise_faults),
            base_url="http://lod.test",
        )

    def __enter__(self) -> Self:
        self._runner.run(self._life.__aenter__())
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._runner.run(self._http.aclose())
        self._runner.run(self._life.__aexit__(kind, error, trace))
        self._runner.close()

    def request(self, method: str, address: str, **options: Any) -> httpx.Response:
        """Send a request."""
        return self._runner.run(self._http.request(method, address, **options))

    def get(self, address: str, **options: Any) -> httpx.Response:
        """GET."""
        return self.request("GET", address, **options)

    def head(self, address: str, **options: Any) -> httpx.Response:
        """HEAD."""
        return self.request("HEAD", address, **options)

    def post(self, address: str, **options: Any) -> httpx.Response:
        """POST."""
        return self.request("POST", address, **options)

    def options(self, address: str, **options: Any) -> httpx.Response:
        """OPTIONS."""
        return self.request("OPTIONS", address, **options)
