"""Annotated tables: a file read by its dialect, its header matched with its metadata's columns.

Source: Model for Tabular Data, sections 4 and 8, https://www.w3.org/TR/tabular-data-model/ ;
compatibility of schemas: Metadata Vocabulary, section 5.5.1 and 5.4.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.errors import Place, Text
from app.findings import Findings
from app.mapping.languages.csvw.findings import COLUMNS_DIFFER, COLUMNS_INCOMPATIBLE
from app.mapping.languages.csvw.model import Column, CsvwDialect, Inherited, Table
from app.mapping.languages.csvw.schemas import name_from_titles
from app.tabular import batch as tabular

ROW = "csvw:row"
"""Pseudo column: the row's number among the data rows, from 1 (the variable `_row`)."""
SOURCE_ROW = "csvw:sourceRow"
"""Pseudo column: the row's number in the file, header and skipped rows included (`_sourceRow`)."""

NO_COMMENTS = "\0"
"""A comment prefix that never occurs: the reader takes NUL out of every text. Without it the
reader would look for comment rows above the header by itself."""

_REPEATED = re.compile(r"(.+)_([0-9]+)")


def reading_dialect(dialect: CsvwDialect) -> tabular.Dialect:
    """What the reader is told. Of several header rows it takes the last; those above come back
    as comments."""
    above = max(0, dialect.header_row_count - 1)
    return tabular.Dialect(
        encoding=dialect.encoding,
        delimiter=dialect.delimiter,
        quote=dialect.quote_char,
        escape=None if dialect.double_quote else "\\",
        header_rows=min(1, dialect.header_row_count),
        skip_rows=dialect.skip_rows + above,
        comment_prefix=dialect.comment_prefix or NO_COMMENTS,
        skip_initial_space=dialect.skip_initial_space,
        skip_blank_rows=dialect.skip_blank_rows,
        trim=dialect.trim == "true",
    )


@dataclass(frozen=True)
class AnnotatedTable:
    """A table with its final columns. `keys` are the names that the columns which are no
    virtual ones have in batches: the titles in the file where there are any. `path` is the
    table's address relative to its metadata."""

    description: Table
    columns: tuple[Column, ...]
    keys: tuple[str, ...]
    rows: CsvwTable
    path: str = ""

    @property
    def url(self) -> str:
        """The table's address."""
        return self.description.url

    @property
    def real_columns(self) -> tuple[Column, ...]:
        """The columns that are in the file."""
        return self.columns[: len(self.keys)]

    def column(self, name: str) -> Column | None:
        """A column by its name."""
        return self._columns_by_name.get(name)

    def key(self, name: str) -> str | None:
        """The name in batches of a column of the file."""
        return self._keys_by_name.get(name)

    @cached_property
    def _columns_by_name(self) -> dict[str, Column]:
        return {column.name: column for column in reversed(self.columns)}

    @cached_property
    def _keys_by_name(self) -> dict[str, str]:
        pairs = zip(self.columns, self.keys, strict=False)
        return {column.name: key for column, key in reversed(list(pairs))}


