"""The table of a class, and the list of classes, as pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import quote, urlencode

from pyoxigraph import BlankNode, NamedNode
from pyoxigraph import Literal as RdfLiteral

from app.errors import Language
from app.publish.browse import TableRow, Value
from app.publish.browse_columns import Column
from app.publish.browse_files import Table, readable
from app.publish.catalog import Catalog
from app.publish.entity import EntityReader
from app.publish.places import Point
from app.publish.reading_order import LABELS
from app.rdf.namespaces import IC, XSD
from app.store.base import Snapshot
from app.web.addresses import Addresses
from app.web.browse_context import Applied, Browsed, BrowsePage, ClassLink, Heading, Line
from app.web.browse_facets import BrowseFacets
from app.web.browse_request import BrowseRequest, BrowseRequests
from app.web.entity_context import Cell
from app.web.entity_page import EntityPages
from app.web.refusals import Alternative
from app.web.rendering import Site
from app.web.scripts import MapSources

SHOWN_COLUMNS: Final = 8
_SORTED_INSIDE: Final = 50_000
"""Things in a table whose page offers to sort by what stands in a node inside them: 120 µs each
where the store is not in memory, and a query has ten seconds."""

_SHOWN_VALUES: Final = 4


class BrowsePages:
    """Makes typed contexts of tables."""

    def __init__(
        self,
        addresses: Addresses,
        pages: EntityPages,
        catalog: Catalog,
        requests: BrowseRequests,
        maps: MapSources,
        site: Site,
    ) -> None:
        self._addresses = addresses
        self._pages = pages
        self._requests = requests
        self._maps = maps
        self._site = site
        self._facets = BrowseFacets(self.address, pages, catalog, site)

    def stem(self, class_: str) -> str:
        """The path on the wire of the table of a class."""
        name = self._requests.compact.write(class_)
        return f"{self._addresses.root}/browse/{quote(name, safe=':')}"

    def heading(self, class_: str, language: Language) -> str:
        """What the table of a class is called."""
        return self._pages.term(class_, language).text

    def address(self, class_: str, asked: BrowseRequest, suffix: str | None = None) -> str:
        """The address of a table, in a fixed form with a suffix."""
        query = urlencode(self._requests.write(asked), quote_via=quote, safe=":/")
        ending = f".{suffix}" if suffix is not None else ""
        return f"{self.stem(class_)}{ending}{'?' if query else ''}{query}"

    def classes(
        self, counts: Sequence[tuple[str, int]], named: frozenset[str] | None, language: Language
    ) -> tuple[tuple[ClassLink, ...], tuple[ClassLink, ...]]:
        """Classes whose things have names, and others; the largest first."""
        links = [
            ClassLink(
                replace(self._pages.term(iri, language), href=self.stem(iri)),
                self._pages.short(iri),
                count,
            )
            for iri, count in sorted(counts, key=lambda known: (-known[1], known[0]))
        ]
        things = tuple(x for x in links if named is None or x.link.iri in named)
        return things, tuple(x for x in links if named is not None and x.link.iri not in named)

    def page(
        self,
        browsed: Browsed,
        snapshot: Snapshot,
        language: Language,
        downloads: tuple[Alternative, ...],
    ) -> BrowsePage:
        """The typed context of a table."""
        reader = EntityReader(snapshot)
        class_, asked, table = browsed.view.class_, browsed.asked, browsed.table
        label = next((n for n, c in enumerate(table.columns) if c.path[0] in LABELS), None)
        shown = self._shown(table.columns, label)
        term = self._pages.term(class_, language)
        first_page = replace(asked, cursor="")
        return BrowsePage(
            heading=term.text,
            term=term,
            short=self._pages.short(class_),
            here=self.stem(class_),
            text=asked.text,
            fields=tuple(f for f in self._requests.write(first_page, place=False) if f[0] != "q"),
            total=browsed.total,
            first=self._heading(browsed, label, language)
            if label is not None
            else Heading(self._site.word("browse.thing", language), "", ""),
            headings=tuple(self._heading(browsed, number, language) for number in shown),
            lines=tuple(self._line(row, label, shown, reader, language) for row in table.rows),
            applied=self._applied(browsed, reader, language),
            facets=self._facets.boxes(browsed, reader, language),
            start=self.address(class_, first_page) if asked.cursor else None,
            next=browsed.next,
            downloads=downloads,
            query=f"{self._addresses.root}/sparql?{urlencode({'query': browsed.query})}",
            map=self._map(table, label, language),
            cut=browsed.cut,
            release=snapshot.manifest.id,
        )

    def _shown(self, columns: Sequence[Column], label: int | None) -> tuple[int, ...]:
        """The columns that a page has room for. A file has all of them."""
        several = [
            number
            for number, column in enumerate(columns)
            if number != label
            and not column.coordinate
            and not (label is not None and column.path[0] == IC + "名称")
        ]
        return tuple(several[:SHOWN_COLUMNS])

    def _heading(self, browsed: Browsed, number: int, language: Language) -> Heading:
        column, name = browsed.table.columns[number], browsed.table.names[number]
        asked = browsed.asked
        is_sorted = asked.sort == name
        sortable = len(column.path) == 1 or (browsed.total or 0) <= _SORTED_INSIDE
        turned = replace(asked, sort=name, descending=is_sorted and not asked.descending, cursor="")
        return Heading(
            " › ".join(self._pages.term(iri, language).text for iri in column.path),
            " / ".join(self._pages.short(iri) for iri in column.path),
            self.address(browsed.view.class_, turned) if sortable else "",
            ("descending" if asked.descending else "ascending") if is_sorted else "",
        )

    def _line(
        self,
        row: TableRow,
        label: int | None,
        shown: tuple[int, ...],
        reader: EntityReader,
        language: Language,
    ) -> Line:
        name = readable(row.cells[label], language) if label is not None else ""
        return Line(
            self._pages.link(row.iri, name or None),
            tuple(self._cells(row.cells[number], reader, language) for number in shown),
        )

    def _cells(
        self, values: tuple[Value, ...], reader: EntityReader, language: Language
    ) -> tuple[Cell, ...]:
        if len({value.language for value in values}) > 1:
            return (Cell("text", readable(values, language)),)
        terms = map(_term, values[:_SHOWN_VALUES])
        return tuple(self._pages.value(term, reader, language) for term in terms)

    def _applied(
        self, browsed: Browsed, reader: EntityReader, language: Language
    ) -> tuple[Applied, ...]:
        """Filters by a property: those of facets are shown there."""
        class_, asked = browsed.view.class_, browsed.asked
        found = []
        for place, (predicate, values) in enumerate(asked.filters):
            filters = (*asked.filters[:place], *asked.filters[place + 1 :])
            words = " / ".join(
                self._pages.value(_term(_meant(value)), reader, language).text or value
                for value in values
            )
            name = self._pages.term(predicate, language).text
            href = self.address(class_, replace(asked, filters=filters, cursor=""))
            found.append(Applied(f"{name}: {words}", href))
        return tuple(found)

    def _map(self, table: Table, label: int | None, language: Language) -> str | None:
        places = []
        for row in table.rows:
            point = table.point(row)
            if point is not None:
                name = readable(row.cells[label], language) if label is not None else ""
                link = self._pages.link(row.iri, name or None)
                places.append((link.text, link.href, Point(point[1], point[0])))
        return self._maps.of_things(places)


def _meant(text: str) -> Value:
    """The value that a filter means, for showing it."""
    if text in ("true", "false"):
        return Value("literal", text, datatype=XSD + "boolean")
    return Value("uri" if text.startswith(("http://", "https://")) else "literal", text)


def _term(value: Value) -> NamedNode | BlankNode | RdfLiteral:
    if value.kind == "uri":
        return NamedNode(value.text)
    if value.kind == "bnode":
        return BlankNode(value.text)
    if value.language:
        return RdfLiteral(value.text, language=value.language)
    datatype = NamedNode(value.datatype) if value.datatype else None
    return RdfLiteral(value.text, datatype=datatype)
