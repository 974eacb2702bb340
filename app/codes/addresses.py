"""From the beginning of an address to its region.

Addresses leave out what the reader knows: the prefecture, the county (郡), the city before a
ward. A form that fits several regions (府中市 is in Tokyo and in Hiroshima) finds none, unless
the caller says in which prefecture to look.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from app.codes.regions import Region, RegionKind, RegionTable
from app.codes.spelling import fold


@dataclass(frozen=True, slots=True)
class AddressMatch:
    """The smallest region that an address begins with, and what follows its name (folded:
    NFKC, without blanks)."""

    region: Region
    rest: str


class AddressReader:
    """Finds the longest beginning of an address that names exactly one region."""

    def __init__(self, table: RegionTable) -> None:
        self._table = table
        forms: dict[str, set[Region]] = defaultdict(set)
        for region in table:
            for form in _forms(table, region):
                forms[fold(form)].add(region)
        self._regions = {form: found.pop() for form, found in forms.items() if len(found) == 1}
        self._lengths = sorted({len(form) for form in self._regions}, reverse=True)

    def read(self, address: str, *, within: str | None = None) -> AddressMatch | None:
        """The region of an address, or None. `within` is the code of a prefecture, put before
        an address that does not begin with one. Raises InvalidCode when `within` is no code."""
        text = fold(address)
        match = self._longest(text)
        if within is None:
            return match
        prefecture = self._table.get(self._table.normalise(within).code5[:2] + "000")
        if match is not None and match.region.prefecture == prefecture.code5:
            return match
        inside = self._longest(fold(prefecture.full_name) + text)
        if inside is not None and inside.region.kind is not RegionKind.PREFECTURE:
            return inside
        return match

    def _longest(self, text: str) -> AddressMatch | None:
        for length in self._lengths:
            if (region := self._regions.get(text[:length])) is not None:
                return AddressMatch(region, text[length:])
        return None


def _forms(table: RegionTable, region: Region) -> Iterator[str]:
    """Every way an address may begin with this region."""
    if region.kind is RegionKind.PREFECTURE:
        yield region.full_name
        return
    prefecture = table.get(region.prefecture).full_name
    for name in table.names(region):
        bare = name.removeprefix(fold(prefecture))
        yield bare
        if region.kind is not RegionKind.WARD or bare != fold(region.name):
            yield prefecture + bare
