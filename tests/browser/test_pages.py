"""Every kind of page, in both languages, on a telephone, a tablet and a desk; light and dark; what
it weighs."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.kinds import KINDS, STATUSES, in_language

WIDTHS = (390, 768, 1440)
PAGE_BYTES = 60_000
STYLE_BYTES = 15_000
SCRIPT_BYTES = (
    ("#workspace", 200_000),
    ("[data-chart]", 250_000),
    ("[data-map]", 150_000),
    ("body", 2_000),
)
"""The most that the scripts of a page may weigh as sent: the first whose place it has counts."""

_OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > wide + 1)
    .slice(0, 5)
    .map((e) => `${e.tagName} ${e.className} ${Math.round(e.getBoundingClientRect().right)}`);
}"""


# What the keyboard goes through: every element that takes the focus and can be seen.
_REACHABLE = """() => {
  const all = (root) => [...root.querySelectorAll("*")].flatMap((e) => [e, ...(e.shadowRoot ? all(e.shadowRoot) : [])]);
  window.reachable = all(document).filter((e) => e.tabIndex >= 0 && e.checkVisibility({visibilityProperty: true})
    && e.matches("a[href], button:not(:disabled), input:not([type=hidden]), select, textarea, summary, [tabindex], [contenteditable=true]"));
  return window.reachable.length;
}"""
_FOCUSED = """() => {
  let focused = document.activeElement;
  while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
  const styles = (e) => e === null || e === document.documentElement ? [] : [getComputedStyle(e), ...styles(e.parentElement ?? e.getRootNode().host ?? null)];
  const shown = styles(focused).slice(0, 6).some((s) => s.outlineStyle !== "none" || s.boxShadow !== "none");
  return [window.reachable.indexOf(focused), shown, focused.outerHTML.slice(0, 120)];
}"""
KEYBOARD = (
    "home", "thing with a map", "data set", "class table with a map", "search",
    "saved query with a map", "workspace", "check", "nothing there",
)  # fmt: skip


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_every_width_and_is_clean_and_accessible(
    open_site: Open, former: str, axe: str, kind: str, language: str
) -> None:
    watched = open_site(reduced_motion="reduce")
    page = watched.open(in_language(KINDS[kind].format(former=former), language))
    assert watched.status == STATUSES.get(kind, 200)
    assert page.locator("html").get_attribute("lang") == language
    most = next(most for place, most in SCRIPT_BYTES if page.locator(place).count())
    assert 0 < watched.sent["js"] <= most
    assert 0 < watched.sent["css"] <= STYLE_BYTES
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(_OVERFLOW) == [], width
    if language == "ja":
        assert serious_faults(page, axe, "color-contrast") == []
    page.emulate_media(color_scheme="dark")
    assert serious_faults(page, axe) == []
    watched.assert_clean()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_small_and_reads_without_scripts(open_site: Open, former: str, kind: str) -> None:
    watched = open_site(java_script_enabled=False)
    reply = watched.page.goto(watched.address + KINDS[kind].format(former=former))
    assert reply is not None
    assert len(reply.body()) <= PAGE_BYTES
    page = watched.page
    assert page.locator("main h1").count() == 1
    assert page.locator("#workspace:visible, .map:visible, .chart:visible").count() == 0
    assert page.locator("#theme:visible").count() == 0
    if kind.startswith("workspace"):
        assert page.locator("textarea[name=query]").is_visible()
    watched.assert_clean()


@pytest.mark.parametrize("kind", KEYBOARD)
def test_the_keyboard_goes_through_everything_and_out_again(open_site: Open, kind: str) -> None:
    watched = open_site(reduced_motion="reduce")
    page = watched.open(in_language(KINDS[kind], "ja"))
    left = set(range(page.evaluate(_REACHABLE)))
    assert left
    for _ in range(3 * len(left)):
        page.keyboard.press("Tab")
        number, shown, markup = page.evaluate(_FOCUSED)
        if not left and number < 0:
            break
        assert shown or number < 0, f"no sign of the focus on {markup}"
        left.discard(number)
    assert [page.evaluate("n => reachable[n].outerHTML.slice(0, 120)", n) for n in left] == []
    watched.assert_clean()


def serious_faults(page: Page, axe: str, *rules: str) -> list[str]:
    """What axe-core finds of serious or critical impact, by all rules or by these."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(axe)
    options: dict[str, Any] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
