"""Which addresses may be asked for a table, and which machines they may lead to.

An address is written by whoever writes a description; the request is made from inside the
operator's network. So the host must be on the operator's list (`fetch_hosts`), and the machine
that its name stands for must be a public one, or in a network that the operator names
(`fetch_networks`). The connection is made to the very address that was looked at: a name that
changes its meaning between the look and the request gains nothing.
"""

from __future__ import annotations

import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

from app.errors import Place, SourceError, SourceNotFound, Text
from app.settings import Settings

Resolve = Callable[[str, int], Sequence[str]]
"""The addresses of a host, as text."""

_SCHEMES: Final = {"http": 80, "https": 443}
_NAT64: Final = ip_network("64:ff9b::/96")


def is_remote(path: str) -> bool:
    """Whether a source is an address rather than a file."""
    return path.lower().startswith(("http://", "https://"))


@dataclass(frozen=True, slots=True)
class Target:
    """An address that may be asked for, and the machine to ask."""

    url: str
    scheme: str
    host: str
    port: int
    machine: str


class AllowList:
    """The operator's rules."""

    def __init__(self, settings: Settings, resolve: Resolve | None = None) -> None:
        self._hosts = settings.fetch_hosts
        self._networks = tuple(ip_network(n, strict=False) for n in settings.fetch_networks)
        self._resolve = resolve or _look_up

    def check(self, url: str) -> Target:
        """The machine to ask for an address. Raises SourceError when it may not be asked for,
        SourceNotFound when there is no such host."""
        parts, port = _split(url)
        host = (parts.hostname or "").rstrip(".").lower()
        if not self._is_listed(host, port, parts.scheme):
            raise _not_listed(url, host if port == _SCHEMES[parts.scheme] else f"{host}:{port}")
        try:
            machines = self._resolve(host, port)
        except OSError as error:
            raise SourceNotFound(
                Text(f"サーバー {host} が見つかりません。", f"there is no server {host}."),
                place=Place(url),
                hint=Text("アドレスの綴りを確かめてください。", "Check how the address is spelt."),
            ) from error
        for machine in machines:
            if self._is_open(machine):
                return Target(url, parts.scheme, host, port, machine)
        raise SourceError(
            Text(
                f"{host} は内部ネットワークのサーバーなので、取りに行きません。",
                f"{host} is a machine of an internal network, which is not asked.",
            ),
            place=Place(url),
            hint=Text(
                "取ってよい場合は、運用者が設定 fetch_networks にそのネットワークを加えてください。",
                "If it may be, the operator adds its network to the setting fetch_networks.",
            ),
        )

    def _is_listed(self, host: str, port: int, scheme: str) -> bool:
        for entry in self._hosts:
            name, _, wanted = entry.lower().partition(":")
            if port != (int(wanted) if wanted else _SCHEMES[scheme]):
                continue
            if name in ("*", host) or (name.startswith("*.") and host.endswith(name[1:])):
                return True
        return False

    def _is_open(self, machine: str) -> bool:
        try:
            address = ip_address(machine.partition("%")[0])
        except ValueError:
            return False
        address = _inner(address)
        if any(address in network for network in self._networks):
            return True
        return address.is_global and not address.is_multicast


def _split(url: str) -> tuple[SplitResult, int]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _not_an_address(url) from None
    odd = any(c.isspace() or not c.isprintable() for c in url) or "\\" in url
    if parts.scheme not in _SCHEMES or not parts.hostname or odd:
        raise _not_an_address(url)
    if parts.username is not None or parts.password is not None:
        raise SourceError(
            Text(
                "アドレスに利用者名やパスワードは書けません。",
                "an address must not hold a name or password.",
            ),
            place=Place(f"{parts.scheme}://…@{parts.hostname}"),
            hint=Text(
                "だれでも取れるアドレスを書いてください。", "Give one that anybody can fetch."
            ),
        )
    return parts, port or _SCHEMES[parts.scheme]


def _inner(address: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, if it does."""
    if isinstance(address, IPv4Address):
        return address
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or address


def _look_up(host: str, port: int) -> list[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _not_listed(url: str, host: str) -> SourceError:
    return SourceError(
        Text(
            f"{host} は、表を取りに行ってよいサーバーの一覧にありません。",
            f"{host} is not on the list of servers that tables may be fetched from.",
        ),
        place=Place(url),
        hint=Text(
            f'運用者が設定 fetch_hosts に "{host}" を加えるか、表をフォルダーに置いてください。',
            f'The operator adds "{host}" to the setting fetch_hosts, or put the table into the '
            "folder.",
        ),
    )


def _not_an_address(url: str) -> SourceError:
    return SourceError(
        Text("http(s) のアドレスとして読めません。", "this is no http(s) address."),
        place=Place(url[:200]),
        hint=Text(
            "https:// で始まるアドレスをそのまま書いてください。",
            "Write it as it stands in the browser, from https:// on.",
        ),
    )
