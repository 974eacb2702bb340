"""Answers with their headers prepared as bytes: no per-request header building on hot paths."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Final
from urllib.parse import urlsplit

from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.errors import PreconditionFailed, Text
from app.web.coding import MIN_BYTES, Coding, coding

Headers = Sequence[tuple[bytes, bytes]]

EXPOSED: Final = (
    b"ETag, Link, Location, Content-Language, Content-Location, Last-Modified, Retry-After, "
    b"Content-Range, Accept-Ranges, Tsunagu-Result, Tsunagu-Release, Tsunagu-Query-Id"
)

STANDARD: Final[Headers] = (
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", EXPOSED),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (
        b"content-security-policy",
        b"default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
        b"object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'",
    ),
)
"""On every answer. CSP: https://www.w3.org/TR/CSP3/ ; a page asks no other server."""

_IMAGES: Final = b"img-src 'self' data:"
_FRAMES: Final = b"frame-ancestors 'self'"

FRAMED_BY: Final = "tsunagu.framed_by"
"""Key of a request's scope: the frame-ancestors of a page that other sites may show in a frame."""


def image_origins(tiles: str, listed: Sequence[str] = ()) -> bytes:
    """The origin of map tiles, and those that are listed, as sources of images in the policy."""
    address = urlsplit(tiles)
    origins = [*listed, *([f"{address.scheme}://{address.netloc}"] if address.netloc else [])]
    return "".join(f" {origin}" for origin in origins).encode("ascii")


VARY: Final = (b"vary", b"Accept, Accept-Language, Accept-Encoding")
"""What decides the bytes of a negotiated answer."""

CACHED: Final = (b"cache-control", b"public, max-age=60, stale-while-revalidate=600")
"""A release is replaced at any time: look again after a minute, show the old one meanwhile."""

_PREFLIGHT: Final[Headers] = (
    (
        b"access-control-allow-headers",
        b"Accept, Accept-Language, Authorization, Content-Type, If-Match, If-Modified-Since, "
        b"If-None-Match, If-Range, If-Unmodified-Since, Last-Event-ID, Range, X-Requested-With",
    ),
    (b"access-control-max-age", b"86400"),
)
_METHODS: Final = ("GET", "HEAD", "PUT", "POST", "DELETE")
"""Those that routes take, in the order in which they are told."""


class Reply(Response):
    """A whole answer: body, status and headers as given, plus Content-Length. HEAD sends the
    same headers and no body."""

    def __init__(self, body: bytes, status: int, headers: Headers) -> None:
        self.status_code = status
        self.body = body
        self.background = None
        self.raw_headers = list(headers)
        if status not in (204, 304):
            self.raw_headers.append((b"content-length", str(len(body)).encode()))

    async def __call__(
        self,
        scope: Scope,
        receive: Receive,  # noqa: ARG002 - part of the ASGI signature
        send: Send,
    ) -> None:
        """Send it."""
        if scope["method"] == "HEAD":
            await send_head(self.status_code, self.raw_headers, send)
            return
        await send(
            {
                "type": "http.response.start",
                "status": self.status_code,
                "headers": self.raw_headers,
            }
        )
        await send({"type": "http.response.body", "body": self.body})


_MOST_PACKED_AT_ONCE: Final = 256 << 10  # bytes; about 5 ms, in which nobody else is answered


