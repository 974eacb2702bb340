"""Every kind of page, in both languages, on a telephone, a tablet and a desk."""

from __future__ import annotations

import pytest

from tests.browser.conftest import Open
from tests.browser.kinds import KINDS, in_language

WIDTHS = (390, 768, 1440)

_OVERFLOW = """() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  return [...document.querySelectorAll("body *")]
    .filter((e) => e.getBoundingClientRect().right > wide + 1)
    .slice(0, 5)
    .map((e) => `${e.tagName} ${e.className} ${Math.round(e.getBoundingClientRect().right)}`);
}"""


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_page_fits_every_width_and_is_clean(open_site: Open, kind: str, language: str) -> None:
    watched = open_site()
    page = watched.open(in_language(KINDS[kind], language))
    assert page.locator("html").get_attribute("lang") == language
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(_OVERFLOW) == [], width
    watched.assert_clean()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_reads_without_scripts(open_site: Open, kind: str) -> None:
    watched = open_site(java_script_enabled=False)
    page = watched.open(in_language(KINDS[kind], "ja"))
    assert page.locator("main h1").count() == 1
    assert page.locator("#workspace:visible, .map:visible").count() == 0
    if "workspace" in kind:
        assert page.locator("textarea[name=query]").is_visible()
    watched.assert_clean()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_axe_finds_no_serious_fault(open_site: Open, axe: str, kind: str, scheme: str) -> None:
    watched = open_site(color_scheme=scheme, reduced_motion="reduce")
    page = watched.open(in_language(KINDS[kind], "ja" if scheme == "light" else "en"))
    page.evaluate(axe)
    found = page.evaluate("() => axe.run(document, {resultTypes: ['violations']})")
    faults = [
        f"{fault['id']}: {node['target']} {node['failureSummary']}"
        for fault in found["violations"]
        if fault["impact"] in ("serious", "critical")
        for node in fault["nodes"]
    ]
    assert faults == []
