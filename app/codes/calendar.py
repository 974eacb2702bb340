"""The eras of the Japanese calendar: facts that functions and checks share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final


@dataclass(frozen=True, slots=True)
class Era:
    """An era: its year 1 is `first.year`; `last` is its last day, shared with the next era
    where the change was made in the course of a day (1912-07-30, 1926-12-25)."""

    name: str
    letter: str
    offset: int
    first: date
    last: date


# The solar calendar began on Meiji 6-1-1 (太政官布告第337号): before it, month and day are those
# of the lunar calendar and no western date can be computed from the numbers alone.
ERAS: Final = (
    Era("明治", "M", 1867, date(1873, 1, 1), date(1912, 7, 30)),
    Era("大正", "T", 1911, date(1912, 7, 30), date(1926, 12, 25)),
    Era("昭和", "S", 1925, date(1926, 12, 25), date(1989, 1, 7)),
    Era("平成", "H", 1988, date(1989, 1, 8), date(2019, 4, 30)),
    Era("令和", "R", 2018, date(2019, 5, 1), date.max),
)
ERA_BY_SIGN: Final = {sign: era for era in ERAS for sign in (era.name, era.name[0], era.letter)}
"""An era by its name (令和), the first character of it (令) or its letter (R)."""
