"""All checks, in the order in which reports list their themes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.quality.check import Check
from app.quality.checks.codes import CorporateNumbers, PostalCodes, RegionCodes
from app.quality.checks.coordinates import Coordinates, Datum
from app.quality.checks.statements import Statements

ALL_CHECKS: Final[tuple[Callable[[], Check], ...]] = (
    Statements,
    RegionCodes,
    PostalCodes,
    CorporateNumbers,
    Datum,
    Coordinates,
)
