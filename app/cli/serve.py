"""`tsunagu serve`: the HTTP server."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from app.cli.options import begin
from app.metrics import SHARED_FOLDER
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
    if settings.workers > 1:
        os.environ[SHARED_FOLDER] = str(_metrics_folder(settings.data_dir))
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
        log_config=None,
        log_level="warning",
    )


def _metrics_folder(data_dir: Path) -> Path:
    """An empty folder in which server processes add up what they count."""
    folder = data_dir / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder.resolve()
