"""Words of the pages of vocabularies and terms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from app.errors import Text

WORDS: Final[Mapping[str, Text]] = {
    "nav.vocabulary": Text("語彙", "Vocabulary"),
    "term.browse": Text("この種類のものを一覧で見る", "See all of this kind"),
    "term.vocabulary": Text("語彙", "Vocabulary"),
    "term.term": Text("用語", "Term"),
    "term.definition": Text("定義", "Definition"),
    "term.kind.class": Text("クラス", "Class"),
    "term.kind.property": Text("プロパティ", "Property"),
    "term.kind.concept": Text("概念", "Concept"),
    "term.kind.other": Text("用語", "Term"),
    "term.supers": Text("上位の用語", "Broader terms"),
    "term.subs": Text("下位の用語", "Narrower terms"),
    "term.domain": Text("どのクラスに使うか", "Used with classes (domain)"),
    "term.range": Text("値の種類", "Kind of value (range)"),
    "term.properties": Text("プロパティ", "Properties"),
    "term.inherited": Text("「{name}」から受け継ぐプロパティ", "Properties from “{name}”"),
    "term.leading": Text("これを値とするプロパティ", "Properties with such values"),
    "term.diagram": Text("クラス図", "Class diagram"),
    "term.diagram.of": Text("「{name}」のクラス図", "Class diagram of “{name}”"),
    "term.more": Text("ほかに {count} 個の下位クラスがあります。", "{count} more classes below."),
    "term.uses": Text("使われている所", "Where it is used"),
    "term.unused": Text("公開中のデータでは使われていません。", "No published data set uses it."),
    "term.dataset": Text("データセット", "Data set"),
    "term.example": Text("例", "Example"),
    "vocabulary.class": Text("クラス", "Classes"),
    "vocabulary.property": Text("プロパティ", "Properties"),
    "vocabulary.concept": Text("概念", "Concepts"),
    "vocabulary.other": Text("その他", "Others"),
    "vocabulary.others": Text("ほかの語彙", "Other vocabularies"),
    "vocabulary.context": Text("JSON-LD コンテキスト", "JSON-LD context"),
}
