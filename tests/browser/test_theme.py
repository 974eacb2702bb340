"""Light and dark: the system decides until the reader does."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import Open

_GROUND = "getComputedStyle(document.body).backgroundColor"
LIGHT, DARK = "rgb(251, 252, 252)", "rgb(16, 24, 28)"


def _ground(page: Page) -> str:
    return str(page.evaluate(_GROUND))


def test_the_look_follows_the_system_while_nobody_chose(open_site: Open) -> None:
    watched = open_site(color_scheme="dark")
    page = watched.open("/catalog?lang=en")
    switch = page.get_by_role("button", name="Dark")
    expect(switch).to_have_attribute("aria-pressed", "true")
    assert _ground(page) == DARK
    page.emulate_media(color_scheme="light")
    expect(switch).to_have_attribute("aria-pressed", "false")
    assert _ground(page) == LIGHT
    watched.assert_clean()


def test_a_choice_is_kept_on_every_page_until_it_is_taken_back(open_site: Open) -> None:
    watched = open_site(color_scheme="light")
    page = watched.open("/?lang=ja")
    page.get_by_role("button", name="暗い画面").focus()
    page.keyboard.press("Enter")
    assert _ground(page) == DARK
    for path in ("/check?lang=ja", "/doc/aed/sample-1", "/queries/nearest-aed?embed=1"):
        watched.open(path)
        assert _ground(page) == DARK, path
    watched.open("/?lang=ja")
    page.get_by_role("button", name="暗い画面").click()
    assert _ground(page) == LIGHT
    assert page.evaluate("localStorage.length") == 0, "it follows the system again"
    watched.assert_clean()


def test_the_editor_maps_and_charts_turn_with_the_page(open_site: Open) -> None:
    watched = open_site(color_scheme="light", reduced_motion="reduce")
    page = watched.open("/sparql?lang=ja")
    page.get_by_role("button", name="都道府県別の人口と性比").click()
    canvas = page.locator(".chart canvas")
    expect(canvas).to_be_visible()
    seen = [(_colours(page), page.evaluate(_DARK_PIXELS))]
    page.get_by_role("button", name="暗い画面").click()
    page.wait_for_timeout(300)  # the chart is drawn anew in the next frame
    seen.append((_colours(page), page.evaluate(_DARK_PIXELS)))
    assert seen[0][0] != seen[1][0]
    assert seen[0][1] > seen[1][1], "names on the axis are dark on light, then light on dark"
    page = watched.open("/dataset/sample-aed?lang=ja")
    assert page.locator(".leaflet-container").evaluate(_BACKGROUND) == "rgb(27, 40, 46)"
    watched.assert_clean()


_BACKGROUND = "e => getComputedStyle(e).backgroundColor"
_DARK_PIXELS = """() => {
  const canvas = document.querySelector(".chart canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  let dark = 0;
  for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200 && data[i] + data[i + 1] + data[i + 2] < 150) dark += 1;
  return dark;
}"""


def _colours(page: Page) -> list[str]:
    return [
        str(page.locator(".cm-editor").evaluate(_BACKGROUND)),
        str(page.locator(".cm-content").evaluate("e => getComputedStyle(e).color")),
    ]
