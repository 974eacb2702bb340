"""The editor of a mapping in a browser: it completes, tells what is wrong where it is, shows what a
row gives, and marks cell, statement and line together; by mouse and by keyboard."""

from __future__ import annotations

import os
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.codes.bundled import region_table
from app.publish.draft import draft_folder
from app.publish.tokens import Role, Tokens
from app.publish.workbench.sessions import Sessions
from app.settings import load
from app.web.pages.steward.desk import COOKIE
from tests.browser.server import serving
from tests.browser.watch import Watched, watch
from tests.conftest import ROOT
from tests.web.test_steward import planted_table

pytestmark = pytest.mark.xdist_group("mapping-editor")  # one server for all of them

_RECORD = os.environ.get("STEWARD_TIMES")
"""A file for the measured times of the preview; without it they are only printed."""


@dataclass(frozen=True)
class Desk:
    """A server with a drafted data set, and the cookie of someone who is signed in."""

    address: str
    cookie: str


@pytest.fixture(scope="module")
def desk(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    assert browser.is_connected()
    folder = tmp_path_factory.mktemp("editor")
    settings = load(
        None,
        {},
        data_dir=folder / "data",
        mappings_dir=folder / "mappings",
        vocab_dir=ROOT / "vocab",
    )
    table = folder / "parks.csv"
    table.write_bytes(planted_table(200))
    draft_folder(table, settings, region_table(), id="parks", region="37201")
    tokens = Tokens(settings.data_dir)
    secret = tokens.add(Role.EDITOR, graphs=["*"], note="編集")[1]
    session = Sessions(settings.data_dir / "workbench" / "sessions", tokens).begin(secret)
    assert session is not None
    dirs = {"mappings_dir": str(settings.mappings_dir), "vocab_dir": str(settings.vocab_dir)}
    with serving(settings.data_dir, **dirs) as address:
        yield Desk(address, session.secret)


@pytest.fixture
def opened(browser: Browser, desk: Desk, request: pytest.FixtureRequest) -> Iterator[Watched]:
    """The editor, ready, by someone who is signed in."""
    width = getattr(request, "param", 1280)
    context = browser.new_context(locale="ja-JP", viewport={"width": width, "height": 900})
    context.set_default_timeout(15_000)
    url = f"{desk.address}/steward"
    context.add_cookies([{"name": COOKIE, "value": desk.cookie, "url": url}])
    watched = watch(context, desk.address)
    page = watched.open("/steward/parks/mapping")
    page.locator(".editor[data-tried]").wait_for()
    yield watched
    context.close()


def at_end_of(page: Page, words: str) -> None:
    """Put the cursor at the end of the first line that holds these words."""
    page.locator(".cm-line", has_text=words).first.click()
    page.keyboard.press("End")


def take(page: Page, word: str) -> None:
    """Take what is offered first. The editor overlooks an Enter that comes right after the list,
    which was meant for a line."""
    chosen = page.locator(".cm-tooltip-autocomplete [aria-selected]")
    expect(chosen).to_contain_text(word)
    page.wait_for_timeout(150)
    page.keyboard.press("Enter")


def test_completion_knows_columns_functions_classes_and_keys(opened: Watched) -> None:
    page = opened.page
    offered = page.locator(".cm-tooltip-autocomplete")
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    page.keyboard.type("\n    x: $(")
    expect(offered).to_contain_text("電話番号")
    page.keyboard.type("電話")
    take(page, "電話番号")
    expect(page.locator(".cm-line", has_text="x: $(電話番号)")).to_be_visible()
    page.keyboard.type("\n    function: jfn:era")
    take(page, "jfn:eraDate")
    page.keyboard.type("\n    po:\n- [a, 施設")
    expect(offered).to_contain_text("ic:施設型")
    page.keyboard.press("Escape")
    page.keyboard.type("]\n- [電話番")
    expect(offered).to_contain_text("ic:電話番号")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Control+Space")
    expect(offered).to_contain_text("mappings")
    opened.assert_clean()


def test_a_mistake_is_told_at_its_line_and_undone(opened: Watched) -> None:
    page = opened.page
    at_end_of(page, "$(名称)")
    page.keyboard.press("Home")
    page.keyboard.type("?")
    expect(page.locator("#errors .failure")).to_be_visible()
    expect(page.locator(".cm-lint-marker-error").first).to_be_visible()
    expect(page.locator("#preview")).to_have_class("side stale")
    page.get_by_role("button", name="元に戻す").click()
    expect(page.locator("#errors .failure")).to_have_count(0)
    page.get_by_role("button", name="やり直す").click()
    expect(page.locator("#errors .failure")).to_be_visible()
    page.keyboard.press("Control+z")
    expect(page.locator("#errors .failure")).to_have_count(0)
    opened.assert_clean()


@pytest.mark.parametrize("opened", [1280, 820], indirect=True)
def test_cell_statement_and_line_are_marked_together(opened: Watched) -> None:
    page = opened.page
    statement = page.locator("#preview .triples li", has_text="rdfs:label").first
    statement.hover()
    expect(page.locator("#preview td.from").first).to_be_visible()
    expect(page.locator(".cm-marked").first).to_be_attached()
    statement.get_by_role("button").click()
    expect(page.locator(".cm-content")).to_be_focused()
    expect(page.locator(".cm-activeLine")).to_contain_text("rdfs:label")
    page.locator("#preview td[data-column=電話番号]").first.hover()
    expect(page.locator("#preview .triples li.from", has_text="電話番号")).to_be_visible()
    page.locator("#preview .row-choice").nth(2).click()
    expect(page.locator("#preview h2").first).to_contain_text("公園")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index] # it is set
    opened.assert_clean()


def test_by_keyboard_alone(opened: Watched) -> None:
    page = opened.page
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+End")
    page.keyboard.type("# 一行")
    page.keyboard.press("Tab")  # leaves the editor
    page.locator("#why:focus").wait_for()
    page.keyboard.type("注を足す")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/parks/mapping")
    page.locator(".editor[data-tried]").wait_for()
    page.locator(".cm-content").focus()
    page.keyboard.press("Control+End")
    expect(page.locator(".cm-line").last).to_have_text("# 一行")
    opened.assert_clean()


def test_the_preview_follows_typing(opened: Watched) -> None:
    """Records how long the preview of fifty rows takes from a stroke to the page; no time is
    demanded of a machine that does other things."""
    page = opened.page
    page.locator(".cm-content").click()
    page.keyboard.press("Control+End")
    expect(page.locator("#preview .row-choice")).to_have_count(50)
    taken = []
    for number in range(9):
        page.evaluate("delete document.querySelector('.editor').dataset.tried")
        page.evaluate("window.began = performance.now()")
        page.keyboard.type("#" if number == 0 else "x")
        page.locator(".editor[data-tried]").wait_for()
        taken.append(page.evaluate("performance.now() - window.began"))
    median = statistics.median(taken[1:])
    line = f"preview of 50 rows after a stroke: median {median:.0f} ms of {len(taken) - 1}"
    print(line)
    if _RECORD:
        Path(_RECORD).write_text(f"{line}\n")
    opened.assert_clean()
