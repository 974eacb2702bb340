"""Chromium, and the server it looks at. Without a browser these tests skip; in CI they fail.

Pages of one test share nothing with those of another but the browser's cache: contexts are kept
for a whole run, and what a page stored is removed at the end of its test.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.chromium import launch
from tests.browser.server import former_datasets, starting, wait
from tests.browser.watch import Watched, watch
from tests.conftest import ROOT

Open = Callable[..., Watched]

_BUILT = ROOT / "app/web/static/dist/manifest.json"
_AXE = ROOT / "app/web/frontend/node_modules/axe-core/axe.min.js"
_SHARED = pytest.StashKey[tuple[ExitStack, str, Path]]()


def _need(present: bool, reason: str) -> None:
    if present:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests that share a server of their own run on one worker: the longest parts go first."""
    items.sort(key=lambda item: item.get_closest_marker("xdist_group") is None)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """With pytest-xdist: one server for all workers, started while they collect the tests."""
    if not (shutil.which("chromium") and _BUILT.is_file()):
        return
    stash = node.config.stash
    if _SHARED not in stash:
        stack = ExitStack()
        stash[_SHARED] = (stack, *stack.enter_context(_starting_site()))
    _, address, log = stash[_SHARED]
    node.workerinput["site"] = (address, str(log))


def pytest_unconfigure(config: pytest.Config) -> None:
    """End the server that the workers shared."""
    if _SHARED in config.stash:
        config.stash[_SHARED][0].close()


@contextmanager
def _starting_site() -> Iterator[tuple[str, Path]]:
    """The bundled data sets, with a release before them."""
    with tempfile.TemporaryDirectory(prefix="tsunagu-site-") as name:
        folder = Path(name)
        with starting(folder / "data", former_datasets(folder / "former")) as started:
            yield started


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
def site(browser: Browser, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server over the bundled data sets, with a release before them."""
    with ExitStack() as stack:
        shared = getattr(request.config, "workerinput", {}).get("site")
        address, log = shared or stack.enter_context(_starting_site())
        wait(address, Path(log))
        yield address


@pytest.fixture(scope="session")
def former(site: str) -> str:
    """The release before the one that is served."""
    with urlopen(f"{site}/changes.json") as reply:
        releases = json.load(reply)["releases"]
    return next(str(one["release"]) for one in releases if not one["current"])


@pytest.fixture(scope="session")
def contexts(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Gives the context with these options of Playwright's `new_context`; one for each."""
    made: dict[str, BrowserContext] = {}

    def context(**options: Any) -> BrowserContext:
        key = repr(sorted(options.items()))
        if key not in made:
            made[key] = browser.new_context(**{"locale": "ja-JP", **options})
            made[key].set_default_timeout(10_000)
        return made[key]

    yield context
    for one in made.values():
        one.close()


@pytest.fixture
def open_site(contexts: Callable[..., BrowserContext], site: str) -> Iterator[Open]:
    """Opens a watched page of the site; takes what Playwright's `new_context` takes."""
    pages: list[Page] = []

    def open_(**options: Any) -> Watched:
        watched = watch(contexts(**options), site)
        pages.append(watched.page)
        return watched

    yield open_
    for page in pages:
        if page.url.startswith(site):
            page.evaluate("localStorage.clear()")
        page.close()


@pytest.fixture(scope="session")
def axe() -> str:
    """The source of axe-core."""
    _need(_AXE.is_file(), "axe-core is not installed: python app/web/frontend/build.py --dev")
    return _AXE.read_text(encoding="utf-8")
