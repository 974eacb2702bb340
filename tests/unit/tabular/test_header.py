"""Header rows, comment rows before them, and the names of columns."""

from __future__ import annotations

import pytest

from app.errors import SourceError, SourceTooLarge
from app.tabular.batch import Dialect
from app.tabular.limits import ReadLimits
from tests.unit.tabular.reading import read


def test_linkdata_rows_before_and_after_the_property_row_are_comments() -> None:
    result = read(
        "#LINK,,\n#lang,ja,\n#property,name,note\n#object_type_xsd,string,string\n1,駅,\n"
    )
    assert result.table.columns == ("#property", "name", "note")
    assert result.table.description.header_line == 3
    assert result.table.description.comments == (
        ("#LINK", "", ""),
        ("#lang", "ja", ""),
        ("#object_type_xsd", "string", "string"),
    )
    assert result.rows == [(5, ("1", "駅", ""))]


def test_a_property_row_alone_is_an_ordinary_header() -> None:
    result = read("#property,name\n1,駅\n#2,空港\n")
    assert result.table.columns == ("#property", "name")
    assert result.cells == [("1", "駅"), ("#2", "空港")]


def test_a_note_before_the_header_is_a_comment() -> None:
    result = read("# 令和6年4月1日現在\n# 出典: 高松市\n名称,住所\nA,B\n")
    assert result.table.columns == ("名称", "住所")
    assert result.table.description.comments == (("# 令和6年4月1日現在",), ("# 出典: 高松市",))


def test_a_header_whose_first_name_starts_with_a_number_sign_stays_a_header() -> None:
    assert read("#id,name\n1,A\n").table.columns == ("#id", "name")


def test_a_declared_comment_prefix_holds_everywhere() -> None:
    result = read("%x\na,b\n1,2\n%y,z\n3,4\n", Dialect(comment_prefix="%"))
    assert result.table.columns == ("a", "b")
    assert result.rows == [(3, ("1", "2")), (5, ("3", "4"))]
    quoted = read('"a","b"\n"1","%"\n"%2","3"\n', Dialect(comment_prefix="%"))
    assert quoted.cells == [("1", "%")]


def test_declared_rows_before_the_header_are_skipped_and_kept_as_comments() -> None:
    result = read("施設一覧,,\n\na,b\n1,2\n", Dialect(skip_rows=2))
    assert result.table.columns == ("a", "b")
    assert result.table.description.comments == (("施設一覧", "", ""),)
    assert result.rows == [(4, ("1", "2"))]


def test_a_table_without_a_header_gets_numbered_columns() -> None:
    result = read("1,2\n3,4\n", Dialect(header_rows=0))
    assert result.table.columns == ("column_1", "column_2")
    assert result.table.description.header_line == 0
    assert result.rows == [(1, ("1", "2")), (2, ("3", "4"))]


def test_two_header_rows_of_merged_cells_are_joined_and_said() -> None:
    text = ",属性,,人口,\nID,性別,年代,男,女\n1,男,20代,10,11\n2,女,30代,12,13\n3,女,40代,14,15\n"
    result = read(text)
    assert result.table.columns == ("ID", "属性/性別", "属性/年代", "人口/男", "人口/女")
    assert result.table.description.header_rows == 2
    assert result.table.description.header_line == 2
    assert result.findings == [("table-header-rows", 2)]
    assert result.rows[0] == (3, ("1", "男", "20代", "10", "11"))


@pytest.mark.parametrize(
    "text",
    [
        "a,b,c\nx,y,z\n1,2,3\n4,5,6\n",
        "a,a,a\n1,2,3\n4,5,6\n7,8,9\n",
        "種別,,\nA,B,C\nD,E,F\nG,H,I\n",
        "2020,2020,2020\nA,B,C\n1,2,3\n4,5,6\n",
    ],
)
def test_one_row_is_the_header_unless_the_rows_say_otherwise(text: str) -> None:
    assert read(text).table.description.header_rows == 1


