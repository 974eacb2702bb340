"""`/steward/{dataset}/look`: the rows and what becomes of them, before anything is published."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse
from starlette.responses import Response

from app.codes.invalid import InvalidCode
from app.errors import Language, Text
from app.publish.labels import Labels, local_name
from app.publish.preview import Preview, PreviewRow, PreviewTriple, preview
from app.publish.workbench.rights import Right
from app.publish.workbench.state import state_of
from app.rdf.namespaces import GEO, GSP, RDF, RDFS, SCHEMA, XSD
from app.web.names import PROPERTIES
from app.web.pages.steward.contexts import Card, Item, LookPage
from app.web.pages.steward.desk import Desk, Visit

_ROWS: Final = 10
_CARDS: Final = 3
_TYPE: Final = f"<{RDF}type>"
RegionNames = Callable[[str], str | None]
"""Names the region that a term (of N-Triples) is the address of; None for any other term."""

_SAID_ELSEWHERE: Final = frozenset(
    {RDFS + "label", SCHEMA + "openingHours", GSP + "asWKT", GEO + "lat", GEO + "long"}
)
"""What a card says as its heading, or in other words: forms for programs of days and places."""

_BOOLEAN: Final = NamedNode(XSD + "boolean")
_YES: Final = Text("はい", "yes")
_NO: Final = Text("いいえ", "no")
_TITLE: Final = Text("できあがりを見る", "Look at the result")


class Look:
    """The result before publishing."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._bench = desk.workbench

    async def show(self, visit: Visit) -> Response:
        """`GET /steward/{dataset}/look`."""
        dataset = self._bench.dataset(visit.path["dataset"], visit.session.token, Right.VIEW)
        state = await self._desk.run(lambda: state_of(dataset, self._bench.releases.current()))
        found: Preview | None = None
        if state.error is None:
            found = await self._desk.run(lambda: preview(dataset, rows=_ROWS))
        labels = self._desk.parts.labels
        rows = found.rows if found is not None else ()
        described = [row for row in rows if row.entity is not None]
        page = LookPage(
            self._desk.around(visit),
            dataset=dataset,
            state=state,
            preview=found,
            cards=[card_of(row, labels, visit.spoken, self._region) for row in described[:_CARDS]],
        )
        return self._desk.page("look.html", _TITLE, page)

    def _region(self, term: str) -> str | None:
        start = f"<{self._desk.settings.base_iri}/id/region/"
        if not term.startswith(start):
            return None
        try:
            region = self._bench.regions.find(term[len(start) : -1])
        except InvalidCode:
            return None
        return region.full_name if region is not None else None


def card_of(row: PreviewRow, labels: Labels, spoken: Language, regions: RegionNames) -> Card:
    """What the page of a row's thing will say, every part of it once."""
    said: dict[str, list[PreviewTriple]] = {}
    for triple in row.triples:
        said.setdefault(triple.subject, []).append(triple)
    cells = {cell for cell in row.cells.values() if cell}
    told: set[str] = set()

    def items(subject: str) -> list[Item]:
        told.add(subject)
        # A class is the same for every row, so its columns are those of the subject.
        key = next((t.columns for t in said[subject] if t.predicate == _TYPE), ())
        found = []
        for triple in said[subject]:
            iri = triple.predicate[1:-1]
            if iri in _SAID_ELSEWHERE or triple.object in told:
                continue
            if triple.predicate == _TYPE and len(told) > 1:
                continue
            item = Item(_name(iri, labels, spoken))
            if triple.object in said:
                item.items = items(triple.object)
            else:
                item.value = regions(triple.object) or _value(triple.object, labels, spoken)
                if triple.columns != key or item.value in cells:
                    item.columns = triple.columns
            found.append(item)
        return found

    subject = f"<{row.entity}>"
    title = row.title.get(spoken) or row.title.get("ja") or row.entity or ""
    return Card(title, row.entity or "", row.line, items(subject) if subject in said else [])


def _name(iri: str, labels: Labels, spoken: Language) -> str:
    if iri == RDF + "type":
        return Text("種類", "Kind").in_language(spoken)
    known = PROPERTIES.get(iri)
    label = labels.label(iri, spoken)
    return label or (known.in_language(spoken) if known is not None else local_name(iri))


def _value(term: str, labels: Labels, spoken: Language) -> str:
    quad = next(iter(parse(f"<s:s> <p:p> {term} .\n".encode(), RdfFormat.N_TRIPLES)))
    match quad.object:
        case Literal() if quad.object.datatype == _BOOLEAN:
            said = _YES if quad.object.value in ("true", "1") else _NO
            return said.in_language(spoken)
        case Literal():
            return quad.object.value
        case NamedNode():
            return labels.label(quad.object.value, spoken) or quad.object.value
        case BlankNode():
            return "…"
        case _:
            return term
