"""Lexical spaces of the XSD datatypes, as regular expressions for a check of whole columns.

Source: XML Schema 1.1 part 2. A cell outside the lexical space is a finding; the literal is
left out, since queries could not compare it.
"""

from __future__ import annotations

from typing import Final

from app.errors import Text
from app.findings import Severity, kind
from app.rdf.namespaces import XSD

_DATE = r"-?([1-9][0-9]{3,}|0[0-9]{3})-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
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
    "gYear": r"-?([1-9][0-9]{3,}|0[0-9]{3})" + _ZONE,
    "gYearMonth": r"-?([1-9][0-9]{3,}|0[0-9]{3})-(0[1-9]|1[0-2])" + _ZONE,
    "gMonthDay": r"--(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])" + _ZONE,
    "duration": r"-?P([0-9]+Y)?([0-9]+M)?([0-9]+D)?(T([0-9]+H)?([0-9]+M)?([0-9]+(\.[0-9]+)?S)?)?",
}

LEXICAL_SPACES: Final[dict[str, str]] = {
    XSD + name: f"^({pattern})$" for name, pattern in _SPACES.items()
}
"""Datatype IRI → RE2 pattern that a whole lexical form has to match."""

BAD_LITERAL = kind(
    "mapping-datatype",
    Severity.WARNING,
    what=Text(
        ja="「{value}」は {datatype} の形ではないため、出力しませんでした。",
        en="“{value}” is not of the form of {datatype}, so it was left out.",
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
