from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from app.codes import identifiers
from app.codes.invalid import InvalidCode

GOOD = [
    ("corporate-number", "7000012050002", "http://hojin-info.go.jp/data/basic/7000012050002"),
    (
        "corporate-number",
        "７００００１２０５０００２",
        "http://hojin-info.go.jp/data/basic/7000012050002",
    ),
    ("corporate-number", "8000020130001", "http://hojin-info.go.jp/data/basic/8000020130001"),
    ("isbn", "0-306-40615-2", "urn:isbn:9780306406157"),
    ("isbn", "978-0-306-40615-7", "urn:isbn:9780306406157"),
    ("isbn", "ISBN 080442957X", "urn:isbn:9780804429573"),
    ("isbn", "ISBN978−4−00−310101−8", "urn:isbn:9784003101018"),
    ("issn", "0378-5955", "urn:issn:0378-5955"),
    ("issn", "ISSN 2434561X", "urn:issn:2434-561X"),
    ("doi", "10.1000/182", "https://doi.org/10.1000/182"),
    ("doi", "doi:10.11501/3437686", "https://doi.org/10.11501/3437686"),
    ("doi", "http://dx.doi.org/10.1002/ABC<1>", "https://doi.org/10.1002/abc%3C1%3E"),
    (
        "ucode",
        "00001C000000000000010000000A3B20",
        "urn:ucode:_00001C000000000000010000000A3B20",
    ),
    (
        "ucode",
        "urn:ucode:_00001c000000000000010000000a3b20",
        "urn:ucode:_00001C000000000000010000000A3B20",
    ),
    ("epc-sgtin", "0614141.112345.400", "urn:epc:id:sgtin:0614141.112345.400"),
    (
        "epc-sgtin",
        "urn:epc:id:sgtin:4512345.012345.32a%2Fb",
        "urn:epc:id:sgtin:4512345.012345.32a%2Fb",
    ),
    (
        "uuid",
        "{F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6}",
        "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
    ),
    ("iso6523", "urn:oid:1.3.170.123456789", "urn:oid:1.3.170.123456789"),
    ("iso6523", "1.3.147.012345", "urn:oid:1.3.147.12345"),
]

BAD = [
    ("corporate-number", "7000012050003"),
    ("corporate-number", "700001205000"),
    ("corporate-number", "0000012050002"),
    ("isbn", "0-306-40615-3"),
    ("isbn", "9780306406158"),
    ("isbn", "123"),
    ("issn", "0378-5954"),
    ("issn", "0378-59"),
    ("doi", "11.1000/182"),
    ("doi", "10.1000"),
    ("ucode", "1234"),
    ("ucode", "Z0001C000000000000010000000A3B20"),
    ("epc-sgtin", "0614141.12345.400"),
    ("epc-sgtin", "0614141.112345.4 <0"),
    ("uuid", "f81d4fae"),
    ("iso6523", "1.3.6.1.4.1"),
    ("iso6523", "urn:oid:2.5.4.3"),
]


@pytest.mark.parametrize(("scheme", "text", "iri"), GOOD)
def test_a_good_identifier_becomes_its_iri(scheme: str, text: str, iri: str) -> None:
    assert identifiers.SCHEMES[scheme](text) == iri


@pytest.mark.parametrize(("scheme", "text", "iri"), GOOD)
def test_the_scheme_reads_what_it_writes(scheme: str, text: str, iri: str) -> None:
    assert identifiers.SCHEMES[scheme](iri) == iri


@pytest.mark.parametrize(("scheme", "text"), BAD)
def test_a_bad_identifier_is_refused_with_a_reason_in_both_languages(
    scheme: str, text: str
) -> None:
    with pytest.raises(InvalidCode) as refused:
        identifiers.SCHEMES[scheme](text)
    assert repr(text) in refused.value.text.ja
    assert repr(text) in refused.value.text.en


@pytest.mark.parametrize("read", identifiers.SCHEMES.values(), ids=identifiers.SCHEMES.keys())
@given(text=st.text(max_size=40))
def test_any_text_is_refused_or_becomes_a_valid_iri(read: Callable[[str], str], text: str) -> None:
    with suppress(InvalidCode):
        NamedNode(read(text))


@given(st.integers(0, 10**12 - 1), st.integers(0, 11), st.integers(1, 9))
def test_one_mistyped_digit_of_a_corporate_number_never_passes_but_nine_for_zero(
    base: int, position: int, shift: int
) -> None:
    """The scheme works modulo 9, so it cannot tell 0 from 9; every other slip is found."""
    digits = f"{base:012}"
    number = _with_check_digit(digits)
    old = int(digits[position])
    new = (old + shift) % 10
    mistyped = number[0] + digits[:position] + str(new) + digits[position + 1 :]
    if {old, new} == {0, 9}:
        assert identifiers.corporate_number(mistyped)
    else:
        with pytest.raises(InvalidCode):
            identifiers.corporate_number(mistyped)


def _with_check_digit(digits: str) -> str:
    for first in "123456789":
        with suppress(InvalidCode):
            identifiers.corporate_number(first + digits)
            return first + digits
    raise AssertionError("one of nine check digits fits")


def test_every_uuid_is_read() -> None:
    made = uuid4()
    assert identifiers.uuid(str(made).upper()) == made.urn
