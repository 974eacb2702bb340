"""`/history/…`: how a thing changed over the releases that are kept, for people, feed readers
and programs."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

import anyio.to_thread
import orjson
from pyoxigraph import NamedNode, Quad
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Language, PageNotFound, Text
from app.publish.entity import RDF_TYPE, EntityReader
from app.publish.history import EntityVersion, ReleaseHistory, to_json
from app.publish.labels import choose, local_name
from app.rdf.formats import Formats
from app.store.base import Snapshot, Term
from app.web.addresses import Addresses, decode, wire_path
from app.web.atom import Entry, feed
from app.web.documents import HTML, Documents
from app.web.entity_context import Cell, Link
from app.web.entity_page import EntityPages
from app.web.pages.provenance import thing_at
from app.web.parts import WebParts
from app.web.rendering import Site

PREFIX: Final = "/history"
_OFFERS: Final = (HTML, Formats.JSON.value, Formats.ATOM.value)
_ROWS: Final = 60  # changed properties of one release on a page


@dataclass(frozen=True, slots=True)
class ChangedRow:
    """A property of the thing, or of a part of it (`inside`: what leads to that part), with its
    values before and after."""

    inside: Link | None
    property: Link
    before: tuple[Cell, ...]
    after: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class VersionView:
    """A release that changed the thing; `href` leads to all that it changed, `patch` to what
    of it is about the thing."""

    release: str
    created: datetime
    said: str
    rows: tuple[ChangedRow, ...]
    more: int
    href: str | None
    patch: str | None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """What the template shows; a download's `iri` is its media type."""

    thing: Link
    versions: tuple[VersionView, ...]
    downloads: tuple[Link, ...]
    same: bool


class HistoryEndpoint:
    """Answers histories of things."""

    def __init__(self, parts: WebParts, site: Site, pages: EntityPages) -> None:
        self._parts = parts
        self._site = site
        self._pages = pages
        self._addresses = Addresses(parts.settings.base_iri)
        self._documents = Documents(site)
        self._lock = threading.Lock()  # one at a time opens older releases

    async def show(self, request: Request) -> Response:
        """`GET /history/{path}[.suffix]`. Raises EntityNotFound, PageNotFound."""
        history = self._parts.history
        if history is None:
            raise PageNotFound(
                Text(ja="変更の記録はありません。", en="No history of releases is kept here.")
            )
        snapshot = self._parts.snapshots.get()
        path = decode(wire_path(request.scope))[len(PREFIX) :]
        iri, suffix = thing_at(self._addresses, snapshot, path, tuple(o.id for o in _OFFERS))
        stem = PREFIX + self._addresses.document(iri)[len(self._addresses.root) + len("/doc") :]
        asked = self._documents.asked(request, _OFFERS, self._addresses.root + stem, suffix)
        key = (",".join(manifest.id for manifest in history.releases()), asked.language)
        kept = self._documents.kept(request, snapshot.manifest, asked, key=key)
        if kept is not None:
            return kept
        versions = await anyio.to_thread.run_sync(self._read, history, iri)

        def make() -> bytes:
            if asked.format is Formats.JSON.value:
                body = {"iri": iri, "versions": [to_json(version) for version in versions]}
                return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
            if asked.format is Formats.ATOM.value:
                return self._feed(snapshot, iri, stem, versions, asked.language)
            others = (a for a in asked.alternatives if a.media_type != HTML.media_type)
            downloads = tuple(Link(a.label, a.media_type, a.href) for a in others)
            page = self._page(snapshot, iri, versions, downloads, asked.language)
            return self._site.render(
                "history.html",
                page,
                asked.language,
                request,
                title=self._title(page.thing.text, asked.language),
                alternates=tuple((x.iri, x.href) for x in downloads if x.href),
            )

        return self._documents.answer(request, snapshot.manifest, asked, make, key=key)

    def _read(self, history: ReleaseHistory, iri: str) -> list[EntityVersion]:
        with self._lock:
            return history.entity(iri)

    def _title(self, name: str, language: Language) -> str:
        return self._site.word("history.title", language).format(name=name)

    def _feed(
        self,
        snapshot: Snapshot,
        iri: str,
        stem: str,
        versions: Iterable[EntityVersion],
        language: Language,
    ) -> bytes:
        name = self._name(EntityReader(snapshot), iri, language)
        return feed(
            title=self._title(name, language),
            address=f"{self._addresses.base}{stem}.atom",
            page=f"{self._addresses.base}{stem}",
            author=self._parts.settings.publisher or self._site.title,
            language=language,
            entries=[
                Entry(
                    id=f"urn:tsunagu:release:{version.release}",
                    title=f"{name}: {self._site.word(f'history.{version.kind}', language)}",
                    updated=version.created,
                    summary=f"+{len(version.added)} −{len(version.removed)}",
                    href=f"{self._addresses.base}{stem}#{version.release}",
                )
                for version in versions
            ],
        )

    def _page(
        self,
        snapshot: Snapshot,
        iri: str,
        versions: Sequence[EntityVersion],
        downloads: tuple[Link, ...],
        language: Language,
    ) -> HistoryPage:
        reader = EntityReader(snapshot)
        changes = _Changes(reader, self._pages, iri, language)
        parents = (
            {m.id: m.parent for m in self._parts.history.releases()}
            if (self._parts.history is not None)
            else {}
        )
        return HistoryPage(
            thing=self._pages.link(iri, self._name(reader, iri, language)),
            versions=tuple(self._version(iri, v, changes, parents, language) for v in versions),
            downloads=downloads,
            same=len(versions) == 1,
        )

    def _version(
        self,
        iri: str,
        version: EntityVersion,
        changes: _Changes,
        parents: Mapping[str, str | None],
        language: Language,
    ) -> VersionView:
        rows = changes.rows(version)
        before = parents.get(version.release)
        known = before in parents
        span = f"{self._addresses.root}/changes/{before}..{version.release}"
        return VersionView(
            release=version.release,
            created=version.created,
            said=self._site.word(f"history.{version.kind}", language),
            rows=rows[:_ROWS],
            more=max(0, len(rows) - _ROWS),
            href=span if known else None,
            patch=f"{span}.rdfp?{urlencode({'entity': iri})}" if known else None,
        )

    def _name(self, reader: EntityReader, iri: str, language: Language) -> str:
        return choose(reader.labels(iri), language) or local_name(iri)


