from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codes.spelling import fold, fold_all, katakana


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("龍ケ崎市", "竜ヶ崎市"),
        ("東京都　千代田区", "東京都千代田区"),
        ("葛\U000e0100城市", "葛城市"),
        ("須惠町", "須恵町"),
    ],
)
def test_spellings_of_one_name_fold_to_the_same(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("kana", ["ちよだく", "チヨダク", "ﾁﾖﾀﾞｸ", "ちよだ　く"])
def test_every_kana_becomes_full_width_katakana(kana: str) -> None:
    assert katakana(kana) == "チヨダク"


@given(st.text(max_size=20))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.lists(st.text(st.characters(exclude_characters="\0"))))
def test_many_names_fold_as_each_does(names: list[str]) -> None:
    assert fold_all(names) == [fold(name) for name in names]
