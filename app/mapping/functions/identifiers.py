"""Identifiers of global schemes, checked and as IRIs (`app.codes.identifiers` has the rules)."""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Callable
from typing import Final

from app.codes import identifiers
from app.codes.invalid import InvalidCode
from app.errors import Text
from app.mapping.functions.cells import blank_is_null, plain, wrong_parameter
from app.mapping.functions.registry import BadValue, Example, Result, function

_NAMESPACES: Final = {
    "url": uuid.NAMESPACE_URL,
    "dns": uuid.NAMESPACE_DNS,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}


@function(
    "corporateNumber",
    summary=Text(
        ja="法人番号（13桁）を検査数字で確かめ、半角の13桁にします。",
        en="A corporate number of Japan, thirteen digits, its check digit verified.",
    ),
    examples=(Example({"value": "７０００－０１２０－５０００２"}, "7000012050002"),),
)
@blank_is_null
def corporate_number(value: str) -> Result:
    """The first digit checks the others."""
    iri = _checked(identifiers.corporate_number, value, _CORPORATE)
    return iri.removeprefix(identifiers.CORPORATE_NUMBER_IRI)


@function(
    "corporateIri",
    summary=Text(
        ja="法人番号から法人インフォメーション LOD の IRI を作ります。",
        en="The IRI of a corporation in the linked data of the Ministry of Economy, from its "
        "corporate number.",
    ),
    examples=(
        Example({"value": "7000012050002"}, identifiers.CORPORATE_NUMBER_IRI + "7000012050002"),
    ),
)
@blank_is_null
def corporate_iri(value: str) -> Result:
    """Checked like `jfn:corporateNumber`."""
    return _checked(identifiers.corporate_number, value, _CORPORATE)


_CORPORATE: Final = Text(ja="法人番号", en="a corporate number")


@function(
    "isbn",
    summary=Text(
        ja="ISBN（10桁・13桁）を検査し、urn:isbn: の IRI にします。",
        en="An ISBN of 10 or 13 digits, verified, as a urn:isbn: IRI (RFC 8254).",
    ),
    examples=(Example({"value": "ISBN4-10-109205-2"}, "urn:isbn:9784101092058"),),
)
@blank_is_null
def isbn(value: str) -> Result:
    """ISO 2108."""
    return _checked(identifiers.isbn, value, Text(ja="ISBN", en="an ISBN"))


@function(
    "issn",
    summary=Text(
        ja="ISSN を検査し、urn:issn: の IRI にします。",
        en="An ISSN, verified, as a urn:issn: IRI (RFC 3044).",
    ),
    examples=(Example({"value": "0378-5955"}, "urn:issn:0378-5955"),),
)
@blank_is_null
def issn(value: str) -> Result:
    """ISO 3297."""
    return _checked(identifiers.issn, value, Text(ja="ISSN", en="an ISSN"))


@function(
    "doi",
    summary=Text(
        ja="DOI を https://doi.org/ の IRI にします。", en="A DOI as an https://doi.org/ IRI."
    ),
    examples=(Example({"value": "doi:10.1000/182"}, "https://doi.org/10.1000/182"),),
)
@blank_is_null
def doi(value: str) -> Result:
    """ISO 26324."""
    return _checked(identifiers.doi, value, Text(ja="DOI", en="a DOI"))


@function(
    "ucode",
    summary=Text(
        ja="ucode（16進数32桁）を urn:ucode:_… の IRI にします。",
        en="A ucode, 32 hexadecimal digits, as a urn:ucode:_… IRI (RFC 6588).",
    ),
    examples=(
        Example(
            {"value": "00001c00000000000001000000000abc"},
            "urn:ucode:_00001C00000000000001000000000ABC",
        ),
    ),
)
@blank_is_null
def ucode(value: str) -> Result:
    """RFC 6588."""
    return _checked(identifiers.ucode, value, Text(ja="ucode", en="a ucode"))


