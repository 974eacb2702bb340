"""What the templates of saved queries show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import quote, urlencode

import orjson

from app.errors import Language
from app.publish import query_results
from app.publish.queries import Parameter, SavedQuery
from app.publish.query_results import Term
from app.rdf.formats import Formats
from app.web.addresses import Addresses, encode
from app.web.entity_context import Link
from app.web.names import short_name
from app.web.pages.query_answers import Answer
from app.web.parts import WebParts
from app.web.refusals import Alternative
from app.web.scripts import map_tiles

_SHOWN_ROWS: Final = 500
_INPUTS: Final = {"integer": "numeric", "decimal": "decimal", "iri": "url"}


@dataclass(frozen=True, slots=True)
class QueryCard:
    """One line of the list."""

    title: str
    description: str
    href: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QueryList:
    """What the list's template shows."""

    queries: tuple[QueryCard, ...]


@dataclass(frozen=True, slots=True)
class Field:
    """One parameter in the form. `kind` is select, boolean, date or text; `mode` the keyboard
    that suits its values."""

    name: str
    title: str
    value: str
    kind: str
    values: tuple[str, ...] = ()
    optional: bool = False
    mode: str = "text"
    region: bool = False


@dataclass(frozen=True, slots=True)
class QueryCell:
    """One value in the table; `number` stands at the right."""

    text: str = ""
    link: Link | None = None
    number: bool = False
    language: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why there is no result."""

    sentence: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class Run:
    """One run for a page: the values as sent, and the answer or what went wrong."""

    values: Mapping[str, str]
    answer: Answer | None = None
    pairs: tuple[tuple[str, str], ...] = ()
    problem: Problem | None = None

    def has_places(self, query: SavedQuery) -> bool:
        """Whether the result can be a map."""
        if self.answer is None:
            return False
        return query_results.geography(self.answer.solutions, query.show) is not None


@dataclass(frozen=True, slots=True)
class QueryPage:
    """What the template of one query shows. `map` and `chart` are JSON for scripts, in
    `data-map` and `data-chart`; None without."""

    title: str
    description: str
    tags: tuple[str, ...]
    action: str
    fields: tuple[Field, ...]
    text: str
    workspace: str
    embed: str
    here: str
    formats: tuple[Alternative, ...] = ()
    headings: tuple[str, ...] = ()
    rows: tuple[tuple[QueryCell, ...], ...] = ()
    total: int = 0
    limited: bool = False
    seconds: float | None = None
    map: str | None = None
    chart: str | None = None
    problem: Problem | None = None
    done: bool = False
    release: str = ""


class QueryPages:
    """Makes the contexts of the pages of saved queries."""

    def __init__(self, parts: WebParts, addresses: Addresses) -> None:
        self._queries = parts.saved_queries
        self._addresses = addresses
        self._tiles = map_tiles(parts.settings)

    def cards(self, spoken: Language) -> tuple[QueryCard, ...]:
        """The list, by title as it comes in the folder."""
        return tuple(
            QueryCard(
                query.summary.in_language(spoken),
                query.description.in_language(spoken) if query.description else "",
                f"{self._addresses.root}/queries/{quote(query.name)}",
                query.tags,
            )
            for query in self._queries
        )

    def page(
        self, query: SavedQuery, run: Run, formats: tuple[Alternative, ...], spoken: Language
    ) -> QueryPage:
        """The page of one run."""
        action = f"{self._addresses.root}/queries/{quote(query.name)}"
        values = {p.name: run.values.get(p.name, p.default) for p in query.parameters}
        text = query.with_values(values) if run.problem is None else query.text
        asked = urlencode({"query": text})
        fields = urlencode([*run.pairs, ("embed", "1")])
        shared = f"?{urlencode(run.pairs)}" if run.pairs else ""
        page = QueryPage(
            title=query.summary.in_language(spoken),
            description=query.description.in_language(spoken) if query.description else "",
            tags=query.tags,
            action=action,
            fields=tuple(_field(p, values[p.name], spoken) for p in query.parameters),
            text=text,
            workspace=f"{self._addresses.root}/sparql?{asked}",
            embed=f"{self._addresses.base}/queries/{quote(query.name)}?{fields}",
            here=f"{self._addresses.base}/queries/{quote(query.name)}{shared}",
            problem=run.problem,
        )
        return page if run.answer is None else self._with_answer(page, query, run, formats, spoken)

    def _with_answer(
        self,
        page: QueryPage,
        query: SavedQuery,
        run: Run,
        formats: tuple[Alternative, ...],
        spoken: Language,
    ) -> QueryPage:
        answer = run.answer
        assert answer is not None
        found = answer.solutions
        # A column of IRIs that another column leads to is not shown by itself.
        joined = {name: iri for name, iri in query.links.items() if iri in found.variables}
        hidden = set(joined.values())
        where = query_results.geography(found, query.show)
        hidden |= where.columns if where is not None else set()
        shown = [name for name in found.variables if name not in hidden]
        return replace(
            page,
            formats=formats,
            headings=tuple(query.heading(name, spoken) for name in shown),
            rows=tuple(
                tuple(self._cell(row, name, joined.get(name)) for name in shown)
                for row in found.rows[:_SHOWN_ROWS]
            ),
            total=len(found),
            limited=answer.limited,
            seconds=answer.seconds,
            map=self._source(query, run, where.label) if where is not None and found.rows else None,
            chart=self._source(query, run) if "chart" in query.show and found.rows else None,
            done=True,
            release=answer.release,
        )

    def _source(self, query: SavedQuery, run: Run, label: str | None = None) -> str:
        """Where a script finds the result, and how to show it."""
        fields = f"?{urlencode(run.pairs)}" if run.pairs else ""
        form = Formats.RESULTS_JSON.value.id
        body: dict[str, Any] = {
            "query": f"{self._addresses.root}/api/queries/{quote(query.name)}.{form}{fields}",
            "show": query.show,
            "columns": {n: {"ja": c.ja, "en": c.en} for n, c in query.columns.items()},
            "links": query.links,
            "base": self._addresses.base,
            "root": self._addresses.root,
            "tiles": self._tiles,
        }
        if label is not None:
            body["label"] = label
        return orjson.dumps(body).decode()

    def _cell(self, row: Mapping[str, Term], name: str, joined: str | None) -> QueryCell:
        term = row.get(name)
        named = row.get(joined) if joined is not None else None
        if named is not None and named["type"] == "uri":
            text = term["value"] if term is not None else named["value"]
            return QueryCell(link=self._link(named["value"], str(text)))
        if term is None:
            return QueryCell()
        if term["type"] == "uri":
            return QueryCell(link=self._link(term["value"]))
        plain = query_results.value(term)
        number = isinstance(plain, int | float) and not isinstance(plain, bool)
        text = str(plain) if term["type"] == "triple" else term["value"]
        return QueryCell(text, number=number, language=term.get("xml:lang"))

    def _link(self, iri: str, text: str | None = None) -> Link:
        if self._addresses.is_ours(iri):
            path = iri[len(self._addresses.base) :]
            return Link(text or path, iri, self._addresses.thing(iri))
        if self._addresses.has_page(iri):
            return Link(text or short_name(iri), iri, self._addresses.document(iri))
        if iri.startswith(self._addresses.base + "/"):
            path = iri[len(self._addresses.base) :]
            return Link(text or path, iri, self._addresses.root + encode(path))
        safe = iri.startswith(("http://", "https://"))
        return Link(text or short_name(iri), iri, encode(iri) if safe else None, safe)


def _field(parameter: Parameter, value: str, spoken: Language) -> Field:
    kind = "select" if parameter.values else "text"
    if not parameter.values and parameter.type in ("boolean", "date"):
        kind = parameter.type
    return Field(
        name=parameter.name,
        title=parameter.title.in_language(spoken),
        value=value,
        kind=kind,
        values=parameter.values,
        optional=parameter.optional,
        mode=_INPUTS.get(parameter.type, "text"),
        region=parameter.type == "region",
    )
