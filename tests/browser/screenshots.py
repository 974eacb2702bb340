"""Pictures of the main pages for the README: `python -m tests.browser.screenshots`."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.chromium import launch
from tests.browser.server import serving
from tests.conftest import ROOT

TARGET = ROOT / "docs" / "images"
MOST_BYTES = 200_000

WIDE = {"width": 1280, "height": 860}
TALL = {"width": 1280, "height": 940}
PHONE = {"width": 390, "height": 780}


def _home(page: Page) -> None:
    page.wait_for_selector(".live .map-cluster, .live .map-point")
    page.wait_for_selector(".bars .bar")


def _example(title: str, ready: str) -> Callable[[Page], None]:
    def prepare(page: Page) -> None:
        page.get_by_role("button", name=title).click()
        page.wait_for_selector(ready)
        # The result matters more than a long query.
        page.locator(".editor").evaluate("editor => { editor.style.height = '15rem'; }")

    return prepare


def _map(page: Page) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(
        "SELECT ?thing ?label ?lat ?long WHERE {\n  ?thing rdfs:label ?label ;\n"
        "         geo:lat ?lat ;\n         geo:long ?long .\n}"
    )
    page.keyboard.press("Control+Enter")
    page.get_by_role("button", name="地図", exact=True).click()
    page.wait_for_selector(".results .map-cluster")
    page.locator(".editor").evaluate("editor => { editor.style.height = '10rem'; }")


def _mistake(page: Page) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text(
        "SELECT ?site ?label WHERE {\n  ?site a def:EvacuationSite ;\n        rdfs:label ?label\n"
        "  FILTER(LANG(?label = 'ja')\n}"
    )
    page.keyboard.press("Control+Enter")
    page.wait_for_selector(".failure")


def _complete(page: Page) -> None:
    page.locator(".cm-content").click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("SELECT ?place ?latitude WHERE {\n  ?place ")
    page.keyboard.type("ic:")
    page.wait_for_selector(".cm-tooltip-autocomplete")


SHOTS: dict[str, tuple[str, dict[str, int], str, Callable[[Page], None] | None]] = {
    "home": ("/?lang=en", WIDE, "light", _home),
    "home-ja": ("/?lang=ja", WIDE, "light", _home),
    "workspace-chart": (
        "/sparql?lang=en",
        WIDE,
        "light",
        _example("Population and sex ratio by prefecture", ".chart canvas"),
    ),
    "workspace-map-ja": (
        "/sparql?lang=ja",
        TALL,
        "light",
        _map,
    ),
    "workspace-error": ("/sparql?lang=en", WIDE, "dark", _mistake),
    "workspace-completion-ja": ("/sparql?lang=ja", WIDE, "light", _complete),
    "thing-ja": ("/doc/aed/sample-1?lang=ja", WIDE, "light", None),
    "thing-phone": ("/doc/evacuation-site/sample-1?lang=en", PHONE, "dark", None),
}


def take(browser: Browser, address: str, name: str) -> int:
    """Take one picture; gives its size in bytes."""
    path, size, scheme, prepare = SHOTS[name]
    locale = "ja-JP" if path.endswith("ja") else "en-GB"
    context = browser.new_context(
        viewport={"width": size["width"], "height": size["height"]},
        locale=locale,
        color_scheme="dark" if scheme == "dark" else "light",
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto(address + path, wait_until="networkidle")
    if prepare is not None:
        prepare(page)
    page.wait_for_timeout(900)  # canvases draw after their data is there
    target = TARGET / f"{name}.png"
    page.screenshot(path=target)
    context.close()
    return target.stat().st_size


def main() -> int:
    """Take all pictures, or those named; 1 when one is too large for a repository."""
    TARGET.mkdir(parents=True, exist_ok=True)
    names = sys.argv[1:] or list(SHOTS)
    heavy = False
    with (
        tempfile.TemporaryDirectory() as folder,
        serving(Path(folder) / "data") as address,
        sync_playwright() as playwright,
    ):
        browser = launch(playwright)
        for name in names:
            size = take(browser, address, name)
            heavy |= size > MOST_BYTES
            print(f"{name}.png\t{size:,} bytes")
        browser.close()
    return 1 if heavy else 0


if __name__ == "__main__":
    sys.exit(main())