@function(
    "sgtin",
    summary=Text(
        ja="EPC SGTIN（企業コード.商品コード.シリアル番号）を urn:epc:id:sgtin: の IRI にします。",
        en="An EPC SGTIN (company prefix, item reference, serial) as a urn:epc:id:sgtin: IRI.",
    ),
    examples=(Example({"value": "4901234.050123.17"}, "urn:epc:id:sgtin:4901234.050123.17"),),
)
@blank_is_null
def sgtin(value: str) -> Result:
    """GS1 EPC Tag Data Standard, 6.3.1."""
    return _checked(identifiers.epc_sgtin, value, Text(ja="EPC SGTIN", en="an EPC SGTIN"))


@function(
    "uuid",
    summary=Text(
        ja="UUID を urn:uuid: の IRI にします。", en="A UUID as a urn:uuid: IRI (RFC 9562)."
    ),
    examples=(
        Example(
            {"value": "{F81D4FAE-7DEC-11D0-A765-00A0C91E6BF6}"},
            "urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
        ),
    ),
)
@blank_is_null
def uuid_iri(value: str) -> Result:
    """RFC 9562."""
    return _checked(identifiers.uuid, value, Text(ja="UUID", en="a UUID"))


@function(
    "iso6523",
    summary=Text(
        ja="ISO 6523 の組織コードを urn:oid: の IRI にします。scheme=tdb（帝国データバンク）または"
        " jipdec（標準企業コード）で番号だけの値も読みます。",
        en="An ISO 6523 organisation code as a urn:oid: IRI; with `scheme` tdb (Teikoku Databank) "
        "or jipdec also from the number alone.",
    ),
    examples=(
        Example({"value": "1.3.170.123456789"}, "urn:oid:1.3.170.123456789"),
        Example({"value": "123456", "scheme": "jipdec"}, "urn:oid:1.3.147.123456"),
    ),
)
@blank_is_null
def iso6523(value: str, scheme: str = "") -> Result:
    """ISO/IEC 6523-1: 170 is Teikoku Databank, 147 JIPDEC."""
    roots = {"": "", "tdb": "1.3.170.", "jipdec": "1.3.147."}
    if scheme not in roots:
        raise wrong_parameter(
            "scheme", scheme, Text(ja="tdb か jipdec です。", en="It is tdb or jipdec.")
        )
    text = plain(value)
    number = roots[scheme] + text.replace("-", ".") if re.fullmatch(r"[0-9-]+", text) else text
    expected = Text(ja="ISO 6523 の組織コード", en="an ISO 6523 organisation code")
    return _checked(identifiers.organisation_code, number, expected)


@function(
    "sha256",
    summary=Text(
        ja="UTF-8 の SHA-256 を16進数で返します。",
        en="The SHA-256 of the UTF-8 bytes, in hexadecimal digits.",
    ),
    examples=(
        Example(
            {"value": "abc"},
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ),
    ),
)
def sha256(value: str) -> Result:
    """FIPS 180-4."""
    return hashlib.sha256(value.encode()).hexdigest()


@function(
    "uuid5",
    summary=Text(
        ja="値から決まる UUID（バージョン5）を返します。namespace は url, dns, oid, x500 か UUID です。",
        en="The UUID, version 5, that follows from a value; `namespace` is url, dns, oid, x500 or "
        "a UUID.",
    ),
    examples=(
        Example(
            {"value": "www.example.com", "namespace": "dns"},
            "2ed6657d-e927-568b-95e1-2665a8aea6a2",
        ),
    ),
)
def uuid5(value: str, namespace: str = "url") -> Result:
    """RFC 9562, 5.5: the same value gives the same UUID everywhere."""
    try:
        space = _NAMESPACES.get(namespace) or uuid.UUID(namespace)
    except ValueError:
        raise wrong_parameter(
            "namespace",
            namespace,
            Text(
                ja="url, dns, oid, x500 か UUID です。", en="It is url, dns, oid, x500 or a UUID."
            ),
        ) from None
    return str(uuid.uuid5(space, value))


def _checked(validate: Callable[[str], str], value: str, expected: Text) -> str:
    try:
        return validate(value)
    except InvalidCode as error:
        raise BadValue.expected(value, expected, error.text) from None
