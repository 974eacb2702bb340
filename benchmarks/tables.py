"""Makes the synthetic AED table of the benchmarks: 16 columns, as many rows as asked for.

    python -m benchmarks.tables 1000000 OUT.csv

The rows are made from a counter, so every machine makes the same file.
"""

from __future__ import annotations

import sys
from pathlib import Path

HEADER = (
    "都道府県コード又は市区町村コード,NO,都道府県名,市区町村名,名称,名称_カナ,住所,方書,緯度,経度,"
    "設置位置,電話番号,利用可能曜日,開始時間,終了時間,備考"
)
CITIES = (
    ("131016", "東京都", "千代田区", "丸の内", 35.681, 139.767),
    ("372013", "香川県", "高松市", "番町", 34.342, 134.046),
    ("172022", "石川県", "七尾市", "一本杉町", 37.043, 136.967),
    ("012025", "北海道", "函館市", "東雲町", 41.768, 140.729),
)
PLACES = ("市民センター", "小学校", "体育館", "図書館", "公園管理事務所", "コミュニティセンター")
KANA = (
    "シミンセンター",
    "ショウガッコウ",
    "タイイクカン",
    "トショカン",
    "コウエンカンリジムショ",
    "コミュニティセンター",
)
DAYS = ("月火水木金", "月火水木金土日", "土日")


def row(number: int) -> str:
    """One row of the table."""
    code, prefecture, city, town, latitude, longitude = CITIES[number % len(CITIES)]
    kind = number % len(PLACES)
    quoted = (
        f'"{city} 第{number}{PLACES[kind]}, 別館"'
        if number % 50 == 0
        else f"{city}第{number}{PLACES[kind]}"
    )
    return (
        f"{code},{number:010d},{prefecture},{city},{quoted},ダイ{number}{KANA[kind]},"
        f"{prefecture}{city}{town}{number % 9 + 1}-{number % 40 + 1},,"
        f"{latitude + number % 1000 / 1e5:.6f},{longitude + number % 777 / 1e5:.6f},"
        f"{number % 5 + 1}階ロビー,0{number % 90 + 10}-000-{number % 10000:04d},"
        f"{DAYS[number % 3]},09:00,{'24:00' if number % 7 == 0 else '17:30'},"
        f"{'' if number % 3 else '小児用パッドあり'}"
    )


def write(rows: int, path: Path) -> None:
    """Write the table."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADER + "\n")
        for start in range(0, rows, 10_000):
            file.write("\n".join(row(n) for n in range(start, min(start + 10_000, rows))) + "\n")


if __name__ == "__main__":
    write(int(sys.argv[1]), Path(sys.argv[2]))
