"""Metadata documents: JSON to a `TableGroup`, with every property checked.

What the specification calls a warning becomes a finding and the default holds; what it calls an
error raises MappingError with line and column.

Source: Metadata Vocabulary for Tabular Data, https://www.w3.org/TR/tabular-metadata/ .
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from app.errors import Text
from app.mapping.languages.csvw.annotations import normalise_value, resolve
from app.mapping.languages.csvw.dialects import read_dialect
from app.mapping.languages.csvw.documents import Document
from app.mapping.languages.csvw.model import CsvwDialect, Inherited, Schema, Table, TableGroup
from app.mapping.languages.csvw.properties import (
    ARRAY,
    LANGUAGE_TAG,
    OBJECT,
    UNKNOWN,
    Description,
    check_id_and_type,
    common_properties,
    inherited_properties,
)
from app.mapping.languages.csvw.schemas import check_foreign_keys, read_schema
from app.mapping.languages.csvw.vocabulary import (
    CONTEXT,
    TABLE,
    TABLE_GROUP,
    TRANSFORMATION,
    expand,
)
from app.mapping.languages.tags import is_language_tag

Load = Callable[[str], Document | None]
"""Gets a metadata document by its address: a schema or a dialect of its own."""


def read_metadata(document: Document, load: Load, table_url: str | None = None) -> TableGroup:
    """What a metadata document describes. A single table becomes a group of one; a table
    without an address is `table_url` when that is given.

    Raises MappingError (with the place) where the specification asks for an error.
    """
    if not isinstance(document.root, dict):
        document.fail(
            (),
            Text(ja="メタデータは JSON オブジェクトです。", en="metadata must be a JSON object."),
        )
    base, language = read_context(document, document.root)
    members = document.root
    if table_url is not None and not {"tables", "url"} & set(members):
        members = {**members, "url": table_url}
    description = Description(document, members, (), base, language)
    if "tables" in members or members.get("@type") == "TableGroup" or "url" not in members:
        group = _read_group(description, load)
    else:
        group = TableGroup((_read_table(description, load, Inherited(), None, None),))
    check_foreign_keys(group)
    return replace(group, url=document.url)


def read_context(document: Document, members: Mapping[str, Any]) -> tuple[str, str]:
    """Base address and default language of a document (section 5.2). Raises MappingError."""
    context = members.get("@context")
    local: Any = {}
    if isinstance(context, list) and len(context) == 2 and context[0] == CONTEXT:
        local = context[1]
    elif context not in (CONTEXT, [CONTEXT]):
        document.fail(
            ("@context",) if "@context" in members else (),
            Text(
                ja="@context が CSVW のものではありません。", en="@context is not the one of CSVW."
            ),
            hint=Text(
                ja=f'"@context": "{CONTEXT}" と書いてください。',
                en=f'Write "@context": "{CONTEXT}".',
            ),
        )
    if not isinstance(local, dict) or set(local) - {"@base", "@language"}:
        document.fail(
            ("@context", 1),
            Text(
                ja="@context に加えられるのは @base と @language だけです。",
                en="only @base and @language may be added to @context.",
            ),
        )
    base, language = local.get("@base"), local.get("@language", "und")
    if not isinstance(language, str) or not is_language_tag(language):
        document.warn(("@context", 1, "@language"), LANGUAGE_TAG)
        language = "und"
    return resolve(document.url, base) if isinstance(base, str) else document.url, language


def _read_group(description: Description, load: Load) -> TableGroup:
    identifier = check_id_and_type(description, "TableGroup")
    annotations = common_properties(description, TABLE_GROUP)
    inherited = inherited_properties(description)
    _check_direction(description)
    _check_transformations(description)
    dialect = read_dialect_member(description, load)
    schema = _read_schema_member(description, load)
    items = description.items("tables")
    if not items:
        description.document.fail(
            ("tables",) if "tables" in description.members else (),
            Text(
                ja="tables に表が一つもありません。",
                en="tables must hold at least one table description.",
            ),
        )
    tables = tuple(
        _read_table(description.member("tables", item, index), load, inherited, dialect, schema)
        for index, item in items
    )
    return TableGroup(tables, identifier, _read_notes(description), annotations)


def _read_table(
    description: Description,
    load: Load,
    inherited: Inherited,
    group_dialect: CsvwDialect | None,
    group_schema: Schema | None,
) -> Table:
    url = description.text("url")
    if url is None:
        description.document.fail(
            description.path,
            Text(ja="表に url がありません。", en="the table has no url."),
            hint=Text(
                ja="CSV のファイル名を url に書いてください。",
                en="Give the file name of the CSV as url.",
            ),
        )
    identifier = check_id_and_type(description, "Table")
    annotations = common_properties(description, TABLE)
    own = inherited_properties(description).over(inherited)
    _check_direction(description)
    _check_transformations(description)
    schema = _read_schema_member(description, load) or group_schema or Schema()
    return Table(
        url=resolve(description.base, url),
        id=identifier,
        schema=_with_inherited(schema, own),
        dialect=read_dialect_member(description, load) or group_dialect,
        suppress_output=bool(description.boolean("suppressOutput")),
        notes=_read_notes(description),
        annotations=annotations,
        language=description.language,
        place=description.document.place(description.path),
    )


def _with_inherited(schema: Schema, table: Inherited) -> Schema:
    """The schema with what its table and its group give handed down to every column."""
    own = schema.inherited.over(table)
    columns = schema.columns
    if columns is not None:
        columns = tuple(replace(c, inherited=c.inherited.over(own)) for c in columns)
    return replace(schema, inherited=own, columns=columns)


def _read_schema_member(description: Description, load: Load) -> Schema | None:
    if "tableSchema" not in description.members:
        return None
    found = _object_member(description, "tableSchema", load)
    return Schema(columns=()) if found is None else read_schema(found)


def read_dialect_member(description: Description, load: Load) -> CsvwDialect | None:
    """The dialect that a table or a group gives, by itself or by its address."""
    if "dialect" not in description.members:
        return None
    found = _object_member(description, "dialect", load)
    return CsvwDialect() if found is None else read_dialect(found)


def _object_member(description: Description, name: str, load: Load) -> Description | None:
    """An object property: an object, or the address of a document that holds it."""
    value = description.members[name]
    if isinstance(value, dict):
        return description.member(name, value)
    if not isinstance(value, str):
        description.warn(name, OBJECT)
        return None
    url = resolve(description.base, value)
    document = load(url)
    if document is None or not isinstance(document.root, dict):
        description.document.fail(
            (*description.path, name),
            Text(ja=f"{value} を読めません。", en=f"{value} cannot be read."),
            hint=Text(
                ja="メタデータの隣に置くか、内容を直接書いてください。",
                en="Put it beside the metadata, or write its content here.",
            ),
        )
    base, language = url, description.language
    if "@context" in document.root:
        base, language = read_context(document, document.root)
    members = {"@id": url, **document.root}
    return Description(document, members, (), base, language)


def _read_notes(description: Description) -> tuple[Any, ...]:
    notes = description.members.get("notes", [])
    if not isinstance(notes, list):
        description.warn("notes", ARRAY)
        return ()
    return tuple(
        normalise_value(
            note,
            description.document,
            (*description.path, "notes", index),
            description.base,
            description.language,
        )
        for index, note in enumerate(notes)
    )


def _check_direction(description: Description) -> None:
    if description.members.get("tableDirection", "auto") not in ("rtl", "ltr", "auto"):
        description.warn(
            "tableDirection",
            Text(ja="rtl、ltr、auto のいずれかです。", en="it must be rtl, ltr or auto."),
        )


def _check_transformations(description: Description) -> None:
    """Transformations (section 5.10) are checked, not run: they name foreign scripts."""
    for index, item in description.items("transformations"):
        transformation = description.member("transformations", item, index)
        check_id_and_type(transformation, "Template")
        for name in item:
            if name not in TRANSFORMATION and expand(name) is None:
                transformation.warn(name, UNKNOWN)
        for name in ("url", "targetFormat", "scriptFormat"):
            if not isinstance(item.get(name), str):
                transformation.warn(name, Text(ja="URL が必要です。", en="a URL is required here."))
