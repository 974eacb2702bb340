"""`/steward/{dataset}/look`: the rows and what becomes of them, before anything is published."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

from pyoxigraph import BlankNode, Literal, NamedNode, RdfFormat, parse
from starlette.responses import Response

from app.errors import Language, Text
from app.publish.labels import Labels, local_name
from app.publish.preview import Preview, PreviewRow, preview
from app.publish.workbench.rights import Right
from app.publish.workbench.state import state_of
from app.rdf.namespaces import RDF, RDFS
from app.web.names import PROPERTIES
from app.web.pages.steward.desk import Desk, Visit

_ROWS: Final = 10
_CARDS: Final = 3
_DEPTH: Final = 4
_TITLE: Final = Text("できあがりを見る", "Look at the result")


@dataclass(slots=True)
class Item:
    """A line of a card: what it is called, its value, the columns it comes from, and what is said
    of it in turn."""

    name: str
    value: str = ""
    columns: tuple[str, ...] = ()
    items: list[Item] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Card:
    """The page that a row will have."""

    title: str
    address: str
    line: int
    items: list[Item]


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
        return self._desk.page(
            visit,
            "look.html",
            _TITLE,
            dataset=dataset,
            state=state,
            preview=found,
            cards=[card_of(row, labels, visit.spoken) for row in described[:_CARDS]],
        )


def card_of(row: PreviewRow, labels: Labels, spoken: Language) -> Card:
    """What the page of a row's thing will say."""
    said: dict[str, list[tuple[str, str, tuple[str, ...]]]] = {}
    for triple in row.triples:
        said.setdefault(triple.subject, []).append(
            (triple.predicate, triple.object, triple.columns)
        )
    subject = f"<{row.entity}>"
    title = row.title.get(spoken) or row.title.get("ja") or row.entity or ""
    items = _items(subject, said, labels, spoken, {subject})
    return Card(title, row.entity or "", row.line, items)


def _items(
    subject: str,
    said: dict[str, list[tuple[str, str, tuple[str, ...]]]],
    labels: Labels,
    spoken: Language,
    above: set[str],
) -> list[Item]:
    items = []
    for predicate, object, columns in said.get(subject, ()):
        iri = predicate[1:-1]
        if iri == RDFS + "label":
            continue
        item = Item(_name(iri, labels, spoken), columns=columns)
        if object in said and object not in above and len(above) < _DEPTH:
            item.items = _items(object, said, labels, spoken, {*above, object})
        else:
            item.value = _value(object, labels, spoken)
        items.append(item)
    return items


def _name(iri: str, labels: Labels, spoken: Language) -> str:
    if iri == RDF + "type":
        return Text("種類", "Kind").in_language(spoken)
    known = PROPERTIES.get(iri)
    label = labels.label(iri, spoken)
    return label or (known.in_language(spoken) if known is not None else local_name(iri))


def _value(term: str, labels: Labels, spoken: Language) -> str:
    quad = next(iter(parse(f"<s:s> <p:p> {term} .\n".encode(), RdfFormat.N_TRIPLES)))
    match quad.object:
        case Literal():
            return quad.object.value
        case NamedNode():
            return labels.label(quad.object.value, spoken) or quad.object.value
        case BlankNode():
            return "…"
        case _:
            return term
