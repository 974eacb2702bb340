"""Text for searching is folded and cut the same way for index and query."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.store.search_text import MAX_TEXT, folded, key, pieces, tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ﾁﾖﾀﾞ区", "ちよだ区"),
        ("チヨダ区", "ちよだ区"),
        ("ＡＥＤ", "aed"),
        ("髙﨑", "高崎"),
        ("龍ケ崎", "竜ヶ崎"),
        ("680-0001", "６８０−０００１"),
        ("680ー0001", "6800001"),
        ("セント・ポール", "せんとぽーる"),
        ("葛󠄀城", "葛城"),
        ("が", "が"),
    ],
)
def test_spellings_of_one_thing_are_one(one: str, other: str) -> None:
    assert folded(one) == folded(other)


def test_runs_of_japanese_are_cut_into_pairs_and_characters() -> None:
    found = tokens("中央公園 AED 駅前")
    assert found.pairs.split() == ["中央", "央公", "公園", "駅前"]
    assert set(found.parts.split()) == {*"中央公園駅前", "a", "ae", "aed"}


def test_a_name_has_its_beginnings_and_itself() -> None:
    assert tokens("東京 駅").beginnings.split() == ["東", "東京", "東京駅", "東京駅$"]


@pytest.mark.parametrize("text", ["", " ", "🎌", "<>&\"'", "\x00\u202e", "・"])
def test_what_holds_no_letter_has_no_pieces(text: str) -> None:
    assert list(pieces(folded(text))) == []
    assert tokens(text).beginnings == ""


@given(st.text())
def test_any_text_folds_to_one_that_folds_to_itself_in_tokens(text: str) -> None:
    once = folded(text)
    assert key(folded(once)) == key(once) or len(once) > MAX_TEXT
    for part in (*tokens(once).pairs.split(), *tokens(once).parts.split()):
        assert "$" not in part
