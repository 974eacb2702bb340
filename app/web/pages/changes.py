"""`/changes`: the releases and what differs between them, for people, feed readers and programs;
`/events`: the same told at once.

A difference never changes, so its answers may be kept for ever; it is read from files that
another process made, and streamed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Language, PageNotFound, Text
from app.publish import change_sets
from app.publish.change_sets import ChangedEntity, ChangeSet, Summary
from app.publish.changes import Operation
from app.publish.events import ReleaseEvents
from app.publish.history import ReleaseHistory
from app.rdf.formats import Formats
from app.store.base import Manifest
from app.web.addresses import Addresses
from app.web.atom import Entry, feed
from app.web.documents import HTML, Asked, Documents
from app.web.entity_context import Link
from app.web.names import short_name
from app.web.pages.changes_context import (
    ChangesPage,
    DatasetLine,
    DifferencePage,
    EntityLine,
    Step,
)
from app.web.pages.changes_request import Narrowed
from app.web.pages.failed_runs import FailedRun, failed_runs
from app.web.parts import WebParts
from app.web.refusals import NoneAcceptable
from app.web.rendering import Site
from app.web.replies import VARY, Reply, matches
from app.web.streams import StreamedBody

_FEED: Final = (HTML, Formats.JSON.value, Formats.ATOM.value)
_DIFFERENCE: Final = (
    HTML,
    Formats.JSON.value,
    Formats.RDF_PATCH.value,
    Formats.N_QUADS.value,
)
_SHOWN: Final = 100  # entities on a page
_FOR_EVER: Final = (b"cache-control", b"public, max-age=31536000, immutable")
_SPAN: Final = re.compile(
    rf"(?P<old>{change_sets.RELEASE_ID})\.\."
    rf"(?P<new>{change_sets.RELEASE_ID}|current)(?:\.(?P<suffix>[a-z]+))?"
)


class ChangesEndpoints:
    """Answers the change feed."""

    def __init__(self, parts: WebParts, site: Site, events: ReleaseEvents) -> None:
        self._parts = parts
        self._site = site
        self._documents = Documents(site)
        self._addresses = Addresses(parts.settings.base_iri)
        self._events = events

    @property
    def _history(self) -> ReleaseHistory:
        if self._parts.history is None:
            raise PageNotFound(
                Text(ja="変更の記録はありません。", en="No history of releases is kept here.")
            )
        return self._parts.history

    # The list

    async def index(self, request: Request) -> Response:
        """`GET /changes`: page, JSON, or an Atom feed (RFC 4287)."""
        stem = f"{self._addresses.root}/changes"
        asked = self._documents.asked(request, _FEED, stem, request.path_params.get("suffix"))
        manifest = self._parts.snapshots.get().manifest
        steps = self._steps(manifest.id)
        failed = failed_runs(self._parts)
        # What has been compared since belongs to the tag, and so do failed runs.
        key = ",".join(f"{step.release}:{step.added}:{step.kept}" for step in steps)
        key += "".join(f",{run.id}" for run in failed)

        def make() -> bytes:
            if asked.format is Formats.JSON.value:
                return self._as_json(manifest, steps, failed)
            if asked.format is Formats.ATOM.value:
                return self._as_atom(steps, failed, asked.language)
            page = ChangesPage(
                steps, f"{stem}.atom", f"{stem}.json", f"{self._addresses.root}/events", failed
            )
            alternates = (
                (Formats.ATOM.value.media_type, page.feed),
                (Formats.JSON.value.media_type, page.json),
            )
            title = self._site.word("changes.title", asked.language)
            return self._site.render(
                "changes.html", page, asked.language, request, title=title, alternates=alternates
            )

        language = asked.language if asked.format is Formats.ATOM.value else ""
        return self._documents.answer(request, manifest, asked, make, key=(key, language))

    def _steps(self, current: str) -> tuple[Step, ...]:
        compared = {summary.new: summary for summary in self._history.steps()}
        kept = {manifest.id: manifest for manifest in self._history.releases()}
        steps = []
        for release in sorted({*compared, *kept}, reverse=True):
            manifest, summary = kept.get(release), compared.get(release)
            before = manifest.parent if manifest is not None else None
            if summary is not None:
                before = summary.old
            known = summary is not None or before in kept
            steps.append(
                Step(
                    release=release,
                    created=_created(manifest, summary),
                    note=manifest.note if manifest is not None else summary.note if summary else "",
                    quads=manifest.quads if manifest else summary.after if summary else 0,
                    kept=manifest is not None,
                    current=release == current,
                    href=f"{self._addresses.root}/changes/{before}..{release}" if known else None,
                    added=summary.added if summary is not None else None,
                    removed=summary.removed if summary is not None else None,
                )
            )
        return tuple(steps)

    def _as_json(
        self, manifest: Manifest, steps: tuple[Step, ...], failed: tuple[FailedRun, ...]
    ) -> bytes:
        kept = {release.id: release for release in self._history.releases()}
        releases = []
        for step in steps:
            body: dict[str, Any] = {
                "release": step.release,
                "created": step.created,
                "note": step.note,
                "current": step.current,
                "kept": step.kept,
                "quads": step.quads,
                "added": step.added,
                "removed": step.removed,
                "difference": self._absolute(step.href),
            }
            known = kept.get(step.release)
            if known is not None:
                body["datasets"] = _counts(known)
                body["manifest"] = f"{self._addresses.base}/releases/{step.release}/manifest.json"
            releases.append(body)
        failures = [run.to_json() for run in failed]
        body = {"current": manifest.id, "releases": releases, "failures": failures}
        return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    def _absolute(self, path: str | None) -> str | None:
        return f"{self._addresses.base}{path[len(self._addresses.root) :]}" if path else None

    def _as_atom(
        self, steps: tuple[Step, ...], failed: tuple[FailedRun, ...], spoken: Language
    ) -> bytes:
        entries = [run.entry(spoken, f"{self._addresses.base}/status") for run in failed]
        for step in steps:
            counts = self._site.word("changes.uncounted", spoken)
            if step.added is not None and step.removed is not None:
                counts = self._site.word("changes.counts", spoken)
                counts = counts.format(added=f"{step.added:,}", removed=f"{step.removed:,}")
            entries.append(
                Entry(
                    id=f"urn:tsunagu:release:{step.release}",
                    title=step.note
                    or f"{self._site.word('footer.release', spoken)} {step.release}",
                    updated=step.created,
                    summary=counts,
                    href=self._absolute(step.href) or f"{self._addresses.base}/changes",
                )
            )
        return feed(
            title=f"{self._site.title}: {self._site.word('changes.title', spoken)}",
            address=f"{self._addresses.base}/changes.atom",
            page=f"{self._addresses.base}/changes",
            author=self._parts.settings.publisher or self._site.title,
            language=spoken,
            entries=sorted(entries, key=lambda entry: entry.updated, reverse=True),
        )

    # One difference

    async def difference(self, request: Request) -> Response:
        """`GET /changes/{from}..{to}`: page, JSON, RDF Patch, or N-Quads of what came
        (`?part=added`) or went (`?part=removed`); `?dataset=` and `?entity=` narrow it.
        `current` stands for the current release. Raises what `ReleaseHistory.changes` raises."""
        match = _SPAN.fullmatch(request.path_params["span"])
        if match is None:
            raise PageNotFound(
                Text(
                    ja="差分のアドレスは /changes/{前のリリース}..{後のリリース} です。",
                    en="A difference has the address /changes/{release}..{release}.",
                ),
                hint=Text(
                    ja="/changes にリリースの一覧があります。", en="/changes lists the releases."
                ),
            )
        old, new, suffix = match["old"], match["new"], match["suffix"]
        if new == "current":
            return self._to_current(request, old, suffix)
        stem = f"{self._addresses.root}/changes/{old}..{new}"
        narrowed = Narrowed.of(request)
        try:
            asked = self._documents.asked(request, _DIFFERENCE, stem, suffix)
        except NoneAcceptable as error:
            raise NoneAcceptable(narrowed.alternatives(error.alternatives)) from error
        asked = replace(asked, alternatives=narrowed.alternatives(asked.alternatives))
        if asked.format is Formats.N_QUADS.value:
            narrowed.check_part()
        found = await self._history.changes(old, new)
        narrowed.check(found.summary)
        if asked.html:
            manifest = self._parts.snapshots.get().manifest

            def make() -> bytes:
                return self._page(request, found, narrowed, asked)

            key = tuple(map(str, narrowed.key()))
            return self._documents.answer(request, manifest, asked, make, key=key)
        return self._streamed(request, found, asked, narrowed)

    def _to_current(self, request: Request, old: str, suffix: str | None) -> Response:
        current = self._parts.snapshots.get().manifest.id
        end = f".{suffix}" if suffix else ""
        query = request.url.query
        address = f"{self._addresses.root}/changes/{old}..{current}{end}"
        headers = (
            (b"location", f"{address}{f'?{query}' if query else ''}".encode("ascii", "ignore")),
            (b"cache-control", b"no-cache"),
            VARY,
        )
        return Reply(b"", 307, headers)

    def _streamed(
        self, request: Request, found: ChangeSet, asked: Asked, narrowed: Narrowed
    ) -> Response:
        parts = (found.folder.name, asked.format.id, *map(str, narrowed.key()))
        digest = blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=12)
        etag = f'"{digest.hexdigest()}"'
        headers: list[tuple[bytes, bytes]] = [
            (b"etag", etag.encode()),
            _FOR_EVER,
            VARY,
        ]
        if matches(request.headers.get("if-none-match"), etag):
            return Reply(b"", 304, headers)
        headers.append((b"content-type", asked.format.content_type.encode()))
        return StreamedBody(self._body(found, asked, narrowed), headers)

    def _body(self, found: ChangeSet, asked: Asked, narrowed: Narrowed) -> Iterator[bytes]:
        if asked.format is Formats.RDF_PATCH.value:
            return found.patch(narrowed.dataset, narrowed.entity)
        if asked.format is Formats.N_QUADS.value:
            operation = narrowed.operation or Operation.ADD
            return found.quads(operation, narrowed.dataset, narrowed.entity)
        return self._as_summary(found, narrowed)

    def _as_summary(self, found: ChangeSet, narrowed: Narrowed) -> Iterator[bytes]:
        """JSON; a generator, so that files are read in the thread that sends it."""
        summary, changed = found.narrowed(narrowed.dataset, narrowed.entity)
        body = change_sets.as_json(summary)
        entities = change_sets.listed(changed, narrowed.offset, narrowed.limit)
        body["entities"] = [
            {"iri": e.iri, "kind": e.kind, "added": e.added, "removed": e.removed} for e in entities
        ]
        yield orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)

    def _page(self, request: Request, found: ChangeSet, narrowed: Narrowed, asked: Asked) -> bytes:
        stem = f"{self._addresses.root}/changes/{found.folder.name}"
        spoken = asked.language
        summary, changed = found.narrowed(narrowed.dataset, narrowed.entity)
        by_kind: dict[str, list[EntityLine]] = {"new": [], "gone": [], "changed": []}
        for entity in changed:
            lines = by_kind[entity.kind]
            if len(lines) < _SHOWN:
                lines.append(self._line(entity, stem))
            elif all(len(lines) >= _SHOWN for lines in by_kind.values()):
                break
        came, went = narrowed.fields("added"), narrowed.fields("removed")
        page = DifferencePage(
            summary,
            tuple(self._dataset(d, stem, spoken) for d in summary.datasets),
            tuple(by_kind["new"]),
            tuple(by_kind["gone"]),
            tuple(by_kind["changed"]),
            formats=(
                (
                    Formats.RDF_PATCH.value.media_type,
                    f"{stem}.rdfp{narrowed.fields()}",
                    "RDF Patch",
                ),
                (Formats.N_QUADS.value.media_type, f"{stem}.nq{came}", "N-Quads +"),
                (Formats.N_QUADS.value.media_type, f"{stem}.nq{went}", "N-Quads −"),
                (Formats.JSON.value.media_type, f"{stem}.json{narrowed.fields()}", "JSON"),
            ),
            back=f"{self._addresses.root}/changes",
        )
        title = self._site.word("changes.difference", spoken)
        return self._site.render("difference.html", page, spoken, request, title=title)

    def _dataset(
        self, dataset: change_sets.DatasetChange, stem: str, spoken: Language
    ) -> DatasetLine:
        has_page = bool(dataset.title)
        return DatasetLine(
            title=dataset.title.get(spoken) or dataset.name,
            href=self._addresses.dataset(dataset.name) if has_page else None,
            before=dataset.before,
            after=dataset.after,
            added=dataset.added,
            removed=dataset.removed,
            patch=f"{stem}.rdfp?{urlencode({'dataset': dataset.name})}",
        )

    def _line(self, entity: ChangedEntity, stem: str) -> EntityLine:
        iri = entity.iri
        base, href = self._addresses.base, None
        text = iri[len(base) :] if iri.startswith(base + "/") else short_name(iri)
        if self._addresses.is_ours(iri):
            href = self._addresses.thing(iri)
        elif self._addresses.has_page(iri):
            href = self._addresses.document(iri)
        patch = f"{stem}.rdfp?{urlencode({'entity': iri})}"
        return EntityLine(Link(text, iri, href), entity.added, entity.removed, patch)

    # The stream

    async def events(self, request: Request) -> Response:
        """`GET /events`: an event for each release that becomes current. Raises QueryOverload
        past the bound of listeners."""
        since = request.headers.get("last-event-id", "")[:80] or None
        headers = (
            (b"content-type", Formats.EVENTS.value.content_type.encode()),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),  # nginx would hold events back
        )
        if request.method == "HEAD":
            return Reply(b"", 200, headers)
        return StreamedBody(self._events.listen(since), headers)


def _created(manifest: Manifest | None, summary: Summary | None) -> datetime:
    if manifest is not None:
        return manifest.created
    return summary.created if summary is not None else datetime.fromtimestamp(0, UTC)


def _counts(manifest: Manifest) -> list[dict[str, Any]]:
    entries: Iterable[Any] = manifest.graphs.values()
    return [
        {"dataset": e.dataset, "graph": e.iri, "quads": e.quads, "modified": e.modified}
        for e in entries
    ]
