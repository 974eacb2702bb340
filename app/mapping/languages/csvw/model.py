"""Descriptions of tables, after their metadata was read and checked.

Names are those of the Metadata Vocabulary for Tabular Data,
https://www.w3.org/TR/tabular-metadata/ .
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Literal
from urllib.parse import urlsplit, urlunsplit

from app.errors import Place
from app.mapping.languages.csvw.cells import CellFormat
from app.mapping.languages.csvw.datatypes import STRING, Datatype
from app.mapping.languages.csvw.templates import UriTemplate

Trim = Literal["true", "false", "start", "end"]
Annotations = tuple[tuple[str, Any], ...]
"""Common properties: their IRI and their value in normalised JSON-LD (section 6.1)."""


@dataclass(frozen=True, slots=True)
class CsvwDialect:
    """How a file is to be parsed (section 5.9). `header_row_count` already takes `header` into
    account."""

    encoding: str = "utf-8"
    delimiter: str = ","
    quote_char: str | None = '"'
    double_quote: bool = True
    comment_prefix: str | None = None
    header_row_count: int = 1
    skip_rows: int = 0
    skip_columns: int = 0
    skip_blank_rows: bool = False
    skip_initial_space: bool = False
    trim: Trim = "true"
    line_terminators: tuple[str, ...] = ("\r\n", "\n")


@dataclass(frozen=True, slots=True)
class Inherited:
    """Inherited properties as one description gives them; None where it does not."""

    about_url: UriTemplate | None = None
    property_url: UriTemplate | None = None
    value_url: UriTemplate | None = None
    datatype: Datatype | None = None
    default: str | None = None
    lang: str | None = None
    null: tuple[str, ...] | None = None
    ordered: bool | None = None
    required: bool | None = None
    separator: str | None = None
    text_direction: str | None = None

    def over(self, parent: Inherited) -> Inherited:
        """These properties, and the parent's where this description gives none."""
        missing = {
            f.name: getattr(parent, f.name) for f in fields(self) if getattr(self, f.name) is None
        }
        return replace(self, **missing)


@dataclass(frozen=True, slots=True)
class Column:
    """A column description. `titles` are pairs of language tag and title; `number` counts from
    1 among the columns that are not skipped, `source_number` among all of the file."""

    name: str
    titles: tuple[tuple[str, str], ...] = ()
    inherited: Inherited = Inherited()
    virtual: bool = False
    suppress_output: bool = False
    named: bool = False
    number: int = 0
    source_number: int | None = None
    place: Place | None = field(default=None, compare=False, repr=False)

    @property
    def lang(self) -> str:
        """The language of its strings."""
        return self.inherited.lang or "und"

    @property
    def datatype(self) -> Datatype:
        """The datatype of its values."""
        return self.inherited.datatype or STRING

    @property
    def cell_format(self) -> CellFormat:
        """What parsing its cells needs."""
        given = self.inherited
        return CellFormat(
            datatype=self.datatype,
            nulls=given.null if given.null is not None else ("",),
            default=given.default or "",
            separator=given.separator,
            required=bool(given.required),
        )


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """Columns whose values name a row of another table, found by its url or by its schema's."""

    columns: tuple[str, ...]
    referenced_columns: tuple[str, ...]
    resource: str | None = None
    schema: str | None = None
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Schema:
    """A schema. `columns` None: the metadata says nothing of columns, the header decides."""

    columns: tuple[Column, ...] | None = None
    id: str | None = None
    primary_key: tuple[str, ...] = ()
    row_titles: tuple[str, ...] = ()
    foreign_keys: tuple[ForeignKey, ...] = ()
    inherited: Inherited = Inherited()


@dataclass(frozen=True, slots=True)
class Table:
    """A table description. `inherited` holds what the table, its schema and its group give."""

    url: str
    id: str | None = None
    schema: Schema = Schema()
    dialect: CsvwDialect | None = None
    suppress_output: bool = False
    notes: tuple[Any, ...] = ()
    annotations: Annotations = ()
    language: str = "und"
    place: Place | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class TableGroup:
    """A group of tables: what one metadata document describes."""

    tables: tuple[Table, ...]
    id: str | None = None
    notes: tuple[Any, ...] = ()
    annotations: Annotations = ()
    url: str | None = None

    def table(self, url: str) -> Table | None:
        """The table with this address, if it is described."""
        return self._by_url.get(normalised_address(url))

    def table_of_schema(self, schema: str) -> Table | None:
        """The first table whose schema has this address."""
        return self._by_schema.get(normalised_address(schema))

    @cached_property
    def _by_url(self) -> dict[str, Table]:
        return {normalised_address(table.url): table for table in reversed(self.tables)}

    @cached_property
    def _by_schema(self) -> dict[str, Table]:
        return {
            normalised_address(table.schema.id): table
            for table in reversed(self.tables)
            if table.schema.id is not None
        }


_DEFAULT_PORTS: Mapping[str, str] = {"http": ":80", "https": ":443"}


def normalised_address(url: str) -> str:
    """An address to be compared by (RFC 3986, section 6.2): scheme and host in small letters, no default port, unreserved characters not encoded."""

    def plain(found: re.Match[str]) -> str:
        character = chr(int(found[1], 16))
        keep = character.isascii() and (character.isalnum() or character in "-._~")
        return character if keep else found[0].upper()

    parts = urlsplit(re.sub(r"%([0-9A-Fa-f]{2})", plain, url))
    scheme, host = parts.scheme.lower(), parts.netloc.lower()
    host = host.removesuffix(_DEFAULT_PORTS.get(scheme, "\0"))
    path = parts.path or ("/" if host else "")
    return urlunsplit((scheme, host, path, parts.query, parts.fragment))
