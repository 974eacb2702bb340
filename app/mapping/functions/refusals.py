"""Functions of other vocabularies that are not offered, each with its reason."""

from __future__ import annotations

from typing import Final

from app.errors import Text
from app.mapping.functions.idlab import idlab
from app.mapping.functions.registry import refuse
from app.rdf.namespaces import GREL

refuse(
    GREL + "date_now",
    Text(
        ja="実行のたびに結果が変わり、同じデータから同じ LOD ができなくなるためです。日付は説明ファイルに"
        "書いてください。",
        en="Its result differs from run to run, so that the same data would not give the same "
        "triples. State the date in the description of the data set.",
    ),
)

_REASONS: Final = {
    ("random",): Text(
        ja="実行のたびに結果が変わり、IRI が安定しないためです。jfn:uuid5 を使ってください。",
        en="Its result differs from run to run, and IRIs must be stable: use jfn:uuid5.",
    ),
    ("readFile", "lookup", "lookupWithDelimiter", "multipleLookup"): Text(
        ja="関数はファイルを読みません。別の表とは結合 (join) を、短い対応表には jfn:choose を使います。",
        en="Functions read no files: join another table, or use jfn:choose for a short list.",
    ),
    ("dbpediaSpotlight",): Text(
        ja="関数はネットワークに接続しません。",
        en="Functions do not use the network.",
    ),
    (
        "generateUniqueIRI",
        "implicitCreate",
        "implicitUpdate",
        "implicitDelete",
        "explicitCreate",
        "explicitUpdate",
        "explicitDelete",
    ): Text(
        ja="関数は実行間の状態を持ちません。変更はリリースの差分 (/changes) で分かります。",
        en="Functions keep no state between runs; what changed is in the feed of releases "
        "(/changes).",
    ),
}
for _names, _reason in _REASONS.items():
    for _iri in idlab(*_names):
        refuse(_iri, _reason)
