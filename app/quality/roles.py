"""What each column holds, recognised from its heading and its first values, with the reasons.

Checks look only at columns whose role they know; drafting a mapping begins from the same answer.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from app.errors import Text
from app.quality import shapes
from app.quality.headings import HeadingRule, folded, rule_for
from app.quality.role import Role
from app.quality.units import Unit, unit_in_cells, unit_in_heading
from app.tabular.batch import Table

__all__ = ["SAMPLE_ROWS", "ColumnRole", "Role", "recognise", "recognise_column"]

SAMPLE_ROWS: Final = 1000
"""So many rows decide."""

_MOST: Final = 0.8
_HALF: Final = 0.5

_SHAPES: Final[Mapping[Role, re.Pattern[str]]] = {
    role: re.compile(pattern, re.ASCII)
    for role, pattern in {
        Role.CORPORATE_NUMBER: shapes.CORPORATE_NUMBER,
        Role.REGION_CODE: shapes.REGION_CODE,
        Role.POSTAL_CODE: shapes.POSTAL_CODE,
        Role.LATITUDE: shapes.DEGREES,
        Role.LONGITUDE: shapes.DEGREES,
        Role.COORDINATES: shapes.COORDINATE_PAIR,
        Role.PHONE: shapes.PHONE,
        Role.MAIL: shapes.MAIL,
        Role.URL: shapes.WEB,
        Role.DATE: shapes.ANY_DATE + "|" + shapes.SERIAL_DATE + "|" + shapes.ERA_YEAR,
        Role.DATE_TIME: shapes.DATE_TIME,
        Role.YEAR: shapes.YEAR + "|" + shapes.ERA_YEAR,
        Role.TIME: shapes.CLOCK,
        Role.FLAG: shapes.FLAG,
        Role.AMOUNT: shapes.NUMBER,
        Role.KANA: shapes.KANA,
        Role.WEEKDAYS: shapes.WEEKDAYS,
    }.items()
}

# What values tell without a heading, what is special first. Their shapes are stricter here: a
# number between 20 and 46 is no latitude yet.
_BY_VALUES: Final[tuple[tuple[Role, re.Pattern[str]], ...]] = tuple(
    (role, re.compile(pattern, re.ASCII))
    for role, pattern in (
        (Role.URL, shapes.WEB),
        (Role.MAIL, shapes.MAIL),
        (Role.COORDINATES, shapes.COORDINATE_PAIR),
        (Role.POSTAL_CODE, shapes.POSTAL_CODE),
        (Role.PHONE, shapes.PHONE),
        (Role.DATE_TIME, shapes.DATE_TIME),
        (Role.DATE, shapes.ANY_DATE),
        (Role.TIME, shapes.CLOCK),
        (Role.WEEKDAYS, shapes.WEEKDAYS),
        (Role.LATITUDE, shapes.LATITUDE),
        (Role.LONGITUDE, shapes.LONGITUDE),
    )
)
_ONLY_MARKS: Final = re.compile(r"[○◯〇●◎×✕✖✗△▲✓✔レ有無可否]|有り|無し|あり|なし|不可")
_LOOKS_NUMBERED: Final = re.compile(r"[+\-▲△]?[\d,]*\.?\d+\D{0,8}|\D{0,2}|[-…*]+", re.ASCII)
_FULL_TO_HALF: Final[Mapping[int, int | None]] = (
    {code + 0xFEE0: code for code in range(0x21, 0x7F)}
    | {0x3000: 0x20}
    # Invisible characters are nothing to a reader, and a repair takes them away.
    | dict.fromkeys((*range(9), *range(0x0E, 0x1C), *range(0x200B, 0x2010), 0x2060, 0xFEFF, 0xAD))
)


@dataclass(frozen=True, slots=True)
class ColumnRole:
    """What a column holds, how sure that is (0 to 1), and why; for amounts the unit if any."""

    role: Role
    confidence: float
    reasons: tuple[Text, ...]
    unit: Unit | None = None

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        body: dict[str, Any] = {
            "role": self.role.value,
            "label": {"ja": self.role.label.ja, "en": self.role.label.en},
            "confidence": round(self.confidence, 2),
            "reasons": [{"ja": reason.ja, "en": reason.en} for reason in self.reasons],
        }
        if self.unit is not None:
            body["unit"] = {"text": self.unit.text, "where": self.unit.where}
        return body


def recognise(table: Table, *, rows: int = SAMPLE_ROWS) -> dict[str, ColumnRole]:
    """The role of every column of a table, from its heading and its first rows."""
    samples: dict[str, list[str]] = {name: [] for name in table.columns}
    for batch in table.batches(limit=rows):
        for name in samples:
            cells = batch.table.column(name).to_pylist()
            samples[name] += [cell for cell in cells if cell]
    return {name: recognise_column(name, values) for name, values in samples.items()}


def recognise_column(heading: str, values: Sequence[str]) -> ColumnRole:
    """The role of one column from its heading and some of its values."""
    plain = [text for value in values if (text := value.translate(_FULL_TO_HALF).strip())]
    rule = rule_for(heading)
    if not plain:
        return _without_values(heading, rule)
    if rule is not None:
        by_heading = _by_heading(heading, rule, plain)
        if by_heading is not None:
            return by_heading
    return _by_values(heading, plain)


def _without_values(heading: str, rule: HeadingRule | None) -> ColumnRole:
    empty = Text("値が一つもありません", "it has no value at all")
    if rule is None or re.fullmatch(r"column_\d+", heading):
        return ColumnRole(Role.EMPTY, 0.9, (empty,))
    return ColumnRole(rule.role, 0.6, (_heading_reason(heading, rule.role), empty), _unit(heading))


def _by_heading(heading: str, rule: HeadingRule, plain: list[str]) -> ColumnRole | None:
    role = rule.role
    reason = _heading_reason(heading, role)
    if role is Role.AMOUNT:
        amount = _amount(heading, plain)
        if amount is None:
            return None
        return ColumnRole(role, 0.95, (reason, *amount.reasons), amount.unit)
    shape = _SHAPES.get(role)
    if shape is None:
        if role is Role.KEY and not _is_key_like(plain):
            return None
        return ColumnRole(role, 0.8, (reason,))
    share = _share(shape, plain)
    if share >= _HALF:
        return ColumnRole(role, 0.8 + 0.19 * share, (reason, _share_reason(share)))
    if not rule.sure:
        return None
    return ColumnRole(role, 0.5, (reason, _share_reason(share)))


def _by_values(heading: str, plain: list[str]) -> ColumnRole:
    for role, shape in _BY_VALUES:
        share = _share(shape, plain)
        if share >= _MOST:
            return ColumnRole(role, 0.5 + 0.3 * share, (_share_reason(share),))
    marks = sum(bool(_ONLY_MARKS.fullmatch(value)) for value in plain) / len(plain)
    if marks >= _MOST:
        reason = Text("○×などの印が入っています", "it holds marks such as ○ and ×")
        return ColumnRole(Role.FLAG, 0.8 * marks, (reason,))
    amount = _amount(heading, plain)
    if amount is not None:
        return amount
    return ColumnRole(Role.TEXT, 0.5, (Text("決まった形がありません", "it has no fixed shape"),))


def _amount(heading: str, plain: list[str]) -> ColumnRole | None:
    """An amount: most values are numbers, with or without a unit or a note."""
    numbers = _share(_SHAPES[Role.AMOUNT], plain)
    unit = unit_in_cells(plain)
    unit = _unit(heading) or unit
    numbered = _share(_LOOKS_NUMBERED, plain)
    if numbers < 0.6 and not (unit is not None and numbered >= _MOST):
        return None
    if any(value.startswith("0") and value.isdecimal() and len(value) > 1 for value in plain):
        return None  # a code: no amount begins with a zero
    reason = Text(f"{numbers:.0%} が数値です", f"{numbers:.0%} of the values are numbers")
    return ColumnRole(Role.AMOUNT, 0.4 + 0.4 * numbers, (reason,), unit)


def _unit(heading: str) -> Unit | None:
    return unit_in_heading(heading)


def _is_key_like(plain: list[str]) -> bool:
    return len({*plain}) > len(plain) / 2 and max(map(len, plain)) <= 64


def _share(shape: re.Pattern[str], values: Sequence[str]) -> float:
    return sum(bool(shape.search(value)) for value in values) / len(values)


def _heading_reason(heading: str, role: Role) -> Text:
    word = folded(heading) or heading
    return Text(
        f"見出し「{word}」が{role.label.ja}を表します",
        f"the heading “{word}” means: {role.label.en}",
    )


def _share_reason(share: float) -> Text:
    return Text(f"値の {share:.0%} がその形です", f"{share:.0%} of the values have that shape")
