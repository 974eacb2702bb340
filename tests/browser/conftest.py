"""Chromium, and the server it looks at. Without a browser these tests skip; in CI they fail."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import launch
from tests.browser.server import serving
from tests.browser.watch import Watched, watch
from tests.conftest import ROOT

Open = Callable[..., Watched]

_BUILT = ROOT / "app/web/static/dist/manifest.json"
_AXE = ROOT / "app/web/frontend/node_modules/axe-core/axe.min.js"


def _need(present: bool, reason: str) -> None:
    if present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, and the scripts of the pages built."""
    _need(shutil.which("chromium") is not None, "no Chromium here: apt-get install chromium")
    _need(_BUILT.is_file(), "the scripts of the pages are not built: make front")
    with sync_playwright() as playwright:
        opened = launch(playwright)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def site(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server over the bundled data sets."""
    with serving(tmp_path_factory.mktemp("site") / "data") as address:
        yield address


@pytest.fixture
def open_site(browser: Browser, site: str) -> Iterator[Open]:
    """Opens a watched page of the site in a browser of its own; takes what Playwright's
    `new_context` takes."""
    contexts = []

    def open_(**options: Any) -> Watched:
        context = browser.new_context(**{"locale": "ja-JP", **options})
        context.set_default_timeout(10_000)
        contexts.append(context)
        return watch(context, site)

    yield open_
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    _need(_AXE.is_file(), "axe-core is not installed: python app/web/frontend/build.py --dev")
    return Path(_AXE).read_text(encoding="utf-8")
