"""Scripts are loaded only where they are of use, and packed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Response

from tests.browser.conftest import Open
from tests.browser.kinds import KINDS

_KB = 1_000
_MAP_SCRIPT_BYTES = 150 * _KB
_SUGGESTIONS_BYTES = 2 * _KB
_CHART_SCRIPT_BYTES = 250 * _KB
_WORKSPACE_SCRIPT_BYTES = 200 * _KB


def _scripts(responses: list[Response]) -> int:
    return sum(
        int(reply.headers["content-length"]) for reply in responses if reply.url.endswith(".js")
    )


@pytest.mark.parametrize(
    ("kind", "least", "most"),
    [
        ("home", 1, _MAP_SCRIPT_BYTES),
        ("thing with a map", 1, _MAP_SCRIPT_BYTES),
        ("thing of few facts", 0, _SUGGESTIONS_BYTES),
        ("nothing there", 0, _SUGGESTIONS_BYTES),
        ("saved query with a chart", 1, _CHART_SCRIPT_BYTES),
        ("workspace", 1, _WORKSPACE_SCRIPT_BYTES),
    ],
)
def test_scripts_are_few_and_packed(open_site: Open, kind: str, least: int, most: int) -> None:
    watched = open_site()
    replies: list[Response] = []
    watched.page.on("response", lambda reply: replies.append(reply))
    watched.open(KINDS[kind])
    assert least <= _scripts(replies) <= most
