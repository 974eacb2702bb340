"""Things of one class as a table: the query that gives its rows, and the rows it gave.

The text of a query is put together here from fixed parts and from terms that `app.rdf.terms`
writes, and nowhere else. It runs in the query processes, as anyone's query does: a sort of a
million rows costs the page that asked for it, not the others.

Rows in the order of the index come at once, from a position in the release. Sorted ones come
after a key (keyset paging), so that a page deep in the table costs what the first one costs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import orjson

from app.publish.browse_columns import Column
from app.rdf.namespaces import DCTERMS, RDF, XSD
from app.rdf.terms import iri as iri_term
from app.rdf.terms import is_valid_iri
from app.rdf.terms import literal as literal_term

KEY_CHARACTERS: Final = 200
"""Of a text that rows are sorted by."""

_LAST_TEXT: Final = "\U0010ffff"
_LAST_NUMBER: Final = "1e308"
_TYPES: Final = ("boolean", "integer", "decimal", "double", "date", "gYear", "anyURI")
_LANGUAGES: Final = ("ja", "en", "ja-Hrkt")
_WITHIN: Final = (DCTERMS + "spatial", DCTERMS + "isPartOf")


@dataclass(frozen=True, slots=True)
class Sort:
    """The column that rows are sorted by. Things without a value come last."""

    column: Column
    descending: bool = False


@dataclass(frozen=True, slots=True)
class After:
    """Where a page begins: after a key and a thing (sorted), or at a position."""

    key: str = ""
    iri: str = ""
    position: int = 0


@dataclass(frozen=True, slots=True)
class View:
    """A table: things of a class, narrowed by equal values, regions, named graphs and further
    classes (all must fit; of several values for one, any one); `among` are the only things
    that may be in it, in their order."""

    class_: str
    columns: tuple[Column, ...] = ()
    equal: tuple[tuple[str, tuple[str, ...]], ...] = ()
    regions: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    among: tuple[str, ...] | None = None
    sort: Sort | None = None
    after: After = field(default_factory=After)
    rows: int = 50


@dataclass(frozen=True, slots=True)
class Value:
    """One value in a cell."""

    kind: Literal["uri", "literal", "bnode"]
    text: str
    language: str = ""
    datatype: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """A thing: its IRI, the key it is sorted by, and its values for each column of the view."""

    iri: str
    key: str
    cells: tuple[tuple[Value, ...], ...]


def table_query(view: View) -> str:
    """SPARQL whose solutions are the values of the view's rows: `?column` says of which column,
    -1 of none. One row more than asked for tells whether others follow."""
    branches = [f"{{ ?thing a {iri_term(view.class_)} BIND (-1 AS ?column) }}"]
    for number, column in enumerate(view.columns):
        way = "/".join(iri_term(predicate) for predicate in column.path)
        branches.append(f"{{ ?thing {way} ?value BIND ({number:d} AS ?column) }}")
    order = f"\nORDER BY {_order(view.sort)} ?column" if view.sort is not None else ""
    columns = "\n  UNION ".join(branches)
    return f"SELECT ?thing ?key ?column ?value WHERE {{\n{_things(view)}\n  {columns}\n}}{order}\n"


def count_query(view: View) -> str:
    """SPARQL for the number of things in the view."""
    return f"SELECT (COUNT(DISTINCT ?thing) AS ?n) WHERE {{\n{_narrowed(view)}\n}}\n"


def graph_query(view: View) -> str:
    """SPARQL for the statements about the view's things and the nodes inside them."""
    inside = 'isBlank(?node) || STRSTARTS(STR(?node), CONCAT(STR(?thing), "#"))'
    return (
        "CONSTRUCT { ?thing ?property ?value . ?node ?inner ?content } WHERE {\n"
        f"{_things(view, more=0)}\n"
        "  { ?thing ?property ?value }\n"
        f"  UNION {{ ?thing ?link ?node FILTER ({inside}) ?node ?inner ?content }}\n"
        "}\n"
    )


def rows_of(view: View, answer: bytes) -> tuple[tuple[TableRow, ...], bool]:
    """The rows of an answer in SPARQL JSON, and whether others follow."""
    found: dict[str, tuple[str, list[list[Value]]]] = {}
    for solution in orjson.loads(answer)["results"]["bindings"]:
        thing = solution["thing"]
        if thing["type"] != "uri":
            continue
        _, cells = found.setdefault(
            thing["value"], (solution.get("key", {}).get("value", ""), [[] for _ in view.columns])
        )
        number = int(solution["column"]["value"])
        if number >= 0:
            value = _value(solution["value"])
            if value not in cells[number]:
                cells[number].append(value)
    rows = [TableRow(iri, key, tuple(map(tuple, cells))) for iri, (key, cells) in found.items()]
    if view.among is not None and view.sort is None:
        place = {iri: number for number, iri in enumerate(view.among)}
        rows.sort(key=lambda row: place.get(row.iri, len(place)))
    return tuple(rows[: view.rows]), len(rows) > view.rows


