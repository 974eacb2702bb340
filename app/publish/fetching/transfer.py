"""One request for a table over http(s): bounded in time, in size and in redirects.

Every hop is looked at anew (`addresses`), and the connection goes to the machine that was looked
at: the request names it by number, the host by the Host header and, with TLS, by the name that
the certificate must carry.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urljoin, urlsplit

import httpx

from app import __version__
from app.errors import Place, SourceError, SourceNotFound, SourceTooLarge, Text
from app.publish.fetching.addresses import AllowList, Target
from app.publish.file_names import safe_name, suffix_of
from app.settings import Settings

_MOST_REDIRECTS: Final = 5
_SILENCE_S: Final = 20.0
"""A server that sends nothing for so long has hung up, whatever the limit of the whole."""

_KINDS: Final = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": ".ods",
    "application/zip": ".zip",
    "application/json": ".json",
    "application/geo+json": ".geojson",
}


@dataclass(frozen=True, slots=True)
class Validators:
    """What a server said of the copy that is kept (RFC 9110, section 8.8)."""

    etag: str = ""
    last_modified: str = ""

    @property
    def headers(self) -> dict[str, str]:
        """The headers that ask only for what has changed."""
        named = {"if-none-match": self.etag, "if-modified-since": self.last_modified}
        return {name: value for name, value in named.items() if value}


@dataclass(frozen=True, slots=True)
class Received:
    """A table that came. `name` is a file name made safe; `address` where it was in the end."""

    name: str
    address: str
    bytes: int
    validators: Validators


def receive(
    url: str, into: Path, settings: Settings, known: Validators, allowed: AllowList
) -> Received | None:
    """Write what lies at an address into a file; None when it has not changed since `known`.

    Raises SourceError for addresses that may not be asked and answers that are none,
    SourceNotFound, SourceTooLarge.
    """
    deadline = time.monotonic() + settings.fetch_timeout_s
    silence = min(_SILENCE_S, settings.fetch_timeout_s)
    # The environment's proxies would resolve the name themselves.
    with httpx.Client(trust_env=False, timeout=silence) as client, _told(url, settings):
        here = url
        for _ in range(_MOST_REDIRECTS + 1):
            target = allowed.check(here)
            request = _request(client, target, known)
            response = client.send(request, stream=True)
            try:
                if response.status_code == httpx.codes.NOT_MODIFIED:
                    return None
                if response.has_redirect_location:
                    here = _next(here, response)
                    continue
                if response.status_code != httpx.codes.OK:
                    raise _refused(url, response.status_code)
                size = _write(response, into, url, settings, deadline)
                return Received(_name(here, response), here, size, _validators(response))
            finally:
                response.close()
    raise SourceError(
        Text("転送が多すぎます。", "there are too many redirects."),
        place=Place(url),
        hint=Text("最後のアドレスを書いてください。", "Write the last address."),
    )


def _request(client: httpx.Client, target: Target, known: Validators) -> httpx.Request:
    address = httpx.URL(target.url)
    machine = address.copy_with(host=target.machine, fragment=None)
    headers = {
        "host": address.netloc.decode("ascii"),
        "user-agent": f"Tsunagu/{__version__}",
        "accept": "text/csv, */*;q=0.5",
        "accept-encoding": "gzip",
        **known.headers,
    }
    return client.build_request(
        "GET", machine, headers=headers, extensions={"sni_hostname": target.host}
    )


def _next(here: str, response: httpx.Response) -> str:
    there = urljoin(here, response.headers["location"])
    if here.startswith("https:") and there.startswith("http:"):
        raise SourceError(
            Text(
                "https のアドレスから http へ転送されました。",
                "an https address redirects to http.",
            ),
            place=Place(here),
            hint=Text(
                "中身を途中で変えられるので取りません。サーバーの管理者に知らせてください。",
                "It could be changed on the way, and is not fetched. Tell the server's operator.",
            ),
        )
    return there


def _write(
    response: httpx.Response, into: Path, url: str, settings: Settings, deadline: float
) -> int:
    most, size = settings.fetch_bytes, 0
    stated = response.headers.get("content-length", "")
    if stated.isascii() and stated.isdigit() and int(stated) > most:
        raise _too_large(url, most)
    with into.open("wb") as file:
        for chunk in response.iter_bytes():
            size += len(chunk)
            if size > most:
                raise _too_large(url, most)
            if time.monotonic() > deadline:
                raise _too_slow(url, settings)
            file.write(chunk)
    return size


def _name(address: str, response: httpx.Response) -> str:
    """The name of the file: as the address ends, else as the server names it, else by kind."""
    stated = Message()
    stated["content-disposition"] = response.headers.get("content-disposition", "")
    names = (unquote(urlsplit(address).path).rsplit("/", 1)[-1], stated.get_filename() or "")
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    best = next((name for name in names if suffix_of(name)), names[0])
    return safe_name(best, _KINDS.get(media_type, ".csv"))


def _validators(response: httpx.Response) -> Validators:
    headers = response.headers
    return Validators(headers.get("etag", "")[:1024], headers.get("last-modified", "")[:128])


@contextmanager
def _told(url: str, settings: Settings) -> Iterator[None]:
    """The errors of the client as ours."""
    try:
        yield
    except httpx.TimeoutException as error:
        raise _too_slow(url, settings) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise SourceNotFound(
            Text(f"取得できませんでした: {error}", f"it could not be fetched: {error}"),
            place=Place(url),
            hint=Text(
                "ブラウザーで開けるか確かめ、後でもう一度試してください。",
                "See whether a browser can open it, and try again later.",
            ),
        ) from error


def _refused(url: str, status: int) -> SourceError:
    kind = SourceNotFound if status in (404, 410) else SourceError
    return kind(
        Text(
            f"サーバーが {status} と答えました（表がありません）。",
            f"the server answered {status} instead of a table.",
        ),
        place=Place(url),
        hint=Text(
            "アドレスが変わったかもしれません。掲載ページで確かめてください。",
            "The address may have moved: look at the page that links to it.",
        ),
    )


def _too_large(url: str, most: int) -> SourceTooLarge:
    return SourceTooLarge(
        Text(
            f"表が大きすぎます（上限 {most:,} バイト）。",
            f"the table is too large (at most {most:,} bytes).",
        ),
        place=Place(url),
        hint=Text(
            "運用者は設定 fetch_bytes で上限を変えられます。",
            "The operator can change the setting fetch_bytes.",
        ),
    )


def _too_slow(url: str, settings: Settings) -> SourceNotFound:
    seconds = settings.fetch_timeout_s
    return SourceNotFound(
        Text(
            f"{seconds:g} 秒以内に受け取れませんでした。",
            f"it did not arrive within {seconds:g} seconds.",
        ),
        place=Place(url),
        hint=Text(
            "後でもう一度試してください。運用者は設定 fetch_timeout_s で時間を変えられます。",
            "Try again later; the operator can change the setting fetch_timeout_s.",
        ),
    )
