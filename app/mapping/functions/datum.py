"""From the Tokyo Datum, which Japan used until April 2002, to JGD2011.

The linear approximation that is in general use for mainland Japan:

    φ' = φ - 0.00010695 φ + 0.000017464 λ + 0.0046017
    λ' = λ - 0.000046038 φ - 0.000083043 λ + 0.010040

It reproduces the shift of the datum itself, not the distortions of the old survey network nor
the movement of the ground in 2011: expect errors of up to about ten metres on the main islands,
and do not use it on remote islands. For surveyor's accuracy the data must be converted with the
parameter files of the Geospatial Information Authority (TKY2JGD, PatchJGD) beforehand. JGD2011,
JGD2000 and WGS 84 agree within that accuracy.
"""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final

from app.errors import Text
from app.mapping.functions.cells import blank_is_null
from app.mapping.functions.coordinates import LATITUDE, LONGITUDE, read_coordinate
from app.mapping.functions.registry import Example, Result, function
from app.rdf.namespaces import XSD

_PLACES: Final = Decimal("1E-6")  # a tenth of a metre: more digits would pretend

_ACCURACY: Final = Text(
    ja="一次式による近似で、誤差は本土で約10mまでです。",
    en="A linear approximation: errors up to about ten metres on the main islands.",
)


@function(
    "tokyoToJgd2011Latitude",
    summary=Text(
        ja="旧日本測地系の緯度・経度から、世界測地系 (JGD2011) の緯度を求めます。" + _ACCURACY.ja,
        en="The latitude in JGD2011 of a place given in the Tokyo Datum. " + _ACCURACY.en,
    ),
    examples=(Example({"latitude": "35.654865", "longitude": "139.744584"}, "35.658094"),),
    datatype=XSD + "decimal",
)
@blank_is_null
def tokyo_to_jgd2011_latitude(latitude: str, longitude: str) -> Result:
    """Decimal degrees, six places."""
    north, east = _read(latitude, longitude)
    shifted = north - Decimal("0.00010695") * north + Decimal("0.000017464") * east
    return _written(shifted + Decimal("0.0046017"))


@function(
    "tokyoToJgd2011Longitude",
    summary=Text(
        ja="旧日本測地系の緯度・経度から、世界測地系 (JGD2011) の経度を求めます。" + _ACCURACY.ja,
        en="The longitude in JGD2011 of a place given in the Tokyo Datum. " + _ACCURACY.en,
    ),
    examples=(Example({"latitude": "35.654865", "longitude": "139.744584"}, "139.741378"),),
    datatype=XSD + "decimal",
)
@blank_is_null
def tokyo_to_jgd2011_longitude(latitude: str, longitude: str) -> Result:
    """Decimal degrees, six places."""
    north, east = _read(latitude, longitude)
    shifted = east - Decimal("0.000046038") * north - Decimal("0.000083043") * east
    return _written(shifted + Decimal("0.010040"))


def _read(latitude: str, longitude: str) -> tuple[Decimal, Decimal]:
    return (
        Decimal(read_coordinate(latitude, LATITUDE, "japan")),
        Decimal(read_coordinate(longitude, LONGITUDE, "japan")),
    )


def _written(degrees: Decimal) -> str:
    return f"{degrees.quantize(_PLACES, ROUND_HALF_EVEN):f}"
