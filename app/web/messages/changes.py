"""Words of the pages about releases: what changed, and how to check them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.errors import Text

WORDS: Final[Mapping[str, Text]] = {
    "changes.title": Text("更新の記録", "Changes"),
    "changes.lead": Text(
        "公開し直すたびに、何が増え、消え、変わったかを残しています。アプリは差分だけを"
        "受け取って、手元のデータを新しくできます。",
        "What came, went and changed with each release. An app can take the differences alone "
        "and keep its copy up to date.",
    ),
    "changes.release": Text("リリース", "Release"),
    "changes.created": Text("公開日時", "Published"),
    "changes.quads": Text("クアッド", "Quads"),
    "changes.added": Text("追加", "Added"),
    "changes.removed": Text("削除", "Removed"),
    "changes.current": Text("公開中", "Current"),
    "changes.see": Text("差分を見る", "See what changed"),
    "changes.counts": Text(
        "追加 {added} 件、削除 {removed} 件", "{added} added, {removed} removed"
    ),
    "changes.uncounted": Text("新しいリリースが公開されました。", "A new release was published."),
    "changes.follow": Text("購読する", "Follow"),
    "changes.failed": Text("自動更新できなかったもの", "Updates that failed"),
    "changes.events": Text("すぐに知る（Server-Sent Events）", "At once (Server-Sent Events)"),
    "changes.verify": Text("署名を確かめる", "Check the signatures"),
    "changes.difference": Text("リリースの間の変更", "What changed between releases"),
    "changes.dataset": Text("データセット", "Data set"),
    "changes.before": Text("前", "Before"),
    "changes.after": Text("後", "After"),
    "changes.patch": Text("この分の差分", "Its patch"),
    "changes.none": Text("何も変わっていません。", "Nothing changed."),
    "changes.new": Text("新しいもの", "New"),
    "changes.gone": Text("なくなったもの", "Gone"),
    "changes.changed": Text("変わったもの", "Changed"),
    "changes.more": Text(
        "ほかに {number} 件あります。全部は JSON にあります。",
        "And {number} more; all of them are in the JSON.",
    ),
    "changes.all": Text("すべての更新", "All changes"),
    "trust.title": Text("リリースの署名", "Signed releases"),
    "trust.lead": Text(
        "リリースごとに、すべてのファイルの SHA-256 を記したマニフェストを作り、Ed25519 で署名して"
        "います。手元のデータが公開されたとおりかを、だれでも確かめられます。",
        "Each release has a manifest with the SHA-256 sum of every file, signed with Ed25519. "
        "Anyone can check that a copy is what was published.",
    ),
    "trust.key": Text("公開鍵の指紋（RFC 7638）", "Thumbprint of the public key (RFC 7638)"),
    "trust.retired": Text("以前の鍵（いまは署名に使いません）", "Earlier keys, which sign no more"),
    "trust.manifest": Text("マニフェスト", "Manifest"),
    "trust.signature": Text("署名（JWS）", "Signature (JWS)"),
    "trust.sums": Text("SHA-256 の一覧", "SHA-256 sums"),
    "trust.unsigned": Text("署名なし", "Not signed"),
    "trust.how": Text("確かめ方", "How to check"),
    "trust.canonical": Text(
        "グラフの正規ハッシュ（RDFC-1.0、SHA-256）",
        "Canonical hashes of the graphs (RDFC-1.0, SHA-256)",
    ),
    "trust.graph": Text("グラフ", "Graph"),
}
