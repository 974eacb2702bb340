"""READ for JSON: the items that an iterator gives are the rows, references are the columns.

A reference with a wildcard gives a list for each row. Cells are strings, as in any table; what
kind of value each was goes beside them in `Batch.datatypes`, by the natural mapping of RML for
JSON: numbers without fraction and exponent are xsd:integer, others xsd:double, truth values
xsd:boolean. The whole document is in memory, so its size has a limit of its own.

Source: RML-IO registry, JSONPath.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from app.errors import Place, SourceError, SourceTooLarge, Text
from app.findings import FindingKind, Findings, Severity, kind
from app.rdf.namespaces import XSD
from app.tabular.batch import Batch, TableDescription
from app.tabular.decoding import utf8_blocks
from app.tabular.encoding import find_encoding
from app.tabular.json_paths import Query, query
from app.tabular.json_text import Document, Number
from app.tabular.limits import ReadLimits
from app.tabular.rows import cell_too_long
from app.tabular.source import CHUNK_BYTES, ByteSource, from_bytes, from_path

BATCH_ROWS: Final = 8192
SAMPLED_ROWS: Final = 100
"""Rows whose member names are told as the table's columns."""

STRUCTURE_AS_VALUE = kind(
    "json-structure-as-value",
    Severity.ERROR,
    what=Text(
        ja="「{reference}」の値がオブジェクトか配列です。出力しませんでした。",
        en="“{reference}” gives an object or an array, so it was left out.",
    ),
    mend=Text(
        ja="中の値を指してください。配列なら {reference}[*]。",
        en="Point to a value inside it; for an array, {reference}[*].",
    ),
)
REPEATED_MEMBER = kind(
    "json-repeated-member",
    Severity.WARNING,
    what=Text(
        ja="同じオブジェクトに「{name}」が二度あります。後のものを使いました。",
        en="an object has “{name}” twice; the later one was taken.",
    ),
    mend=Text(ja="片方を消すか、名前を変えてください。", en="Remove or rename one of them."),
)
NOT_A_CHARACTER = kind(
    "json-not-a-character",
    Severity.ERROR,
    what=Text(
        ja="「{reference}」に文字でない \\ud800〜\\udfff があります。出力しませんでした。",
        en="“{reference}” holds half of a surrogate pair, so it was left out.",
    ),
    mend=Text(ja="元のデータの文字を直してください。", en="Correct the character in the source."),
)

Cell = tuple[str, str | None]
"""The text of a value and its natural datatype (None: a string)."""


def open_json(
    source: Path | ByteSource,
    iterator: str | None = None,
    *,
    encoding: str | None = None,
    findings: Findings,
    limits: ReadLimits | None = None,
    name: str | None = None,
) -> JsonTable:
    """Opens a JSON document, packed or not, as a table. Without an iterator the items of an
    outermost array are the rows, or the document is the only one.

    Raises SourceError with line and column, SourceNotFound, SourceEncodingError, SourceTooLarge.
    """
    limits = limits or ReadLimits()
    if isinstance(source, Path):
        source = from_path(source, limits, name)
    place = Place(source.name)
    found = find_encoding(source.chunks(), encoding, place)
    text = document_text(source, found.codec, limits)
    if not text.strip():
        raise SourceError(Text(ja="中身がありません。", en="it is empty."), place=place)

    def repeated(member: str, line: int) -> None:
        findings.add(REPEATED_MEMBER, Place(source.name, line, field=member), {"name": member})

    document = Document(text, source.name, limits.json_depth, repeated)
    if iterator is None:
        rows = document.root if isinstance(document.root, list) else [document.root]
    else:
        rows = _iterated(document, iterator, place)
    description = TableDescription(found.codec, found.source, "", 0, 0, bytes=source.size)
    return JsonTable(source.name, description, document, rows, findings, limits.cell_bytes)


def open_json_bytes(
    name: str, data: bytes, iterator: str | None = None, *, findings: Findings
) -> JsonTable:
    """The same for what is in memory."""
    return open_json(from_bytes(name, data, ReadLimits()), iterator, findings=findings)


def document_text(source: ByteSource, codec: str, limits: ReadLimits) -> str:
    """The whole document. Raises SourceTooLarge."""
    parts: list[bytes] = []
    size = 0
    for block in utf8_blocks(source, codec, CHUNK_BYTES):
        size += len(block)
        if size > limits.json_bytes:
            raise SourceTooLarge(
                Text(
                    ja=f"JSON の大きさが上限 ({limits.json_bytes:,} バイト) を超えています。",
                    en=f"JSON is read up to {limits.json_bytes:,} bytes.",
                ),
                place=Place(source.name),
                hint=Text(
                    ja="ファイルを分けるか、設定 source_json_bytes を見直してください。",
                    en="Split the file, or raise source_json_bytes.",
                ),
            )
        parts.append(block)
    return b"".join(parts).decode()


