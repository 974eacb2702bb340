"""Descriptions of data sets: what is read, and how a slip is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.errors import DatasetError, Place
from app.mapping.languages.scanning import Limits
from app.publish.description import CsvDialect, Description, read_description
from app.settings import Settings

LIMITS = Limits.of(Settings.model_validate({}))
LEAST = "name: parks\ntitle: 公園\nresources: [{path: parks.csv}]\n"


def read(folder: Path, text: str | bytes, name: str = "datapackage.yaml") -> Description:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_description(path, LIMITS)


def dialect(folder: Path, text: str) -> CsvDialect:
    return (
        read(
            folder,
            f"name: parks\ntitle: 公園\nresources: [{{path: parks.csv, dialect: {text}}}]\n",
        )
        .resources[0]
        .dialect
    )


def refusal(folder: Path, text: str) -> DatasetError:
    with pytest.raises(DatasetError) as caught:
        read(folder, text)
    return caught.value


def test_the_least_that_a_description_needs(tmp_path: Path) -> None:
    description = read(tmp_path, LEAST)
    assert description.resources[0].path == "parks.csv"
    assert description.resources[0].encoding is None
    assert description.resources[0].dialect == CsvDialect.model_validate({})
    assert description.resources[0].table_schema.missing_values == ("",)


def test_json_and_a_byte_order_mark_are_read_too(tmp_path: Path) -> None:
    json = b'\xef\xbb\xbf{"name": "p", "title": "t", "resources": [{"path": "a.csv"}]}'
    assert read(tmp_path, json, "datapackage.json").name == "p"


def test_values_that_look_like_numbers_stay_text(tmp_path: Path) -> None:
    description = read(tmp_path, LEAST + "version: 2024.10\nissued: 2024-04-01\n")
    assert (description.version, description.issued) == ("2024.10", "2024-04-01")


def test_a_key_of_one_column_may_stand_without_a_list(tmp_path: Path) -> None:
    text = LEAST.replace("parks.csv", "parks.csv, schema: {primaryKey: ID}")
    assert read(tmp_path, text).resources[0].table_schema.primary_key == ("ID",)


@pytest.mark.parametrize(
    ("text", "header_rows", "skip_rows"),
    [
        ("{}", None, 0),
        ("{headerRows: 2}", 2, 0),
        ("{headerRows: [1, 2]}", 2, 0),
        ("{headerRows: [3, 4]}", 2, 2),
        ("{header: false}", 0, 0),
        ("{header: true}", None, 0),
        ("{headerRows: 0, skipRows: 1}", 0, 1),
    ],
)
def test_header_rows_are_a_number_or_the_list_of_the_specification(
    tmp_path: Path, text: str, header_rows: int | None, skip_rows: int
) -> None:
    found = dialect(tmp_path, text)
    assert (found.header_rows, found.skip_rows) == (header_rows, skip_rows)


@pytest.mark.parametrize("text", ["{headerRows: [1, 3]}", "{headerRows: []}", "{headerRows: -1}"])
def test_header_rows_that_are_none_are_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(DatasetError) as caught:
        dialect(tmp_path, text)
    assert "headerRows" in caught.value.text.en
    assert caught.value.place is not None
    assert caught.value.place.line == 3


@pytest.mark.parametrize(
    ("written", "right", "line"),
    [
        ("licences: []\n", "licenses", 4),
        ("keyword: [公園]\n", "keywords", 4),
        ("resources2: []\n", "resources", 4),
    ],
)
def test_a_slip_in_the_name_of_a_property_is_told(
    tmp_path: Path, written: str, right: str, line: int
) -> None:
    error = refusal(tmp_path, LEAST + written)
    assert error.hint is not None
    assert right in error.hint.en
    assert error.place == Place(str(tmp_path / "datapackage.yaml"), line, 1)


@pytest.mark.parametrize(
    ("resource", "right"),
    [
        ("{path: a.csv, encodng: cp932}", "encoding"),
        ("{path: a.csv, dialect: {delimeter: ;}}", "delimiter"),
        ("{path: a.csv, dialect: {headerRow: 2}}", "headerRows"),
        ("{path: a.csv, schema: {missingValue: [-]}}", "missingValues"),
        ("{path: a.csv, schema: {fields: [{name: 人口, units: 人}]}}", "unit"),
    ],
)
def test_a_slip_deep_inside_is_told_before_it_changes_how_a_table_is_read(
    tmp_path: Path, resource: str, right: str
) -> None:
    error = refusal(tmp_path, f"name: parks\ntitle: 公園\nresources: [{resource}]\n")
    assert error.hint is not None
    assert right in error.hint.en


@pytest.mark.parametrize(
    "more",
    [
        "profile: tabular-data-package\n",
        "id: 11\nimage: a.png\n",
        "resources: [{path: a.csv, bytes: 1, hash: x, mediatype: text/csv, profile: p}]\n",
        "resources: [{path: a.csv, dialect: {lineTerminator: x, doubleQuote: true, "
        "commentRows: [1], skipBlankRows: true}}]\n",
        "resources: [{path: a.csv, schema: {foreignKeys: [], fields: [{name: a, rdfType: x, "
        "constraints: {}}]}}]\n",
    ],
)
def test_other_properties_of_the_specification_are_left_alone(tmp_path: Path, more: str) -> None:
    text = "name: parks\ntitle: 公園\n" + more
    read(tmp_path, text if "resources" in more else text + "resources: [{path: a.csv}]\n")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("name: parks\nresources: [{path: a.csv}]\n", "title"),
        ("name: parks\ntitle: 公園\n", "resources"),
        ("name: parks\ntitle: 公園\nresources: []\n", "resources"),
        ("name: parks\ntitle: 公園\nresources: [{name: a}]\n", "resources.0.path"),
    ],
)
def test_what_is_missing_is_named(tmp_path: Path, text: str, names: str) -> None:
    assert refusal(tmp_path, text).text.en.startswith(f"{names} of the description")


def test_a_description_in_another_encoding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DatasetError) as caught:
        read(tmp_path, LEAST.encode("cp932"))
    assert "UTF-8" in caught.value.text.ja
