"""Pages made for one request are packed for whoever takes it, unless they may hold a secret."""

from __future__ import annotations

import pytest

from tests.web.client import Client

PAGE = {"accept": "text/html"}


@pytest.mark.parametrize("path", ["/sparql", "/status", "/doc/nothing/at-all", "/check"])
def test_a_page_made_anew_is_packed(client: Client, path: str) -> None:
    plain = client.get(path, headers={**PAGE, "accept-encoding": "identity"})
    packed = client.get(path, headers={**PAGE, "accept-encoding": "gzip"})
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert int(packed.headers["content-length"]) < len(plain.content)
    assert "Accept-Encoding" in packed.headers["vary"]
    assert "</html>" in packed.text


def test_a_page_for_somebody_signed_in_is_not_packed(client: Client) -> None:
    """Packing a secret together with words of the address gives the secret away (BREACH)."""
    headers = {**PAGE, "accept-encoding": "gzip", "cookie": "session=1"}
    assert "content-encoding" not in client.get("/sparql", headers=headers).headers
