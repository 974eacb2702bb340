"""Maps of many points, by hand and by keyboard."""

from __future__ import annotations

import json
import re
import time

from playwright.sync_api import Route, expect

from tests.browser.conftest import Open

MANY = 10_000


def _many(route: Route) -> None:
    """The answer to a map's query, with ten thousand places over the whole country."""
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


def test_ten_thousand_points_are_gathered_at_once(open_site: Open) -> None:
    watched = open_site()
    page = watched.page
    page.route(re.compile(r"/sparql\?format="), _many)
    started = time.monotonic()
    page.goto(f"{watched.address}/dataset/sample-aed")
    cluster = page.locator(".map-cluster")
    expect(cluster.first).to_be_visible()
    assert time.monotonic() - started < 5
    assert 5 < cluster.count() < 300
    shown = sum(int(text.replace(",", "")) for text in cluster.all_inner_texts())
    assert shown > MANY * 0.9
    watched.assert_clean()


def test_a_map_is_used_by_keyboard(open_site: Open) -> None:
    watched = open_site(reduced_motion="reduce")
    page = watched.open("/?lang=en")
    page.locator(".map-cluster").first.focus()
    focused = page.locator(".map-point:focus, .map-cluster:focus")
    for _ in range(6):  # each time into the nearest part, until that is one thing
        if page.locator(".map-point:focus").count():
            break
        page.keyboard.press("Enter")
        expect(focused).to_have_count(1)
    expect(focused).to_have_attribute("title", re.compile("見本|Sample"))
    page.keyboard.press("Enter")
    link = page.locator(".leaflet-popup-content a")
    expect(link).to_have_attribute("href", re.compile("^/id/"))
    page.keyboard.press("Escape")
    expect(link).to_have_count(0)
    watched.assert_clean()
