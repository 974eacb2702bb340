"""The only place that chooses concrete parts."""

from __future__ import annotations

from app import __version__
from app.settings import Settings
from app.store.base import QueryService, Releases
from app.store.embedded import EmbeddedReleases


def open_releases(settings: Settings) -> Releases:
    """The releases of the data directory."""
    return EmbeddedReleases(
        settings.data_dir, base_iri=settings.base_iri, software=f"tsunagu {__version__}"
    )
