"""A thing as a CSV table (RFC 4180): a row for each value, the path of names in the first column.

The header has English names in lower case, so that a script needs no translation:
`path,property,value,language,datatype`.
"""

from __future__ import annotations

import csv
from collections.abc import Callable
from io import StringIO
from typing import Final

from app.publish.entity import EntityDescription
from app.publish.statements import statements

HEADER: Final = ("path", "property", "value", "language", "datatype")


def write(description: EntityDescription, name_of: Callable[[str], str]) -> bytes:
    """The table as UTF-8."""
    output = StringIO(newline="")
    rows = csv.writer(output)
    rows.writerow(HEADER)
    for statement in statements(description):
        names = ".".join(name_of(predicate) for predicate in statement.path)
        rows.writerow(
            (names, statement.path[-1], statement.text, statement.language, statement.datatype)
        )
    return output.getvalue().encode("utf-8", "replace")
