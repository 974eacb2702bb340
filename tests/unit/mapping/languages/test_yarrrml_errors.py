"""Every mistake in a YARRRML text is told with its place, in both languages, with a repair."""

from __future__ import annotations

import time

import pytest

from app.errors import MappingError, MappingReferenceError, MappingSyntaxError
from app.mapping.languages.yarrrml import read_yarrrml
from app.mapping.model import LogicalSource

SOURCE = LogicalSource("t.csv")
BEGIN = "prefixes: {ex: 'http://example.org/'}\nmappings:\n  m:\n    s: ex:$(a)\n"


def fail(text: str, *, source: LogicalSource | None = SOURCE) -> MappingError:
    with pytest.raises(MappingError) as caught:
        read_yarrrml(text, file="m.yml", default_source=source)
    error = caught.value
    assert error.place is not None
    assert error.place.file == "m.yml"
    return error


def at(error: MappingError) -> tuple[int | None, int | None]:
    assert error.place is not None
    return error.place.line, error.place.column


# Text after BEGIN (whose lines are 1 to 4), place, and parts of the messages.
MISTAKES = [
    # Keys
    ("    pos: []", 5, 5, "未知のキー pos", "unknown key pos", "Did you mean po?"),
    ("    condtion: x", 5, 5, "condtion", "condtion", "Did you mean condition?"),
    ("    zzzzzz: x", 5, 5, "未知のキー zzzzzz", "unknown key", "Known keys: sources"),
    ("    subject: ex:b", 5, 5, "s と subject の両方", "both s and subject", "Join them"),
    ("    po: [{p: ex:p, o: x, lang: ja}]", 5, 26, "lang", "lang", "language"),
    ("    po: [{p: ex:p, o: {val: x}}]", 5, 24, "val", "val", "value"),
    ("    po: [{o: x}]", 5, 10, "predicates がありません", "has no predicates", "p: predicate"),
    ("    po: [{p: ex:p}]", 5, 10, "objects がありません", "has no objects", "o: object"),
    # Kinds of nodes
    ("    po: [ex:p, x]", 5, 9, "リストのリスト", "list of lists", "- [predicate, object]"),
    ("    po: [[ex:p]]", 5, 10, "述語, 目的語", "expected [predicate, object]", None),
    ("    po: [[ex:p, a, b, c]]", 5, 10, "得られたもの: リスト", "got a list", None),
    ("    po: [x]", 5, 10, "キーと値の組", 'got the text "x"', None),
    ("    po: [[ex:p, []]]", 5, 17, "一つ以上", "at least one", None),
    ("    po: [[ex:p, ~]]", 5, 17, "目的語", "an object", None),
    ("    po: [[ex:p, {type: iri}]]", 5, 17, "value がありません", "has no value", "function"),
    ("    po: [[ex:p, {v: x, type: uri2}]]", 5, 30, "type", "one of iri, literal", None),
    ("    graphs: {type: literal, value: x}", 5, 20, "iri か blank", "iri or blank", None),
    # Names
    ("    po: [[exx:p, x]]", 5, 11, "接頭辞 exx は定義", "prefix exx is not bound", "Did you mean ex?"),
    ("    po: [[name, x]]", 5, 11, "接頭辞がありません", '"name" has no prefix', "ic:name"),
    ("    po: [[a, Person]]", 5, 14, "クラス「Person」", 'class "Person"', "prefix"),
    ("    po: [[ex:p, x, integer]]", 5, 20, "データ型「integer」", 'datatype "integer"', "prefix"),
    ("    po: [[ex:p, x, xs:int]]", 5, 20, "接頭辞 xs", "prefix xs", "Did you mean xsd?"),
    ("    po: [[ex:p, '_:b$(x)~iri']]", 5, 17, "接頭辞 _", "prefix _", "type: blank"),
    ("    po: [[ex:p, x, a-english~lang]]", 5, 20, "言語タグではありません", "not a language tag", "ja-Hrkt"),
    ("    po: [[ex:p, {mapping: n}]]", 5, 27, "マッピング n は定義", "no mapping n", None),
    ("    sources: tt", 5, 14, "データソース tt", "no source tt", "[tt~csv]"),
    ("    po: [[ex:p, {v: x, targets: d}]]", 5, 33, "出力先 d", "no target d", None),
    ("    po: [[ex:p, {quoted: n}]]", 5, 26, "マッピング n", "no mapping n", None),
    # Templates
    ("    po: [[ex:p, $(b]]", 5, 17, "閉じられていません", "is not closed", "closing )"),
    ("    po: [[ex:p, a $(b c]]", 5, 19, "閉じられていません", "is not closed", "\\("),
    ("    po: [[ex:p, x$()y]]", 5, 18, "列名がありません", "names no column", "$(column)"),
    # Literals and IRIs
    ("    po: [[ex:p, x~iri, ja~lang]]", 5, 24, "データ型と言語は", "only a literal", "~iri"),
    ("    po: [[ex:p, {v: x, datatype: xsd:date, language: ja}]]", 5, 44, "両方", "not both", "Remove"),
    ("    po: [{p: ex:p, o: x, i: ex:q}]", 5, 23, "逆向きの述語", "inverse predicate", "~iri"),
    ("    po: [[ex:p, {v: x, mapping: m}]]", 5, 18, "mapping と value", "not both", "Remove"),
    ("    po: [[ex:p, {v: x, function: ex:f}]]", 5, 24, "両方", "both value and function", "Keep"),
    ("    po: [[ex:p, {v: x, parameters: []}]]", 5, 24, "function が必要", "need a function", None),
    ("    po: [[ex:p, {parameters: []}]]", 5, 17, "function がありません", "no function", "function:"),
    # Functions
    ("    condition: {function: f}", 5, 27, "関数「f」", 'function "f"', "prefix"),
    ("    condition: [x]", 5, 17, "条件", "a condition", None),
    ("    condition: {function: ex:f, parameters: [[x]]}", 5, 46, "[引数, 値]", "[parameter, value]", None),
    ("    condition: {function: ex:f, parameters: [[x, ~]]}", 5, 50, "値か関数", "a value or a function", None),
    ("    condition: {function: ex:f, parameters: [{pm: x}]}", 5, 46, "value", "has no value", None),
    ("    condition: {function: ex:f, parameters: [[x, y, z]]}", 5, 53, "s か o", "s or o", None),
    ("    condition: {function: ex:f, parameters: [[x, y, o]]}", 5, 46, "結合の相手", "other mapping", "mapping"),
    ("    condition: 'ex:f(x = 1'", 5, 27, "閉じられていません", "is not closed", "ex:f(a"),
    ("    condition: 'ex:f(x)'", 5, 22, "名前 = 値", "name = value", None),
    ("    condition: 'ex:f(x = 1) y'", 5, 29, "余分", "after the closing", None),
    ("    condition: {function: ex:f(x = 1), parameters: []}", 5, 40, "両方", "both", "Keep"),
    # Joins
    (
        "    po: [[ex:p, {mapping: m, condition: {function: ex:f, parameters: [[a, $(b), o]]}}]]",
        5, 52, "equal だけ", "is equal", "arguments of equal",
    ),
    (
        "    po: [[ex:p, {mapping: m, condition: {function: equal, parameters: [[str1, $(b)]]}}]]",
        5, 52, "一つずつ必要", "one of the other", "[str1",
    ),
    # Sources and targets
    ("    sources: [[t.xml~xpath, /x]]", 5, 16, "xpath には対応", "xpath is not supported", "csv, jsonpath"),
    ("    sources: {access: 'http://x/y.csv'}", 5, 23, "ファイルだけ", "only files", "folder"),
    ("    sources: {access: x, type: mysql}", 5, 26, "type: mysql", "only files", "access"),
    ("    sources: {access: x, credentials: {username: u}}", 5, 26, "credentials", "only files", None),
    ("    sources: {access: x, delimiter: ab}", 5, 37, "一文字", "one character", None),
    ("    sources: {encoding: cp932}", 5, 14, "access がありません", "has no access", "folder"),
    ("    sources: []", 5, 14, "一つ以上", "at least one", None),
    ("    sources: {access: x, header: maybe}", 5, 34, "true か false", "true or false", None),
    ("    po: [[ex:p, {v: x, targets: [a.x~ftp]}]]", 5, 33, "ftp には対応", "type ftp", "localfile"),
    ("    po: [[ex:p, {v: x, targets: [a.x~void, n3]}]]", 5, 33, "n3", "serialization n3", "nquads"),
    ("    po: [[ex:p, {quoted: m}]]", 5, 26, "自分自身", "quotes itself", "of its own"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line", "column", "ja", "en", "hint"), MISTAKES)
def test_a_mistake_is_told_with_its_place(
    text: str, line: int, column: int, ja: str, en: str, hint: str | None
) -> None:
    error = fail(BEGIN + text)
    assert at(error) == (line, column)
    assert ja in error.message("ja")
    assert en in error.message("en")
    if hint is not None:
        assert error.hint is not None
        assert hint in error.hint.en


DOCUMENTS = [
    ("", 1, 1, "空です", "empty"),
    ("x", 1, 1, "キーと値の組", "keys and values"),
    ("prefixes: {}", 1, 1, "mappings がありません", "no mappings"),
    ("mappings: ", 1, 1, "mappings が空", "mappings is empty"),
    ("mappings: {}", 1, 1, "mappings が空", "mappings is empty"),
    ("mappings: [a]", 1, 11, "名前と値の組", "names and values"),
    ("mappings: {m: }", 1, 14, "キーと値の組", "the mapping m"),
    ("mapings: {m: {s: x}}", 1, 1, "mapings", "mapings"),
    ("prefixes: [a]\nmappings: {m: {s: x}}", 1, 11, "名前と値の組", "names and values"),
    ("prefixes: {a: [b]}\nmappings: {m: {s: x}}", 1, 15, "文字列", "expected text"),
    ("base: x\nmappings: {m: {s: x}}", 1, 7, "絶対 IRI", "absolute IRI"),
    ("authors: [[a]]\nmappings: {m: {s: x}}", 1, 11, "作成者", "an author"),
    ("targets: {t: []}\nmappings: {m: {s: x}}", 1, 14, "出力先", "a target"),
    ("sources: {t: []}\nmappings: {m: {s: x}}", 1, 14, "データソース", "a source"),
    ("prefixes：\n  ex: http://x/", 2, 5, "全角", "full-width"),
]


@pytest.mark.parametrize(("text", "line", "column", "ja", "en"), DOCUMENTS)
def test_a_mistake_in_the_document_is_told_with_its_place(
    text: str, line: int, column: int, ja: str, en: str
) -> None:
    error = fail(text)
    assert at(error) == (line, column)
    assert ja in error.message("ja")
    assert en in error.message("en")


def test_a_mapping_without_any_source_is_an_error() -> None:
    error = fail("mappings: {m: {s: 'http://x/$(a)'}}", source=None)
    assert at(error) == (1, 15)
    assert "データソース" in error.message("ja")
    assert "[[file.csv~csv]]" in error.message("en")


def test_the_kinds_of_errors_tell_what_is_wrong() -> None:
    assert type(fail(BEGIN + "    po: [[exx:p, x]]")) is MappingReferenceError
    assert type(fail(BEGIN + "    po: [[ex:p, $(b]]")) is MappingSyntaxError
    assert type(fail(BEGIN + "    pos: []")) is MappingError


def test_repeating_a_long_external_reference_is_refused_in_time() -> None:
    text = (
        f"external: {{x: {'y' * 100_000}}}\n"
        "mappings: {m: {s: 'http://x/', po: [[rdfs:label, '" + "$(_x)" * 50_000 + "']]}}"
    )
    started = time.process_time()
    error = fail(text)
    assert time.process_time() - started < 1
    assert isinstance(error, MappingSyntaxError)
    assert "too large" in error.message("en")
    assert "大きくなりすぎ" in error.message("ja")


def test_functions_in_functions_end_at_the_depth_limit() -> None:
    call = "ex:f(a = " * 10_000 + "x" + ")" * 10_000
    error = fail(BEGIN + f"    condition: '{call}'")
    assert "深すぎ" in error.message("ja")
    assert "too deep" in error.message("en")