def _iterated(document: Document, iterator: str, place: Place) -> list[Any]:
    try:
        return query(iterator).find(document.root)
    except ValueError as error:
        raise SourceError(
            Text(
                ja=f"iterator「{iterator}」は JSONPath として読めません: {error}",
                en=f"the iterator “{iterator}” is not JSONPath: {error}",
            ),
            place=place,
        ) from error


@dataclass(frozen=True)
class JsonTable:
    """A `app.tabular.batch.Table` over a parsed document. Any reference is a column."""

    name: str
    description: TableDescription
    document: Document
    rows: Sequence[Any]
    findings: Findings
    cell_bytes: int
    _passed: dict[str, int] = field(default_factory=dict)
    """How many rows of each reference have been passed: what is odd about them has been told."""

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The member names of the first rows that are objects."""
        names: dict[str, None] = {}
        for row in self.rows[:SAMPLED_ROWS]:
            if isinstance(row, dict):
                names.update(dict.fromkeys(row))
        return tuple(names)

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> Iterator[Batch]:
        """See `app.tabular.batch.Table`. Raises ValueError for what is not JSONPath."""
        queries = [query(name) for name in (self.columns if columns is None else columns)]
        end = len(self.rows) if limit is None else min(limit, len(self.rows))
        cells = ItemCells(self.name, self.findings, self.cell_bytes)
        for start in range(0, end, BATCH_ROWS):
            rows = self.rows[start : min(start + BATCH_ROWS, end)]
            lines = np.array([self.document.line_of(row) for row in rows], dtype=np.int64)
            arrays, datatypes = [], {}
            for each in queries:
                told = self._passed.get(each.text, 0) - start
                array, types = cells.column(each, rows, lines, told)
                self._passed[each.text] = max(self._passed.get(each.text, 0), start + len(rows))
                arrays.append(array)
                if types is not None:
                    datatypes[each.text] = types
            if queries:
                table = pa.RecordBatch.from_arrays(arrays, names=[each.text for each in queries])
            else:
                table = pa.RecordBatch.from_struct_array(pa.array([{}] * len(rows), pa.struct([])))
            yield Batch(table, lines, start + 1, datatypes)


@dataclass(frozen=True, slots=True)
class ItemCells:
    """The cells that references give for items of a document. `name`: the file's; a cell longer
    than `cell_bytes` is an error."""

    name: str
    findings: Findings
    cell_bytes: int

    def column(
        self, reference: Query, rows: Sequence[Any], lines: npt.NDArray[np.int64], told: int = 0
    ) -> tuple[pa.Array, pa.Array | None]:
        """One value for each item (a list where the reference may give several), and the natural
        datatype of each, flattened. What is odd about the first `told` items has been told."""
        texts: list[str | None] = []
        types: list[str | None] = []
        offsets = [0]
        for number, row in enumerate(rows):
            line = None if number < told else int(lines[number])
            cells = [
                cell
                for value in reference.find(row)
                if (cell := self._cell(value, reference, line)) is not None
            ]
            if reference.singular and not cells:
                cells = [(None, None)]  # type: ignore[list-item]  # a null among the values
            texts.extend(text for text, _ in cells)
            types.extend(datatype for _, datatype in cells)
            offsets.append(len(texts))
        values = pa.array(texts, pa.string())
        typed = pa.array(types, pa.string()) if any(types) else None
        if reference.singular:
            return values, typed
        return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), values), typed

    def _cell(self, value: Any, reference: Query, line: int | None) -> Cell | None:
        match value:
            case None:
                return None
            case bool():
                return ("true" if value else "false"), XSD + "boolean"
            case int():
                return str(value), XSD + "integer"
            case Number():
                whole = value.text.removeprefix("-").isdecimal()
                return value.text, XSD + ("integer" if whole else "double")
            case str():
                return self._string(value, reference, line)
            case _:
                self._tell(STRUCTURE_AS_VALUE, reference, line)
                return None

    def _string(self, value: str, reference: Query, line: int | None) -> Cell | None:
        try:
            size = len(value) if value.isascii() else len(value.encode())
        except UnicodeEncodeError:
            self._tell(NOT_A_CHARACTER, reference, line)
            return None
        if size > self.cell_bytes:
            raise cell_too_long(self.name, line or 1, size, self.cell_bytes)
        return value, None

    def _tell(self, found: FindingKind, reference: Query, line: int | None) -> None:
        """Once for each cell, however often the table is read. `line` None: it has been told."""
        if line is None:
            return
        place = Place(self.name, line, field=reference.text)
        self.findings.add(found, place, {"reference": reference.text})
