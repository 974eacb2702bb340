"""What proxies say of the client is believed only when the proxy is named in the settings.

`X-Forwarded-For` (the client's address, for limits and logs) and `X-Forwarded-Proto`. Links
and IRIs never depend on headers: they come from the base IRI.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import ip_address, ip_network
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

_FOR: Final = b"x-forwarded-for"
_PROTO: Final = b"x-forwarded-proto"
_FORWARDED: Final = frozenset({_FOR, _PROTO, b"x-forwarded-host", b"forwarded", b"x-real-ip"})


class TrustedProxies:
    """ASGI: the client's own address behind named proxies (addresses or networks); from anyone
    else such headers are taken away."""

    def __init__(self, app: ASGIApp, proxies: Sequence[str] = ()) -> None:
        self._app = app
        networks = tuple(ip_network(proxy, strict=False) for proxy in proxies)

        @lru_cache(maxsize=1024)
        def trusted(address: str) -> bool:
            try:
                parsed = ip_address(address)
            except ValueError:
                return False
            return any(parsed in network for network in networks)

        self._trusted = trusted

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on with the client's address in the scope."""
        if scope["type"] == "http" and any(name in _FORWARDED for name, _ in scope["headers"]):
            scope = self._read(scope)
        await self._app(scope, receive, send)

    def _read(self, scope: Scope) -> Scope:
        told = dict(scope["headers"])
        kept = [pair for pair in scope["headers"] if pair[0] not in _FORWARDED]
        client = scope.get("client")
        if client is None or not self._trusted(client[0]):
            return {**scope, "headers": kept}
        scheme = told.get(_PROTO, b"").decode("latin-1").strip().lower()
        return {
            **scope,
            "headers": kept,
            "client": (self._client(told.get(_FOR, b""), client[0]), client[1]),
            "scheme": scheme if scheme in ("http", "https") else scope["scheme"],
        }

    def _client(self, forwarded: bytes, nearest: str) -> str:
        """The last address in the list that is no trusted proxy: what stands before it was
        written by the client itself."""
        for address in reversed(forwarded.decode("latin-1").split(",")):
            candidate = address.strip().removeprefix("[").partition("]")[0]
            try:
                ip_address(candidate)
            except ValueError:
                return nearest
            if not self._trusted(candidate):
                return candidate
            nearest = candidate
        return nearest