@pytest.mark.parametrize(
    "text",
    [
        "AED設置場所一覧,,,\n\nNO,名称,緯度,経度\n1,A,34,135\n2,B,34,135\n",
        "AED設置場所一覧\n令和6年4月1日\nNO,名称,緯度,経度\n1,A,34,135\n",
    ],
)
def test_title_rows_before_the_header_are_skipped_and_said(text: str) -> None:
    result = read(text)
    assert result.table.columns == ("NO", "名称", "緯度", "経度")
    assert result.table.description.header_line == 3
    assert result.table.description.comments[0][0] == "AED設置場所一覧"
    assert result.cells[0] == ("1", "A", "34", "135")
    assert result.rows[0][0] == 4
    assert {code for code, _ in result.findings} == {"table-title-row"}


def test_a_narrow_first_row_is_not_taken_for_a_title_when_in_doubt() -> None:
    assert read("a,,\n1,2,3\n4,5,6\n").table.columns == ("a", "column_2", "column_3")
    assert read("名称\nあ\nい\n").table.columns == ("名称",)


def test_declared_header_rows_are_joined_without_repeating_a_name() -> None:
    text = "施設,施設,人口\n名称,住所,人口\nA,B,1\n"
    result = read(text, Dialect(header_rows=2))
    assert result.table.columns == ("施設/名称", "施設/住所", "人口")


def test_an_upper_name_over_an_empty_lower_one_is_not_spread_to_the_right() -> None:
    result = read("ID,,人口,\n,名称,男,女\n1,A,2,3\n", Dialect(header_rows=2))
    assert result.table.columns == ("ID", "名称", "人口/男", "人口/女")


def test_empty_and_repeated_names_become_unique_names_with_findings() -> None:
    result = read("名称,,名称,名称_2,名称\nA,B,C,D,E\n")
    assert result.table.columns == ("名称", "column_2", "名称_3", "名称_2", "名称_4")
    assert sorted(result.findings) == [
        ("table-header-empty", 1),
        ("table-header-repeated", 1),
        ("table-header-repeated", 1),
    ]


def test_names_are_trimmed_and_line_breaks_taken_out() -> None:
    result = read('" 名称　","所在地_\n連結表記","start\r\ntime",住所\nA,B,C,D\n')
    assert result.table.columns == ("名称", "所在地_連結表記", "start time", "住所")
    assert [code for code, _ in result.findings] == ["table-header-trimmed"] * 3
    assert result.rows == [(4, ("A", "B", "C", "D"))]


def test_empty_trailing_columns_are_dropped_and_said() -> None:
    result = read("a,b,,,\n1,2,,,\n3,4,,,\n")
    assert result.table.columns == ("a", "b")
    assert result.findings == [("table-empty-columns", 1)]
    assert result.cells == [("1", "2"), ("3", "4")]


def test_a_trailing_column_with_a_stray_note_is_kept_and_named() -> None:
    result = read("a,b,,\n1,2,,\n3,4,※注意,\n")
    assert result.table.columns == ("a", "b", "column_3")
    assert result.cells == [("1", "2", ""), ("3", "4", "※注意")]


def test_a_value_in_a_dropped_column_far_below_is_a_ragged_row_not_a_loss() -> None:
    result = read("a,b,,\n" + "1,2,,\n" * 300_000 + "1,2,x,\n1,2,,\n")
    assert result.table.columns == ("a", "b")
    assert result.findings == [("table-empty-columns", 1), ("table-ragged-row", 300_002)]
    assert len(result.rows) == 300_001


def test_a_header_alone_is_a_table_without_rows() -> None:
    for text in ("名称,住所", "名称,住所\r\n"):
        result = read(text)
        assert result.table.columns == ("名称", "住所")
        assert result.rows == []


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(SourceTooLarge, match="columns"):
        read(",".join(f"c{n}" for n in range(10_000)) + "\n")
    assert read("a,b\n1,2\n", limits=ReadLimits(columns=2)).cells == [("1", "2")]


def test_an_unclosed_quote_in_the_header_is_an_error() -> None:
    with pytest.raises(SourceError, match="never closed"):
        read('名称,"住所\nA,B\nC,D\n')
