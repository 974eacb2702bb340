"""The order in which people read: what a thing is and is called, where it is, how to reach it,
everything else, and links out at the end."""

from __future__ import annotations

from collections.abc import Mapping

from pyoxigraph import Literal

from app.rdf.namespaces import DCTERMS, GEO, IC, OWL, PROV, RDF, RDFS, SCHEMA, SKOS
from app.store.base import Term

LABELS = (RDFS + "label", SKOS + "prefLabel", DCTERMS + "title", SCHEMA + "name")
"""Properties that name a thing; the first that is there wins."""

_FIRST = (
    RDF + "type",
    *LABELS,
    SKOS + "altLabel",
    DCTERMS + "identifier",
    IC + "名称",
    IC + "表記",
    IC + "カナ表記",
    IC + "ローマ字表記",
    IC + "種別",
    IC + "ID",
    IC + "説明",
    DCTERMS + "description",
    RDFS + "comment",
    IC + "設置地点",
    IC + "設置位置",
    IC + "住所",
    IC + "郵便番号",
    IC + "都道府県",
    IC + "市区町村",
    IC + "町名",
    IC + "丁目",
    IC + "番地",
    IC + "地理座標",
    IC + "緯度",
    IC + "経度",
    GEO + "lat",
    GEO + "long",
    IC + "連絡先",
    IC + "利用可能時間",
    IC + "開催期日",
    IC + "開始時間",
    IC + "終了時間",
)
_LAST = (
    IC + "備考",
    RDFS + "seeAlso",
    RDFS + "isDefinedBy",
    OWL + "sameAs",
    SKOS + "exactMatch",
    SKOS + "closeMatch",
    PROV + "wasDerivedFrom",
)
_RANK: Mapping[str, int] = {
    **{iri: index - len(_FIRST) for index, iri in enumerate(_FIRST)},
    **{iri: index + 1 for index, iri in enumerate(_LAST)},
}


def of_property(predicate: str) -> tuple[int, str]:
    """The place of a property on a page: names, place, contact; then others; links out last."""
    return (_RANK.get(predicate, 0), predicate)


def of_term(term: Term) -> tuple[int, int, str, str]:
    if isinstance(term, Literal):
        return of_literal(term)
    return (1, 0, str(term), "")


def of_literal(literal: Literal) -> tuple[int, int, str, str]:
    tag = literal.language or ""
    return (0, {"ja": 0, "": 1}.get(tag, 2), tag, literal.value)
