"""From which row a thing comes: recorded while publishing, found by its IRI."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xlsxwriter
from pyoxigraph import NamedNode

from app import bootstrap
from app.publish import quality_report, sources
from app.publish.dataset import all_datasets, find_dataset
from app.publish.dcat import Site
from app.publish.pipeline import publish
from app.publish.provenance import index
from app.publish.provenance.index import ROWS_KEPT, RowIndex, RowIndexWriter
from app.publish.provenance.origins import Origin, Origins
from app.publish.provenance.statements import provenance_graph
from app.rdf.namespaces import PROV
from app.settings import Settings, load
from app.store.base import Snapshot
from tests.conftest import ROOT

BASE = "https://lod.example.jp"
Publish = Callable[[], Snapshot]

MAPPING = """\
sources:
  shops: [shops.csv~csv]
  owners: [owners.csv~csv]
mappings:
  shop:
    sources: shops
    s: id:shop/$(no)
    po:
      - [a, schema:Store]
      - [rdfs:label, $(name), ja~lang]
      - p: schema:parentOrganization
        o:
          mapping: owner
          condition: {function: equal, parameters: [[str1, $(owner)], [str2, $(id)]]}
      - p: schema:address
        o: {mapping: address}
  address:
    sources: shops
    s: id:shop/$(no)#address
    po:
      - [a, schema:PostalAddress]
  town:
    sources: shops
    s: id:town/$(town)-cho
    po:
      - [rdfs:label, $(town), ja~lang]
  owner:
    sources: owners
    s: id:owner/$(id)
    po:
      - [a, schema:Organization]
      - [rdfs:label, $(name), ja~lang]
  also:
    sources: owners
    s: id:shop/$(shop)
    po:
      - [schema:founder, $(name)]
  all:
    sources: shops
    s: id:everything
    po:
      - [rdfs:label, 全部, ja~lang]
