"""Tables of other servers are kept, asked for again only when they changed, and bounded."""

from __future__ import annotations

import gzip
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.errors import SourceError, SourceNotFound, SourceTooLarge
from app.publish.fetching.copies import Copies
from app.settings import load
from tests.loopback import Answer, Loopback, serving

TABLE = "名称,住所\n駅,高松市\n".encode()


@pytest.fixture
def server() -> Iterator[Loopback]:
    with serving(lambda _path, _headers: Answer((TABLE,))) as opened:
        yield opened


def copies(tmp_path: Path, server: Loopback, **more: object) -> Copies:
    named = {"fetch_hosts": (server.host,), "fetch_networks": ("127.0.0.0/8",), **more}
    return Copies(load(None, {}, data_dir=tmp_path / "data", **named))


def test_a_table_is_fetched_once_and_kept(tmp_path: Path, server: Loopback) -> None:
    kept = copies(tmp_path, server)
    url = f"{server.base}/open/%E9%A7%85.csv"
    assert kept.known(url) is None
    file = kept.file(url)
    assert (file.name, file.read_bytes()) == ("駅.csv", TABLE)
    assert kept.file(url) == file
    assert len(server.asked) == 1


def test_what_did_not_change_is_not_sent_again(tmp_path: Path, server: Loopback) -> None:
    validators = {"etag": '"one"', "last-modified": "Sat, 01 Nov 2025 00:00:00 GMT"}

    def answer(_path: str, headers: object) -> Answer:
        assert isinstance(headers, dict)
        if headers.get("if-none-match") == '"one"':
            return Answer(status=304)
        return Answer((TABLE,), headers=validators)

    server.answer = answer
    kept = copies(tmp_path, server)
    first = kept.refresh(f"{server.base}/a.csv")
    second = kept.refresh(f"{server.base}/a.csv")
    assert server.asked[1][1]["if-modified-since"] == validators["last-modified"]
    assert (second.sha256, second.fetched) == (first.sha256, first.fetched)
    assert second.checked > first.checked


def test_a_changed_table_takes_the_place_of_the_old_one(tmp_path: Path, server: Loopback) -> None:
    kept = copies(tmp_path, server)
    url = f"{server.base}/a.csv"
    for number in range(4):
        table = TABLE + f"{number},町\n".encode()
        server.answer = lambda _path, _headers, table=table: Answer((table,))  # type: ignore[misc] # bound early
        kept.refresh(url)
        assert kept.file(url).read_bytes() == table
    assert len(list((tmp_path / "data").rglob("a.csv"))) == 2  # the last but one may be being read


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        (Answer(status=404), SourceNotFound, "404"),
        (Answer(status=500), SourceError, "500"),
        (Answer((b"<!DOCTYPE html><p>sorry",)), SourceError, "web page"),
        (Answer(()), SourceError, "empty"),
        (Answer((b"\x00\x01\x02\x03" * 500,)), SourceError, "binary"),
        (Answer((b"a,b\n" * 2000,)), SourceTooLarge, "too large"),
        (Answer((), headers={"content-length": "999999999999"}), SourceTooLarge, "too large"),
        (Answer((b"a",), headers={"content-length": "50"}), SourceNotFound, "could not be fetched"),
        (Answer(status=302, headers={"location": "/a.csv"}), SourceError, "redirects"),
        (Answer(status=302, headers={"location": "http://a.test/"}), SourceError, "not on the"),
        (Answer(status=302, headers={"location": "file:///etc/passwd"}), SourceError, "no http"),
    ],
)
def test_a_bad_answer_is_told_and_the_old_copy_stays(
    tmp_path: Path, server: Loopback, answer: Answer, error: type[SourceError], words: str
) -> None:
    kept = copies(tmp_path, server, fetch_bytes=4096)
    url = f"{server.base}/a.csv"
    server.answer = lambda _path, _headers: answer
    with pytest.raises(error, match=words):
        kept.refresh(url)
    assert not list((tmp_path / "data" / "sources").iterdir())
    server.answer = lambda _path, _headers: Answer((TABLE,))
    before = kept.refresh(url)
    server.answer = lambda _path, _headers: answer
    with pytest.raises(error, match=words):
        kept.refresh(url)
    assert kept.known(url) == before
    assert kept.file(url).read_bytes() == TABLE


def test_packed_answers_are_bounded_by_what_they_unpack_to(
    tmp_path: Path, server: Loopback
) -> None:
    bomb = gzip.compress(b"a,b\n" * 1_000_000)
    headers = {"content-encoding": "gzip"}
    server.answer = lambda _path, _headers: Answer((bomb,), headers=headers)
    with pytest.raises(SourceTooLarge):
        copies(tmp_path, server, fetch_bytes=100_000).refresh(f"{server.base}/a.csv")


def test_a_server_that_never_ends_is_left(tmp_path: Path, server: Loopback) -> None:
    never = threading.Event()
    server.answer = lambda _path, _headers: Answer((b"a,b\n",) * 100, wait=never)
    with pytest.raises(SourceNotFound, match="within"):
        copies(tmp_path, server, fetch_timeout_s=0.2).refresh(f"{server.base}/a.csv")
    never.set()


def test_redirects_within_the_list_are_followed(tmp_path: Path, server: Loopback) -> None:
    def answer(path: str, _headers: object) -> Answer:
        if path == "/latest":
            return Answer(status=301, headers={"location": "/2025/aed.csv?v=2#top"})
        return Answer((TABLE,))

    server.answer = answer
    copy = copies(tmp_path, server).refresh(f"{server.base}/latest")
    assert copy.name == "aed.csv"
    assert server.asked[-1][0] == "/2025/aed.csv?v=2"


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ({"content-type": "text/csv; charset=Shift_JIS"}, "download.csv"),
        ({"content-disposition": "attachment; filename*=UTF-8''%E8%A1%A8.xlsx"}, "表.xlsx"),
        ({"content-disposition": 'attachment; filename="../../x.csv"'}, "x.csv"),
        ({"content-type": "application/geo+json"}, "download.geojson"),
    ],
)
def test_the_kind_of_table_is_told_by_the_server(
    tmp_path: Path, server: Loopback, headers: dict[str, str], name: str
) -> None:
    server.answer = lambda _path, _headers: Answer((b"PK\x03\x04 as good as",), headers=headers)
    assert copies(tmp_path, server).refresh(f"{server.base}/download?id=1").name == name


def test_the_connection_goes_to_the_machine_that_was_looked_at(
    tmp_path: Path, server: Loopback
) -> None:
    settings = load(
        None,
        {},
        data_dir=tmp_path,
        fetch_hosts=(f"data.example.jp:{server.port}",),
        fetch_networks=("127.0.0.0/8",),
    )
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    Copies(settings, resolve).refresh(f"http://data.example.jp:{server.port}/a.csv")
    assert server.asked[0][1]["host"] == f"data.example.jp:{server.port}"
    assert set(asked) == {"data.example.jp"}


def test_nothing_is_written_for_a_server_outside_the_list(tmp_path: Path, server: Loopback) -> None:
    kept = Copies(load(None, {}, data_dir=tmp_path / "data"))
    with pytest.raises(SourceError, match="not on the list"):
        kept.file(f"{server.base}/a.csv")
    assert not (tmp_path / "data").exists()
    assert not server.asked
