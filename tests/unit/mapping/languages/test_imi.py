"""Structured item names are read as a mapping; slips of the table are findings, not guesses."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.codes.terms import TermTable
from app.errors import MappingError
from app.findings import Findings
from app.mapping.compile import compile_mapping
from app.mapping.functions.registry import JFN
from app.mapping.languages import read_mapping
from app.mapping.languages.imi import read_imi
from app.mapping.languages.imi.notation import ItemPath, NotAPath, Step, read_paths
from app.mapping.model import (
    Argument,
    Call,
    Constant,
    LogicalSource,
    Mapping,
    Reference,
    ReferencingObject,
    Template,
    TermMap,
    TermType,
    TriplesMap,
)
from app.rdf.namespaces import IC, XSD
from tests.conftest import ROOT

HEADER = "項目名,共通語彙,データ型\n"
KEY = "ID,*施設>ID>識別値,xsd:string\n"


@pytest.fixture(scope="module")
def terms() -> TermTable:
    return TermTable.load(ROOT / "vocab", base_iri="http://h")


@pytest.fixture
def found() -> Findings:
    return Findings()


def read(text: str, terms: TermTable, findings: Findings) -> Mapping:
    return read_imi(
        text,
        file="items.csv",
        source=LogicalSource("t.csv"),
        namespace="http://h/id/facility/",
        terms=terms,
        findings=findings,
    )


def by_id(mapping: Mapping) -> dict[str, TriplesMap]:
    return {each.id: each for each in mapping.triples_maps}


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("施設>名称", ItemPath((Step("施設"), Step("名称")))),
        (" 施設 　> 名称 ", ItemPath((Step("施設"), Step("名称")))),
        ("ic:施設型>ic:名称", ItemPath((Step("ic:施設型"), Step("ic:名称")))),
        ("*施設>ID>識別値", ItemPath((Step("施設"), Step("ID"), Step("識別値")), is_key=True)),
        ("施設>表記@ja-Hrkt", ItemPath((Step("施設"), Step("表記")), language="ja-Hrkt")),
        ("施設>参照>", ItemPath((Step("施設"), Step("参照")), is_iri=True)),
        ("施設>ID[町字]>識別値", ItemPath((Step("施設"), Step("ID", "町字"), Step("識別値")))),
        ("施設>ID【町字】>識別値", ItemPath((Step("施設"), Step("ID", "町字"), Step("識別値")))),
        (
            "施設>関連施設{役割='設置\\'施設'}{@施設関連型}>名称",
            ItemPath(
                (
                    Step("施設"),
                    Step("関連施設", None, ("施設関連型",), (("役割", "設置'施設"),)),
                    Step("名称"),
                )
            ),
        ),
        (
            '施設>連絡先{ 種別 = "代表" }>電話番号',
            ItemPath((Step("施設"), Step("連絡先", fixed=(("種別", "代表"),)), Step("電話番号"))),
        ),
    ],
)
def test_paths(text: str, path: ItemPath) -> None:
    assert read_paths(text) == (path,)


def test_several_paths_are_separated_by_a_bar() -> None:
    assert read_paths("施設>名称>表記 | 施設>表記@ja") == (
        ItemPath((Step("施設"), Step("名称"), Step("表記"))),
        ItemPath((Step("施設"), Step("表記")), language="ja"),
    )


@pytest.mark.parametrize(
    ("text", "at"),
    [("施設>[", 3), ("施設>名称{役割=x}", 9), ("施設>名称[a", 6), ("", 0), ("a>b c", 4)],
)
def test_a_text_that_is_no_path_tells_where(text: str, at: int) -> None:
    with pytest.raises(NotAPath) as caught:
        read_paths(text)
    assert caught.value.at == at


def test_columns_with_the_same_beginning_share_a_node(terms: TermTable, found: Findings) -> None:
    maps = by_id(
        read(
            HEADER + KEY + "名称,施設>名称>表記,xsd:string\n名称_カナ,施設>名称>カナ表記,\n",
            terms,
            found,
        )
    )
    assert list(maps) == ["施設", "施設#ID", "施設#名称"]
    root, node = maps["施設"], maps["施設#名称"]
    assert root.subjects[0].expression == Template(("http://h/id/facility/", Reference("ID")))
    assert root.classes[0].expression == Constant(IC + "施設型", TermType.IRI)
    assert node.subjects[0].expression == Template(
        ("http://h/id/facility/", Reference("ID"), "#名称")
    )
    assert node.classes[0].expression == Constant(IC + "名称型", TermType.IRI)
    values = [(p.predicates[0].expression, p.objects[0]) for p in node.predicate_objects]
    assert values == [
        (Constant(IC + "表記", TermType.IRI), TermMap(Reference("名称"), TermType.LITERAL)),
        (
            Constant(IC + "カナ表記", TermType.IRI),
            TermMap(Reference("名称_カナ"), TermType.LITERAL),
        ),
    ]
    link = root.predicate_objects[1]
    assert link.objects == (ReferencingObject("施設#名称"),)
    either = Call(
        JFN + "coalesce",
        tuple(Argument(JFN + "value", TermMap(Reference(n))) for n in ("名称", "名称_カナ")),
    )
    exists = Call(JFN + "notNull", (Argument(JFN + "value", TermMap(either)),))
    assert link.condition == node.condition == exists
    assert not len(found)


def test_labels_keep_nodes_apart_and_braces_say_more_of_them(
    terms: TermTable, found: Findings
) -> None:
    maps = by_id(
        read(
            HEADER
            + KEY
            + "町字ID,施設>ID[町字]>識別値,\n"
            + "開始,施設>利用可能時間{@定期スケジュール型}>開始時間,xsd:time\n"
            + "電話,施設>連絡先{説明='代表'}>電話番号,\n",
            terms,
            found,
        )
    )
    assert "施設#ID-町字" in maps
    hours = maps["施設#利用可能時間"]
    assert [c.expression for c in hours.classes] == [
        Constant(IC + "定期スケジュール型", TermType.IRI)
    ]
    assert hours.predicate_objects[0].objects[0] == TermMap(
        Call(JFN + "time", (Argument(JFN + "value", TermMap(Reference("開始"))),)),
        TermType.LITERAL,
        datatype=TermMap(Constant(XSD + "time", TermType.IRI)),
    )
    contact = maps["施設#連絡先"]
    assert contact.predicate_objects[0].objects == (TermMap(Constant("代表")),)


def test_languages_and_iris(terms: TermTable, found: Findings) -> None:
    root = by_id(read(HEADER + KEY + "名,施設>表記@en,\nURL,施設>画像>,\n", terms, found))["施設"]
    assert root.predicate_objects[0].objects[0] == TermMap(
        Reference("名"), TermType.LITERAL, language=TermMap(Constant("en"))
    )
    assert root.predicate_objects[1].objects[0] == TermMap(Reference("URL"), TermType.IRI)


SLIPS = [
    ("名,施設>表記 （注4）,", "item-note-in-path", "（注4）"),
    ("名,,", "item-without-path", "変換しません"),
    ("名,（注6）,（注6）", "item-without-path", "変換しません"),
    ("名,施設>表記[,", "item-path-unreadable", "7 文字目"),
    ("名,イベント>表記,", "item-other-class", "イベント で始まり"),
    ("名,施設>名称>カナ表紀,", "item-unknown-term", "ic:カナ表記"),
    ("名,施設>連絡先{@連絡型}>電話番号,", "item-unknown-term", "連絡型"),
    ("名,施設>連絡先>施設型>電話番号,", "item-class-in-path", "施設型"),
    ("名,施設>表記[英語],", "item-label-on-value", "[英語]"),
    ("名,施設>ID>識別値,", "item-same-path", "「ID」と同じ"),
    ("名,施設>住所,", "item-needs-node", "ic:住所型"),
    (
        "緯度,施設>地理座標>緯度,\n経度,施設>設置地点>地理座標>経度,",
        "item-coordinates-apart",
        "「経度」と「緯度」",
    ),
]


@pytest.mark.parametrize(("rows", "code", "ja"), SLIPS)
def test_slips_are_findings_with_their_line(
    rows: str, code: str, ja: str, terms: TermTable, found: Findings
) -> None:
    other = "備考,施設>備考,\n"
    mapping = read(HEADER + KEY + other + rows + "\n", terms, found)
    slips = [finding for finding in found if finding.kind.code == code]
    assert len(slips) == 1
    assert slips[0].place.line == 4 + rows.count("\n")
    assert ja in slips[0].message("ja")
    assert slips[0].message("en")
    assert any("備考" in str(each) for each in mapping.triples_maps)


@pytest.mark.parametrize(
    ("text", "ja", "en"),
    [
        ("", "列「項目名」", "no column"),
        (HEADER, "項目がありません", "no item"),
        ("項目名,型\nx,y\n", "列「共通語彙」", "no column"),
        (HEADER + "a,,\n", "使えるパスがありません", "no path"),
        (HEADER + "a,施設>表記,\n", "キー", "key is missing"),
        (HEADER + '"a,施設\n', "CSV として", "not CSV"),
    ],
)
def test_a_table_that_is_no_mapping_is_an_error(
    text: str, ja: str, en: str, terms: TermTable, found: Findings
) -> None:
    with pytest.raises(MappingError) as caught:
        read(text, terms, found)
    assert ja in caught.value.message("ja")
    assert en in caught.value.message("en")


def test_a_yaml_list_says_the_same(terms: TermTable, found: Findings) -> None:
    mapping = read_imi(
        "- {項目名: ID, 共通語彙: '*施設>ID>識別値', データ型: xsd:string}\n",
        file="items.yml",
        source=LogicalSource("t.csv"),
        namespace="http://h/id/facility/",
        terms=terms,
        findings=found,
    )
    assert mapping.triples_maps == read(HEADER + KEY, terms, Findings()).triples_maps


@pytest.mark.shared
def test_the_official_table_of_public_toilets(
    shared: Path, terms: TermTable, found: Findings
) -> None:
    path = shared / "reference/imi-item-table-public-toilet.csv"
    mapping = read_mapping(
        path.read_text(encoding="utf-8-sig"),
        file=str(path),
        default_source=LogicalSource("t.csv"),
        terms=terms,
        namespace="http://h/id/toilet/",
        findings=found,
    )
    assert found.counts() == {
        "item-coordinates-apart": 1,
        "item-label-on-value": 1,
        "item-note-in-path": 14,
        "item-other-class": 1,
        "item-same-path": 5,
        "item-without-path": 6,
    }
    assert len(mapping.triples_maps) == 15
    compile_mapping(mapping)
