"""The description of a data set: a Frictionless Data Package (`datapackage.yaml` or `.json`).

Properties of our own, beside those of the specification: `title_en`, `description_en` (and on
fields), `publisher`, `theme` (codes of DCAT-AP's data themes such as HEAL, or IRIs), `accrualPeriodicity`, `spatial`, `temporal`, `issued`, `sample`,
`credit`, `large`, `unpublished` (kept, but in no release), `withholdSource` (the tables
themselves are not published, only what the mapping makes of them), `schedule` (when the server
publishes it anew, in the form of cron). Unknown properties that look like a
slip of a known one are errors; others are left alone, as the specification wants.

Source: https://specs.frictionlessdata.io/data-package/ and tabular-data-resource.
"""

from __future__ import annotations

from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from app.errors import DatasetError, Place, Text
from app.mapping.languages.document import Map, Node, Scalar, Sequence, read_document
from app.mapping.languages.scanning import Limits
from app.publish.schedule.timetable import Timetable


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="allow", populate_by_name=True)


class Licence(_Part):
    """A licence: `path` is its IRI."""

    name: str = ""
    path: str = ""
    title: str = ""


class Contributor(_Part):
    """A body that had a part in the data; `role` as in the specification (publisher, …)."""

    title: str
    title_en: str = ""
    path: str = ""
    email: str = ""
    role: str = "publisher"


class Source(_Part):
    """Where the data came from."""

    title: str
    path: str = ""


class FieldDescription(_Part):
    """One column."""

    name: str
    title: str = ""
    title_en: str = ""
    type: str = "string"
    format: str = "default"
    description: str = ""
    unit: str = ""


class TableSchema(_Part):
    """The columns of a resource, its key, and the texts that mean: no value."""

    fields: tuple[FieldDescription, ...] = ()
    primary_key: tuple[str, ...] = Field((), alias="primaryKey")
    missing_values: tuple[str, ...] = Field(("",), alias="missingValues")


class CsvDialect(_Part):
    """How the text is written (Frictionless table dialect); None: find out.

    `sheet` and `range` choose in a workbook. `headerRows` is a number of rows, or the list of
    their numbers that the specification has (`[2, 3]`: the row above is skipped); `header: false`
    means that there are none.
    """

    delimiter: str | None = None
    quote_char: str | None = Field(None, alias="quoteChar")
    header_rows: int | None = Field(None, alias="headerRows", ge=0)
    skip_rows: int = Field(0, alias="skipRows")
    comment_char: str | None = Field(None, alias="commentChar")
    skip_initial_space: bool = Field(False, alias="skipInitialSpace")
    sheet: str | None = None
    cells: str | None = Field(None, alias="range")

    @model_validator(mode="before")
    @classmethod
    def _header_as_a_number(cls, given: Any) -> Any:
        if not isinstance(given, dict):
            return given
        rows = given.get("headerRows")
        if isinstance(rows, list):
            try:
                numbers = [int(row) for row in rows]
            except ValueError:
                numbers = []
            if not numbers or numbers != list(range(numbers[0], numbers[0] + len(numbers))):
                raise ValueError("headerRows: expected row numbers in order, such as [1, 2]")
            given = {**given, "headerRows": len(numbers)}
            given.setdefault("skipRows", numbers[0] - 1)
        elif rows is None and str(given.get("header")).lower() == "false":
            given = {**given, "headerRows": 0}
        return given


class Resource(_Part):
    """One table: the file's path relative to the description, or an http(s) address; a mapping
    may name the table by its `name` as well."""

    path: str
    name: str = ""
    title: str = ""
    format: str = "csv"
    encoding: str | None = None
    dialect: CsvDialect = CsvDialect.model_construct()
    table_schema: TableSchema = Field(TableSchema.model_construct(), alias="schema")


