"""What tests do in the workspace by hand."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.watch import Watched

JA = "/sparql?lang=ja"


def type_query(watched: Watched, text: str) -> Page:
    """Put a text in the place of the one in the editor."""
    page = watched.page
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(text)
    return page


def run_query(watched: Watched, text: str) -> Page:
    """Type a query, run it and wait for what comes of it."""
    page = type_query(watched, text)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".results .banner:not(.running)")).to_be_visible()
    return page
