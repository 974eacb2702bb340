"""Who asks: a token, or else an address. Turns in the queue and query seconds are counted by it."""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from starlette.requests import Request

from app.publish.tokens import Token, Tokens
from app.settings import Settings
from app.store.base import Allowance


@dataclass(frozen=True, slots=True)
class Asker:
    """One client: its name in the queue and in logs, its token if it sent one, and what it may
    spend."""

    name: str
    token: Token | None
    allowance: Allowance
    longest_s: float


class Clients:
    """Knows clients by their tokens and addresses."""

    def __init__(self, settings: Settings) -> None:
        self.tokens = Tokens(settings.data_dir)
        self._burst = settings.query_burst_s / settings.query_budget_s
        self._anonymous = self._allowance(settings.query_budget_s)
        self._deadline = settings.query_timeout_s
        self._token_deadline = max(settings.query_token_timeout_s, settings.query_timeout_s)

    def asker(self, request: Request) -> Asker:
        """The client of a request. Raises TokenRequired for a token that is not known."""
        token = self.tokens.authenticate(request.headers.get("authorization"))
        if token is None:
            return Asker(address(request), None, self._anonymous, self._deadline)
        allowance = self._anonymous if token.budget_s is None else self._allowance(token.budget_s)
        return Asker(f"token:{token.id}", token, allowance, self._token_deadline)

    def _allowance(self, seconds_a_minute: float) -> Allowance:
        return Allowance(seconds_a_minute / 60, seconds_a_minute * self._burst)


def address(request: Request) -> str:
    """The client's address; of IPv6 the network, for one household has 2**64 addresses."""
    host = request.client.host if request.client is not None else ""
    if ":" not in host:
        return host
    try:
        parsed = ip_address(host.partition("%")[0])
    except ValueError:
        return host
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return f"{IPv6Address(int(parsed) >> 64 << 64)}/64"
