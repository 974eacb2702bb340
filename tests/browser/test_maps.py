"""Maps of many points, by hand and by keyboard."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.conftest import Open
from tests.browser.many import MANY, answer_with_many, drawn_after_ms


def test_ten_thousand_points_are_gathered_at_once(open_site: Open) -> None:
    watched = open_site()
    page = watched.page
    answer_with_many(page)
    page.goto(f"{watched.address}/dataset/sample-aed")
    cluster = page.locator(".map-cluster")
    expect(cluster.first).to_be_visible()
    assert drawn_after_ms(page) < 3_000  # 165 measured on a machine that does nothing else
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
