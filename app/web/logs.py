"""The log: one line for each event, as JSON for machines or as text for a terminal.

Whoever logs gives the parts of an event as `extra={"fields": {…}}`; nothing is put into a
sentence that a machine would have to take out again. Queries carry the id that their answer's
header Tsunagu-Query-Id repeats.
"""

from __future__ import annotations

import logging
import sys
from datetime import UTC, datetime
from typing import Any, Final

import orjson

from app.settings import Settings

_MAX_TEXT: Final = 4_000
"""Longest part of an event, in characters: slow queries are logged with their text."""


class JsonLines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        """The event."""
        event: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **fields_of(record),
        }
        if record.exc_info:
            event["exception"] = self.formatException(record.exc_info)
        return orjson.dumps(event, default=str).decode()


class TextLines(logging.Formatter):
    """The same for people."""

    def format(self, record: logging.LogRecord) -> str:
        """The event."""
        moment = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        parts = " ".join(f"{name}={value}" for name, value in fields_of(record).items())
        line = f"{moment} {record.levelname.lower()} {record.getMessage()} {parts}".rstrip()
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def fields_of(record: logging.LogRecord) -> dict[str, Any]:
    """The parts of an event, each of bounded length; those that are None are left out."""
    fields: dict[str, Any] = getattr(record, "fields", {})
    return {
        name: value[:_MAX_TEXT] if isinstance(value, str) else value
        for name, value in fields.items()
        if value is not None
    }


def configure(settings: Settings) -> None:
    """Send everything that is logged to standard error, in the form that the settings name."""
    handler = logging.StreamHandler(sys.stderr)
    as_text = settings.log_format == "text" or (
        settings.log_format == "auto" and sys.stderr.isatty()
    )
    handler.setFormatter(TextLines() if as_text else JsonLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.log_level.upper())
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = name != "uvicorn.access"
    logging.getLogger("httpx").setLevel(logging.WARNING)
