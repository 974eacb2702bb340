"""Words of the catalog and of the pages of data sets."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.errors import Text

WORDS: Final[Mapping[str, Text]] = {
    "nav.catalog": Text("データ", "Data"),
    "catalog.title": Text("データカタログ", "Data catalog"),
    "catalog.lead": Text(
        "公開しているデータセットは {count} 件です。", "{count} data sets are published here."
    ),
    "catalog.chosen": Text(
        "「{name}」のデータセットは {count} 件です。", "{count} data sets with “{name}”."
    ),
    "catalog.all": Text("すべて見る", "See all"),
    "catalog.themes": Text("分野", "Themes"),
    "catalog.sample": Text("見本", "Sample"),
    "catalog.downloads": Text("カタログをデータとして取る", "Get the catalog as data"),
    "catalog.machines": Text("ほかの入口", "Other ways in"),
    "catalog.organizations": Text("公開者", "Publishers"),
    "dumps.title": Text("一括ダウンロード", "Dumps"),
    "dumps.lead": Text(
        "データセットごとのファイルです。途中からの再開 (Range) ができます。",
        "One file for each data set. Broken downloads can be resumed (Range).",
    ),
    "dumps.file": Text("ファイル", "File"),
    "dataset.preview": Text("はじめの部分", "The first of them"),
    "dataset.table": Text("元の表: {file}", "The table itself: {file}"),
    "dataset.thing": Text("名前", "Name"),
    "dataset.files": Text("ダウンロード", "Download"),
    "dataset.query": Text("SPARQL で調べる", "Query with SPARQL"),
    "dataset.notice": Text("加工したときの書き方", "When you edited it"),
    "dataset.quality": Text("品質", "Quality"),
    "dataset.stars": Text("5つ星の段階", "Stars of open data"),
    "dataset.level": Text("技術レベル", "Technical level"),
    "dataset.found": Text("見つかったこと", "What was found"),
    "dataset.fine": Text("問題は見つかりませんでした。", "Nothing was found."),
    "dataset.checked": Text("{file}: {rows} 行を調べました。", "{file}: {rows} rows were checked."),
    "dataset.checked.part": Text(
        "{file}: はじめの {rows} 行を調べました。", "{file}: the first {rows} rows were checked."
    ),
    "dataset.rules": Text("オープンデータガイドの規則", "The rules of the open-data guide"),
    "dataset.report": Text("報告の全文 (JSON)", "The whole report (JSON)"),
    "dataset.downloads": Text("この説明をデータとして取る", "Get this description as data"),
    "dataset.versions": Text("更新の履歴", "History"),
    "dataset.patch": Text("差分 (RDF Patch)", "Patch (RDF Patch)"),
    "dataset.bytes": Text("バイト数", "Bytes"),
    "dataset.address": Text("アドレス", "Address"),
    "dataset.creator": Text("作成者", "Creator"),
    "dataset.contact": Text("連絡先", "Contact"),
    "dataset.issued": Text("公開日", "Released"),
    "dataset.version": Text("版", "Version"),
    "dataset.spatial": Text("対象地域", "Area"),
    "dataset.temporal": Text("対象期間", "Period"),
    "dataset.language": Text("言語", "Language"),
    "dataset.japan": Text("日本", "Japan"),
}
