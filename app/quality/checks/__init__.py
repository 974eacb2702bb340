"""All checks, in the order in which reports list their themes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from app.quality.check import Check
from app.quality.checks.characters import Characters
from app.quality.checks.codes import CorporateNumbers, PostalCodes, RegionCodes
from app.quality.checks.contacts import Mails, Phones, WebAddresses
from app.quality.checks.coordinates import Coordinates, Datum
from app.quality.checks.dates import Dates, HeadingYears, Years
from app.quality.checks.keys import KeyColumn, Names, RepeatedRows
from app.quality.checks.notes import Notes
from app.quality.checks.numbers import Amounts, MissingSigns, SpreadsheetErrors, Units
from app.quality.checks.personal import PersonalData
from app.quality.checks.statements import Statements
from app.quality.checks.structure import MergedCells, OmittedCells, TablesAndHeaders
from app.quality.checks.times import Times

ALL_CHECKS: Final[tuple[Callable[[], Check], ...]] = (
    Statements,
    TablesAndHeaders,
    MergedCells,
    OmittedCells,
    Notes,
    Amounts,
    SpreadsheetErrors,
    MissingSigns,
    Units,
    Dates,
    Years,
    HeadingYears,
    Times,
    RegionCodes,
    PostalCodes,
    CorporateNumbers,
    Phones,
    Mails,
    WebAddresses,
    Datum,
    Coordinates,
    KeyColumn,
    Names,
    RepeatedRows,
    PersonalData,
    Characters,
)