class Description(_Part):
    """A data set, as its steward describes it."""

    name: str
    title: str
    title_en: str = ""
    description: str = ""
    description_en: str = ""
    homepage: str = ""
    version: str = ""
    created: str = ""
    issued: str = ""
    licenses: tuple[Licence, ...] = ()
    contributors: tuple[Contributor, ...] = ()
    sources: tuple[Source, ...] = ()
    keywords: tuple[str, ...] = ()
    theme: tuple[str, ...] = ()
    publisher: str = ""
    credit: str = ""
    accrual_periodicity: str = Field("", alias="accrualPeriodicity")
    spatial: str = ""
    temporal: str = ""
    sample: bool = False
    large: bool = False
    unpublished: bool = False
    withhold_source: bool = Field(False, alias="withholdSource")
    schedule: str = ""
    resources: tuple[Resource, ...] = Field(min_length=1)

    @field_validator("schedule")
    @classmethod
    def _a_timetable(cls, value: str) -> str:
        if value:
            Timetable(value)
        return value


def read_description(path: Path, limits: Limits) -> Description:
    """Read a `datapackage.yaml` or `.json` (JSON is read as the YAML that it is).

    Raises DatasetError, or MappingSyntaxError for text that is not well-formed, with the line
    and column of what is wrong.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DatasetError(
            Text(ja="説明ファイルが UTF-8 ではありません。", en="the description is not UTF-8."),
            place=Place(str(path)),
        ) from error
    document = read_document(text, file=str(path), limits=limits)
    try:
        description = Description.model_validate(_plain(document))
    except ValidationError as error:
        first = error.errors()[0]
        raise _invalid(document, first["loc"], first["msg"], str(path)) from error
    _check_slips(document, Description)
    return description


def _plain(node: Node) -> Any:
    match node:
        case Scalar():
            return None if node.is_null and node.text == "null" else node.text
        case Sequence():
            return [_plain(item) for item in node]
        case Map():
            plain = {entry.key.text: _plain(entry.value) for entry in node}
            for key in ("primaryKey",):
                if isinstance(plain.get(key), str):
                    plain[key] = [plain[key]]
            return {key: value for key, value in plain.items() if value is not None}


def _invalid(document: Node, path: tuple[int | str, ...], message: str, file: str) -> DatasetError:
    place, names = Place(file), ".".join(str(step) for step in path)
    node: Node | None = document
    for step in path:
        match node:
            case Map():
                node = next((e.value for e in node if e.key.text == step), None)
            case Sequence() if isinstance(step, int) and step < len(node):
                node = node.items[step]
            case _:
                node = None
        if node is not None:
            place = node.place
    return DatasetError(
        Text(
            ja=f"データセットの説明の {names} が正しくありません: {message}",
            en=f"{names} of the description is wrong: {message}",
        ),
        place=place,
        hint=Text(
            ja="Frictionless Data Package の書き方を確認してください。",
            en="See the Frictionless Data Package specification.",
        ),
    )


_PARTS: Final[dict[str, type[_Part]]] = {
    "resources": Resource,
    "dialect": CsvDialect,
    "schema": TableSchema,
    "fields": FieldDescription,
}
"""Properties that hold parts in which a slip would quietly change how the table is read."""


def _check_slips(node: Node, part: type[_Part]) -> None:
    """Raise for an unknown property that is nearly a known one: `licences`, `delimeter`."""
    if isinstance(node, Sequence):
        for item in node:
            _check_slips(item, part)
    if not isinstance(node, Map):
        return
    known = {field.alias or name for name, field in part.model_fields.items()}
    known |= set(part.model_fields)
    for entry in node:
        if entry.key.text in known:
            if entry.key.text in _PARTS:
                _check_slips(entry.value, _PARTS[entry.key.text])
            continue
        near = get_close_matches(entry.key.text, known, n=1, cutoff=0.8)
        if near:
            raise DatasetError(
                Text(
                    ja=f"説明に未知の項目 {entry.key.text} があります。",
                    en=f"the description has an unknown property {entry.key.text}.",
                ),
                place=entry.key.place,
                hint=Text(ja=f"{near[0]} のことですか。", en=f"Did you mean {near[0]}?"),
            )
