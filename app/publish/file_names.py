"""Names for files that others named: uploads, and tables that were fetched."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

TABLE_SUFFIXES: Final = (
    ".csv",
    ".tsv",
    ".txt",
    ".csv.gz",
    ".csv.zst",
    ".csv.xz",
    ".zip",
    ".xlsx",
    ".xlsm",
    ".ods",
    ".json",
    ".jsonl",
    ".geojson",
)
"""What the names of tables that are read here end in."""

_LONGEST_STEM: Final = 60


def suffix_of(name: str) -> str:
    """Which of `TABLE_SUFFIXES` a name ends in; empty for none."""
    lower = name.lower()
    return max((s for s in TABLE_SUFFIXES if lower.endswith(s)), key=len, default="")


def safe_name(name: str, suffix: str = ".csv") -> str:
    """A name for a file of our own: no folder, nothing hidden, no odd character, a suffix that
    tables have (`suffix` when it has none)."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    known = suffix_of(name)
    stem = name[: len(name) - len(known)] if known else name
    stem = re.sub(r"[^\w\-]+", "-", stem).strip("-_")[:_LONGEST_STEM]
    return f"{stem or 'table'}{known or suffix}"
