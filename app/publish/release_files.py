"""The files that a release carries beside its quads: dumps, lists of things, what was removed,
what is linked to often, the sitemap, the index, and what is kept of each data set. Called when
all quads are in, before the release becomes visible."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.publish import (
    canonical,
    dataset_files,
    dumps,
    geo_dumps,
    gone,
    links,
    search,
    sitemap,
    things,
)
from app.publish.dataset_files import FreshDataset
from app.store.base import Snapshot


def write(
    new: Snapshot,
    old: Snapshot | None,
    folder: Path,
    *,
    canonical_quads: int = canonical.MOST_QUADS,
    fresh: Sequence[FreshDataset] = (),
) -> None:
    """Write all of them; a `store.base.Complete`. Larger graphs than `canonical_quads` get no
    canonical hash. `fresh` are the data sets that were converted for this release."""
    dumps.write(folder, new, old)
    things.write(folder, new, old)
    gone.write(folder / gone.FILE, new, old)
    links.write(folder / links.FILE, new, old)
    geo_dumps.write(folder, new, old)
    dataset_files.write(folder, new, old, fresh)
    search.write(folder, new, old)
    sitemap.write(folder, new.manifest)
    canonical.write(folder / canonical.FILE, new, old, canonical_quads)
