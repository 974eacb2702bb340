"""A store that lasts as long as a comparison: what a publish would give, without a release."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import NamedNode, RdfFormat, Store

from app.store.base import Manifest
from app.store.releases import storage_errors
from app.store.snapshot import EmbeddedSnapshot


@contextmanager
def scratch_snapshot(quads: BinaryIO, graph: str, *, base_iri: str) -> Iterator[EmbeddedSnapshot]:
    """A snapshot of some N-Quads in a temporary folder; quads without a graph go to `graph`.
    Raises StoreError (DiskFull)."""
    with tempfile.TemporaryDirectory(prefix="tsunagu-") as folder:
        with storage_errors(Path(folder)):
            store = Store(folder)
            store.bulk_load(quads, RdfFormat.N_QUADS, to_graph=NamedNode(graph), lenient=True)
        manifest = Manifest(
            id="scratch",
            created=datetime.now(UTC),
            software="",
            base_iri=base_iri,
            graphs={},
            files={},
        )
        yield EmbeddedSnapshot(manifest, store)
        del store
