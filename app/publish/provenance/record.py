"""What one conversion was: from which files, by which mapping, when; and how its subjects look."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import numpy as np
from pydantic import BaseModel, ConfigDict

from app.mapping.hashing import Hashes, hash_string


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class SourceFile(_Part):
    """A file that was read. `name` is that of the copy in the release, where there is one;
    `kind` table, workbook or json; `header_line` the physical line of its (last) header row;
    `header_rows` how many records stand before the data."""

    path: str
    name: str
    sha256: str
    bytes: int
    kind: str = "table"
    encoding: str = ""
    header_line: int = 0
    header_rows: int = 0


class MappingPart(_Part):
    """A triples map (a mapping of YARRRML) and the line of the mapping file where it stands."""

    name: str
    line: int | None = None


class SubjectForm(_Part):
    """How the subjects look that the rows of a source give: what stands before and after the
    part that differs. `whole`: all of the term differs. `varies` False: every row gives the same
    one. `sources` are numbers: the file whose rows are meant first, then those joined to it."""

    before: str = ""
    after: str = ""
    whole: bool = False
    varies: bool = True
    sources: tuple[int, ...] = ()
    maps: tuple[MappingPart, ...] = ()

    def part_of(self, iri: str) -> str | None:
        """What differs from row to row in an IRI; None for one of another form."""
        if self.whole:
            return f"<{iri}>"
        inner = len(iri) - len(self.before) - len(self.after)
        if inner <= 0 or not iri.startswith(self.before) or not iri.endswith(self.after):
            return None
        return iri[len(self.before) : len(self.before) + inner]


class ConversionRecord(_Part):
    """The conversion of one data set. `release` is the one that it was made for."""

    dataset: str
    software: str
    started: datetime
    ended: datetime
    rows: int
    quads: int
    mapping: SourceFile
    sources: tuple[SourceFile, ...]
    subjects: tuple[SubjectForm, ...]
    options: Mapping[str, str] = {}


def salted(hashes: Hashes, form: int) -> Hashes:
    """Hashes of what differs in subjects, made different for each form."""
    return hashes ^ np.uint64(_salt(form))


def hash_of(part: str, form: int) -> int:
    """The hash under which a subject stands in the index."""
    return hash_string(part) ^ _salt(form)


def _salt(form: int) -> int:
    return (form + 1) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF
