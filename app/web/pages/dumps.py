"""`/dumps/…`: the files made with the release, whole or in ranges (RFC 9110, section 14), with
their SHA-256 sums."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import FileResponse, Response

from app.errors import PageNotFound, Text
from app.publish import dumps
from app.publish.dumps import Dump
from app.rdf.formats import Formats
from app.web.addresses import Addresses
from app.web.documents import Asked, Documents
from app.web.html import HtmlReplies
from app.web.parts import WebParts
from app.web.rendering import Site
from app.web.replies import CACHED, Reply, http_date, matches


@dataclass(frozen=True, slots=True)
class DumpRow:
    """A file in the list."""

    dump: Dump
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
            for dump in dumps.of(manifest):
                card = cards.get(dump.dataset)
                title = (
                    card.about.title.in_language(language)
                    if card
                    else self._site.word("term.vocabulary", language)
                )
                href = self._addresses.dataset(card.id) if card else None
                rows.append(DumpRow(dump, f"{root}/dumps/{dump.name}", title, href))
            page = DumpsPage(tuple(rows), f"{root}/dumps/SHA256SUMS", manifest.id)
            title = self._site.word("dumps.title", language)
            return self._site.render("dumps.html", page, language, request, title=title)

        return self._html.of_release(request, manifest, language, make)

    async def sums(self, request: Request) -> Response:
        """`/dumps/SHA256SUMS`, as `sha256sum --check` reads it."""
        manifest = self._parts.snapshots.get().manifest
        asked = Asked(Formats.TEXT.value, self._documents.language(request))

        def make() -> bytes:
            return "".join(f"{d.sha256}  {d.name}\n" for d in dumps.of(manifest)).encode()

        return self._documents.answer(request, manifest, asked, make)

    async def file(self, request: Request) -> Response:
        """`/dumps/{name}`: the same bytes until the data changes. Raises PageNotFound."""
        snapshot = self._parts.snapshots.get()
        name = request.path_params["name"]
        dump = next((d for d in dumps.of(snapshot.manifest) if d.name == name), None)
        path = snapshot.file(f"{dumps.FOLDER}/{name}") if dump is not None else None
        if dump is None or path is None:
            raise PageNotFound(
                Text(ja=f"ダンプ {name} はありません。", en=f"There is no dump {name}."),
                hint=Text(ja="/dumps/ に一覧があります。", en="/dumps/ lists them."),
            )
        etag = f'"{dump.sha256[:32]}"'
        modified = http_date(snapshot.manifest.created)
        if matches(request.headers.get("if-none-match"), etag):
            return Reply(b"", 304, ((b"etag", etag.encode()), CACHED))
        media_type = Formats.ZSTD.value.media_type if dump.packed else dump.format.content_type
        digest = bytes.fromhex(dump.sha256)
        return FileResponse(
            path,
            media_type=media_type,
            headers={
                "etag": etag,
                "last-modified": modified.decode(),
                "cache-control": CACHED[1].decode(),
                "repr-digest": f"sha-256=:{b64encode(digest).decode()}:",  # RFC 9530
            },
        )
