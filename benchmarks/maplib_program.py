"""The AED table converted by maplib: a stOTTR template over a polars frame, in an environment of
its own. Templates give no language tags, so names get theirs by an update; decimals are numbers
there, so their digits after the last that counts are lost (`35.681000` becomes `35.681`).
"""

from __future__ import annotations

import sys

import polars as pl  # type: ignore[import-not-found]  # in another environment
from maplib import Model  # type: ignore[import-not-found]

TEXTS = {
    "name": "名称", "kana": "名称_カナ", "address": "住所", "detail": "方書", "place": "設置位置",
    "phone": "電話番号", "days": "利用可能曜日", "opens": "開始時間", "closes": "終了時間", "note": "備考",
}  # fmt: skip
PREFIXES = """
@prefix t: <http://example.org/template/> .
@prefix ex: <http://example.org/def/> .
@prefix ic: <http://imi.go.jp/ns/core/rdf#> .
@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ottr: <http://ns.ottr.xyz/0.4/> .
"""
TEMPLATE = f"""{PREFIXES}
t:aed [ottr:IRI ?s, {", ".join(f"? xsd:string ?{name}" for name in TEXTS)},
  ? xsd:decimal ?lat, ? xsd:decimal ?long, ottr:IRI ?region] :: {{
  ottr:Triple(?s, ottr:IRI, ex:AED)
}} .
"""
PREDICATES = {
    "name": "ex:untagged", "kana": "ex:kana", "address": "ic:住所", "detail": "ic:方書",
    "place": "ic:設置位置", "phone": "ic:電話番号", "days": "ex:days", "opens": "ic:開始時間",
    "closes": "ic:終了時間", "note": "ic:備考", "lat": "geo:lat", "long": "geo:long",
    "region": "ex:region",
}  # fmt: skip
TAGGED = """
PREFIX ex: <http://example.org/def/>
PREFIX ic: <http://imi.go.jp/ns/core/rdf#>
DELETE { ?s ex:untagged ?name } INSERT { ?s ic:名称 ?tagged }
WHERE { ?s ex:untagged ?name BIND(STRLANG(?name, "ja") AS ?tagged) }
"""


def main(source: str, target: str) -> None:
    """Convert."""
    triples = ["ottr:Triple(?s, <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>, ex:AED)"]
    triples += [f"ottr:Triple(?s, {p}, ?{name})" for name, p in PREDICATES.items()]
    template = TEMPLATE.replace("ottr:Triple(?s, ottr:IRI, ex:AED)", ",\n  ".join(triples))
    table = pl.read_csv(source, infer_schema=False)
    frame = table.select(
        ("http://example.org/id/aed/" + pl.col("NO")).alias("s"),
        *(pl.col(column).alias(name) for name, column in TEXTS.items()),
        pl.col("緯度").cast(pl.Decimal(38, 12)).alias("lat"),
        pl.col("経度").cast(pl.Decimal(38, 12)).alias("long"),
        ("http://example.org/id/region/" + pl.col("都道府県コード又は市区町村コード")).alias(
            "region"
        ),
    )
    model = Model()
    model.add_template(template)
    model.map("http://example.org/template/aed", frame)
    model.update(TAGGED)
    model.write(target, format="ntriples")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
