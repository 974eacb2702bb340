"""Only listed servers are asked, and only on machines that anybody may ask."""

from __future__ import annotations

import pytest

from app.errors import SourceError, SourceNotFound
from app.publish.fetching.addresses import AllowList
from app.settings import load

PUBLIC = "203.0.114.7"


def allow_list(
    *hosts: str, networks: tuple[str, ...] = (), machines: tuple[str, ...] = (PUBLIC,)
) -> AllowList:
    settings = load(None, {}, fetch_hosts=hosts, fetch_networks=networks)
    return AllowList(settings, lambda _host, _port: machines)


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("data.example.jp", "https://data.example.jp/a.csv"),
        ("data.example.jp", "http://DATA.example.jp./a.csv"),
        ("*.lg.jp", "https://www.city.example.lg.jp/a.csv"),
        ("data.example.jp:8443", "https://data.example.jp:8443/a.csv"),
        ("*", "https://data.example.jp/a.csv"),
    ],
)
def test_listed_servers_are_asked(entry: str, url: str) -> None:
    assert allow_list(entry).check(url).machine == PUBLIC


@pytest.mark.parametrize(
    ("entry", "url"),
    [
        ("data.example.jp", "https://example.jp/a.csv"),
        ("data.example.jp", "https://data.example.jp.evil.test/a.csv"),
        ("data.example.jp", "https://evil.test/data.example.jp"),
        ("data.example.jp", "https://data.example.jp:8443/a.csv"),
        ("*.lg.jp", "https://lg.jp/a.csv"),
        ("*.lg.jp", "https://evillg.jp/a.csv"),
    ],
)
def test_other_servers_are_refused_with_the_setting_that_names_them(entry: str, url: str) -> None:
    with pytest.raises(SourceError, match="not on the list") as refused:
        allow_list(entry).check(url)
    assert "fetch_hosts" in str(refused.value)


def test_without_a_list_nothing_is_asked() -> None:
    with pytest.raises(SourceError, match="not on the list"):
        allow_list().check("https://data.example.jp/a.csv")


@pytest.mark.parametrize(
    "machine",
    [
        "127.0.0.1",
        "10.1.2.3",
        "192.168.0.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "::1",
        "fe80::1%eth0",
        "fd00::1",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "not an address",
    ],
)
def test_machines_that_are_not_public_are_not_asked(machine: str) -> None:
    with pytest.raises(SourceError, match="internal network"):
        allow_list("*", machines=(machine,)).check("http://data.example.jp/a.csv")


def test_a_named_network_may_be_asked() -> None:
    allowed = allow_list("*", networks=("10.1.0.0/16",), machines=("10.2.0.1", "10.1.0.9"))
    assert allowed.check("http://intra.example.jp/a.csv").machine == "10.1.0.9"


@pytest.mark.parametrize(
    "url",
    [
        "ftp://data.example.jp/a.csv",
        "file:///etc/passwd",
        "https:///a.csv",
        "https://data.example.jp:99999/a.csv",
        "https://data.example.jp\\@evil.test/",
        "https://data.example.jp/a b.csv",
    ],
)
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(SourceError, match="no http"):
        allow_list("*").check(url)


def test_names_and_passwords_are_refused_and_not_repeated() -> None:
    with pytest.raises(SourceError, match="name or password") as refused:
        allow_list("*").check("https://me:secret@data.example.jp/a.csv")
    assert "secret" not in str(refused.value)


def test_a_host_that_is_not_there_is_named() -> None:
    def nowhere(_host: str, _port: int) -> list[str]:
        raise OSError

    with pytest.raises(SourceNotFound, match="no server"):
        AllowList(load(None, {}, fetch_hosts=("*",)), nowhere).check(
            "https://data.example.jp/a.csv"
        )
