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
    "workspace": "/sparql",
    "workspace with a query": f"/sparql?query={quote(SELECT)}",
    "workspace with a wrong query": f"/sparql?query={quote('SELECT * WHERE { ?s ?p }')}",
    "nothing there": "/doc/region/99999",
}
"""Paths by what they show. A page of a new kind belongs here."""


def in_language(path: str, language: str) -> str:
    """The same page in a language."""
    return f"{path}{'&' if '?' in path else '?'}lang={language}"
