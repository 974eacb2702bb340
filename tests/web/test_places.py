"""GeoJSON, KML and CSV of a thing."""

from __future__ import annotations

import csv
from xml.etree import ElementTree

import pytest

from tests.web.client import Client
from tests.web.conftest import Open
from tests.web.fakes import BASE, MemorySnapshot, parts

KML = "{http://www.opengis.net/kml/2.2}"


def test_a_thing_with_coordinates_is_a_feature(client: Client) -> None:
    body = client.get("/doc/aed/1.geojson").json()
    assert body["type"] == "Feature"
    assert body["id"] == f"{BASE}/id/aed/1"
    # The coordinates that IMI and WGS84 both state are one place.
    assert body["geometry"] == {"type": "Point", "coordinates": [139.6917, 35.6895]}
    properties = body["properties"]
    assert properties["name"] == "中央公園 AED"
    assert properties["住所.表記"] == "東京都千代田区一番町1"
    assert (properties["設置数"], properties["無休"]) == (3, True)
    assert "lat" not in properties


def test_a_thing_without_coordinates_has_no_geometry(client: Client) -> None:
    assert client.get("/doc/region/13101.geojson").json()["geometry"] is None
    kml = ElementTree.fromstring(client.get("/doc/region/13101.kml").content)
    assert kml.find(f".//{KML}Point") is None
    assert ".geojson" not in client.get("/doc/region/13101").headers["link"]


def test_several_places_are_several_points(open_client: Open) -> None:
    text = (
        "@prefix gsp: <http://www.opengis.net/ont/geosparql#> .\n"
        "@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .\n"
        "<id/x> geo:lat 35.5 ; geo:long 139.5 ; gsp:hasGeometry <id/x#1> , <id/x#2> .\n"
        '<id/x#1> gsp:asWKT "POINT(139.5 35.5)"^^gsp:wktLiteral .\n'
        '<id/x#2> gsp:asWKT "POINT(140.25 36)"^^gsp:wktLiteral .\n'
    )
    client = open_client(parts(MemorySnapshot(text)))
    assert client.get("/doc/x.geojson").json()["geometry"] == {
        "type": "MultiPoint",
        "coordinates": [[139.5, 35.5], [140.25, 36.0]],
    }
    kml = ElementTree.fromstring(client.get("/doc/x.kml").content)
    points = [node.text for node in kml.iter(f"{KML}coordinates")]
    assert points == ["139.5,35.5", "140.25,36.0"]


@pytest.mark.parametrize("pair", ["95 139", "35 181", "NaN NaN", "1e1 1e1", "35,6 139,7", "' '"])
def test_what_is_no_place_on_earth_is_no_point(open_client: Open, pair: str) -> None:
    lat, _, long = pair.partition(" ")
    text = (
        "@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .\n"
        f'<id/x> geo:lat "{lat}" ; geo:long "{long}" .\n'
    )
    client = open_client(parts(MemorySnapshot(text)))
    body = client.get("/doc/x.geojson").json()
    assert body["geometry"] is None
    # Who reads the map's data sees what is wrong with it.
    assert (body["properties"]["lat"], body["properties"]["long"]) == (lat, long)


def test_a_coordinate_beside_a_true_place_stays_visible(open_client: Open) -> None:
    text = (
        "@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .\n"
        "<id/x> geo:lat 35.5 ; geo:long 139.5 ; <def/at> <id/x#1> .\n"
        "<id/x#1> geo:lat 95.5 ; geo:long 235.5 .\n"
    )
    client = open_client(parts(MemorySnapshot(text)))
    body = client.get("/doc/x.geojson").json()
    assert body["geometry"]["coordinates"] == [139.5, 35.5]
    assert body["properties"] == {"name": "x", "def:at.lat": 95.5, "def:at.long": 235.5}


FORMS = """@prefix geo: <http://www.w3.org/2003/01/geo/wgs84_pos#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
<id/x> a <def/X> ; rdfs:label "橋"@ja , "Bridge"@en ; geo:lat 35.5 ; geo:long 139.5 ;
  <def/width> 2.5 ; <def/lanes> 3 ; <def/open> true ; <def/code> "007" ; <def/near> 1 , 2 .
"""


def test_a_feature_is_the_same_alone_and_in_a_table(open_client: Open) -> None:
    client = open_client(parts(MemorySnapshot(FORMS)))
    alone = client.get("/doc/x.geojson").json()
    (in_a_table,) = client.get("/browse/def:X.geojson").json()["features"]
    for properties in (alone["properties"], in_a_table["properties"]):
        properties["def:near"].sort()
    assert alone["properties"].pop("rdf:type") == f"{BASE}/def/X"  # the table is of that class
    assert in_a_table == alone
    assert alone["properties"] == {
        "name": "橋",
        "label.ja": "橋",
        "label.en": "Bridge",
        "def:width": 2.5,
        "def:lanes": 3,
        "def:open": True,
        "def:code": "007",
        "def:near": [1, 2],
    }


def test_placemarks_stand_in_a_document_with_a_name(open_client: Open) -> None:
    client = open_client(parts(MemorySnapshot(FORMS)))
    for address, name in (("/doc/x.kml", "橋"), ("/browse/def:X.kml", "X")):
        kml = ElementTree.fromstring(client.get(address).content)
        assert kml.findtext(f"{KML}Document/{KML}name") == name
        assert kml.findtext(f".//{KML}Placemark/{KML}name") == "橋"
        names = [item.get("name") for item in kml.iter(f"{KML}Data")]
        assert len(names) == len(set(names))
        data = {item.get("name"): item.findtext(f"{KML}value") for item in kml.iter(f"{KML}Data")}
        assert data["label.en"] == "Bridge"
        assert sorted((data["def:near"] or "").split(" | ")) == ["1", "2"]


def test_a_placemark_names_the_thing_and_holds_its_data(client: Client) -> None:
    kml = ElementTree.fromstring(client.get("/doc/aed/1.kml").content)
    assert kml.findtext(f".//{KML}name") == "中央公園 AED"
    assert kml.findtext(f".//{KML}coordinates") == "139.6917,35.6895"
    data = {item.get("name"): item.findtext(f"{KML}value") for item in kml.iter(f"{KML}Data")}
    assert data["住所.表記"] == "東京都千代田区一番町1"
    # A character that XML cannot hold does not break the file.
    hostile = ElementTree.fromstring(client.get("/doc/hostile.kml").content)
    assert "<script>alert(1)</script>" in (hostile.findtext(f".//{KML}name") or "")


def test_the_table_has_a_row_for_each_value(client: Client) -> None:
    answer = client.get("/doc/aed/1", headers={"accept": "text/csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(answer.text.splitlines(keepends=True)))
    by_path = {row["path"]: row for row in rows}
    assert by_path["label"]["value"] == "中央公園 AED"
    assert by_path["label"]["language"] == "ja"
    assert by_path["住所.表記"]["property"] == "http://imi.go.jp/ns/core/rdf#表記"
    assert by_path["説明"]["value"].startswith('一行目\n二行目 "引用"')
