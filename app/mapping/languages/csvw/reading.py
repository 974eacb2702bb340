"""From an address to annotated tables: the entry of this package for conversion and validation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from app.errors import MappingReferenceError, Place, Text
from app.findings import Findings
from app.mapping.languages.csvw.documents import DEFAULT_LIMITS
from app.mapping.languages.csvw.fetching import Fetch
from app.mapping.languages.csvw.locating import Locator
from app.mapping.languages.csvw.model import CsvwDialect, Table, TableGroup
from app.mapping.languages.csvw.tables import (
    AnnotatedTable,
    CsvwTable,
    annotate,
    reading_dialect,
)
from app.mapping.languages.scanning import Limits


@dataclass(frozen=True)
class AnnotatedGroup:
    """A group of tables that are open and matched with their metadata."""

    description: TableGroup
    tables: tuple[AnnotatedTable, ...]

    @cached_property
    def by_path(self) -> dict[str, AnnotatedTable]:
        """The tables by their path."""
        return {table.path: table for table in self.tables}

    @cached_property
    def by_url(self) -> dict[str, AnnotatedTable]:
        """The tables by their address."""
        return {table.url: table for table in self.tables}


def read_described(
    metadata_url: str,
    fetch: Fetch,
    findings: Findings,
    *,
    limits: Limits = DEFAULT_LIMITS,
    validating: bool = False,
) -> AnnotatedGroup:
    """The tables that a metadata document describes.

    Raises MappingError when the metadata is in error, SourceError when a table cannot be read.
    """
    group = Locator(fetch, findings, limits).group_at(metadata_url)
    if group is None:
        raise _no_metadata(metadata_url)
    return _open(group, fetch, findings, validating=validating)


def read_table(
    table_url: str,
    fetch: Fetch,
    findings: Findings,
    *,
    metadata_url: str | None = None,
    limits: Limits = DEFAULT_LIMITS,
    validating: bool = False,
) -> AnnotatedGroup:
    """A table with the metadata that the user names, or that is found, or of its header alone.

    Raises MappingError when the metadata is in error, SourceError when a table cannot be read.
    """
    locator = Locator(fetch, findings, limits)
    if metadata_url is None:
        group = locator.group_of(table_url)
    else:
        given = locator.group_at(metadata_url, table_url)
        if given is None:
            raise _no_metadata(metadata_url)
        group = given
    return _open(group, fetch, findings, validating=validating)


def _open(
    group: TableGroup, fetch: Fetch, findings: Findings, *, validating: bool
) -> AnnotatedGroup:
    tables = tuple(
        annotate(
            table,
            _open_table(table, fetch),
            _path(table.url, group.url or table.url),
            findings,
            validating=validating,
        )
        for table in group.tables
    )
    return AnnotatedGroup(group, tables)


def _open_table(table: Table, fetch: Fetch) -> CsvwTable:
    dialect = table.dialect or CsvwDialect()
    return CsvwTable(fetch.table(table.url, reading_dialect(dialect)), dialect)


def _path(url: str, metadata_url: str) -> str:
    """The address of a table as seen from its metadata: a file name where that is beside it."""
    folder = metadata_url.rpartition("/")[0] + "/"
    return url.removeprefix(folder)


def _no_metadata(url: str) -> MappingReferenceError:
    return MappingReferenceError(
        Text(ja=f"メタデータ {url} がありません。", en=f"there is no metadata at {url}."),
        place=Place(url),
        hint=Text(ja="アドレスを確認してください。", en="Check the address."),
    )
