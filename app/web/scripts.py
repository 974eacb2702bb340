"""What pages tell their scripts: JSON in the page, which no browser runs."""

from __future__ import annotations

import orjson

from app.settings import Settings


def json_in_page(body: object) -> str:
    """JSON that can stand inside a script element: `<` must not open or close a tag there."""
    return orjson.dumps(body).decode().replace("<", "\\u003c")


def map_tiles(settings: Settings) -> dict[str, str] | None:
    """The operator's tiles and their credit; None where maps have a plain ground."""
    if not settings.map_tiles:
        return None
    return {"url": settings.map_tiles, "credit": settings.map_credit}
