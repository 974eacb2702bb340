"""What every page of the workbench goes through: who is signed in, where a form came from, and
answers that nobody keeps.

A form must come from a page of ours (Origin), carry the key of its session, and be no longer than
its limit; SameSite=Strict keeps the cookie home besides. What fails becomes a page of the
workbench that says what to do.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Final, TypeVar
from urllib.parse import urlsplit

import anyio
import orjson
from anyio import CapacityLimiter
from starlette.requests import Request
from starlette.responses import Response

from app.errors import AccessDenied, BadRequest, Language, Text, TsunaguError
from app.publish.workbench.bench import Workbench
from app.publish.workbench.sessions import LASTS
from app.rdf.formats import Formats
from app.web.errors import problem, status_of
from app.web.forms import bounded
from app.web.negotiation import page_language
from app.web.pages.steward.contexts import Around, FailedPage, StewardPage
from app.web.pages.steward.visit import Visit
from app.web.pages.steward.words import ACTIONS, STATES
from app.web.parts import WebParts
from app.web.rendering import Site
from app.web.replies import Headers, Reply

COOKIE: Final = "tsunagu_steward"
KEY: Final = "key"
"""The field of every form that holds the key of its session."""

_SMALL_FORM: Final = 64 << 10
_AT_ONCE: Final = 4
"""Pages that read tables at the same time; the others wait."""

_T = TypeVar("_T")


Handler = Callable[[Visit], Awaitable[Response]]


class Desk:
    """Opens handlers as endpoints, and makes their answers."""

    def __init__(self, parts: WebParts, site: Site, workbench: Workbench) -> None:
        self.settings = parts.settings
        self.parts = parts
        self.site = site
        self.workbench = workbench
        self._limiter = CapacityLimiter(_AT_ONCE)

    def open(
        self, handler: Handler, *, limit: int = _SMALL_FORM, anyone: bool = False
    ) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint. `limit` is the longest form in bytes; `anyone` need not be signed in."""

        async def endpoint(request: Request) -> Response:
            visit = self._visit(request)
            try:
                if visit.signed_in is None and not anyone:
                    if request.method == "GET":
                        return self.see(visit.to("sign-in", next=request.url.path))
                    _ = visit.session
                async with AsyncExitStack() as stack:
                    if request.method == "POST":
                        self._check_origin(request)
                        limited = bounded(request, limit)
                        form = limited.form(max_files=1, max_fields=200, max_part_size=limit)
                        visit.form = await stack.enter_async_context(form)
                        if not anyone and not visit.session.owns(visit.text(KEY)):
                            raise _not_ours()
                    return await handler(visit)
            except TsunaguError as error:
                return self.failed(visit, error)

        return endpoint

    async def run(self, work: Callable[[], _T]) -> _T:
        """Do what takes long off the event loop."""
        return await anyio.to_thread.run_sync(work, limiter=self._limiter)

    def around(self, visit: Visit) -> Around:
        """What every page of the workbench shows around its own content."""
        key = visit.signed_in.form_key if visit.signed_in is not None else ""
        return Around(visit, key, self.site.static.address("steward.css"), STATES, ACTIONS)

    def page(
        self,
        template: str,
        title: Text,
        page: StewardPage,
        status: int = 200,
        headers: Headers = (),
    ) -> Response:
        """A page that nobody keeps."""
        visit = page.visit
        body = self.site.render(
            f"steward/{template}",
            page,
            visit.spoken,
            visit.request,
            title=title.in_language(visit.spoken),
        )
        return Reply(body, status, (*_private(visit.spoken), *headers))

    def json(self, visit: Visit, body: object, status: int = 200) -> Response:
        """An answer to a script of a page."""
        media_type = (b"content-type", b"application/json")
        return Reply(orjson.dumps(body), status, (media_type, *_private(visit.spoken)[1:]))

    def see(self, address: str, headers: Headers = ()) -> Response:
        """Go on to another page: 303, so that loading again sends no form again."""
        kept = (b"cache-control", b"no-store")
        return Reply(b"", 303, ((b"location", address.encode("ascii")), kept, *headers))

    def failed(self, visit: Visit, error: TsunaguError) -> Response:
        """What went wrong, as a page or for a script."""
        if "html" in visit.request.headers.get("accept", "html"):
            title = Text("できませんでした", "That did not work")
            page = FailedPage(self.around(visit), error)
            return self.page("failed.html", title, page, status_of(error))
        return self.json(visit, problem(error, visit.spoken), status_of(error))

    def cookie(self, visit: Visit, secret: str) -> tuple[bytes, bytes]:
        """The header that sets the cookie of a session, or with an empty one removes it."""
        parts = [
            f"{COOKIE}={secret}",
            f"Path={self.site.root}/steward",
            "HttpOnly",
            "SameSite=Strict",
            f"Max-Age={int(LASTS.total_seconds()) if secret else 0}",
        ]
        if self.settings.base_iri.startswith("https:") or visit.request.url.scheme == "https":
            parts.append("Secure")
        return b"set-cookie", "; ".join(parts).encode("ascii")

    def _visit(self, request: Request) -> Visit:
        try:
            spoken = page_language(
                request.query_params.get("lang"), request.headers.get("accept-language", "")
            )
        except BadRequest:
            spoken = "ja"
        session = self.workbench.sessions.find(request.cookies.get(COOKIE, ""))
        return Visit(request, spoken, self.site.root, session)

    def _check_origin(self, request: Request) -> None:
        """A form comes from a page of this server. A browser says so in Origin; one that sends
        none says it in Sec-Fetch-Site; a client that says neither is no browser with a cookie of
        ours, and is refused all the same."""
        origin = request.headers.get("origin")
        if origin is None:
            if request.headers.get("sec-fetch-site") == "same-origin":
                return
            raise _not_ours()
        hosts = {urlsplit(self.settings.base_iri).netloc, request.headers.get("host", "")}
        if urlsplit(origin).netloc not in hosts - {""}:
            raise _not_ours()


def _private(spoken: Language) -> list[tuple[bytes, bytes]]:
    return [
        (b"content-type", Formats.HTML.value.content_type.encode()),
        (b"content-language", spoken.encode()),
        (b"cache-control", b"no-store"),
    ]


def _not_ours() -> AccessDenied:
    return AccessDenied(
        Text(
            "この送信は、このサイトのページからのものと確かめられませんでした。",
            "This did not come from a page of this site, as far as can be told.",
        ),
        hint=Text(
            "ページを開き直してから、もう一度やり直してください。",
            "Open the page again and repeat what you did.",
        ),
    )


__all__ = ["COOKIE", "KEY", "Desk", "Visit"]
