"""The twelve real files of ../shared, published into one release and queried by SPARQL.

What is asserted was read from the files by eye. The classes are the data sets; `TestQuirks` has
one test for each oddity that the reference on Japanese open data lists and these files have.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.golden.municipal import FILES, MunicipalSite, municipal_site

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def files(shared: Path) -> Path:
    return shared / "data/municipal-csv"


@pytest.fixture(scope="module")
def site(files: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MunicipalSite]:
    with municipal_site(tmp_path_factory.mktemp("municipal"), files) as made:
        yield made


class TestAllTwelve:
    def test_every_file_of_the_folder_has_a_case(self, files: Path) -> None:
        assert {file.name for file in files.glob("*.csv")} == set(FILES.values())

    def test_one_release_holds_all_of_them(self, site: MunicipalSite) -> None:
        manifest = site.published.manifest
        assert manifest is not None
        assert {graph.dataset for graph in manifest.graphs.values()} >= {"regions", *FILES}
        assert all(graph.quads > 0 for graph in manifest.graphs.values())

    @pytest.mark.parametrize(
        ("case", "rows", "findings"),
        [
            ("kanazawa-5374-center", 2, {}),
            ("nanao-evacuation", 112, {}),
            ("takamatsu-aed", 455, {}),
            ("takamatsu-aed-linkdata", 514, {}),
            ("takamatsu-evacuation-space", 193, {}),
            ("takamatsu-organisation", 394, {}),
            ("takamatsu-population", 235, {}),
            ("takamatsu-public-toilet", 167, {}),
            ("takamatsu-rural-park", 12, {"table-empty-columns": 1}),
            ("takamatsu-sandbag", 9, {"table-header-empty": 1}),
            ("takamatsu-tourist-facilities", 14, {}),
            ("takamatsu-wellbeing", 100, {"function-bad-value": 19, "table-header-rows": 1}),
        ],
    )
    def test_every_row_is_read_and_every_oddity_told(
        self, site: MunicipalSite, case: str, rows: int, findings: dict[str, int]
    ) -> None:
        assert site.rows(case) == rows
        assert site.findings(case).counts() == findings

    def test_things_of_different_files_meet_in_their_region(self, site: MunicipalSite) -> None:
        assert site.select(
            """
            SELECT ?name ?graph (COUNT(?thing) AS ?things) {
              GRAPH ?graph { ?thing a def:EvacuationSite ; dcterms:spatial ?region }
              ?region rdfs:label ?name FILTER (lang(?name) = "ja")
            } GROUP BY ?name ?graph ORDER BY ?graph"""
        ) == [
            ("七尾市@ja", "graphs/nanao-evacuation", "112^^xsd:integer"),
            ("高松市@ja", "graphs/takamatsu-evacuation-space", "193^^xsd:integer"),
        ]


class TestPopulation:
    TOWN = "id/town/takamatsu/塩屋町"
    ROW = "id/population/takamatsu-202305-1"

    def test_the_first_row(self, site: MunicipalSite) -> None:
        assert site.values(self.ROW, "def:town") == [self.TOWN]
        assert site.values(self.ROW, "rdfs:label") == ["高松市塩屋町の人口@ja"]
        assert site.values(self.ROW, "def:population") == ["388^^xsd:integer"]
        assert site.values(self.ROW, "def:men") == ["175^^xsd:integer"]
        assert site.values(self.ROW, "def:women") == ["213^^xsd:integer"]
        assert site.values(self.ROW, "def:households") == ["227^^xsd:integer"]

    def test_the_sum_of_all_towns(self, site: MunicipalSite) -> None:
        assert site.select("SELECT (SUM(?n) AS ?sum) { ?row def:population ?n }") == [
            ("420545^^xsd:integer",)
        ]

    def test_a_town_with_a_japanese_iri_is_part_of_its_city(self, site: MunicipalSite) -> None:
        assert site.values(self.TOWN, "dcterms:isPartOf/rdfs:label") == [
            "Takamatsu-shi@en",
            "タカマツシ@ja-hrkt",
            "高松市@ja",
        ]


class TestAeds:
    AED = "id/aed/takamatsu-175"

    def test_a_row_with_every_cell_filled(self, site: MunicipalSite) -> None:
        hours = self.AED + "#hours"
        assert site.values(self.AED, "rdf:type") == ["def/AED", "ic:設備型"]
        assert site.values(self.AED, "rdfs:label") == ["中央卸売市場　青果棟@ja"]
        assert site.values(self.AED, "ic:設置位置") == ["守衛室"]
        assert site.values(self.AED, "def:childMode") == ["false^^xsd:boolean"]
        assert site.values(self.AED, "ic:連絡先/ic:電話番号") == ["087-862-3411"]
        assert site.values(self.AED, "ic:設置地点/ic:住所/ic:表記") == ["高松市瀬戸内町40-12"]
        assert site.values(hours, "ic:開始時間") == ["00:00:00^^xsd:time"]
        assert site.values(hours, "ic:終了時間") == ["23:59:00^^xsd:time"]
        assert site.values(hours, "ic:説明") == ["終日利用可能"]

    def test_latitudes_are_strings_for_imi_and_numbers_for_queries(
        self, site: MunicipalSite
    ) -> None:
        assert site.values(self.AED, "geo:lat") == ["34.35128^^xsd:decimal"]
        assert site.values(self.AED + "#point", "ic:緯度") == ["34.35128"]
        assert site.values(self.AED + "#point", "gsp:asWKT") == [
            "POINT(134.02942 34.35128)^^gsp:wktLiteral"
        ]

    def test_how_many_have_equipment_for_children(self, site: MunicipalSite) -> None:
        assert site.select(
            """
            SELECT ?child (COUNT(?aed) AS ?n) FROM <graphs/takamatsu-aed>
            { ?aed def:childMode ?child } GROUP BY ?child ORDER BY ?n"""
        ) == [
            ("false^^xsd:boolean", "1^^xsd:integer"),
            ("true^^xsd:boolean", "136^^xsd:integer"),
        ]

    def test_an_empty_cell_gives_no_node(self, site: MunicipalSite) -> None:
        assert site.values("id/aed/takamatsu-1", "ic:連絡先|ic:利用可能時間") == []
        assert site.values("id/aed/takamatsu-1#contact", "rdf:type") == []

    def test_towns_around_the_city_are_found_by_their_addresses(self, site: MunicipalSite) -> None:
        # 綾歌郡綾川町萱原822-1, 三木町池戸3313, 木田郡三木町田中109-1
        assert site.values("id/aed/takamatsu-linkdata-3", "dcterms:spatial") == ["id/region/37387"]
        assert site.values("id/aed/takamatsu-linkdata-518", "dcterms:spatial") == [
            "id/region/37341"
        ]
        assert site.values("id/aed/takamatsu-linkdata-26", "dcterms:spatial") == ["id/region/37341"]

    def test_every_aed_has_a_region(self, site: MunicipalSite) -> None:
        lacking = "SELECT ?aed { ?aed a def:AED FILTER NOT EXISTS { ?aed dcterms:spatial ?r } }"
        assert site.select(lacking) == []


class TestEvacuationSites:
    def test_takamatsu(self, site: MunicipalSite) -> None:
        place = "id/evacuation-site/takamatsu-1"
        assert site.values(place, "rdfs:label") == ["日新小学校跡施設@ja"]
        assert site.values(place, "ic:連絡先/ic:電話番号") == ["087-839-2611"]
        assert site.values(place, "ic:収容人数/ic:数値") == ["238^^xsd:decimal"]
        assert site.values(place, "ic:管理者/rdfs:label") == ["地域振興課@ja"]
        assert site.values(place, "geo:lat") == ["34.34753333^^xsd:decimal"]

    def test_a_keeper_of_many_places_is_one_thing(self, site: MunicipalSite) -> None:
        assert site.select(
            """
            SELECT (COUNT(?place) AS ?n)
            { ?place ic:管理者 <id/organisation/takamatsu-教育総務課> }"""
        ) == [("73^^xsd:integer",)]

    def test_nanao(self, site: MunicipalSite) -> None:
        place = "id/evacuation-site/nanao-CC0000000508"
        assert site.values(place, "rdfs:label") == [
            "コマルヤマシロアトコウエン@ja-hrkt",
            "小丸山城址公園@ja",
        ]
        assert site.values(place, "ic:名称/ic:ローマ字表記") == ["komaruyamashiroatokoen"]
        assert site.values(place, "ic:住所/ic:番地") == ["1番地1"]
        assert site.values(place, "ic:住所/ic:市区町村コード") == ["sac:C17202"]
        assert site.values(place, "ic:収容人数/ic:表記") == ["屋内0人／屋外9,700人(面積の1/2)"]

    def test_a_row_without_a_code_gets_its_region_from_the_address(
        self, site: MunicipalSite
    ) -> None:
        assert site.values("id/evacuation-site/nanao-NEW002", "dcterms:spatial") == [
            "id/region/17202"
        ]
        assert site.values("id/evacuation-site/nanao-NEW002", "def:safeFrom") == []

    def test_digits_of_coordinates_are_not_lost(self, site: MunicipalSite) -> None:
        assert site.values("id/evacuation-site/nanao-NEW002", "geo:lat") == [
            "37.131283940331514^^xsd:decimal"
        ]


class TestOtherPlaces:
    def test_a_public_toilet(self, site: MunicipalSite) -> None:
        place = "id/public-toilet/takamatsu-2"
        assert site.values(place, "rdfs:label") == [
            "Hitz Public Toilet   Marine Capital of the Seto Inland Sea@en",
            "Hitz瀬戸の都トイレ（高松市高松駅前広場公衆便所）@ja",
            "ヒッツセトノミヤコトイレ　タカマツシタカマツエキマエヒロバコウシュウベンジョ@ja-hrkt",
        ]
        assert site.values(place, "def:toiletsForMen") == ["7^^xsd:integer"]
        assert site.values(place, "def:toiletsForWomen") == ["5^^xsd:integer"]
        assert site.values(place, "ic:住所/ic:市区町村コード") == ["sac:C37201"]

    def test_wheelchair_accessible_toilets(self, site: MunicipalSite) -> None:
        assert site.select(
            "SELECT (COUNT(?t) AS ?n) { ?t def:wheelchairAccessible true }"
        ) == [("71^^xsd:integer",)]  # fmt: skip

    def test_a_note_without_times_is_kept(self, site: MunicipalSite) -> None:
        assert site.values("id/public-toilet/takamatsu-158", "ic:利用可能時間/ic:説明") == [
            "休園：毎週火曜日、年末年始。開放時間：夏季5月～10月 7時～18時、冬期11月～4月 8時～17時"
        ]

    def test_a_tourist_facility(self, site: MunicipalSite) -> None:
        place = "id/tourist-facility/takamatsu-4"
        assert site.values(place, "schema:openingHours") == ["Mo,We-Su 08:00-19:00"]
        assert "schema:Tuesday" not in site.values(place, "schema:dayOfWeek")
        assert len(site.values(place, "schema:dayOfWeek")) == 6
        assert site.values(place, "foaf:page") == ["http://shionoe.jp/"]
        assert site.values(place, "ic:料金/ic:表記") == ["無料"]
        assert site.values("id/tourist-facility/takamatsu-14", "ic:料金") == []

    def test_a_place_for_sandbags(self, site: MunicipalSite) -> None:
        place = "id/sandbag-place/takamatsu-3"
        assert site.values(place, "ic:住所/ic:表記") == ["高松市国分寺町新居１２９８"]
        assert site.values(place, "schema:openingHours") == ["Mo-Su 08:00-19:00"]
        assert site.values(place, "geo:long") == ["133.959888^^xsd:decimal"]

    def test_trailing_zeros_of_coordinates_stay(self, site: MunicipalSite) -> None:
        # 34.297550: six digits say how exact the place is
        assert site.values("id/sandbag-place/takamatsu-3#point", "ic:緯度") == ["34.297550"]

    def test_an_organisation_under_its_bureau(self, site: MunicipalSite) -> None:
        hospital = "id/organisation/takamatsu-5510000000"
        assert site.values(hospital, "rdfs:label") == ["病院局みんなの病院@ja"]
        assert site.values(hospital, "dcterms:isPartOf") == ["id/organisation/takamatsu-5500000000"]
        assert site.select("SELECT (COUNT(?b) AS ?n) { ?b a def:Bureau }") == [("16^^xsd:integer",)]

    def test_a_unit_three_levels_down(self, site: MunicipalSite) -> None:
        assert site.select(
            """
            SELECT ?name { <id/organisation/takamatsu-8510200000> rdfs:label ?name ;
              dcterms:isPartOf/rdfs:label "市議会事務局"@ja }"""
        ) == [("市議会事務局議事課@ja",)]

    def test_an_answer_of_the_survey(self, site: MunicipalSite) -> None:
        answer = "id/wellbeing/takamatsu-10003"
        assert site.values(answer, "def:happiness") == ["10^^xsd:integer"]
        assert site.values(answer, "def:medicalCare") == ["5^^xsd:integer"]
        assert site.values(answer, "ic:性別") == []
        assert site.values("id/wellbeing/takamatsu-30001", "ic:性別") == ["男性"]
        assert site.values("id/wellbeing/takamatsu-30001", "ic:郵便番号") == ["185-0012"]


class TestQuirks:
    """The quirks that ../shared/reference/japan.md lists, as far as these files have them; the
    others are cases of our own beside this file (test_golden.py)."""

    def test_cp932_with_crlf(self, files: Path, site: MunicipalSite) -> None:
        data = (files / FILES["takamatsu-population"]).read_bytes()
        assert data.count(b"\r\n") == data.count(b"\n") == 236
        with pytest.raises(UnicodeDecodeError):
            data.decode()
        assert site.values("id/town/takamatsu/サンポート", "rdfs:label") == ["サンポート@ja"]

    def test_crlf_leaves_no_carriage_return_in_the_last_column(self, site: MunicipalSite) -> None:
        # "location" is the last column: "34.342286,134.055021"\r\n
        assert site.values("id/town/takamatsu/塩屋町", "geo:long") == ["134.055021^^xsd:decimal"]
        assert site.select('SELECT ?s { ?s ?p ?o FILTER (contains(str(?o), "\\r")) }') == []

    def test_a_byte_order_mark(self, files: Path, site: MunicipalSite) -> None:
        assert (files / FILES["takamatsu-aed-linkdata"]).read_bytes()[:3] == b"\xef\xbb\xbf"
        assert site.select('SELECT ?s { ?s ?p ?o FILTER (contains(str(?o), "\\uFEFF")) }') == []

    def test_linkdata_rows_are_no_data(self, site: MunicipalSite) -> None:
        assert site.select(
            """
            SELECT (COUNT(?aed) AS ?n) FROM <graphs/takamatsu-aed-linkdata>
            { ?aed a def:AED }"""
        ) == [("514^^xsd:integer",)]
        assert (
            site.select('SELECT ?s { ?s ?p ?o FILTER (str(?o) IN ("string", "Assertion")) }') == []
        )

    def test_a_quoted_pair_of_coordinates_in_one_cell(self, site: MunicipalSite) -> None:
        first = "id/aed/takamatsu-linkdata-1"
        assert site.values(first, "geo:lat") == ["34.34092056^^xsd:decimal"]
        assert site.values(first, "geo:long") == ["134.04522972^^xsd:decimal"]

    def test_two_header_rows(self, site: MunicipalSite) -> None:
        """The column 幸福度・満足度/現在、… is named by both rows, and line 3 is the first answer."""
        assert site.values("id/wellbeing/takamatsu-10001", "def:happiness") == ["6^^xsd:integer"]
        assert site.messages("takamatsu-wellbeing")[0].startswith(
            "takamatsu_wellbeing_multirow_header.csv:2: there are 2 header rows"
        )

    def test_formulas_lost_in_the_export(self, site: MunicipalSite) -> None:
        findings = [
            finding
            for finding in site.findings("takamatsu-wellbeing")
            if finding.kind.code == "function-bad-value"
        ]
        assert [finding.place.line for finding in findings] == list(range(33, 52))
        assert {finding.values["value"] for finding in findings} == {"#REF!"}
        assert (findings[0].place.field or "").startswith("幸福度・満足度/現在、あなたはどの程度")
        assert site.values("id/wellbeing/takamatsu-30001", "def:happiness") == []

    def test_twenty_empty_columns(self, site: MunicipalSite) -> None:
        assert site.messages("takamatsu-rural-park") == [
            "takamatsu_rural_park_trailing_empty_cols.csv:1: the last 20 columns have neither a "
            "name nor a value and are not read. Delete the empty columns."
        ]
        assert site.values("id/rural-park/takamatsu-12", "geo:long") == ["133.97084^^xsd:decimal"]

    def test_an_empty_heading_and_a_stray_note_column(self, site: MunicipalSite) -> None:
        assert site.messages("takamatsu-sandbag") == [
            "takamatsu_sandbag_jp_header_note_col.csv:1 [column_13]: column 13 has no name; it is "
            "called column_13. Give it a name, or delete the column."
        ]
        assert site.select('SELECT ?s { ?s ?p ?o FILTER (contains(str(?o), "←")) }') == []

    def test_a_new_line_in_a_cell(self, site: MunicipalSite) -> None:
        hours = "id/aed/takamatsu-208#hours"
        assert site.values(hours, "ic:説明") == [
            "3月・10月は18:00まで、11月～2月は17:00まで。休園日以外利用可能。\n"
            "休園日：毎週火曜（火曜が祝日の場合は翌平日）及び12/29～1/3"
        ]
        romaji = "id/evacuation-site/nanao-CC0000000563#name"
        assert site.values(romaji, "ic:ローマ字表記") == [
            "wakuraonsenundokoen\n（tamokutekiguraundo、yottohaba）"
        ]

    def test_a_new_line_that_the_mapping_takes_out(self, site: MunicipalSite) -> None:
        assert site.values("id/rural-park/takamatsu-11", "ic:備考") == [
            "駐車場有 （隣接駐車場、香南体育館）"
        ]

    def test_american_dates_with_their_format_stated(self, site: MunicipalSite) -> None:
        assert site.select("SELECT DISTINCT ?d { ?row def:population ?n ; dcterms:date ?d }") == [
            ("2023-05-01^^xsd:date",)
        ]

    def test_dates_with_slashes(self, site: MunicipalSite) -> None:
        closed = "id/waste-center/kanazawa-西部管理センター#closed"
        assert site.values(closed, "schema:startDate") == ["2015-12-29^^xsd:date"]
        assert site.values(closed, "schema:endDate") == ["2016-01-03^^xsd:date"]

    def test_twenty_four_hours(self, site: MunicipalSite) -> None:
        toilet = "id/public-toilet/takamatsu-1"
        assert site.values(toilet, "schema:openingHours") == ["Mo-Su 00:00-24:00"]
        # For the store 24:00:00 and 00:00:00 are one value: only the opening hours keep it readable.
        assert site.values(toilet + "#hours", "ic:終了時間") == ["00:00:00^^xsd:time"]
        assert site.select(
            'SELECT (COUNT(?t) AS ?n) { ?t schema:openingHours "Mo-Su 00:00-24:00" }'
        ) == [("23^^xsd:integer",)]

    def test_circles_triangles_and_crosses(self, site: MunicipalSite) -> None:
        assert site.select(
            """
            SELECT ?degree (COUNT(?site) AS ?n)
            { ?site def:safeFrom-flood-L2 ?degree } GROUP BY ?degree ORDER BY ?n"""
        ) == [
            ("def/availability/none", "6^^xsd:integer"),
            ("def/availability/partly", "51^^xsd:integer"),
            ("def/availability/full", "134^^xsd:integer"),
        ]
        assert site.values("id/evacuation-site/takamatsu-1", "def:safeFrom-flood-L2") == [
            "def/availability/partly"
        ]

    def test_dashes_of_both_widths_that_mean_no_value(self, site: MunicipalSite) -> None:
        for number in (120, 165):  # "-" and "－" in every column of a hazard
            place = f"id/evacuation-site/takamatsu-{number}"
            assert site.values(place, "def:safeFrom-flood|def:safeFrom-fire") == []
        assert site.values("id/evacuation-site/takamatsu-165", "def:safeFrom-earthquake") == [
            "def/availability/full"
        ]

    def test_a_dash_that_the_description_declares_as_no_value(self, site: MunicipalSite) -> None:
        assert site.select(
            """
            SELECT ?town { ?row def:population 0 ; def:town/rdfs:label ?town
              FILTER NOT EXISTS { ?row def:households ?n } } ORDER BY ?town"""
        ) == [("サンポート@ja",), ("朝日町４丁目@ja",), ("朝日町６丁目@ja",)]

    def test_flags_written_as_numbers(self, site: MunicipalSite) -> None:
        assert site.select(
            "SELECT (COUNT(?s) AS ?n) { ?s def:safeFrom <def/hazard/flood> }"
        ) == [("87^^xsd:integer",)]  # fmt: skip
        # 御祓地区コミュニティセンター: no 1.0 under 大規模な火事 and 火山現象
        assert site.values("id/evacuation-site/nanao-CC0000000504", "def:safeFrom") == [
            f"def/hazard/{kind}"
            for kind in ("earthquake", "flood", "inundation", "landslide", "storm-surge", "tsunami")
        ]

    def test_codes_keep_their_leading_zeros(self, site: MunicipalSite) -> None:
        mayor = "id/organisation/takamatsu-0000000005"
        assert site.values(mayor, "rdfs:label") == ["高松市市長@ja"]
        assert site.values(mayor, "dcterms:identifier") == ["0000000005"]
        assert site.values(mayor, "ic:種別コード") == ["01"]

    def test_six_digit_and_five_digit_codes_name_the_same_kind_of_region(
        self, site: MunicipalSite
    ) -> None:
        # 172022 in Nanao's file, 37201 in Takamatsu's
        assert site.values("id/evacuation-site/nanao-CC0000000504", "dcterms:spatial") == [
            "id/region/17202"
        ]
        assert site.values("id/public-toilet/takamatsu-1", "dcterms:spatial") == ["id/region/37201"]

    def test_capacities_with_thousands_separators_in_text(self, site: MunicipalSite) -> None:
        capacity = "id/evacuation-site/nanao-CC0000000505#capacity"
        assert site.values(capacity, "ic:表記") == ["屋内1,371人／屋外5,470人（面積の1/2）"]

    def test_an_unusual_character_of_a_name(self, files: Path, site: MunicipalSite) -> None:
        with (files / FILES["takamatsu-aed"]).open(encoding="utf-8", newline="") as file:
            numbers = [row[0] for row in csv.reader(file) if row[4].startswith("髙松市")]
        assert len(numbers) == 1
        assert site.values(f"id/aed/takamatsu-{numbers[0]}", "dcterms:spatial") == [
            "id/region/37201"
        ]
