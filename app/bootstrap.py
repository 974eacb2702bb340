"""The only place that chooses concrete parts."""

from __future__ import annotations

from collections.abc import Sequence

from app import __version__
from app.codes.terms import TermTable
from app.errors import Language
from app.metrics import Metrics, PrometheusMetrics
from app.publish.catalog import Catalog
from app.publish.history import ReleaseHistory
from app.publish.key_ring import Trust, WatchedKeyRing
from app.publish.labels import VocabularyLabels
from app.publish.queries import load_queries
from app.publish.signing import signing_key
from app.publish.workbench.bench import Workbench
from app.publish.writes import Writes
from app.quality.report import CheckReport
from app.settings import Settings
from app.store.base import QueryService, Releases
from app.store.embedded import CurrentSnapshot, EmbeddedReleases
from app.store.workers.pool import WorkerPool
from app.store.writing.rewrite import EmbeddedRewriter
from app.web import check_report
from app.web.parts import WebParts


def open_releases(settings: Settings) -> Releases:
    """The releases of the data directory."""
    return _embedded(settings)


def query_service(settings: Settings, metrics: Metrics | None = None) -> QueryService:
    """Query processes over the current release of the data directory."""
    return WorkerPool(_embedded(settings), settings, metrics)


def web_parts(settings: Settings) -> WebParts:
    """All that the web application is made of."""
    terms = TermTable.load(settings.vocab_dir, base_iri=settings.base_iri)
    releases, metrics = _embedded(settings), PrometheusMetrics()
    return WebParts(
        settings=settings,
        snapshots=CurrentSnapshot(releases),
        queries=query_service(settings, metrics),
        writes=Writes(EmbeddedRewriter(releases, settings), releases, settings, metrics),
        metrics=metrics,
        labels=VocabularyLabels(terms),
        catalog=Catalog(settings.default_licence, settings.publisher),
        terms=terms,
        saved_queries=load_queries(settings.sparql_dir),
        history=ReleaseHistory(releases, settings),
        trust=trust(settings),
        workbench=Workbench(settings, open_releases),
    )


def trust(settings: Settings) -> Trust:
    """The public keys and the signatures of the data directory; a key is made if need be."""
    signing_key(settings.data_dir)
    return Trust(WatchedKeyRing(settings.data_dir), _embedded(settings).directory.signed)


def check_page(reports: Sequence[CheckReport], language: Language) -> str:
    """Reports of checks as one HTML page that needs no other file."""
    return check_report.standalone(reports, language)


def _embedded(settings: Settings) -> EmbeddedReleases:
    return EmbeddedReleases(
        settings.data_dir,
        base_iri=settings.base_iri,
        software=f"tsunagu {__version__}",
        # The key is read, or made, when there is something to sign.
        sign=lambda manifest: signing_key(settings.data_dir).sign(manifest),
    )
