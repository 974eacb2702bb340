"""How Chromium is started: Debian's, headless, and asking nobody for anything by itself."""

from __future__ import annotations

import shutil

from playwright.sync_api import Browser, Playwright

ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch(playwright: Playwright) -> Browser:
    """A new browser."""
    path = shutil.which("chromium")
    return playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
