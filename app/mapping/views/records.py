"""Records of one level of a logical view: rows of a table, items of JSON, or texts.

Each can be evaluated (its references are the columns of a batch) and iterated. A cell that does
not hold what the mapping says it holds is a finding, and gives no records.
"""

from __future__ import annotations

import csv
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from typing import Any

import numpy as np
import pyarrow as pa

from app.errors import Place, SourceError, Text
from app.findings import Findings, Severity, kind
from app.mapping.vector import Rows
from app.tabular.batch import Batch
from app.tabular.json_paths import query
from app.tabular.json_source import ItemCells
from app.tabular.json_text import Document
from app.tabular.limits import ReadLimits

CELL_FORMAT = kind(
    "mapping-cell-format",
    Severity.ERROR,
    what=Text(
        ja="「{value}」は {formulation} として読めません: {reason}",
        en="“{value}” cannot be read as {formulation}: {reason_en}",
    ),
    mend=Text(
        ja="セルの値か、マッピングの referenceFormulation を直してください。",
        en="Correct the cell, or the referenceFormulation in the mapping.",
    ),
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What all levels of one view share: the file's name, the texts that mean no value, and where
    findings go."""

    name: str
    nulls: tuple[str, ...]
    findings: Findings


class Records(ABC):
    """`lines` are the physical lines on which the records begin."""

    def __init__(self, reading: Reading, lines: Rows) -> None:
        self.reading = reading
        self.lines = lines

    def __len__(self) -> int:
        return len(self.lines)

    @abstractmethod
    def batch(self, references: Sequence[str]) -> Batch:
        """The values of references, as columns."""

    def inside(self, formulation: str | None, iterator: str | None) -> tuple[Records, Rows]:
        """The records that an iterator finds in each, and to which each belongs. A row, iterated
        as a row, is itself."""
        del formulation, iterator
        return self, np.arange(len(self), dtype=np.int64)


class TableRecords(Records):
    """Rows of a table or of another view."""

    def __init__(self, reading: Reading, rows: Batch) -> None:
        super().__init__(reading, rows.lines)
        self.rows = rows

    def batch(self, references: Sequence[str]) -> Batch:
        del references  # the source was asked for them
        return self.rows


class Items(Records):
    """JSON values."""

    def __init__(self, reading: Reading, lines: Rows, items: Sequence[Any]) -> None:
        super().__init__(reading, lines)
        self.items = items

    def batch(self, references: Sequence[str]) -> Batch:
        cells = ItemCells(self.reading.name, self.reading.findings, ReadLimits().cell_bytes)
        arrays, types = [], {}
        for text in references:
            array, own = cells.column(query(text), self.items, self.lines)
            arrays.append(array)
            if own is not None:
                types[text] = own
        table = pa.RecordBatch.from_arrays(arrays, names=list(references))
        return Batch(table, self.lines, 1, types)

    def found(self, reference: str) -> tuple[Items, Rows]:
        """What a reference finds in each, as items: composite ones too."""
        find = query(reference).find
        found = [(value, row) for row, item in enumerate(self.items) for value in find(item)]
        owners = np.array([row for _, row in found], dtype=np.int64)
        return Items(self.reading, self.lines[owners], [value for value, _ in found]), owners

    def inside(self, formulation: str | None, iterator: str | None) -> tuple[Records, Rows]:
        """A string is only looked into when the field says how it is written."""
        texts = [item if isinstance(item, str) else None for item in self.items]
        if formulation is None or (formulation == "json" and None in texts):
            return self.found(iterator or "$")
        return Texts(self.reading, self.lines, texts).inside(formulation, iterator)


class Texts(Records):
    """Values of expressions, in which further records are written."""

    def __init__(self, reading: Reading, lines: Rows, texts: Sequence[str | None]) -> None:
        super().__init__(reading, lines)
        self.texts = texts

    def batch(self, references: Sequence[str]) -> Batch:
        del references  # a text has no parts with names
        empty = pa.RecordBatch.from_struct_array(pa.array([{}] * len(self), pa.struct([])))
        return Batch(empty, self.lines, 1)

    def inside(self, formulation: str | None, iterator: str | None) -> tuple[Records, Rows]:
        if formulation == "csv":
            return self._rows()
        documents = [self._document(text, row) for row, text in enumerate(self.texts)]
        there = [row for row, found in enumerate(documents) if found is not None]
        roots = Items(
            self.reading,
            self.lines[np.array(there, dtype=np.int64)],
            [found.root for found in documents if found is not None],
        )
        records, owners = roots.found(iterator or "$")
        return records, np.array(there, dtype=np.int64)[owners]

    def _document(self, text: str | None, row: int) -> Document | None:
        if text is None:
            return None
        try:
            return Document(text, self.reading.name, ReadLimits().json_depth, _repeated)
        except SourceError as error:
            # What it says after the colon: that it is no JSON is said here.
            said = Text(*(each.rpartition(": ")[2] for each in (error.text.ja, error.text.en)))
            self._tell(row, "JSON", said)
            return None

    def _rows(self) -> tuple[Records, Rows]:
        owners: list[int] = []
        rows: list[dict[str, str]] = []
        for row, text in enumerate(self.texts):
            try:
                lines = list(csv.reader(StringIO(text or "", newline=""), strict=True))
            except csv.Error as error:
                self._tell(row, "CSV", Text(ja=str(error), en=str(error)))
                continue
            header = lines[0] if lines else []
            made = [dict(zip(header, cells, strict=False)) for cells in lines[1:] if cells]
            rows.extend(made)
            owners.extend([row] * len(made))
        belongs = np.array(owners, dtype=np.int64)
        return CsvRows(self.reading, self.lines[belongs], rows), belongs

    def _tell(self, row: int, formulation: str, reason: Text) -> None:
        shown = (self.texts[row] or "")[:80]
        self.reading.findings.add(
            CELL_FORMAT,
            Place(self.reading.name, int(self.lines[row])),
            {
                "value": shown,
                "formulation": formulation,
                "reason": reason.ja,
                "reason_en": reason.en,
            },
        )


class CsvRows(Records):
    """Rows of a CSV text that stands in a cell, by the names of its header."""

    def __init__(self, reading: Reading, lines: Rows, rows: Sequence[dict[str, str]]) -> None:
        super().__init__(reading, lines)
        self.rows = rows

    def batch(self, references: Sequence[str]) -> Batch:
        arrays = [
            pa.array([row.get(name) for row in self.rows], pa.string()) for name in references
        ]
        table = pa.RecordBatch.from_arrays(arrays, names=list(references))
        return Batch(table, self.lines, 1)


def _repeated(member: str, line: int) -> None:
    """A member that an object in a cell has twice: the later one is taken, as in a file."""
