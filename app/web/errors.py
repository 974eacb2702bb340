"""How every error becomes an HTTP answer: one table, one body in three forms.

The body follows RFC 9457 (problem details): `type`, `title`, `status`, `detail`, and the
members of `TsunaguError.to_json`. A browser gets the same as a page, a terminal as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

import orjson
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app import errors
from app.errors import Language, Text, TsunaguError
from app.rdf.formats import Formats
from app.web.negotiation import negotiate, page_language
from app.web.refusals import Alternative, Near, NoneAcceptable, UnknownThing
from app.web.rendering import Site
from app.web.replies import STANDARD, VARY, FreshReply, Headers, Reply

STATUS: Final[Mapping[type[TsunaguError], int]] = {
    errors.TsunaguError: 500,
    errors.UsageError: 400,
    errors.SettingsError: 500,
    errors.DatasetError: 500,
    errors.DatasetNotFound: 404,
    errors.MappingError: 422,
    errors.MappingSyntaxError: 422,
    errors.MappingReferenceError: 422,
    errors.SourceError: 422,
    errors.SourceNotFound: 404,
    errors.SourceEmpty: 422,
    errors.SourceEncodingError: 422,
    errors.SourceTooLarge: 413,
    errors.DataRejected: 422,
    errors.StoreError: 500,
    errors.ReleaseNotFound: 503,
    errors.ReleaseCorrupt: 500,
    errors.PublishInProgress: 409,
    errors.DiskFull: 507,
    errors.QueryError: 400,
    errors.QuerySyntaxError: 400,
    errors.QueryRefused: 400,
    errors.QueryTooLarge: 413,
    # Not 413, which is about what a client sends.
    errors.AnswerTooLarge: 422,
    # Both without Retry-After: a client that tries again by itself would only get here again.
    errors.QueryTimeout: 503,
    errors.QueryMemory: 503,
    errors.QueryOverload: 503,
    errors.QueryBudgetSpent: 429,
    errors.RequestError: 400,
    errors.NotAcceptable: 406,
    errors.EntityNotFound: 404,
    errors.EntityGone: 410,
    errors.PageNotFound: 404,
    errors.GraphNotFound: 404,
    errors.AccessDenied: 403,
    errors.TokenRequired: 401,
    errors.RightMissing: 403,
    errors.PreconditionFailed: 412,
    errors.RangeNotSatisfiable: 416,
    errors.MethodNotAllowed: 405,
    errors.UnsupportedMediaType: 415,
    errors.BadRequest: 400,
}
"""Every class of `app.errors`; a test fails when one is missing."""

_RETRY_AFTER: Final[Mapping[type[TsunaguError], int]] = {
    errors.ReleaseNotFound: 5,
    errors.QueryOverload: 2,
    errors.PublishInProgress: 10,
}

_KEEPABLE: Final = frozenset({400, 404, 406, 410})
"""Errors that depend on nothing but the address and the formats that are accepted. What depends
on who asks (401, 403, 429) must not be given to another by a cache."""

_LINKS: Final = 3_000
"""Characters of a Link header: with a long query in every address it would not pass proxies. The
body has them all the same."""

_BODIES: Final = (Formats.PROBLEM.value, Formats.HTML.value, Formats.TEXT.value)

_INTERNAL: Final = Text(
    ja="サーバー内部で予期しない誤りが起きました。記録を残しました。",
    en="Something unexpected went wrong inside the server. It has been logged.",
)


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What the error template shows."""

    status: int
    code: str
    sentence: str
    hint: str | None
    place: str | None
    alternatives: tuple[Alternative, ...]
    near: tuple[Near, ...] = ()


def status_of(error: TsunaguError) -> int:
    """The HTTP status of an error: that of its class or its nearest base class."""
    return next(STATUS[c] for c in type(error).__mro__ if c in STATUS)


