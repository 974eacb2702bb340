"""Solutions of a saved query as tables and maps: JSON objects, SPARQL JSON, CSV, XLSX, GeoJSON.

The solutions come as SPARQL JSON (https://www.w3.org/TR/sparql11-results-json/). Columns that
begin with `_` are parameters and left out everywhere.
"""

from __future__ import annotations

import csv
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any, Final

import orjson
import xlsxwriter

from app.publish.queries import HIDDEN
from app.rdf.namespaces import GSP, XSD

Show = Mapping[str, Mapping[str, str]]
Term = Mapping[str, Any]

_INTEGERS: Final = frozenset(
    XSD + name
    for name in (
        *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
        *("unsignedInt", "unsignedLong", "unsignedShort", "negativeInteger"),
    )
)
_REALS: Final = frozenset(XSD + name for name in ("decimal", "double", "float"))
_SAFE_INTEGER: Final = 2**53 - 1  # of JavaScript; RFC 8259, section 6
_SAFE_IN_SHEETS: Final = 10**15  # spreadsheets keep 15 digits
_SHEET_NAME: Final = re.compile(r"[\[\]:*?/\\']")
_MOST_SHEET_ROWS: Final = 1_048_575  # one less than a sheet has, for the header
_LONGEST_IN_SHEETS: Final = 32_767  # characters of a cell
_WIDEST: Final = 60
_MEASURED_ROWS: Final = 200

_WKT: Final = re.compile(
    r"(?:<([^>]*)>)?\s*(POINT|LINESTRING|POLYGON|MULTIPOINT|MULTILINESTRING|MULTIPOLYGON)\s*"
    r"(?:Z\s*)?(\(.*\))\s*",
    re.IGNORECASE | re.DOTALL,
)
_CRS84: Final = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
_GEOMETRIES: Final = {
    "POINT": ("Point", 0),
    "LINESTRING": ("LineString", 1),
    "MULTIPOINT": ("MultiPoint", 1),
    "POLYGON": ("Polygon", 2),
    "MULTILINESTRING": ("MultiLineString", 2),
    "MULTIPOLYGON": ("MultiPolygon", 3),
}
"""GeoJSON's name, and how deeply its positions are nested."""


@dataclass(frozen=True, slots=True)
class Solutions:
    """The columns that are shown, and each solution as terms by column."""

    variables: tuple[str, ...]
    rows: tuple[Mapping[str, Term], ...]

    def __len__(self) -> int:
        return len(self.rows)

    def column(self, name: str) -> Iterator[Term | None]:
        """The terms of one column; None where it is not bound."""
        return (row.get(name) for row in self.rows)


def read(body: bytes) -> Solutions:
    """Solutions from SPARQL JSON."""
    document = orjson.loads(body)
    if "boolean" in document:  # ASK: one row with one column
        yes = {"type": "literal", "value": str(document["boolean"]).lower()}
        return Solutions(("answer",), ({"answer": {**yes, "datatype": XSD + "boolean"}},))
    return Solutions(
        tuple(name for name in document["head"]["vars"] if not name.startswith(HIDDEN)),
        tuple(document["results"]["bindings"]),
    )


def value(term: Term | None) -> Any:
    """A term as JSON has it: numbers and booleans where nothing is lost, else its text."""
    if term is None:
        return None
    if term["type"] == "triple":
        return {part: value(inner) for part, inner in term["value"].items()}
    text, datatype = term["value"], term.get("datatype", "")
    if datatype in _INTEGERS:
        number = _integer(text)
        return number if number is not None and abs(number) <= _SAFE_INTEGER else text
    if datatype in _REALS:
        real = _real(text)
        return real if real is not None else text
    if datatype == XSD + "boolean" and text in ("true", "false", "1", "0"):
        return text in ("true", "1")
    return text


def objects(found: Solutions) -> bytes:
    """A plain list of objects, each with every column; null where nothing is bound."""
    rows = [{name: value(row.get(name)) for name in found.variables} for row in found.rows]
    return orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def sparql_json(found: Solutions) -> bytes:
    """SPARQL JSON without the hidden columns."""
    bindings = [{name: row[name] for name in found.variables if name in row} for row in found.rows]
    return orjson.dumps({"head": {"vars": found.variables}, "results": {"bindings": bindings}})


def table(found: Solutions) -> bytes:
    """CSV as SPARQL writes it: values without marks (https://www.w3.org/TR/sparql11-results-csv-tsv/)."""
    output = StringIO(newline="")
    rows = csv.writer(output, lineterminator="\r\n")
    rows.writerow(found.variables)
    for row in found.rows:
        rows.writerow([_text(row.get(name)) for name in found.variables])
    return output.getvalue().encode("utf-8", "replace")


def workbook(found: Solutions, title: str, heading: Callable[[str], str] = str) -> bytes:
    """An Excel file with one sheet: numbers are numbers, all else is text, nothing a formula."""
    output = BytesIO()
    book = xlsxwriter.Workbook(
        output,
        {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_numbers": False,
            "strings_to_urls": False,
        },
    )
    sheet = book.add_worksheet(_SHEET_NAME.sub(" ", title)[:31].strip() or "Sheet")
    bold = book.add_format({"bold": True, "bottom": 1})
    sheet.freeze_panes(1, 0)
    for place, name in enumerate(found.variables):
        sheet.set_column(place, place, _width(found, name))
    for place, name in enumerate(found.variables):
        sheet.write_string(0, place, heading(name), bold)
    for line, row in enumerate(found.rows[:_MOST_SHEET_ROWS], start=1):
        for place, name in enumerate(found.variables):
            cell = value(row.get(name))
            if isinstance(cell, bool):
                sheet.write_boolean(line, place, cell)
            elif isinstance(cell, int | float) and abs(cell) < _SAFE_IN_SHEETS:
                sheet.write_number(line, place, cell)
            elif cell is not None:
                sheet.write_string(line, place, _text(row[name])[:_LONGEST_IN_SHEETS])
    if found.rows and found.variables:
        sheet.autofilter(0, 0, min(len(found), _MOST_SHEET_ROWS), len(found.variables) - 1)
    book.close()
    return output.getvalue()


