"""Words of the pages of saved queries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.errors import Text

WORDS: Final[Mapping[str, Text]] = {
    "nav.queries": Text("問い合わせ集", "Queries"),
    "queries.title": Text("問い合わせ集", "Saved queries"),
    "queries.lead": Text(
        "よくある知りたいことに、条件を選ぶだけで答えます。結果は表・地図・グラフで見られ、"
        "同じ条件のまま JSON、CSV、Excel、GeoJSON で取れます。",
        "Answers to what people often want to know: choose the conditions, see a table, a map or "
        "a chart, and take the same result as JSON, CSV, Excel or GeoJSON.",
    ),
    "queries.none": Text("問い合わせはまだありません。", "There are no saved queries yet."),
    "query.all": Text("問い合わせ集", "All queries"),
    "query.conditions": Text("条件", "Conditions"),
    "query.any": Text("指定しない", "Any"),
    "query.region.hint": Text("コードか名前（例: 31201、鳥取市）", "Code or name (31201, 鳥取市)"),
    "query.show": Text("表示", "Show"),
    "query.rows": Text("{rows} 件", "{rows} rows"),
    "query.limited": Text(
        "先頭の {rows} 件です。続きは下の形式で取れます。",
        "The first {rows}. The formats below offer the rest page by page.",
    ),
    "query.none": Text("条件に合うものはありません。", "Nothing meets these conditions."),
    "query.formats": Text("この結果を取る", "Get this result"),
    "query.text": Text("SPARQL を見る", "See the SPARQL"),
    "query.open": Text("SPARQL の画面で開く", "Open it in the SPARQL page"),
    "query.embed": Text("自分のページに埋め込む", "Embed it in your own page"),
    "query.source": Text("出典", "Source"),
    "query.chart": Text("グラフ", "Chart"),
}
