"""Titles, units and merged cells above a table, as statistics are published."""

from __future__ import annotations

import pytest

from tests.unit.tabular.reading import read

DATA = '番町,"1,234","2,345","1,100","1,245"\n昭和町,987,"1,876",900,976\n'


@pytest.mark.parametrize(
    "above",
    [
        "",
        "町別人口,,,,\n",
        "町別人口,,,,\n,,,,単位：人\n",
        "町別人口,,,,令和5年4月1日現在\n",
        "町別人口,,,,\n,,,,\n(令和5年),,,,（単位：人）\n",
    ],
)
def test_merged_cells_over_two_rows_are_one_header(above: str) -> None:
    result = read(f"{above}町名,世帯数,人口,,\n,,総数,男,女\n{DATA}")
    assert result.table.columns == ("町名", "世帯数", "人口/総数", "人口/男", "人口/女")
    assert result.cells[0] == ("番町", "1,234", "2,345", "1,100", "1,245")
    assert len(result.cells) == 2


def test_a_title_with_a_date_beside_it_stands_above_a_single_header() -> None:
    result = read(f"町別人口,,,,令和5年4月1日現在\n町名,世帯数,総数,男,女\n{DATA}")
    assert result.table.columns == ("町名", "世帯数", "総数", "男", "女")


@pytest.mark.parametrize(
    "text",
    [
        # A first row of data with empty cells is no second header row.
        "名称,住所,,備考\n,,総数,男\n駅,浜ノ町,12,x\n城,玉藻町,13,y\n",  # no group for 備考
        "名称,住所,電話,備考\n駅,,,\n城,玉藻町,087,1\n港,浜ノ町,087,2\n",
        "名称,住所,,\n,高松市,3,4\n駅,浜ノ町,12,1\n",  # numbers
        "名称,種別,,\n,,大,小\n駅,公共,あ,い\n城,史跡,う,え\n",  # nothing is counted
    ],
)
def test_what_only_looks_like_merged_cells_is_not_joined(text: str) -> None:
    assert read(text).table.description.header_rows == 1


def test_two_columns_of_which_one_row_is_short_are_no_title() -> None:
    result = read("名称,備考,,\n駅,北,,\n城,,,\n")
    assert result.table.description.header_line == 1
