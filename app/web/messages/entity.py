"""Words of the pages of things: where they come from, and how they changed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.errors import Text

WORDS: Final[Mapping[str, Text]] = {
    "entity.region": Text("この地域にあるものを見る", "See what is here"),
    "entity.credit": Text("引用するときの書き方", "How to quote it"),
    "entity.rows": Text("もとの行", "From which row"),
    "entity.rows.all": Text("表の全体", "the whole table"),
    "entity.rows.and": Text("、", ", "),
    "entity.rows.more": Text("ほか", "and more"),
    "entity.rows.joined": Text("結び付けた表:", "Joined with:"),
    "entity.rows.by": Text("マッピング:", "Mapping:"),
    "entity.history": Text("更新", "Updates"),
    "entity.history.see": Text("この項目の履歴", "How this changed"),
    "entity.provenance": Text("来歴 (PROV-O)", "Provenance (PROV-O)"),
    "history.title": Text("「{name}」の履歴", "How “{name}” changed"),
    "history.lead": Text(
        "保存されているリリースをさかのぼって、この項目の何がいつ変わったかを示します。",
        "What changed of this, and when, over the releases that are kept.",
    ),
    "history.first": Text(
        "残っているいちばん古いリリースにあります。", "In the oldest release that is kept."
    ),
    "history.same": Text("それからは何も変わっていません。", "Nothing has changed since."),
    "history.new": Text("加わりました。", "It was added."),
    "history.gone": Text("なくなりました。", "It was removed."),
    "history.changed": Text("変わりました。", "It changed."),
    "history.before": Text("前", "Before"),
    "history.after": Text("後", "After"),
    "history.none": Text("—", "—"),
    "history.more": Text(
        "ほか {count} 件。全部は JSON にあります。", "And {count} more; all are in the JSON."
    ),
}
