"""The rules of the open-data guide that can be judged from a table and its description.

オープンデータガイド 第2版: table 9-3 (tables, rules 1 to 10), 9-5 (geospatial data), 9-6 (real-time
data). The codes are those of the findings that break a rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from app.errors import Text


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. `grade` 1 is strongly recommended, 2 recommended. `by_publishing`: kept only by
    publishing the data in another form, which a mapping does."""

    table: str
    number: int
    grade: int
    text: Text
    codes: tuple[str, ...] = ()
    by_publishing: bool = False


RULES: Final = (
    Rule(
        "9-3",
        1,
        1,
        Text("一つのファイルに表は一つ", "one table in a file"),
        ("several-tables", "several-tables-abreast"),
    ),
    Rule(
        "9-3",
        2,
        1,
        Text("見出しは1行", "one header row"),
        (
            "table-header-rows",
            "table-title-row",
            "table-header-empty",
            "table-header-repeated",
            "header-row-in-data",
        ),
    ),
    Rule(
        "9-3",
        3,
        2,
        Text("データでない情報をフィールドに含めない", "nothing but data in a field"),
        ("cell-note", "cell-unit", "note-row", "total-row", "note-column", "number-invalid"),
    ),
    Rule("9-3", 4, 2, Text("フィールドを結合しない", "no merged fields"), ("cell-merged",)),
    Rule("9-3", 5, 2, Text("値を省略しない", "no omitted values"), ("cell-omitted",)),
    Rule(
        "9-3",
        6,
        2,
        Text("年は西暦でも書く", "years in the western calendar too"),
        ("date-era", "heading-era"),
    ),
    Rule("9-3", 7, 2, Text("単位を明記する", "units are stated"), ("unit-missing",)),
    Rule(
        "9-3",
        8,
        2,
        Text("文字コードを明記し UTF-8 が望ましい", "the encoding is stated, UTF-8 wanted"),
        ("encoding-not-utf8", "encoding-undeclared"),
    ),
    Rule(
        "9-3",
        9,
        2,
        Text("正式なメタデータを結び付ける", "formal metadata linked to the file"),
        ("metadata-missing",),
    ),
    Rule(
        "9-3",
        10,
        2,
        Text(
            "表のほかに、意味まで書ける形式でも提供する",
            "also in a format that says what the data means",
        ),
        by_publishing=True,
    ),
    Rule("9-5", 1, 1, Text("測地系を明記する", "the datum is stated"), ("datum-missing",)),
    Rule(
        "9-5",
        2,
        1,
        Text("世界測地系（WGS84・JGD2011）を使う", "WGS84 or JGD2011 is used"),
        ("datum-old", "coordinate-outside-japan", "coordinate-swapped", "coordinate-zero"),
    ),
    Rule(
        "9-5",
        3,
        2,
        Text(
            "ベクター形式（GeoJSON・KML・GML）でも提供する", "a vector format (GeoJSON, KML, GML)"
        ),
        by_publishing=True,
    ),
    Rule(
        "9-6",
        1,
        1,
        Text("取得方法が文書になっている", "how to fetch the data is documented"),
        by_publishing=True,
    ),
    Rule(
        "9-6",
        2,
        2,
        Text("最新の値と差分を取得できる", "the latest values and differences can be fetched"),
        by_publishing=True,
    ),
)
