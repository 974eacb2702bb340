"""From what is asked of a table to its view, and from the query's answer to the table."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from app.errors import BadRequest, Text
from app.publish.browse import Sort, View, following, rows_of, table_query
from app.publish.browse_columns import ClassProfile, profile
from app.publish.browse_files import Table
from app.publish.jsonld import Context
from app.publish.search import Searching
from app.store.base import Manifest, Snapshot
from app.store.search import Facet, SearchFound, SearchRequest
from app.web.browse_context import Browsed
from app.web.browse_page import BrowsePages
from app.web.browse_request import (
    FILE_ROWS,
    PAGE_ROWS,
    BrowseRequest,
    BrowseRequests,
    cursor_of,
    place_of,
)
from app.web.documents import Asked

AMONG: Final = 400
"""Things found by a text that a table is made of: they stand in the query, which is bounded."""

_PROFILES: Final = 500
_COUNTED: Final[tuple[Facet, ...]] = ("region", "type", "dataset")


class BrowseViews:
    """Makes them. What is read beside the rows is read by pattern and from the index."""

    def __init__(self, requests: BrowseRequests, pages: BrowsePages, context: Context) -> None:
        self._requests = requests
        self._pages = pages
        self._context = context
        self._searching = Searching()
        self._profiles: dict[tuple[str, str], ClassProfile] = {}

    def profile(self, snapshot: Snapshot, class_: str) -> ClassProfile:
        """The columns of a class, remembered."""
        key = (snapshot.manifest.id, class_)
        known = self._profiles.get(key)
        if known is None:
            if len(self._profiles) >= _PROFILES:
                self._profiles.clear()
            known = self._profiles[key] = profile(snapshot, class_)
        return known

    def view(
        self,
        snapshot: Snapshot,
        class_: str,
        known: ClassProfile,
        wanted: BrowseRequest,
        asked: Asked,
    ) -> tuple[View, SearchFound | None]:
        """The view, and what the index says of it. Raises BadRequest for a column or a data set
        that is not there, and for a cursor of another table."""
        manifest = snapshot.manifest
        columns = dict(zip(self.names(known), known.columns, strict=True))
        if wanted.sort and wanted.sort not in columns:
            raise BadRequest(
                Text(
                    ja=f"{wanted.sort[:80]} という列はありません。",
                    en=f"There is no column {wanted.sort[:80]}.",
                ),
                hint=Text(ja="、".join(columns), en=", ".join(columns)),
            )
        found = self._found(snapshot, class_, wanted, counted=asked.html)
        sort = Sort(columns[wanted.sort], wanted.descending) if wanted.sort else None
        graphs = tuple(
            iri
            for iri, entry in manifest.graphs.items()
            if wanted.datasets and entry.dataset in wanted.datasets
        )
        if wanted.datasets and not graphs:
            raise BadRequest(
                Text(
                    ja=f"データセット {wanted.datasets[0][:80]} は公開されていません。",
                    en=f"There is no published data set {wanted.datasets[0][:80]}.",
                )
            )
        among = (found.iris if found else ()) if wanted.text.strip() else None
        view = View(
            class_,
            columns=known.columns,
            equal=tuple((name, (*values, *self._full(values))) for name, values in wanted.filters),
            regions=wanted.regions,
            graphs=graphs,
            types=wanted.types,
            among=among,
            sort=sort,
            after=place_of(wanted.cursor, manifest.id, is_sorted=sort is not None),
            rows=wanted.limit or (PAGE_ROWS if asked.html else FILE_ROWS),
        )
        return view, found

    def _full(self, values: tuple[str, ...]) -> tuple[str, ...]:
        """IRIs that values may stand for in their short form."""
        read = []
        for value in values:
            if ":" in value and not value.startswith(("http://", "https://")):
                try:
                    read.append(self._requests.compact.read(value))
                except BadRequest:
                    continue
        return tuple(read)

    def _found(
        self, snapshot: Snapshot, class_: str, wanted: BrowseRequest, *, counted: bool
    ) -> SearchFound | None:
        """What the index says: the things that a text finds, and counts for facets."""
        index = self._searching.index(snapshot)
        text = wanted.text.strip()
        if index is None or not (text or counted):
            return None
        chosen: dict[Facet, tuple[str, ...]] = {"type": (class_,)}
        if wanted.regions:
            chosen["region"] = wanted.regions
        if wanted.datasets:
            chosen["dataset"] = wanted.datasets
        return index.find(
            SearchRequest(
                text, chosen, limit=AMONG if text else 1, counted=_COUNTED if counted else ()
            )
        )

    def names(self, known: ClassProfile) -> tuple[str, ...]:
        """Names of columns: those that our JSON uses, each once."""
        names: dict[str, None] = {}
        for column in known.columns:
            name = ".".join(map(self._context.plain_name, column.path))
            while name in names or name == "id":
                name += "_"
            names[name] = None
        return tuple(names)

    def browsed(
        self,
        snapshot: Snapshot,
        known: ClassProfile,
        wanted: BrowseRequest,
        view: View,
        found: SearchFound | None,
        answer: bytes,
        suffix: str | None,
    ) -> Browsed:
        """The table that an answer holds."""
        rows, more = rows_of(view, answer)
        places = {column: number for number, column in enumerate(known.columns)}
        table = Table(
            known.columns,
            self.names(known),
            rows,
            places.get(known.latitude) if known.latitude else None,
            places.get(known.longitude) if known.longitude else None,
            title=self._pages.heading(view.class_, "ja"),
        )
        after = None
        if more:
            cursor = cursor_of(following(view, rows), snapshot.manifest.id)
            after = self._pages.address(view.class_, replace(wanted, cursor=cursor), suffix)
        start = replace(view, after=replace(view.after, key="", iri="", position=0))
        return Browsed(
            asked=wanted,
            view=view,
            profile=known,
            table=table,
            query=table_query(start),
            total=self._total(snapshot.manifest, view.class_, wanted, found),
            found=found,
            next=after,
            cut=view.among is not None and found is not None and found.total > len(view.among),
        )

    def _total(
        self,
        manifest: Manifest,
        class_: str,
        wanted: BrowseRequest,
        found: SearchFound | None,
    ) -> int | None:
        """Things in the table where that is known without counting them."""
        if not wanted.narrowed:
            return class_counts(manifest)[class_]
        if wanted.filters or wanted.types or found is None:
            return None
        return found.total


def class_counts(manifest: Manifest) -> dict[str, int]:
    """Instances of each class in the data sets of a release."""
    counts: dict[str, int] = {}
    for entry in manifest.graphs.values():
        if entry.dataset is not None:
            for class_, count in entry.classes.items():
                counts[class_] = counts.get(class_, 0) + count
    return counts
