"""Words of the page about the service itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.errors import Text

WORDS: Final[Mapping[str, Text]] = {
    "status.title": Text("稼働状況", "Status"),
    "status.lead": Text(
        "このサーバーが起動してからの様子です。誰が何を問い合わせたかは含みません。",
        "How this server has been since it was started. Who asked what is not told.",
    ),
    "status.good": Text("動いています", "Working"),
    "status.empty": Text("まだ何も公開されていません", "Nothing is published yet"),
    "status.release": Text("公開中のデータ", "Data that is served"),
    "status.created": Text("公開した時刻", "Published at"),
    "status.age": Text("公開からの時間", "Age"),
    "status.hours": Text("時間", "hours"),
    "status.graphs": Text("グラフ", "graphs"),
    "status.queries": Text("問い合わせ", "Queries"),
    "status.rows": Text("返した行", "Rows given"),
    "status.kept": Text("実行せずに返した答え", "Answers given without running anything"),
    "status.outcome": Text("結果", "Outcome"),
    "status.number": Text("件数", "Number"),
    "status.seconds": Text("合計秒", "Seconds in all"),
    "status.now": Text("いま", "Now"),
    "status.waiting": Text("順番を待つ問い合わせ", "Queries in the queue"),
    "status.ready": Text("待機中のプロセス", "Idle query processes"),
    "status.busy": Text("実行中のプロセス", "Busy query processes"),
    "status.ended": Text("終了したプロセスと理由", "Query processes that ended, and why"),
    "status.requests": Text("HTTP の要求", "HTTP requests"),
    "status.failed": Text("うち 5xx", "of these 5xx"),
    "status.machines": Text("機械向け", "For machines"),
    "status.schedule": Text("自動更新", "Scheduled updates"),
    "status.schedule.dataset": Text("データセット", "Data set"),
    "status.schedule.last": Text("前回", "Last run"),
    "status.schedule.outcome": Text("結果", "Outcome"),
    "status.schedule.due": Text("次回", "Next run"),
    "status.schedule.published": Text("公開しました", "published"),
    "status.schedule.unchanged": Text("変更なし", "nothing new"),
    "status.schedule.failed": Text("できませんでした", "failed"),
    "status.schedule.stays": Text(
        "前に公開したものがそのまま出ています。", "What was published before stays."
    ),
    "status.version": Text("版", "Version"),
}