class ErrorReplies:
    """Makes the answer to an error in the form that the client takes."""

    def __init__(self, site: Site) -> None:
        self._site = site

    async def tsunagu(self, request: Request, error: Exception) -> Response:
        """For errors of this program."""
        assert isinstance(error, TsunaguError)
        return self.reply(request, error)

    async def http(self, request: Request, error: Exception) -> Response:
        """For errors of the framework: no such route, method not allowed."""
        assert isinstance(error, HTTPException)
        if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            allowed = (error.headers or {}).get("Allow", "")
            ours: TsunaguError = errors.MethodNotAllowed(
                Text(
                    ja=f"このアドレスは {request.method} を受け付けません。",
                    en=f"This address does not take {request.method}.",
                ),
                hint=Text(ja=f"使えるのは {allowed} です。", en=f"It takes {allowed}."),
            )
            return self.reply(request, ours, ((b"allow", allowed.encode("latin-1")),))
        if error.status_code == HTTPStatus.NOT_FOUND:
            ours = errors.PageNotFound(
                Text(ja="このアドレスには何もありません。", en="There is nothing at this address."),
                hint=Text(ja="ホームから探してください。", en="Start from the home page."),
            )
        else:
            ours = errors.BadRequest(
                Text(ja="要求を読み取れません。", en="The request cannot be read.")
            )
        return self.reply(request, ours)

    async def internal(self, request: Request, _error: Exception) -> Response:
        """For everything else: says nothing of the inside; the server logs the trace."""
        return self.reply(request, TsunaguError(_INTERNAL), STANDARD)

    def reply(self, request: Request, error: TsunaguError, extra: Headers = ()) -> Reply:
        """The answer to an error."""
        status = status_of(error)
        if isinstance(error, NoneAcceptable):
            error = error.of(request.url.query)
        alternatives = error.alternatives if isinstance(error, NoneAcceptable) else ()
        spoken = self._language(request)
        try:
            chosen = negotiate(request.headers.get("accept", ""), _BODIES) or _BODIES[0]
        except errors.BadRequest:
            chosen = _BODIES[0]
        if chosen is Formats.HTML.value:
            body = self._page(request, error, status, spoken, alternatives)
        elif chosen is Formats.TEXT.value:
            body = _text(error, spoken, alternatives)
        else:
            body = orjson.dumps(problem(error, spoken, alternatives))
        headers: list[tuple[bytes, bytes]] = [
            (b"content-type", chosen.content_type.encode()),
            (b"cache-control", b"public, max-age=10" if status in _KEEPABLE else b"no-store"),
            VARY,
            (b"content-language", spoken.encode()),
            *extra,
        ]
        retry = next((_RETRY_AFTER[c] for c in type(error).__mro__ if c in _RETRY_AFTER), None)
        if isinstance(error, errors.QueryBudgetSpent):
            retry = error.retry_after_s
        if retry is not None:
            headers.append((b"retry-after", str(retry).encode()))
        if isinstance(error, errors.RangeNotSatisfiable):
            headers.append((b"content-range", f"bytes */{error.size}".encode()))
        if status == HTTPStatus.UNAUTHORIZED:
            headers.append((b"www-authenticate", b'Bearer realm="tsunagu"'))
        if alternatives:
            links = ", ".join(
                f'<{a.href}>; rel="alternate"; type="{a.media_type}"' for a in alternatives
            )
            if len(links) <= _LINKS:
                headers.append((b"link", links.encode("ascii")))
        return FreshReply(body, status, headers)

    def _page(
        self,
        request: Request,
        error: TsunaguError,
        status: int,
        spoken: Language,
        alternatives: tuple[Alternative, ...],
    ) -> bytes:
        place = error.place
        page = ErrorPage(
            status=status,
            code=error.code,
            sentence=error.text.in_language(spoken),
            hint=error.hint.in_language(spoken) if error.hint is not None else None,
            place=str(place) if place is not None and str(place) else None,
            alternatives=alternatives,
            near=error.near if isinstance(error, UnknownThing) else (),
        )
        return self._site.render("error.html", page, spoken, request, title=str(status))

    def _language(self, request: Request) -> Language:
        try:
            return page_language(
                request.query_params.get("lang"), request.headers.get("accept-language", "")
            )
        except errors.BadRequest:
            return "ja"


def problem(
    error: TsunaguError, spoken: Language, alternatives: tuple[Alternative, ...] = ()
) -> dict[str, Any]:
    """Problem details (RFC 9457) with this program's members."""
    status = status_of(error)
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": _sentence(error, spoken),
        **error.to_json(),
    }
    if alternatives:
        body["alternatives"] = [
            {"type": a.media_type, "label": a.label, "href": a.href} for a in alternatives
        ]
    return body


def _sentence(error: TsunaguError, spoken: Language) -> str:
    """What is wrong, where (if that is a file or a line), and what to do."""
    place = f"{str(error.place).lstrip(':')}: " if error.place and str(error.place) else ""
    hint = f" {error.hint.in_language(spoken)}" if error.hint is not None else ""
    return f"{place}{error.text.in_language(spoken)}{hint}"


def _text(error: TsunaguError, spoken: Language, alternatives: tuple[Alternative, ...]) -> bytes:
    lines = [_sentence(error, spoken), *(f"{a.media_type}\t{a.href}" for a in alternatives)]
    if isinstance(error, errors.QuerySyntaxError) and error.excerpt is not None:
        lines.append(error.excerpt)
    return ("\n".join(lines) + "\n").encode()
