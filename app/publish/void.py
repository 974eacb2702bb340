"""VoID (https://www.w3.org/TR/void/): how much is here, of what, and what it is linked to.

All counts stand in the manifest. Only linksets are read from the store, and of those only the
ones that can be read whole within a bound, so that a number that is stated is right.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from pyoxigraph import NamedNode

from app.errors import Text
from app.publish import dumps
from app.publish.about import Body
from app.publish.catalog import DatasetCard, examples
from app.publish.dcat import Site, agent_iri
from app.publish.rdf_document import FORMATS_NS, Graph
from app.rdf.namespaces import DCTERMS, FOAF, IC, PREFIXES, SAC, VOID
from app.store.base import GraphEntry, Snapshot

PATH: Final = "/.well-known/void"
_SAMPLED: Final = 20
_COUNTED: Final = 5_000  # statements of a property that are read to count links: 30 ms
_E_STAT: Final = "http://data.e-stat.go.jp/lod/"
_SYNTAXES: Final = ("Turtle", "N-Triples", "RDF_XML", "JSON-LD")


def void_graph(snapshot: Snapshot, cards: Sequence[DatasetCard], site: Site) -> Graph:
    """The description of all that is published, and of each data set."""
    graph = Graph()
    manifest = snapshot.manifest
    document = NamedNode(f"{site.base}{PATH}")
    everything = NamedNode(f"{site.base}{PATH}#all")
    graph.type(document, VOID + "DatasetDescription")
    title = Text(f"{site.title}の VoID 記述", f"VoID description of {site.title}")
    graph.text(document, DCTERMS + "title", title)
    graph.moment(document, DCTERMS + "modified", manifest.created)
    publisher = Body(Text(site.publisher or site.title, site.publisher or site.title), "publisher")
    graph.link(document, DCTERMS + "creator", agent_iri(publisher, site))
    graph.add(document, FOAF + "primaryTopic", everything)
    graph.type(everything, VOID + "Dataset")
    graph.text(everything, DCTERMS + "title", Text(site.title, site.title))
    graph.link(everything, DCTERMS + "license", site.licence)
    graph.moment(everything, DCTERMS + "modified", manifest.created)
    graph.link(everything, FOAF + "homepage", f"{site.base}/")
    graph.link(everything, VOID + "sparqlEndpoint", site.endpoint)
    graph.plain(everything, VOID + "uriSpace", f"{site.base}/id/")
    graph.link(everything, VOID + "feature", *(FORMATS_NS + name for name in _SYNTAXES))
    _counts(graph, everything, list(manifest.graphs.values()))
    vocabularies = _vocabularies(manifest.graphs.values(), f"{site.base}/def/")
    graph.link(everything, VOID + "vocabulary", *vocabularies)
    by_dataset = dumps.by_dataset(manifest)
    whole = by_dataset.get(dumps.ALL, ())
    graph.link(everything, VOID + "dataDump", *(site.dump(file.name) for file in whole))
    for card in cards:
        subset = NamedNode(site.dataset(card.id))
        graph.add(everything, VOID + "subset", subset)
        graph.type(subset, VOID + "Dataset")
        graph.text(subset, DCTERMS + "title", card.about.title)
        graph.link(subset, DCTERMS + "license", card.about.licence)
        graph.moment(subset, DCTERMS + "modified", card.modified)
        graph.link(subset, VOID + "sparqlEndpoint", site.endpoint)
        for file in by_dataset.get(card.id, ()):
            if file.format.rdf is not None:  # a data dump is RDF (section 3.2)
                graph.link(subset, VOID + "dataDump", site.dump(file.name))
                if not whole:
                    graph.link(everything, VOID + "dataDump", site.dump(file.name))
        for example in _example(snapshot, card):
            graph.link(subset, VOID + "exampleResource", example)
            graph.link(everything, VOID + "exampleResource", example)
        _counts(graph, subset, [manifest.graphs[card.graph]])
        _linksets(graph, subset, snapshot, card, site)
    return graph


def _counts(graph: Graph, dataset: NamedNode, entries: Sequence[GraphEntry]) -> None:
    classes, properties = (
        _summed(e.classes for e in entries),
        _summed(e.properties for e in entries),
    )
    graph.number(dataset, VOID + "triples", sum(entry.quads for entry in entries))
    graph.number(dataset, VOID + "distinctSubjects", sum(entry.subjects for entry in entries))
    graph.number(dataset, VOID + "classes", len(classes))
    graph.number(dataset, VOID + "properties", len(properties))
    for iri, count in classes.items():
        part = graph.node(dataset, VOID + "classPartition")
        graph.link(part, VOID + "class", iri)
        graph.number(part, VOID + "entities", count)
    for iri, count in properties.items():
        part = graph.node(dataset, VOID + "propertyPartition")
        graph.link(part, VOID + "property", iri)
        graph.number(part, VOID + "triples", count)


def _summed(all_counts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    total: dict[str, int] = {}
    for counts in all_counts:
        for iri, count in counts.items():
            total[iri] = total.get(iri, 0) + count
    return dict(sorted(total.items(), key=lambda item: (-item[1], item[0])))


def _vocabularies(entries: Iterable[GraphEntry], own: str) -> tuple[str, ...]:
    used = {iri for entry in entries for iri in (*entry.classes, *entry.properties)}
    known = (ns for ns in (*PREFIXES.values(), own) if any(iri.startswith(ns) for iri in used))
    return tuple(dict.fromkeys((*known, IC)))


def _example(snapshot: Snapshot, card: DatasetCard) -> tuple[str, ...]:
    """A thing of the data set with a page of its own."""
    ours = f"{snapshot.manifest.base_iri}/id/"
    for class_ in sorted(card.classes, key=lambda iri: -card.classes[iri]):
        for iri in examples(snapshot, card, class_, 5):
            if iri.startswith(ours) and "#" not in iri:
                return (iri,)
    return ()


def _linksets(
    graph: Graph, subset: NamedNode, snapshot: Snapshot, card: DatasetCard, site: Site
) -> None:
    """Links into the statistics bureau's data and into the regions described here."""
    regions = f"{site.base}/id/region/"
    for space, target in ((SAC, _E_STAT), (regions, site.dataset("regions"))):
        if target == subset.value:
            continue
        for predicate, count in _links_into(snapshot, card, space):
            name = predicate.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
            place = "e-stat" if space == SAC else "regions"
            linkset = NamedNode(f"{subset.value}#links-{place}-{name}")
            graph.type(linkset, VOID + "Linkset")
            graph.add(subset, VOID + "subset", linkset)
            graph.link(linkset, VOID + "linkPredicate", predicate)
            graph.add(linkset, VOID + "subjectsTarget", subset)
            graph.link(linkset, VOID + "objectsTarget", target)
            if count is not None:
                graph.number(linkset, VOID + "triples", count)
    if any(triple.object == NamedNode(_E_STAT) for triple in graph.triples):
        bureau = NamedNode(_E_STAT)
        graph.type(bureau, VOID + "Dataset")
        graph.text(bureau, DCTERMS + "title", Text("統計 LOD", "e-Stat Statistics LOD"))
        graph.plain(bureau, VOID + "uriSpace", SAC)


def _links_into(
    snapshot: Snapshot, card: DatasetCard, space: str
) -> Iterator[tuple[str, int | None]]:
    """Properties of a data set whose objects lie in an IRI space, with their number where all
    of them were read."""
    for predicate, statements in sorted(card.properties.items()):
        quads = snapshot.quads(
            predicate=NamedNode(predicate), graph=NamedNode(card.graph), limit=_COUNTED
        )
        first = list(islice(quads, _SAMPLED))
        if not any(_lies_in(quad.object, space) for quad in first):
            continue
        if statements > _COUNTED:
            yield predicate, None
        else:
            yield predicate, sum(_lies_in(q.object, space) for q in (*first, *quads))


def _lies_in(term: object, space: str) -> bool:
    return isinstance(term, NamedNode) and term.value.startswith(space)
