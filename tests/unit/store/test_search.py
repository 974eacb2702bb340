"""The index of a release finds things by parts of their names and places."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store.search import SearchDocument, SearchIndex, SearchIndexWriter, SearchRequest

THINGS: Sequence[tuple[str, list[str], list[str], list[str], list[str]]] = (
    ("1", ["千代田区", "ちよだく", "Chiyoda", "13101"], [], ["def:Region"], ["13000"]),
    ("2", ["東京都", "とうきょうと", "Tokyo"], [], ["def:Region"], []),
    ("3", ["西東京市"], [], ["def:Region"], ["13000"]),
    (
        "4",
        ["中央公園のＡＥＤ"],
        ["東京都千代田区一番町1"],
        ["def:AED", "ic:設備型"],
        ["13101", "13000"],
    ),
    ("5", ["公民館"], ["園田町"], ["ic:施設型"], ["27000"]),
    ("6", ["6800001"], ["鳥取県鳥取市浜坂"], ["def:PostalCode"], ["31201", "31000"]),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> SearchIndex:
    folder = tmp_path_factory.mktemp("release") / "search"
    with SearchIndexWriter(folder) as writer:
        for iri, names, places, types, regions in THINGS:
            writer.add(SearchDocument(iri, "g", f"d{int(iri) % 2}", names, places, types, regions))
    return SearchIndex(folder)


def found(index: SearchIndex, text: str, **chosen: Sequence[str]) -> list[str]:
    return list(index.find(SearchRequest(text, chosen)).iris)  # type: ignore[arg-type] # literals


@pytest.mark.parametrize(
    ("text", "iris"),
    [
        ("千代田区", ["1", "4"]),
        ("千代", ["1", "4"]),
        ("ﾁﾖﾀﾞ", ["1"]),
        ("公園", ["4"]),
        ("aed", ["4"]),
        ("AED 千代田", ["4"]),
        ("chi", ["1"]),
        ("13101", ["1"]),
        ("680-0001", ["6"]),
        ("鳥", ["6"]),
        ("公園のAED", ["4"]),
        ("大阪", []),
        ("🎌", []),
    ],
)
def test_things_are_found_by_parts(index: SearchIndex, text: str, iris: list[str]) -> None:
    assert found(index, text) == iris


def test_pairs_that_do_not_follow_each_other_are_no_word(index: SearchIndex) -> None:
    assert "5" not in found(index, "公園")
    assert found(index, "公民園") == []


def test_what_begins_so_comes_first_and_what_is_so_before_it(index: SearchIndex) -> None:
    assert found(index, "東京") == ["2", "3", "4"]
    assert found(index, "東京都")[0] == "2"


def test_facets_count_what_is_found_and_narrow_it_down(index: SearchIndex) -> None:
    answer = index.find(SearchRequest("東京"))
    assert answer.total == 3
    assert dict(answer.facets["type"]) == {"def:Region": 2, "def:AED": 1, "ic:設備型": 1}
    assert dict(answer.facets["region"])["13000"] == 2
    assert found(index, "東京", type=["def:AED"]) == ["4"]
    assert sorted(found(index, "", region=["13000", "31000"])) == ["1", "3", "4", "6"]
    assert found(index, "", region=["nowhere"]) == []


def test_pages_do_not_overlap(index: SearchIndex) -> None:
    pages = [index.find(SearchRequest("", offset=n, limit=2)).iris for n in (0, 2, 4, 6)]
    assert sorted(iri for page in pages for iri in page) == ["1", "2", "3", "4", "5", "6"]
    assert index.find(SearchRequest("公園", offset=100)).iris == ()


@given(st.text(max_size=60))
def test_no_text_breaks_the_search(index: SearchIndex, text: str) -> None:
    assert index.find(SearchRequest(text)).total >= 0


@given(st.sampled_from(["千代田区", "東京都", "西東京市", "中央公園", "公民館"]), st.data())
def test_every_part_of_a_japanese_name_finds_it(
    index: SearchIndex, name: str, data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))
    whole = set(found(index, name))
    assert whole
    assert whole <= set(found(index, name[start:end]))


def test_reading_changes_no_file(tmp_path: Path) -> None:
    folder = tmp_path / "search"
    with SearchIndexWriter(folder) as writer:
        writer.add(SearchDocument("1", "g", "d", ["千代田区"]))

    def sums() -> dict[str, str]:
        return {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in folder.iterdir()}

    before = sums()
    assert SearchIndex(folder).find(SearchRequest("千代")).total == 1
    assert sums() == before
    assert all(file.stat().st_mode & 0o044 == 0o044 for file in folder.iterdir())


def test_an_index_begins_with_the_one_before_and_leaves_it_alone(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    with SearchIndexWriter(first) as writer:
        writer.add(SearchDocument("1", "kept", "d", ["千代田区"]))
        writer.add(SearchDocument("2", "gone", "d", ["千代町"]))
    with SearchIndexWriter(second, base=first) as writer:
        writer.remove_graph("gone")
        writer.add(SearchDocument("3", "gone", "d", ["千代村"]))
    assert sorted(found(SearchIndex(second), "千代")) == ["1", "3"]
    assert sorted(found(SearchIndex(first), "千代")) == ["1", "2"]


def test_an_index_that_is_given_up_holds_nothing(tmp_path: Path) -> None:
    def give_up() -> None:
        with SearchIndexWriter(tmp_path / "search") as writer:
            writer.add(SearchDocument("1", "g", "d", ["千代田区"]))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        give_up()
    assert SearchIndex(tmp_path / "search").things == 0
