"""The steward's way in a browser: with the mouse and scripts, in Japanese at a desk and in English
on a telephone, and by keyboard alone without any script."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page

from app.publish.tokens import Role, Tokens
from tests.browser.server import serving
from tests.browser.watch import watch
from tests.conftest import ROOT
from tests.web.test_steward import planted_table

pytestmark = pytest.mark.xdist_group("steward")  # one server for all of them

_PICTURES = os.environ.get("STEWARD_PICTURES")
"""A folder for pictures of every step; none are taken without it."""


@dataclass(frozen=True)
class Bench:
    """A server with nothing published, and a token for it."""

    address: str
    secret: str


@pytest.fixture(scope="module")
def bench(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    assert browser.is_connected()
    folder = tmp_path_factory.mktemp("steward")
    mappings = folder / "mappings"
    mappings.mkdir()
    data = folder / "data"
    secret = Tokens(data).add(Role.PUBLISHER, note="見本市 情報政策課")[1]
    with serving(data, mappings_dir=str(mappings), vocab_dir=str(ROOT / "vocab")) as address:
        yield Bench(address, secret)


def picture(page: Page, name: str) -> None:
    if _PICTURES:
        page.screenshot(path=f"{_PICTURES}/{name}.png", full_page=True)


@dataclass(frozen=True)
class Words:
    """What the pages say, and what is typed, in one language."""

    token: str
    sign_in: str
    new: str
    file: str
    check: str
    fault: str
    mend: str
    draft: str
    title: str
    address: str
    region: str
    look: str
    publish: str
    published: str
    undo: str
    undone: str


JA = Words(
    "トークン",
    "サインイン",
    "新しい表を公開する",
    "ファイル",
    "確かめる",
    "行目 開始時間",
    "か所を直す",
    "下書きを作る",
    "題名",
    "アドレスに使う短い名前",
    "市区町村コード",
    "できあがりを見る",
    "公開する",
    "公開しました",
    "元に戻す",
    "元に戻しました",
)
EN = Words(
    "Token",
    "Sign in",
    "Publish a new table",
    "File",
    "Check it",
    "開始時間",
    "Mend",
    "Next: draft",
    "Title",
    "Short name for addresses",
    "Code of the municipality",
    "Next: look at the result",
    "Publish",
    "Published",
    "Undo",
    "Taken back",
)


@pytest.mark.parametrize(
    ("locale", "words", "width", "rows"),
    [("ja-JP", JA, 1024, 3000), ("en-GB", EN, 390, 1200)],
    ids=["japanese, a desk", "english, a telephone"],
)
def test_a_faulty_table_is_mended_published_seen_and_taken_back(
    browser: Browser, bench: Bench, locale: str, words: Words, width: int, rows: int
) -> None:
    context = browser.new_context(locale=locale, viewport={"width": width, "height": 900})
    context.set_default_timeout(60_000)
    watched = watch(context, bench.address)
    id = f"parks-{width}"
    page = watched.open("/steward/")
    picture(page, f"{width}-1-sign-in")
    page.get_by_label(words.token).fill(bench.secret)
    page.get_by_role("button", name=words.sign_in).click()
    page.get_by_role("link", name=words.new).click()
    picture(page, f"{width}-2-file")
    table = {"name": "公園一覧.csv", "mimeType": "text/csv", "buffer": planted_table(rows)}
    page.get_by_label(words.file, exact=True).set_input_files(table)  # type: ignore[arg-type] # as documented
    page.get_by_role("button", name=words.check).click()
    page.get_by_text(words.fault).first.wait_for()
    picture(page, f"{width}-3-check")
    page.get_by_role("button", name=words.mend).click()
    page.get_by_role("link", name=words.draft).click()
    picture(page, f"{width}-4-draft")
    page.get_by_label(words.title).fill("見本市の公園")
    page.get_by_label(words.address).fill(id)
    page.get_by_label(words.region).fill("37201")
    page.get_by_role("button", name=words.look).click()
    picture(page, f"{width}-5-look")
    page.get_by_role("button", name=words.publish, exact=True).click()
    page.get_by_role("heading", name=words.published, exact=True).wait_for()
    picture(page, f"{width}-6-published")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    done = page.url
    page.locator(".links a").first.click()
    assert "公園" in page.get_by_role("heading", level=1).inner_text()
    if _PICTURES:
        for number, path in enumerate((f"/{id}", f"/{id}/mapping", "/"), 7):
            page.goto(f"{bench.address}/steward{path}")
            picture(page, f"{width}-{number}")
    page.goto(done)
    page.get_by_role("button", name=words.undo).click()
    page.get_by_role("heading", name=words.undone).wait_for()
    watched.assert_clean()
    context.close()


def test_the_whole_way_by_keyboard_without_scripts(browser: Browser, bench: Bench) -> None:
    context = browser.new_context(locale="ja-JP", java_script_enabled=False)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(f"{bench.address}/steward/")

    def reach(name: str) -> None:
        """Press Tab until what has the focus is called so."""
        for _ in range(200):
            page.keyboard.press("Tab")
            focused = page.locator(":focus")
            if focused.count() and name in (focused.text_content() or ""):
                return
            if focused.count() and focused.get_attribute("id") == name:
                return
        raise AssertionError(f"{name} cannot be reached by keyboard")

    page.keyboard.type(bench.secret)  # the field has the focus
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="データの公開").wait_for()
    reach("新しい表を公開する")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="公開したい表を選ぶ").wait_for()
    reach("text")
    page.keyboard.insert_text(
        "NO,名称,電話番号\n1,中央公園,０８７-839-2011\n2,東公園,087-839-2012\n"
    )
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="内容を確かめる").wait_for()
    reach("か所を直す")
    page.keyboard.press("Enter")
    page.get_by_text("元のファイルも残っています").wait_for()
    reach("下書きを作る")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="下書きを確かめる").wait_for()
    reach("title")
    page.keyboard.insert_text("公園")
    reach("id")
    page.keyboard.press("Control+a")
    page.keyboard.insert_text("by-keyboard")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="できあがりを見る").wait_for()
    reach("mode")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="公開しました").wait_for()
    context.close()
