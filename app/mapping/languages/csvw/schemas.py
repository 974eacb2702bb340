"""Schemas, columns and foreign keys (Metadata Vocabulary, sections 5.5 and 5.6)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from app.errors import MappingReferenceError, Text
from app.mapping.languages.csvw.annotations import resolve
from app.mapping.languages.csvw.model import (
    Column,
    ForeignKey,
    Schema,
    Table,
    TableGroup,
)
from app.mapping.languages.csvw.properties import (
    Description,
    check_id_and_type,
    column_reference,
    common_properties,
    inherited_properties,
    natural_language,
)
from app.mapping.languages.csvw.templates import percent_encode_all_bytes
from app.mapping.languages.csvw.vocabulary import COLUMN, NAME, SCHEMA_PROPERTIES

_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.]")


def read_schema(description: Description) -> Schema:
    """A schema. Raises MappingError where names repeat, virtual columns stand before others, or
    a key names no column."""
    identifier = check_id_and_type(description, "Schema")
    common_properties(description, SCHEMA_PROPERTIES)
    columns = _read_columns(description)
    names = {column.name for column in columns or () if column.named}
    return Schema(
        columns=columns,
        id=identifier,
        primary_key=_known_columns(description, "primaryKey", columns, names),
        row_titles=_known_columns(description, "rowTitles", columns, names),
        foreign_keys=tuple(_read_foreign_keys(description, columns, names)),
        inherited=inherited_properties(description),
    )


def _read_columns(description: Description) -> tuple[Column, ...] | None:
    if "columns" not in description.members:
        return None
    columns: list[Column] = []
    names: set[str] = set()
    for index, item in description.items("columns"):
        column = _read_column(description.member("columns", item, index), len(columns) + 1)
        if columns and columns[-1].virtual and not column.virtual:
            description.document.fail(
                (*description.path, "columns", index),
                Text(
                    ja="仮想列（virtual）は他の列の後に置きます。",
                    en="a virtual column must stand after all others.",
                ),
            )
        if column.name in names:
            description.document.fail(
                (*description.path, "columns", index),
                Text(
                    ja=f"列の名前 {column.name} が重複しています。",
                    en=f"the column name {column.name} is used twice.",
                ),
            )
        names.add(column.name)
        columns.append(column)
    return tuple(columns)


def _read_column(description: Description, number: int) -> Column:
    check_id_and_type(description, "Column")
    common_properties(description, COLUMN)
    titles = natural_language(description, "titles")
    given = description.text("name")
    if given is not None and NAME.fullmatch(given) is None:
        description.warn(
            "name",
            Text(
                ja="列の名前は英数字で始まり、英数字、_、. と %XX だけで書きます。",
                en="a column name begins with a letter or digit and holds only letters, digits, "
                "_, . and %XX.",
            ),
        )
        given = None
    return Column(
        name=given or name_from_titles(titles, description.language) or f"_col.{number}",
        titles=titles,
        inherited=inherited_properties(description),
        virtual=bool(description.boolean("virtual")),
        suppress_output=bool(description.boolean("suppressOutput")),
        named=given is not None,
        number=number,
        place=description.document.place(description.path),
    )


def name_from_titles(titles: Iterable[tuple[str, str]], language: str) -> str | None:
    """The first title in the default language, percent-encoded (section 5.6, `name`)."""
    for tag, title in titles:
        if tag in ("und", language):
            return _NOT_IN_NAMES.sub(lambda found: percent_encode_all_bytes(found[0]), title)
    return None


def _known_columns(
    description: Description, name: str, columns: tuple[Column, ...] | None, names: set[str]
) -> tuple[str, ...]:
    """A reference to columns that warns and is left out when one is not there."""
    references = column_reference(description, name)
    missing = [reference for reference in references if reference not in names]
    if missing and columns is not None:
        description.warn(
            name,
            Text(
                ja=f"name が {missing[0]} の列はありません。",
                en=f"there is no column whose name is {missing[0]}.",
            ),
        )
        return ()
    return references


def _read_foreign_keys(
    description: Description, columns: tuple[Column, ...] | None, names: set[str]
) -> Iterable[ForeignKey]:
    for index, item in description.items("foreignKeys"):
        key = description.member("foreignKeys", item, index)
        _allow_only(key, {"columnReference", "reference"})
        own = column_reference(key, "columnReference")
        missing = [name for name in own if name not in names]
        if not own or (missing and columns is not None):
            _fail_missing(key, "columnReference", missing)
        reference = item.get("reference")
        if not isinstance(reference, dict):
            key.document.fail(
                key.path,
                Text(
                    ja="外部キーには reference（オブジェクト）が必要です。",
                    en="a foreign key needs a reference, which is an object.",
                ),
            )
        target = key.member("reference", reference)
        _allow_only(target, {"resource", "schemaReference", "columnReference"})
        resource, schema = target.text("resource"), target.text("schemaReference")
        if (resource is None) == (schema is None):
            key.document.fail(
                target.path,
                Text(
                    ja="reference には resource か schemaReference のどちらか一つが必要です。",
                    en="a reference needs either resource or schemaReference.",
                ),
            )
        yield ForeignKey(
            columns=own,
            referenced_columns=column_reference(target, "columnReference"),
            resource=None if resource is None else resolve(key.base, resource),
            schema=None if schema is None else resolve(key.base, schema),
            place=key.document.place(key.path),
        )


def _allow_only(description: Description, allowed: set[str]) -> None:
    for name in description.members:
        if name not in allowed:
            description.document.fail(
                (*description.path, name),
                Text(
                    ja=f"外部キーに {name} は使えません。",
                    en=f"{name} cannot be used in a foreign key.",
                ),
            )


def _fail_missing(description: Description, name: str, missing: list[str]) -> None:
    what = missing[0] if missing else "?"
    description.document.fail(
        (*description.path, name),
        Text(
            ja=f"name が {what} の列はありません。",
            en=f"there is no column whose name is {what}.",
        ),
    )


def check_foreign_keys(group: TableGroup) -> None:
    """Raises MappingReferenceError when a foreign key refers to no table or column of the group."""
    for table in group.tables:
        for key in table.schema.foreign_keys:
            target = referenced_table(group, key)
            columns = None if target is None else target.schema.columns
            names = {column.name for column in columns or () if column.named}
            missing = [name for name in key.referenced_columns if name not in names]
            if target is None or not key.referenced_columns or (missing and columns is not None):
                what = key.resource or key.schema if target is None else ", ".join(missing)
                raise MappingReferenceError(
                    Text(
                        ja=f"外部キーの参照先 {what} はこのメタデータにありません。",
                        en=f"the foreign key refers to {what}, which this metadata does not hold.",
                    ),
                    place=key.place,
                )


def referenced_table(group: TableGroup, key: ForeignKey) -> Table | None:
    """The table that a foreign key refers to."""
    if key.resource is not None:
        return group.table(key.resource)
    return None if key.schema is None else group.table_of_schema(key.schema)
