"""What the SPARQL endpoint can do and what it holds: the SPARQL 1.1 service description
(https://www.w3.org/TR/sparql11-service-description/)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from pyoxigraph import NamedNode

from app.errors import Text
from app.publish.catalog import DatasetCard
from app.publish.dcat import Site
from app.publish.rdf_document import FORMATS_NS, Graph
from app.publish.void import PATH
from app.rdf.namespaces import DCTERMS, SD, VOID
from app.store.base import Manifest

_RESULTS: Final = ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV",
                   "SPARQL_Results_TSV", "Turtle", "N-Triples", "RDF_XML", "JSON-LD", "TriG",
                   "N-Quads")  # fmt: skip


def service_graph(
    manifest: Manifest, cards: Sequence[DatasetCard], site: Site, *, union: bool
) -> Graph:
    """The description. `union` says that the default graph is the union of the named ones."""
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
    return graph
