"""What pages tell their scripts: JSON in the page, which no browser runs."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlencode

import orjson

from app.publish.places import Point
from app.rdf.formats import Formats
from app.rdf.namespaces import GEO, RDFS
from app.settings import Settings
from app.web.addresses import Addresses

MOST_POINTS: Final = 10_000
"""Of one map; near ones are drawn as one. About 1.5 MB of results, 60 kB of them packed."""

_PLACES: Final = f"""\
SELECT ?thing ?label ?lat ?long WHERE {{
  %s {{ ?thing <{GEO}lat> ?lat ; <{GEO}long> ?long . }}
  OPTIONAL {{ ?thing <{RDFS}label> ?label FILTER (LANG(?label) = "ja") }}
}} LIMIT {MOST_POINTS}"""


def json_in_page(body: object) -> str:
    """JSON that can stand inside a script element: `<` must not open or close a tag there."""
    return orjson.dumps(body).decode().replace("<", "\\u003c")


def map_tiles(settings: Settings) -> dict[str, str] | None:
    """The operator's tiles and their credit; None where maps have a plain ground."""
    if not settings.map_tiles:
        return None
    return {"url": settings.map_tiles, "credit": settings.map_credit}


class MapSources:
    """What a map on a page shows (`MapSource` in the script's source), for the attribute
    `data-map`."""

    def __init__(self, settings: Settings) -> None:
        self._addresses = Addresses(settings.base_iri)
        self._tiles = map_tiles(settings)

    def of_points(self, name: str, points: Iterable[Point]) -> str | None:
        """A map of a few places that all have one name; None without a place."""
        shown = [
            {"name": name, "href": None, "lat": point.latitude, "long": point.longitude}
            for point in points
        ]
        return self._source({"points": shown}) if shown else None

    def of_things(self, places: Iterable[tuple[str, str | None, Point]]) -> str | None:
        """A map of several things by name, path on the wire and place; None without a place."""
        shown = [
            {"name": name, "href": href, "lat": point.latitude, "long": point.longitude}
            for name, href, point in places
        ]
        return self._source({"points": shown}) if shown else None

    def of_graph(self, graph: str | None = None) -> str:
        """A map of all things with a place in one named graph, or in all."""
        where = f"GRAPH <{graph}>" if graph is not None else ""
        return self._source({"query": self.result(_PLACES % where)})

    def result(self, query: str) -> str:
        """The path on the wire of a query's result as SPARQL JSON."""
        asked = urlencode({"format": Formats.RESULTS_JSON.value.id, "query": query})
        return f"{self._addresses.root}/sparql?{asked}"

    def _source(self, body: dict[str, object]) -> str:
        here = {"base": self._addresses.base, "root": self._addresses.root, "tiles": self._tiles}
        return orjson.dumps({**body, **here}).decode()
