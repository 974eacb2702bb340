"""What lies beside a table and says what it is: a Data Package, CSVW metadata, an IMI item table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from app.errors import DatasetError, MappingError, Text
from app.mapping.languages.document import Map, Node, Scalar, read_document
from app.mapping.languages.document import Sequence as Items
from app.mapping.languages.imi.table import read_rows
from app.mapping.languages.scanning import Limits
from app.publish.dataset import DESCRIPTIONS
from app.settings import Settings

_PATHS: Final = ("共通語彙", "common_vocabulary", "構造化項目名")
_NAMES: Final = ("項目名", "項目名称", "name")
_LOOKED_AT: Final = 50
"""Files of a folder that are looked into for an item table."""


@dataclass(frozen=True)
class Beside:
    """What was found. `package`: the properties of a Data Package; `resource`: its entry for the
    table; `csvw`: metadata with a mapping in it; `items`: the text of an item table; `notes`: what
    was found and could not be used."""

    package: Mapping[str, Any] = field(default_factory=dict)
    resource: Mapping[str, Any] = field(default_factory=dict)
    csvw: Path | None = None
    items: Path | None = None
    used: tuple[Path, ...] = ()
    notes: tuple[Text, ...] = ()

    @property
    def fields(self) -> list[Mapping[str, Any]]:
        """The described columns."""
        schema = self.resource.get("schema") or {}
        found = schema.get("fields") if isinstance(schema, Mapping) else None
        return [each for each in found or [] if isinstance(each, Mapping) and each.get("name")]

    def of_fields(self, name: str) -> dict[str, str]:
        """One property of the described columns, by column."""
        return {str(f["name"]): str(f[name]) for f in self.fields if f.get(name)}

    @property
    def key(self) -> tuple[str, ...]:
        """The primary key."""
        schema = self.resource.get("schema") or {}
        key = schema.get("primaryKey") if isinstance(schema, Mapping) else None
        if isinstance(key, str):
            return (key,)
        return tuple(str(name) for name in key or ())

    @property
    def encoding(self) -> str | None:
        """The stated encoding."""
        return self.resource.get("encoding") or None


def look_beside(file: Path, settings: Settings) -> Beside:
    """Descriptions in the folder of a file that name it. Broken ones become notes: it is the
    table that is to be drafted."""
    notes: list[Text] = []
    used: list[Path] = []
    package, resource = _package(file, settings, notes, used)
    csvw, stated = _csvw(file, settings, notes)
    if csvw is not None or stated:
        used.append(_metadata_paths(file)[0])
    items = _item_table(file, settings)
    if items is not None:
        used.append(items)
    if stated and not package:
        package, resource = stated, stated["resources"][0]
    return Beside(package, resource, csvw, items, tuple(used), tuple(notes))


def _package(
    file: Path, settings: Settings, notes: list[Text], used: list[Path]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    for name in DESCRIPTIONS:
        path = file.parent / name
        if not path.is_file():
            continue
        try:
            body = _plain(
                read_document(_text(path, settings), file=str(path), limits=Limits.of(settings))
            )
        except (DatasetError, MappingError, OSError, UnicodeDecodeError) as error:
            notes.append(_unusable(path, error))
            continue
        resources = body.get("resources") if isinstance(body, dict) else None
        for resource in resources if isinstance(resources, list) else ():
            if isinstance(resource, dict) and Path(str(resource.get("path", ""))).name == file.name:
                used.append(path)
                return body, resource
    return {}, {}


def _metadata_paths(file: Path) -> list[Path]:
    """Where CSVW looks (Model for Tabular Data, section 5.3), and what our folders have."""
    names = (
        f"{file.name}-metadata.json",
        f"{file.stem}-metadata.json",
        "csv-metadata.json",
        "metadata.json",
    )
    return [path for name in names if (path := file.parent / name).is_file()]


def _csvw(file: Path, settings: Settings, notes: list[Text]) -> tuple[Path | None, dict[str, Any]]:
    """Metadata that says how rows become triples; of other metadata what it says in words."""
    for path in _metadata_paths(file):
        try:
            body = json.loads(_text(path, settings))
        except (OSError, ValueError) as error:
            notes.append(_unusable(path, error))
            continue
        tables = body.get("tables") if isinstance(body, dict) else None
        tables = tables if isinstance(tables, list) else [body]
        if not isinstance(body, dict) or "csvw" not in json.dumps(body.get("@context", "")):
            continue
        table = next((t for t in tables if isinstance(t, dict) and t.get("url") == file.name), None)
        if table is None:
            continue
        if "aboutUrl" in json.dumps(table):
            return path, {}
        return None, _stated(body, table, file)
    return None, {}


def _stated(body: Mapping[str, Any], table: Mapping[str, Any], file: Path) -> dict[str, Any]:
    def text(*names: str) -> str:
        for part in (table, body):
            for name in names:
                value = part.get(name)
                value = (
                    value.get("@value") or value.get("@id") if isinstance(value, dict) else value
                )
                if isinstance(value, str) and value:
                    return value
        return ""

    schema = table.get("tableSchema")
    schema = schema if isinstance(schema, dict) else {}
    fields = []
    for column in schema.get("columns") or []:
        titles = column.get("titles") if isinstance(column, dict) else None
        titles = next(iter(titles.values()), None) if isinstance(titles, dict) else titles
        title = titles[0] if isinstance(titles, list) and titles else titles
        name = title if isinstance(title, str) else column.get("name") if column else None
        if isinstance(name, str):
            fields.append({"name": name})
    key = schema.get("primaryKey")
    licence = text("dc:license", "dcterms:license", "license")
    stated: dict[str, Any] = {
        "title": text("dc:title", "dcterms:title", "schema:name"),
        "description": text("dc:description", "dcterms:description"),
        "publisher": text("dc:publisher", "dcterms:publisher"),
        "resources": [
            {
                "path": file.name,
                "schema": {"fields": fields, **({"primaryKey": key} if key else {})},
            }
        ],
    }
    if licence:
        stated["licenses"] = [{"path": licence}]
    return stated


def _item_table(file: Path, settings: Settings) -> Path | None:
    """A table of items whose names are columns of the table."""
    candidates = [p for p in sorted(file.parent.glob("*.csv"))[:_LOOKED_AT] if p.name != file.name]
    for path in sorted(candidates, key=lambda p: p.name != "items.csv"):
        try:
            with path.open("rb") as stream:
                head = stream.read(4096).decode("utf-8-sig", "replace")
        except OSError:
            continue
        header = [cell.strip() for cell in next(csv.reader(io.StringIO(head)), [])]
        named = any(name in header for name in _NAMES)
        if (
            named
            and any(name in header for name in _PATHS)
            and path.stat().st_size <= settings.mapping_bytes
        ):
            return path
    return None


def items_for(
    path: Path, columns: Sequence[str], settings: Settings
) -> tuple[str, tuple[str, ...]]:
    """The item table without the items that are no columns of the table, as text, and the items
    that are. Raises MappingError."""
    text = _text(path, settings)
    rows = read_rows(text, file=str(path), limits=Limits.of(settings))
    known = set(columns)
    kept = [row for row in rows if row.name in known]
    output = io.StringIO()
    writer = csv.writer(output)
    writer.writerow(("項目名", "共通語彙", "データ型"))
    writer.writerows((row.name, row.path, row.type) for row in kept)
    return output.getvalue(), tuple(row.name for row in kept)


def _text(path: Path, settings: Settings) -> str:
    with path.open("rb") as stream:
        data = stream.read(settings.mapping_bytes + 1)
    if len(data) > settings.mapping_bytes:
        raise ValueError(f"larger than {settings.mapping_bytes:,} bytes")
    return data.decode("utf-8-sig")


def _unusable(path: Path, error: Exception) -> Text:
    message = (
        error.text
        if isinstance(error, (DatasetError, MappingError))
        else Text(str(error), str(error))
    )
    return Text(
        f"{path.name} は使えませんでした: {message.ja}",
        f"{path.name} could not be used: {message.en}",
    )


def _plain(node: Node) -> Any:
    match node:
        case Scalar():
            return None if node.is_null and node.text == "null" else node.text
        case Items():
            return [_plain(item) for item in node]
        case Map():
            return {entry.key.text: _plain(entry.value) for entry in node}


__all__ = ["Beside", "items_for", "look_beside"]
