"""A folder whose mapping is CSVW metadata (`*-metadata.json`): its plan, its tables, and what the
metadata says of the data set.

The metadata reaches only the files beside it. Its tables have their addresses under `base`, so
that properties without a `propertyUrl` are named there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any
from urllib.parse import quote

from app.findings import Findings
from app.mapping.languages.csvw import (
    AnnotatedGroup,
    BesideMetadata,
    compile_csvw,
    data_package,
    read_described,
    table_opener,
    validate,
)
from app.mapping.languages.scanning import Limits
from app.mapping.model import LogicalSource
from app.mapping.plan import Plan
from app.settings import Settings
from app.tabular.batch import Dialect, Table
from app.tabular.limits import ReadLimits
from app.tabular.reader import open_table

PATTERN = "*-metadata.json"


@dataclass(frozen=True)
class CsvwFolder:
    """CSVW metadata in a file. `source_path` gives the place of a file named in it and refuses
    places outside (see `Dataset.source_path`); `base` ends in a slash."""

    metadata: Path
    base: str
    settings: Settings
    source_path: Callable[[str], Path]
    documents: set[str] = field(default_factory=set)
    """Names of the documents beside the metadata that were read: schemas and dialects."""
    _opened: list[tuple[Findings, AnnotatedGroup]] = field(default_factory=list, repr=False)

    @cached_property
    def plan(self) -> Plan:
        """What the cells say (minimal mode: no rows and tables of their own).
        Raises MappingError with line and column, SourceError."""
        return compile_csvw(self._group, minimal=True)

    def open_table(self, source: LogicalSource, findings: Findings) -> Table:
        """A table of the plan, read as the metadata says. Raises SourceError.

        The metadata is read once for each `findings`, so that a run has its warnings once.
        """
        if not self._opened or self._opened[0][0] is not findings:
            self._opened[:] = [(findings, self._read(findings))]
        return table_opener(self._opened[0][1], source)

    def package(self, name: str) -> dict[str, Any]:
        """The metadata's common properties as a Frictionless Data Package called `name`."""
        return data_package(self._group, name)

    def validate(self, findings: Findings) -> None:
        """Check all cells and keys of all tables; see `app.mapping.languages.csvw.validate`."""
        validate(self._read(findings, validating=True), findings)

    @cached_property
    def _group(self) -> AnnotatedGroup:
        return self._read(Findings())

    def _read(self, findings: Findings, *, validating: bool = False) -> AnnotatedGroup:
        limits = ReadLimits.from_settings(self.settings)

        def table(name: str, dialect: Dialect) -> Table:
            return open_table(self.source_path(name), dialect, findings=findings, limits=limits)

        return read_described(
            self.base + quote(self.metadata.name),
            BesideMetadata(self.base, self._document, table),
            findings,
            limits=Limits.of(self.settings),
            validating=validating,
        )

    def _document(self, name: str) -> bytes | None:
        path = (self.metadata.parent / name).resolve()
        if not path.is_relative_to(self.metadata.parent.resolve()) or not path.is_file():
            return None
        if name != self.metadata.name:
            self.documents.add(name)
        # One byte past the limit is enough to be refused.
        with path.open("rb") as file:
            return file.read(self.settings.mapping_bytes + 1)
