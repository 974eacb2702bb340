"""`/dataset/{id}`: a data set, what it holds and on what terms."""

from __future__ import annotations

from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.errors import DatasetNotFound, Language, PageNotFound, Text
from app.publish import distributions, quality_report
from app.publish.catalog import DatasetCard
from app.publish.credit import credit_line, editing_notice
from app.publish.dcat import dataset_graph
from app.publish.entity import EntityReader
from app.publish.first_rows import first_rows
from app.publish.first_things import FirstThings, first_things
from app.publish.labels import choose
from app.rdf.formats import Formats
from app.rdf.namespaces import GEO, SAC
from app.store.base import Snapshot
from app.web.addresses import Addresses
from app.web.dataset_context import DatasetPage, Distribution, Preview, Usage, Version
from app.web.documents import HTML, RDF_FORMATS, Asked, Documents
from app.web.entity_context import Link
from app.web.entity_page import EntityPages
from app.web.names import file_size, frequency_name, licence_name
from app.web.pages.catalog import site_of
from app.web.pages.home import example_links
from app.web.parts import WebParts
from app.web.quality_view import quality
from app.web.rendering import Site
from app.web.scripts import MapSources
from app.web.structured_catalog import dataset_data

_CLASSES = 50
_PROPERTIES = 100
_EXAMPLES = 4
_VALUES = 3  # of one property in a cell of the preview
_VERSIONS = 10
_OFFERS = (HTML, *RDF_FORMATS)
_QUERY = """\
SELECT ?thing ?label WHERE {
  GRAPH <%s> { ?thing rdfs:label ?label }
}
LIMIT 100
"""


