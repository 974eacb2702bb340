"""Safe repairs: only what loses nothing and can be read in one way.

A cell is changed where its column's role makes the meaning certain, each change is listed with
what it mends, and repairing a repaired table changes nothing. What needs a decision (5/1/2023, a
wrong check digit, a missing unit) is left to a person.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from app.codes.invalid import InvalidCode
from app.codes.region_codes import CodeRemark
from app.codes.regions import RegionTable
from app.findings import FindingKind, Findings
from app.quality.check import as_mask
from app.quality.checks.characters import (
    CELL_BLANK,
    CONTROL_CHARACTER,
    CONTROLS,
    FULLWIDTH_CHARACTER,
    HALFWIDTH_KANA,
    NUMBERS_AND_CODES,
)
from app.quality.checks.codes import REGION_CODE_LOST_ZERO
from app.quality.checks.dates import DATE_ERA, DATE_NOT_ISO, NoSuchDay, western_day
from app.quality.checks.numbers import THOUSANDS_SEPARATOR
from app.quality.checks.times import TIME_SHORT
from app.quality.role import Role
from app.quality.roles import recognise
from app.tabular.batch import Batch, Table
from app.tabular.rows import EMPTY_ROW


@dataclass(frozen=True, slots=True)
class Change:
    """One cell before and after, and the codes of the findings that it mends. `line` is that of
    the original; a change without a column is one of the whole line, without a line of the
    whole file."""

    line: int | None
    column: str | None
    before: str
    after: str
    codes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "line": self.line,
            "column": self.column,
            "before": self.before,
            "after": self.after,
            "codes": list(self.codes),
        }


Mend = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Repair:
    """What mends one kind of finding: a function that gives the value back where it does not
    apply, and the RE2 pattern of cells that it may apply to."""

    kind: FindingKind
    pattern: str
    mend: Mend
    roles: tuple[Role, ...] | None = None

    def applies_to(self, role: Role) -> bool:
        """Whether a column of this role is mended."""
        return self.roles is None or role in self.roles


def repairs_with(regions: RegionTable) -> tuple[Repair, ...]:
    """All repairs, in the order in which they are made."""
    return (
        Repair(CONTROL_CHARACTER, CONTROLS, _without_controls),
        Repair(CELL_BLANK, r"^[\s\x{3000}\x{a0}]|[\s\x{3000}\x{a0}]$", str.strip),
        Repair(HALFWIDTH_KANA, r"[\x{ff61}-\x{ff9f}]", _wide_kana),
        Repair(FULLWIDTH_CHARACTER, r"[\x{ff01}-\x{ff5e}]", _narrow, NUMBERS_AND_CODES),
        Repair(THOUSANDS_SEPARATOR, ",|，", _without_separators, (Role.AMOUNT,)),
        Repair(TIME_SHORT, r"^\s*[0-9０-９][:：]", _two_digits, (Role.TIME,)),
        Repair(DATE_NOT_ISO, r"[/.年0-9０-９]", _iso_date, (Role.DATE,)),
        Repair(DATE_ERA, r"[明大昭平令MTSHRmtshr]", _iso_of_era, (Role.DATE,)),
        Repair(REGION_CODE_LOST_ZERO, r"^\s*\S{4,7}\s*$", _ZeroPut(regions), (Role.REGION_CODE,)),
    )


class Repairer:
    """Mends a table batch by batch; `rows` counts those that were given."""

    def __init__(self, table: Table, findings: Findings, regions: RegionTable) -> None:
        self._table = table
        self._findings = findings
        self._roles = recognise(table)
        self._repairs = repairs_with(regions)
        self.rows = 0

    def batches(self, changed: Callable[[Change], None]) -> Iterator[pa.RecordBatch]:
        """The mended rows; every change is told. Raises SourceError."""
        by_column = {
            name: [repair for repair in self._repairs if repair.applies_to(role.role)]
            for name, role in self._roles.items()
        }
        for batch in self._table.batches():
            columns = [
                self._mended(batch, name, by_column[name], changed) for name in self._table.columns
            ]
            rows = pa.RecordBatch.from_arrays(columns, names=list(self._table.columns))
            rows = _without_empty_rows(rows, batch, changed)
            self.rows += rows.num_rows
            yield rows

    def _mended(
        self, batch: Batch, name: str, repairs: list[Repair], changed: Callable[[Change], None]
    ) -> pa.Array:
        cells = batch.table.column(name)
        suspects = pc.match_substring_regex(cells, "|".join(r.pattern for r in repairs))
        if not pc.any(suspects).as_py():
            return cells
        mended: dict[str, tuple[str, tuple[str, ...]]] = {}
        for value in pc.unique(cells.filter(suspects)).to_pylist():
            after, codes = _mend(value, repairs)
            if after != value:
                mended[value] = (after, codes)
        if not mended:
            return cells
        mask = pc.is_in(cells, value_set=pa.array(list(mended), pa.string()))
        positions = np.flatnonzero(as_mask(mask))
        before = cells.take(positions).to_pylist()
        for position, value in zip(positions.tolist(), before, strict=True):
            after, codes = mended[value]
            changed(Change(int(batch.lines[position]), name, value, after, codes))
        values = pa.array([mended[value][0] for value in before], pa.string())
        return pc.replace_with_mask(cells, mask, values)


def _without_empty_rows(
    rows: pa.RecordBatch, batch: Batch, changed: Callable[[Change], None]
) -> pa.RecordBatch:
    """Rows that held nothing but blanks are empty now, and READ would skip them."""
    filled = np.zeros(rows.num_rows, dtype=np.bool_)
    for column in rows.columns:
        filled |= as_mask(pc.not_equal(column, ""))
        if filled.all():
            return rows
    for position in np.flatnonzero(~filled).tolist():
        changed(Change(int(batch.lines[position]), None, "", "", (EMPTY_ROW.code,)))
    return rows.filter(pa.array(filled))


def _mend(value: str, repairs: list[Repair]) -> tuple[str, tuple[str, ...]]:
    codes = []
    for repair in repairs:
        after = repair.mend(value)
        if after != value:
            codes.append(repair.kind.code)
            value = after
    return value, tuple(codes)


_CONTROL: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028\u2029\u2060\ufeff]"
)
_HALF_KANA: Final = re.compile("[\uff61-\uff9f]+")
_FULL_TO_HALF: Final = {code + 0xFEE0: code for code in range(0x21, 0x7F)}
_GROUPED: Final = re.compile(r"[+\-▲△]?\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)
_SHORT_TIME: Final = re.compile(r"\d:[0-5]\d(?::[0-5]\d)?", re.ASCII)
_YEAR_FIRST: Final = re.compile(
    r"(?:西暦)?\d{4}(?:[/.]\d{1,2}[/.]|-\d{1,2}-|年\d{1,2}月)\d{1,2}日?", re.ASCII
)
_OF_ERA: Final = re.compile(
    r"(?:明治|大正|昭和|平成|令和|[MTSHRmtshr])\.?(?:元|\d{1,2})[-/.年]\d{1,2}[-/.月]\d{1,2}日?",
    re.ASCII,
)


def _without_controls(value: str) -> str:
    return _CONTROL.sub("", value)


def _wide_kana(value: str) -> str:
    return _HALF_KANA.sub(lambda m: unicodedata.normalize("NFKC", m.group()), value)


def _narrow(value: str) -> str:
    return value.translate(_FULL_TO_HALF)


def _without_separators(value: str) -> str:
    return value.replace(",", "") if _GROUPED.fullmatch(value) else value


def _two_digits(value: str) -> str:
    return "0" + value if _SHORT_TIME.fullmatch(value) else value


def _iso_date(value: str) -> str:
    return _iso(value) if _YEAR_FIRST.fullmatch(value) else value


def _iso_of_era(value: str) -> str:
    return _iso(value) if _OF_ERA.fullmatch(value) else value


def _iso(value: str) -> str:
    try:
        day = western_day(value)
    except NoSuchDay:
        return value
    return day.isoformat() if day is not None else value


class _ZeroPut:
    """Puts the zero back where the check digit proves that it is missing."""

    def __init__(self, regions: RegionTable) -> None:
        self._regions = regions

    def __call__(self, value: str) -> str:
        if len(value) != 5 or not value.isdecimal():
            return value
        try:
            code = self._regions.normalise(value)
        except InvalidCode:
            return value
        proved = CodeRemark.LOST_ZERO in code.remarks and CodeRemark.UNKNOWN not in code.remarks
        return code.code6 if proved else value