class _Changes:
    """Statements that came and went, side by side by property."""

    def __init__(
        self, reader: EntityReader, pages: EntityPages, iri: str, language: Language
    ) -> None:
        self._reader = reader
        self._pages = pages
        self._iri = iri
        self._language: Language = language

    def rows(self, version: EntityVersion) -> tuple[ChangedRow, ...]:
        if version.kind in ("first", "gone"):
            return ()
        sides: dict[tuple[str, str], tuple[list[Term], list[Term]]] = {}
        for side, quads in enumerate((version.removed, version.added)):
            for quad in quads:
                if isinstance(quad.subject, NamedNode):
                    key = (quad.subject.value, quad.predicate.value)
                    sides.setdefault(key, ([], []))[side].append(quad.object)
        return tuple(
            self._row(subject, predicate, *values)
            for (subject, predicate), values in sides.items()
            if not self._only_leads_on(values)
        )

    def _only_leads_on(self, values: tuple[list[Term], list[Term]]) -> bool:
        """Whether the values are parts of the thing, whose own properties are told."""
        return all(
            isinstance(term, NamedNode) and term.value.startswith(f"{self._iri}#")
            for term in (*values[0], *values[1])
        )

    def _row(
        self, subject: str, predicate: str, before: list[Term], after: list[Term]
    ) -> ChangedRow:
        return ChangedRow(
            inside=self._inside(subject) if subject != self._iri else None,
            property=self._pages.term(predicate, self._language),
            before=self._cells(before, predicate),
            after=self._cells(after, predicate),
        )

    def _cells(self, terms: list[Term], predicate: str) -> tuple[Cell, ...]:
        if predicate == RDF_TYPE:
            links = (self._pages.term(str(t)[1:-1], self._language) for t in terms)
            return tuple(Cell("link", link=link) for link in links)
        return tuple(self._pages.value(term, self._reader, self._language) for term in terms)

    def _inside(self, part: str) -> Link:
        """The property that leads to a part of the thing, as far as it is still known."""
        found: Iterable[Quad] = self._reader.snapshot.quads(object=NamedNode(part), limit=1)
        leading = next((quad.predicate.value for quad in found), None)
        if leading is None:
            return Link(part.removeprefix(self._iri), part)
        return self._pages.term(leading, self._language)
