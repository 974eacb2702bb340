"""What columns are called: unique, not empty, on one line, whatever the header says."""

from __future__ import annotations

import re

from app.errors import Place, Text
from app.findings import Findings, Severity, kind

HEADER_EMPTY = kind(
    "table-header-empty",
    Severity.WARNING,
    what=Text(
        ja="{number} 列目の見出しが空です。{name} と呼びます。",
        en="column {number} has no name; it is called {name}.",
    ),
    why=Text(
        ja="名前のない列は、何の値なのか利用者に伝わりません。",
        en="Nobody can tell what the values of a column without a name are.",
    ),
    mend=Text(
        ja="見出しを付けるか、不要な列なら削除してください。",
        en="Give it a name, or delete the column.",
    ),
)
HEADER_REPEATED = kind(
    "table-header-repeated",
    Severity.WARNING,
    what=Text(
        ja="見出し「{name}」が 2 回以上あります。{number} 列目を {renamed} と呼びます。",
        en="the name “{name}” occurs more than once; column {number} is called {renamed}.",
    ),
    why=Text(
        ja="同じ名前の列は区別して参照できません。",
        en="Columns of the same name cannot be told apart.",
    ),
    mend=Text(ja="別々の見出しにしてください。", en="Give each column a name of its own."),
)
HEADER_TRIMMED = kind(
    "table-header-trimmed",
    Severity.INFO,
    what=Text(
        ja="{number} 列目の見出しの空白や改行を取り除き、{name} と読みました。",
        en="white space or line breaks were taken out of the name of column {number}: {name}.",
    ),
    mend=Text(
        ja="見出しの前後の空白と改行を削除してください。",
        en="Remove white space and line breaks from the header.",
    ),
)
_BREAK = re.compile(r"\s*[\r\n]+\s*")


def clean_name(name: str) -> str:
    """A name without white space at its ends, without a byte order mark, on one line: a break
    between Japanese characters goes, any other becomes a blank."""
    name = name.replace("\ufeff", "").strip()

    def unbroken(match: re.Match[str]) -> str:
        around = name[match.start() - 1] + name[match.end()]
        return " " if around.isascii() else ""

    return _BREAK.sub(unbroken, name)


def column_names(raw: list[str], place: Place, findings: Findings) -> tuple[str, ...]:
    """A unique name for each column: an empty one becomes `column_14`, the second of two equal
    ones `名称_2`, never a name that another column has in the file. `place`: the header row."""
    cleaned = [clean_name(name) for name in raw]
    taken = {name for name in cleaned if name}
    names: list[str] = []
    for number, (name, original) in enumerate(zip(cleaned, raw, strict=True), 1):
        here = Place(place.file, place.line, field=name or None)
        if name and name != original.removeprefix("\ufeff"):
            findings.add(HEADER_TRIMMED, here, {"number": number, "name": name})
        if not name:
            unique = _free(f"column_{number}", taken)
            values = {"number": number, "name": unique}
            findings.add(HEADER_EMPTY, Place(place.file, place.line, field=unique), values)
        elif name in names:
            unique = _free(name, taken)
            values = {"number": number, "name": name, "renamed": unique}
            findings.add(HEADER_REPEATED, here, values)
        else:
            unique = name
        taken.add(unique)
        names.append(unique)
    return tuple(names)


def _free(name: str, taken: set[str]) -> str:
    """The name itself, or with the first number from 2 that makes it unique."""
    candidate, number = name, 1
    while candidate in taken:
        number += 1
        candidate = f"{name}_{number}"
    return candidate
