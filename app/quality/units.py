"""Units of measure, in headings (`面積[㎡]`, `標高（m）`) and behind numbers in cells (`12㎡`)."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.quality.headings import folded, in_brackets

_COUNTERS: Final = (
    "人|名|世帯|戸|件|棟|台|基|個|か所|箇所|カ所|ヶ所|ヵ所|所|校|園|冊|部|枚|本|回|歳|才|室|床|席|区画|路線|"
    "票|組|団体|頭|羽|隻|足|点|社|店|口|巻|着"
)
_MEASURES: Final = (
    "m|cm|mm|km|m2|m3|km2|cm2|㎡|㎥|㎢|㎝|㎜|㎞|ha|a|アール|ヘクタール|メートル|平方メートル|立方メートル|"
    "キロメートル|kg|g|mg|t|トン|㎏|l|ml|kl|リットル|ℓ|℃|°c|度|°|%|パーセント|‰|円|千円|百万円|億円|万円|"
    "ドル|時間|分|秒|日|週|か月|ヶ月|月|年|km/h|m/s|kw|kwh|w|v|hz|db|dbm|ppm|ppb|hpa|pa|mm/h|sv|μsv|"
    "μsv/h|bq|bq/kg|bq/l|cal|kcal|点|段|階|インチ|mbps|gb|mb|kb|千人|万人|人/km2|件/日"
)
UNIT: Final = re.compile(rf"(?:{_COUNTERS}|{_MEASURES})")
"""A unit, in NFKC and small letters."""

_WITH_UNIT: Final = re.compile(
    r"[+\-▲△]?[\d,]*\.?\d+\s*(?P<unit>[^\d\s,.+\-*()（）][^\d,.*()（）]{0,9})"
)

# Quantities with a dimension: without a unit a reader cannot know what the number says. Counts
# (人口, 台数) are not among them: their heading names what is counted.
_NEEDS_UNIT: Final = re.compile(
    r"面積|標高|海抜|高さ|深さ|長さ|延長|幅員|^幅$|距離|半径|直径|口径|重量|質量|重さ|容量|貯水量|水量|排出量|使用量|"
    r"発生量|収集量|処理量|金額|予算|決算|料金|価格|費用|事業費|歳入|歳出|単価|気温|水温|温度|湿度|降水量|雨量|水位|流量|"
    r"速度|風速|濃度|割合|[^能倍]率$|所要時間|線量|出力|電力|"
    r"\b(elevation|altitude|area|height|depth|length|width|distance|weight|volume|price|cost|fee|"
    r"temperature|rainfall|speed|ratio|rate|percentage|diameter)\b"
)


_LONGEST_NAME: Final = 24
"""A longer heading is a sentence, such as a question of a survey."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit, and whether it is stated in the heading, in the cells or in the metadata."""

    text: str
    where: str


def unit_in_heading(heading: str) -> Unit | None:
    """`A市[°C]` → °C; `面積_m2` → m2."""
    for inside in in_brackets(heading):
        text = inside.removeprefix("単位").lstrip(":：はが ")
        if UNIT.fullmatch(_plain(text)):
            return Unit(text, "heading")
    last = re.split(r"[_\s]", heading)[-1]
    if last != heading and UNIT.fullmatch(_plain(last)):
        return Unit(last, "heading")
    return None


def unit_of_cell(value: str) -> str | None:
    """`12㎡` → ㎡."""
    match = _WITH_UNIT.fullmatch(value)
    if match is None:
        return None
    unit = match["unit"].strip()
    return unit if UNIT.fullmatch(_plain(unit)) else None


def unit_in_cells(values: Sequence[str]) -> Unit | None:
    """The unit that at least every second cell has."""
    units = Counter(unit for value in values if (unit := unit_of_cell(value)) is not None)
    if not units:
        return None
    unit, count = units.most_common(1)[0]
    return Unit(unit, "cells") if count * 2 >= len(values) else None


def needs_unit(heading: str) -> bool:
    """Whether a heading names a quantity that says nothing without a unit."""
    name = folded(heading.rsplit("/", 1)[-1])
    return len(name) <= _LONGEST_NAME and _NEEDS_UNIT.search(name) is not None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().lower()
