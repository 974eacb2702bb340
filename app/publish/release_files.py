"""The files that a release carries beside its quads: dumps, lists of things, what was removed,
what is linked to often, the sitemap, the index, and what is kept of each data set. Called when
all quads are in, before the release becomes visible."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.errors import Text
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
from app.publish.convert import Progress, Silent
from app.publish.dataset_files import FreshDataset
from app.store.base import Snapshot

SEALING: Final = Text("チェックサムと書き込み", "Checksums, and bringing it to the disk")
"""The step after these files."""

SILENT: Final = Silent()


def write(
    new: Snapshot,
    old: Snapshot | None,
    folder: Path,
    *,
    canonical_quads: int = canonical.MOST_QUADS,
    fresh: Sequence[FreshDataset] = (),
    progress: Progress = SILENT,
) -> None:
    """Write all of them; a `store.base.Complete`. Graphs with blank nodes and more quads
    than `canonical_quads` get no canonical hash. `fresh` are the data sets that were converted for this release."""
    step = progress.step
    step(Text("ダンプ", "Dumps"))
    dumps.write(folder, new, old)
    step(Text("もののリスト", "Lists of things"))
    things.write(folder, new, old)
    gone.write(folder / gone.FILE, new, old)
    sitemap.write(folder, new.manifest)
    step(Text("リンクの数", "Counts of links"))
    links.write(folder / links.FILE, new, old)
    step(Text("GeoJSON のダンプ", "GeoJSON dumps"))
    geo_dumps.write(folder, new, old)
    step(Text("元の表と行の対応", "Tables and their rows"))
    dataset_files.write(folder, new, old, fresh)
    step(Text("検索の索引", "Search index"))
    search.write(folder, new, old)
    step(Text("グラフのハッシュ", "Hashes of graphs"))
    canonical.write(folder / canonical.FILE, new, old, canonical_quads)
    step(SEALING)
