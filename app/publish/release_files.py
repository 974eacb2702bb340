"""The files that a release carries beside its quads: what was removed, what is linked to often,
the dumps and the sitemap. Called when all quads are in, before the release becomes visible."""

from __future__ import annotations

from pathlib import Path

from app.publish import canonical, dumps, gone, links, search, sitemap
from app.store.base import Snapshot


def write(
    new: Snapshot,
    old: Snapshot | None,
    folder: Path,
    *,
    canonical_quads: int = canonical.MOST_QUADS,
) -> None:
    """Write all of them; a `store.base.Complete`. Larger graphs than `canonical_quads` get no
    canonical hash."""
    gone.write(folder / gone.FILE, new, old)
    links.write(folder / links.FILE, new)
    dumps.write(folder, new, old)
    search.write(folder, new, old)
    sitemap.write(folder, new)
    canonical.write(folder / canonical.FILE, new, old, canonical_quads)
