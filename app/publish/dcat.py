"""The catalog in DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/), with the properties that DCAT-AP 3
and the open-data guide (オープンデータガイド 第2版) ask for: title, address, organisation,
creator, licence, tags, frequency, release date, size, format, last change, language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from pyoxigraph import Literal, NamedNode

from app.errors import Text
from app.publish import distributions, dumps, themes
from app.publish.about import Body
from app.publish.catalog import DatasetCard
from app.publish.distributions import Distribution
from app.publish.rdf_document import IANA, SPDX, VCARD, Graph
from app.rdf.formats import Formats
from app.rdf.namespaces import DCAT, DCTERMS, FOAF, RDFS, SKOS, XSD
from app.store.base import Manifest, Resource

_LANGUAGES: Final = {
    "ja": "http://publications.europa.eu/resource/authority/language/JPN",
    "en": "http://publications.europa.eu/resource/authority/language/ENG",
}
_PUBLIC: Final = "http://publications.europa.eu/resource/authority/access-right/PUBLIC"
_VOID_DATASET: Final = "http://rdfs.org/ns/void#Dataset"
_ZSTD: Final = IANA + "application/zstd"


@dataclass(frozen=True, slots=True)
class Site:
    """Who publishes, and where. `base` is the base IRI, `licence` that of the catalog itself."""

    base: str
    title: str
    publisher: str
    licence: str

    @property
    def catalog(self) -> str:
        """The IRI of the catalog."""
        return f"{self.base}/catalog"

    @property
    def endpoint(self) -> str:
        """The IRI of the SPARQL endpoint, which is its address."""
        return f"{self.base}/sparql"

    def dataset(self, dataset: str) -> str:
        """The IRI of a data set."""
        return f"{self.base}/dataset/{dataset}"

    def dump(self, name: str) -> str:
        """The address of a dump."""
        return f"{self.base}/dumps/{name}"


def catalog_graph(manifest: Manifest, cards: Sequence[DatasetCard], site: Site) -> Graph:
    """The catalog with all its data sets."""
    graph = Graph()
    catalog = NamedNode(site.catalog)
    graph.type(catalog, DCAT + "Catalog")
    graph.text(catalog, DCTERMS + "title", Text(site.title, site.title))
    graph.text(
        catalog,
        DCTERMS + "description",
        Text(
            ja=f"{site.title}が公開するデータセットの一覧です。",
            en=f"The data sets that {site.title} publishes.",
        ),
    )
    publisher = Body(Text(site.publisher or site.title, site.publisher or site.title), "publisher")
    graph.add(catalog, DCTERMS + "publisher", _agent(graph, publisher, site))
    graph.link(catalog, DCTERMS + "language", *_LANGUAGES.values())
    graph.link(catalog, DCTERMS + "license", site.licence)
    graph.link(catalog, FOAF + "homepage", f"{site.base}/")
    graph.moment(catalog, DCTERMS + "modified", manifest.created)
    graph.plain(catalog, DCAT + "version", manifest.id)
    if any(card.about.themes for card in cards):
        graph.link(catalog, DCAT + "themeTaxonomy", themes.SPACE)
        scheme = NamedNode(themes.SPACE)
        graph.type(scheme, SKOS + "ConceptScheme")
        graph.text(scheme, DCTERMS + "title", Text("データの分野", "Data themes"))
    # When the first of them was published, as far as they say.
    graph.date(
        catalog,
        DCTERMS + "issued",
        min(filter(None, (c.about.issued for c in cards)), default=None),
    )
    service = NamedNode(site.endpoint)
    graph.add(catalog, DCAT + "service", service)
    for card in cards:
        graph.link(catalog, DCAT + "dataset", site.dataset(card.id))
    _service(graph, service, cards, site)
    graph.add(service, DCTERMS + "publisher", _agent(graph, publisher, site))
    files = distributions.by_dataset(manifest)
    for card in cards:
        _dataset(graph, card, files.get(card.id, ()), site)
    for file in files.get(dumps.ALL, ()):
        whole = NamedNode(f"{site.catalog}#{dumps.ALL}-{file.key}")
        graph.add(catalog, DCAT + "distribution", whole)
        title = Text(f"{site.title}（すべて）", f"All of {site.title}")
        _file(graph, whole, title, site.catalog, file, site)
        graph.link(whole, DCTERMS + "license", site.licence)
        graph.moment(whole, DCTERMS + "modified", manifest.created)
    return graph


def dataset_graph(manifest: Manifest, card: DatasetCard, site: Site) -> Graph:
    """One data set with its distributions."""
    graph = Graph()
    _dataset(graph, card, distributions.by_dataset(manifest).get(card.id, ()), site)
    graph.link(NamedNode(site.catalog), DCAT + "dataset", site.dataset(card.id))
    return graph


def _dataset(graph: Graph, card: DatasetCard, files: Sequence[Distribution], site: Site) -> None:
    about, dataset = card.about, NamedNode(site.dataset(card.id))
    graph.type(dataset, DCAT + "Dataset", _VOID_DATASET)
    graph.text(dataset, DCTERMS + "title", about.title)
    graph.text(dataset, DCTERMS + "description", about.description or about.title)
    graph.plain(dataset, DCTERMS + "identifier", dataset.value)
    for body in about.of_role("publisher")[:1]:
        graph.add(dataset, DCTERMS + "publisher", _agent(graph, body, site))
    # The creator is strongly recommended: without one the publisher made it.
    for body in about.of_role("creator") or about.of_role("publisher")[:1]:
        graph.add(dataset, DCTERMS + "creator", _agent(graph, body, site))
    for body in about.of_role("contributor"):
        graph.add(dataset, DCTERMS + "contributor", _agent(graph, body, site))
    _contact(graph, dataset, about.bodies)
    graph.link(dataset, DCTERMS + "license", about.licence)
    graph.link(dataset, DCTERMS + "accessRights", _PUBLIC)
    if about.credit:
        rights = graph.node(dataset, DCTERMS + "rights", DCTERMS + "RightsStatement")
        graph.plain(rights, RDFS + "label", about.credit)
    for keyword in about.keywords:
        language = "en" if keyword.isascii() else "ja"
        graph.add(dataset, DCAT + "keyword", _tagged(keyword, language))
    for theme in about.themes:
        _theme(graph, dataset, theme)
    graph.link(dataset, DCTERMS + "accrualPeriodicity", about.frequency)
    graph.date(dataset, DCTERMS + "issued", about.issued)
    graph.moment(dataset, DCTERMS + "modified", card.modified)
    graph.link(dataset, DCTERMS + "language", *_languages(about.title))
    graph.link(dataset, DCTERMS + "spatial", about.spatial)
    _period(graph, dataset, about.temporal)
    graph.link(dataset, DCTERMS + "source", about.source)
    graph.link(dataset, DCAT + "landingPage", f"{dataset.value}.html")
    graph.plain(dataset, DCAT + "version", about.version)
    graph.link(dataset, "http://rdfs.org/ns/void#sparqlEndpoint", site.endpoint)
    graph.number(dataset, "http://rdfs.org/ns/void#triples", card.quads)
    for file in files:
        _distribution(graph, dataset, card, file, site)
    _query(graph, dataset, card, site)


def _distribution(
    graph: Graph, dataset: NamedNode, card: DatasetCard, file: Distribution, site: Site
) -> None:
    distribution = NamedNode(f"{dataset.value}#{file.key}")
    label, about = file.label, card.about
    graph.add(dataset, DCAT + "distribution", distribution)
    title = Text(f"{about.title.ja} ({label.ja})", f"{about.title.en} ({label.en})")
    _file(graph, distribution, title, dataset.value, file, site)
    graph.link(distribution, DCTERMS + "license", card.about.licence)
    graph.date(distribution, DCTERMS + "issued", card.about.issued)
    graph.moment(distribution, DCTERMS + "modified", card.modified)
    if file.format.rdf is not None:  # labels in both languages; a table has those it came with
        graph.link(distribution, DCTERMS + "language", *_languages(card.about.title))


def _file(
    graph: Graph, distribution: NamedNode, title: Text, page: str, file: Distribution, site: Site
) -> None:
    """What a file is, how large, and where; `page` without suffix is what tells of it."""
    graph.type(distribution, DCAT + "Distribution")
    graph.text(distribution, DCTERMS + "title", title)
    graph.link(distribution, DCAT + "accessURL", f"{page}.html")
    graph.link(distribution, DCAT + "downloadURL", site.dump(file.path))
    graph.link(distribution, DCAT + "mediaType", IANA + file.format.media_type)
    graph.link(distribution, DCTERMS + "format", IANA + file.format.media_type)
    if file.packed:
        graph.link(distribution, DCAT + "compressFormat", _ZSTD)
    size = XSD + "nonNegativeInteger"
    graph.typed(distribution, DCAT + "byteSize", str(file.bytes), size)
    checksum = graph.node(distribution, SPDX + "checksum", SPDX + "Checksum")
    graph.link(checksum, SPDX + "algorithm", SPDX + "checksumAlgorithm_sha256")
    graph.typed(checksum, SPDX + "checksumValue", file.sha256, XSD + "hexBinary")


def _query(graph: Graph, dataset: NamedNode, card: DatasetCard, site: Site) -> None:
    """The data set through the endpoint: a distribution that is a service."""
    distribution = NamedNode(f"{dataset.value}#sparql")
    graph.add(dataset, DCAT + "distribution", distribution)
    graph.type(distribution, DCAT + "Distribution")
    title = Text(f"{card.about.title.ja} (SPARQL)", f"{card.about.title.en} (SPARQL)")
    graph.text(distribution, DCTERMS + "title", title)
    graph.link(distribution, DCAT + "accessURL", site.endpoint)
    graph.link(distribution, DCAT + "accessService", site.endpoint)
    graph.link(distribution, DCTERMS + "format", IANA + Formats.RESULTS_JSON.value.media_type)
    graph.link(distribution, DCTERMS + "license", card.about.licence)
    graph.moment(distribution, DCTERMS + "modified", card.modified)


def _service(graph: Graph, service: NamedNode, cards: Sequence[DatasetCard], site: Site) -> None:
    graph.type(service, DCAT + "DataService")
    graph.text(service, DCTERMS + "title", Text("SPARQL エンドポイント", "SPARQL endpoint"))
    graph.link(service, DCAT + "endpointURL", site.endpoint)
    graph.link(service, DCAT + "endpointDescription", site.endpoint)
    graph.link(service, DCTERMS + "conformsTo", "https://www.w3.org/TR/sparql11-protocol/")
    graph.link(service, DCTERMS + "license", site.licence)
    for card in cards:
        graph.link(service, DCAT + "servesDataset", site.dataset(card.id))


def _agent(graph: Graph, body: Body, site: Site) -> Resource:
    agent = NamedNode(agent_iri(body, site))
    graph.type(agent, FOAF + "Agent", FOAF + "Organization")
    graph.text(agent, FOAF + "name", body.name)
    graph.link(agent, FOAF + "homepage", body.homepage)
    return agent


def agent_iri(body: Body, site: Site) -> str:
    """The IRI of an organisation: a part of the catalog, by its name."""
    name = "".join(c if c.isalnum() or c in "-._~" else "-" for c in body.name.ja)
    return f"{site.catalog}#{name}"


def _theme(graph: Graph, dataset: NamedNode, theme: str) -> None:
    iri = themes.theme_iri(theme)
    graph.link(dataset, DCAT + "theme", iri)
    if iri.startswith(themes.SPACE):
        concept = NamedNode(iri)
        graph.type(concept, SKOS + "Concept")
        graph.text(concept, SKOS + "prefLabel", themes.theme_name(theme))
        graph.link(concept, SKOS + "inScheme", themes.SPACE)


def _contact(graph: Graph, dataset: NamedNode, bodies: Sequence[Body]) -> None:
    """Whom to ask: a contact, else whoever left a mail address or a home page."""
    ordered = sorted(
        bodies, key=lambda b: (b.role != "contact", not b.email, b.role != "publisher")
    )
    reachable = [
        body for body in ordered if body.email or body.homepage or body.role == "publisher"
    ]
    for body in reachable[:1]:
        contact = graph.node(dataset, DCAT + "contactPoint", VCARD + "Organization")
        graph.text(contact, VCARD + "fn", body.name)
        graph.link(contact, VCARD + "hasEmail", f"mailto:{body.email}" if body.email else None)
        graph.link(contact, VCARD + "hasURL", body.homepage)


def _period(graph: Graph, dataset: NamedNode, temporal: str | None) -> None:
    if not temporal:
        return
    start, slash, end = temporal.partition("/")
    period = graph.node(dataset, DCTERMS + "temporal", DCTERMS + "PeriodOfTime")
    graph.date(period, DCAT + "startDate", start)
    graph.date(period, DCAT + "endDate", end if slash else start)


def _languages(text: Text) -> tuple[str, ...]:
    return tuple(_LANGUAGES.values()) if text.en != text.ja else (_LANGUAGES["ja"],)


def _tagged(text: str, language: str) -> Literal:
    return Literal(text, language=language)
