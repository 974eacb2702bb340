"""What a table becomes: columns, key, region, mapping, description, folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from app import bootstrap
from app.codes.bundled import region_table, vocab_dir
from app.errors import DatasetError, SourceError, UsageError
from app.findings import Findings, Severity
from app.publish.dataset import find_dataset
from app.publish.draft import Draft, DraftedFolder, draft_folder, draft_table
from app.publish.draft.column_draft import Origin, property_of
from app.publish.draft.drafting import Stated
from app.publish.draft.layouts import load_layouts
from app.publish.draft.modelling import Shape
from app.publish.pipeline import Published, publish
from app.publish.preview import preview
from app.settings import Settings
from app.tabular.reader import open_bytes
from tests.unit.tabular.workbooks import DATE, xlsx

LAYOUTS = load_layouts(vocab_dir())
AED = (
    "NO,名称,名称_カナ,住所,緯度,経度,設置位置,電話番号,利用可能曜日,開始時間,終了時間,小児対応設備の有無,備考\n"
    "1,市役所,シヤクショ,香川県高松市番町一丁目8-15,34.3428,134.0466,1階,087-839-2011,月火水木金,8:30,17:15,有,\n"
    "2,図書館,トショカン,香川県高松市昭和町一丁目2-20,34.3433,134.0357,2階,,火水木金土日,9:00,24:00,無,x\n"
)


def drafted(text: str, name: str = "things.csv", stated: Stated | None = None) -> Draft:
    table = open_bytes(name, text.encode(), findings=Findings())
    return draft_table(table, "things", LAYOUTS, region_table(), stated=stated)


def column(draft: Draft, name: str) -> tuple[str, Shape, Origin]:
    (found,) = [each for each in draft.columns if each.column == name]
    return found.predicate, found.shape, found.origin


class TestKnownLayouts:
    def test_have_their_class_and_the_region_in_their_iris(self) -> None:
        draft = drafted(AED)
        assert draft.layout is not None
        assert draft.layout.id == "aed"
        assert draft.classes == ("def:AED", "ic:設備型")
        assert draft.namespace == "id:aed/37201-"
        assert draft.title == "高松市 AED設置箇所一覧"

    def test_avoid_iris_that_another_data_set_uses(self) -> None:
        draft = drafted(AED, stated=Stated(taken=frozenset({"id:aed/37201-"})))
        assert draft.namespace == "id:aed/things-"

    def test_map_their_columns_to_the_properties_of_the_samples(self) -> None:
        draft = drafted(AED)
        assert column(draft, "小児対応設備の有無") == ("def:childMode", Shape.FLAG, Origin.LAYOUT)
        assert column(draft, "設置位置") == ("ic:設置位置", Shape.TEXT, Origin.LAYOUT)
        assert column(draft, "住所")[0] == "ic:住所/ic:表記"

    def test_three_levels_of_safety_are_kept(self) -> None:
        header = "NO,名称,住所," + ",".join(
            f"災害種別_{kind}" for kind in ("洪水", "高潮", "地震", "津波")
        )
        draft = drafted(f"{header}\n1,甲,高松市番町1,○,△,×,○\n2,乙,高松市番町2,○,○,×,○\n")
        assert column(draft, "災害種別_高潮")[1] is Shape.LEVEL
        assert column(draft, "災害種別_洪水")[1] is Shape.FLAG


class TestOtherTables:
    def test_keep_every_column_by_its_name(self) -> None:
        draft = drafted("番号,樹種,幹周\n1,クス,3.1\n2,マツ,2\n")
        assert column(draft, "樹種") == ("def:column/樹種", Shape.TEXT, Origin.GENERIC)
        assert column(draft, "幹周") == ("def:column/幹周", Shape.DECIMAL, Origin.GENERIC)

    @pytest.mark.parametrize(
        ("heading", "values", "shape"),
        [
            ("台数", ["1,200", "3"], Shape.INTEGER),
            ("率", ["0.5", "1"], Shape.DECIMAL),
            ("面積[㎡]", ["12.5", "3"], Shape.QUANTITY),
            ("点検日", ["令和6年4月1日", "R5.3.2"], Shape.DATE),
            ("ベンチの有無", ["○", "×"], Shape.FLAG),
            ("利用度", ["○", "△"], Shape.LEVEL),
            ("案内", ["甲", "乙"], Shape.TEXT),
        ],
    )
    def test_get_shapes_from_headings_and_values(
        self, heading: str, values: list[str], shape: Shape
    ) -> None:
        rows = "".join(f'{n},"{value}"\n' for n, value in enumerate(values))
        assert column(drafted(f"番号,{heading}\n{rows}"), heading)[1] is shape

    def test_columns_that_cannot_be_read_are_kept_as_text_and_told(self) -> None:
        rows = "".join(f"{n},屋内{n}人／屋外0人,x\n" for n in range(1, 9))
        draft = drafted(f"番号,想定収容人数,備考\n{rows}")
        (capacity,) = [c for c in draft.columns if c.column == "想定収容人数"]
        assert capacity.as_text
        assert any("想定収容人数" in each.ja for each in draft.confirmations)
        assert "ic:表記, $(想定収容人数)" in draft.mapping

    def test_dates_that_begin_with_the_month_have_their_format(self) -> None:
        draft = drafted("番号,点検日\n1,5/13/2023\n2,1/2/2023\n")
        assert "jfn:format, M/d/yyyy" in draft.mapping
        (found,) = [c for c in draft.columns if c.column == "点検日"]
        assert found.confirm is None
        doubtful = drafted("番号,点検日\n1,5/1/2023\n2,1/2/2023\n")
        assert any("d/M/yyyy" in each.en for each in doubtful.confirmations)

    def test_instructions_and_empty_columns_are_left_out(self) -> None:
        draft = drafted("番号,名称,,←項目名を入力\n1,甲,,←ここから\n2,乙,,\n")
        left_out = [c.column for c in draft.columns if c.origin is Origin.LEFT_OUT]
        assert left_out == ["column_3", "←項目名を入力"]

    def test_texts_for_nothing_are_missing_values(self) -> None:
        draft = drafted("番号,台数\n1,3\n2,-\n3,－\n")
        assert draft.missing == ("-", "－")
        assert column(draft, "台数")[1] is Shape.INTEGER

    def test_lost_formulas_are_no_values_and_told(self) -> None:
        draft = drafted("番号,台数,計\n1,3,#REF!\n2,#REF!,#REF!\n")
        assert draft.missing == ("#REF!",)
        assert column(draft, "台数")[1] is Shape.INTEGER
        assert any("3 cells" in each.en for each in draft.confirmations)


class TestKeys:
    def test_a_number_without_repeats(self) -> None:
        assert drafted("管理番号,名称\nA1,甲\nA2,甲\n").key.columns == ("管理番号",)

    def test_the_name_when_nothing_numbers_the_rows(self) -> None:
        draft = drafted("名称,種別\n甲,a\n乙,a\n")
        assert draft.key.columns == ("名称",)
        assert draft.key.confirm is not None

    def test_several_columns_together(self) -> None:
        draft = drafted("名称,種別\n甲,a\n甲,b\n乙,a\n")
        assert draft.key.columns == ("名称", "種別")

    def test_the_whole_row_when_nothing_else_is_left(self) -> None:
        draft = drafted("値,値2\n1,2\n1,2\n2,3\n")
        assert draft.key.is_row
        assert "jfn:sha256" in draft.mapping

    def test_numbers_that_repeat_are_no_key(self) -> None:
        assert drafted("NO,名称\n1,甲\n1,乙\n").key.columns != ("NO",)


class TestPropertyNames:
    @pytest.mark.parametrize(
        ("title", "property"),
        [
            ("面積", "def:column/面積"),
            ("a b/c~d", "def:column/a%20b%2Fc%7Ed"),
            ("員数（数）", "def:column/員数（数）"),
        ],
    )
    def test_read_like_the_heading(self, title: str, property: str) -> None:
        assert property_of(title) == property

    def test_of_long_headings_are_cut_and_stay_different(self) -> None:
        first, second = (property_of("問" * 100 + end) for end in "ab")
        assert first != second
        assert len(first) < 80


# Folders --------------------------------------------------------------------------------------


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.model_validate(
        {
            "base_iri": "https://data.example.jp",
            "mappings_dir": tmp_path / "mappings",
            "data_dir": tmp_path / "data",
            "vocab_dir": vocab_dir(),
        }
    )


def made(settings: Settings, file: Path, **options: object) -> DraftedFolder:
    return draft_folder(file, settings, region_table(), **options)  # type: ignore[arg-type]  # as given


def published(settings: Settings, id: str) -> Published:
    releases = bootstrap.open_releases(settings)
    return publish([find_dataset(settings, id)], releases, settings)


def source(tmp_path: Path, name: str, data: str | bytes) -> Path:
    folder = tmp_path / "incoming"
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    return folder / name


class TestFolders:
    def test_can_be_published_as_they_are(self, settings: Settings, tmp_path: Path) -> None:
        done = made(settings, source(tmp_path, "AED 一覧.csv", AED), id="aed")
        assert done.files == ("datapackage.yaml", "mapping.yml", "AED 一覧.csv")
        outcome = published(settings, "aed").outcomes[0]
        assert outcome.converted is not None
        assert outcome.converted.rows == 2
        assert outcome.findings.worst() in (None, Severity.INFO)

    def test_have_the_table_as_it_was(self, settings: Settings, tmp_path: Path) -> None:
        data = AED.replace("\n", "\r\n").encode("cp932")
        done = made(settings, source(tmp_path, "aed.csv", data))
        assert (done.folder / "aed.csv").read_bytes() == data
        assert "encoding: cp932" in (done.folder / "datapackage.yaml").read_text()

    def test_are_never_overwritten_unasked(self, settings: Settings, tmp_path: Path) -> None:
        file = source(tmp_path, "aed.csv", AED)
        done = made(settings, file)
        (done.folder / "mapping.yml").write_text("mine")
        with pytest.raises(DatasetError, match="--force"):
            made(settings, file)
        assert (done.folder / "mapping.yml").read_text() == "mine"
        made(settings, file, force=True)
        assert "def:AED" in (done.folder / "mapping.yml").read_text()

    @pytest.mark.parametrize("id", ["../evil", "A", "a b", "", "a/b", ".", "x" * 65])
    def test_have_ids_that_are_no_paths(self, settings: Settings, tmp_path: Path, id: str) -> None:
        with pytest.raises(UsageError):
            made(settings, source(tmp_path, "aed.csv", AED), id=id)

    def test_need_an_id_where_the_name_gives_none(self, settings: Settings, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match="--dataset"):
            made(settings, source(tmp_path, "施設.csv", AED))

    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("page.csv", "<!DOCTYPE html><html></html>"),
            ("binary.csv", bytes(range(256)) * 50),
            ("empty.csv", ""),
            ("wide.csv", ",".join(f"c{n}" for n in range(10_000)) + "\n"),
            ("cell.csv", 'a,b\n1,"' + "x" * (10 << 20) + '"\n'),
            ("book.xlsx", b"PK\x03\x04broken"),
        ],
    )
    def test_of_what_is_no_table_are_not_begun(
        self, settings: Settings, tmp_path: Path, name: str, data: str | bytes
    ) -> None:
        with pytest.raises(SourceError) as refused:
            made(settings, source(tmp_path, name, data))
        assert refused.value.hint is not None
        assert not settings.mappings_dir.exists() or not list(settings.mappings_dir.iterdir())

    def test_of_workbooks_remember_the_sheet(self, settings: Settings, tmp_path: Path) -> None:
        rows = [["ID", "名称", "点検日"], [1, "甲", (45383, DATE)], [2, "乙", (45384, DATE)]]
        book = source(tmp_path, "book.xlsx", xlsx({"説明": [["x"]], "一覧": rows}))  # type: ignore[dict-item]  # cells of several kinds
        made(settings, Path(f"{book}#一覧"), id="book")
        assert "一覧" in (settings.mappings_dir / "book/datapackage.yaml").read_text()
        rows_read = preview(find_dataset(settings, "book")).rows
        assert [row.cells["点検日"] for row in rows_read] == ["2024-04-01", "2024-04-02"]
        assert published(settings, "book").changed

    def test_of_geojson(self, settings: Settings, tmp_path: Path) -> None:
        text = (
            '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"id":"1",'
            '"name":"甲"},"geometry":{"type":"Point","coordinates":[134.05,34.34]}}]}'
        )
        made(settings, source(tmp_path, "a.geojson", text), id="places")
        assert published(settings, "places").changed
        (row,) = preview(find_dataset(settings, "places")).rows
        assert row.title["ja"] == "甲"
        assert any("wgs84_pos#lat" in triple.predicate for triple in row.triples)

    @pytest.mark.parametrize(
        "heading",
        [
            "a(b",
            "a)b",
            "(a)",
            "$(x)",
            "_a",
            "a:b",
            "a, b",
            "'q'",
            '"q"',
            "a\\b",
            "# c",
            "- d",
            "{e}",
            "[f]",
            "null",
            "1",
            "~",
            "%41",
            "a~iri",
            "?",
        ],
    )
    def test_of_columns_with_any_name(
        self, settings: Settings, tmp_path: Path, heading: str
    ) -> None:
        quoted = '"' + heading.replace('"', '""') + '"'
        made(settings, source(tmp_path, "odd.csv", f"番号,{quoted}\n1,x\n2,y\n"))
        (first, _) = preview(find_dataset(settings, "odd")).rows
        assert any(triple.object == '"x"' for triple in first.triples)


class TestWhatLiesBeside:
    def test_a_data_package_gives_titles_units_key_and_licence(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        file = source(tmp_path, "trees.csv", "code,h\nA,3\nB,4\n")
        source(
            tmp_path,
            "datapackage.json",
            '{"name":"x","title":"樹木","licenses":[{"path":"https://creativecommons.org/publicdomain/zero/1.0/"}],'
            '"resources":[{"path":"trees.csv","schema":{"primaryKey":"code","fields":['
            '{"name":"code"},{"name":"h","title":"樹高","unit":"m","type":"number"}]}}]}',
        )
        done = made(settings, file)
        assert [path.name for path in done.used] == ["datapackage.json"]
        text = (done.folder / "datapackage.yaml").read_text()
        assert "title: 樹木" in text
        assert "publicdomain/zero" in text
        mapping = (done.folder / "mapping.yml").read_text()
        assert "ic:単位表記, m" in mapping
        assert done.draft is not None
        assert done.draft.key.columns == ("code",)
        assert published(settings, "trees").changed

    def test_an_item_table_gives_the_paths(self, settings: Settings, tmp_path: Path) -> None:
        file = source(tmp_path, "toilets.csv", "ID,名称,面積\n1,甲,3\n2,乙,4\n")
        source(
            tmp_path,
            "items.csv",
            "項目名,共通語彙,データ型\nID,*施設>ID>識別値,xsd:string\n名称,施設>名称>表記,xsd:string\n電話,施設>連絡先>電話番号,\n",
        )
        done = made(settings, file)
        assert [path.name for path in done.used] == ["items.csv"]
        rows = preview(find_dataset(settings, "toilets")).rows
        said = {(t.predicate, t.object) for t in rows[0].triples}
        assert any("識別値" in predicate and value == '"1"' for predicate, value in said)
        assert any("column" in predicate for predicate, _ in said)
        assert published(settings, "toilets").changed

    def test_csvw_metadata_with_a_mapping_is_the_mapping(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        file = source(tmp_path, "t.csv", "id,name\n1,甲\n")
        source(
            tmp_path,
            "t.csv-metadata.json",
            '{"@context":"http://www.w3.org/ns/csvw","url":"t.csv","dc:title":"表","tableSchema":'
            '{"aboutUrl":"https://data.example.jp/id/t/{id}","columns":[{"titles":"id"},{"titles":"name"}]}}',
        )
        done = made(settings, file)
        assert done.draft is None
        assert done.files == ("t.csv-metadata.json", "t.csv")
        assert published(settings, "t").changed

    def test_what_is_broken_is_told_and_left_aside(
        self, settings: Settings, tmp_path: Path
    ) -> None:
        file = source(tmp_path, "t.csv", "id,name\n1,甲\n")
        source(tmp_path, "datapackage.json", "{")
        done = made(settings, file)
        assert len(done.notes) == 1
        assert done.draft is not None
