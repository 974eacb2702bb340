"""What columns hold, from headings in two languages and from values."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.findings import Findings
from app.quality.role import Role
from app.quality.roles import recognise, recognise_column
from app.quality.units import needs_unit, unit_in_heading, unit_of_cell
from app.tabular.reader import open_table


@pytest.mark.parametrize(
    ("heading", "values", "role"),
    [
        ("緯度", ["34.34", "34.35"], Role.LATITUDE),
        ("latitude", ["34.34"], Role.LATITUDE),
        ("経度(世界測地系)", ["134.04"], Role.LONGITUDE),
        ("都道府県コード又は市区町村コード", ["372013"], Role.REGION_CODE),
        ("prefCode", ["37201"], Role.REGION_CODE),
        ("所在地_全国地方公共団体コード", ["172022"], Role.REGION_CODE),
        ("郵便番号", ["760-0001"], Role.POSTAL_CODE),
        ("telephoneNumber", ["087-839-2611"], Role.PHONE),
        ("内線番号", ["123"], Role.TEXT),
        ("名称_カナ", ["タカマツ"], Role.KANA),
        ("名称", ["高松市役所"], Role.NAME),
        ("申請者氏名", ["見本太郎"], Role.PERSON),
        ("生年月日", ["1970-01-01"], Role.BIRTHDAY),
        ("開始時間", ["8:00"], Role.TIME),
        ("利用可能曜日", ["月火水"], Role.WEEKDAYS),
        ("設置年月日", ["S28.03.23"], Role.DATE),
        ("法人番号", ["8000020370002"], Role.CORPORATE_NUMBER),
        ("有無", ["有", "無"], Role.FLAG),
        ("災害種別_洪水", ["1.0", "1.0"], Role.FLAG),
        ("属性/性別", ["男", "女"], Role.TEXT),
        ("人口/男", ["1,200", "980"], Role.AMOUNT),
        ("面積[㎡]", ["12㎡", "30㎡"], Role.AMOUNT),
        ("備考", ["なし"], Role.NOTE),
        ("NO", ["1", "2"], Role.KEY),
    ],
)
def test_a_heading_with_its_values_tells_the_role(
    heading: str, values: list[str], role: Role
) -> None:
    found = recognise_column(heading, values)
    assert found.role is role
    assert 0 < found.confidence <= 1
    assert found.reasons


@pytest.mark.parametrize(
    ("values", "role"),
    [
        (["https://example.jp/", "http://example.jp/2"], Role.URL),
        (["a@example.jp"], Role.MAIL),
        (["34.34,134.04", "34.35,134.05"], Role.COORDINATES),
        (["087-839-2611", "090-1234-5678"], Role.PHONE),
        (["2024-01-02", "R6.1.3"], Role.DATE),
        (["○", "×", "△"], Role.FLAG),
        (["12", "13", "-5"], Role.AMOUNT),
        (["007", "008"], Role.TEXT),
        (["34.341", "34.352"], Role.LATITUDE),
        (["34", "35"], Role.AMOUNT),
        ([], Role.EMPTY),
    ],
)
def test_values_tell_the_role_of_a_column_without_a_telling_heading(
    values: list[str], role: Role
) -> None:
    assert recognise_column("column_3", values).role is role


def test_values_that_contradict_an_unsure_heading_decide() -> None:
    assert recognise_column("availableDate", ["月火水木金", "月〜金"]).role is Role.WEEKDAYS
    assert recognise_column("定員", ["なし", "少人数", "多数"]).role is Role.TEXT


def test_a_sure_heading_keeps_its_role_over_wrong_values() -> None:
    found = recognise_column("緯度", ["不明", "調査中"])
    assert (found.role, found.confidence) == (Role.LATITUDE, 0.5)


def test_units_are_found_in_headings_and_cells() -> None:
    unit = unit_in_heading("標高（m）")
    assert unit is not None
    assert (unit.text, unit.where) == ("m", "heading")
    assert unit_in_heading("緯度(世界測地系)") is None
    assert unit_of_cell("12㎡") == "㎡"
    assert unit_of_cell("12番地") is None
    assert needs_unit("標高")
    assert not needs_unit("人口")


@pytest.mark.shared
def test_the_columns_of_all_recommended_data_sets_have_a_plausible_role(shared: Path) -> None:
    listed = json.loads((shared / "reference/recommended-datasets-14.json").read_text("utf-8"))
    expected = {
        "緯度": Role.LATITUDE,
        "経度": Role.LONGITUDE,
        "都道府県コード又は市区町村コード": Role.REGION_CODE,
        "都道府県名": Role.PREFECTURE,
        "市区町村名": Role.MUNICIPALITY,
        "名称_カナ": Role.KANA,
        "住所": Role.ADDRESS,
        "電話番号": Role.PHONE,
        "法人番号": Role.CORPORATE_NUMBER,
        "開始時間": Role.TIME,
        "備考": Role.NOTE,
        "URL": Role.URL,
        "認可等年月日": Role.DATE,
    }
    met = set()
    for dataset in listed["datasets"]:
        for column in dataset["columns"]:
            role = recognise_column(column["name"], []).role
            if column["name"] in expected:
                assert role is expected[column["name"]], column["name"]
                met.add(column["name"])
    assert met == set(expected)


@pytest.mark.shared
def test_real_files_are_recognised(shared: Path) -> None:
    file = shared / "data/municipal-csv/nanao_evac_reference.csv"
    roles = recognise(open_table(file, findings=Findings()))
    assert roles["所在地_全国地方公共団体コード"].role is Role.REGION_CODE
    assert roles["標高"].role is Role.AMOUNT
    assert roles["想定収容人数"].role is Role.TEXT
    assert roles["町字ID"].role is Role.EMPTY
