"""Municipality, town and address from a postal code, by the table of Japan Post."""

from __future__ import annotations

from typing import Final

from app.codes.bundled import postal_table, region_table
from app.codes.postal import Area
from app.errors import Text
from app.mapping.functions.cells import blank_is_null
from app.mapping.functions.contacts import A_POSTAL_CODE, read_postal_code
from app.mapping.functions.registry import BadValue, Example, Result, function

_SEVERAL: Final = Text(
    ja="郵便番号に町域が複数あるときは指摘になります。",
    en="A code that several towns share is a finding.",
)


@function(
    "postalTown",
    summary=Text(
        ja="郵便番号から町域名を返します（日本郵便のデータ）。" + _SEVERAL.ja,
        en="The town of a postal code, by the data of Japan Post. " + _SEVERAL.en,
    ),
    examples=(
        Example({"value": "760-0001"}, "新北町"),
        Example({"value": "〒１００－０００１"}, "千代田"),
        Example({"value": "760-8571"}, "番町"),
    ),
)
@blank_is_null
def postal_town(value: str) -> Result:
    """Null for the code of a municipality's rest, which has no town."""
    towns = tuple(dict.fromkeys(area.town for area in _areas(value)))
    return _one(value, towns) or None


@function(
    "postalRegion",
    summary=Text(
        ja="郵便番号から市区町村の5桁のコードを返します。",
        en="The five-digit code of the municipality of a postal code.",
    ),
    examples=(Example({"value": "760-0001"}, "37201"), Example({"value": "1000001"}, "13101")),
)
@blank_is_null
def postal_region(value: str) -> Result:
    """For `jfn:regionIri` and `id:region/…`."""
    regions = tuple(dict.fromkeys(area.region for area in _areas(value)))
    return _one(value, regions)


@function(
    "postalAddress",
    summary=Text(
        ja="郵便番号から都道府県・市区町村・町域の住所を返します。" + _SEVERAL.ja,
        en="The address that a postal code stands for, from prefecture to town. " + _SEVERAL.en,
    ),
    examples=(Example({"value": "760-0001"}, "香川県高松市新北町"),),
)
@blank_is_null
def postal_address(value: str) -> Result:
    """The municipality under its name of today."""
    return _one(value, tuple(dict.fromkeys(_address(area) for area in _areas(value))))


def _areas(value: str) -> tuple[Area, ...]:
    code = read_postal_code(value)
    found = postal_table().areas(code.replace("-", ""))
    if not found:
        raise BadValue.expected(
            value,
            A_POSTAL_CODE,
            Text(
                ja=f"{code} という郵便番号はありません。数字を確かめてください。",
                en=f"There is no postal code {code}; check its digits.",
            ),
        )
    return found


def _address(area: Area) -> str:
    region = region_table().find(area.region)
    return ("" if region is None else region.full_name) + area.town


def _one(value: str, found: tuple[str, ...]) -> str:
    if len(found) == 1:
        return found[0]
    shown = "、".join(found[:3]) + (" …" if len(found) > 3 else "")
    raise BadValue.expected(
        value,
        Text(ja="一つの場所の郵便番号", en="the postal code of one place"),
        Text(
            ja=f"この番号には複数の場所があります（{shown}）。住所の列を使ってください。",
            en=f"Several places share it ({shown}); use a column with the address.",
        ),
    )
