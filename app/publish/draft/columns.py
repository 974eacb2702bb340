"""What every column of a table becomes, with the reasons: by the layout, by the words of its
heading, by its values, and else a property of its own name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.errors import Text
from app.publish.draft.column_draft import ColumnDraft, Origin, property_of
from app.publish.draft.layouts import LayoutColumn, Layouts
from app.publish.draft.modelling import (
    BY_ROLE,
    MEANINGS,
    NODES,
    SHAPES,
    UNITS,
    Shape,
    Slot,
)
from app.publish.draft.recognition import Recognition
from app.quality.roles import ColumnRole, Role

_INTEGER: Final = re.compile(r"[+\-▲△]?[\d,]+(\.0+)?")
_POSTAL_CODE: Final = re.compile(r"〒?\s?\d{3}[-−－]?\d{4}")
_UNNAMED: Final = re.compile(r"column_\d+")
_INSTRUCTION: Final = re.compile(r"^[←→↓↑]")
_A_NAME: Final = re.compile(r"(名|名称|名前|氏名|題名|件名)$|\b(name|title)$", re.IGNORECASE)
_MONTH_FIRST: Final = re.compile(r"(\d{1,2})/(\d{1,2})/\d{4}")


def draft_columns(
    roles: Mapping[str, ColumnRole],
    samples: Mapping[str, Sequence[str]],
    recognition: Recognition | None,
    layouts: Layouts,
) -> tuple[ColumnDraft, ...]:
    """What each column becomes. `samples`: the filled cells of the first rows."""
    drafts: dict[str, ColumnDraft] = {}
    used: set[str] = set()
    if recognition is not None:
        for name, match in recognition.matches.items():
            drafts[name] = _of_layout(
                name, match.layout_column, match.likeness, match.reason, roles[name], samples[name]
            )
            used.add(drafts[name].means)
    for name in roles:
        means = layouts.meaning(name)
        if name in drafts or means is None or means in used or not _fits(means, roles[name]):
            continue
        if means == "address" and _are_postal_codes(samples[name]):
            continue
        usual = layouts.names[means][0]
        reason = Text(f"見出しが「{usual}」を表します", f"the heading means {usual}")
        drafts[name] = _of_meaning(name, means, Origin.WORDS, 0.8, (reason,))
        used.add(means)
    for name, role in roles.items():
        by_role = BY_ROLE.get(role.role)
        if by_role == "address" and _are_postal_codes(samples[name]):
            by_role = "postal-code"
        if name in drafts or by_role is None or by_role in used or _is_noise(name, samples[name]):
            continue
        drafts[name] = _of_meaning(name, by_role, Origin.VALUES, role.confidence, role.reasons)
        used.add(by_role)
    if not used & {"name", "area-name"}:
        named = next((n for n in roles if n not in drafts and _is_a_name(n, roles[n])), None)
        if named is not None:
            reason = Text("見出しが名前を表します", "the heading means a name")
            drafts[named] = _of_meaning(named, "name", Origin.WORDS, 0.6, (reason,))
    for name, role in roles.items():
        if name not in drafts:
            drafts[name] = _generic(name, name, role, samples[name])
    return tuple(_dated(_measured(drafts[n], roles[n]), samples[n]) for n in roles)


def _is_a_name(heading: str, role: ColumnRole) -> bool:
    """Whether a column names the things of its rows, by the end of its heading."""
    return role.role in (Role.TEXT, Role.NAME, Role.PERSON) and bool(_A_NAME.search(heading))


def _measured(draft: ColumnDraft, role: ColumnRole) -> ColumnDraft:
    """With the unit that stands behind the numbers in the cells taken off them."""
    if role.unit is None or role.unit.where != "cells":
        return draft
    if draft.shape in (Shape.INTEGER, Shape.DECIMAL, Shape.QUANTITY):
        return replace(draft, stripped=role.unit.text, unit=draft.unit or role.unit.text)
    if role.role is Role.AMOUNT and draft.origin is Origin.GENERIC:
        told = Text(f"数に単位「{role.unit.text}」が付いています", f"numbers in {role.unit.text}")
        return replace(
            draft,
            shape=Shape.QUANTITY,
            stripped=role.unit.text,
            unit=role.unit.text,
            reasons=(*draft.reasons, told),
        )
    return draft


def _of_layout(
    name: str,
    column: LayoutColumn,
    likeness: float,
    reason: Text,
    role: ColumnRole,
    sample: Sequence[str],
) -> ColumnDraft:
    confirm = None
    if likeness < 0.9:
        confirm = Text(
            f"「{name}」は標準の「{column.name}」のことですか。",
            f"Is {name} the standard column {column.name}?",
        )
    if column.means in MEANINGS:
        draft = _of_meaning(name, column.means, Origin.LAYOUT, likeness, (reason,))
        if column.means == "hazard":
            draft = replace(draft, shape=Shape.LEVEL if _has_levels(sample) else Shape.FLAG)
        return replace(draft, title=column.name, of=column.of, confirm=confirm)
    if column.shape or column.property:
        shape = Shape(column.shape) if column.shape else Shape.TEXT
        property = column.property or property_of(column.name)
        return ColumnDraft(
            name,
            column.name,
            "",
            property,
            shape,
            Origin.LAYOUT,
            likeness,
            (reason,),
            unit=column.unit,
            confirm=confirm,
        )
    draft = _generic(name, column.name, role, sample)
    return replace(
        draft, origin=Origin.LAYOUT, confidence=likeness, reasons=(reason,), confirm=confirm
    )


def _of_meaning(
    name: str,
    means: str,
    origin: Origin,
    confidence: float,
    reasons: tuple[Text, ...],
) -> ColumnDraft:
    slots = MEANINGS.get(means)
    if slots is None:
        return ColumnDraft(
            name, name, "", property_of(name), Shape.TEXT, origin, confidence, reasons
        )
    property = _path(slots[0]) if slots else ""
    shape = slots[-1].shape if slots else Shape.TEXT
    unit = UNITS.get(means, "")
    return ColumnDraft(name, name, means, property, shape, origin, confidence, reasons, unit)


def _path(slot: Slot) -> str:
    """The property path from the thing to the value: `ic:住所/ic:表記`."""
    links: list[str] = []
    node = slot.node
    while node:
        links.insert(0, NODES[node].links[0])
        node = NODES[node].parent
    return "/".join((*links, slot.property))


def _generic(name: str, title: str, role: ColumnRole, sample: Sequence[str]) -> ColumnDraft:
    if _is_noise(name, sample):
        reason = (
            Text("見出しも値もない列です", "it has neither a name nor a value")
            if _UNNAMED.fullmatch(name)
            else Text("記入者への注意書きの列です", "it is a note to whoever fills in the table")
        )
        return ColumnDraft(name, title, "", "", Shape.TEXT, Origin.LEFT_OUT, 0.9, (reason,))
    shape, unit = _shape(role, sample)
    return ColumnDraft(
        name,
        title,
        "",
        property_of(title),
        shape,
        Origin.GENERIC,
        role.confidence,
        role.reasons,
        unit=unit,
    )


def _shape(role: ColumnRole, sample: Sequence[str]) -> tuple[Shape, str]:
    if role.role is Role.AMOUNT:
        if role.unit is not None and role.unit.where == "cells":
            return Shape.TEXT, role.unit.text
        if role.unit is not None:
            return Shape.QUANTITY, role.unit.text
        plain = [unicodedata.normalize("NFKC", value).strip() for value in sample]
        whole = all(_INTEGER.fullmatch(value) for value in plain if value[-1:].isdigit())
        return (Shape.INTEGER if whole else Shape.DECIMAL), ""
    if role.role is Role.FLAG and _has_levels(sample):
        return Shape.LEVEL, ""
    return SHAPES.get(role.role, Shape.TEXT), ""


def _fits(means: str, role: ColumnRole) -> bool:
    """Whether the values do not speak against what the heading says."""
    wanted = {
        "latitude": {Role.LATITUDE, Role.EMPTY},
        "longitude": {Role.LONGITUDE, Role.EMPTY},
        "coordinates": {Role.COORDINATES},
        "opens": {Role.TIME, Role.EMPTY},
        "closes": {Role.TIME, Role.EMPTY},
        "start-date": {Role.DATE, Role.DATE_TIME, Role.EMPTY},
        "end-date": {Role.DATE, Role.DATE_TIME, Role.EMPTY},
        "elevation": {Role.AMOUNT, Role.EMPTY},
        "population": {Role.AMOUNT},
        "corporate-number": {Role.CORPORATE_NUMBER, Role.EMPTY},
        "postal-code": {Role.POSTAL_CODE, Role.EMPTY},
        "address": {Role.ADDRESS, Role.TEXT, Role.EMPTY, Role.NAME},
    }.get(means)
    return wanted is None or role.role in wanted


def _are_postal_codes(sample: Sequence[str]) -> bool:
    """Whether a column that calls itself an address has postal codes in it."""
    found = sum(bool(_POSTAL_CODE.fullmatch(value.strip())) for value in sample)
    return found > 0.8 * len(sample)


def _has_levels(sample: Sequence[str]) -> bool:
    return any("△" in value or "▲" in value for value in sample)


def _is_noise(name: str, sample: Sequence[str]) -> bool:
    return bool(_INSTRUCTION.match(name)) or (bool(_UNNAMED.fullmatch(name)) and not any(sample))


def _dated(draft: ColumnDraft, sample: Sequence[str]) -> ColumnDraft:
    """With the format of dates that begin with the month or the day."""
    if draft.shape is not Shape.DATE:
        return draft
    found = [m for value in sample if (m := _MONTH_FIRST.fullmatch(value.strip()))]
    if len(found) * 2 <= len([value for value in sample if value.strip()]):
        return draft
    day_first = any(int(m[1]) > 12 for m in found)
    month_first = any(int(m[2]) > 12 for m in found)
    pattern = "d/M/yyyy" if day_first else "M/d/yyyy"
    confirm = draft.confirm
    if day_first == month_first:
        example = found[0][0]
        confirm = Text(
            f"「{draft.column}」の {example} は {found[0][1]} 月 {found[0][2]} 日として読みます。"
            "日が先なら形式を d/M/yyyy にしてください。",
            f"{draft.column}: {example} is read as month {found[0][1]}, day {found[0][2]}; "
            "if the day comes first, make the format d/M/yyyy.",
        )
    return replace(draft, date_format=pattern, confirm=confirm)
