"""Coordinates that are not what their headings say: changed places, or of the old datum."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from app.errors import Text
from app.publish.draft.column_draft import ColumnDraft
from app.quality.checks.coordinates import OLD_DATUM

TOKYO: Final = "tokyo"
"""`ColumnDraft.of` of a coordinate of the old Tokyo datum."""

_MOST: Final = 0.8
_LATITUDES: Final = (20.0, 46.0)
_LONGITUDES: Final = (122.0, 154.0)


def placed(
    columns: Sequence[ColumnDraft], samples: Mapping[str, Sequence[str]]
) -> tuple[ColumnDraft, ...]:
    """The columns with latitude and longitude where they are, and the datum they are in."""
    by_meaning = {each.means: each for each in columns}
    latitude, longitude = by_meaning.get("latitude"), by_meaning.get("longitude")
    if latitude is None or longitude is None:
        return tuple(columns)
    changed = {latitude.column: latitude, longitude.column: longitude}
    if _within(samples[latitude.column], _LONGITUDES) and _within(
        samples[longitude.column], _LATITUDES
    ):
        told = Text(
            f"「{latitude.column}」と「{longitude.column}」の値が入れ替わっているので、入れ替えて読みます。"
            "元の表の見出しか値を直してください。",
            f"The values of {latitude.column} and {longitude.column} have changed places and are "
            "read the other way round: mend the headings or the values.",
        )
        changed = {
            latitude.column: replace(latitude, means="longitude", confirm=told),
            longitude.column: replace(longitude, means="latitude", confirm=told),
        }
    if any(OLD_DATUM.search(name) for name in changed):
        told = Text(
            "旧日本測地系と書かれているので、世界測地系に直して読みます。",
            "They are said to be in the old Tokyo datum, and are converted to the world's.",
        )
        changed = {
            name: replace(each, of=TOKYO, reasons=(*each.reasons, told))
            for name, each in changed.items()
        }
    return tuple(changed.get(each.column, each) for each in columns)


def _within(cells: Sequence[str], bounds: tuple[float, float]) -> bool:
    """Whether nearly all cells are numbers within bounds."""
    found = 0
    for cell in cells:
        try:
            found += bounds[0] <= float(cell) <= bounds[1]
        except ValueError:
            continue
    return bool(cells) and found >= _MOST * len(cells)
