"""Which things of a release can be found, and by what."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, RdfFormat

from app.publish import search
from app.publish.entity import EntityReader
from app.publish.search import Searching, hits
from app.store.base import GraphEntry
from app.store.search import SearchIndex, SearchRequest
from tests.web.fakes import BASE, CREATED, MemorySnapshot


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


def two_graphs(release: str, other: str) -> MemorySnapshot:
    """The sample, and a second data set that says something else in each release."""
    snapshot = MemorySnapshot(release=release)
    graph = f"{BASE}/graphs/other"
    snapshot.store.load(
        other.encode(), RdfFormat.TURTLE, base_iri=BASE + "/", to_graph=NamedNode(graph)
    )
    graphs = dict(snapshot.manifest.graphs)
    graphs[graph] = GraphEntry(
        iri=graph,
        dataset="other",
        quads=1,
        subjects=1,
        properties={"http://www.w3.org/2000/01/rdf-schema#label": 1},
        modified=CREATED + timedelta(days=int(release[1:])),
    )
    snapshot.manifest = snapshot.manifest.model_copy(update={"graphs": graphs})
    return snapshot


def written(snapshot: MemorySnapshot, folder: Path, old: MemorySnapshot | None = None) -> int:
    folder.mkdir()
    read = search.write(folder, snapshot, old)
    files = (path for path in folder.rglob("*") if path.is_file())
    snapshot.files.update((path.relative_to(folder).as_posix(), path) for path in files)
    return read


LABELLED = '<id/park/1> <http://www.w3.org/2000/01/rdf-schema#label> "{}"@ja .'


def test_only_what_changed_is_read_again(tmp_path: Path) -> None:
    first = two_graphs("r1", LABELLED.format("若葉公園"))
    second = two_graphs("r2", LABELLED.format("青葉公園"))
    third = two_graphs("r3", "")
    everything = written(first, tmp_path / "1")
    assert everything > 5
    assert written(second, tmp_path / "2", first) == 1
    assert written(third, tmp_path / "3", second) == 0
    for snapshot, names in ((first, "若葉"), (second, "青葉"), (third, None)):
        opened = Searching().index(snapshot)
        assert opened is not None
        assert opened.things == everything - (names is None)
        for asked in ("若葉", "青葉"):
            assert found(opened, asked) == (["park/1"] if asked == names else [])
        assert found(opened, "千代田区")[0] == "region/13101"


def test_a_thing_that_two_graphs_name_is_found_once(tmp_path: Path) -> None:
    shared = LABELLED.replace("park/1", "region/13101")
    first = two_graphs("r1", LABELLED.format("若葉公園"))
    second = two_graphs("r2", shared.format("千代田の区"))
    third = two_graphs("r3", LABELLED.format("若葉公園"))
    everything = written(first, tmp_path / "1")
    assert written(second, tmp_path / "2", first) == everything - 1
    assert written(third, tmp_path / "3", second) == everything
    opened = Searching().index(second)
    assert opened is not None
    for name in ("千代田の", "ちよだ"):
        assert found(opened, name) == ["region/13101"]
