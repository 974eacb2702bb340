"""What the web application is made of. `app.bootstrap` chooses the concrete parts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from app.codes.terms import TermTable
from app.metrics import Metrics, NullMetrics
from app.publish.catalog import Catalog
from app.publish.history import ReleaseHistory
from app.publish.key_ring import Trust
from app.publish.labels import Labels
from app.publish.queries import SavedQuery
from app.publish.workbench.bench import Workbench
from app.publish.writes import Writes
from app.settings import Settings
from app.store.base import QueryService, Snapshot


class Snapshots(Protocol):
    """Gives the release that is served now."""

    def get(self) -> Snapshot:
        """The current release, reopened when it was replaced. Called for each request, so it
        must cost microseconds. Raises ReleaseNotFound before the first publish."""


@dataclass(frozen=True, slots=True)
class WebParts:
    """Settings, and the parts that answer."""

    settings: Settings
    snapshots: Snapshots
    queries: QueryService
    labels: Labels
    catalog: Catalog
    writes: Writes | None = None
    """None where nothing can be written over HTTP."""
    metrics: Metrics = field(default_factory=NullMetrics)
    terms: TermTable = field(default_factory=lambda: TermTable(()))
    """The vocabularies that have pages here."""
    saved_queries: tuple[SavedQuery, ...] = field(default=())
    """Offered on the SPARQL page as examples."""
    history: ReleaseHistory | None = None
    """The releases over time; None: only the current one is known."""
    trust: Trust | None = None
    """The key that signs releases, and their signatures; None: there are none."""
    workbench: Workbench | None = None
    """The steward's pages; None: there are none."""
