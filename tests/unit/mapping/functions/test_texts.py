"""Strings, width, patterns, days, flags, contacts, regions, identifiers."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.codes.bundled import region_table
from app.errors import MappingError
from app.mapping.functions.contacts import mail_iri, phone, phone_iri, postal_code, web_iri
from app.mapping.functions.days import days, opening_hours, read_days
from app.mapping.functions.flags import flag, flag3
from app.mapping.functions.identifiers import corporate_number, uuid5
from app.mapping.functions.patterns import extract, regex_match, regex_replace
from app.mapping.functions.regions import (
    region_code5,
    region_code6,
    region_from_address,
    region_iri,
    region_name,
)
from app.mapping.functions.registry import BadValue, Result
from app.mapping.functions.strings import slug, substring
from app.mapping.functions.widths import full_width, half_width, hiragana, kana, nfkc
from app.rdf.terms import is_valid_iri, percent_encode

REGIONS = st.sampled_from(list(region_table()))


def _text(result: Result) -> str:
    assert isinstance(result, str)
    return result


@pytest.mark.parametrize("function", [nfkc, kana, hiragana, full_width, half_width])
@given(value=st.text())
def test_normalising_twice_is_normalising_once(function: object, value: str) -> None:
    assert callable(function)
    once = function(value=value)
    assert function(value=once) == once


@given(st.text(st.characters(min_codepoint=0x30A1, max_codepoint=0x30F6)))
def test_katakana_survive_the_way_to_hiragana_and_back(value: str) -> None:
    assert kana(value=_text(hiragana(value=value))) == value


@given(st.text())
def test_a_slug_is_a_part_of_an_iri_as_it_stands(value: str) -> None:
    made = slug(value=value)
    if made is not None:
        assert is_valid_iri(f"http://example.jp/{percent_encode(_text(made))}")
        assert slug(value=_text(made)) == made or unicodedata.normalize("NFKC", value) != value


@given(st.text(max_size=20), st.integers(0, 25))
def test_a_substring_is_null_only_past_the_end(value: str, start: int) -> None:
    found = substring(value=value, start=str(start))
    assert found == (value[start:] if start <= len(value) else None)


@pytest.mark.parametrize(
    ("pattern", "said"),
    [("(?<=a)b", "先読み・後読み"), (r"(a)\1", "後方参照"), ("(a", "missing )")],
)
def test_a_pattern_that_re2_has_not_got_is_explained(pattern: str, said: str) -> None:
    with pytest.raises(MappingError) as caught:
        regex_match(value="ab", pattern=pattern)
    assert said in caught.value.message("ja")


def test_a_pattern_that_would_never_end_elsewhere_ends_at_once() -> None:
    assert regex_match(value="a" * 50_000 + "!", pattern="^(a+)+$") == "false"


def test_a_replacement_may_only_use_groups_that_exist() -> None:
    assert regex_replace(value="a$", pattern="(a)", replacement=r"\$$1$0") == "$aa$"
    with pytest.raises(MappingError):
        regex_replace(value="a", pattern="a", replacement="$1")
    with pytest.raises(MappingError):
        extract(value="a", pattern="a", group="1")


@pytest.mark.parametrize(
    ("value", "numbers"),
    [
        ("月火水木金土日", (0, 1, 2, 3, 4, 5, 6)),
        ("月水木金土日", (0, 2, 3, 4, 5, 6)),
        ("月～金", (0, 1, 2, 3, 4)),
        ("金〜月", (0, 4, 5, 6)),
        ("火曜日から日曜日まで及び祝日", (1, 2, 3, 4, 5, 6, 7)),
        ("土・日・祝祭日", (5, 6, 7)),
        ("平日", (0, 1, 2, 3, 4)),
        ("Mon-Fri, Sunday", (0, 1, 2, 3, 4, 6)),
    ],
)
def test_days_are_read_in_the_order_of_the_week(value: str, numbers: tuple[int, ...]) -> None:
    assert read_days(value) == numbers


@pytest.mark.parametrize("value", ["定休日：火曜日", "第2月曜日", "不定休"])
def test_what_is_not_a_list_of_open_days_is_refused(value: str) -> None:
    with pytest.raises(BadValue):
        days(value=value)


def test_opening_hours_that_end_at_midnight_say_so() -> None:
    assert opening_hours(days="毎日", opens="0:00", closes="24:00") == "Mo-Su 00:00-24:00"


@pytest.mark.parametrize("value", ["○", "◯", "〇", "有", "あり", "1", "1.0", "１", "TRUE", "Yes"])
def test_marks_of_yes(value: str) -> None:
    assert flag(value=value) == "true"


@pytest.mark.parametrize("value", ["×", "✕", "無", "なし", "0", "0.0", "False", "Ｎｏ"])
def test_marks_of_no(value: str) -> None:
    assert flag(value=value) == "false"


def test_a_triangle_is_not_decided_but_has_its_own_function() -> None:
    with pytest.raises(BadValue) as caught:
        flag(value="△")
    assert "jfn:flag3" in str(caught.value.values["suggestion"])
    assert flag3(value="△") == "partial"
    assert flag(value="") is None


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("087-839-2611(代)", "087-839-2611"),
        ("TEL：０８７−８３９−２６１１", "087-839-2611"),
        ("087(839)2611", "087-839-2611"),
        ("+81 (0)87-839-2611", "087-839-2611"),
        ("09012345678", "090-1234-5678"),
        ("0120444444", "0120-444-444"),
        ("0878392611", "0878392611"),
        ("119", "119"),
    ],
)
def test_telephone_numbers_come_out_in_one_form(value: str, number: str) -> None:
    assert phone(value=value) == number
    assert is_valid_iri(_text(phone_iri(value=value)))


@pytest.mark.parametrize(
    ("value", "advice"),
    [
        ("878392611", "0878392611"),
        ("087-839-2611 内線12", "内線"),
        ("087-839-2611、087-839-2612", "jfn:split"),
        ("839-2611", "市外局番"),
        ("087-8392-6111", "市外局番"),
    ],
)
def test_what_is_no_telephone_number_is_refused_with_the_way_out(value: str, advice: str) -> None:
    with pytest.raises(BadValue) as caught:
        phone(value=value)
    assert advice in str(caught.value.values["suggestion"])


def test_a_postal_code_without_its_zero_is_not_guessed() -> None:
    with pytest.raises(BadValue) as caught:
        postal_code(value="600001")
    assert "060-0001" in str(caught.value.values["suggestion"])


@pytest.mark.parametrize("value", ["ftp://example.jp/", "http://", "https://a b", "www.example.jp"])
def test_what_is_no_web_address_is_refused(value: str) -> None:
    with pytest.raises(BadValue):
        web_iri(value=value)


def test_web_addresses_may_hold_japanese() -> None:
    assert web_iri(value="https://example.jp/高松?a=1#b") == "https://example.jp/高松?a=1#b"


def test_a_mail_address_is_one_address() -> None:
    with pytest.raises(BadValue):
        mail_iri(value="a@example.jp,b@example.jp")


@given(REGIONS)
def test_every_region_is_found_by_both_its_codes_and_by_its_full_name(region: object) -> None:
    from app.codes.regions import Region

    assert isinstance(region, Region)
    for code in (region.code5, region.code6):
        assert region_code5(value=code) == region.code5
        assert region_code6(value=code) == region.code6
        assert region_iri(value=code) == region.estat_iri
        assert region_name(value=code, full="true") == region.full_name
    assert region_from_address(address=region.full_name + "一丁目1") == region.code5


def test_an_address_may_use_the_variants_of_characters_that_typists_use() -> None:
    assert region_from_address(address="髙松市朝日町二丁目17番3号") == "37201"


@pytest.mark.parametrize("function", [flag, flag3, phone])
@pytest.mark.parametrize("value", ["-", "－", "ー", "…"])
def test_a_sign_for_no_value_is_not_guessed_but_explained(function: object, value: str) -> None:
    assert callable(function)
    with pytest.raises(BadValue) as caught:
        function(value=value)
    assert "null" in str(caught.value.values["suggestion"])


@pytest.mark.parametrize("value", ["131017", "99999", "abc", "1310160"])
def test_a_wrong_region_code_is_refused(value: str) -> None:
    with pytest.raises(BadValue):
        region_code5(value=value)


def test_an_old_region_code_keeps_its_form_but_has_no_name() -> None:
    assert region_code5(value="13999") == "13999"
    with pytest.raises(BadValue):
        region_name(value="13999")


def test_a_mistyped_corporate_number_is_refused() -> None:
    assert corporate_number(value="7000012050002") == "7000012050002"
    with pytest.raises(BadValue) as caught:
        corporate_number(value="7000012050003")
    assert "検査数字" in str(caught.value.values["suggestion"])


def test_a_namespace_of_uuids_is_a_known_name_or_a_uuid() -> None:
    with pytest.raises(MappingError):
        uuid5(value="a", namespace="nowhere")
