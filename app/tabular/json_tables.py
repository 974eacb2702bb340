"""READ for JSON as a plain table: GeoJSON, JSON lines, and arrays of objects.

Members of objects become columns (`address.city` for nested ones), arrays of values one cell with
the values joined. Of GeoJSON each feature is a row; a point gives `latitude` and `longitude`, any
other geometry its WKT. Mappings that want more of a document use references and iterators
(`app.tabular.json_source`).

Sources: RFC 7946 (GeoJSON); https://jsonlines.org/.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from app.errors import Place, SourceEmpty, SourceError, SourceTooLarge, Text
from app.findings import Findings, Severity, kind
from app.tabular.batch import Dialect, TableDescription
from app.tabular.content import refuse_what_is_no_text
from app.tabular.encoding import find_encoding
from app.tabular.held import HeldTable, held_batches
from app.tabular.json_source import REPEATED_MEMBER, document_text
from app.tabular.json_text import Document, Number
from app.tabular.limits import ReadLimits
from app.tabular.rows import cell_too_long
from app.tabular.source import ByteSource

SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".geojson")
_LINES: Final = (".jsonl", ".ndjson")
JOINED_BY: Final = ";"

NESTED_OBJECTS = kind(
    "json-nested-objects",
    Severity.WARNING,
    what=Text(
        ja="「{column}」の配列の中にオブジェクトがあります。表にできないので除きました。",
        en="“{column}” holds an array of objects, which is no cell of a table; it was left out.",
    ),
    mend=Text(
        ja="必要なら YARRRML の iterator で配列を指してください。",
        en="If it is wanted, point to it with an iterator in YARRRML.",
    ),
)
OTHER_DATUM = kind(
    "geojson-crs",
    Severity.WARNING,
    what=Text(
        ja="座標参照系「{crs}」が指定されていますが、GeoJSON の座標は WGS84 の経度・緯度です。",
        en="it names the reference system “{crs}”, but GeoJSON is in WGS84 by definition.",
    ),
    mend=Text(
        ja="WGS84 (JGD2011) に変換して保存し直してください。",
        en="Convert it to WGS84 (JGD2011).",
    ),
)


def open_json_table(
    source: ByteSource, dialect: Dialect, findings: Findings, limits: ReadLimits
) -> HeldTable:
    """Open a document as a table. Raises SourceError, SourceEmpty, SourceTooLarge."""
    place = Place(source.name)
    head = source.head(64)
    if not head.strip(b"\xef\xbb\xbf \t\r\n"):
        refuse_what_is_no_text(b"", place)
    found = find_encoding(source.chunks(), dialect.encoding, place)
    text = document_text(source, found.codec, limits)
    records = 0
    if source.kind in _LINES:
        text, records = _as_array(text)

    def repeated(member: str, line: int) -> None:
        findings.add(REPEATED_MEMBER, Place(source.name, line, field=member), {"name": member})

    document = Document(text, source.name, limits.json_depth, repeated)
    items = _items(document.root, place, findings)
    if source.kind in _LINES and len(items) != records:
        raise _no_rows(place)
    rows, names = _rows(items, document, source.name, findings, limits)
    if not rows or not names:
        raise SourceEmpty(
            Text("行になるオブジェクトがありません。", "there is no object that could be a row."),
            place=place,
            hint=Text(
                "オブジェクトの配列か、GeoJSON の FeatureCollection を用意してください。",
                "It should be an array of objects, or a FeatureCollection of GeoJSON.",
            ),
        )
    columns = tuple(names)
    cells = ((line, [row.get(name) for name in columns]) for line, row in rows)
    description = TableDescription(found.codec, found.source, "", 0, 0, bytes=source.size)
    return HeldTable(source.name, columns, description, tuple(held_batches(cells, columns)))


def _as_array(text: str) -> tuple[str, int]:
    """JSON lines as one array whose lines are those of the file, and how many values it has."""
    lines = text.removeprefix("\ufeff").split("\n")
    filled = [number for number, line in enumerate(lines) if line.strip()]
    for number in filled[:-1]:
        lines[number] += ","
    return "[" + "\n".join(lines) + "]", len(filled)


def _items(root: Any, place: Place, findings: Findings) -> list[Any]:
    match root:
        case {"type": "FeatureCollection", "features": list(features)}:
            name = _crs(root)
            if name and not any(known in name for known in ("CRS84", "4326", "6668")):
                findings.add(OTHER_DATUM, place, {"crs": name})
            return features
        case {"type": "Feature"}:
            return [root]
        case list():
            return root
        case dict():
            arrays = [v for v in root.values() if isinstance(v, list) and v and _is_row(v[0])]
            return arrays[0] if len(arrays) == 1 else [root]
        case _:
            raise _no_rows(place)


def _is_row(value: Any) -> bool:
    return isinstance(value, dict)


def _crs(root: dict[str, Any]) -> str:
    properties = root.get("crs")
    properties = properties.get("properties") if isinstance(properties, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    return name if isinstance(name, str) else ""


def _rows(
    items: list[Any], document: Document, name: str, findings: Findings, limits: ReadLimits
) -> tuple[list[tuple[int, dict[str, str]]], dict[str, None]]:
    """Each object as a line and cells by column, and all columns in the order of appearance."""
    rows = []
    names: dict[str, None] = {}
    for item in items:
        if not isinstance(item, dict):
            continue
        line = document.line_of(item)
        cells: dict[str, str] = {}
        for column, value in _cells(item, line, name, findings):
            if 4 * len(value) > limits.cell_bytes and len(value.encode()) > limits.cell_bytes:
                raise cell_too_long(name, line, len(value.encode()), limits.cell_bytes)
            cells.setdefault(column, value)
        names.update(dict.fromkeys(cells))
        if len(names) > limits.columns:
            raise _too_many_columns(name, len(names), limits)
        rows.append((line, cells))
    return rows, names


def _cells(
    item: dict[str, Any], line: int, name: str, findings: Findings
) -> Iterator[tuple[str, str]]:
    if item.get("type") == "Feature" and "geometry" in item:
        identifier = _scalar(item.get("id"))
        if identifier is not None:
            yield "id", identifier
        properties = item.get("properties")
        if isinstance(properties, dict):
            yield from _flattened(properties, "", line, name, findings)
        yield from _geometry(item["geometry"])
    else:
        yield from _flattened(item, "", line, name, findings)


def _flattened(
    item: dict[str, Any], before: str, line: int, name: str, findings: Findings
) -> Iterator[tuple[str, str]]:
    for member, value in item.items():
        column = f"{before}{member}".strip() or "_"
        match value:
            case dict():
                yield from _flattened(value, f"{column}.", line, name, findings)
            case list():
                if any(isinstance(each, dict | list) for each in value):
                    place = Place(name, line, field=column)
                    findings.add(NESTED_OBJECTS, place, {"column": column})
                    continue
                texts = [text for each in value if (text := _scalar(each)) is not None]
                yield column, JOINED_BY.join(texts)
            case _:
                text = _scalar(value)
                if text is not None:
                    yield column, text


def _scalar(value: Any) -> str | None:
    match value:
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Number():
            return value.text
        case str():
            # Half of a surrogate pair is no character and cannot be encoded.
            return value.encode("utf-8", "replace").decode()
        case _:
            return None


def _geometry(geometry: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(geometry, dict):
        return
    kind_, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind_ == "Point" and isinstance(coordinates, list) and len(coordinates) >= 2:
        longitude, latitude = _scalar(coordinates[0]), _scalar(coordinates[1])
        if longitude is not None and latitude is not None:
            yield "latitude", latitude
            yield "longitude", longitude
        return
    text = _wkt(kind_, coordinates)
    if text is not None:
        yield "geometry", text


def _wkt(kind_: Any, coordinates: Any) -> str | None:
    """The WKT of lines, areas and several points (OGC 06-103r4); None for what has none."""
    depths = {
        "LineString": 1,
        "MultiPoint": 1,
        "Polygon": 2,
        "MultiLineString": 2,
        "MultiPolygon": 3,
    }
    if kind_ not in depths or not isinstance(coordinates, list):
        return None
    inside = _positions(coordinates, depths[kind_])
    return None if inside is None else f"{kind_.upper()} {inside}"


def _positions(value: Any, depth: int) -> str | None:
    if not isinstance(value, list):
        return None
    if depth == 0:
        numbers = [_scalar(number) for number in value[:2]]
        known = [number for number in numbers if number is not None]
        return " ".join(known) if len(known) == 2 else None
    parts = [_positions(each, depth - 1) for each in value]
    shown = [part for part in parts if part is not None]
    return f"({', '.join(shown)})" if len(shown) == len(parts) and shown else None


def _no_rows(place: Place) -> SourceError:
    return SourceError(
        Text("表にできる JSON ではありません。", "this JSON is no table."),
        place=place,
        hint=Text(
            "オブジェクトの配列か、GeoJSON の FeatureCollection を用意してください。",
            "It should be an array of objects, or a FeatureCollection of GeoJSON.",
        ),
    )


def _too_many_columns(name: str, columns: int, limits: ReadLimits) -> SourceTooLarge:
    return SourceTooLarge(
        Text(
            f"項目が {columns:,} 種類あり、上限 {limits.columns:,} 列を超えています。",
            f"it has {columns:,} kinds of members; the limit is {limits.columns:,} columns.",
        ),
        place=Place(name),
        hint=Text(
            "データを分けるか、設定 source_columns を見直してください。",
            "Split the data, or raise source_columns.",
        ),
    )
