"""Every word of the pages in Japanese and English. `Text` needs both, so none can be missing;
a test compares the keys that templates use with this table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from app.errors import Language, Text
from app.web.messages import about, catalog, changes, entity, operation, queries, search, vocabulary

MESSAGES: Final[Mapping[str, Text]] = {
    **about.WORDS,
    **vocabulary.WORDS,
    **catalog.WORDS,
    **changes.WORDS,
    **entity.WORDS,
    **search.WORDS,
    **queries.WORDS,
    **operation.WORDS,
    "skip": Text("本文へ", "Skip to content"),
    "nav.sparql": Text("SPARQL", "SPARQL"),
    "nav.check": Text("表を調べる", "Check a table"),
    "nav.steward": Text("データを公開する", "Publish data"),
    "nav.dark": Text("暗い画面", "Dark"),
    "footer.release": Text("公開版", "Release"),
    "footer.changes": Text("更新の記録", "Changes"),
    "footer.releases": Text("リリース", "Releases"),
    "footer.status": Text("稼働状況", "Status"),
    "footer.conformance": Text("適合試験", "Conformance"),
    "footer.made_with": Text("つなぐで公開しています", "Published with Tsunagu"),
    "home.lead": Text(
        "手元の CSV から生まれた、機械にも人にも読めるリンクトオープンデータです。",
        "Linked open data made from ordinary CSV files, for machines and for people.",
    ),
    "home.datasets": Text("データセット", "Data sets"),
    "home.use": Text("使う", "Use it"),
    "home.use.steward": Text("自治体でデータを公開する人へ", "You publish for a municipality"),
    "home.use.steward.text": Text(
        "いつもの CSV や Excel を選ぶだけです。どの行のどの列をどう直せばよいかを日本語で示し、"
        "直したものをすぐ公開できます。",
        "Choose your usual CSV or Excel file. You are told which row and column to repair and how, "
        "and publishing it takes a moment.",
    ),
    "home.use.developer": Text("アプリを作る人へ", "You make apps"),
    "home.use.developer.text": Text(
        "すべてのものに変わらないアドレスがあります。ブラウザーではページが、"
        "プログラムからは同じアドレスで JSON-LD や GeoJSON、CSV が返ります。",
        "Everything has a lasting address. A browser gets a page; a program gets JSON-LD, "
        "GeoJSON or CSV from the same address.",
    ),
    "home.use.semantic": Text("リンクトデータを調べる人へ", "You work with linked data"),
    "home.use.semantic.text": Text(
        "SPARQL 1.1 で全データセットを横断して検索・集計し、結果を表・地図・グラフで見て、"
        "そのままプログラムに写せます。",
        "SPARQL 1.1 searches and counts across all data sets; see the result as table, map or "
        "chart, and take it along as a program.",
    ),
    "home.live": Text("このデータでできること", "What this data can do"),
    "home.live.map": Text("地図で見る", "On the map"),
    "home.live.page": Text(
        "すべてのものに、このようなページと変わらないアドレスがあります。",
        "Everything has a page like this, at an address that lasts.",
    ),
    "home.live.query": Text("この問い合わせを開く", "Open this query"),
    "home.fresh": Text("更新日", "Updated"),
    "home.search": Text("さがす", "Search"),
    "home.search.placeholder": Text("名前・住所・コード", "Name, address or code"),
    "map": Text("地図", "Map"),
    "home.empty": Text(
        "まだ何も公開されていません。お手元の表から始められます。",
        "Nothing is published yet. Start with a table that you have.",
    ),
    "home.empty.commands": Text(
        "コマンドでは、次の 3 つで公開できます。",
        "With commands, these three publish it.",
    ),
    "count.statements": Text("トリプル", "statements"),
    "count.things": Text("件のもの", "things"),
    "count.links": Text("外部へのリンク", "links to elsewhere"),
    "count.datasets": Text("データセット", "data sets"),
    "entity.properties": Text("わかっていること", "What is known"),
    "entity.path": Text("属する地域", "Part of"),
    "entity.property": Text("項目", "Property"),
    "entity.incoming": Text("ここへのリンク", "Links to this"),
    "entity.incoming.by": Text("「{property}」がここを指すもの", "By “{property}”"),
    "entity.incoming.more": Text("次を見る", "Next"),
    "entity.incoming.first": Text("はじめから", "From the start"),
    "value.true": Text("はい", "Yes"),
    "value.false": Text("いいえ", "No"),
    "entity.downloads": Text("データとして取る", "Get as data"),
    "entity.source": Text("出典", "Source"),
    "entity.licence": Text("利用条件", "Licence"),
    "entity.modified": Text("更新", "Updated"),
    "entity.iri": Text("アドレス (IRI)", "Identifier (IRI)"),
    "entity.truncated": Text(
        "多いため一部だけを表示しています。全体は SPARQL で取得できます。",
        "Only a part is shown, for there is much. SPARQL gives all of it.",
    ),
    "dataset.about": Text("このデータについて", "About this data"),
    "dataset.publisher": Text("公開者", "Publisher"),
    "dataset.keywords": Text("キーワード", "Keywords"),
    "dataset.frequency": Text("更新頻度", "Update frequency"),
    "dataset.origin": Text("元データ", "Original data"),
    "dataset.credit": Text("出典の書き方", "Credit line"),
    "dataset.graph": Text("名前付きグラフ", "Named graph"),
    "dataset.classes": Text("含まれるもの", "What it holds"),
    "dataset.class": Text("クラス", "Class"),
    "dataset.count": Text("件数", "Count"),
    "dataset.examples": Text("例", "Examples"),
    "dataset.fields": Text("使われている項目", "Properties in use"),
    "sparql.title": Text("SPARQL で問い合わせる", "Query with SPARQL"),
    "sparql.query": Text("問い合わせ文", "Query"),
    "sparql.run": Text("実行", "Run"),
    "sparql.result": Text("結果", "Result"),
    "sparql.rows": Text("行", "rows"),
    "sparql.complete": Text("これで全部です。", "This is all of it."),
    "sparql.cut": Text(
        "ページには先頭の {shown} 行だけを表示しています。全体は下の形式で取得できます。",
        "This page shows the first {shown} rows. The formats below give all of them.",
    ),
    "sparql.too_long": Text(
        "結果が大きすぎてページに表示できません。下の形式で取得するか、LIMIT を付けてください。",
        "The result is too long for this page. Take it in a format below, or add a LIMIT.",
    ),
    "sparql.none": Text("該当するものはありません。", "Nothing matches."),
    "sparql.yes": Text("はい (true)", "Yes (true)"),
    "sparql.no": Text("いいえ (false)", "No (false)"),
    "sparql.examples": Text("問い合わせの例", "Example queries"),
    "sparql.example.labels": Text("名前の付いたもの", "Things with a name"),
    "sparql.example.classes": Text("クラスごとの件数", "Instances of each class"),
    "sparql.example.graphs": Text("グラフごとの件数", "Statements in each graph"),
    "sparql.formats": Text("この結果を取る", "Get this result"),
    "sparql.endpoint": Text(
        "プログラムからは同じアドレスに GET または POST で送ってください（SPARQL 1.1 Protocol）。",
        "Programs send GET or POST to this same address (SPARQL 1.1 Protocol).",
    ),
    "error.back": Text("ホームへ戻る", "Back to the home page"),
    "error.alternatives": Text("取得できる形式", "Formats on offer"),
    "error.near": Text("お探しのものはこれですか", "Did you mean"),
    "error.code": Text("種類", "Kind"),
}


def translator(language: Language) -> Callable[..., str]:
    """A function from a key (and values for its template) to a sentence in one language."""

    def translate(key: str, **values: object) -> str:
        text = MESSAGES[key].in_language(language)
        return text.format(**values) if values else text

    return translate
