"""The regions of Japan: prefectures, municipalities and wards, with their codes and names.

Codes: JIS X 0401 (prefectures) and JIS X 0402 (municipalities), five digits; the six-digit form
of the Ministry of Internal Affairs adds a check digit (全国地方公共団体コード). The table is
`vocab/regions.csv`; every look-up is one of a dictionary, so that mapping functions can afford
one for each distinct cell. Reading addresses is in `app.codes.addresses`.
"""

from __future__ import annotations

import csv
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from difflib import get_close_matches
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Final, Self

from app.codes.invalid import InvalidCode, UnknownRegion
from app.codes.region_codes import (
    CodeRemark,
    NormalisedCode,
    check_digit,
    read_digits,
    without_check_digit,
)
from app.codes.spelling import fold, katakana
from app.errors import Text
from app.rdf.namespaces import SAC

FILE_NAME: Final = "regions.csv"
_PREFECTURES: Final = range(1, 48)


class RegionKind(StrEnum):
    """What a region is in law (Local Autonomy Act)."""

    PREFECTURE = "prefecture"
    DESIGNATED_CITY = "designated-city"
    SPECIAL_WARD = "special-ward"
    CITY = "city"
    TOWN = "town"
    VILLAGE = "village"
    WARD = "ward"


@dataclass(frozen=True, slots=True)
class Region:
    """One region. `name` is without its county and city (当別町, 中央区); `full_name` is as an
    address has it (北海道石狩郡当別町). `parent` is the five-digit code of the prefecture, or of
    the city for its wards; None for prefectures. `effective` is known for few."""

    code5: str
    code6: str
    kind: RegionKind
    name: str
    kana: str
    romaji: str
    parent: str | None
    county: str
    county_kana: str
    full_name: str
    effective: date | None

    @property
    def prefecture(self) -> str:
        """Five-digit code of the prefecture it lies in (its own, for a prefecture)."""
        return self.code5[:2] + "000"

    @property
    def estat_iri(self) -> str:
        """The IRI of the region in the linked data of the statistics bureau."""
        return estat_iri(self.code5)


def estat_iri(code5: str) -> str:
    """`13101` → `http://data.e-stat.go.jp/lod/sac/C13101`."""
    return f"{SAC}C{code5}"


