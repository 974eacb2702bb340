"""Words of searching and browsing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.errors import Text

WORDS: Final[Mapping[str, Text]] = {
    "nav.browse": Text("一覧", "Browse"),
    "search.title": Text("検索", "Search"),
    "search.label": Text("名前・住所・コードで探す", "Search names, addresses and codes"),
    "search.go": Text("検索", "Search"),
    "search.description": Text(
        "{site} のオープンデータを名前・住所・コードで探します。",
        "Search the open data of {site} by name, address or code.",
    ),
    "search.total": Text("件見つかりました", "found"),
    "search.none": Text("「{text}」は見つかりませんでした。", "Nothing was found for “{text}”."),
    "search.none.hint": Text(
        "言葉を短くするか、ひらがなや住所の一部で試してください。",
        "Try fewer letters, a reading, or a part of the address.",
    ),
    "search.empty": Text(
        "名前、よみがな、住所、郵便番号、コードの一部を入れてください。一文字から探せます。",
        "Type a part of a name, a reading, an address, a postal code or a code.",
    ),
    "search.unavailable": Text(
        "この公開版には検索の索引がありません。`tsunagu publish --force` で作り直してください。",
        "This release has no index. Make one with `tsunagu publish --force`.",
    ),
    "search.by.type": Text("種類", "Type"),
    "search.by.region": Text("地域", "Region"),
    "search.by.dataset": Text("データセット", "Data set"),
    "search.narrow": Text("絞り込み", "Narrow down"),
    "search.remove": Text("解除", "remove"),
    "search.previous": Text("前へ", "Previous"),
    "search.next": Text("次へ", "Next"),
}
