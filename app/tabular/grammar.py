"""The grammar of a delimited text once everything about it is known, and how the delimiter is
found out."""

from __future__ import annotations

import csv
import io
import math
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import Any

from app.errors import Place, SourceError, Text
from app.tabular.batch import Dialect

DELIMITERS = (",", "\t", ";", "|")
"""In order of preference when two fit equally well."""

SAMPLE_RECORDS = 200


@dataclass(frozen=True, slots=True)
class Grammar:
    """How characters become records and cells; the semantics are those of Python's csv module
    that is not strict, with doubled quotes."""

    delimiter: str
    quote: str | None = '"'
    escape: str | None = None
    skip_initial_space: bool = False

    @property
    def csv_options(self) -> dict[str, Any]:
        """The same as keyword arguments of `csv.reader`."""
        return {
            "delimiter": self.delimiter,
            "quotechar": self.quote,
            "quoting": csv.QUOTE_NONE if self.quote is None else csv.QUOTE_MINIMAL,
            "escapechar": self.escape,
            "doublequote": True,
            "skipinitialspace": self.skip_initial_space,
            "strict": False,
        }


def find_grammar(dialect: Dialect, sample: str, kind: str, place: Place) -> Grammar:
    """The grammar of a text: what is declared, and the delimiter from a sample otherwise.

    `kind` is the file's suffix. Raises SourceError for a declared character that cannot be.
    """
    escape = None if dialect.escape in (None, dialect.quote) else dialect.escape
    for what, value in (
        ("delimiter", dialect.delimiter),
        ("quote", dialect.quote),
        ("escape", escape),
    ):
        if value is not None and (len(value) != 1 or value in "\r\n"):
            raise SourceError(
                Text(
                    ja=f"dialect の {what} は 1 文字でなければなりません: {value!r}",
                    en=f"{what} of the dialect must be one character, not {value!r}.",
                ),
                place=place,
                hint=Text(
                    ja='タブは "\\t" と書きます。', en='A tab is written "\\t" in YAML and JSON.'
                ),
            )
    delimiter = dialect.delimiter or _find_delimiter(sample, dialect, kind)
    return Grammar(delimiter, dialect.quote, escape, dialect.skip_initial_space)


def _find_delimiter(sample: str, dialect: Dialect, kind: str) -> str:
    """The candidate that cuts most records into the same number of cells, and into many."""
    preferred = "\t" if kind in (".tsv", ".tab") else ","
    best, best_score = preferred, 0.0
    for candidate in sorted(DELIMITERS, key=lambda d: d != preferred):
        score = _score(sample, Grammar(candidate, dialect.quote, None, dialect.skip_initial_space))
        if score > best_score + 1e-9:
            best, best_score = candidate, score
    return best


def _score(sample: str, grammar: Grammar) -> float:
    reader = csv.reader(io.StringIO(sample, newline=""), **grammar.csv_options)
    widths = Counter(len(cells) for cells in islice(reader, SAMPLE_RECORDS) if cells)
    wide = {width: count for width, count in widths.items() if width > 1}
    if not wide:
        return 0.0
    width, count = max(wide.items(), key=lambda item: (item[1], item[0]))
    share = count / widths.total()
    return share * share * math.log2(width)
