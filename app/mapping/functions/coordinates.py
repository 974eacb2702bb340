"""Latitudes and longitudes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from app.errors import Text
from app.mapping.functions.cells import (
    NO_VALUE_ADVICE,
    blank_is_null,
    means_no_value,
    plain,
    wrong_parameter,
)
from app.mapping.functions.numbers import read_decimal
from app.mapping.functions.registry import BadValue, Example, Result, function
from app.rdf.namespaces import GSP, XSD


@dataclass(frozen=True, slots=True)
class Axis:
    """One of the two coordinates: how far it goes in the world and in Japan, in degrees."""

    name: Text
    limit: int
    japan: tuple[int, int]
    signs: str
    column: Text


# Japan with its remotest islands: Okinotorishima 20.4 N, the north of Etorofu 45.6 N,
# Yonaguni 122.9 E, Minamitorishima 154.0 E.
LATITUDE: Final = Axis(
    Text(ja="緯度", en="a latitude"), 90, (20, 46), "NS北南", Text(ja="経度", en="longitude")
)
LONGITUDE: Final = Axis(
    Text(ja="経度", en="a longitude"), 180, (122, 155), "EW東西", Text(ja="緯度", en="latitude")
)

_SEXAGESIMAL: Final = re.compile(
    r"(?a)(?P<before>[NSEW]|北緯|南緯|東経|西経)?\s*"
    r"(?P<degrees>\d{1,3})\s*(?:[°度]|(?P<dot>[./:])(?=\d+(?P=dot)))\s*"
    r"(?P<minutes>\d{1,2})\s*(?:['’′分]|(?P=dot))\s*"
    r"(?:(?P<seconds>\d{1,2}(?:\.\d+)?)\s*(?:[\"”″秒]|''|’’|′′)?)?\s*(?P<after>[NSEW])?"
)
_SIGNED: Final = re.compile(
    r"(?a)(?P<before>[NSEW]|北緯|南緯|東経|西経)?\s*(?P<number>[+-]?\d*\.?\d+)\s*[°度]?\s*(?P<after>[NSEW])?"
)
_PLACES: Final = Decimal("1E-8")  # about a millimetre


@function(
    "latitude",
    summary=Text(
        ja="緯度を十進数の度にします（全角、北緯34度20分31秒、34°20′31″、34.20.31 も）。範囲、0、緯度と"
        "経度の取り違えを確かめます。area=world で日本の範囲の検査を外します。",
        en="A latitude in decimal degrees, also from full width, 34°20′31″, 北緯34度20分31秒, "
        "34.20.31. The range, zero, and latitude swapped with longitude are checked; "
        "`area` world instead of japan allows the whole globe.",
    ),
    examples=(
        Example({"value": "34.34092056"}, "34.34092056"),
        Example({"value": "北緯３４度２０分３０秒"}, "34.34166667"),
        Example({"value": "-33.8688", "area": "world"}, "-33.8688"),
    ),
    datatype=XSD + "decimal",
)
@blank_is_null
def latitude(value: str, area: str = "japan") -> Result:
    """Decimal degrees keep their digits; sexagesimal ones are rounded to eight places."""
    return read_coordinate(value, LATITUDE, area)


@function(
    "longitude",
    summary=Text(
        ja="経度を十進数の度にします。書き方と検査は jfn:latitude と同じです。",
        en="A longitude in decimal degrees; forms and checks as for jfn:latitude.",
    ),
    examples=(
        Example({"value": "134.04522972"}, "134.04522972"),
        Example({"value": "E134.02.43"}, "134.04527778"),
    ),
    datatype=XSD + "decimal",
)
@blank_is_null
def longitude(value: str, area: str = "japan") -> Result:
    """Decimal degrees keep their digits; sexagesimal ones are rounded to eight places."""
    return read_coordinate(value, LONGITUDE, area)


@function(
    "wkt",
    summary=Text(
        ja="緯度と経度から GeoSPARQL の点 POINT(経度 緯度) を作ります。",
        en="A point of GeoSPARQL, POINT(longitude latitude), from a latitude and a longitude.",
    ),
    examples=(
        Example({"latitude": "34.3409", "longitude": "134.0452"}, "POINT(134.0452 34.3409)"),
    ),
    datatype=GSP + "wktLiteral",
)
@blank_is_null
def wkt(latitude: str, longitude: str, area: str = "japan") -> Result:
    """Longitude first, as the default reference system of GeoSPARQL (CRS 84) has it."""
    north = read_coordinate(latitude, LATITUDE, area)
    east = read_coordinate(longitude, LONGITUDE, area)
    return f"POINT({east} {north})"


def read_coordinate(value: str, axis: Axis, area: str) -> str:
    """A coordinate in decimal degrees within its range. Raises BadValue."""
    if area not in {"japan", "world"}:
        raise wrong_parameter(
            "area",
            area,
            Text(ja="japan か world を指定してください。", en="It is japan or world."),
        )
    degrees = _degrees(value, axis)
    number = Decimal(degrees)
    if number == 0 and area == "japan":
        raise BadValue.expected(
            value,
            axis.name,
            Text(
                ja="0 は「測っていない」印のようです。空欄にしてください。",
                en="Zero mostly means “not measured”: leave the cell empty.",
            ),
        )
    other = LONGITUDE if axis is LATITUDE else LATITUDE
    low, high = axis.japan if area == "japan" else (-axis.limit, axis.limit)
    if not low <= number <= high:
        swapped = other.japan[0] <= number <= other.japan[1]
        raise BadValue.expected(value, axis.name, _swap(axis) if swapped else _range(axis, area))
    return degrees


def _degrees(value: str, axis: Axis) -> str:
    # NFKC turns ″ into ′′ and º into o, so those marks are kept out of its way.
    text = plain(value.replace("″", '"').replace("º", "°")).upper()
    if match := _SIGNED.fullmatch(text):
        number = read_decimal(match["number"], axis.name)
    elif match := _SEXAGESIMAL.fullmatch(text):
        number = _sexagesimal(value, match, axis)
    else:
        raise BadValue.expected(value, axis.name, _advice(text))
    sign = (match["before"] or match["after"] or "")[:1]
    if sign and sign not in axis.signs:
        raise BadValue.expected(value, axis.name, _swap(axis))
    negative = sign != "" and sign in "SW南西"
    return f"-{number}" if negative and not number.startswith("-") else number


def _sexagesimal(value: str, match: re.Match[str], axis: Axis) -> str:
    minutes, seconds = Decimal(match["minutes"]), Decimal(match["seconds"] or 0)
    if minutes >= 60 or seconds >= 60:
        raise BadValue.expected(
            value,
            axis.name,
            Text(ja="分と秒は 60 未満です。", en="Minutes and seconds are below 60."),
        )
    degrees = Decimal(match["degrees"]) + minutes / 60 + seconds / 3600
    rounded = degrees.quantize(_PLACES, ROUND_HALF_EVEN)
    return f"{rounded:f}"


def _advice(text: str) -> Text:
    if means_no_value(text):
        return NO_VALUE_ADVICE
    if re.fullmatch(r"[\d.]+\s*[,、 ]\s*[\d.]+", text):
        return Text(
            ja="一つのセルに緯度と経度があります。jfn:part で分けてから使ってください。",
            en="Latitude and longitude are in one cell: take them apart with jfn:part.",
        )
    return Text(
        ja="34.3409 のような十進数の度で書いてください。",
        en="Write decimal degrees, like 34.3409.",
    )


def _swap(axis: Axis) -> Text:
    return Text(
        ja=f"{axis.column.ja}の値のようです。緯度と経度の列が入れ替わっていないか確かめてください。",
        en=f"It looks like a {axis.column.en}: are the two columns swapped?",
    )


def _range(axis: Axis, area: str) -> Text:
    low, high = axis.japan if area == "japan" else (-axis.limit, axis.limit)
    where = Text(ja="日本では", en="In Japan") if area == "japan" else Text(ja="", en="Anywhere")
    return Text(
        ja=f"{where.ja}{low}〜{high} の範囲です。"
        + ("国外の地点なら area=world を指定します。" if area == "japan" else ""),
        en=f"{where.en} it lies between {low} and {high}."
        + (" For places abroad set area to world." if area == "japan" else ""),
    )
