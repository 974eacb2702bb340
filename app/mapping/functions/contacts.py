"""Telephone numbers, postal codes, mail and web addresses."""

from __future__ import annotations

import re
from typing import Final

from app.errors import Text
from app.mapping.functions.cells import NO_VALUE_ADVICE, blank_is_null, means_no_value, plain
from app.mapping.functions.registry import BadValue, Example, Result, function
from app.rdf.terms import is_valid_iri

A_POSTAL_CODE: Final = Text(ja="郵便番号", en="a postal code")
A_PHONE: Final = Text(ja="電話番号", en="a telephone number")

_NOISE: Final = re.compile(r"^(?:TEL|電話|FAX)[:.\s]*|\(代表?\)|代表$|\s", re.IGNORECASE)
_PARENTHESES: Final = re.compile(r"[()]")
_GROUPED: Final = re.compile(r"(?a)0\d{1,4}-\d{1,4}-\d{3,4}")
_BARE: Final = re.compile(r"(?a)0\d{9}|0(?:[5-9]0|20|800)\d{7,8}")
_SHORT: Final = re.compile(r"(?a)1\d\d|#\d{4}")

# How numbers without hyphens are grouped where the first digits tell it. Area codes of three to
# five digits need the table of the ministry; those numbers stay ungrouped.
_GROUPS: Final = (
    re.compile(r"(0[5-9]0)(\d{4})(\d{4})"),  # mobile and IP telephones
    re.compile(r"(0800)(\d{3})(\d{4})"),  # free of charge
    re.compile(r"(0120|0570|0990)(\d{3})(\d{3})"),  # free of charge, at a common rate
    re.compile(r"(03|06)(\d{4})(\d{4})"),  # Tokyo and Osaka
)
_DOMESTIC_ONLY: Final = ("0120", "0800", "0570", "0990")


@function(
    "phone",
    summary=Text(
        ja="電話番号を市外局番からの半角ハイフン区切り (087-839-2611) にそろえます。+81、かっこ、全角、"
        "「(代)」を直します。",
        en="A telephone number with its area code and hyphens (087-839-2611), also from +81, "
        "parentheses, full width.",
    ),
    examples=(
        Example({"value": "（０８７）８３９－２６１１"}, "087-839-2611"),
        Example({"value": "+81 87-839-2611"}, "087-839-2611"),
        Example({"value": "0312345678"}, "03-1234-5678"),
    ),
)
@blank_is_null
def phone(value: str) -> Result:
    """Ten digits, eleven for mobile and some other numbers, or a short number such as 119."""
    return read_phone(value)


@function(
    "phoneIri",
    summary=Text(
        ja="電話番号を tel: の IRI にします (RFC 3966)。",
        en="A telephone number as a tel: IRI (RFC 3966).",
    ),
    examples=(
        Example({"value": "087-839-2611"}, "tel:+81-87-839-2611"),
        Example({"value": "0120-444-444"}, "tel:0120-444-444;phone-context=+81"),
    ),
)
@blank_is_null
def phone_iri(value: str) -> Result:
    """Numbers that cannot be dialled from abroad are local ones with their context."""
    number = read_phone(value)
    if not number.startswith("0") or number.startswith(_DOMESTIC_ONLY):
        return f"tel:{number.replace('#', '%23')};phone-context=+81"
    return "tel:+81-" + number[1:]


@function(
    "postalCode",
    summary=Text(
        ja="郵便番号を 760-0001 の形にそろえます。〒、全角、ハイフンなしも読みます。",
        en="A postal code in the form 760-0001, also from 〒, full width, without its hyphen.",
    ),
    examples=(
        Example({"value": "7600001"}, "760-0001"),
        Example({"value": "〒７６０－８５７１"}, "760-8571"),
    ),
)
@blank_is_null
def postal_code(value: str) -> Result:
    """Seven digits; a code of six has probably lost its leading zero and is not guessed."""
    return read_postal_code(value)


