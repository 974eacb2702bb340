"""Which things of a release can be found, and by what."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.publish import search
from app.publish.entity import EntityReader
from app.publish.search import Searching, hits
from app.store.search import SearchIndex, SearchRequest
from tests.web.fakes import BASE, MemorySnapshot


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> MemorySnapshot:
    folder, sample = tmp_path_factory.mktemp("files"), MemorySnapshot()
    search.write(folder, sample)
    sample.files["search/meta.json"] = folder / "search" / "meta.json"
    return sample


@pytest.fixture(scope="module")
def index(snapshot: MemorySnapshot) -> SearchIndex:
    opened = Searching().index(snapshot)
    assert opened is not None
    return opened


def found(index: SearchIndex, text: str) -> list[str]:
    return [iri.removeprefix(f"{BASE}/id/") for iri in index.find(SearchRequest(text)).iris]


@pytest.mark.parametrize("text", ["千代田区", "ちよだ", "チヨダ", "chiyoda", "131016"])
def test_a_thing_is_found_by_names_readings_and_codes(index: SearchIndex, text: str) -> None:
    assert found(index, text)[0] == "region/13101"


def test_a_thing_is_found_by_the_address_inside_it(index: SearchIndex) -> None:
    assert found(index, "一番町") == ["aed/1"]


def test_parts_of_things_are_not_found_themselves(index: SearchIndex) -> None:
    iris = index.find(SearchRequest(limit=100)).iris
    assert iris
    assert not [iri for iri in iris if "#" in iri or "地理座標" in iri]


def test_things_lie_in_their_region_and_in_what_it_is_part_of(index: SearchIndex) -> None:
    for region in ("region/13101", "region/13000"):
        chosen = SearchRequest(chosen={"region": (f"{BASE}/id/{region}",)}, limit=100)
        assert f"{BASE}/id/aed/1" in index.find(chosen).iris


def test_what_is_shown_of_a_thing(snapshot: MemorySnapshot) -> None:
    (hit,) = hits(EntityReader(snapshot), (f"{BASE}/id/aed/1",))
    assert hit.addresses == ("東京都千代田区一番町1",)
    assert hit.regions == (f"{BASE}/id/region/13101", f"{BASE}/id/region/13000")
    assert hit.dataset == "sample"
    assert (hit.points[0].latitude, hit.points[0].longitude) == (35.6895, 139.6917)
    assert hits(EntityReader(snapshot), (f"{BASE}/id/nothing",)) == ()


def test_a_release_without_an_index_has_none(tmp_path: Path) -> None:
    assert Searching().index(MemorySnapshot()) is None
