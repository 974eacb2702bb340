"""The tables that a data set was made from, kept in each release: as received, in UTF-8, and the
mapping that made triples of them. Their size and SHA-256 stand in the manifest, which is signed,
and a change of the steward's files changes no release.

    sources/<dataset>/source/<file>     the bytes as they were received
    sources/<dataset>/utf-8/<file>.csv  the same table as CSV in UTF-8, where it is not that already
    sources/<dataset>/mapping/<file>    the mapping
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from pathlib import Path, PurePosixPath
from typing import Final
from urllib.parse import unquote, urlsplit

import pyarrow as pa
import pyarrow.csv  # pa.csv

from app.errors import SourceError
from app.findings import Findings
from app.mapping.model import LogicalSource
from app.publish.dataset import Dataset
from app.rdf.formats import Format, Formats
from app.store.base import Manifest
from app.tabular.batch import Table

FOLDER: Final = "sources"
_FILES: Final = "files"
_FORMATS: Final[Mapping[str, Formats]] = {
    ".csv": Formats.TABLE_CSV,
    ".tsv": Formats.TABLE_TSV,
    ".xlsx": Formats.XLSX,
    ".ods": Formats.ODS,
    ".json": Formats.JSON,
    ".geojson": Formats.GEOJSON,
    ".jsonl": Formats.JSON_LINES,
    ".zip": Formats.ZIP,
    ".yml": Formats.YAML,
    ".yaml": Formats.YAML,
    ".ttl": Formats.TURTLE,
}


class Part(StrEnum):
    """What a file is; also its folder."""

    SOURCE = "source"
    UTF_8 = "utf-8"
    MAPPING = "mapping"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a data set that a release keeps; `path` is that below `/dumps/`."""

    dataset: str
    part: Part
    name: str
    format: Format
    bytes: int
    sha256: str

    @property
    def path(self) -> str:
        """`<dataset>/<part>/<file>`."""
        return f"{self.dataset}/{self.part.value}/{self.name}"


def write(folder: Path, dataset: Dataset, names: Mapping[str, str]) -> None:
    """Copy the sources of a data set, by the names of `names_of`, and its mapping. A data set
    that withholds its sources keeps the mapping only."""
    below = folder / FOLDER / dataset.id
    _copy(dataset.mapping_path, below / Part.MAPPING.value / dataset.mapping_path.name)
    if dataset.description.withhold_source:
        return
    for path, name in names.items():
        _copy(dataset.source_path(path), below / Part.SOURCE.value / name)
        _write_utf_8(dataset, path, name, below / Part.UTF_8.value / f"{Path(name).stem}.csv")


def names_of(dataset: Dataset, paths: Iterable[str]) -> dict[str, str]:
    """A file name for each source: the end of its path, or of the address that it was fetched
    from; a number tells files of the same name apart."""
    found: dict[str, str] = {}
    for path in paths:
        address = dataset.address(path)
        last = unquote(urlsplit(address).path) if address is not None else path.partition("#")[0]
        name = plain = PurePosixPath(last).name or "table"
        number = 2
        while name in found.values():
            name, number = f"{number}-{plain}", number + 1
        found[path] = name
    return found


def of(manifest: Manifest) -> tuple[Kept, ...]:
    """The files of a release, by data set, sources first."""
    return tuple(sorted(_all(manifest), key=lambda k: (k.dataset, list(Part).index(k.part))))


def _all(manifest: Manifest) -> Iterator[Kept]:
    prefix = f"{_FILES}/{FOLDER}/"
    for path, entry in manifest.files.items():
        if path.startswith(prefix):
            dataset, part, name = path.removeprefix(prefix).split("/", 2)
            form = _FORMATS.get(Path(name).suffix.lower(), Formats.OCTETS).value
            yield Kept(dataset, Part(part), name, form, entry.bytes, entry.sha256)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _write_utf_8(dataset: Dataset, path: str, name: str, target: Path) -> None:
    """The table as RFC 4180 in UTF-8 with one header row, unless the source is that already, or
    is no table as a whole."""
    if dataset.resource(path) is None:
        return
    try:
        table = dataset.open_table(LogicalSource(path), Findings())
        if not table.columns or _is_utf_8_csv(table, name):
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("w", encoding="utf-8", newline="") as output:
            csv.writer(output, lineterminator="\n").writerow(table.columns)
            for batch in table.batches():
                output.write(_lines(_as_text(batch.table)))
    except SourceError:
        target.unlink(missing_ok=True)  # what cannot be read as a table has no such copy


def _is_utf_8_csv(table: Table, name: str) -> bool:
    told = table.description
    plain = told.encoding.lower().replace("_", "-") in ("utf-8", "utf-8-sig", "ascii")
    one_header = told.header_line == 1 and told.header_rows == 1 and not told.comments
    return name.lower().endswith(".csv") and plain and one_header and told.delimiter == ","


def _as_text(table: pa.RecordBatch) -> pa.RecordBatch:
    """Columns that are lists or numbers (of JSON) as the text that they hold."""
    columns = []
    for column in table.columns:
        if pa.types.is_list(column.type):
            joined = [None if v is None else " | ".join(map(str, v)) for v in column.to_pylist()]
            columns.append(pa.array(joined, pa.string()))
        else:
            columns.append(column.cast(pa.string()))
    return pa.record_batch(columns, names=table.schema.names)


def _lines(table: pa.RecordBatch) -> str:
    """Rows of CSV. Arrow quotes every text or none, and refuses the latter where one needs it."""
    bare = pa.csv.WriteOptions(include_header=False, quoting_style="none")
    try:
        written = pa.BufferOutputStream()
        pa.csv.write_csv(table, written, bare)
        return str(written.getvalue(), "utf-8")
    except pa.ArrowInvalid:
        output = StringIO(newline="")
        columns = [column.to_pylist() for column in table.columns]
        csv.writer(output, lineterminator="\n").writerows(zip(*columns, strict=True))
        return output.getvalue()
