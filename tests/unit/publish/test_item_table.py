"""A data set whose mapping is an IMI item table."""

from __future__ import annotations

from pathlib import Path

from app.findings import Findings
from app.publish.convert import convert
from app.publish.dataset import Dataset
from app.settings import Settings
from tests.conftest import ROOT

ITEMS = """\
項目名,共通語彙,データ型
ID,*施設>ID>識別値,xsd:string
名称,施設>名称>表記,xsd:string
緯度,施設>地理座標>緯度,xsd:string
開始時間,施設>利用可能時間{@定期スケジュール型}>開始時間,xsd:time
説明,（注1）,xsd:string
"""


def test_the_official_notation_alone_maps_a_table(tmp_path: Path) -> None:
    folder = tmp_path / "mappings" / "toilets"
    folder.mkdir(parents=True)
    (folder / "datapackage.yaml").write_text(
        "name: toilets\ntitle: 公衆トイレ\nresources:\n  - path: toilets.csv\n", encoding="utf-8"
    )
    (folder / "items.csv").write_text(ITEMS, encoding="utf-8")
    (folder / "toilets.csv").write_text(
        "ID,名称,緯度,開始時間,説明\n1,駅前,34.3,09:00:00,x\n", encoding="utf-8"
    )
    settings = Settings.model_validate(
        {
            "base_iri": "http://lod.example.jp",
            "mappings_dir": tmp_path / "mappings",
            "vocab_dir": ROOT / "vocab",
        }
    )
    findings, output = Findings(), bytearray()
    convert(Dataset("toilets", folder, settings), output.extend, findings=findings)
    text = output.decode()
    assert "<http://lod.example.jp/id/toilets/" in text
    assert "http://imi.go.jp/ns/core/rdf#施設型" in text
    assert '"駅前"' in text
    assert '"09:00:00"^^<http://www.w3.org/2001/XMLSchema#time>' in text
    remarks = [f for f in findings if f.place.file == str(folder / "items.csv")]
    assert {remark.place.line for remark in remarks} == {6}
