"""The parts of a thing's page: rows it comes from, history, terms of use, readable values."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode, RdfFormat, parse

from app import bootstrap
from app.publish.dataset import all_datasets
from app.publish.pipeline import publish
from app.rdf.namespaces import PROV
from app.settings import Settings, load
from app.web.app import build_app
from app.web.readable import mail, opening_hours, telephone
from tests.conftest import ROOT
from tests.web.client import Client
from tests.web.published import BASE

HTML = {"accept": "text/html"}
MAPPING = """\
mappings:
  shop:
    s: id:shop/$(no)
    po:
      - [a, ic:施設型]
      - [rdfs:label, $(name), ja~lang]
      - [schema:telephone, $(tel)]
      - [schema:email, $(mail)]
      - [schema:openingHours, $(hours)]
      - [schema:image, $(image)~iri]
      - [dcterms:spatial, id:region/31201~iri]
      - p: ic:住所
        o: {mapping: address}
  address:
    s: id:shop/$(no)#address
    po:
      - [a, ic:住所型]
      - [ic:表記, $(address)]
"""
HEADER = "no,name,tel,mail,hours,image,address\n"
ROW = "1,甲,0857-00-0000,a@example.jp,Mo-Fr 08:30-17:15,https://img.example.jp/1.jpg,鳥取市1\n"


def page(client: Client, path: str, language: str = "ja") -> str:
    answer = client.get(f"{path}?lang={language}", headers=HTML)
    assert answer.status_code == 200
    return answer.text


def structured(text: str) -> list[dict[str, Any]]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.S)
    assert found is not None
    body = json.loads(found[1])
    return body if isinstance(body, list) else [body]


def shop_settings(tmp_path: Path, **more: Any) -> Settings:
    return load(
        None, {}, base_iri=BASE, data_dir=tmp_path / "data", mappings_dir=tmp_path / "mappings",
        vocab_dir=ROOT / "vocab", sparql_dir=ROOT / "sparql", **more,
    )  # fmt: skip


def put(settings: Settings, *rows: str) -> None:
    folder = settings.mappings_dir / "shops"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "datapackage.yaml").write_text("name: shops\ntitle: 店\nresources: [{path: s.csv}]\n")
    (folder / "mapping.yml").write_text(MAPPING)
    (folder / "s.csv").write_text(HEADER + "".join(rows))
    publish(all_datasets(settings), bootstrap.open_releases(settings), settings)


@pytest.fixture(scope="module")
def shops(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """Three releases of one small data set: a shop changes, another comes."""
    settings = shop_settings(
        tmp_path_factory.mktemp("shops"), image_origins=("https://img.example.jp",)
    )
    put(settings, ROW)
    changed = ROW.replace("08:30-17:15", "09:00-18:00").replace("鳥取市1", "鳥取市2")
    put(settings, changed)
    put(settings, changed, "2,乙,,,,,\n")
    with Client(build_app(bootstrap.web_parts(settings))) as client:
        yield client


# From which row


def test_a_page_says_from_which_row_it_comes(real: Client) -> None:
    text = page(real, "/doc/aed/sample-2")
    assert 'href="/dumps/sample-aed/source/aed.csv#row=3"' in text
    assert "3 行目" in text
    assert 'href="/dumps/sample-aed/mapping/mapping.yml"' in text
    assert "aed（7 行目）" in text
    english = page(real, "/doc/aed/sample-2", "en")
    assert "line 3" in english
    assert "aed (line 7)" in english


def test_the_fragment_is_the_row_that_it_says(real: Client) -> None:
    lines = real.get("/dumps/sample-aed/source/aed.csv").text.splitlines()
    assert lines[3 - 1].split(",")[1] == "2"  # RFC 7111: the header row is row 1


@pytest.mark.parametrize(
    ("format", "accept"),
    [
        (RdfFormat.TURTLE, "text/turtle"),
        (RdfFormat.N_TRIPLES, "application/n-triples"),
        (RdfFormat.JSON_LD, "application/ld+json"),
        (RdfFormat.RDF_XML, "application/rdf+xml"),
    ],
)
def test_provenance_is_a_graph_of_its_own(real: Client, format: RdfFormat, accept: str) -> None:
    answer = real.get("/provenance/aed/sample-2", headers={"accept": accept})
    assert answer.headers["content-type"].partition(";")[0] == accept
    quads = list(parse(answer.content, format))
    thing = NamedNode(f"{BASE}/id/aed/sample-2")
    derived = {q.object for q in quads if q.subject == thing and "wasDerivedFrom" in str(q)}
    assert derived == {NamedNode(f"{BASE}/dumps/sample-aed/source/aed.csv#row=3")}
    bundles = [q.subject for q in quads if q.object == NamedNode(PROV + "Bundle")]
    assert bundles == [NamedNode(f"{BASE}/provenance/aed/sample-2")]


def test_addresses_in_provenance_answer(real: Client) -> None:
    quads = list(parse(real.get("/provenance/aed/sample-2.ttl").content, RdfFormat.TURTLE))
    terms = (term for q in quads for term in (q.subject, q.object))
    named = {t.value.partition("#")[0] for t in terms if isinstance(t, NamedNode)}
    ours = {iri.removeprefix(BASE) for iri in named if iri.startswith(f"{BASE}/")}
    assert len(ours) >= 5
    for path in ours:
        assert real.get(path, headers={"accept": "*/*"}).status_code in (200, 303), path


def test_provenance_can_be_revalidated(real: Client) -> None:
    answer = real.get("/provenance/aed/sample-2.ttl")
    assert "Accept" in answer.headers["vary"]
    again = real.get(
        "/provenance/aed/sample-2.ttl", headers={"if-none-match": answer.headers["etag"]}
    )
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/provenance/aed/no-such", "/provenance/", "/history/x/y"])
def test_nothing_is_told_of_what_is_not_there(real: Client, path: str) -> None:
    assert real.get(path).status_code == 404


# History


def test_a_page_leads_to_its_history(shops: Client) -> None:
    assert 'href="/history/shop/1"' in page(shops, "/doc/shop/1")


def test_the_history_shows_what_changed_side_by_side(shops: Client) -> None:
    text = page(shops, "/history/shop/1")
    assert "「甲」の履歴" in text
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</tr>", text, re.S)
    flat = [re.sub(r"<[^>]+>|\s+", " ", row) for row in rows]
    assert len(flat) == 2
    assert any("Mo-Fr 08:30-17:15" in row and "Mo-Fr 09:00-18:00" in row for row in flat)
    assert any("住所" in row and "鳥取市1" in row and "鳥取市2" in row for row in flat)
    assert "残っているいちばん古いリリース" in text
    found = re.search(r'href="(/changes/[^"]+\.rdfp\?entity=[^"]+)"', text)
    assert found is not None
    patch = shops.get(found[1]).text
    assert patch.count("\nD ") == patch.count("\nA ") == 2


def test_what_came_later_is_new(shops: Client) -> None:
    body = shops.get("/history/shop/2.json").json()
    assert [version["kind"] for version in body["versions"]] == ["new"]
    text = page(shops, "/history/shop/2")
    assert "加わりました" in text
    assert "それからは何も変わっていません" in text
    assert "それからは何も変わっていません" not in page(shops, "/history/shop/1")


def test_the_history_is_a_feed(shops: Client) -> None:
    answer = shops.get("/history/shop/1.atom")
    assert answer.headers["content-type"].startswith("application/atom+xml")
    assert answer.text.count("<entry>") == 2


# Readable values


@pytest.mark.parametrize(
    ("text", "ja", "en"),
    [
        ("Mo-Fr 08:30-17:15", "月〜金 8:30〜17:15", "Mon–Fri 8:30–17:15"),
        ("Mo-Su 00:00-24:00", "毎日 24時間", "Every day, 24 hours"),
        ("Mo,We-Su 09:00-24:00", "月・水〜日 9:00〜24:00", "Mon, Wed–Sun 9:00–24:00"),
        (
            "Sa,Su,PH 10:00-16:00",
            "土・日・祝 10:00〜16:00",
            "Sat, Sun, public holidays 10:00–16:00",
        ),
        ("Tu", "火", "Tue"),
    ],
)
def test_opening_hours_are_words(text: str, ja: str, en: str) -> None:
    assert opening_hours(text, "ja") == ja
    assert opening_hours(text, "en") == en


@pytest.mark.parametrize("text", ["", "9時から", "Mo-Fr 9-17", "Xx 09:00-10:00", "Mo-Fr 08:30"])
def test_other_hours_stay_as_they_are(text: str) -> None:
    assert opening_hours(text, "ja") is None


def test_numbers_and_mail_addresses_are_links_and_others_are_not() -> None:
    assert telephone("03-1234-5678") == "tel:0312345678"
    assert telephone("+81 3 1234 5678") == "tel:+81312345678"
    assert telephone("代表 03-1234") is None
    assert telephone("javascript:alert(1)") is None
    assert mail("a.b@example.lg.jp") == "mailto:a.b@example.lg.jp"
    assert mail("mailto:a@b.jp") == "mailto:a@b.jp"
    assert mail("a@b.jp?cc=c@d.jp") is None


def test_a_page_shows_hours_telephone_mail_and_picture(shops: Client) -> None:
    text = page(shops, "/doc/shop/1")
    assert "月〜金 9:00〜18:00" in text
    assert 'href="tel:0857000000"' in text
    assert 'href="mailto:a@example.jp"' in text
    assert '<img class="picture" src="https://img.example.jp/1.jpg"' in text
    policy = shops.get("/doc/shop/1", headers=HTML).headers["content-security-policy"]
    assert "https://img.example.jp" in policy


def test_a_picture_of_a_site_that_is_not_listed_is_a_link(tmp_path: Path) -> None:
    settings = shop_settings(tmp_path)
    put(settings, ROW)
    with Client(build_app(bootstrap.web_parts(settings))) as client:
        text = page(client, "/doc/shop/1")
        assert "<img class=" not in text
        assert 'href="https://img.example.jp/1.jpg"' in text


def test_what_people_come_for_stands_first(shops: Client, real: Client) -> None:
    def glance(client: Client, path: str) -> list[str]:
        found = re.search(r'<dl class="glance">(.*?)</dl>', page(client, path), re.S)
        return re.findall(r"<dt>(.*?)</dt>", found[1]) if found is not None else []

    assert glance(shops, "/doc/shop/1") == ["住所", "利用時間", "電話番号", "メールアドレス"]
    assert glance(real, "/doc/aed/sample-1")[:2] == ["住所", "設置位置"]
    assert glance(real, "/doc/region/13101") == []


# For search engines, for people on their way


def test_search_engines_are_told_what_kind_of_thing_it_is(shops: Client) -> None:
    (body,) = structured(page(shops, "/doc/shop/1"))
    assert body["@type"] == "CivicStructure"
    assert body["telephone"] == "0857-00-0000"
    assert body["openingHours"] == "Mo-Fr 09:00-18:00"
    assert body["address"] == {
        "@type": "PostalAddress", "addressCountry": "JP", "streetAddress": "鳥取市2",
    }  # fmt: skip


def test_a_page_can_be_shared(real: Client) -> None:
    """https://ogp.me/"""
    text = page(real, "/doc/aed/sample-1")
    told = dict(re.findall(r'<meta property="og:([a-z_]+)" content="([^"]*)">', text))
    assert set(told.pop("description").split(" · ")) == {"AED（自動体外式除細動器）", "設備"}
    assert told == {
        "title": "見本区民センターのAED",
        "site_name": "見本市オープンデータ",
        "type": "website",
        "locale": "ja_JP",
        "url": f"{BASE}/doc/aed/sample-1",
    }


