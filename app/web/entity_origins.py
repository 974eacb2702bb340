"""Where the page of a thing says from: file, line, mapping, time."""

from __future__ import annotations

from urllib.parse import quote

from app.errors import Language
from app.publish import sources
from app.publish.dcat import Site
from app.publish.provenance.origins import Origin, Origins, Row
from app.publish.provenance.record import ConversionRecord, SourceFile
from app.publish.sources import Part
from app.store.base import Snapshot
from app.web.entity_context import Link, OriginView

_SHOWN = 12
"""Rows that a page names; the statements in PROV-O have all that are kept."""


class OriginPages:
    """Makes those parts of pages. Reads the mapped index of the release only."""

    def __init__(self, site: Site, root: str) -> None:
        self._site = site
        self._root = root
        self._origins: Origins | None = None
        self._snapshot: Snapshot | None = None
        self._served: frozenset[str] = frozenset()

    def known(self, snapshot: Snapshot) -> Origins:
        """What the release knows, opened once."""
        if self._origins is None or self._snapshot is not snapshot:
            self._snapshot, self._origins = snapshot, Origins(snapshot)
            self._served = frozenset(kept.path for kept in sources.of(snapshot.manifest))
        return self._origins

    def views(
        self, snapshot: Snapshot, iri: str, datasets: tuple[str, ...], language: Language
    ) -> tuple[OriginView, ...]:
        """The origins of a thing in some data sets."""
        found = self.known(snapshot).of(iri, datasets)
        return tuple(self._view(origin, language) for origin in found if origin.source is not None)

    def _view(self, origin: Origin, language: Language) -> OriginView:
        source, record = origin.source, origin.record
        assert source is not None, "those without one were left out"
        file = self._link(record, source, Part.SOURCE, source.name)
        mapping = self._link(record, record.mapping, Part.MAPPING, record.mapping.name)
        return OriginView(
            file=file,
            rows=tuple(_row(row, source, file, language) for row in origin.rows[:_SHOWN]),
            more=origin.more or len(origin.rows) > _SHOWN,
            whole=not origin.rows,
            mappings=tuple(
                Link(_mapping(part.name, part.line, language), mapping.iri, mapping.href)
                for part in origin.maps
            ),
            joined=tuple(
                self._link(record, each, Part.SOURCE, each.name) for each in origin.joined
            ),
            day=record.ended.date().isoformat(),
        )

    def _link(self, record: ConversionRecord, file: SourceFile, part: Part, name: str) -> Link:
        path = f"{record.dataset}/{part.value}/{file.name}"
        href = f"{self._root}/dumps/{quote(path)}" if path in self._served else None
        return Link(name, self._site.dump(quote(path)), href)


def _row(row: Row, source: SourceFile, file: Link, language: Language) -> Link:
    """In a workbook or JSON a row has another name, and no address of RFC 7111."""
    if source.kind == "json":
        said = f"{row.number} 番目" if language == "ja" else f"item {row.number}"
    else:
        said = f"{row.line} 行目" if language == "ja" else f"line {row.line}"
    fragment = f"#row={row.record}" if row.record is not None else ""
    href = f"{file.href}{fragment}" if file.href is not None and fragment else None
    return Link(said, f"{file.iri}{fragment}", href)


def _mapping(name: str, line: int | None, language: Language) -> str:
    if line is None:
        return name
    return f"{name}（{line} 行目）" if language == "ja" else f"{name} (line {line})"
