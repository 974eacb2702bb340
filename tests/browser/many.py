"""Ten thousand places, as the endpoint would tell them."""

from __future__ import annotations

import json
import re
from typing import Final

from playwright.sync_api import Page, Route

MANY: Final = 10_000


_ASKED: Final = re.compile(r"/sparql\?format=")
_WATCH: Final = """
  window.drawn = 0;
  new MutationObserver(() => {
    if (window.drawn === 0 && document.querySelector(".map-cluster")) {
      requestAnimationFrame(() => { window.drawn = performance.now(); });
    }
  }).observe(document, { subtree: true, childList: true });
"""
_READ: Final = """() => window.drawn -
  performance.getEntriesByType("resource").find((e) => e.name.includes("/sparql?format=")).responseEnd"""


def answer_with_many(page: Page) -> None:
    """The map of the page that is opened next gets ten thousand places over the whole country."""
    page.add_init_script(_WATCH)
    page.route(_ASKED, _many)


def drawn_after_ms(page: Page) -> float:
    """Milliseconds from the arrival of the places to the map with all of them."""
    page.wait_for_function("window.drawn > 0")
    return float(page.evaluate(_READ))


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