@dataclass(frozen=True, slots=True)
class Geography:
    """Which columns say where a row is, and its name."""

    label: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    wkt: str | None = None

    @property
    def columns(self) -> frozenset[str]:
        """The columns that become the geometry."""
        return frozenset(c for c in (self.latitude, self.longitude, self.wkt) if c is not None)


def geography(found: Solutions, show: Show) -> Geography | None:
    """From the query's own `map` line, else by the columns' names and types; None without any."""
    named = show.get("map", {})
    label = named.get("label") or ("label" if "label" in found.variables else None)
    if named.get("wkt") in found.variables:
        return Geography(label, wkt=named["wkt"])
    latitude, longitude = named.get("lat", "lat"), named.get("long", "long")
    if {latitude, longitude} <= set(found.variables):
        return Geography(label, latitude, longitude)
    for name in found.variables:
        terms = (term for term in found.column(name) if term is not None)
        first = next(terms, None)
        if first is not None and first.get("datatype") == GSP + "wktLiteral":
            return Geography(label, wkt=name)
    return None


def features(found: Solutions, where: Geography) -> bytes:
    """A GeoJSON FeatureCollection (RFC 7946): a Feature for each row, without geometry where
    the row has no place; `name` is its label."""
    subject = next(iter(found.variables), None)
    collection = []
    for row in found.rows:
        properties = {
            name: value(row.get(name)) for name in found.variables if name not in where.columns
        }
        if where.label is not None:
            properties = {"name": value(row.get(where.label)), **properties}
        feature: dict[str, Any] = {"type": "Feature"}
        named = row.get(subject) if subject is not None else None
        if named is not None and named["type"] == "uri":
            feature["id"] = named["value"]
        collection.append({**feature, "geometry": _geometry(row, where), "properties": properties})
    body = {"type": "FeatureCollection", "features": collection}
    return orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE)


def _geometry(row: Mapping[str, Term], where: Geography) -> dict[str, Any] | None:
    if where.wkt is not None:
        term = row.get(where.wkt)
        return wkt(term["value"]) if term is not None else None
    numbers = [
        _real(row[name]["value"]) if name in row else None
        for name in (where.longitude, where.latitude)
        if name is not None
    ]
    if len(numbers) != 2 or not _on_earth(numbers):
        return None
    return {"type": "Point", "coordinates": numbers}


def wkt(text: str) -> dict[str, Any] | None:
    """A GeoJSON geometry from WKT in longitude and latitude; None for what is none."""
    written = _WKT.fullmatch(text.strip())
    if written is None or written[1] not in (None, _CRS84):
        return None
    kind, depth = _GEOMETRIES[written[2].upper()]
    # Positions become lists of numbers, commas between positions come to stand between lists.
    numbers = re.sub(
        r"[^(),]+", lambda m: f"[{','.join(m.group().split())}]" if m.group().strip() else "",
        written[3],
    )  # fmt: skip
    try:
        nested = orjson.loads(numbers.replace("(", "[").replace(")", "]"))
    except orjson.JSONDecodeError:
        return None
    coordinates = nested[0] if depth == 0 and len(nested) == 1 else nested
    if kind == "MultiPoint":  # ((1 2),(3 4)) and (1 2,3 4) are the same
        coordinates = [p[0] if p and isinstance(p[0], list) else p for p in nested]
    if not _is_nested(coordinates, depth):
        return None
    return {"type": kind, "coordinates": coordinates}


def _is_nested(coordinates: Any, depth: int) -> bool:
    """Whether positions on Earth stand at exactly this depth."""
    if not isinstance(coordinates, list) or not coordinates:
        return False
    if depth:
        return all(_is_nested(inner, depth - 1) for inner in coordinates)
    numbers = all(isinstance(n, int | float) for n in coordinates)
    return numbers and len(coordinates) in (2, 3) and _on_earth(coordinates)


def _on_earth(position: Sequence[float | None]) -> bool:
    longitude, latitude = position[0], position[1]
    return (
        longitude is not None
        and latitude is not None
        and abs(longitude) <= 180
        and abs(latitude) <= 90
    )


def _integer(text: str) -> int | None:
    # int() takes blanks, underscores and digits of other scripts too.
    return int(text) if re.fullmatch(r"[+-]?[0-9]{1,40}", text) else None


def _real(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _text(term: Term | None) -> str:
    if term is None:
        return ""
    if term["type"] == "triple":
        return orjson.dumps(value(term)).decode()
    text: str = term["value"]
    return f"_:{text}" if term["type"] == "bnode" else text


def _width(found: Solutions, name: str) -> int:
    """In characters of the sheet's font; Japanese ones are two wide."""
    texts = (_text(row.get(name)) for row in found.rows[:_MEASURED_ROWS])
    longest = max((sum(2 if ord(c) > 0x2E7F else 1 for c in t[:_WIDEST]) for t in texts), default=0)
    return min(max(longest, len(name)) + 2, _WIDEST)
