"""The web application for a server: `uvicorn --factory app.main:create_app`."""

from __future__ import annotations

from fastapi import FastAPI

from app import bootstrap
from app.settings import Settings, load
from app.web import logs
from app.web.app import build_app


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application with these settings (default: from tsunagu.toml and `TSUNAGU_*`)."""
    chosen = settings or load()
    logs.configure(chosen)
    return build_app(bootstrap.web_parts(chosen))
