"""The first rows of the tables that a data set was made from, as they stand in the release."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Final

from app.publish.sources import FOLDER, Kept, Part, of
from app.rdf.formats import Formats
from app.store.base import Snapshot

_ROWS: Final = 10
_BYTES: Final = 64 << 10
_COLUMNS: Final = 60
_TABLES: Final = 3


@dataclass(frozen=True, slots=True)
class FirstRows:
    """The beginning of one table. `more`: others follow."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    more: bool


def first_rows(snapshot: Snapshot, dataset: str) -> tuple[FirstRows, ...]:
    """The beginnings of the tables of a data set that are CSV in UTF-8, received so or made so."""
    kept = [file for file in of(snapshot.manifest) if file.dataset == dataset]
    made = {file.name.rpartition(".")[0] for file in kept if file.part is Part.UTF_8}
    return tuple(islice(_tables(snapshot, kept, made), _TABLES))


def _tables(snapshot: Snapshot, kept: list[Kept], made: set[str]) -> Iterator[FirstRows]:
    for file in kept:
        received = file.part is Part.SOURCE and file.name.rpartition(".")[0] not in made
        if file.format is not Formats.TABLE_CSV.value or not (received or file.part is Part.UTF_8):
            continue
        path = snapshot.file(f"{FOLDER}/{file.path}")
        if path is None:
            continue
        with path.open("rb") as opened:
            body = opened.read(_BYTES)
        text = body.decode("utf-8-sig", "replace")
        if len(body) == _BYTES:
            text = text[: text.rfind("\n") + 1]  # the last line may be cut
        records = [record for record in csv.reader(text.splitlines(keepends=True)) if record]
        if len(records) > 1:
            rows = tuple(tuple(record[:_COLUMNS]) for record in records[1 : _ROWS + 1])
            more = len(records) > _ROWS + 1 or len(body) == _BYTES
            yield FirstRows(file.name, tuple(records[0][:_COLUMNS]), rows, more)
