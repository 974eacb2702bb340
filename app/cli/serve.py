"""`tsunagu serve`: the HTTP server."""

from __future__ import annotations

import os
from typing import Annotated

import typer
import uvicorn

from app.cli.options import begin
from app.settings import ENVIRONMENT_PREFIX


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="待ち受けるアドレス / address")] = None,
    port: Annotated[int | None, typer.Option(help="ポート / port")] = None,
    workers: Annotated[int | None, typer.Option(help="プロセスの数 / processes")] = None,
) -> None:
    """公開したリリースを HTTP で提供します。 Serve the current release over HTTP."""
    overrides = {"host": host, "port": port, "workers": workers}
    settings, _ = begin(**overrides)
    for name, value in overrides.items():
        if value is not None:
            # Server processes are started afresh and read the settings again.
            os.environ[f"{ENVIRONMENT_PREFIX}{name.upper()}"] = str(value)
    uvicorn.run(
        "app.main:create_app",
        factory=True,
        host=settings.host,
        port=settings.port,
        workers=settings.workers,
        loop="uvloop",
        http="httptools",
        ws="none",
        server_header=False,
        date_header=True,
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
        log_level="warning",
    )
