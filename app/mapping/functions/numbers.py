"""Numbers, exactly: digits are moved as text and never pass through binary floats."""

from __future__ import annotations

import re
from typing import Final

from app.errors import Text
from app.mapping.functions.cells import NO_VALUE_ADVICE, blank_is_null, means_no_value, plain
from app.mapping.functions.registry import BadValue, Example, Result, function
from app.rdf.namespaces import XSD

AN_INTEGER: Final = Text(ja="整数", en="a whole number")
A_DECIMAL: Final = Text(ja="数値", en="a number")

# ▲ and △ before a number are minus signs of Japanese accounts and statistics.
_NUMBER: Final = re.compile(
    r"(?a)(?P<sign>[+\-▲△]?)\s*(?P<whole>\d{1,3}(?:,\d{3})+|\d*)(?:\.(?P<fraction>\d*))?"
    r"(?:[Ee](?P<exponent>[+-]?\d{1,3}))?"
)
_LEADING_NUMBER: Final = re.compile(r"(?a)[+\-▲△]?[\d,]*\.?\d+\s*(?P<rest>\D.*)")
_MISPLACED_SEPARATOR: Final = re.compile(r"(?a)[+\-▲△]?[\d,]*\d[\d,]*(?:\.\d*)?")
_MOST_DIGITS: Final = 400


@function(
    "integer",
    summary=Text(
        ja="桁区切り・全角・余分な空白・先頭のゼロ・「1.0」・▲ を直して整数にします。桁数に制限はなく、"
        "値は変わりません。",
        en="A whole number without thousands separators, full width, blanks, leading zeros, `.0`; "
        "▲ is a minus sign. Exact for any number of digits.",
    ),
    examples=(
        Example({"value": "1,234 "}, "1234"),
        Example({"value": "９００７１９９２５４７４０９９３"}, "9007199254740993"),
        Example({"value": "▲5"}, "-5"),
        Example({"value": "238.0"}, "238"),
    ),
    datatype=XSD + "integer",
)
@blank_is_null
def integer(value: str) -> Result:
    """The canonical form of xsd:integer."""
    negative, whole, fraction = read_number(value, AN_INTEGER)
    if fraction.strip("0"):
        raise BadValue.expected(
            value,
            AN_INTEGER,
            Text(
                ja="小数があります。小数の列なら jfn:decimal を使ってください。",
                en="It has a fraction: for a column of fractions use jfn:decimal.",
            ),
        )
    return f"-{whole}" if negative and whole != "0" else whole


@function(
    "decimal",
    summary=Text(
        ja="桁区切り・全角・余分な空白・▲ を直して十進数にします。小数の桁はそのまま残します。",
        en="A decimal number without thousands separators, full width and blanks; ▲ is a minus "
        "sign. The digits after the point stay as they are: they tell the precision.",
    ),
    examples=(
        Example({"value": "1,234.50"}, "1234.50"),
        Example({"value": "３．１４"}, "3.14"),
        Example({"value": ".5"}, "0.5"),
        Example({"value": "1.5E-3"}, "0.0015"),
        Example({"value": "9007199254740993.10"}, "9007199254740993.10"),
    ),
    datatype=XSD + "decimal",
)
@blank_is_null
def decimal(value: str) -> Result:
    """A lexical form of xsd:decimal (it has no exponents). Exponents are expanded only when
    the digits suffice; 1.35E+11 has lost nine of them and is refused."""
    return read_decimal(value, A_DECIMAL)


def read_decimal(value: str, what: Text) -> str:
    """A number as digits with a point where there is a fraction. Raises BadValue."""
    negative, whole, fraction = read_number(value, what)
    text = f"{whole}.{fraction}" if fraction else whole
    return f"-{text}" if negative and text.strip("0.") else text


def read_number(value: str, what: Text) -> tuple[bool, str, str]:
    """Whether negative, the digits before the point without leading zeros, those after it."""
    text = plain(value)
    match = _NUMBER.fullmatch(text)
    if match is None or not (match["whole"] or match["fraction"]) or len(text) > _MOST_DIGITS:
        raise BadValue.expected(value, what, _advice(text))
    whole, fraction = match["whole"].replace(",", ""), match["fraction"] or ""
    if match["exponent"] is not None:
        whole, fraction = _shift(value, whole, fraction, int(match["exponent"]), what)
    return match["sign"] in {"-", "▲", "△"}, whole.lstrip("0") or "0", fraction


def _shift(value: str, whole: str, fraction: str, exponent: int, what: Text) -> tuple[str, str]:
    if exponent > len(fraction) or exponent < -_MOST_DIGITS:
        raise BadValue.expected(
            value,
            what,
            Text(
                ja="表計算ソフトが桁を丸めています。元のファイルでセルの書式を「数値」にして書き出し"
                "直してください。",
                en="A spreadsheet has rounded it and digits are lost: set the cell's format to "
                "“number” in the original file and export it again.",
            ),
        )
    digits, point = whole + fraction, len(whole) + exponent
    if point <= 0:
        return "0", "0" * -point + digits
    return digits[:point], digits[point:]


def _advice(text: str) -> Text:
    if means_no_value(text):
        return NO_VALUE_ADVICE
    if "," in text and _MISPLACED_SEPARATOR.fullmatch(text):
        return Text(
            ja="桁区切りのカンマの位置が違います。カンマを取り除くか、小数なら「.」にしてください。",
            en="The commas do not separate thousands: take them away, or write a point before "
            "a fraction.",
        )
    if match := _LEADING_NUMBER.fullmatch(text):
        rest = match["rest"].strip()
        return Text(
            ja=f"「{rest}」を取り除き、単位は見出しに、注記は備考の列に書いてください。",
            en=f"Take “{rest}” away: units belong in the header, notes in a column of their own.",
        )
    return Text(
        ja="1234 や -12.5 のように、数字だけで書いてください。",
        en="Write digits only, like 1234 or -12.5.",
    )
