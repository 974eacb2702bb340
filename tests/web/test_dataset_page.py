"""The page of a data set: files, quality, versions, terms of use."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from pathlib import Path

import pytest

from app import bootstrap
from app.publish.about import DatasetAbout, read_about
from app.publish.credit import credit_line, editing_notice
from app.publish.dataset import all_datasets
from app.publish.history import compare
from app.publish.pipeline import publish
from app.settings import load
from app.web.app import build_app
from app.web.names import file_size
from tests.conftest import ROOT
from tests.web.client import Client
from tests.web.published import BASE

HTML = {"accept": "text/html"}
CC_BY = "https://creativecommons.org/licenses/by/4.0/"
PDL = "https://www.digital.go.jp/resources/open_data/public_data_license_v1.0"


def page(client: Client, dataset: str, language: str = "ja") -> str:
    answer = client.get(f"/dataset/{dataset}?lang={language}", headers=HTML)
    assert answer.status_code == 200
    return answer.text


def files(client: Client, dataset: str) -> dict[str, str]:
    """Addresses of the files on the page with their SHA-256."""
    found = re.findall(
        r'href="(/dumps/[^"]+)".*?class="sum"[^>]*>([0-9a-f]{64})<', page(client, dataset), re.S
    )
    return dict(found)


@pytest.mark.parametrize(
    ("dataset", "paths"),
    [
        (
            "sample-public-toilets",
            [
                "/dumps/sample-public-toilets/source/toilets.csv",
                "/dumps/sample-public-toilets/utf-8/toilets.csv",
                "/dumps/sample-public-toilets.geojson",
                "/dumps/sample-public-toilets.ttl",
                "/dumps/sample-public-toilets.nq.zst",
            ],
        ),
        (
            "census-population",
            [
                "/dumps/census-population/source/population.csv",
                "/dumps/census-population/source/structure.csv",
                "/dumps/census-population.ttl",
                "/dumps/census-population.nq.zst",
            ],
        ),
    ],
)
def test_all_files_are_on_the_page_with_true_sums(
    real: Client, dataset: str, paths: list[str]
) -> None:
    found = files(real, dataset)
    assert list(found) == paths
    for path, sha256 in found.items():
        answer = real.get(path, headers={"accept-encoding": "identity"})
        assert hashlib.sha256(answer.content).hexdigest() == sha256


def test_a_table_is_served_in_the_encoding_it_came_in(real: Client) -> None:
    source = ROOT / "mappings" / "sample-public-toilets" / "toilets.csv"
    received = real.get("/dumps/sample-public-toilets/source/toilets.csv")
    assert received.content == source.read_bytes()
    assert received.headers["content-type"] == "text/csv; charset=Shift_JIS"
    converted = real.get("/dumps/sample-public-toilets/utf-8/toilets.csv")
    assert converted.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(converted.content.decode())))
    assert rows == list(csv.reader(io.StringIO(source.read_bytes().decode("cp932"))))


def test_the_mapping_can_be_read_but_is_no_distribution(real: Client) -> None:
    path = "/dumps/sample-aed/mapping/mapping.yml"
    answer = real.get(path)
    assert answer.content == (ROOT / "mappings/sample-aed/mapping.yml").read_bytes()
    assert answer.headers["content-type"].startswith("application/yaml")
    assert path not in files(real, "sample-aed")


def test_geojson_of_a_data_set_has_its_things(real: Client) -> None:
    answer = real.get("/dumps/sample-aed.geojson")
    assert answer.headers["content-type"] == "application/geo+json"
    features = answer.json()["features"]
    assert len(features) == 15
    alone = real.get("/doc/aed/sample-1.geojson").json()
    (same,) = (f for f in features if f["id"] == f"{BASE}/id/aed/sample-1")
    assert same["geometry"] == alone["geometry"]
    assert same["properties"] == alone["properties"]


@pytest.mark.parametrize(
    "path",
    [
        "/dumps/sample-aed/source/nothing.csv",
        "/dumps/sample-aed/source/",
        "/dumps/sample-aed/source/../../../manifest.json",
        "/dumps/sample-aed/source/..%2F..%2Fcanonical.json",
        "/dumps/sample-aed/other/aed.csv",
        "/dumps/no-such/source/aed.csv",
    ],
)
def test_only_files_of_the_release_are_served(real: Client, path: str) -> None:
    assert real.get(path).status_code == 404


def test_the_first_things_stand_in_the_order_of_their_numbers(real: Client) -> None:
    text = page(real, "sample-aed").partition("はじめの部分")[2].partition("</table>")[0]
    found = re.findall(r'<th scope="row"><a href="/id/aed/sample-(\d+)"', text)
    assert found == [str(number) for number in range(1, 11)]


def test_the_tables_themselves_can_be_looked_at(real: Client) -> None:
    text = page(real, "sample-public-toilets")
    assert "元の表: toilets.csv" in text
    table = real.get("/dumps/sample-public-toilets/utf-8/toilets.csv").text
    names = next(csv.reader(io.StringIO(table)))
    assert all(f'<th scope="col">{name}</th>' in text for name in names[:5])
    assert page(real, "census-population").count("元の表: ") == 2


def test_quality_is_told_with_reasons(real: Client) -> None:
    text = page(real, "sample-aed")
    assert 'aria-label="5 / 5"' in text
    assert "他のデータにリンクしています" in text
    level = real.get("/dataset/sample-aed/quality.json").json()["tables"][0]["level"]
    assert all(reason["ja"] in text for reason in level["reasons"])
    assert "15 行を調べました" in text
    assert "令和3年4月1日" in text  # a finding, with its place
    assert "2 行目" in text
    english = page(real, "sample-aed", "en")
    assert "It links to other data" in english
    assert "line 2" in english


def test_the_report_is_whole_as_json(real: Client) -> None:
    answer = real.get("/dataset/sample-aed/quality.json")
    assert answer.headers["content-type"] == "application/json"
    table = answer.json()["tables"][0]
    assert table["level"]["value"] == 4
    assert table["complete"] is True
    assert len(table["metadata"]) == 12
    assert real.get("/dataset/no-such/quality.json").status_code == 404


def test_the_terms_of_use_can_be_copied(real: Client) -> None:
    text = page(real, "postal-codes")
    assert f"{BASE}/dataset/postal-codes" in text
    assert "出典の書き方" in text


def about(licence: str, **more: object) -> DatasetAbout:
    body = {"title": "甲", "title_en": "A", "publisher": "市", "licenses": [{"path": licence}]}
    return read_about({**body, **more}, "a")


@pytest.mark.parametrize("licence", [CC_BY, PDL])
def test_licences_that_ask_for_credit_get_a_line_and_a_notice(licence: str) -> None:
    known, address = about(licence), "https://x.jp/dataset/a"
    assert credit_line(known, address, "L").ja == f"出典：市「甲」（L）{address}"
    assert credit_line(known, address, "L").en == f"Source: 市, “A” (L), {address}"
    notice = editing_notice(known, address, "L")
    assert notice is not None
    assert notice.ja.endswith("を加工して作成")


def test_a_licence_that_asks_for_nothing_has_no_notice() -> None:
    cc0 = about("https://creativecommons.org/publicdomain/zero/1.0/")
    assert editing_notice(cc0, "x", "CC0 1.0") is None


def test_a_stated_credit_is_taken_as_it_is() -> None:
    known = about(CC_BY, credit="© 市")
    assert credit_line(known, "x", "L").ja == "© 市"


@pytest.mark.parametrize(
    ("bytes", "text"),
    [(0, "0 B"), (999, "999 B"), (5_075, "5.1 KB"), (33_000, "33 KB"), (2_500_000_000, "2.5 GB")],
)
def test_sizes_are_readable(bytes: int, text: str) -> None:
    assert file_size(bytes) == text


def test_versions_lead_to_what_changed(tmp_path: Path) -> None:
    mappings = tmp_path / "mappings"
    folder = mappings / "shops"
    folder.mkdir(parents=True)
    (folder / "datapackage.yaml").write_text("name: shops\ntitle: 店\nresources: [{path: s.csv}]\n")
    (folder / "mapping.yml").write_text(
        "mappings: {m: {s: 'id:s/$(no)', po: [[rdfs:label, $(name), ja~lang]]}}"
    )
    (folder / "s.csv").write_text("no,name\n1,甲\n")
    settings = load(
        None, {}, base_iri=BASE, data_dir=tmp_path / "d", mappings_dir=mappings,
        vocab_dir=ROOT / "vocab", sparql_dir=ROOT / "sparql",
    )  # fmt: skip
    releases = bootstrap.open_releases(settings)
    first = publish(all_datasets(settings), releases, settings).manifest
    (folder / "s.csv").write_text("no,name\n1,甲\n2,乙\n")
    second = publish(all_datasets(settings), releases, settings).manifest
    assert first is not None
    assert second is not None
    compare(releases, settings, first.id, second.id)
    with Client(build_app(bootstrap.web_parts(settings))) as client:
        text = page(client, "shops")
        span = f"/changes/{first.id}..{second.id}"
        assert f'href="{span}"' in text
        patch = client.get(f"{span}.rdfp?dataset=shops")
        assert "乙" in patch.text
        report = client.get("/dataset/shops/quality.json").json()
        assert json.dumps(report["tables"][0]["counts"])