class RegionTable:
    """All regions, found by code, name, kana or parent."""

    def __init__(self, regions: Iterable[Region]) -> None:
        self._by_code = {region.code5: region for region in regions}
        self._children: dict[str, list[Region]] = defaultdict(list)
        self._by_name: dict[str, list[Region]] = defaultdict(list)
        self._by_kana: dict[str, list[Region]] = defaultdict(list)
        for region in self._by_code.values():
            if region.parent is not None:
                self._children[region.parent].append(region)
            for name in self.names(region):
                self._by_name[name].append(region)
            self._by_kana[region.kana].append(region)

    @classmethod
    def load(cls, vocab_dir: Path) -> Self:
        """Read `regions.csv`. Raises ValueError when a line of it is not as its builder writes."""
        with (vocab_dir / FILE_NAME).open(encoding="utf-8", newline="") as file:
            return cls([_region(row) for row in csv.DictReader(file)])

    def __len__(self) -> int:
        return len(self._by_code)

    def __iter__(self) -> Iterator[Region]:
        """By code."""
        return iter(self._by_code.values())

    def normalise(self, code: str) -> NormalisedCode:
        """Read a region code of one to six digits, with or without check digit or zeros.

        Five digits are read as a five-digit code, except when no region has it and they are a
        six-digit code without its zero (42021 is 042021, the city of Ishinomaki).

        Raises InvalidCode when no reading is possible.
        """
        digits, remarks = read_digits(code)
        if len(digits) == 6:
            code5 = without_check_digit(digits)
        elif len(digits) == 5:
            code5, more = self._five(digits)
            remarks += more
        elif len(digits) == 4:
            code5 = "0" + digits
            remarks += (CodeRemark.LOST_ZERO,)
        elif len(digits) <= 2:
            code5 = digits.zfill(2) + "000"
            remarks += (CodeRemark.PREFECTURE_ONLY,)
        else:
            raise InvalidCode(
                Text(
                    f"地域コードは5桁か6桁の数字です（{code!r} は{len(digits)}桁）。",
                    f"A region code has five or six digits; {code!r} has {len(digits)}.",
                )
            )
        if int(code5[:2]) not in _PREFECTURES:
            raise InvalidCode(
                Text(
                    f"{code!r} の都道府県コード {code5[:2]} は存在しません（01〜47）。",
                    f"No prefecture has the code {code5[:2]} of {code!r} (01 to 47 exist).",
                )
            )
        if code5 not in self._by_code:
            remarks += (CodeRemark.UNKNOWN,)
        return NormalisedCode(code5, code5 + check_digit(code5), remarks)

    def _five(self, digits: str) -> tuple[str, tuple[CodeRemark, ...]]:
        shifted = "0" + digits[:4]
        lost_zero = digits[0] != "0" and check_digit(shifted) == digits[4]
        if lost_zero and digits not in self._by_code:
            return shifted, (CodeRemark.LOST_ZERO,)
        if lost_zero and shifted in self._by_code:
            return digits, (CodeRemark.AMBIGUOUS,)
        return digits, ()

    def find(self, code: str) -> Region | None:
        """The region of a code in any form that `normalise` reads, or None.

        Raises InvalidCode when it is no region code at all.
        """
        return self._by_code.get(self.normalise(code).code5)

    def get(self, code: str) -> Region:
        """The same, but raises UnknownRegion when no region has the code today."""
        region = self.find(code)
        if region is None:
            raise UnknownRegion(
                Text(
                    f"コード {code!r} の地域は現在ありません（廃止された可能性があります）。",
                    f"No region has the code {code!r} today; it may have been abolished.",
                )
            )
        return region

    def names(self, region: Region) -> tuple[str, ...]:
        """The ways to write its name exactly: alone, with county or city, in full; folded."""
        above = self._by_code.get(region.parent or "")
        city = above.name if region.kind is RegionKind.WARD and above is not None else ""
        forms = (region.name, region.county + region.name, city + region.name, region.full_name)
        return tuple(dict.fromkeys(fold(form) for form in forms))

    def by_name(self, name: str, *, prefecture: str | None = None) -> tuple[Region, ...]:
        """The regions of exactly this name (当別町, 石狩郡当別町, 札幌市中央区, 東京都港区), where
        wanted only those in a prefecture, given by its name or its code."""
        named = tuple(self._by_name.get(fold(name), ()))
        if prefecture is None:
            return named
        if prefecture.isdecimal():
            within = {self.normalise(prefecture).code5}
        else:
            found = self._by_name.get(fold(prefecture), ())
            within = {region.code5 for region in found if region.kind is RegionKind.PREFECTURE}
        return tuple(region for region in named if region.prefecture in within)

    def by_kana(self, kana: str) -> tuple[Region, ...]:
        """The regions of this reading, in katakana, hiragana or half-width katakana."""
        return tuple(self._by_kana.get(katakana(kana), ()))

    def search(self, text: str, *, limit: int = 20) -> tuple[Region, ...]:
        """What a person may mean: a code, an exact name or reading, a beginning, a part, and
        if there is none of these, a name that is nearly the same; the best first."""
        text = unicodedata.normalize("NFKC", text).strip()
        if not text:
            return ()
        if text.isdecimal():
            try:
                found = self.find(text)
            except InvalidCode:
                return ()
            return (found,) if found is not None else ()
        name, kana, latin = fold(text), katakana(text), text.casefold()
        ranked = [(rank, region) for region in self if (rank := _rank(region, name, kana, latin))]
        if ranked:
            ranked.sort(key=lambda pair: (pair[0], pair[1].code5))
            return tuple(region for _, region in ranked[:limit])
        near = get_close_matches(name, self._by_name, n=limit, cutoff=0.6)
        return tuple(dict.fromkeys(region for form in near for region in self._by_name[form]))[
            :limit
        ]

    def children(self, code5: str) -> tuple[Region, ...]:
        """The municipalities of a prefecture, the wards of a designated city."""
        return tuple(self._children.get(code5, ()))

    def ancestors(self, region: Region) -> tuple[Region, ...]:
        """The regions that contain it, from the nearest to the prefecture."""
        above: list[Region] = []
        while region.parent is not None:
            region = self._by_code[region.parent]
            above.append(region)
        return tuple(above)

    @cached_property
    def prefectures(self) -> tuple[Region, ...]:
        """The 47, by code."""
        return tuple(region for region in self if region.kind is RegionKind.PREFECTURE)


def _rank(region: Region, name: str, kana: str, latin: str) -> int:
    """1 for the same, 2 for a beginning, 3 for a part, 0 for no match."""
    own = (fold(region.name), region.kana, region.romaji.casefold())
    wanted = (name, kana, latin)
    if any(a == b for a, b in zip(own, wanted, strict=True)) or fold(region.full_name) == name:
        return 1
    if any(a.startswith(b) for a, b in zip(own, wanted, strict=True)):
        return 2
    return 3 if name in fold(region.full_name) or kana in region.kana else 0


def _region(row: Mapping[str, str]) -> Region:
    if set(row) != {field.name for field in fields(Region)}:
        raise ValueError(f"{FILE_NAME} has the columns {', '.join(map(str, row))}")
    return Region(
        code5=row["code5"],
        code6=row["code6"],
        kind=RegionKind(row["kind"]),
        name=row["name"],
        kana=row["kana"],
        romaji=row["romaji"],
        parent=row["parent"] or None,
        county=row["county"],
        county_kana=row["county_kana"],
        full_name=row["full_name"],
        effective=date.fromisoformat(row["effective"]) if row["effective"] else None,
    )
