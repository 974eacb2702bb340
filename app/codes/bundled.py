"""The tables that come with the program, for callers that have no settings at hand.

Mapping functions are pure: they may not depend on where an operator keeps files. In a checkout
the tables are in `vocab/`; in an installed package the build has put them beside the code.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from app.codes.addresses import AddressReader
from app.codes.postal import PostalTable
from app.codes.regions import FILE_NAME, RegionTable

_APP = Path(__file__).resolve().parents[1]


def vocab_dir() -> Path:
    """The folder with the bundled vocabularies and code lists."""
    installed = _APP / "bundled" / "vocab"
    return installed if (installed / FILE_NAME).exists() else _APP.parent / "vocab"


@cache
def region_table() -> RegionTable:
    """All regions; read once, on first use."""
    return RegionTable.load(vocab_dir())


@cache
def postal_table() -> PostalTable:
    """All postal codes; read once, on first use."""
    return PostalTable.load(vocab_dir())


@cache
def address_reader() -> AddressReader:
    """Addresses to regions; made once, on first use."""
    return AddressReader(region_table())