def test_breadcrumbs_lead_from_the_country_to_the_thing(real: Client) -> None:
    text = page(real, "/doc/aed/sample-1")
    crumbs = re.search(r'<nav class="crumbs".*?</nav>', text, re.S)
    assert crumbs is not None
    assert re.findall(r">([^<>\s]+)</a>", crumbs[0]) == ["東京都", "千代田区"]
    body, trail = structured(text)
    assert body["containedInPlace"]["@id"] == f"{BASE}/id/region/13101"
    assert [step["name"] for step in trail["itemListElement"]][:2] == ["東京都", "千代田区"]


def test_a_region_leads_to_what_is_in_it_and_back(real: Client) -> None:
    assert 'href="/regions/13101"' in page(real, "/doc/region/13101")
    assert 'href="/id/region/13101"' in page(real, "/regions/13101")


def test_a_page_gives_the_query_for_what_it_shows(real: Client) -> None:
    found = re.search(r'href="(/sparql\?query=[^"]+)">SPARQL<', page(real, "/doc/aed/sample-1"))
    assert found is not None
    answer = real.get(found[1].replace("&amp;", "&"), headers={"accept": "application/json"})
    assert answer.status_code == 200
    assert len(answer.json()["results"]["bindings"]) > 10


def test_a_page_has_the_lines_to_quote(real: Client) -> None:
    text = page(real, "/doc/region/13101")
    assert f"{BASE}/dataset/regions" in text
    assert "引用するときの書き方" in text
