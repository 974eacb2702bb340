"""Identifiers of global schemes, checked and written as IRIs.

The open-data guide (オープンデータガイド 第2版, 識別子) asks for identifiers of a widely usable
scheme in the shape of a URI. Each function here takes the text of a cell, forgives width, blanks
and the usual punctuation, checks what the scheme lets one check, and gives the IRI; or it raises
`InvalidCode` with the reason. All are pure.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote
from uuid import UUID

from app.codes.invalid import InvalidCode
from app.errors import Text
from app.rdf.terms import percent_encode

CORPORATE_NUMBER_IRI: Final = "http://hojin-info.go.jp/data/basic/"
"""Companies in the linked data of the Ministry of Economy, by corporate number."""

_DASHES: Final = re.compile("[\u2010-\u2015\u2212\u30fc\uff0d]")


def corporate_number(text: str) -> str:
    """法人番号: thirteen digits, the first one a check digit.

    Source: 法人番号の指定等に関する省令, article 2: 9 − (Σ digit × weight mod 9), weights 1 and 2
    in turn from the last digit.
    """
    number = _plain(text).removeprefix(CORPORATE_NUMBER_IRI).replace("-", "")
    if not re.fullmatch("[1-9][0-9]{12}", number):
        raise _invalid(text, "法人番号（13桁の数字）", "a corporate number (thirteen digits)")
    weighted = sum(
        int(digit) * (1 if place % 2 == 0 else 2) for place, digit in enumerate(number[:0:-1])
    )
    _expect(text, number[0], str(9 - weighted % 9), "法人番号", "a corporate number")
    return CORPORATE_NUMBER_IRI + number


def isbn(text: str) -> str:
    """ISBN-10 or ISBN-13, given as `urn:isbn:` with thirteen digits (RFC 8254, ISO 2108)."""
    number = re.sub("^(URN:)?ISBN(-1[03])?:?", "", _plain(text).upper()).replace("-", "")
    if re.fullmatch("[0-9]{9}[0-9X]", number):
        weighted = sum(
            int(digit) * weight for digit, weight in zip(number[:9], range(10, 1, -1), strict=True)
        )
        _expect(text, number[9], "0123456789X"[-weighted % 11], "ISBN", "an ISBN")
        stem = "978" + number[:9]
        return f"urn:isbn:{stem}{_gs1_check_digit(stem)}"
    if re.fullmatch("97[89][0-9]{10}", number):
        _expect(text, number[12], _gs1_check_digit(number[:12]), "ISBN", "an ISBN")
        return f"urn:isbn:{number}"
    raise _invalid(text, "ISBN（10桁または978・979で始まる13桁）", "an ISBN of 10 or 13 digits")


def issn(text: str) -> str:
    """ISSN, given as `urn:issn:1234-5679` (RFC 3044, ISO 3297)."""
    number = re.sub("^(URN:)?ISSN:?", "", _plain(text).upper()).replace("-", "")
    if not re.fullmatch("[0-9]{7}[0-9X]", number):
        raise _invalid(text, "ISSN（8桁）", "an ISSN of eight digits")
    weighted = sum(
        int(digit) * weight for digit, weight in zip(number[:7], range(8, 1, -1), strict=True)
    )
    _expect(text, number[7], "0123456789X"[-weighted % 11], "ISSN", "an ISSN")
    return f"urn:issn:{number[:4]}-{number[4:]}"


def doi(text: str) -> str:
    """DOI, bare, with `doi:` or as a web address; given as `https://doi.org/10.…`.

    A DOI has no check digit. Its letters are the same in both cases (DOI handbook, 2.4); they
    are written small, so that one object has one IRI.
    """
    name = re.sub("^doi:", "", _plain(text), flags=re.IGNORECASE)
    address = re.fullmatch("https?://(?:dx[.])?doi[.]org/(.+)", name, flags=re.IGNORECASE)
    if address is not None:
        name = unquote(address[1])
    matched = re.fullmatch("(10[.][0-9]{4,9}(?:[.][0-9]+)*)/(.+)", name)
    if matched is None:
        raise _invalid(text, "DOI（10.で始まる）", "a DOI (10.…/…)")
    prefix, suffix = matched.groups()
    parts = [percent_encode(part, ascii_only=True) for part in suffix.lower().split("/")]
    return f"https://doi.org/{prefix}/{'/'.join(parts)}"


def ucode(text: str) -> str:
    """ucode: 128 bits as 32 hexadecimal digits, given as `urn:ucode:_…` (RFC 6588)."""
    digits = re.sub("^(urn:ucode:)?_?", "", _plain(text), flags=re.IGNORECASE)
    digits = digits.replace("-", "").upper()
    if not re.fullmatch("[0-9A-F]{32}", digits):
        raise _invalid(text, "ucode（16進数32桁）", "a ucode of 32 hexadecimal digits")
    return f"urn:ucode:_{digits}"


_SGTIN_FIELDS: Final = re.compile("([0-9]{6,12})[.]([0-9]{1,7})[.](.{1,20})")
_SGTIN_SERIAL: Final = re.compile(
    "(?:[A-Za-z0-9!'()*+,.:;=_-]|%(?:22|25|26|2F|3C|3E|3F))+", re.IGNORECASE
)


def epc_sgtin(text: str) -> str:
    """EPC SGTIN: company prefix and item reference (thirteen digits together) and serial number,
    given as `urn:epc:id:sgtin:…` (GS1 EPC Tag Data Standard, 6.3.1)."""
    fields = re.sub("^urn:epc:id:sgtin:", "", _plain(text), flags=re.IGNORECASE)
    matched = _SGTIN_FIELDS.fullmatch(fields)
    if matched is None or len(matched[1] + matched[2]) != 13:
        raise _invalid(
            text,
            "EPC SGTIN（企業コード.商品コード.シリアル番号、前の2つで13桁）",
            "an EPC SGTIN: company prefix and item reference of thirteen digits, and a serial",
        )
    if not _SGTIN_SERIAL.fullmatch(matched[3]):
        raise _invalid(text, "EPC SGTIN（シリアル番号の文字）", "an EPC SGTIN: see its serial")
    return f"urn:epc:id:sgtin:{fields}"


def uuid(text: str) -> str:
    """UUID in any usual spelling, given as `urn:uuid:…` in small letters (RFC 9562)."""
    try:
        return UUID(_plain(text)).urn
    except ValueError:
        raise _invalid(text, "UUID（16進数32桁）", "a UUID of 32 hexadecimal digits") from None


_ORGANISATION_AUTHORITIES: Final = {"170": "TDB", "147": "JIPDEC"}


def organisation_code(text: str) -> str:
    """ISO 6523 organisation code, given as `urn:oid:1.3.…` (ISO/IEC 6523-1, RFC 3061).

    Two issuers are usual in Japan: 170 (Teikoku Databank, company codes of nine digits) and
    147 (JIPDEC, standard company codes: six digits and up to six for a branch).
    """
    oid = re.sub("^(urn:)?(oid:)?", "", _plain(text), flags=re.IGNORECASE)
    matched = re.fullmatch(r"1\.3\.([0-9]{1,4})\.([0-9]+(?:\.[0-9]+)*)", oid)
    if matched is None or matched[1] not in _ORGANISATION_AUTHORITIES:
        raise _invalid(
            text,
            "ISO 6523 の組織コード（urn:oid:1.3.170.… または 1.3.147.…）",
            "an ISO 6523 organisation code (urn:oid:1.3.170.… or urn:oid:1.3.147.…)",
        )
    # An arc of an object identifier is a number: leading zeros are not written (X.660).
    arcs = ".".join(str(int(arc)) for arc in matched[2].split("."))
    return f"urn:oid:1.3.{matched[1]}.{arcs}"


SCHEMES: Final[Mapping[str, Callable[[str], str]]] = MappingProxyType(
    {
        "corporate-number": corporate_number,
        "isbn": isbn,
        "issn": issn,
        "doi": doi,
        "ucode": ucode,
        "epc-sgtin": epc_sgtin,
        "uuid": uuid,
        "iso6523": organisation_code,
    }
)
"""Every scheme by the name that mappings and settings use."""


def _plain(text: str) -> str:
    """Narrow characters, no blanks, one kind of hyphen."""
    return "".join(_DASHES.sub("-", unicodedata.normalize("NFKC", text)).split())


def _gs1_check_digit(digits: str) -> str:
    """GS1 General Specifications, 7.9: weights 3 and 1 in turn from the last digit."""
    weighted = sum(int(d) * (3 if place % 2 == 0 else 1) for place, d in enumerate(digits[::-1]))
    return str(-weighted % 10)


def _invalid(text: str, ja: str, en: str) -> InvalidCode:
    return InvalidCode(Text(f"{text!r} は{ja}ではありません。", f"{text!r} is not {en}."))


def _expect(text: str, given: str, wanted: str, ja: str, en: str) -> None:
    if given != wanted:
        raise InvalidCode(
            Text(
                f"{text!r} は{ja}として検査数字が合いません（{given} ではなく {wanted} のはず）。",
                f"{text!r} is not {en}: its check digit is {given}, but should be {wanted}.",
            )
        )
