"""The web application for a server: `uvicorn --factory app.main:create_app`."""

from __future__ import annotations

import gc
import sys
from typing import Final

from fastapi import FastAPI

from app import bootstrap
from app.settings import Settings, load
from app.web import logs
from app.web.app import build_app

_TURN_S: Final = 0.0005
"""How long a thread may compute before it lets another one run, where both want to: a page must
not wait for the usual 5 ms each time a write or an upload is at work beside it."""


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application with these settings (default: from tsunagu.toml and `TSUNAGU_*`)."""
    chosen = settings or load()
    logs.configure(chosen)
    sys.setswitchinterval(_TURN_S)
    app = build_app(bootstrap.web_parts(chosen))
    _look_for_garbage_less_often()
    return app


def _look_for_garbage_less_often() -> None:
    """What is here now stays while the process runs, and a page leaves some two hundred objects
    behind, none of them in a circle: with the defaults each third page pays for a look through
    them (about a tenth of a page's time), and now and then one for a look through everything."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)
