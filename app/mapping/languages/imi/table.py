"""Item tables as rows: a CSV with a header, or a YAML list of maps.

The columns are known by their Japanese and English names: the item's (項目名, name), its path
(共通語彙, common_vocabulary) and the datatype (データ型, common_vocabulary_type).
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from app.errors import MappingError, MappingSyntaxError, Place, Text
from app.mapping.languages.document import Map, Scalar, Sequence, read_document
from app.mapping.languages.scanning import Limits, check_size

_NAMES: Final = {
    "項目名": "name",
    "項目名称": "name",
    "name": "name",
    "共通語彙": "path",
    "common_vocabulary": "path",
    "構造化項目名": "path",
    "データ型": "type",
    "common_vocabulary_type": "type",
    "型": "type",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One item: the column's name, its path or paths, its datatype, and where it stands."""

    name: str
    path: str
    type: str
    place: Place


def read_rows(text: str, *, file: str, limits: Limits) -> list[Row]:
    """The items of a table. Raises MappingError when the needed columns are not there."""
    check_size(text, file=file, limits=limits)
    if file.lower().endswith((".yml", ".yaml")):
        rows = list(_yaml_rows(text, file, limits))
    else:
        rows = list(_csv_rows(text.removeprefix("\ufeff"), file))
    if not rows:
        raise MappingError(
            Text(ja="項目定義書に項目がありません。", en="the item table has no item."),
            place=Place(file, 1, 1),
        )
    return rows


def _csv_rows(text: str, file: str) -> Iterator[Row]:
    reader = csv.reader(io.StringIO(text), strict=True)
    try:
        header = [_NAMES.get(cell.strip(), "") for cell in next(reader, [])]
        missing = [name for name in ("項目名", "共通語彙") if _NAMES[name] not in header]
        if missing:
            raise MappingError(
                Text(
                    ja=f"項目定義書に列「{missing[0]}」がありません。",
                    en=f"the item table has no column {missing[0]}.",
                ),
                place=Place(file, 1, 1),
                hint=Text(
                    ja="見出しを 項目名,共通語彙,データ型 にしてください。",
                    en="Make the header 項目名,共通語彙,データ型.",
                ),
            )
        line = reader.line_num
        for cells in reader:
            place = Place(file, line + 1)
            line = reader.line_num
            found = {name: cell.strip() for name, cell in zip(header, cells, strict=False) if name}
            if found.get("name"):
                yield Row(found["name"], found.get("path", ""), found.get("type", ""), place)
    except csv.Error as error:
        raise MappingSyntaxError(
            Text(ja=f"CSV として読めません: {error}", en=f"this is not CSV: {error}"),
            place=Place(file, reader.line_num),
            hint=Text(ja="引用符を確認してください。", en="Check the quotes."),
        ) from error


def _yaml_rows(text: str, file: str, limits: Limits) -> Iterator[Row]:
    root = read_document(text, file=file, limits=limits)
    for item in root if isinstance(root, Sequence) else ():
        if not isinstance(item, Map):
            continue
        found = {
            _NAMES[entry.key.text]: entry.value.text
            for entry in item
            if entry.key.text in _NAMES and isinstance(entry.value, Scalar)
        }
        if found.get("name"):
            yield Row(found["name"], found.get("path", ""), found.get("type", ""), item.place)
