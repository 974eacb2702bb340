"""The AED table converted by hand: Python's csv module and f-strings, escaping included."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from urllib.parse import quote

XSD = "http://www.w3.org/2001/XMLSchema#"
IC = "http://imi.go.jp/ns/core/rdf#"
GEO = "http://www.w3.org/2003/01/geo/wgs84_pos#"
EX = "http://example.org/def/"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
TEXTS = (
    (f"{EX}kana", "名称_カナ"), (f"{IC}住所", "住所"), (f"{IC}方書", "方書"),
    (f"{IC}設置位置", "設置位置"), (f"{IC}電話番号", "電話番号"), (f"{EX}days", "利用可能曜日"),
    (f"{IC}開始時間", "開始時間"), (f"{IC}終了時間", "終了時間"), (f"{IC}備考", "備考"),
)  # fmt: skip


def escape(text: str) -> str:
    """The inside of a literal."""
    if '"' in text or "\\" in text or "\n" in text or "\r" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
        text = text.replace("\n", "\\n").replace("\r", "\\r")
    return text


def main(source: str, target: str) -> None:
    """Convert."""
    with (
        Path(source).open(encoding="utf-8", newline="") as rows,
        Path(target).open("w", encoding="utf-8") as out,
    ):
        for row in csv.DictReader(rows):
            s = f"<http://example.org/id/aed/{quote(row['NO'], safe='')}>"
            lines = [f"{s} {TYPE} <{EX}AED> .\n"]
            if row["名称"]:
                lines.append(f'{s} <{IC}名称> "{escape(row["名称"])}"@ja .\n')
            for predicate, column in TEXTS:
                if value := row[column]:
                    lines.append(f'{s} <{predicate}> "{escape(value)}" .\n')
            for predicate, column in ((f"{GEO}lat", "緯度"), (f"{GEO}long", "経度")):
                if value := row[column]:
                    lines.append(f'{s} <{predicate}> "{escape(value)}"^^<{XSD}decimal> .\n')
            if code := row["都道府県コード又は市区町村コード"]:
                region = f"http://example.org/id/region/{quote(code, safe='')}"
                lines.append(f"{s} <{EX}region> <{region}> .\n")
            out.writelines(lines)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
