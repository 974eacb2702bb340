"""Lexical spaces of the XSD datatypes, as regular expressions for a check of whole columns.

Source: XML Schema 1.1 part 2. A cell outside the lexical space is a finding; the literal is
left out, since queries could not compare it.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Final

from app.errors import Text
from app.findings import Severity, kind
from app.rdf.namespaces import XSD

_YEAR = r"-?([1-9][0-9]{3,}|0[0-9]{3})"
_LEAP_YEAR = (
    r"-?(([1-9][0-9]+|0[0-9])(0[48]|[2468][048]|[13579][26])"
    r"|([1-9][0-9]*)?([02468][048]|[13579][26])00)"
)
_MONTH_DAY = (
    r"((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)"
    r"|02-(0[1-9]|1[0-9]|2[0-8]))"
)
_DATE = f"({_YEAR}-{_MONTH_DAY}|{_LEAP_YEAR}-02-29)"
"""Days that the calendar has: 2023-02-29 is not in the lexical space (3.3.9.1)."""
_ZONE = r"(Z|[+\-]((0[0-9]|1[0-3]):[0-5][0-9]|14:00))?"
_TIME = r"(([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]+)?|24:00:00(\.0+)?)"
_FLOAT = r"([+\-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([Ee][+\-]?[0-9]+)?|[+\-]?INF|NaN)"
_INTEGER = r"[+\-]?[0-9]+"

_SPACES: Final[dict[str, str]] = {
    "integer": _INTEGER,
    "long": _INTEGER,
    "int": _INTEGER,
    "short": _INTEGER,
    "byte": _INTEGER,
    "nonNegativeInteger": r"(\+?[0-9]+|-0+)",
    "unsignedLong": r"(\+?[0-9]+|-0+)",
    "unsignedInt": r"(\+?[0-9]+|-0+)",
    "unsignedShort": r"(\+?[0-9]+|-0+)",
    "unsignedByte": r"(\+?[0-9]+|-0+)",
    "positiveInteger": r"\+?0*[1-9][0-9]*",
    "nonPositiveInteger": r"(-[0-9]+|\+?0+)",
    "negativeInteger": r"-0*[1-9][0-9]*",
    "decimal": r"[+\-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)",
    "double": _FLOAT,
    "float": _FLOAT,
    "boolean": r"(true|false|1|0)",
    "date": _DATE + _ZONE,
    "dateTime": _DATE + "T" + _TIME + _ZONE,
    "dateTimeStamp": _DATE + "T" + _TIME + _ZONE.removesuffix("?"),
    "time": _TIME + _ZONE,
    "gYear": _YEAR + _ZONE,
    "gYearMonth": _YEAR + "-(0[1-9]|1[0-2])" + _ZONE,
    "gMonthDay": f"--({_MONTH_DAY}|02-29)" + _ZONE,
    "duration": r"-?P([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?",
}

LEXICAL_SPACES: Final[dict[str, str]] = {
    XSD + name: f"^({pattern})$" for name, pattern in _SPACES.items()
}
"""Datatype IRI → RE2 pattern that a whole lexical form has to match."""

FLOATING: Final = frozenset({XSD + "double", XSD + "float"})
"""Datatypes whose canonical form has an exponent."""

BAD_LITERAL = kind(
    "mapping-datatype",
    Severity.WARNING,
    what=Text(
        ja="「{value}」は {datatype} の値ではないため、出力しませんでした。",
        en="“{value}” is not a value of {datatype}, so it was left out.",
    ),
    mend=Text(ja="{suggestion}", en="{suggestion_en}"),
    why=Text(
        ja="型に合わない値は、検索や計算で比べられません。",
        en="Queries cannot compare a value that does not fit its datatype.",
    ),
)

SUGGESTIONS: Final[dict[str, Text]] = {
    XSD + "date": Text(
        ja="西暦の YYYY-MM-DD にするか、マッピングで jfn:eraDate を使ってください。",
        en="Write YYYY-MM-DD, or use jfn:eraDate in the mapping.",
    ),
    XSD + "dateTime": Text(
        ja="YYYY-MM-DDThh:mm:ss にするか、マッピングで jfn:dateTime を使ってください。",
        en="Write YYYY-MM-DDThh:mm:ss, or use jfn:dateTime in the mapping.",
    ),
    XSD + "time": Text(
        ja="HH:MM:SS にするか、マッピングで jfn:time を使ってください。",
        en="Write HH:MM:SS, or use jfn:time in the mapping.",
    ),
    XSD + "integer": Text(
        ja="数字だけにするか、マッピングで jfn:integer を使ってください。",
        en="Write digits only, or use jfn:integer in the mapping.",
    ),
    XSD + "decimal": Text(
        ja="半角の数字と小数点だけにするか、マッピングで jfn:decimal を使ってください。",
        en="Write digits and a point only, or use jfn:decimal in the mapping.",
    ),
    XSD + "boolean": Text(
        ja="true か false にするか、マッピングで jfn:flag を使ってください。",
        en="Write true or false, or use jfn:flag in the mapping.",
    ),
}

FALLBACK_SUGGESTION = Text(
    ja="セルの値か、マッピングのデータ型を直してください。",
    en="Correct the cell, or the datatype in the mapping.",
)


def canonical_double(text: str) -> str:
    """The canonical lexical form of a number as xsd:double (`30.0` → `3.0E1`), with all of its
    digits: nothing is rounded. What is no number stays as it is."""
    try:
        sign, digits, exponent = Decimal(text).as_tuple()
    except InvalidOperation:
        return text
    if not isinstance(exponent, int):
        return text
    shown = "".join(map(str, digits)).lstrip("0")
    if not shown:
        return "-0.0E0" if sign else "0.0E0"
    exponent += len(shown) - 1
    mantissa = f"{shown[0]}.{shown[1:].rstrip('0') or '0'}"
    return f"{'-' if sign else ''}{mantissa}E{exponent}"