def following(view: View, rows: Sequence[TableRow]) -> After:
    """Where the page after these rows begins."""
    if view.sort is None:
        return After(position=view.after.position + len(rows))
    return After(rows[-1].key, rows[-1].iri)


def _things(view: View, more: int = 1) -> str:
    """The things of one page, in order: a query inside the query, so that nothing else is read
    of all the others."""
    limit = f"LIMIT {view.rows + more:d}"
    if view.sort is None:
        # `among` is cut to the page already.
        start = view.after.position if view.among is None else 0
        offset = f" OFFSET {start:d}" if start else ""
        return f"  {{ SELECT DISTINCT ?thing WHERE {{\n{_narrowed(view)}\n  }} {limit}{offset} }}"
    key = _key(view.sort)
    after = _after(view.sort, view.after)
    return (
        f"  {{ SELECT ?thing ?key WHERE {{\n"
        f"    {{ SELECT ?thing (MIN(?one) AS ?key) WHERE {{\n{_narrowed(view)}\n{key}\n"
        f"    }} GROUP BY ?thing }}\n{after}"
        f"  }} ORDER BY {_order(view.sort)} {limit} }}"
    )


def _narrowed(view: View) -> str:
    lines = []
    if view.among is not None:
        if view.sort is None:
            start = view.after.position
            shown: Sequence[str] = view.among[start : start + view.rows + 1]
        else:
            shown = view.among
        lines.append(f"VALUES ?thing {{ {_iris(shown)} }}")
    lines.append(f"?thing a {iri_term(view.class_)} .")
    lines += [f"?thing a {iri_term(type_)} ." for type_ in view.types]
    for number, (predicate, texts) in enumerate(view.equal):
        terms = " ".join(dict.fromkeys(term for text in texts for term in _terms(text)))
        lines.append(f"VALUES ?equal{number:d} {{ {terms} }}")
        lines.append(f"?thing {iri_term(predicate)} ?equal{number:d} .")
    if view.regions:
        inside = "|".join(iri_term(predicate) for predicate in _WITHIN)
        part = iri_term(DCTERMS + "isPartOf")
        lines.append(f"VALUES ?region {{ {_iris(view.regions)} }}")
        lines.append(f"?thing ({inside})/{part}* ?region .")
    if view.graphs:
        lines.append(f"VALUES ?graph {{ {_iris(view.graphs)} }}")
        lines.append(f"GRAPH ?graph {{ ?thing {iri_term(RDF + 'type')} {iri_term(view.class_)} }}")
    return "\n".join(f"      {line}" for line in lines)


def _key(sort: Sort) -> str:
    """What a thing is sorted by; one without a value has a key beyond all others."""
    way = "/".join(iri_term(predicate) for predicate in sort.column.path)
    if sort.column.kind == "number":
        double = iri_term(XSD + "double")
        last = literal_term(
            f"-{_LAST_NUMBER}" if sort.descending else _LAST_NUMBER, datatype=XSD + "double"
        )
        return (
            f"      OPTIONAL {{ ?thing {way} ?sorted }}\n"
            f"      BIND (COALESCE({double}(?sorted), {last}) AS ?one)"
        )
    last = literal_term("" if sort.descending else _LAST_TEXT)
    readable = '(isIRI(?sorted) || LANG(?sorted) IN ("", "ja"))'
    return (
        f"      OPTIONAL {{ ?thing {way} ?sorted FILTER {readable} }}\n"
        f"      BIND (COALESCE(SUBSTR(STR(?sorted), 1, {KEY_CHARACTERS:d}), {last}) AS ?one)"
    )


def _after(sort: Sort, after: After) -> str:
    if not after.iri:
        return ""
    datatype = XSD + "double" if sort.column.kind == "number" else None
    key, thing = literal_term(after.key, datatype=datatype), literal_term(after.iri)
    past = "<" if sort.descending else ">"
    return f"    FILTER (?key {past} {key} || (?key = {key} && STR(?thing) > {thing}))\n"


def _order(sort: Sort | None) -> str:
    if sort is None:
        return ""
    return f"{'DESC' if sort.descending else 'ASC'}(?key) ?thing"


def _iris(iris: Sequence[str]) -> str:
    return " ".join(map(iri_term, iris))


def _terms(text: str) -> Iterator[str]:
    """The terms that a person may mean by a text: looked up, so that nothing is compared."""
    yield literal_term(text)
    for language in _LANGUAGES:
        yield literal_term(text, language=language)
    for name in _TYPES:
        yield literal_term(text, datatype=XSD + name)
    if is_valid_iri(text):
        yield iri_term(text)


def _value(binding: Mapping[str, Any]) -> Value:
    kind: Literal["uri", "literal", "bnode"]
    kind = {"uri": "uri", "bnode": "bnode"}.get(binding["type"], "literal")  # type: ignore[assignment] # of these three
    text = binding["value"]
    return Value(
        kind,
        text if isinstance(text, str) else orjson.dumps(text).decode(),
        binding.get("xml:lang", ""),
        binding.get("datatype", ""),
    )