"""
PACKAGE = """\
name: {id}
title: 店
licenses: [{{path: "https://creativecommons.org/licenses/by/4.0/"}}]
resources:
{resources}
"""
SHOPS = "no,name,town,owner\r\n1,甲,東,x\r\n2,乙,東,y\r\n,丙,西,x\r\n10,丁,西,z\r\n"
OWNERS = "id,name,shop\nx,山田,2\ny,川上,\n"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load(
        None,
        {},
        base_iri=BASE,
        data_dir=tmp_path / "data",
        mappings_dir=tmp_path / "mappings",
        vocab_dir=ROOT / "vocab",
    )


def folder(settings: Settings, id: str, mapping: str, *paths: str, more: str = "") -> Path:
    made = settings.mappings_dir / id
    made.mkdir(parents=True)
    resources = "".join(f"  - path: {path}\n" for path in paths) + more
    (made / "datapackage.yaml").write_text(PACKAGE.format(id=id, resources=resources))
    (made / "mapping.yml").write_text(mapping)
    return made


def published(settings: Settings) -> Snapshot:
    releases = bootstrap.open_releases(settings)
    publish(all_datasets(settings), releases, settings)
    return releases.snapshot()


@pytest.fixture
def shops(settings: Settings) -> Snapshot:
    made = folder(settings, "shops", MAPPING, "shops.csv", "owners.csv")
    (made / "shops.csv").write_bytes(SHOPS.encode("cp932"))
    (made / "owners.csv").write_text(OWNERS)
    return published(settings)


def origins(snapshot: Snapshot, thing: str, dataset: str = "shops") -> tuple[Origin, ...]:
    return Origins(snapshot).of(f"{BASE}/id/{thing}", (dataset,))


def told(found: tuple[Origin, ...]) -> list[tuple[str, list[int]]]:
    """File names with the lines."""
    return [(o.source.name if o.source else "?", [row.line for row in o.rows]) for o in found]


def test_a_thing_comes_from_its_row(shops: Snapshot) -> None:
    found = origins(shops, "shop/10")
    assert told(found) == [("shops.csv", [5])]
    row = found[0].rows[0]
    assert (row.number, row.record) == (4, 5)
    assert found[0].maps[0].name == "shop"
    assert found[0].maps[0].line == 9  # its first statement


def test_a_thing_of_several_sources_has_the_rows_of_each(shops: Snapshot) -> None:
    assert told(origins(shops, "shop/2")) == [("shops.csv", [3]), ("owners.csv", [2])]


def test_a_thing_of_many_rows_has_all_of_them(shops: Snapshot) -> None:
    assert told(origins(shops, "town/東-cho")) == [("shops.csv", [2, 3])]
    assert told(origins(shops, "town/西-cho")) == [("shops.csv", [4, 5])]


def test_files_that_were_joined_are_told(shops: Snapshot) -> None:
    found = origins(shops, "shop/1")
    assert [source.name for source in found[0].joined] == ["owners.csv"]
    assert not origins(shops, "owner/x")[0].joined


def test_what_every_row_gives_comes_from_the_whole_file(shops: Snapshot) -> None:
    assert told(origins(shops, "everything")) == [("shops.csv", [])]


@pytest.mark.parametrize("thing", ["shop/", "shop/3", "shop/x", "shop/1#address", "nothing"])
def test_what_no_row_gave_has_no_origin(shops: Snapshot, thing: str) -> None:
    assert origins(shops, thing) == ()
    assert origins(shops, thing, "no-such-data-set") == ()


def test_the_record_says_by_what_and_when(shops: Snapshot) -> None:
    record = Origins(shops).record("shops")
    assert record is not None
    assert record.mapping.name == "mapping.yml"
    assert len(record.mapping.sha256) == 64
    assert record.sources[0].encoding.lower() in ("cp932", "shift_jis")
    assert record.started <= record.ended
    assert record.rows == 6
    assert record.options == {"mode": "lenient"}


def test_cells_with_line_breaks_leave_the_record_open_but_not_the_line(settings: Settings) -> None:
    mapping = "mappings: {m: {s: 'id:m/$(no)', po: [[rdfs:label, $(name)]]}}"
    made = folder(settings, "m", mapping, "m.csv")
    (made / "m.csv").write_text('no,name\n1,"a\nb"\n2,c\n')
    snapshot = published(settings)
    (first,), (second,) = origins(snapshot, "m/1", "m"), origins(snapshot, "m/2", "m")
    assert (first.rows[0].line, first.rows[0].record) == (2, 2)
    assert (second.rows[0].line, second.rows[0].number, second.rows[0].record) == (4, 2, None)


def test_rows_of_workbooks_and_json_are_found(settings: Settings) -> None:
    mapping = "mappings: {m: {s: 'id:ID/$(no)', po: [[rdfs:label, $(name)]]}}"
    made = folder(settings, "sheet", mapping.replace("ID", "s"), "t.xlsx")
    with xlsxwriter.Workbook(made / "t.xlsx") as book:
        sheet = book.add_worksheet()
        for line, cells in enumerate([("no", "name"), ("1", "甲"), ("2", "乙")]):
            sheet.write_row(line, 0, cells)
    made = folder(settings, "json", mapping.replace("ID", "j"), "t.json")
    (made / "t.json").write_text('[\n{"no": "1", "name": "甲"},\n{"no": "2", "name": "乙"}\n]\n')
    snapshot = published(settings)
    (sheet_row,) = origins(snapshot, "s/2", "sheet")
    assert sheet_row.source is not None
    assert (sheet_row.source.kind, sheet_row.rows[0].line) == ("workbook", 3)
    (json_row,) = origins(snapshot, "j/2", "json")
    assert json_row.source is not None
    assert (json_row.source.kind, json_row.rows[0].line, json_row.rows[0].number) == ("json", 3, 2)


def test_a_release_hands_on_what_was_not_converted_anew(
    settings: Settings, shops: Snapshot
) -> None:
    mapping = "mappings: {m: {s: 'id:m/$(no)', po: [[rdfs:label, $(name)]]}}"
    made = folder(settings, "m", mapping, "m.csv")
    (made / "m.csv").write_text("no,name\n1,a\n")
    snapshot = published(settings)
    assert snapshot.manifest.id != shops.manifest.id
    assert told(origins(snapshot, "shop/10")) == [("shops.csv", [5])]
    assert told(origins(snapshot, "m/1", "m")) == [("m.csv", [2])]
    for name in ("provenance/shops.rows", "quality/shops.json"):
        before, after = shops.file(name), snapshot.file(name)
        assert before is not None
        assert after is not None
        assert before.samefile(after)


def test_sources_are_kept_as_received_and_in_utf_8(shops: Snapshot) -> None:
    kept = {file.path: file for file in sources.of(shops.manifest)}
    assert list(kept) == [
        "shops/source/owners.csv",
        "shops/source/shops.csv",
        "shops/utf-8/shops.csv",
        "shops/mapping/mapping.yml",
    ]
    received = shops.file("sources/shops/source/shops.csv")
    assert received is not None
    assert received.read_bytes() == SHOPS.encode("cp932")
    table = shops.file("sources/shops/utf-8/shops.csv")
    assert table is not None
    assert table.read_text().splitlines()[1:3] == ["1,甲,東,x", "2,乙,東,y"]


def test_files_are_named_by_the_end_of_their_path_or_address(settings: Settings) -> None:
    made = folder(
        settings,
        "m",
        MAPPING,
        "m.csv",
        more="  - {path: 'https://a.jp/%E8%A1%A8.csv?x=1', name: far}\n",
    )
    (made / "m.csv").write_text("no\n1\n")
    dataset = find_dataset(settings, "m")
    assert sources.names_of(dataset, ["a/x.csv", "b/x.csv", "book.xlsx#Sheet1", "far"]) == {
        "a/x.csv": "x.csv",
        "b/x.csv": "2-x.csv",
        "book.xlsx#Sheet1": "book.xlsx",
        "far": "表.csv",
    }


def test_a_data_set_may_withhold_its_tables(settings: Settings) -> None:
    mapping = "mappings: {m: {s: 'id:m/$(no)', po: [[rdfs:label, $(name)]]}}"
    made = folder(settings, "m", mapping, "m.csv", more="withholdSource: true\n")
    (made / "m.csv").write_text("no,name\n1,a\n1,秘密090-1234-5678\n")
    snapshot = published(settings)
    assert [file.path for file in sources.of(snapshot.manifest)] == ["m/mapping/mapping.yml"]
    report = quality_report.read(snapshot, "m")
    assert report is not None
    assert report["tables"][0]["counts"]
    assert "秘密" not in json.dumps(report, ensure_ascii=False)
    assert told(origins(snapshot, "m/1", "m")) == [("m.csv", [2, 3])]


def test_the_statements_name_rows_conversion_and_mapping(shops: Snapshot) -> None:
    site = Site(BASE, "店", "見本市", "")
    address = f"{BASE}/provenance/shop/2"
    iri = f"{BASE}/id/shop/2"
    graph = provenance_graph(iri, address, origins(shops, "shop/2"), site)
    derived = {
        str(t.object)[1:-1]
        for t in graph.triples
        if t.subject == NamedNode(iri) and t.predicate.value == PROV + "wasDerivedFrom"
    }
    assert derived == {
        f"{BASE}/dumps/shops/source/shops.csv#row=3",
        f"{BASE}/dumps/shops/source/owners.csv#row=2",
        f"{BASE}/dumps/shops/source/owners.csv",
    }
    said = {t.predicate.value.removeprefix(PROV) for t in graph.triples}
    assert {"wasGeneratedBy", "endedAtTime", "hadPlan", "used", "agent"} <= said


def test_the_index_is_the_same_from_memory_and_from_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rng = np.random.default_rng(1)
    hashes = rng.integers(0, 1 << 63, 5_000).astype(np.uint64) * np.uint64(2)
    rows = np.arange(1, 5_001)
    for name, limit in (("memory", 1 << 20), ("files", 700)):
        writer = RowIndexWriter(limit)
        for part in np.array_split(rng.permutation(5_000), 11):
            writer.add(hashes[part], rows[part] + 1, rows[part])
        assert writer.write(tmp_path / name) == 5_000
    assert (tmp_path / "memory").read_bytes() == (tmp_path / "files").read_bytes()
    found = RowIndex(tmp_path / "files")
    assert all(found.find(int(hashes[at])) == [(at + 2, at + 1)] for at in range(0, 5_000, 97))
    assert found.find(1) == []
    assert index.RowIndex(None).find(1) == []


def test_a_subject_of_very_many_rows_keeps_the_first(tmp_path: Path) -> None:
    writer = RowIndexWriter()
    rows = np.arange(1, 1_001)
    writer.add(np.full(1_000, 7, dtype=np.uint64), rows, rows)
    writer.add(np.full(10, 7, dtype=np.uint64), rows[:10], rows[:10])
    assert writer.write(tmp_path / "x") == ROWS_KEPT
    assert RowIndex(tmp_path / "x").find(7)[-1] == (ROWS_KEPT, ROWS_KEPT)


def test_a_copy_in_utf_8_quotes_what_needs_it(settings: Settings) -> None:
    mapping = "mappings: {m: {s: 'id:m/$(no)', po: [[rdfs:label, $(name)]]}}"
    made = folder(settings, "m", mapping, "m.csv")
    (made / "m.csv").write_bytes('no;name\n1;"甲; ""乙"", 丙"\n2;丁\n'.encode("cp932"))
    (file,) = (f for f in sources.of(published(settings).manifest) if f.part == "utf-8")
    written = (settings.data_dir / "current/files/sources" / file.path).read_text()
    assert list(csv.reader(written.splitlines())) == [
        ["no", "name"],
        ["1", '甲; "乙", 丙'],
        ["2", "丁"],
    ]
