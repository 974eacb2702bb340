"""Where the things of a table are: one municipality, several, or not known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.codes.bundled import address_reader
from app.codes.invalid import InvalidCode
from app.codes.regions import Region, RegionKind, RegionTable
from app.errors import Text
from app.publish.draft.column_draft import ColumnDraft

_LOOKED_AT = 500
_MOST = 0.6


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """`region`: that of (nearly) all rows, if there is one; `prefecture`: the five-digit code of
    the prefecture of most rows. `is_stated`: it was said by the caller or a description, not
    read from cells, so no column need tell it."""

    region: Region | None = None
    prefecture: str | None = None
    reasons: tuple[Text, ...] = ()
    is_stated: bool = False
    confirm: Text | None = None


def find_region(
    drafts: Sequence[ColumnDraft],
    samples: Mapping[str, Sequence[str]],
    table: RegionTable,
    *,
    stated: str = "",
    words: str = "",
) -> Whereabouts:
    """The region of a table: as stated (a code), else from the cells, else only suggested from
    `words` (the name of the file, of the organisation)."""
    if stated:
        region = table.get(stated)
        reason = Text("指定された地域です", "the region was stated")
        return Whereabouts(region, region.prefecture, (reason,), is_stated=True)
    found: Counter[Region] = Counter()
    column = ""
    for means in ("place-region-code", "region-code", "address", "municipality"):
        draft = next((d for d in drafts if d.means == means), None)
        if draft is None:
            continue
        found = _regions(means, samples[draft.column][:_LOOKED_AT], table)
        if found:
            column = draft.column
            break
    if not found:
        return _suggested(words, table)
    region, count = found.most_common(1)[0]
    prefectures = Counter({r.prefecture: n for r, n in found.items()})
    total = sum(found.values())
    reason = Text(
        f"「{column}」の値の {count / total:.0%} が{region.full_name}です",
        f"{count / total:.0%} of {column} is in {region.full_name}",
    )
    prefecture = prefectures.most_common(1)[0][0]
    if count < _MOST * total:
        return Whereabouts(None, prefecture, (reason,))
    return Whereabouts(region, prefecture, (reason,))


def _regions(means: str, values: Sequence[str], table: RegionTable) -> Counter[Region]:
    found: Counter[Region] = Counter()
    for value, count in Counter(values).items():
        region: Region | None = None
        if means in ("region-code", "place-region-code"):
            try:
                region = table.find(value)
            except InvalidCode:
                continue
        else:
            match = address_reader().read(value)
            region = match.region if match is not None else None
        if region is not None and region.kind is RegionKind.WARD and region.parent is not None:
            region = table.get(region.parent)
        if region is not None:
            found[region] += count
    return found


def _suggested(words: str, table: RegionTable) -> Whereabouts:
    """A city whose name (or reading in Latin letters) stands in the words."""
    folded = words.casefold()
    near = [
        region
        for region in table
        if region.kind not in (RegionKind.PREFECTURE, RegionKind.WARD)
        and (region.name in words or _romaji(region) in _parts(folded))
    ]
    if len(near) != 1:
        confirm = Text(
            "どの自治体のデータか表から分かりません。--region に市区町村コードを指定するか、説明の spatial に"
            "書いてください。",
            "The table does not tell which municipality it is about: give its code with --region, "
            "or write it as spatial into the description.",
        )
        return Whereabouts(confirm=confirm)
    confirm = Text(
        f"ファイル名などから{near[0].full_name}のデータと思われます。よければ --region "
        f"{near[0].code5} を付けて作り直してください。",
        f"By its name it seems to be about {near[0].full_name}: if so, draft it again with "
        f"--region {near[0].code5}.",
    )
    return Whereabouts(confirm=confirm)


def _romaji(region: Region) -> str:
    """takamatsu for Takamatsu-shi."""
    return region.romaji.casefold().replace(" ", "-").rsplit("-", 1)[0]


def _parts(words: str) -> set[str]:
    letters = "".join(c if c.isascii() and c.isalpha() else " " for c in words)
    return {part for part in letters.split() if len(part) > 3}
