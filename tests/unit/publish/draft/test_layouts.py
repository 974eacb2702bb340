"""The recommended layouts, recognised by their headers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.codes.bundled import vocab_dir
from app.codes.terms import TermTable
from app.publish.draft.layouts import Layout, Layouts, fold, foldings, load_layouts
from app.publish.draft.modelling import MEANINGS, Shape
from app.publish.draft.recognition import RECOGNISED, recognise_layout

LAYOUTS = load_layouts(vocab_dir())
BY_ID = {layout.id: layout for layout in LAYOUTS.layouts}

ADDRESS_BLOCK = [
    "全国地方公共団体コード",
    "ID",
    "地方公共団体名",
    "名称",
    "名称_カナ",
    "名称_英字",
    "所在地_全国地方公共団体コード",
    "町字ID",
    "所在地_連結表記",
    "所在地_都道府県",
    "所在地_市区町村",
    "所在地_町字",
    "所在地_番地以下",
    "建物名等(方書)",
    "緯度",
    "経度",
]


def best(columns: list[str], title: str = "") -> tuple[str, float]:
    found = recognise_layout(columns, LAYOUTS, title=title)
    return (found[0].layout.id, found[0].confidence) if found else ("", 0.0)


class TestTheLayouts:
    def test_are_the_fourteen_recommended_ones_and_the_known_new_ones(self) -> None:
        numbers = sorted(layout.number for layout in LAYOUTS.layouts if layout.number)
        assert numbers == [f"{n:02d}" for n in range(1, 15)]
        assert {"public-toilets-standard", "evacuation-sites-standard", "fire-water-standard"} <= {
            *BY_ID
        }
        assert {"food-businesses", "facilities-standard"} <= {*BY_ID}

    @pytest.mark.shared
    def test_have_the_columns_of_the_recommendation(self, shared: Path) -> None:
        text = (shared / "reference/recommended-datasets-14.json").read_text(encoding="utf-8")
        for given in json.loads(text)["datasets"]:
            layout = next(each for each in LAYOUTS.layouts if each.number == given["id"])
            columns = [c for c in given["columns"] if c["type"] != "StructuredValue"]
            assert [c.name for c in layout.columns] == [c["name"] for c in columns]
            assert [c.required for c in layout.columns] == [c["required"] for c in columns]

    def test_say_only_what_the_composer_knows(self) -> None:
        for layout in LAYOUTS.layouts:
            for column in layout.columns:
                assert not column.shape or column.shape in {shape.value for shape in Shape}
                known = column.means in {*MEANINGS, *LAYOUTS.names}
                assert not column.means or known, (layout.id, column.name)

    def test_their_classes_and_properties_are_terms_of_the_vocabulary(self) -> None:
        base = "https://data.example.jp"
        terms = TermTable.load(vocab_dir(), base_iri=base)
        names = [name for layout in LAYOUTS.layouts for name in layout.classes]
        names += [c.property for layout in LAYOUTS.layouts for c in layout.columns if c.property]
        for name in names:
            if name.startswith("def:"):
                assert f"{base}/def/{name.removeprefix('def:')}" in terms, name

    def test_no_word_of_a_layout_is_lost_to_another_column(self) -> None:
        for layout in LAYOUTS.layouts:
            folded = [fold(column.name) for column in layout.columns]
            assert len(folded) == len(set(folded)), layout.id


class TestRecognition:
    @pytest.mark.parametrize("layout", LAYOUTS.layouts, ids=lambda layout: layout.id)
    def test_of_the_header_itself(self, layout: Layout) -> None:
        found, confidence = best([column.name for column in layout.columns])
        assert BY_ID[found].path == layout.path
        assert found == layout.id or layout.id == "facilities-standard"
        assert confidence >= RECOGNISED

    @pytest.mark.parametrize("layout", LAYOUTS.layouts, ids=lambda layout: layout.id)
    def test_of_a_header_in_half_width_with_other_punctuation(self, layout: Layout) -> None:
        columns = [
            f"{number}.{column.name.replace('_', '（', 1)}）" if "_" in column.name else column.name
            for number, column in enumerate(layout.columns, 1)
        ]
        found, _ = best(columns)
        assert BY_ID[found].path == layout.path

    def test_of_machine_names(self) -> None:
        columns = [
            "localgov_code",
            "id",
            "localgov_name",
            "name",
            "name_kana",
            "name_english",
            "seat_localgov_code",
            "choaza_id",
            "seat_copulative_spell",
            "latitude",
            "longitude",
            "male_wc_total",
            "female_wc_total",
            "barrier_free_wc",
            "wheelchair_wc",
            "infant_wc",
            "ostomate_wc",
            "available_start_time",
            "note",
        ]
        assert best(columns)[0].startswith("public-toilets")

    def test_of_a_header_with_a_slip_in_it(self) -> None:
        columns = [c.name for c in BY_ID["aed"].columns]
        columns[columns.index("小児対応設備の有無")] = "小児対応設備の有無し"
        (found, *_) = recognise_layout(columns, LAYOUTS)
        assert found.matches["小児対応設備の有無し"].layout_column.name == "小児対応設備の有無"
        assert found.matches["小児対応設備の有無し"].likeness < 0.9

    def test_of_the_common_block(self) -> None:
        assert best([*ADDRESS_BLOCK, "電話番号", "URL", "備考"])[0] in {
            "facilities-standard",
            "public-facilities",
        }

    @pytest.mark.parametrize(
        "columns",
        [
            ["年度", "歳入", "歳出"],
            ["名称", "休止開始日", "休止終了日"],
            ["a", "b", "c"],
            ["日付", "気温", "降水量", "風速"],
        ],
    )
    def test_of_nothing_where_there_is_nothing(self, columns: list[str]) -> None:
        assert best(columns)[1] < RECOGNISED

    def test_says_what_is_missing_and_what_is_more(self) -> None:
        columns = [c.name for c in BY_ID["aed"].columns if c.name != "設置位置"]
        (found, *_) = recognise_layout([*columns, "点検日"], LAYOUTS)
        assert found.missing_required == ("設置位置",)
        assert found.extra == ("点検日",)


class TestFolding:
    @pytest.mark.parametrize(
        ("heading", "folded"),
        [
            ("名称_ｶﾅ", "名称カナ"),
            ("3. 名称_カナ", "名称カナ"),
            ("NO", "no"),
            ("prefCode", "prefcode"),
            ("男性トイレ数（小便器）", "男性トイレ数小便器"),
            ("FAX番号", "fax番号"),
        ],
    )
    def test_leaves_what_a_heading_says(self, heading: str, folded: str) -> None:
        assert fold(heading) == folded

    def test_forms_go_from_sure_to_less_sure(self) -> None:
        assert list(foldings("位置/緯度（世界測地系）")) == [
            "位置緯度世界測地系",
            "位置緯度",
            "緯度世界測地系",
        ]


def test_a_vocabulary_without_layouts_is_empty(tmp_path: Path) -> None:
    assert load_layouts(tmp_path) == Layouts((), {}, {})
