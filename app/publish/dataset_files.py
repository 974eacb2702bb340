"""What a release keeps of each data set beside its quads: the tables it was made from, the rows
by subject, the report of its check. Made when a data set is converted, and handed on by hard link
from release to release until it is converted anew."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from app import __version__
from app.mapping.execute import Mode
from app.publish import quality_report, sources
from app.publish.convert import Converted
from app.publish.dataset import Dataset
from app.publish.provenance.origins import FOLDER as PROVENANCE
from app.publish.provenance.origins import write_record
from app.publish.provenance.record import ConversionRecord, SourceFile
from app.publish.provenance.recording import RowRecorder
from app.store.base import Manifest, Snapshot
from app.tabular.batch import TableDescription
from app.tabular.spreadsheet import SUFFIXES

_FOLDERS: Final = (sources.FOLDER, PROVENANCE, quality_report.FOLDER)
_FILES: Final = "files/"


@dataclass(slots=True)
class FreshDataset:
    """A data set that was converted for the release being made."""

    dataset: Dataset
    recorder: RowRecorder
    converted: Converted
    inputs: dict[str, str]
    mode: Mode
    started: datetime
    ended: datetime

    def write(self, folder: Path) -> None:
        """Write all of its files."""
        dataset = self.dataset
        names = sources.names_of(dataset, self.recorder.paths)
        sources.write(folder, dataset, names)
        quality_report.write(folder, dataset, dataset.settings.publish_check_rows)
        record = ConversionRecord(
            dataset=dataset.id,
            software=f"tsunagu {__version__}",
            started=self.started,
            ended=self.ended,
            rows=self.converted.rows,
            quads=self.converted.quads,
            mapping=self._file("mapping", dataset.mapping_path, dataset.mapping_path.name),
            sources=tuple(self._table(path, name) for path, name in names.items()),
            subjects=tuple(self.recorder.forms),
            options={"mode": self.mode.value},
        )
        write_record(folder, record, self.recorder)

    def _table(self, path: str, name: str) -> SourceFile:
        file = self._file(path, self.dataset.source_path(path), name)
        told = self.recorder.tables.get(path)
        if told is None:
            return file
        return file.model_copy(
            update={
                "kind": _kind(name, told),
                "encoding": told.encoding,
                "header_line": told.header_line,
                "header_rows": told.header_rows,
            }
        )

    def _file(self, path: str, file: Path, name: str) -> SourceFile:
        sha256 = self.inputs.get(path, "")
        return SourceFile(path=path, name=name, sha256=sha256, bytes=file.stat().st_size)


def write(
    folder: Path, new: Snapshot, old: Snapshot | None, fresh: Sequence[FreshDataset] = ()
) -> None:
    """Write the files of data sets that were converted, and hand on those of the others."""
    for each in fresh:
        each.write(folder)
    if old is not None and old.manifest.base_iri == new.manifest.base_iri:
        made = {each.dataset.id for each in fresh}
        for name in _of_others(old.manifest, _datasets(new.manifest) - made):
            before = old.file(name)
            if before is not None:
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                (folder / name).hardlink_to(before)


def _kind(name: str, told: TableDescription) -> str:
    """What the numbers of rows and lines of a file mean."""
    if not told.delimiter:
        return "workbook" if name.lower().endswith(SUFFIXES) else "json"
    return "table"


def _datasets(manifest: Manifest) -> set[str]:
    return {entry.dataset for entry in manifest.graphs.values() if entry.dataset is not None}


def _of_others(old: Manifest, datasets: Collection[str]) -> Iterator[str]:
    """Files of some data sets: the name after the folder begins with the data set's id, which
    ends at a slash or at the last dot."""
    for path in old.files:
        name = path.removeprefix(_FILES)
        folder, _, rest = name.partition("/")
        if folder in _FOLDERS:
            dataset = rest.partition("/")[0] if "/" in rest else rest.rpartition(".")[0]
            if dataset in datasets:
                yield name