class FreshReply(Reply):
    """An answer made for one request, packed while it is sent. It has no entity tag, which would
    have to name the coding. Whoever is signed in gets it as it is: a page that holds a secret
    beside words of the address must not be packed (https://breachattack.com/)."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        asked = dict(scope["headers"])
        packing = coding(asked.get(b"accept-encoding", b"").decode("latin-1"))
        if (
            packing is not Coding.IDENTITY
            and MIN_BYTES <= len(self.body) <= _MOST_PACKED_AT_ONCE
            and b"cookie" not in asked
        ):
            self.body = packing.pack(bytes(self.body))
            self.raw_headers = [
                *((name, value) for name, value in self.raw_headers if name != b"content-length"),
                (b"content-encoding", packing.value.encode()),
                (b"content-length", str(len(self.body)).encode()),
            ]
        await super().__call__(scope, receive, send)


async def send_head(status: int, headers: Headers, send: Send) -> None:
    """Status and headers alone: the answer to HEAD."""
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": b""})


class StandardHeaders:
    """ASGI: adds the standard headers to every answer and answers OPTIONS with the methods of
    the route; where there is none, the application says so.

    With a base IRI that has a path (`https://example.jp/lod`), requests that carry the path
    (no proxy took it off) are answered too.
    """

    def __init__(
        self,
        app: ASGIApp,
        root: str = "",
        routes: Sequence[BaseRoute] = (),
        images: bytes = b"",
    ):
        self._app = app
        self._root = root
        self._headers = standard_headers(images)
        self._routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer or pass on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = without_root(scope, self._root)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                framed_by = scope.get(FRAMED_BY)
                standard = self._headers if framed_by is None else self._framed(framed_by)
                message["headers"] = [*message["headers"], *standard]
            await send(message)

        if scope["method"] == "OPTIONS":
            allowed = self._allowed(scope)
            if allowed:
                told = ((b"allow", allowed), (b"access-control-allow-methods", allowed))
                await Reply(b"", 204, (*told, *_PREFLIGHT))(scope, receive, send_with_headers)
                return
        await self._app(scope, receive, send_with_headers)

    def _allowed(self, scope: Scope) -> bytes:
        """The methods of an address; of `*` (RFC 9110, section 9.3.7) those of all."""
        taken: set[str] = set()
        for route in self._routes:
            if isinstance(route, Route) and route.methods:
                if scope["path"] == "*":
                    taken |= route.methods
                elif route.matches(scope)[0] is not Match.NONE:
                    taken = route.methods
                    break
        known = [method for method in _METHODS if method in taken]
        return ", ".join((*known, "OPTIONS")).encode() if known else b""

    def _framed(self, ancestors: bytes) -> Headers:
        """The headers of a page that other sites may show in a frame."""
        return tuple((name, value.replace(_FRAMES, ancestors)) for name, value in self._headers)


def standard_headers(images: bytes = b"") -> Headers:
    """Those of every answer, with further sources of images (`image_origins`)."""
    return tuple((name, value.replace(_IMAGES, _IMAGES + images)) for name, value in STANDARD)


def without_root(scope: Scope, root: str) -> Scope:
    """A request whose path does not begin with the root, the path of the base IRI."""
    if not root or not scope["path"].startswith(root + "/"):
        return scope
    raw = scope.get("raw_path") or scope["path"].encode()
    return {**scope, "path": scope["path"][len(root) :], "raw_path": raw[len(root.encode()) :]}


def http_date(moment: datetime) -> bytes:
    """An HTTP date (RFC 9110, section 5.6.7)."""
    return format_datetime(moment.astimezone(UTC).replace(microsecond=0), usegmt=True).encode()


def not_modified_since(header: str | None, moment: datetime) -> bool:
    """Whether If-Modified-Since is at or after a moment; False for a date that is none."""
    since = _moment(header)
    return since is not None and moment.replace(microsecond=0) <= since


def _moment(header: str | None) -> datetime | None:
    """An HTTP date; None for what is none, which is ignored (RFC 9110, section 13.1.3)."""
    if not header or len(header) > 64:
        return None
    try:
        moment = parsedate_to_datetime(header)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None


def check_conditions(said: Mapping[str, str], etag: str, modified: datetime) -> None:
    """If-Match and If-Unmodified-Since of a request for a representation, which come before all
    other conditions (RFC 9110, section 13.2.2). Raises PreconditionFailed."""
    if_match, since = said.get("if-match"), said.get("if-unmodified-since")
    if if_match is not None:
        # The strong comparison: a weak tag matches nothing (section 13.1.1).
        tags = [tag.strip() for tag in if_match[:4096].split(",")]
        failed = "*" not in tags and etag not in tags
    else:
        moment = _moment(since)
        failed = moment is not None and modified.replace(microsecond=0) > moment
    if failed:
        raise PreconditionFailed(
            Text(
                ja="この文書は、お持ちの版から変わっています。",
                en="This document is another than the one you have.",
            ),
            hint=Text(
                ja="If-Match、If-Unmodified-Since を付けずに取得し直してください。",
                en="Fetch it again without If-Match and If-Unmodified-Since.",
            ),
        )


def matches(if_none_match: str | None, etag: str) -> bool:
    """Whether If-None-Match names this tag (weak comparison; RFC 9110, section 13.1.2)."""
    if not if_none_match:
        return False
    return any(tag.strip().removeprefix("W/") == etag for tag in if_none_match[:4096].split(","))
