"""From which rows a thing comes, by the record and the index that a release keeps of each data
set's conversion."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.publish.provenance.index import ROWS_KEPT, RowIndex
from app.publish.provenance.record import (
    ConversionRecord,
    MappingPart,
    SourceFile,
    hash_of,
)
from app.publish.provenance.recording import RowRecorder
from app.store.base import Snapshot

FOLDER: Final = "provenance"


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a source: its physical line in the file, and its number among the data rows, both
    from 1. `record` is its number among all records of the file, header included (what RFC 7111
    counts), where it is known for sure."""

    line: int
    number: int
    record: int | None


@dataclass(frozen=True, slots=True)
class Origin:
    """Rows of one file that speak of a thing, by the same triples maps. Without `rows` every row
    does; `more` says that not all are told. `joined` are files whose rows were joined to them."""

    record: ConversionRecord
    source: SourceFile | None
    maps: tuple[MappingPart, ...]
    rows: tuple[Row, ...]
    more: bool
    joined: tuple[SourceFile, ...]


class Origins:
    """What one release knows. Records are read when a data set is first asked for."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot
        self._known: dict[str, tuple[ConversionRecord, RowIndex] | None] = {}

    def record(self, dataset: str) -> ConversionRecord | None:
        """How a data set was converted."""
        known = self._of(dataset)
        return known[0] if known is not None else None

    def of(self, iri: str, datasets: Iterable[str]) -> tuple[Origin, ...]:
        """From where a thing comes in some data sets: one file look-up for each form of subject
        that fits its IRI (some 20 µs)."""
        return tuple(origin for dataset in datasets for origin in self._origins(iri, dataset))

    def _origins(self, iri: str, dataset: str) -> Iterator[Origin]:
        known = self._of(dataset)
        if known is None:
            return
        record, index = known
        for number, form in enumerate(record.subjects):
            files = tuple(record.sources[at] for at in form.sources)
            source, joined = (files[0], files[1:]) if files else (None, ())
            if not form.varies:
                if form.before == iri:
                    yield Origin(record, source, form.maps, (), more=False, joined=joined)
                continue
            part = form.part_of(iri)
            found = index.find(hash_of(part, number)) if part is not None else []
            if found:
                rows = tuple(_row(line, row, source) for line, row in found)
                more = len(found) >= ROWS_KEPT
                yield Origin(record, source, form.maps, rows, more, joined)

    def _of(self, dataset: str) -> tuple[ConversionRecord, RowIndex] | None:
        if dataset not in self._known:
            path = self._snapshot.file(f"{FOLDER}/{dataset}.json")
            self._known[dataset] = (
                (
                    ConversionRecord.model_validate_json(path.read_bytes()),
                    RowIndex(self._snapshot.file(f"{FOLDER}/{dataset}.rows")),
                )
                if path is not None
                else None
            )
        return self._known[dataset]


def write_record(folder: Path, record: ConversionRecord, recorder: RowRecorder) -> None:
    """Write what a release keeps of a conversion."""
    (folder / FOLDER).mkdir(exist_ok=True)
    recorder.write(folder / FOLDER / f"{record.dataset}.rows")
    body = record.model_dump_json(exclude_defaults=True)
    (folder / FOLDER / f"{record.dataset}.json").write_text(body, encoding="utf-8")


def _row(line: int, number: int, source: SourceFile | None) -> Row:
    """Lines and records go together until a cell holds a line break or a line is left out; from
    there on the number of the record is not known for sure."""
    known = source is not None and source.kind == "table" and source.header_rows > 0
    together = source is not None and line == source.header_line + number
    return Row(line, number, line if known and together else None)