class DatasetEndpoint:
    """Answers the page of a data set."""

    def __init__(self, parts: WebParts, site: Site, pages: EntityPages) -> None:
        self._parts = parts
        self._site = site
        self._pages = pages
        self._documents = Documents(site)
        self._about = site_of(parts.settings)
        self._addresses = Addresses(parts.settings.base_iri)
        self._maps = MapSources(parts.settings)

    async def show(self, request: Request) -> Response:
        """`GET /dataset/{id}[.suffix]`. Raises DatasetNotFound."""
        snapshot = self._parts.snapshots.get()
        name, suffix = request.path_params["dataset"], None
        card = self._parts.catalog.card(snapshot.manifest, name)
        if card is None:
            stem, dot, ending = name.rpartition(".")
            card = self._parts.catalog.card(snapshot.manifest, stem) if dot else None
            suffix = ending
        if card is None:
            raise _unknown(name)
        found = card
        asked = self._documents.asked(request, _OFFERS, self._addresses.dataset(found.id), suffix)

        def make() -> bytes:
            if not asked.html:
                graph = dataset_graph(snapshot.manifest, found, self._about)
                return graph.write(asked.format)
            page = self._page(snapshot, found, asked)
            return self._site.render(
                "dataset.html",
                page,
                asked.language,
                request,
                title=page.title,
                description=page.description or "",
                alternates=tuple((a.media_type, a.href) for a in page.downloads),
                structured_data=dataset_data(
                    found,
                    distributions.by_dataset(snapshot.manifest).get(found.id, ()),
                    self._about,
                    asked.language,
                ),
            )

        # What has been compared since the release was made belongs to the tag.
        versions = self._versions(found) if asked.html else ()
        key = tuple(version.release for version in versions)
        return self._documents.answer(request, snapshot.manifest, asked, make, key=key)

    async def quality(self, request: Request) -> Response:
        """`GET /dataset/{id}/quality.json`: the whole report of the check. Raises
        DatasetNotFound, PageNotFound."""
        snapshot = self._parts.snapshots.get()
        name = request.path_params["dataset"]
        if self._parts.catalog.card(snapshot.manifest, name) is None:
            raise _unknown(name)
        report = quality_report.read(snapshot, name)
        if report is None:
            raise PageNotFound(
                Text(
                    ja="このデータセットの品質の報告はありません。",
                    en="There is no report on the quality of this data set.",
                )
            )
        asked = Asked(Formats.JSON.value, self._documents.language(request))
        return self._documents.answer(
            request,
            snapshot.manifest,
            asked,
            lambda: orjson.dumps(report, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE),
        )

    def _page(self, snapshot: Snapshot, card: DatasetCard, asked: Asked) -> DatasetPage:
        about, pages, spoken = card.about, self._pages, asked.language
        root = self._addresses.root
        contact = next((body for body in about.bodies if body.email), None)
        files = distributions.by_dataset(snapshot.manifest).get(card.id, ())
        report = quality_report.read(snapshot, card.id)
        address = self._about.dataset(card.id)
        notice = editing_notice(about, address, licence_name(about.licence))
        reader = EntityReader(snapshot)
        first = first_things(reader, card)
        classes = sorted(card.classes.items(), key=lambda item: (-item[1], item[0]))
        properties = sorted(card.properties.items(), key=lambda item: (-item[1], item[0]))
        licence = about.licence
        return DatasetPage(
            title=about.title.in_language(spoken),
            description=about.description.in_language(spoken) if about.description else None,
            publisher=about.publisher,
            licence=pages.link(licence, about.licence_title or licence_name(licence))
            if licence
            else None,
            source=pages.link(about.source, about.source_title) if about.source else None,
            frequency=frequency_name(about.frequency).in_language(spoken)
            if about.frequency
            else None,
            credit=credit_line(about, address, licence_name(about.licence)).in_language(spoken),
            notice=notice.in_language(spoken) if notice is not None else None,
            keywords=about.keywords,
            graph=card.graph,
            main=Usage(
                pages.term(first.class_, spoken),
                pages.short(first.class_),
                card.classes[first.class_],
            )
            if first is not None
            else None,
            quads=card.quads,
            modified=card.modified,
            classes=tuple(
                Usage(
                    pages.term(iri, spoken),
                    pages.short(iri),
                    count,
                    example_links(snapshot, card, reader, pages, spoken, _EXAMPLES, iri),
                )
                for iri, count in classes[:_CLASSES]
            ),
            properties=tuple(
                Usage(pages.term(iri, spoken), pages.short(iri), count)
                for iri, count in properties[:_PROPERTIES]
            ),
            map=self._maps.of_graph(card.graph) if GEO + "lat" in card.properties else None,
            preview=self._preview(first, reader, spoken) if first is not None else None,
            tables=first_rows(snapshot, card.id),
            distributions=tuple(
                Distribution(
                    f.label.in_language(spoken),
                    f"{root}/dumps/{f.path}",
                    f.format.media_type,
                    file_size(f.bytes),
                    f.bytes,
                    f.sha256,
                )
                for f in files
            ),
            downloads=tuple(a for a in asked.alternatives if a.media_type != HTML.media_type),
            creators=tuple(
                pages.link(body.homepage, name) if body.homepage else Link(name, "")
                for body in about.of_role("creator")
                if (name := body.name.in_language(spoken))
            ),
            contact=pages.link(f"mailto:{contact.email}", contact.name.in_language(spoken))
            if contact
            else None,
            issued=about.issued,
            version=about.version,
            spatial=self._place(about.spatial, reader, spoken),
            temporal=about.temporal,
            languages=("日本語", "English") if about.title.en != about.title.ja else ("日本語",),
            address=address,
            sample=about.sample,
            quality=quality(report, f"{self._addresses.dataset(card.id)}/quality.json", spoken)
            if report is not None
            else None,
            versions=self._versions(card),
            query=f"{root}/sparql?{urlencode({'query': _QUERY % card.graph})}",
        )

    def _versions(self, card: DatasetCard) -> tuple[Version, ...]:
        """Releases in which the data set changed, as far as they were compared."""
        if self._parts.history is None:
            return ()
        root, found = self._addresses.root, []
        for step in self._parts.history.steps():
            change = next((d for d in step.datasets if d.name == card.id), None)
            if change is not None and (change.added or change.removed):
                stem = f"{root}/changes/{step.old}..{step.new}"
                patch = f"{stem}.rdfp?{urlencode({'dataset': card.id})}"
                day = step.created.date().isoformat()
                found.append(Version(step.new, day, change.added, change.removed, stem, patch))
        return tuple(found[:_VERSIONS])

    def _preview(self, found: FirstThings, reader: EntityReader, spoken: Language) -> Preview:
        pages = self._pages
        rows = tuple(
            (
                pages.link(thing.iri, thing.title(spoken)),
                tuple(
                    tuple(pages.value(value.term, reader, spoken) for value in values[:_VALUES])
                    for values in found.cells(thing)
                ),
            )
            for thing in found.things
        )
        return Preview(tuple(pages.term(iri, spoken) for iri in found.properties), rows)

    def _place(self, iri: str | None, reader: EntityReader, spoken: Language) -> Link | None:
        """The area that a data set covers: by name where we know a region with that code."""
        if iri is None:
            return None
        ours = iri
        if iri.startswith(SAC + "C"):
            ours = f"{self._addresses.base}/id/region/{iri[len(SAC) + 1 :]}"
        name = choose(reader.labels(ours), spoken)
        if name is None and iri == SAC + "C00000":
            name = self._site.word("dataset.japan", spoken)
        known = reader.find((ours,)) is not None
        return self._pages.link(ours if known else iri, name)


def _unknown(name: str) -> DatasetNotFound:
    return DatasetNotFound(
        Text(
            ja=f"データセット {name} は公開されていません。",
            en=f"There is no published data set {name}.",
        ),
        hint=Text(ja="カタログに一覧があります。", en="The catalog lists the data sets."),
    )
