"""Thirty made-up municipal tables with all the usual trouble: checked, drafted, looked at and
converted with no edit, and what comes out means what the table says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from app.codes.bundled import region_table, vocab_dir
from app.findings import Findings
from app.publish.checking import check_file
from app.publish.convert import convert
from app.publish.dataset import find_dataset
from app.publish.draft import Draft, draft_folder
from app.publish.draft.modelling import Shape
from app.publish.preview import Preview, preview
from app.settings import Settings, load
from tests.unit.publish.draft import municipal_kinds as kinds
from tests.unit.publish.draft.municipal_kinds import KINDS, Made

TAKAMATSU = "37201"


@dataclass(frozen=True)
class Result:
    """What came out."""

    found: dict[str, int]
    draft: Draft
    shown: Preview
    quads: tuple[str, ...]
    findings: dict[str, int]

    def shape(self, column: str) -> Shape:
        (drafted,) = [each for each in self.draft.columns if each.column == column]
        assert not drafted.as_text, drafted.reasons
        return drafted.shape

    def says(self, *parts: str) -> bool:
        """Whether a quad has all these parts."""
        return any(all(part in quad for part in parts) for quad in self.quads)


@dataclass(frozen=True)
class Expected:
    """What must come out: the key, how many things, the region, how many cells cannot be read
    and remain unsaid, codes that the check must name, and shapes of columns."""

    key: tuple[str, ...]
    things: int
    region: str | None = None
    unread: int = 0
    codes: tuple[str, ...] = ()
    shapes: dict[str, Shape] = field(default_factory=dict)
    layout: str | None = None


EXPECTED: dict[Callable[[], Made], Expected] = {
    kinds.library: Expected(("資料番号",), 4, shapes={"出版年": Shape.INTEGER, "ISBN": Shape.TEXT}),
    kinds.districts: Expected(
        ("町名",),
        3,
        codes=("table-header-rows", "table-title-row", "total-row", "note-row"),
        shapes={"世帯数": Shape.INTEGER, "人口/男": Shape.INTEGER},
        layout="population-by-age",
    ),
    kinds.budget: Expected(
        ("年度", "目"), 4, codes=("negative-mark",), shapes={"増減（千円）": Shape.QUANTITY}
    ),
    kinds.bus_stops: Expected(("stop_id",), 3, shapes={"のりば": Shape.INTEGER}),
    kinds.crowding: Expected(
        ("施設名",),
        3,
        TAKAMATSU,
        shapes={
            "現在の避難者数": Shape.INTEGER,
            "ペット同伴": Shape.FLAG,
            "最終更新": Shape.DATE_TIME,
        },
    ),
    kinds.rubbish: Expected(("地区コード",), 3, shapes={"燃やせるごみ": Shape.DAYS}),
    kinds.swapped: Expected(
        ("№",),
        3,
        TAKAMATSU,
        codes=("coordinate-swapped",),
        shapes={"面積(㎡)": Shape.QUANTITY, "供用開始年月日": Shape.DATE},
    ),
    kinds.tokyo_datum: Expected(
        ("消火栓番号",),
        3,
        codes=("datum-old", "cell-unit"),
        shapes={"口径": Shape.QUANTITY},
        layout="fire-water",
    ),
    kinds.extension_letters: Expected(
        ("事業所番号",),
        2,
        TAKAMATSU,
        codes=("platform-character", "corporate-number-invalid"),
        shapes={"定員": Shape.DECIMAL},
        layout="care-services",
    ),
    kinds.utf16: Expected(("施設番号",), 2, TAKAMATSU, shapes={"開所時間": Shape.TIME}),
    kinds.tabs: Expected(("番号",), 4, codes=("date-era",), shapes={"指定年月日": Shape.DATE}),
    kinds.semicolons: Expected(("番号",), 2, TAKAMATSU, shapes={"収容台数": Shape.INTEGER}),
    kinds.line_breaks: Expected(
        ("イベント名",),
        3,
        codes=("cell-line-break", "table-empty-columns"),
        shapes={"開催日": Shape.DATE, "開始時刻": Shape.TIME},
        layout="events",
    ),
    kinds.full_width: Expected(
        ("学 校 名",),
        2,
        TAKAMATSU,
        codes=("total-row",),
        shapes={"児童生徒数": Shape.INTEGER, "電話番号": Shape.PHONE},
    ),
    kinds.split_addresses: Expected(("ID",), 2, TAKAMATSU, layout="public-toilets-standard"),
    kinds.several_tables: Expected(
        ("名称",), 3, TAKAMATSU, codes=("several-tables", "table-title-row")
    ),
    kinds.workbook: Expected(
        ("施設名",),
        3,
        codes=("sheet-merged-cells", "sheet-others"),
        shapes={"集計日": Shape.DATE, "利用者数": Shape.INTEGER},
    ),
    kinds.open_document: Expected(
        ("投票区番号",), 3, codes=("cell-unit",), shapes={"投票率": Shape.QUANTITY}
    ),
    kinds.wide: Expected(("区分",), 2, codes=("heading-era",), shapes={"令和3年度": Shape.INTEGER}),
    kinds.measurements: Expected(
        ("測定日", "採水地点"),
        4,
        codes=("value-missing-sign",),
        shapes={"水温(℃)": Shape.QUANTITY, "pH": Shape.DECIMAL},
    ),
    kinds.road_works: Expected(
        ("工事番号",), 2, codes=("cell-unit",), shapes={"契約金額": Shape.QUANTITY}
    ),
    kinds.houses: Expected(("物件番号",), 3, shapes={"土地面積": Shape.QUANTITY}),
    kinds.quoted_everything: Expected(("医療機関コード",), 2, TAKAMATSU),
    kinds.lamps: Expected(
        ("管理番号",), 4, unread=3, codes=("coordinate-zero",), shapes={"ワット数": Shape.INTEGER}
    ),
    kinds.rules_of_the_house: Expected(("施設の名称",), 2, codes=("table-header-trimmed",)),
    kinds.numbers_as_names: Expected(("NO",), 2, TAKAMATSU, codes=("coordinate-not-decimal",)),
    kinds.wifi: Expected(("NO",), 2, TAKAMATSU, layout="wifi-access-points"),
    kinds.shelters: Expected(("NO",), 2, TAKAMATSU, layout="evacuation-sites"),
    kinds.one_column: Expected(("町名",), 4),
    kinds.councillors: Expected(
        ("議席番号",), 2, codes=("personal-name",), shapes={"生年月日": Shape.DATE}
    ),
}


def settings_in(folder: Path) -> Settings:
    return load(
        None,
        {},
        base_iri="https://data.example.jp",
        mappings_dir=folder / "mappings",
        data_dir=folder / "data",
        vocab_dir=vocab_dir(),
    )


def result_of(kind: Callable[[], Made], folder: Path) -> Result:
    settings = settings_in(folder)
    name, data = kind()
    (folder / name).write_bytes(data)
    report = check_file(folder / name, settings, region_table())
    made = draft_folder(folder / name, settings, region_table())
    assert made.draft is not None
    dataset = find_dataset(settings, made.id)
    shown = preview(dataset)
    findings = Findings()
    quads = bytearray()
    convert(dataset, quads.extend, findings=findings)
    lines = tuple(bytes(quads).decode().splitlines())
    counts = dict(findings.counts())
    return Result(dict(report.findings.counts()), made.draft, shown, lines, counts)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_table_is_checked_drafted_and_converted_with_no_edit(
    kind: Callable[[], Made], tmp_path: Path
) -> None:
    result, wanted = result_of(kind, tmp_path), EXPECTED[kind]
    assert result.draft.key.columns == wanted.key
    assert not result.draft.key.is_row
    assert result.shown.totals.entities == wanted.things
    region = result.draft.whereabouts.region
    assert (region.code5 if region is not None else None) == wanted.region
    layout = result.draft.layout
    assert (layout.id if layout is not None else None) == wanted.layout
    assert set(wanted.codes) <= set(result.found)
    for column, shape in wanted.shapes.items():
        assert result.shape(column) is shape
    # Nothing is lost: every cell is said, but for those that stand for nothing.
    assert result.findings.get("function-bad-value", 0) == wanted.unread
    mapped = {each.column for each in result.draft.columns if each.is_mapped}
    unmapped = set(result.shown.sources[0].unmapped)
    assert not unmapped & mapped
    assert all(name.startswith("column_") for name in unmapped)
    titled = [row for row in result.shown.rows if row.entity is not None]
    assert all(row.title["ja"] for row in titled)


def test_every_kind_is_expected() -> None:
    assert set(EXPECTED) == set(KINDS)


def test_numbers_are_numbers_however_they_are_written(tmp_path: Path) -> None:
    assert result_of(kinds.budget, tmp_path).says('"-65433"')
    assert result_of(kinds.full_width, tmp_path).says('"512"', "XMLSchema#integer")
    assert result_of(kinds.extension_letters, tmp_path).says('"20"', "XMLSchema#decimal")
    assert result_of(kinds.open_document, tmp_path).says('"52.24"')
    assert result_of(kinds.road_works, tmp_path).says('"12345000"')
    assert result_of(kinds.districts, tmp_path).says('"1234"', "XMLSchema#integer")


def test_places_are_where_they_are(tmp_path: Path) -> None:
    swapped = result_of(kinds.swapped, tmp_path)
    assert swapped.says("wgs84_pos#lat", '"34.3402"')
    assert swapped.says("POINT(134.0462 34.3402)")
    tokyo = result_of(kinds.tokyo_datum, tmp_path)
    assert tokyo.says("wgs84_pos#lat", '"34.3428')  # 350 m to the north-west of what is written
    assert tokyo.says("wgs84_pos#long", '"134.0465')
    assert result_of(kinds.numbers_as_names, tmp_path).says("wgs84_pos#lat", '"34.34')
    assert not result_of(kinds.lamps, tmp_path).says("POINT(0 0)")


def test_days_and_times_of_any_era_are_dates(tmp_path: Path) -> None:
    heritage = result_of(kinds.tabs, tmp_path)
    for day in ("1953-03-31", "1997-12-12", "2019-05-01", "1970-03-12"):
        assert heritage.says(f'"{day}"', "XMLSchema#date")
    assert result_of(kinds.crowding, tmp_path).says('"2024-08-01T09:05:00"')
    assert result_of(kinds.workbook, tmp_path).says('"2024-04-01"')


def test_letters_that_only_one_maker_has_come_through(tmp_path: Path) -> None:
    offices = result_of(kinds.extension_letters, tmp_path)
    for word in ("㈱髙橋介護", "デイサービス﨑山①", "㈲彅野商店", "グループホームⅣ"):
        assert offices.says(word)
    assert offices.says('"760-0017"')
    assert offices.says('"087-839-2011"')


def test_sums_titles_and_repeated_headings_are_no_things(tmp_path: Path) -> None:
    districts = result_of(kinds.districts, tmp_path)
    assert not districts.says("%E5%90%88%E8%A8%88")
    assert not districts.says("合計")
    assert districts.draft.no_things is not None
    assert districts.draft.no_things.rows == 2
    branches = result_of(kinds.several_tables, tmp_path)
    assert not branches.says("【出張所】")
    assert branches.says("鶴尾出張所")
    assert any("合計や見出し" in each.ja for each in branches.draft.confirmations)
