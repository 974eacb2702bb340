"""The catalog: what each published data set is, as the release's manifest says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from pyoxigraph import NamedNode

from app.errors import Text
from app.publish.about import Body, DatasetAbout, read_about
from app.rdf.namespaces import RDF
from app.store.base import GraphEntry, Manifest, Snapshot

VOCABULARY = "vocabulary"
"""Id of the graph that holds the labels of classes and properties."""


@dataclass(frozen=True, slots=True)
class DatasetCard:
    """A data set as a release holds it. Counts come from the manifest, never from the store."""

    id: str
    graph: str
    about: DatasetAbout
    quads: int
    subjects: int
    modified: datetime
    classes: Mapping[str, int] = field(default_factory=dict)
    properties: Mapping[str, int] = field(default_factory=dict)


class Catalog:
    """The data sets of a release, described."""

    def __init__(self, default_licence: str, default_publisher: str = "") -> None:
        self._default_licence = default_licence
        self._default_publisher = default_publisher

    def cards(self, manifest: Manifest) -> tuple[DatasetCard, ...]:
        """All data sets of a release by id; graphs that belong to none are left out."""
        found = {
            entry.dataset: self._card(entry.dataset, iri, entry)
            for iri, entry in manifest.graphs.items()
            if entry.dataset is not None and entry.loaded_with is None
        }
        return tuple(found[name] for name in sorted(found))

    def card(self, manifest: Manifest, dataset: str) -> DatasetCard | None:
        """One data set by its id."""
        for iri, entry in manifest.graphs.items():
            if entry.dataset == dataset and entry.loaded_with is None:
                return self._card(dataset, iri, entry)
        return None

    def of_graph(self, manifest: Manifest, graph: str) -> DatasetCard | None:
        """The data set whose statements a named graph holds."""
        entry = manifest.graphs.get(graph)
        if entry is None or entry.dataset is None:
            return None
        return self._card(entry.dataset, graph, entry)

    def _card(self, dataset: str, graph: str, entry: GraphEntry) -> DatasetCard:
        about = read_about(entry.about, dataset)
        publisher = about.publisher or self._default_publisher or None
        bodies = about.bodies
        if publisher and not any(body.role == "publisher" for body in bodies):
            bodies = (*bodies, Body(Text(publisher, publisher), "publisher"))
        about = replace(
            about,
            licence=about.licence or self._default_licence,
            publisher=publisher,
            bodies=bodies,
        )
        return DatasetCard(
            id=dataset,
            graph=graph,
            about=about,
            quads=entry.quads,
            subjects=entry.subjects,
            modified=entry.modified,
            classes=entry.classes,
            properties=entry.properties,
        )


def examples(snapshot: Snapshot, card: DatasetCard, class_: str, limit: int) -> tuple[str, ...]:
    """IRIs of a few instances of a class in one data set."""
    quads = snapshot.quads(
        predicate=NamedNode(RDF + "type"),
        object=NamedNode(class_),
        graph=NamedNode(card.graph),
        limit=4 * limit,
    )
    named = (quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode))
    return tuple(islice(dict.fromkeys(named), limit))
