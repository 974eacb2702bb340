"""One page of every kind, with the bundled data."""

from __future__ import annotations

from typing import Final
from urllib.parse import quote

SELECT: Final = "SELECT ?region ?label WHERE { ?region rdfs:label ?label } LIMIT 30"

KINDS: Final = {
    "home": "/",
    "thing with a map": "/doc/aed/sample-1",
    "region with many links": "/doc/region/13000",
    "thing of few facts": "/doc/postal-code/6840000",
    "data set with a map": "/dataset/sample-aed",
    "data set": "/dataset/regions",
    "catalog": "/catalog",
    "dumps": "/dumps/",
    "vocabulary": "/def/",
    "class": "/def/AED",
    "property": f"/vocab/ic/{quote('住所')}",
    "search": f"/search?q={quote('鳥取')}",
    "check": "/check",
    "saved queries": "/queries",
    "saved query with a map": "/queries/nearest-aed",
    "saved query with a chart": "/queries/population-by-prefecture",
    "workspace": "/sparql",
    "workspace with a query": f"/sparql?query={quote(SELECT)}",
    "workspace with a wrong query": f"/sparql?query={quote('SELECT * WHERE { ?s ?p }')}",
    "nothing there": "/doc/region/99999",
}
"""Paths by what they show. A page of a new kind belongs here."""

STATUSES: Final = {"workspace with a wrong query": 400, "nothing there": 404}
"""Those that are not 200."""


def in_language(path: str, language: str) -> str:
    """The same page in a language."""
    return f"{path}{'&' if '?' in path else '?'}lang={language}"
