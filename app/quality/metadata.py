"""What is stated about a table outside of it: the items that the open-data guide asks for.

`app.publish` fills this from a data set's description; for a lone file there are at most the
rows that LinkData puts before its header (`#license`, `#attribution_name`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Final

from app.errors import Text


@dataclass(frozen=True, slots=True)
class Metadata:
    """Empty texts are what is not stated. `licence`: an IRI or a name; `units`: by column;
    `text`: everything in words, in which a datum may be named."""

    title: str = ""
    address: str = ""
    organisation: str = ""
    creator: str = ""
    licence: str = ""
    tags: str = ""
    frequency: str = ""
    issued: str = ""
    size: str = ""
    format: str = ""
    modified: str = ""
    language: str = ""
    encoding: str = ""
    text: str = ""
    units: Mapping[str, str] = field(default_factory=dict)
    key: tuple[str, ...] = ()
    has_mapping: bool = False
    links: tuple[str, ...] = ()
    """Name spaces of other publishers' things that the mapping links to."""

    def missing(self, *names: str) -> tuple[str, ...]:
        """Which of these items are not stated."""
        return tuple(name for name in names if not getattr(self, name))

    def or_else(self, other: Metadata) -> Metadata:
        """With what is not stated here taken from another source."""
        taken = {f.name: getattr(other, f.name) for f in fields(self) if not getattr(self, f.name)}
        return replace(self, **taken)


ITEMS: Final[Mapping[str, Text]] = {
    "title": Text("タイトル", "title"),
    "address": Text("URL", "URL"),
    "organisation": Text("公開組織", "organisation"),
    "creator": Text("作成者", "creator"),
    "licence": Text("ライセンス", "licence"),
    "tags": Text("タグ", "tags"),
    "frequency": Text("更新頻度", "update frequency"),
    "issued": Text("公開日", "release date"),
    "size": Text("ファイルサイズ", "file size"),
    "format": Text("データ形式", "format"),
    "modified": Text("最終更新日", "last modified"),
    "language": Text("言語", "language"),
}
"""The guide's items of a data set, in its order."""

RECOMMENDED: Final = ("title", "address", "creator", "licence")
"""Those that the guide marks as strongly recommended."""

_LINKDATA: Final = {
    "#title": "title",
    "#license": "licence",
    "#attribution_name": "creator",
    "#attribution_url": "address",
    "#download_from": "address",
    "#lang": "language",
    "#update": "modified",
}


def from_comments(comments: Sequence[Sequence[str]]) -> Metadata:
    """What the rows before a header state: LinkData's `#…` rows, and any other as text."""
    stated: dict[str, str] = {}
    texts: list[str] = []
    for cells in comments:
        words = [cell.strip() for cell in cells if cell.strip()]
        if not words:
            continue
        texts.append(" ".join(words))
        item = _LINKDATA.get(words[0].lower())
        if item is not None and len(words) > 1:
            stated.setdefault(item, words[1])
    return Metadata(**stated, text="\n".join(texts))  # type: ignore[arg-type]  # items are texts
