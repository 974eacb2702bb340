"""What metadata says of a data set as a whole, in the words of a Frictionless Data Package.

With it CSVW metadata alone describes a data set: title, licence, publisher and columns come from
its common properties and its schemas.

Source: https://specs.frictionlessdata.io/data-package/ and tabular-data-resource.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from app.mapping.languages.csvw.model import Annotations, Column, TableGroup
from app.mapping.languages.csvw.reading import AnnotatedGroup
from app.mapping.languages.csvw.tables import AnnotatedTable
from app.mapping.languages.csvw.vocabulary import (
    DURATIONS,
    INTEGER_RANGES,
    NUMERIC,
    expand,
)
from app.rdf.namespaces import DCAT, DCTERMS, FOAF, RDFS, SCHEMA, SKOS

_DC11: Final = "http://purl.org/dc/elements/1.1/"
_TITLES: Final = (DCTERMS + "title", _DC11 + "title", SCHEMA + "name", RDFS + "label")
_DESCRIPTIONS: Final = (
    DCTERMS + "description",
    _DC11 + "description",
    SCHEMA + "description",
    RDFS + "comment",
)
_LICENCES: Final = (DCTERMS + "license", SCHEMA + "license", DCTERMS + "rights")
_PUBLISHERS: Final = (DCTERMS + "publisher", _DC11 + "publisher", SCHEMA + "publisher")
_KEYWORDS: Final = (DCAT + "keyword", SCHEMA + "keywords", _DC11 + "subject")
_NAMES: Final = (
    SCHEMA + "name",
    FOAF + "name",
    SKOS + "prefLabel",
    RDFS + "label",
    *_TITLES,
)
_SINGLE: Final = {
    "issued": (DCTERMS + "issued", SCHEMA + "datePublished"),
    "created": (DCTERMS + "created", SCHEMA + "dateCreated"),
    "spatial": (DCTERMS + "spatial", SCHEMA + "spatialCoverage"),
    "temporal": (DCTERMS + "temporal", SCHEMA + "temporalCoverage"),
    "accrualPeriodicity": (DCTERMS + "accrualPeriodicity",),
    "homepage": (DCAT + "landingPage", FOAF + "homepage", SCHEMA + "url"),
}
_TYPES: Final = {
    "boolean": "boolean",
    "date": "date",
    "dateTime": "datetime",
    "dateTimeStamp": "datetime",
    "time": "time",
    "gYear": "year",
    "gYearMonth": "yearmonth",
    "json": "object",
}

Spoken = tuple[str, str | None]
"""A text and its language."""


def data_package(group: AnnotatedGroup, name: str) -> dict[str, Any]:
    """A data package called `name`. What the group does not say is taken from its tables, the
    first that does; what nobody says is left out (the title is then the name)."""
    said = _properties(group.description)
    package: dict[str, Any] = {"name": name, **_in_languages("title", said, _TITLES)}
    package.setdefault("title", name)
    package.update(_in_languages("description", said, _DESCRIPTIONS))
    licences = [{"path": text} for text, _ in _texts(said, _LICENCES)]
    if licences:
        package["licenses"] = licences
    publisher = next((text for text, _ in _texts(said, _PUBLISHERS)), None)
    if publisher is not None:
        package["publisher"] = publisher
    keywords = list(dict.fromkeys(text for text, _ in _texts(said, _KEYWORDS)))
    if keywords:
        package["keywords"] = keywords
    for member, properties in _SINGLE.items():
        value = next((text for text, _ in _texts(said, properties)), None)
        if value is not None:
            package[member] = value
    package["resources"] = [_resource(table) for table in group.tables]
    return package


def _properties(group: TableGroup) -> Annotations:
    return (*group.annotations, *(pair for table in group.tables for pair in table.annotations))


def _resource(table: AnnotatedTable) -> dict[str, Any]:
    said = table.description.annotations
    schema: dict[str, Any] = {"fields": [_field(column) for column in table.real_columns]}
    if table.description.schema.primary_key:
        schema["primaryKey"] = list(table.description.schema.primary_key)
    resource: dict[str, Any] = {"path": table.path, **_in_languages("title", said, _TITLES)}
    resource.pop("title_en", None)
    return {**resource, "encoding": table.rows.description.encoding, "schema": schema}


def _field(column: Column) -> dict[str, Any]:
    base = column.datatype.base
    field: dict[str, Any] = {"name": column.name}
    for language, title in column.titles:
        field.setdefault("title_en" if language.partition("-")[0] == "en" else "title", title)
    if base in INTEGER_RANGES:
        field["type"] = "integer"
    elif base in NUMERIC:
        field["type"] = "number"
    else:
        field["type"] = "duration" if base in DURATIONS else _TYPES.get(base, "string")
    return field


def _in_languages(member: str, said: Annotations, properties: tuple[str, ...]) -> dict[str, str]:
    """A text, and the English one beside it where there are two."""
    texts = list(_texts(said, properties))
    english = [text for text, language in texts if _is_english(language)]
    others = [text for text, language in texts if not _is_english(language)]
    found: dict[str, str] = {}
    if others or english:
        found[member] = (others or english)[0]
    if english:
        found[f"{member}_en"] = english[0]
    return found


def _is_english(language: str | None) -> bool:
    return language is not None and language.lower().partition("-")[0] == "en"


def _texts(said: Annotations, properties: tuple[str, ...]) -> Iterator[Spoken]:
    """The values of the first of some properties that has any."""
    for wanted in properties:
        found = [text for iri, value in said if iri == wanted for text in _spoken(value)]
        if found:
            yield from found
            return


def _spoken(value: Any) -> Iterator[Spoken]:
    if isinstance(value, list):
        for item in value:
            yield from _spoken(item)
    elif isinstance(value, dict):
        if "@value" in value:
            yield str(value["@value"]), value.get("@language")
            return
        named = tuple((expand(key) or key, item) for key, item in value.items())
        names = list(_texts(named, _NAMES))
        if names:
            yield from names
        elif "@id" in value:
            yield str(value["@id"]), None
    elif value is not None:
        yield str(value), None
