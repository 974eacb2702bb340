"""Weights of the pages and their first paint on a slow telephone.

    python -m benchmarks front [--runs 3]

Debian's Chromium opens one page of every kind with an empty cache. Its network is that of
Lighthouse's "slow 4G" (1.6 Mbit/s down, 750 kbit/s up, 150 ms before each answer), its processor
four times slower than this machine's. The server runs on the same cores.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final
from urllib.request import urlopen

from playwright.sync_api import Browser, CDPSession, sync_playwright

from tests.browser.chromium import launch
from tests.browser.kinds import KINDS, in_language
from tests.browser.many import answer_with_many, drawn_after_ms
from tests.browser.server import former_datasets, serving

RESULTS: Final = Path(__file__).parent / "results"
NETWORK: Final = {
    "offline": False,
    "latency": 150,  # ms
    "downloadThroughput": 1.6e6 / 8,  # bytes a second
    "uploadThroughput": 750e3 / 8,
}
SLOWER: Final = 4
PAINT_WITHIN_MS: Final = 1_000
_TELEPHONE: Final = {"width": 390, "height": 780}
_SETTLED_MS: Final = 400

_WATCH: Final = """
  window.largest = 0;
  new PerformanceObserver((list) => { for (const e of list.getEntries()) window.largest = e.startTime; })
    .observe({ type: "largest-contentful-paint", buffered: true });
"""
_READ: Final = """() => [
  performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null, window.largest]"""


@dataclass(frozen=True)
class Weights:
    """Bytes of a page: as sent (compressed) and as read, of each kind of file."""

    html: int
    html_read: int
    script: int
    script_read: int
    css: int
    css_read: int
    data: int


@dataclass(frozen=True)
class Visit:
    """A first visit. Times are in milliseconds from the start of the navigation."""

    weights: Weights
    first_paint: float
    largest_paint: float


def run(runs: int = 3) -> None:
    """Measure every kind of page; writes front.json and front.md."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        with serving(folder / "data", former_datasets(folder / "former")) as address:
            former = _former(address)
            browser = launch(playwright)
            found: dict[str, list[Visit]] = {kind: [] for kind in KINDS}
            for turn in range(runs):
                for kind, path in KINDS.items():
                    page = in_language(path.format(former=former), "ja")
                    found[kind].append(visit(browser, address + page, whole=turn == 0))
            drawn = {slower: [many_places(browser, address, slower) for _ in range(runs)]
                     for slower in (1, SLOWER)}  # fmt: skip
            browser.close()
            middle = {f"1/{slower}": round(median(times)) for slower, times in drawn.items()}
            _write({kind: _middle(visits) for kind, visits in found.items()}, middle, runs)


def visit(browser: Browser, address: str, *, whole: bool = True) -> Visit:
    """Open an address as a slow telephone does, with an empty cache. The weights are whole only
    when it waits for what scripts fetch."""
    context = browser.new_context(viewport=_TELEPHONE, locale="ja-JP")  # type: ignore[arg-type] # a TypedDict of the same keys
    try:
        page = context.new_page()
        page.add_init_script(_WATCH)
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", NETWORK)
        session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        sent, read = _count(session)
        page.goto(address, wait_until="networkidle" if whole else "load")
        page.wait_for_timeout(_SETTLED_MS)
        first, largest = page.evaluate(_READ)
    finally:
        context.close()
    weights = Weights(
        sent["Document"], read["Document"], sent["Script"], read["Script"],
        sent["Stylesheet"], read["Stylesheet"], sent["Fetch"],
    )  # fmt: skip
    return Visit(weights, first, largest or first)


def many_places(browser: Browser, address: str, slower: int) -> float:
    """Milliseconds from the arrival of ten thousand places to the map with all of them."""
    context = browser.new_context(locale="ja-JP", reduced_motion="reduce")
    try:
        page = context.new_page()
        answer_with_many(page)
        session = context.new_cdp_session(page)
        session.send("Emulation.setCPUThrottlingRate", {"rate": slower})
        page.goto(f"{address}/dataset/sample-aed?lang=ja")
        return drawn_after_ms(page)
    finally:
        context.close()


def _count(session: CDPSession) -> tuple[Counter[str], Counter[str]]:
    """Bytes sent and read by kind of resource, counted while a page loads."""
    kinds: dict[str, str] = {}
    sent: Counter[str] = Counter()
    read: Counter[str] = Counter()

    def begins(event: Mapping[str, Any]) -> None:
        kinds[event["requestId"]] = event["type"]

    def comes(event: Mapping[str, Any]) -> None:
        read[kinds.get(event["requestId"], "Other")] += event["dataLength"]

    def ends(event: Mapping[str, Any]) -> None:
        sent[kinds.get(event["requestId"], "Other")] += int(event["encodedDataLength"])

    session.on("Network.responseReceived", begins)
    session.on("Network.dataReceived", comes)
    session.on("Network.loadingFinished", ends)
    return sent, read


def _former(address: str) -> str:
    with urlopen(f"{address}/changes.json") as reply:
        return next(
            str(one["release"]) for one in json.load(reply)["releases"] if not one["current"]
        )


def _middle(visits: Iterable[Visit]) -> Visit:
    seen = list(visits)
    return Visit(
        seen[0].weights,
        round(median(one.first_paint for one in seen)),
        round(median(one.largest_paint for one in seen)),
    )


def _write(found: Mapping[str, Visit], drawn: Mapping[str, int], runs: int) -> None:
    how = {
        "network": NETWORK, "processor": f"1/{SLOWER}", "processors": os.cpu_count(), "runs": runs,
    }  # fmt: skip
    pages = {kind: asdict(visit) for kind, visit in found.items()}
    body = {"how": how, "pages": pages, "ten_thousand_places_ms": drawn}
    (RESULTS / "front.json").write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    text = f"{table(found)}\nTen thousand places on a map, by speed of the processor, ms: {dict(drawn)}\n"
    (RESULTS / "front.md").write_text(text, encoding="utf-8")
    late = [kind for kind, visit in found.items() if visit.first_paint > PAINT_WITHIN_MS]
    print(text, "\nlate:", late or "none")


def table(found: Mapping[str, Visit]) -> str:
    """The figures as Markdown, in kB (1,000 bytes) and milliseconds."""
    lines = [
        "| page | HTML sent / read, kB | scripts, kB | styles, kB | data, kB | first paint, ms | largest paint, ms |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for kind, one in found.items():
        w = one.weights
        cells = [
            f"{w.html / 1e3:.1f} / {w.html_read / 1e3:.1f}",
            f"{w.script / 1e3:.1f} / {w.script_read / 1e3:.1f}",
            f"{w.css / 1e3:.1f} / {w.css_read / 1e3:.1f}",
            f"{w.data / 1e3:.1f}",
            f"{one.first_paint:,.0f}",
            f"{one.largest_paint:,.0f}",
        ]
        lines.append(f"| {kind} | {' | '.join(cells)} |")
    return "\n".join(lines) + "\n"
