"""What a literal means to programs that know texts, numbers and truth: JSON, workbooks."""

from __future__ import annotations

import re
from typing import Final

from app.rdf.namespaces import XSD

_SAFE_INTEGER: Final = 2**53 - 1  # of JavaScript; RFC 8259, section 6
_INTEGERS: Final = frozenset(
    XSD + name
    for name in (
        *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger"),
        *("unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
        *("negativeInteger", "nonPositiveInteger"),
    )
)
_REALS: Final = frozenset(XSD + name for name in ("decimal", "double", "float"))
_INTEGER: Final = re.compile(r"[+-]?[0-9]{1,30}")
_REAL: Final = re.compile(
    r"[+-]?(?:[0-9]{1,60}(?:\.[0-9]{0,60})?|\.[0-9]{1,60})(?:[eE][+-]?[0-9]{1,3})?"
)


def plain(text: str, datatype: str) -> bool | int | float | None:
    """The truth value or the number, or None where the literal is another thing, is not of its
    datatype, or would lose digits before its point."""
    if datatype == XSD + "boolean":
        return text == "true" if text in ("true", "false") else None
    if datatype in _INTEGERS and _INTEGER.fullmatch(text):
        number = int(text)
        return number if abs(number) <= _SAFE_INTEGER else None
    if datatype in _REALS and _REAL.fullmatch(text):
        real = float(text)
        return real if abs(real) <= _SAFE_INTEGER else None
    return None
