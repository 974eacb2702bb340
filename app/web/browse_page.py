"""The table of a class, and the list of classes, as pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import quote, urlencode

from pyoxigraph import BlankNode, NamedNode
from pyoxigraph import Literal as RdfLiteral

from app.errors import Language
from app.publish.browse import TableRow, Value, View
from app.publish.browse_columns import ClassProfile, Column
from app.publish.browse_files import Table, readable
from app.publish.catalog import Catalog
from app.publish.entity import EntityReader
from app.publish.labels import choose, local_name
from app.publish.places import Point
from app.publish.reading_order import LABELS
from app.rdf.namespaces import IC, XSD
from app.store.base import Snapshot
from app.store.search import Facet, SearchFound
from app.web.addresses import Addresses
from app.web.browse_request import BrowseRequest, BrowseRequests
from app.web.entity_context import Cell, Link
from app.web.entity_page import EntityPages
from app.web.refusals import Alternative
from app.web.rendering import Site
from app.web.scripts import MapSources
from app.web.search_page import Choice, FacetBox

SHOWN_COLUMNS: Final = 8
_SORTED_INSIDE: Final = 50_000
"""Things in a table whose page offers to sort by what stands in a node inside them: 120 µs each
where the store is not in memory, and a query has ten seconds."""

_SHOWN_VALUES: Final = 4
_SHOWN_CHOICES: Final = 10


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of a column; `href` sorts by it, and `sorted` says how it is sorted now."""

    text: str
    title: str
    href: str
    sorted: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A row: the thing, and the cells of the other columns."""

    link: Link
    cells: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Applied:
    """A filter in force, with the address without it."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class BrowsePage:
    """What the template of a table shows; `map` is JSON for the script that draws it."""

    heading: str
    term: Link
    short: str
    here: str
    text: str
    fields: tuple[tuple[str, str], ...]
    total: int | None
    first: Heading
    headings: tuple[Heading, ...]
    lines: tuple[Line, ...]
    applied: tuple[Applied, ...]
    facets: tuple[FacetBox, ...]
    start: str | None
    next: str | None
    downloads: tuple[Alternative, ...]
    query: str
    map: str | None
    cut: bool
    release: str


@dataclass(frozen=True, slots=True)
class ClassLink:
    """A class with the number of its things."""

    link: Link
    short: str
    count: int


@dataclass(frozen=True, slots=True)
class ClassesPage:
    """What the list of classes shows: of things that have a name, and of the parts of things."""

    things: tuple[ClassLink, ...]
    parts: tuple[ClassLink, ...]
    downloads: tuple[Alternative, ...]
    release: str


@dataclass(frozen=True, slots=True)
class Browsed:
    """A table with all that was read for it. `found` is what the index counted."""

    asked: BrowseRequest
    view: View
    profile: ClassProfile
    table: Table
    query: str
    total: int | None
    found: SearchFound | None
    next: str | None
    cut: bool = False


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
        self._catalog = catalog
        self._requests = requests
        self._maps = maps
        self._site = site

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
            facets=self._facets(browsed, reader, language),
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

    def _facets(
        self, browsed: Browsed, reader: EntityReader, language: Language
    ) -> tuple[FacetBox, ...]:
        class_, asked = browsed.view.class_, browsed.asked
        facets: dict[Facet, tuple[str, ...]] = {
            "region": asked.regions,
            "type": asked.types,
            "dataset": asked.datasets,
        }
        boxes = []
        for facet, chosen in facets.items():
            counts = dict(browsed.found.facets.get(facet, ())) if browsed.found else {}
            counts.pop(class_, None)
            values = [*chosen, *(v for v in counts if v not in chosen)]
            choices = tuple(
                Choice(
                    self._value_name(facet, value, reader, language),
                    counts.get(value),
                    self.address(class_, _toggled(asked, facet, value)),
                    value in chosen,
                )
                for value in values[: _SHOWN_CHOICES + len(chosen)]
            )
            if len(choices) > 1 or chosen:
                boxes.append(FacetBox(self._site.word(f"search.by.{facet}", language), choices))
        return (*boxes, *self._flags(browsed, language))

    def _flags(self, browsed: Browsed, language: Language) -> tuple[FacetBox, ...]:
        """Yes and no of each column that says yes or no."""
        class_, asked = browsed.view.class_, browsed.asked
        chosen = dict(asked.filters)
        boxes = []
        for column in browsed.profile.columns:
            if column.kind != "boolean" or len(column.path) > 1:
                continue
            predicate = column.path[0]
            others = tuple(f for f in asked.filters if f[0] != predicate)
            choices = []
            for value in ("true", "false"):
                is_chosen = chosen.get(predicate) == (value,)
                filters = others if is_chosen else (*others, (predicate, (value,)))
                href = self.address(class_, replace(asked, filters=filters, cursor=""))
                word = self._site.word(f"value.{value}", language)
                choices.append(Choice(word, None, href, is_chosen))
            boxes.append(FacetBox(self._pages.term(predicate, language).text, tuple(choices)))
        return tuple(boxes)

    def _value_name(
        self, facet: Facet, value: str, reader: EntityReader, language: Language
    ) -> str:
        if facet == "type":
            return self._pages.term(value, language).text
        if facet == "region":
            return choose(reader.labels(value), language) or local_name(value)
        card = self._catalog.card(reader.snapshot.manifest, value)
        return card.about.title.in_language(language) if card is not None else value

    def _map(self, table: Table, label: int | None, language: Language) -> str | None:
        places = []
        for row in table.rows:
            point = table.point(row)
            if point is not None:
                name = readable(row.cells[label], language) if label is not None else ""
                link = self._pages.link(row.iri, name or None)
                places.append((link.text, link.href, Point(point[1], point[0])))
        return self._maps.of_things(places)


def _toggled(asked: BrowseRequest, facet: Facet, value: str) -> BrowseRequest:
    """The same table with a value of a facet chosen, or no longer; from its first page on."""

    def toggled(before: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(v for v in before if v != value) if value in before else (*before, value)

    if facet == "region":
        return replace(asked, cursor="", regions=toggled(asked.regions))
    if facet == "type":
        return replace(asked, cursor="", types=toggled(asked.types))
    return replace(asked, cursor="", datasets=toggled(asked.datasets))


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
