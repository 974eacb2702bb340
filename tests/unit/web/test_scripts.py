"""JSON for scripts, and the policy that goes with the operator's tiles."""

from __future__ import annotations

import json

import pytest

from app.errors import SettingsError
from app.publish.places import Point
from app.settings import load
from app.web.replies import image_origins
from app.web.scripts import MapSources, json_in_page

GSI = "https://cyberjapandata.gsi.go.jp/xyz/pale/{z}/{x}/{y}.png"


def test_json_in_a_page_cannot_end_its_element() -> None:
    text = json_in_page({"name": "</script><!--<script>"})
    assert "<" not in text
    assert json.loads(text) == {"name": "</script><!--<script>"}


def test_a_thing_without_a_place_has_no_map() -> None:
    assert MapSources(load(environment={})).of_points("x", ()) is None


def test_a_map_knows_its_points_and_the_operators_tiles() -> None:
    settings = load(environment={}, map_tiles=GSI, map_credit="地理院タイル")
    source = MapSources(settings).of_points("公園", [Point(34.3, 134.0)])
    body = json.loads(source or "")
    assert body["points"] == [{"name": "公園", "href": None, "lat": 34.3, "long": 134.0}]
    assert body["tiles"] == {"url": GSI, "credit": "地理院タイル"}


def test_only_the_origin_of_the_tiles_enters_the_policy() -> None:
    assert image_origins(GSI) == b" https://cyberjapandata.gsi.go.jp"
    assert image_origins("") == b""


@pytest.mark.parametrize(
    "address",
    ["https://tiles.example/", "ftp://x/{z}/{x}/{y}", "https://a b; script-src *//{z}/{x}/{y}"],
)
def test_an_address_that_is_none_of_tiles_is_refused(address: str) -> None:
    with pytest.raises(SettingsError):
        load(environment={}, map_tiles=address)
