"""A server with a workbench over folders of its own, and a steward who fills in its forms."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from typing import Any

import httpx

from app import bootstrap
from app.publish.tokens import Role, Tokens
from app.publish.workbench.bench import Workbench
from app.settings import Settings, load
from app.web.app import build_app
from app.web.parts import WebParts
from tests.web.client import Client
from tests.web.fakes import parts

BASE = "http://lod.test"
VOCABULARY = Path(__file__).parents[2] / "vocab"
LIMIT = 2_000_000
_STARTS_WITHIN_S = 60.0


def settings_in(folder: Path) -> Settings:
    """Settings with all folders inside one."""
    return load(
        None,
        {},
        base_iri=BASE,
        data_dir=folder / "data",
        mappings_dir=folder / "mappings",
        vocab_dir=VOCABULARY,
        upload_bytes=LIMIT,
    )


def workbench_parts(settings: Settings) -> WebParts:
    """Parts over these folders; SPARQL is not asked here, so queries need no processes."""
    real = bootstrap.web_parts(settings)
    return replace(real, queries=parts().queries)


@dataclass
class Steward:
    """Someone in a browser: keeps the cookie, sends the key of the page's form and the origin."""

    client: Client
    cookies: dict[str, str] = field(default_factory=dict)
    key: str = ""
    text: str = ""

    def get(self, address: str) -> httpx.Response:
        """Open a page."""
        return self._seen(self.client.get(address, headers=self._headers()))

    def post(self, address: str, **options: Any) -> httpx.Response:
        """Send the form of the page that is open."""
        options["data"] = {"key": self.key, **options.get("data", {})}
        headers = {**self._headers(), "origin": BASE, **options.pop("headers", {})}
        return self._seen(self.client.post(address, headers=headers, **options))

    def follow(self, answer: httpx.Response) -> httpx.Response:
        """Open the page that an answer leads to."""
        assert answer.status_code == 303, (answer.status_code, answer.text[-2000:])
        return self.get(answer.headers["location"])

    def sign_in(self, secret: str) -> httpx.Response:
        """Sign in with a token."""
        return self.post("/steward/sign-in", data={"token": secret})

    def done(self, answer: httpx.Response) -> httpx.Response:
        """Wait at the page of a job until it has ended."""
        until = time.monotonic() + _STARTS_WITHIN_S
        page = self.follow(answer)
        while "refresh" in page.headers:
            assert time.monotonic() < until, "the job does not end"
            time.sleep(0.1)
            page = self.get(answer.headers["location"])
        return page

    def _headers(self) -> dict[str, str]:
        headers = {"accept": "text/html", "accept-language": "ja"}
        if self.cookies:
            headers["cookie"] = "; ".join(f"{n}={v}" for n, v in self.cookies.items())
        return headers

    def _seen(self, answer: httpx.Response) -> httpx.Response:
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.partition(";")[0].partition("=")
            self.cookies[name] = value
        found = re.search(r'name="key" value="([0-9a-f]+)"', answer.text)
        if found:
            self.key = found[1]
        self.text = unescape(answer.text)
        return answer


def token(settings: Settings, role: Role, *datasets: str) -> str:
    """A token's secret."""
    graphs = [f"{BASE}/graphs/{dataset}" for dataset in datasets]
    return Tokens(settings.data_dir).add(role, graphs=graphs, note=str(role))[1]


def files_below(folder: Path) -> set[str]:
    """All files under a folder, without sessions and log."""
    left_out = ("sessions", "audit", "tokens", "lock")
    return {
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if path.is_file() and not any(word in str(path.relative_to(folder)) for word in left_out)
    }


__all__ = ["Client", "Steward", "Workbench", "build_app"]
