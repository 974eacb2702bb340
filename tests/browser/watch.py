"""A page that is watched: what it logs, what it asks for, whether foreign script runs in it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from playwright.sync_api import BrowserContext, Dialog, Page, Request, Response

# Of every place that a script fills; without scripts this function still runs.
_READY = """() => [...document.querySelectorAll("[data-map], [data-bars], [data-chart], #workspace")]
  .every((place) => place.childElementCount > 0 || !document.querySelector("script[type=module]"))"""


@dataclass
class Watched:
    """A page of a server at `address`, with everything that must not happen in it."""

    page: Page
    address: str
    status: int = 0
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    dialogs: list[str] = field(default_factory=list)
    sent: Counter[str] = field(default_factory=Counter)
    """Bytes of bodies as they were sent, by the ending of the path (`js`, `css`)."""

    def open(self, path: str) -> Page:
        """Go to a path of the server and wait until the page and its scripts are ready: what
        is drawn from data (maps, bars, the workspace) is there."""
        reply = self.page.goto(self.address + path)
        self.status = reply.status if reply is not None else 0
        self.page.wait_for_function(_READY)
        return self.page

    def dismiss(self, dialog: Dialog) -> None:
        """Close a dialog and remember it."""
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def assert_clean(self) -> None:
        """Nothing was logged as an error, no other server was asked, no dialog opened."""
        assert self.errors == []
        assert self.outside == []
        assert self.dialogs == []


def watch(context: BrowserContext, address: str) -> Watched:
    """A new page of a context. Requests to other hosts are recorded (the browser cannot reach
    any, see `chromium.ARGUMENTS`); routing them would switch the browser's cache off."""
    page = context.new_page()
    watched = Watched(page, address)

    def look(asked: Request) -> None:
        if not asked.url.startswith((address + "/", "data:", "blob:")):
            watched.outside.append(asked.url)

    def weigh(reply: Response) -> None:
        ending = reply.url.partition("?")[0].rpartition("/")[2].rpartition(".")[2]
        watched.sent[ending] += int(reply.headers.get("content-length", 0))

    page.on("request", look)
    page.on("response", weigh)
    page.on("console", lambda message: _note(watched, message))
    page.on("pageerror", lambda error: watched.errors.append(str(error)))

    page.on("dialog", watched.dismiss)
    return watched


def _note(watched: Watched, message: Any) -> None:
    # Chromium logs every answer of 400 and above; such answers are asserted where they belong.
    if message.type == "error" and "Failed to load resource" not in message.text:
        watched.errors.append(message.text)
