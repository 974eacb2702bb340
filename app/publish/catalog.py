"""The catalog: what each published data set is, as the release's manifest says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any

from pyoxigraph import NamedNode

from app.errors import Text
from app.rdf.namespaces import RDF
from app.store.base import GraphEntry, Manifest, Snapshot

VOCABULARY = "vocabulary"
"""Id of the graph that holds the labels of classes and properties."""


@dataclass(frozen=True, slots=True)
class DatasetAbout:
    """What the description of a data set says that pages show."""

    title: Text
    description: Text | None = None
    licence: str | None = None
    licence_title: str | None = None
    publisher: str | None = None
    source: str | None = None
    source_title: str | None = None
    keywords: tuple[str, ...] = ()
    frequency: str | None = None
    credit: str | None = None
    sample: bool = False


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
            if entry.dataset is not None
        }
        return tuple(found[name] for name in sorted(found))

    def card(self, manifest: Manifest, dataset: str) -> DatasetCard | None:
        """One data set by its id."""
        for iri, entry in manifest.graphs.items():
            if entry.dataset == dataset:
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
        about = replace(
            about,
            licence=about.licence or self._default_licence,
            publisher=about.publisher or self._default_publisher or None,
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


def read_about(about: Mapping[str, Any], dataset: str) -> DatasetAbout:
    """The part that pages show of a description as the manifest keeps it (the properties of a
    Frictionless Data Package and ours); what is missing there is missing here."""

    def text(name: str) -> Text | None:
        ja, en = about.get(name) or "", about.get(f"{name}_en") or ""
        return Text(ja or en, en or ja) if ja or en else None

    licence: dict[str, Any] = next(iter(about.get("licenses") or ()), {})
    source: dict[str, Any] = next(iter(about.get("sources") or ()), {})
    publishers = [
        body.get("title", "")
        for body in about.get("contributors") or ()
        if body.get("role", "publisher") == "publisher"
    ]
    return DatasetAbout(
        title=text("title") or Text(dataset, dataset),
        description=text("description"),
        licence=licence.get("path") or None,
        licence_title=licence.get("title") or None,
        publisher=about.get("publisher") or next(iter(publishers), None) or None,
        source=source.get("path") or about.get("homepage") or None,
        source_title=source.get("title") or None,
        keywords=tuple(about.get("keywords") or ()),
        frequency=about.get("accrualPeriodicity") or about.get("accrual_periodicity") or None,
        credit=about.get("credit") or None,
        sample=bool(about.get("sample")),
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
