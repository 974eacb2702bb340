"""One page of every kind, with the bundled data."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

from tests.browser.server import GONE

SELECT: Final = "SELECT ?region ?label WHERE { ?region rdfs:label ?label } LIMIT 30"

NOBODY: Final = quote("どこにもないもの")

KINDS: Final = {
    "home": "/",
    "thing with a map": "/doc/aed/sample-1",
    "region with many links": "/doc/region/13000",
    "thing of few facts": "/doc/postal-code/6840000",
    "data set with a map": "/dataset/sample-aed",
    "data set": "/dataset/regions",
    "history": "/history/aed/sample-1",
    "catalog of a theme": "/catalog?theme=HEAL",
    "catalog": "/catalog",
    "dumps": "/dumps/",
    "vocabulary": "/def/",
    "class": "/def/AED",
    "property": f"/vocab/ic/{quote('住所')}",
    "classes": "/browse",
    "class table with a map": "/browse/def:AED",
    "class table with filters": "/browse/def:PostalCode",
    "search before a question": "/search",
    "search": f"/search?q={quote('鳥取')}",
    "search without a find": f"/search?q={NOBODY}",
    "regions": "/regions",
    "region and its parts": "/regions/31201",
    "check": "/check",
    "changes": "/changes",
    "difference": "/changes/{former}..current",
    "releases": "/releases",
    "saved queries": "/queries",
    "saved query with a map": "/queries/nearest-aed",
    "saved query with a chart": "/queries/population-by-prefecture",
    "saved query with a wrong value": f"/queries/population-of-region?region={NOBODY}",
    "embedded map": "/queries/nearest-aed?embed=1",
    "embedded chart": "/queries/population-by-prefecture?embed=1",
    "workspace": "/sparql",
    "workspace with a query": f"/sparql?query={quote(SELECT)}",
    "workspace with a wrong query": f"/sparql?query={quote('SELECT * WHERE { ?s ?p }')}",
    "status": "/status",
    "conformance": "/conformance",
    "nothing there": "/doc/region/99999",
    "thing that was taken away": GONE,
}
"""Paths by what they show; `{former}` is the release before the current one. A page of a new kind
belongs here."""

STATUSES: Final = {
    "workspace with a wrong query": 400,
    "saved query with a wrong value": 400,
    "nothing there": 404,
    "thing that was taken away": 410,
}
"""Those that are not 200."""


def in_language(path: str, language: str) -> str:
    """The same page in a language."""
    return f"{path}{'&' if '?' in path else '?'}lang={language}"