@function(
    "mailIri",
    summary=Text(
        ja="メールアドレスを mailto: の IRI にします (RFC 6068)。",
        en="A mail address as a mailto: IRI (RFC 6068).",
    ),
    examples=(Example({"value": "info＠example.jp"}, "mailto:info@example.jp"),),
)
@blank_is_null
def mail_iri(value: str) -> Result:
    """One address; its form is checked, not whether it exists."""
    address = plain(value).removeprefix("mailto:")
    if not re.fullmatch(r"[A-Za-z0-9._+~-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", address):
        raise BadValue.expected(
            value,
            Text(ja="メールアドレス", en="a mail address"),
            Text(
                ja="info@example.jp の形で一つだけ書いてください。",
                en="Write one, like info@example.jp.",
            ),
        )
    return "mailto:" + address


@function(
    "webIri",
    summary=Text(
        ja="ウェブのアドレスを IRI として確かめます。前後の空白と全角を直し、http か https だけを通します。",
        en="Checks that a web address is an IRI with http or https; blanks and full width around "
        "it are put right.",
    ),
    examples=(
        Example(
            {"value": " https://www.city.takamatsu.kagawa.jp/ "},
            "https://www.city.takamatsu.kagawa.jp/",
        ),
    ),
)
@blank_is_null
def web_iri(value: str) -> Result:
    """RFC 3987; nothing is fetched."""
    address = value.strip()
    if not address.isascii() and not is_valid_iri(address):
        address = plain(address)
    if not re.match(r"https?://[^/\s]+", address, re.IGNORECASE) or not is_valid_iri(address):
        raise BadValue.expected(
            value,
            Text(ja="ウェブのアドレス", en="a web address"),
            Text(
                ja="https:// から、空白を入れずに一つだけ書いてください。",
                en="Write one address from https:// on, without blanks.",
            ),
        )
    return address


def read_postal_code(value: str) -> str:
    """Seven digits with a hyphen. Raises BadValue."""
    digits = re.sub(r"[〒\s]", "", plain(value)).replace("ー", "-")
    match = re.fullmatch(r"(?a)(\d{3})-?(\d{4})", digits)
    if match is not None:
        return f"{match[1]}-{match[2]}"
    bare = digits.replace("-", "")
    raise BadValue.expected(
        value,
        A_POSTAL_CODE,
        Text(
            ja=f"先頭の 0 が失われていませんか（0{bare[:2]}-{bare[2:]}）。列を文字列として書き出してください。",
            en=f"Has the leading zero been lost (0{bare[:2]}-{bare[2:]})? Export the column as text.",
        )
        if bare.isdecimal() and len(bare) == 6
        else Text(ja="760-0001 のように7桁で書いてください。", en="It has seven digits: 760-0001."),
    )


def read_phone(value: str) -> str:
    """A domestic number, grouped where the groups are known. Raises BadValue."""
    text = _NOISE.sub("", plain(value).replace("ー", "-"))
    if re.search(r"[、,/;・]|\d.*内線|ext", text, re.IGNORECASE):
        raise BadValue.expected(value, A_PHONE, _ONE)
    text = re.sub(r"^\+81-?\(?0?\)?-?", "0", text)
    text = _PARENTHESES.sub("-", text).strip("-").replace("--", "-")
    bare = text.replace("-", "")
    if _SHORT.fullmatch(text):
        return text
    if not _BARE.fullmatch(bare) or not (_GROUPED.fullmatch(text) or text.isdecimal()):
        raise BadValue.expected(value, A_PHONE, _advice(bare or plain(value)))
    if "-" in text:
        return text
    for pattern in _GROUPS:
        if match := pattern.fullmatch(bare):
            return "-".join(match.groups())
    return bare


_ONE: Final = Text(
    ja="電話番号は一つだけにし、内線番号は別の列に書いてください。複数なら jfn:split で分けます。",
    en="Write one number; extensions go into a column of their own. Take several apart with "
    "jfn:split.",
)


def _advice(bare: str) -> Text:
    if means_no_value(bare):
        return NO_VALUE_ADVICE
    if bare.isdecimal() and len(bare) in {9, 10} and not bare.startswith("0"):
        return Text(
            ja=f"先頭の 0 が失われていませんか（0{bare}）。列を文字列として書き出してください。",
            en=f"Has the leading zero been lost (0{bare})? Export the column as text.",
        )
    return Text(
        ja="087-839-2611 のように市外局番から書いてください。",
        en="Write it with the area code, like 087-839-2611.",
    )
