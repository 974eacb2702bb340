"""What publishing a data set would change, found without publishing it."""

from __future__ import annotations

from typing import BinaryIO

from app.errors import ReleaseNotFound
from app.findings import Findings
from app.mapping.execute import Mode
from app.publish.changes import Difference, by_entity, changes
from app.publish.convert import convert
from app.publish.dataset import Dataset
from app.publish.pipeline import fed_by
from app.store.base import Releases, Snapshot
from app.store.scratch import scratch_snapshot


def difference(
    dataset: Dataset, releases: Releases, findings: Findings, *, mode: Mode = Mode.LENIENT
) -> Difference:
    """Convert a data set beside the current release and compare. Raises what `convert` raises."""

    def produce(sink: BinaryIO) -> None:
        convert(dataset, sink.write, findings=findings, mode=mode, distinct=False)

    current = _current(releases)
    with (
        fed_by(produce) as quads,
        scratch_snapshot(quads, dataset.graph, base_iri=dataset.settings.base_iri) as candidate,
    ):
        found = changes(_only(current, dataset.graph), candidate, [dataset.graph])
        return by_entity(found, current, candidate)


def _current(releases: Releases) -> Snapshot | None:
    try:
        return releases.snapshot()
    except ReleaseNotFound:
        return None


def _only(snapshot: Snapshot | None, graph: str) -> Snapshot | None:
    """The snapshot, unless it does not have the graph."""
    return snapshot if snapshot is not None and graph in snapshot.manifest.graphs else None
