"""Every kind of page, in both languages, on a telephone, a tablet and a desk."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.kinds import KINDS, STATUSES, in_language

WIDTHS = (390, 768, 1440)
PAGE_BYTES = 60_000

_OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > wide + 1)
    .slice(0, 5)
    .map((e) => `${e.tagName} ${e.className} ${Math.round(e.getBoundingClientRect().right)}`);
}"""


@pytest.mark.parametrize(("language", "scheme"), [("ja", "light"), ("en", "dark")])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_every_width_and_is_clean_and_accessible(
    open_site: Open, axe: str, kind: str, language: str, scheme: str
) -> None:
    watched = open_site(color_scheme=scheme, reduced_motion="reduce")
    page = watched.open(in_language(KINDS[kind], language))
    assert watched.status == STATUSES.get(kind, 200)
    assert page.locator("html").get_attribute("lang") == language
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(_OVERFLOW) == [], width
    assert serious_faults(page, axe) == []
    watched.assert_clean()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_small_and_reads_without_scripts(open_site: Open, kind: str) -> None:
    watched = open_site(java_script_enabled=False)
    reply = watched.page.goto(watched.address + in_language(KINDS[kind], "ja"))
    assert reply is not None
    assert len(reply.body()) <= PAGE_BYTES
    page = watched.page
    assert page.locator("main h1").count() == 1
    assert page.locator("#workspace:visible, .map:visible, .chart:visible").count() == 0
    if kind.startswith("workspace"):
        assert page.locator("textarea[name=query]").is_visible()
    watched.assert_clean()


def serious_faults(page: Page, axe: str) -> list[str]:
    """What axe-core finds of serious or critical impact."""
    page.evaluate(axe)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
