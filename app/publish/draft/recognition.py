"""Which recommended layout a header has, how sure that is, and what differs."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Final

from app.errors import Text
from app.publish.draft.layouts import Layout, LayoutColumn, Layouts, fold, foldings

RECOGNISED: Final = 0.5
"""From here on a layout is used; below it is only mentioned."""

_LONGEST_SLIP: Final = 24
_DIGITS: Final = re.compile(r"\d+")
_ALIKE: Final = 0.87
"""SequenceMatcher's ratio of a heading with a slip of one letter in eight."""


@dataclass(frozen=True, slots=True)
class ColumnMatch:
    """A column of the table that is a column of a layout, and why."""

    column: str
    layout_column: LayoutColumn
    likeness: float

    @property
    def reason(self) -> Text:
        """How the heading was matched."""
        name = self.layout_column.name
        if self.likeness == 1:
            return Text(f"標準の項目「{name}」", f"the standard column {name}")
        if self.likeness > _ALIKE:
            return Text(f"標準の項目「{name}」の別の書き方", f"another name of {name}")
        return Text(f"標準の項目「{name}」に似た見出し", f"a heading like {name}")


@dataclass(frozen=True, slots=True)
class Recognition:
    """One layout against one header. `confidence` 0 to 1."""

    layout: Layout
    confidence: float
    matches: Mapping[str, ColumnMatch]
    missing: tuple[str, ...]
    missing_required: tuple[str, ...]
    extra: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """For machines."""
        return {
            "id": self.layout.id,
            "title": {"ja": self.layout.full_title, "en": self.layout.title_en},
            "confidence": round(self.confidence, 2),
            "matched": {name: m.layout_column.name for name, m in self.matches.items()},
            "renamed": {
                name: m.layout_column.name for name, m in self.matches.items() if m.likeness < 1
            },
            "missing": list(self.missing),
            "missing_required": list(self.missing_required),
            "extra": list(self.extra),
        }


def recognise_layout(
    columns: Sequence[str], layouts: Layouts, *, title: str = "", ignored: Sequence[str] = ()
) -> list[Recognition]:
    """Every layout that shares a column, the likeliest first. `title`: what is known of the
    table in words (file name, title rows); `ignored`: columns that say nothing (empty ones)."""
    rarity = _rarity(layouts)
    looked = [name for name in columns if name not in set(ignored)]
    found = [_against(layout, looked, layouts, rarity, title) for layout in layouts.layouts]
    return sorted((r for r in found if r.matches), key=lambda r: -r.confidence)


def _rarity(layouts: Layouts) -> Mapping[str, float]:
    """What a column tells about the layout: the fewer layouts have it, the more."""
    counts: Counter[str] = Counter()
    for layout in layouts.layouts:
        counts.update({_identity(column) for column in layout.columns})
    total = len(layouts.layouts)
    return {name: math.log(1 + total / count) for name, count in counts.items()}


def _identity(column: LayoutColumn) -> str:
    return f"{column.means} {column.of}".strip() or fold(column.name)


def _against(
    layout: Layout,
    columns: Sequence[str],
    layouts: Layouts,
    rarity: Mapping[str, float],
    title: str,
) -> Recognition:
    matches = match_columns(layout, columns, layouts)
    matched = {match.layout_column.name for match in matches.values()}

    def weight(column: LayoutColumn) -> float:
        return rarity[_identity(column)] * (2 if column.required else 1)

    everything = sum(map(weight, layout.columns))
    covered = sum(weight(c) for c in layout.columns if c.name in matched)
    special = [c for c in layout.columns if _is_special(c, rarity, len(layouts.layouts))]
    named = sum(c.name in matched for c in special) / len(special) if special else 0.0
    folded = fold(title)
    worded = any(fold(word) in folded for word in layout.words)
    precise = sum(m.likeness for m in matches.values()) / len(columns) if columns else 0.0
    # Columns of its own decide most; the words of the title help, and alone they decide nothing.
    share = covered / everything if everything else 0.0
    confidence = 0.5 * precise + 0.15 * share + 0.25 * named + (0.15 if worded else 0.0)
    if special and not named and not worded:
        confidence *= 0.6
    unnamed = any(
        c.required and c.means == "name" and c.name not in matched for c in layout.columns
    )
    if unnamed and not worded:  # places, numbers and notes are in every kind of table
        confidence *= 0.7
    if len(matches) < 4:
        confidence *= 0.5
    return Recognition(
        layout,
        min(confidence, 0.99),
        matches,
        tuple(c.name for c in layout.columns if c.name not in matched),
        tuple(c.name for c in layout.columns if c.required and c.name not in matched),
        tuple(name for name in columns if name not in matches),
    )


def _is_special(column: LayoutColumn, rarity: Mapping[str, float], total: int) -> bool:
    """Whether at most two kinds of layout (in both generations) have it."""
    return rarity[_identity(column)] >= math.log(1 + total / 3)


def match_columns(
    layout: Layout, columns: Sequence[str], layouts: Layouts
) -> dict[str, ColumnMatch]:
    """The columns of a table that are columns of a layout; each of the layout's at most once."""
    spellings = _spellings(layout, layouts)
    found: dict[str, ColumnMatch] = {}
    taken: set[str] = set()

    def take(column: str, layout_column: LayoutColumn, likeness: float) -> None:
        if column not in found and layout_column.name not in taken:
            found[column] = ColumnMatch(column, layout_column, likeness)
            taken.add(layout_column.name)

    exact = {column.name: column for column in layout.columns}
    for column in columns:
        if column in exact:
            take(column, exact[column], 1.0)
    for column in columns:
        for number, form in enumerate(foldings(column)):
            if form in spellings:
                take(column, spellings[form], 0.97 if number == 0 else 0.9)
                break
    free = [c for c in layout.columns if c.name not in taken]
    for column in columns:
        if column in found or layouts.meaning(column) is not None:
            continue
        folded = fold(column)
        if not 4 <= len(folded) <= _LONGEST_SLIP:
            continue
        best = max(
            ((_likeness(folded, form), c) for form, c in spellings.items() if c in free),
            key=lambda pair: pair[0],
            default=None,
        )
        if best is not None and best[0] >= _ALIKE:
            take(column, best[1], 0.8)
    return {column: found[column] for column in columns if column in found}


def _spellings(layout: Layout, layouts: Layouts) -> dict[str, LayoutColumn]:
    spellings: dict[str, LayoutColumn] = {}
    for column in layout.columns:
        for name in (column.name, *column.also):
            spellings.setdefault(fold(name), column)
    for column in layout.columns:
        means = column.means or layouts.words.get(fold(column.name), "")
        for name in layouts.names.get(means, ()):
            spellings.setdefault(fold(name), column)
    return spellings


def _likeness(folded: str, form: str) -> float:
    # Codes and numbered columns (man1, man2) differ by what matters.
    if abs(len(folded) - len(form)) > 2 or _DIGITS.findall(folded) != _DIGITS.findall(form):
        return 0.0
    matcher = SequenceMatcher(None, folded, form, autojunk=False)
    likely = matcher.real_quick_ratio() >= _ALIKE and matcher.quick_ratio() >= _ALIKE
    return matcher.ratio() if likely else 0.0
