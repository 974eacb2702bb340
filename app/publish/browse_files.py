"""A table of things as a file: CSV, JSON, a workbook, GeoJSON, KML."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from io import BytesIO, StringIO
from typing import Any, Final

import orjson
import xlsxwriter

from app.publish import kml
from app.publish.browse import TableRow, Value
from app.publish.browse_columns import Column
from app.publish.geojson import Property, feature
from app.publish.places import Point
from app.publish.plain_values import plain
from app.publish.reading_order import LABELS
from app.rdf.xml import NOT_XML

_BETWEEN: Final = " | "
_CELL_CHARACTERS: Final = 32_767  # of one cell of a workbook
_SHEET_NAME: Final = "data"
_NAMING: Final = [(predicate,) for predicate in LABELS]


@dataclass(frozen=True, slots=True)
class Table:
    """What is written: the columns with their names (the address comes first in every row),
    and where coordinates stand, as numbers of columns; `title` is what all of it is called."""

    columns: tuple[Column, ...]
    names: tuple[str, ...]
    rows: tuple[TableRow, ...]
    latitude: int | None = None
    longitude: int | None = None
    title: str = ""

    def point(self, row: TableRow) -> tuple[float, float] | None:
        """Longitude and latitude of a row in degrees, or None."""
        if self.latitude is None or self.longitude is None:
            return None
        latitude, longitude = row.cells[self.latitude], row.cells[self.longitude]
        if not latitude or not longitude:
            return None
        try:
            north, east = float(latitude[0].text), float(longitude[0].text)
        except ValueError:
            return None
        return (east, north) if abs(north) <= 90 and abs(east) <= 180 else None


def readable(cell: tuple[Value, ...], language: str) -> str:
    """The text to show of values in several languages: the one asked for, or the first of all;
    readings last."""
    order = (language, "", "ja", "en")
    ranked = sorted(
        cell, key=lambda v: order.index(v.language) if v.language in order else len(order)
    )
    return ranked[0].text if ranked else ""


def as_csv(table: Table) -> bytes:
    """RFC 4180 in UTF-8; several values of a cell stand between bars."""
    output = StringIO(newline="")
    writer = csv.writer(output)
    writer.writerow(("id", *table.names))
    for row in table.rows:
        writer.writerow((row.iri, *(_BETWEEN.join(v.text for v in cell) for cell in row.cells)))
    return output.getvalue().encode()


def as_json(table: Table, about: dict[str, Any]) -> bytes:
    """An object with the rows under `rows`, beside what is said about them."""
    body = {**about, "columns": _columns(table), "rows": [_object(table, r) for r in table.rows]}
    return orjson.dumps(body, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def as_geojson(table: Table) -> bytes:
    """A FeatureCollection (RFC 7946). A thing without coordinates has no geometry."""
    body = {"type": "FeatureCollection", "name": table.title, "features": _features(table)}
    return orjson.dumps(body)


def as_kml(table: Table) -> bytes:
    """Placemarks of the things that have coordinates (OGC 12-007r2)."""
    return kml.document(table.title, (f for f in _features(table) if f["geometry"] is not None))


def as_xlsx(table: Table) -> bytes:
    """A workbook with one sheet. Texts stay texts: nothing becomes a formula or a link, and a
    code keeps its zeros. Numbers are numbers.

    XlsxWriter (BSD-2) only writes, and turns nothing into formulas or links when it is told so;
    openpyxl takes as long and makes a formula of every text that begins with `=`."""
    output = BytesIO()
    options = {
        "in_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": True,
    }
    with xlsxwriter.Workbook(output, options) as book:
        sheet = book.add_worksheet(_SHEET_NAME)
        sheet.freeze_panes(1, 0)
        heading = book.add_format({"bold": True})
        for place, name in enumerate(("id", *table.names)):
            sheet.write_string(0, place, _cell_text(name), heading)
        for line, row in enumerate(table.rows, 1):
            sheet.write_string(line, 0, _cell_text(row.iri))
            for place, cell in enumerate(row.cells, 1):
                _write_cell(sheet, line, place, cell)
    return output.getvalue()


def _write_cell(sheet: Any, line: int, place: int, cell: tuple[Value, ...]) -> None:
    number = _number(cell[0]) if len(cell) == 1 else None
    if isinstance(number, bool):
        sheet.write_boolean(line, place, number)
    elif number is not None:
        sheet.write_number(line, place, number)
    elif cell:
        sheet.write_string(line, place, _cell_text(_BETWEEN.join(v.text for v in cell)))


def _features(table: Table) -> list[dict[str, Any]]:
    naming = [n for n, column in enumerate(table.columns) if column.path in _NAMING]
    features = []
    for row in table.rows:
        point = table.point(row)
        name = next((row.cells[n] for n in naming if row.cells[n]), ())
        properties = (
            Property(name, column.path[-1], value.text, value.language, value.datatype)
            for name, column, cell in zip(table.names, table.columns, row.cells, strict=True)
            for value in cell
        )
        places = () if point is None else (Point(point[1], point[0]),)
        features.append(feature(row.iri, readable(name, "ja") or None, properties, places))
    return features


def _columns(table: Table) -> list[dict[str, object]]:
    return [
        {"name": name, "path": list(column.path)}
        for name, column in zip(table.names, table.columns, strict=True)
    ]


def _object(table: Table, row: TableRow) -> dict[str, Any]:
    found: dict[str, Any] = {"id": row.iri}
    for name, cell in zip(table.names, row.cells, strict=True):
        values = [_json(value) for value in cell]
        if values:
            found[name] = values[0] if len(values) == 1 else values
    return found


def _json(value: Value) -> object:
    number = _number(value)
    if number is not None:
        return number
    return {"text": value.text, "lang": value.language} if value.language else value.text


def _number(value: Value) -> bool | int | float | None:
    return plain(value.text, value.datatype)


def _cell_text(text: str) -> str:
    return NOT_XML.sub("\ufffd", text)[:_CELL_CHARACTERS]
