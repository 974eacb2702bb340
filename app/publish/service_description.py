"""What the SPARQL endpoint can do and what it holds: the SPARQL 1.1 service description
(https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import NamedNode

from app.errors import Text
from app.publish.catalog import DatasetCard
from app.publish.dcat import Site
from app.publish.queries import SavedQuery
from app.publish.rdf_document import FORMATS_NS, Graph
from app.publish.void import PATH
from app.rdf.namespaces import DCTERMS, GEOF, PREFIXES, RDFS, SCHEMA, SD, SH, VOID, XSD
from app.store.base import Manifest
from app.store.workers import lexer

_RESULTS: Final = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV",
                   "SPARQL_Results_TSV", "Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG",
                   "N-Quads")  # fmt: skip


_FUNCTIONS: Final = (
    *("asGeoJSON", "centroid", "convexHull", "distance", "envelope", "getSRID", "relate"),
    *("sfContains", "sfCrosses", "sfDisjoint", "sfEquals", "sfIntersects", "sfOverlaps"),
    *("sfTouches", "sfWithin", "ehContains", "ehCoveredBy", "ehCovers", "ehDisjoint"),
    *("ehEquals", "ehInside", "ehMeet", "ehOverlap", "rcc8dc", "rcc8ec", "rcc8eq", "rcc8ntpp"),
    *("rcc8ntppi", "rcc8po", "rcc8tpp", "rcc8tppi"),
)
"""Functions of GeoSPARQL that the engine has, beyond those of SPARQL 1.1."""

_EXECUTABLES: Final = {
    "select": ("SPARQLSelectExecutable", "select"),
    "construct": ("SPARQLConstructExecutable", "construct"),
    "ask": ("SPARQLAskExecutable", "ask"),
}
"""Classes and properties of SHACL for a query, by its form."""


def service_graph(
    manifest: Manifest,
    cards: Sequence[DatasetCard],
    site: Site,
    *,
    union: bool,
    examples: Sequence[SavedQuery] = (),
) -> Graph:
    """The description. `union` says that the default graph is the union of the named ones;
    `examples` are queries to begin with."""
    graph = Graph()
    service = NamedNode(site.endpoint)
    graph.type(service, SD + "Service")
    graph.text(service, DCTERMS + "title", Text(f"{site.title} SPARQL", f"{site.title} SPARQL"))
    graph.link(service, SD + "endpoint", site.endpoint)
    graph.link(service, SD + "supportedLanguage", SD + "SPARQL11Query")
    graph.link(service, SD + "resultFormat", *(FORMATS_NS + name for name in _RESULTS))
    graph.link(service, DCTERMS + "license", site.licence)
    if union:
        graph.link(service, SD + "feature", SD + "UnionDefaultGraph")
    dataset = graph.node(service, SD + "defaultDataset", SD + "Dataset")
    graph.text(dataset, DCTERMS + "title", Text(site.title, site.title))
    graph.moment(dataset, DCTERMS + "modified", manifest.created)
    default = graph.node(dataset, SD + "defaultGraph", SD + "Graph")
    graph.number(default, VOID + "triples", manifest.quads if union else 0)
    graph.moment(default, DCTERMS + "modified", manifest.created)
    titles = {card.graph: (card, site.dataset(card.id)) for card in cards}
    for iri, entry in manifest.graphs.items():
        named = graph.node(dataset, SD + "namedGraph", SD + "NamedGraph")
        graph.link(named, SD + "name", iri)
        inside = graph.node(named, SD + "graph", SD + "Graph")
        graph.number(inside, VOID + "triples", entry.quads)
        graph.moment(inside, DCTERMS + "modified", entry.modified)
        if iri in titles:
            card, described = titles[iri]
            graph.text(inside, DCTERMS + "title", card.about.title)
            graph.link(inside, DCTERMS + "source", described)
    # How VoID says where the rest is told (https://www.w3.org/TR/void/#discovery).
    graph.link(service, VOID + "inDataset", f"{site.base}{PATH}#all")
    for name in _FUNCTIONS:
        graph.link(service, SD + "extensionFunction", GEOF + name)
        graph.type(NamedNode(GEOF + name), SD + "Function")
    for prefix, namespace in PREFIXES.items():
        declaration = graph.node(service, SH + "declare")
        graph.plain(declaration, SH + "prefix", prefix)
        graph.typed(declaration, SH + "namespace", namespace, XSD + "anyURI")
    for example in examples:
        _add_example(graph, example, site)
    return graph


def _add_example(graph: Graph, query: SavedQuery, site: Site) -> None:
    """A query as SHACL describes it (https://www.w3.org/TR/shacl/#sparql-constraints-prefixes ,
    https://www.w3.org/TR/shacl-af/#SPARQLExecutable), as editors and federations look for them."""
    found = _EXECUTABLES.get(lexer.form(query.text) or "")
    if found is None:
        return
    kind, property = found
    node = NamedNode(f"{site.base}/queries/{query.name}")
    graph.type(node, SH + "SPARQLExecutable", SH + kind)
    graph.text(node, RDFS + "label", query.summary)
    graph.text(node, RDFS + "comment", query.description)
    graph.plain(node, SH + property, query.with_values())
    graph.link(node, SH + "prefixes", site.endpoint)
    graph.link(node, SCHEMA + "target", site.endpoint)
    for tag in query.tags:
        graph.plain(node, SCHEMA + "keywords", tag)
