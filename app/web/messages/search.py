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
    "search.by.licence": Text("利用条件", "Licence"),
    "search.narrow": Text("絞り込み", "Narrow down"),
    "search.remove": Text("解除", "remove"),
    "search.previous": Text("前へ", "Previous"),
    "search.next": Text("次へ", "Next"),
    "browse.title": Text("種類から見る", "Browse by type"),
    "browse.lead": Text(
        "公開しているものを種類ごとに表で見られます。並べ替え、絞り込み、地図、CSV や Excel での取得ができます。",
        "Everything published, by type, as tables that can be sorted, narrowed down, mapped, and "
        "taken as CSV or Excel.",
    ),
    "browse.named": Text("もの", "Things"),
    "browse.parts": Text("ものの一部", "Parts of things"),
    "browse.thing": Text("もの", "Thing"),
    "browse.things": Text("件", "things"),
    "browse.within": Text("この中を検索", "Search in these"),
    "browse.none": Text("条件に合うものはありません。", "Nothing fits."),
    "browse.cut": Text(
        "多いため、よく合う 400 件までの中から表示しています。条件を加えてください。",
        "There are many: these are among the 400 that fit best. Narrow the search down.",
    ),
    "browse.sparql": Text("SPARQL で見る", "View as SPARQL"),
    "regions.title": Text("地域から見る", "Browse by region"),
    "regions.lead": Text(
        "都道府県から市区町村へ、そこにあるすべてのものへたどれます。",
        "From prefectures to municipalities, and to everything that is there.",
    ),
    "regions.none": Text(
        "地域のデータはまだ公開されていません。", "No data about regions is published yet."
    ),
    "regions.inside": Text("この中の地域", "Regions inside"),
    "regions.here": Text("ここにあるもの", "What is here"),
    "regions.empty": Text("ここにあるものはまだありません。", "Nothing is here yet."),
    "regions.about": Text("この地域について", "About this region"),
    "regions.search": Text("ここにあるすべて", "Everything here"),
    "regions.area.hokkaido": Text("北海道", "Hokkaido"),
    "regions.area.tohoku": Text("東北", "Tohoku"),
    "regions.area.kanto": Text("関東", "Kanto"),
    "regions.area.chubu": Text("中部", "Chubu"),
    "regions.area.kinki": Text("近畿", "Kinki"),
    "regions.area.chugoku": Text("中国", "Chugoku"),
    "regions.area.shikoku": Text("四国", "Shikoku"),
    "regions.area.kyushu": Text("九州・沖縄", "Kyushu and Okinawa"),
}