class CsvwTable:
    """A table as CSVW sees it: without skipped columns, cells trimmed, never null, and with the
    pseudo columns."""

    def __init__(self, table: tabular.Table, dialect: CsvwDialect) -> None:
        self._table = table
        self._dialect = dialect

    @property
    def name(self) -> str:
        """The file's name."""
        return self._table.name

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the file that are not skipped. The pseudo columns are there as well,
        for those who ask for them by name."""
        return self._table.columns[self._dialect.skip_columns :]

    @property
    def description(self) -> tabular.TableDescription:
        """How it is being read."""
        return self._table.description

    def titles(self) -> tuple[tuple[str, ...], ...]:
        """For each column the titles that its header rows give."""
        skip, above = self._dialect.skip_columns, self._dialect.header_row_count - 1
        if above < 0:
            return tuple(() for _ in self.columns)
        upper = self.description.comments[-above:] if above else ()
        seen: set[str] = set()
        titles = []
        for position, name in enumerate(self._table.columns):
            found = [row[position] for row in upper if position < len(row) and row[position]]
            own = _own_title(name, position, seen)
            seen.add(name)
            titles.append((*found, *([own] if own else [])))
        return tuple(titles[skip:])

    def batches(
        self, columns: Sequence[str] | None = None, *, limit: int | None = None
    ) -> Iterator[tabular.Batch]:
        """The rows in order; see `app.tabular.batch.Table`. Pseudo columns only by name."""
        wanted = list(self.columns if columns is None else columns)
        real = [name for name in wanted if name not in (ROW, SOURCE_ROW)]
        for batch in self._table.batches(real, limit=limit):
            arrays = [self._array(batch, name) for name in wanted]
            table = pa.RecordBatch.from_arrays(arrays, names=wanted) if wanted else batch.table
            yield tabular.Batch(table, batch.lines, batch.first_row)

    def _array(self, batch: tabular.Batch, name: str) -> pa.Array:
        if name in (ROW, SOURCE_ROW):
            numbers = np.arange(batch.first_row, batch.first_row + len(batch), dtype=np.int64)
            if name == SOURCE_ROW:
                numbers = self._source_numbers(numbers, batch)
            return pa.array(numbers).cast(pa.string())
        array = batch.table.column(name)
        if self._dialect.trim == "start":
            array = pc.utf8_ltrim_whitespace(array)
        elif self._dialect.trim == "end":
            array = pc.utf8_rtrim_whitespace(array)
        return pc.fill_null(array, "") if array.null_count else array

    def _source_numbers(
        self, numbers: np.ndarray[tuple[int], np.dtype[np.int64]], batch: tabular.Batch
    ) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
        """Rows count as rows however many lines they take. Where rows may have been left out,
        only the physical line tells how many."""
        if self._dialect.comment_prefix is not None or self._dialect.skip_blank_rows:
            return batch.lines
        before = self._dialect.skip_rows + self._dialect.header_row_count
        return numbers + max(before, self.description.header_line)


def _own_title(name: str, position: int, seen: set[str]) -> str | None:
    """The text in the header, where the reader had to make a name unique or invent it."""
    if name == f"column_{position + 1}":
        return None
    repeated = _REPEATED.fullmatch(name)
    if repeated and repeated[1] in seen and int(repeated[2]) > 1:
        return repeated[1]
    return name


def annotate(
    table: Table, rows: CsvwTable, path: str, findings: Findings, *, validating: bool
) -> AnnotatedTable:
    """Match the columns of the metadata with those of the file.

    A difference is a warning, or an error when validating; the metadata's columns hold then,
    and columns that it does not have are called `_col.N`.
    """
    titles = rows.titles()
    declared = table.schema.columns
    skipped = (table.dialect or CsvwDialect()).skip_columns
    if declared is None:
        columns = [_embedded_column(table, number, each) for number, each in enumerate(titles, 1)]
        virtual: list[Column] = []
    else:
        columns = [column for column in declared if not column.virtual]
        virtual = [column for column in declared if column.virtual]
        has_header = (table.dialect or CsvwDialect()).header_row_count > 0
        language = table.schema.inherited.lang or "und"
        difference = _difference(columns, titles, has_header, language, validating=validating)
        if difference is not None:
            found = COLUMNS_INCOMPATIBLE if validating else COLUMNS_DIFFER
            findings.add(
                found,
                Place(rows.name, rows.description.header_line or None),
                {"difference": difference.ja, "difference_en": difference.en},
                mapping_place=table.place,
            )
        for number in range(len(columns) + 1, len(titles) + 1):
            columns.append(Column(f"_col.{number}", inherited=table.schema.inherited))
        columns = columns[: len(titles)]
    numbered = [
        replace(column, number=number, source_number=number + skipped)
        for number, column in enumerate(columns, 1)
    ]
    numbered += [
        replace(column, number=number) for number, column in enumerate(virtual, len(numbered) + 1)
    ]
    return AnnotatedTable(table, tuple(numbered), rows.columns[: len(columns)], rows, path)


def _embedded_column(table: Table, number: int, titles: tuple[str, ...]) -> Column:
    pairs = tuple((table.language, title) for title in titles)
    name = name_from_titles(pairs, table.language) or f"_col.{number}"
    inherited: Inherited = table.schema.inherited
    return Column(name, titles=pairs, inherited=inherited)


def _difference(
    columns: Sequence[Column],
    titles: Sequence[tuple[str, ...]],
    has_header: bool,
    language: str,
    *,
    validating: bool,
) -> Text | None:
    """What keeps a schema from being compatible with a header, None when nothing does."""
    if len(columns) != len(titles):
        found, wanted = len(titles), len(columns)
        return Text(
            ja=f"見出しは {found} 列、メタデータは {wanted} 列",
            en=f"{found} columns in the header, {wanted} in the metadata",
        )
    if not has_header:
        return None
    for column, cells in zip(columns, titles, strict=True):
        if not _fits(column, cells, language, validating=validating):
            header = ", ".join(cells)
            titled = ", ".join(title for _, title in column.titles)
            declared = titled or f"name {column.name}"
            return Text(
                ja=f"見出し「{header}」とメタデータの「{declared}」",
                en=f"“{header}” in the header, “{declared}” in the metadata",
            )
    return None


def _fits(column: Column, found: tuple[str, ...], language: str, *, validating: bool) -> bool:
    """Whether a column description and the header cells over a column, which are in the
    language of the table, can be of the same column."""
    if not found or (not column.titles and not column.named):
        return True
    if not column.titles:
        return not validating
    return any(title in found and _same_language(tag, language) for tag, title in column.titles)


def _same_language(left: str, right: str) -> bool:
    """Whether tags match: `und` any, others when the shorter is a beginning of the longer."""
    if "und" in (left, right):
        return True
    shorter, longer = sorted((left.lower(), right.lower()), key=len)
    return longer == shorter or longer.startswith(f"{shorter}-")
