"""Ten thousand places, as the endpoint would tell them."""

from __future__ import annotations

import json
import re
from typing import Final

from playwright.sync_api import Page, Route

MANY: Final = 10_000


_ASKED: Final = re.compile(r"/sparql\?format=")


def answer_with_many(page: Page) -> None:
    """The map of a page gets ten thousand places over the whole country."""
    page.route(_ASKED, _many)


def _many(route: Route) -> None:
    rows = [
        {
            "thing": {"type": "uri", "value": f"https://data.example.jp/{number}"},
            "label": {"type": "literal", "value": f"場所 {number}"},
            "lat": _decimal(31 + (number * 7_919 % 10_000) / 770),
            "long": _decimal(130 + (number * 104_729 % 10_000) / 770),
        }
        for number in range(MANY)
    ]
    body = {"head": {"vars": ["thing", "label", "lat", "long"]}, "results": {"bindings": rows}}
    route.fulfill(body=json.dumps(body), content_type="application/sparql-results+json")


def _decimal(value: float) -> dict[str, str]:
    datatype = "http://www.w3.org/2001/XMLSchema#decimal"
    return {"type": "literal", "value": f"{value:.4f}", "datatype": datatype}
