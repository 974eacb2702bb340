"""`/check`: a table is uploaded or pasted, checked, and if wanted mended. Nothing of it is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import quote

import anyio
import orjson
from anyio import CapacityLimiter
from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from app.codes.regions import RegionTable
from app.errors import BadRequest, Text, TsunaguError
from app.publish.checking import check_bytes
from app.publish.fixing import fix_bytes
from app.quality.excerpt import ROWS
from app.quality.report import CheckReport
from app.web.check_report import WORDS, ReportView, Words, one, view_of
from app.web.forms import bounded
from app.web.html import HtmlReplies
from app.web.parts import WebParts
from app.web.rendering import Site
from app.web.replies import Reply

_PASTED: Final = "paste.csv"
_KEPT_IN_FORM: Final = 512 << 10
"""A table of up to so many bytes goes back into the form, so that mending it takes one click."""

_AT_ONCE: Final = 2
"""Checks that run at the same time; the others wait."""

_NOT_KEPT: Final = (b"cache-control", b"no-store")


@dataclass(frozen=True, slots=True)
class CheckPage:
    """What the template shows: the form, the table in it, and the report or what was wrong."""

    action: str
    style: str
    text: str
    limit: int
    say: Callable[[Text], Markup]
    words: Words
    report: ReportView | None = None
    failure: TsunaguError | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """A table as it was sent, and whether it is to be mended."""

    name: str
    data: bytes
    mend: bool


class CheckEndpoint:
    """Answers the page, JSON to programs, and the mended table."""

    def __init__(self, parts: WebParts, site: Site) -> None:
        self._settings = parts.settings
        self._site = site
        self._html = HtmlReplies(site)
        self._limiter = CapacityLimiter(_AT_ONCE)

    @cached_property
    def _regions(self) -> RegionTable:
        return RegionTable.load(self._settings.vocab_dir)

    async def answer(self, request: Request) -> Response:
        """`GET` and `POST /check`. Raises SourceTooLarge, BadRequest; to programs SourceError."""
        if request.method != "POST":
            return self._page(request)
        sent = await self._sent(request)
        as_page = "html" in request.headers.get("accept", "")
        try:
            if sent.mend:
                return await self._mended(sent)
            report = await self._check(sent)
        except TsunaguError as error:
            if not as_page:
                raise
            return self._page(request, failure=error, text=_text_of(sent, "utf-8"), status=422)
        if not as_page:
            body = orjson.dumps(report.to_json(), option=orjson.OPT_INDENT_2)
            return Reply(body, 200, ((b"content-type", b"application/json"), _NOT_KEPT))
        text = _text_of(sent, report.description.encoding)
        return self._page(request, report=view_of(report), text=text)

    async def _check(self, sent: Sent) -> CheckReport:
        def run() -> CheckReport:
            return check_bytes(
                sent.name, sent.data, self._settings, self._regions, excerpt_rows=ROWS
            )

        return await anyio.to_thread.run_sync(run, limiter=self._limiter)

    async def _mended(self, sent: Sent) -> Response:
        def run() -> bytes:
            return fix_bytes(sent.name, sent.data, self._settings, self._regions)[0]

        body = await anyio.to_thread.run_sync(run, limiter=self._limiter)
        name = quote(f"{sent.name.rsplit('.', 1)[0]}.fixed.csv", safe="")
        disposition = f"attachment; filename*=UTF-8''{name}".encode()
        headers = (
            (b"content-type", b"text/csv; charset=utf-8"),
            (b"content-disposition", disposition),
            _NOT_KEPT,
        )
        return Reply(body, 200, headers)

    def _page(
        self,
        request: Request,
        *,
        report: ReportView | None = None,
        failure: TsunaguError | None = None,
        text: str = "",
        status: int = 200,
    ) -> Response:
        spoken = self._html.language(request)
        page = CheckPage(
            action=f"{self._site.root}/check",
            style=self._site.static.address("check.css"),
            text=text,
            limit=self._settings.upload_bytes,
            say=one(spoken),
            words=WORDS,
            report=report,
            failure=failure,
        )
        title = Text("表を調べる", "Check a table").in_language(spoken)
        body = self._site.render("check.html", page, spoken, request, title=title)
        return self._html.fresh(body, spoken, status)

    async def _sent(self, request: Request) -> Sent:
        """The table of a form (multipart, with a file or a text), or the body itself."""
        limit = self._settings.upload_bytes
        limited = bounded(request, limit)
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type not in ("multipart/form-data", "application/x-www-form-urlencoded"):
            data = await limited.body()
            mend = request.query_params.get("action") == "fix"
            return Sent(request.query_params.get("name") or _PASTED, data, mend)
        async with limited.form(max_files=1, max_fields=10, max_part_size=limit) as form:
            file, text = form.get("file"), form.get("text")
            mend = form.get("action") == "fix"
            if isinstance(file, UploadFile) and file.filename:
                return Sent(_base_name(file.filename), await file.read(), mend)
            if isinstance(text, str) and text.strip():
                name = form.get("name")
                return Sent(
                    _base_name(name) if isinstance(name, str) and name else _PASTED,
                    text.encode("utf-8-sig"),
                    mend,
                )
        raise BadRequest(
            Text("表が送られていません。", "No table was sent."),
            hint=Text(
                "ファイルを選ぶか、表を貼り付けてください。", "Choose a file, or paste a table."
            ),
        )


def _base_name(name: str) -> str:
    """The file's name without any folder, in a bounded length."""
    return name.replace("\\", "/").rsplit("/", 1)[-1][-120:] or _PASTED


def _text_of(sent: Sent, encoding: str) -> str:
    """The table as text for the form, when it is small enough and is text."""
    if len(sent.data) > _KEPT_IN_FORM or not sent.name.lower().endswith((".csv", ".tsv", ".txt")):
        return ""
    try:
        return sent.data.decode(encoding).removeprefix("\ufeff")
    except UnicodeDecodeError:
        return ""
