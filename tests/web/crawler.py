"""Follows the links of a site from its home page and its sitemap.

python -m tests.web.crawler http://127.0.0.1:8000     # every link of a running server
"""

from __future__ import annotations

import html
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import httpx

Get = Callable[[str], httpx.Response]
"""Asks for a path of the site, as a browser does."""

ACCEPT = {"accept": "text/html, */*;q=0.5"}
_LINK = re.compile(r'(?:href|src|action)="([^"]+)"')
_LOC = re.compile(r"<loc>([^<]+)</loc>")

_NOT_DOCUMENTS = ("/events", "/sparql?", "/api/", "/steward", "/update", "/static/")
"""A stream without an end, queries (which have tests of their own), pages behind a sign-in, and
files that keep one address for ever."""

_OF_THE_MOMENT = ("/check", "/sparql", "/status", "/healthz", "/readyz", "/metrics")
"""Made for one request, or true for one moment: they carry no tag."""


@dataclass
class Crawl:
    """What was met: links that lead nowhere, and answers without Vary or a tag."""

    asked: int = 0
    broken: list[tuple[int, str]] = field(default_factory=list)
    untagged: list[str] = field(default_factory=list)
    kinds: dict[tuple[str, ...], int] = field(default_factory=dict)


def crawl(get: Get, base: str, of_a_kind: int | None = None) -> Crawl:
    """Follow every link below `base`; of each kind (first part of the path, format, with or
    without parameters) at most `of_a_kind`."""
    done = Crawl()
    met: set[str] = set()
    pending: list[str] = []

    def meet(address: str) -> None:
        if address in met or address.startswith(_NOT_DOCUMENTS):
            return
        met.add(address)
        kind = _kind(address)
        done.kinds[kind] = done.kinds.get(kind, 0) + 1
        if of_a_kind is None or done.kinds[kind] <= of_a_kind:
            pending.append(address)

    meet("/")
    for address in _from_sitemap(get, base):
        meet(address)
    while pending:
        address = pending.pop()
        answer = get(address)
        done.asked += 1
        if answer.status_code not in (200, 301, 303, 307, 308):
            done.broken.append((answer.status_code, address))
        elif not _tagged(address, answer):
            done.untagged.append(address)
        for link in _links(answer):
            following = urljoin(f"{base}{urlsplit(address).path}", link).partition("#")[0]
            if following.startswith(f"{base}/"):
                meet(following.removeprefix(base))
    return done


def _links(answer: httpx.Response) -> Iterator[str]:
    if "location" in answer.headers:
        yield answer.headers["location"]
    if answer.headers.get("content-type", "").startswith("text/html"):
        yield from map(html.unescape, _LINK.findall(answer.text))


def _from_sitemap(get: Get, base: str) -> Iterator[str]:
    for part in _LOC.findall(get("/sitemap.xml").text):
        for address in _LOC.findall(get(part.removeprefix(base)).text):
            yield html.unescape(address).removeprefix(base)


def _kind(address: str) -> tuple[str, ...]:
    path, parameters, _ = address.partition("?")
    segment, _, rest = path[1:].partition("/")
    return (segment, rest.rpartition(".")[2] if "." in rest else "", parameters)


def _tagged(address: str, answer: httpx.Response) -> bool:
    if urlsplit(address).path in _OF_THE_MOMENT:
        return True
    return "etag" in answer.headers and "vary" in answer.headers


def main() -> None:
    """Print what is wrong with a running server; exit code 1 if anything is."""
    base = sys.argv[1].rstrip("/")
    with httpx.Client(base_url=base, headers=ACCEPT, timeout=60) as client:
        done = crawl(client.get, base)
    for status, address in done.broken:
        print(status, address)
    for address in done.untagged:
        print("no tag or no Vary:", address)
    print(f"{done.asked} addresses of {len(done.kinds)} kinds")
    sys.exit(1 if done.broken or done.untagged else 0)


if __name__ == "__main__":
    main()
