"""The files that a release carries beside its quads: what was removed, what is linked to often,
the dumps and the sitemap. Called when all quads are in, before the release becomes visible."""

from __future__ import annotations

from pathlib import Path

from app.publish import dumps, gone, links, search, sitemap
from app.store.base import Snapshot


def write(new: Snapshot, old: Snapshot | None, folder: Path) -> None:
    """Write all of them; a `store.base.Complete`."""
    gone.write(folder / gone.FILE, new, old)
    links.write(folder / links.FILE, new)
    dumps.write(folder, new, old)
    search.write(folder, new)
    sitemap.write(folder, new)
