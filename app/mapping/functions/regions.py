"""Regions of Japan: codes, links to the linked data of e-Stat, names, and codes from addresses."""

from __future__ import annotations

from app.codes.bundled import address_reader, region_table
from app.codes.invalid import InvalidCode
from app.codes.region_codes import NormalisedCode
from app.codes.regions import Region
from app.errors import Text
from app.mapping.functions.cells import blank_is_null
from app.mapping.functions.registry import BadValue, Example, Result, function
from app.rdf.namespaces import SAC

_A_CODE = Text(ja="地域コード", en="a region code")
_FORMS = Text(
    ja="5桁（標準地域コード）・6桁（全国地方公共団体コード）のどちらでも読み、失われた先頭の 0 も"
    "検査数字から補います。",
    en="Reads five digits (standard area code) and six (local government code), and puts back a "
    "leading zero that a spreadsheet has lost, going by the check digit.",
)


@function(
    "regionCode5",
    summary=Text(
        ja="地域コードを5桁にします。" + _FORMS.ja, en="A region code of five digits. " + _FORMS.en
    ),
    examples=(
        Example({"value": "131016"}, "13101"),
        Example({"value": "172022"}, "17202"),
        Example({"value": "42021"}, "04202"),
    ),
)
@blank_is_null
def region_code5(value: str) -> Result:
    """JIS X 0401 and 0402. Codes that no region has today are kept: they may be old ones."""
    return _normalise(value).code5


@function(
    "regionCode6",
    summary=Text(
        ja="地域コードを検査数字の付いた6桁にします。" + _FORMS.ja,
        en="A region code of six digits, the last one a check digit. " + _FORMS.en,
    ),
    examples=(
        Example({"value": "13101"}, "131016"),
        Example({"value": "３７２０１"}, "372013"),
        Example({"value": "13"}, "130001"),
    ),
)
@blank_is_null
def region_code6(value: str) -> Result:
    """The code of the Ministry of Internal Affairs (全国地方公共団体コード)."""
    return _normalise(value).code6


@function(
    "regionIri",
    summary=Text(
        ja="地域コードから e-Stat の統計 LOD の IRI (sac:C13101) を作ります。現在ある地域だけです。",
        en="The IRI of a region in the statistical linked data of e-Stat (sac:C13101), for the "
        "regions that exist today.",
    ),
    examples=(Example({"value": "131016"}, SAC + "C13101"),),
)
@blank_is_null
def region_iri(value: str) -> Result:
    """For `ic:市区町村コード` and links of identity."""
    return _region(value).estat_iri


@function(
    "regionName",
    summary=Text(
        ja="地域コードから地域の名前を返します。full=true で都道府県からの名前になります。",
        en="The name of the region with this code; with `full` true, from the prefecture on.",
    ),
    examples=(
        Example({"value": "372013"}, "高松市"),
        Example({"value": "13101", "full": "true"}, "東京都千代田区"),
    ),
)
@blank_is_null
def region_name(value: str, full: str = "false") -> Result:
    """The name as it is today."""
    region = _region(value)
    return region.full_name if full == "true" else region.name


@function(
    "regionFromAddress",
    summary=Text(
        ja="住所の先頭から、最も長く一致する地域の5桁のコードを返します。同じ名前の地域が複数あるときは"
        "引数 within に都道府県コードを渡します。",
        en="The five-digit code of the region that an address begins with, the longest match. "
        "`within`, the code of a prefecture, decides between regions of the same name.",
    ),
    examples=(
        Example({"address": "香川県高松市番町一丁目8番15号"}, "37201"),
        Example({"address": "高松市番町1-8-15"}, "37201"),
        Example({"address": "府中市宮西町2-24", "within": "13"}, "13206"),
    ),
)
@blank_is_null
def region_from_address(address: str, within: str = "") -> Result:
    """Raises BadValue when no region fits, or several do."""
    try:
        match = address_reader().read(address, within=within or None)
    except InvalidCode as error:
        raise BadValue.expected(within, _A_CODE, error.text) from None
    if match is None:
        raise BadValue.expected(
            address,
            Text(ja="市区町村で始まる住所", en="an address that begins with a municipality"),
            Text(
                ja="都道府県名から書くか、引数 within に都道府県コードを指定してください。",
                en="Write it from the prefecture on, or state the prefecture in `within`.",
            ),
        )
    return match.region.code5


def _normalise(value: str) -> NormalisedCode:
    try:
        return region_table().normalise(value)
    except InvalidCode as error:
        raise BadValue.expected(value, _A_CODE, error.text) from None


def _region(value: str) -> Region:
    try:
        return region_table().get(value)
    except InvalidCode as error:
        raise BadValue.expected(value, _A_CODE, error.text) from None
