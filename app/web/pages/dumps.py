"""`/dumps/…`: the files made with the release, whole or in ranges (RFC 9110, section 14), with
their SHA-256 sums."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.types import Message, Receive, Scope, Send

from app.errors import BadRequest, PageNotFound, RangeNotSatisfiable, Text
from app.publish import distributions, dumps, sources
from app.publish.distributions import Distribution
from app.publish.provenance.origins import Origins
from app.publish.sources import Part
from app.rdf.formats import Format, Formats
from app.store.base import Manifest, Snapshot
from app.web.addresses import Addresses
from app.web.documents import Asked, Documents
from app.web.html import HtmlReplies
from app.web.parts import WebParts
from app.web.rendering import Site
from app.web.replies import CACHED, VARY, Reply, check_conditions, http_date, matches

_CHARSETS: Final = {"cp932": "Shift_JIS", "utf-8-sig": "utf-8"}
"""What HTTP calls encodings that Python has other names for (WHATWG Encoding, section 4.2)."""


@dataclass(frozen=True, slots=True)
class DumpRow:
    """A file in the list."""

    file: Distribution
    label: str
    href: str
    dataset: str
    dataset_href: str | None


@dataclass(frozen=True, slots=True)
class DumpsPage:
    """What the template of the list shows."""

    rows: tuple[DumpRow, ...]
    sums: str
    release: str


class DumpEndpoints:
    """Answers files and their list."""

    def __init__(self, parts: WebParts, site: Site) -> None:
        self._parts = parts
        self._site = site
        self._html = HtmlReplies(site)
        self._documents = Documents(site)
        self._addresses = Addresses(parts.settings.base_iri)

    async def listing(self, request: Request) -> Response:
        """`/dumps/`."""
        manifest = self._parts.snapshots.get().manifest
        language = self._html.language(request)
        root = self._addresses.root

        def make() -> bytes:
            cards = {card.id: card for card in self._parts.catalog.cards(manifest)}
            rows = []
            for file in distributions.of(manifest):
                card = cards.get(file.dataset)
                if card:
                    title = card.about.title.in_language(language)
                elif file.dataset == dumps.ALL:
                    title = self._site.title
                else:
                    title = self._site.word("term.vocabulary", language)
                label = file.label.in_language(language)
                href = self._addresses.dataset(card.id) if card else None
                rows.append(DumpRow(file, label, f"{root}/dumps/{file.path}", title, href))
            page = DumpsPage(tuple(rows), f"{root}/dumps/SHA256SUMS", manifest.id)
            title = self._site.word("dumps.title", language)
            return self._site.render("dumps.html", page, language, request, title=title)

        return self._html.of_release(request, manifest, language, make)

    async def sums(self, request: Request) -> Response:
        """`/dumps/SHA256SUMS`, as `sha256sum --check` reads it."""
        manifest = self._parts.snapshots.get().manifest
        asked = Asked(Formats.TEXT.value, self._documents.language(request))
        return self._documents.answer(
            request, manifest, asked, lambda: distributions.sums(manifest)
        )

    async def file(self, request: Request) -> Response:
        """`/dumps/{name}`, `/dumps/{dataset}/{part}/{name}`: the same bytes until the data
        changes. Raises PageNotFound."""
        snapshot = self._parts.snapshots.get()
        name = request.path_params["name"]
        found = _find(snapshot.manifest, name)
        path = snapshot.file(found.file) if found is not None else None
        if found is None or path is None:
            raise PageNotFound(
                Text(ja=f"ファイル {name} はありません。", en=f"There is no file {name}."),
                hint=Text(ja="/dumps/ に一覧があります。", en="/dumps/ lists them."),
            )
        etag = f'"{found.sha256[:32]}"'
        modified = _modified(snapshot.manifest, found)
        check_conditions(request.headers, etag, modified)
        if matches(request.headers.get("if-none-match"), etag):
            return Reply(b"", 304, ((b"etag", etag.encode()), VARY, CACHED))
        digest = bytes.fromhex(found.sha256)
        return _FileReply(
            path,
            media_type=_content_type(snapshot, found),
            headers={
                "etag": etag,
                "last-modified": http_date(modified).decode(),
                "cache-control": CACHED[1].decode(),
                "vary": VARY[1].decode(),
                "repr-digest": f"sha-256=:{b64encode(digest).decode()}:",  # RFC 9530
            },
        )


class _FileReply(FileResponse):
    """A file whose refusal of a range is told like every other error."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it. Raises BadRequest, RangeNotSatisfiable."""

        async def refuse(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] in (400, 416):
                size = Path(self.path).stat().st_size
                if message["status"] == HTTPStatus.BAD_REQUEST:
                    raise BadRequest(
                        Text(ja="Range ヘッダーを読めません。", en="The Range cannot be read."),
                        hint=Text(ja="例: bytes=0-499", en="For example: bytes=0-499"),
                    )
                raise RangeNotSatisfiable(
                    Text(
                        ja=f"ファイルは {size} バイトです。範囲がその外にあります。",
                        en=f"The file has {size} bytes; the range is beyond them.",
                    ),
                    size=size,
                )
            await send(message)

        await super().__call__(scope, receive, refuse)


@dataclass(frozen=True, slots=True)
class _File:
    """What has to be known of a file to send it."""

    file: str
    format: Format
    sha256: str
    dataset: str = ""
    packed: bool = False


def _find(manifest: Manifest, path: str) -> _File | None:
    """The file at a decoded path: a distribution, or a mapping, which is none."""
    for each in distributions.of(manifest):
        if unquote(each.path) == path:
            return _File(each.file, each.format, each.sha256, each.dataset, each.packed)
    for kept in sources.of(manifest):
        if kept.path == path:
            return _File(f"{sources.FOLDER}/{path}", kept.format, kept.sha256)
    return None


def _modified(manifest: Manifest, found: _File) -> datetime:
    """When the graphs of the file's data set were made, if it is known of which set it is."""
    made = [
        entry.modified
        for entry in manifest.graphs.values()
        if found.dataset and entry.dataset == found.dataset
    ]
    return max(made, default=manifest.created)


def _content_type(snapshot: Snapshot, found: _File) -> str:
    """With the encoding that a table was received in."""
    form = found.format
    if found.packed:
        return Formats.ZSTD.value.media_type
    if f"/{Part.SOURCE.value}/" in found.file and form.charset:
        record = Origins(snapshot).record(found.dataset)
        name = found.file.rpartition("/")[2]
        for source in record.sources if record is not None else ():
            if source.name == name and source.encoding:
                charset = _CHARSETS.get(source.encoding, source.encoding.replace("_", "-"))
                return f"{form.media_type}; charset={charset}"
    return form.content_type
