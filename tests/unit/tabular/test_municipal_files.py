"""Twelve real files of Japanese municipalities, each against what the csv module says of it."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from app.findings import Findings
from app.tabular.reader import open_table
from tests.unit.tabular.reading import rows_of

pytestmark = pytest.mark.shared

# file: encoding, where that is known from, delimiter, header line, header rows, columns, data rows
FILES = {
    "kanazawa5374_center.csv": ("utf-8", "detected", 1, 1, 3, 2),
    "nanao_evac_reference.csv": ("utf-8", "detected", 1, 1, 26, 112),
    "takamatsu_aed_bom_linkrow.csv": ("utf-8", "bom", 7, 1, 11, 514),
    "takamatsu_aed_quoted_crlf.csv": ("utf-8", "detected", 1, 1, 12, 455),
    "takamatsu_evacuation_space.csv": ("utf-8", "detected", 1, 1, 19, 193),
    "takamatsu_organisation_list.csv": ("utf-8", "detected", 1, 1, 12, 394),
    "takamatsu_population_cp932.csv": ("cp932", "detected", 1, 1, 49, 235),
    "takamatsu_public_toilet.csv": ("utf-8", "detected", 1, 1, 33, 167),
    "takamatsu_rural_park_trailing_empty_cols.csv": ("utf-8", "detected", 1, 1, 7, 12),
    "takamatsu_sandbag_jp_header_note_col.csv": ("utf-8", "detected", 1, 1, 14, 9),
    "takamatsu_tourist_facilities.csv": ("utf-8", "detected", 1, 1, 17, 14),
    "takamatsu_wellbeing_multirow_header.csv": ("utf-8", "detected", 2, 2, 56, 100),
}

FINDINGS = {
    "takamatsu_rural_park_trailing_empty_cols.csv": {"table-empty-columns": 1},
    "takamatsu_sandbag_jp_header_note_col.csv": {"table-header-empty": 1},
    "takamatsu_wellbeing_multirow_header.csv": {"table-header-rows": 1},
}


def by_the_csv_module(file: Path, encoding: str) -> list[tuple[int, list[str]]]:
    """All records with the physical lines they begin on."""
    records, line = [], 1
    codec = "utf-8-sig" if encoding == "utf-8" else encoding
    with file.open(encoding=codec, newline="") as text:
        reader = csv.reader(text)
        for cells in reader:
            records.append((line, cells))
            line = reader.line_num + 1
    return records


def test_every_file_is_covered(shared: Path) -> None:
    assert {f.name for f in (shared / "data/municipal-csv").glob("*.csv")} == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_municipal_file_is_read_as_it_stands(name: str, shared: Path) -> None:
    encoding, encoding_source, header_line, header_rows, columns, data_rows = FILES[name]
    file = shared / "data/municipal-csv" / name
    findings = Findings()
    table = open_table(file, findings=findings)
    description = table.description
    assert (description.encoding, description.encoding_source) == (encoding, encoding_source)
    assert description.delimiter == ","
    assert (description.header_line, description.header_rows) == (header_line, header_rows)
    assert len(table.columns) == columns

    rows = rows_of(table)
    assert len(rows) == data_rows
    after = max([header_line, *(header_line + 2 for _ in description.comments[:1])])
    expected = [
        (line, tuple(cells[:columns]))
        for line, cells in by_the_csv_module(file, encoding)
        if line > after and any(cells)
    ]
    assert rows == expected
    blank = sum(bool(cells) and not any(cells) for _, cells in by_the_csv_module(file, encoding))
    counts = findings.counts()
    assert counts.pop("table-empty-row", 0) == blank
    assert counts == FINDINGS.get(name, {})


def test_the_quirks_of_the_files_are_seen(shared: Path) -> None:
    folder = shared / "data/municipal-csv"

    def columns(name: str) -> tuple[str, ...]:
        return open_table(folder / name, findings=Findings()).columns

    assert columns("takamatsu_aed_bom_linkrow.csv")[:2] == ("#property", "name")
    assert columns("takamatsu_wellbeing_multirow_header.csv")[:3] == (
        "回答者ID",
        "属性/性別",
        "属性/年代",
    )
    assert columns("takamatsu_wellbeing_multirow_header.csv")[4].startswith("幸福度・満足度/")
    assert columns("takamatsu_sandbag_jp_header_note_col.csv")[12:] == (
        "column_13",
        "←データの項目名を入力",
    )
    assert columns("takamatsu_rural_park_trailing_empty_cols.csv")[-1] == "longitude"
