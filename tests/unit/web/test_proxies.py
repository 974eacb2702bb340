"""What proxies say of clients is believed from named proxies only."""

from __future__ import annotations

import asyncio

import pytest
from starlette.types import Message, Receive, Scope, Send

from app.web.proxies import TrustedProxies


def seen(peer: str, headers: dict[str, str], proxies: tuple[str, ...]) -> Scope:
    """The scope that the application gets."""
    met: list[Scope] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        met.append(scope)

    async def receive() -> Message:
        return {}

    async def send(message: Message) -> None:
        return None

    scope = {
        "type": "http",
        "scheme": "http",
        "client": (peer, 1234),
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
    }
    asyncio.run(TrustedProxies(app, proxies)(scope, receive, send))
    return met[0]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("10.0.0.1", "203.0.113.9", "203.0.113.9"),
        ("10.0.0.1", "1.1.1.1, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
        ("10.0.0.1", "nonsense", "10.0.0.1"),
        ("10.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("192.0.2.7", "203.0.113.9", "192.0.2.7"),
        ("unix", "203.0.113.9", "unix"),
    ],
)
def test_the_client_behind_named_proxies(peer: str, forwarded: str, client: str) -> None:
    scope = seen(peer, {"x-forwarded-for": forwarded}, ("10.0.0.0/8",))
    assert scope["client"][0] == client
    assert scope["headers"] == []


def test_the_scheme_is_taken_from_a_named_proxy_only() -> None:
    told = {"x-forwarded-proto": "https", "accept": "*/*"}
    assert seen("10.0.0.1", told, ("10.0.0.1",))["scheme"] == "https"
    stranger = seen("10.0.0.2", told, ("10.0.0.1",))
    assert stranger["scheme"] == "http"
    assert stranger["headers"] == [(b"accept", b"*/*")]
