"""Every saved query over the bundled data: what it gives, in every form."""

from __future__ import annotations

import csv
from functools import cache
from io import BytesIO, StringIO
from pathlib import Path

import orjson
import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store, Variable, parse
from python_calamine import CalamineWorkbook

from app.codes.regions import RegionTable
from app.errors import BadRequest, DatasetError
from app.publish import query_results
from app.publish.queries import SavedQuery, load_queries, read_query
from app.publish.query_results import Solutions
from app.publish.query_values import bind
from app.rdf.namespaces import PREFIXES
from tests.unit.vocab.test_bundled_data_sets import BASE, SETTINGS, store

__all__ = ["store"]

QUERIES = {query.name: query for query in load_queries(SETTINGS.sparql_dir)}

EXPECTED: dict[str, tuple[dict[str, str], int, str]] = {
    "accessible-toilets": ({"ostomate": "true"}, 3, "見本"),
    "address-of-postal-code": ({"code": "680-0011"}, 1, "鳥取県鳥取市東町"),
    "aeds-for-children": ({}, 10, "見本体育館のAED"),
    "aeds-open-at-hour": ({"hour": "22"}, 2, "見本大手町ビルのAED"),
    "classes-and-counts": ({}, 30, "1965"),
    "data-sets-and-counts": ({}, 40, f"{BASE}/graphs/regions"),
    "designated-cities-and-wards": ({}, 20, "大阪市"),
    "evacuation-sites-by-disaster": ({"disaster": "洪水"}, 9, "見本中央公園"),
    "evacuation-sites-by-hazard-count": ({}, 6, "高潮"),
    "everything-within-distance": ({}, 5, "見本出張所　丸の内のAED"),
    "facilities-by-municipality": ({}, 5, "指定緊急避難場所"),
    "facilities-of-municipality": ({"code": "札幌市"}, 14, "指定緊急避難場所"),
    "facilities-without-coordinates": ({}, 0, ""),
    "high-evacuation-sites": ({"metres": "100"}, 1, "見本温泉公園"),
    "links-to-estat": ({"region": "鳥取県"}, 20, "http://data.e-stat.go.jp/lod/sac/C31201"),
    "links-to-nowhere": ({}, 0, ""),
    "most-linked-things": ({}, 20, "市"),
    "municipalities-by-prefecture": ({}, 47, "185"),
    "municipalities-by-reading": ({"reading": "トットリ"}, 1, "鳥取市"),
    "municipalities-of-prefecture": ({}, 19, "鳥取市"),
    "nearest-aed": ({}, 10, "見本出張所　丸の内のAED"),
    "population-by-prefecture": ({}, 47, "14047594"),
    "population-by-sex": ({"prefecture": "13000"}, 1, "6898388"),
    "population-of-region": ({}, 3, "553407"),
    "postal-codes-of-municipality": ({}, 300, "6800011"),
    "properties-and-counts": ({}, 70, "名前"),
    "region-by-code": ({"code": "131016"}, 1, "東京都千代田区"),
    "same-names": ({"least": "5"}, 5, "南区"),
    "sample-data": ({}, 3, "15"),
    "things-without-label": ({}, 0, ""),
    "toilets-by-municipality": ({}, 1, "鳥取市"),
}
"""For each saved query: parameters, at least so many solutions (0: none), and a value in them."""


@cache
def regions() -> RegionTable:
    return RegionTable.load(SETTINGS.vocab_dir)


def solutions(store: Store, name: str, **values: str) -> Solutions:
    """Run it as the API does: terms are bound, the text stays as it is."""
    query = QUERIES[name]
    bound = bind(query, values.items(), regions)
    subject = "<http://t.test/s> <http://t.test/p>"
    terms = {
        Variable(variable): next(iter(parse(f"{subject} {term} .", RdfFormat.N_TRIPLES))).object
        for variable, term in bound.substitutions.items()
    }
    found = store.query(
        query.text,
        base_iri=BASE + "/",
        prefixes=PREFIXES,
        use_default_graph_as_union=True,
        substitutions=terms,
    )
    assert isinstance(found, QuerySolutions)
    body = found.serialize(format=QueryResultsFormat.JSON)
    assert body is not None
    return query_results.read(body)


def test_each_query_has_its_expectation() -> None:
    assert EXPECTED.keys() == QUERIES.keys()
    assert len(QUERIES) >= 20


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_gives_what_its_summary_says(store: Store, name: str) -> None:
    values, count, value = EXPECTED[name]
    found = solutions(store, name, **values)
    assert len(found) >= count if count else len(found) == 0
    cells = {
        str(cell) for row in orjson.loads(query_results.objects(found)) for cell in row.values()
    }
    assert not value or any(value in cell for cell in cells)


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_shows_only_columns_that_it_has_and_names_them_in_both_languages(
    store: Store, name: str
) -> None:
    query = QUERIES[name]
    found = solutions(store, name, **EXPECTED[name][0])
    shown = set(found.variables)
    assert not any(variable.startswith("_") for variable in shown)
    drawn = {v for body in query.show.values() for k, v in body.items() if k != "type"}
    assert {part for names in drawn for part in names.split()} <= shown
    assert {*query.columns, *query.links, *query.links.values()} <= shown
    geography = query_results.geography(found, query.show)
    hidden = {*query.links.values(), *(geography.columns if geography else ())}
    assert shown - hidden <= query.columns.keys()


@pytest.mark.parametrize("name", sorted(QUERIES))
def test_the_text_with_its_values_gives_the_same(store: Store, name: str) -> None:
    query = QUERIES[name]
    values, _, _ = EXPECTED[name]
    bound = bind(query, values.items(), regions)
    text = query.with_values(bound.values)
    found = store.query(
        text, base_iri=BASE + "/", prefixes=PREFIXES, use_default_graph_as_union=True
    )
    assert isinstance(found, QuerySolutions)
    assert len(list(found)) == len(solutions(store, name, **values))


def test_an_optional_parameter_left_empty_does_not_narrow(store: Store) -> None:
    assert len(solutions(store, "population-by-sex")) == 47
    assert len(solutions(store, "accessible-toilets", ostomate="")) == 12
    assert len(solutions(store, "accessible-toilets", ostomate="false")) == 9


class TestForms:
    def test_objects_have_numbers_and_booleans(self, store: Store) -> None:
        first = orjson.loads(query_results.objects(solutions(store, "nearest-aed")))[0]
        assert first["distance"] == 182
        assert first["label"].endswith("AED")
        toilet = orjson.loads(query_results.objects(solutions(store, "accessible-toilets")))[0]
        assert toilet["ostomate"] is True

    def test_a_code_stays_text_everywhere(self, store: Store) -> None:
        found = solutions(store, "links-to-estat", region="01101")
        assert orjson.loads(query_results.objects(found))[0]["code"] == "01101"
        book = CalamineWorkbook.from_filelike(BytesIO(query_results.workbook(found, "a/b")))
        rows = book.get_sheet_by_index(0).to_python()
        assert rows[0] == ["region", "label", "code", "estat"]
        assert rows[1][2] == "01101"
        table = list(csv.reader(StringIO(query_results.table(found).decode())))
        assert table[1][2] == "01101"

    def test_a_workbook_holds_no_formula(self) -> None:
        text = {"type": "literal", "value": '=HYPERLINK("http://x.test")'}
        found = Solutions(("a",), ({"a": text},))
        book = CalamineWorkbook.from_filelike(BytesIO(query_results.workbook(found, "見本")))
        assert book.get_sheet_by_index(0).to_python()[1] == [text["value"]]

    @pytest.mark.parametrize("name", ["nearest-aed", "accessible-toilets"])
    def test_places_become_features(self, store: Store, name: str) -> None:
        found = solutions(store, name)
        where = query_results.geography(found, QUERIES[name].show)
        assert where is not None
        first = orjson.loads(query_results.features(found, where))["features"][0]
        assert first["geometry"]["type"] == "Point"
        longitude, latitude = first["geometry"]["coordinates"]
        assert 122 < longitude < 154
        assert 20 < latitude < 46
        assert first["id"].startswith(BASE)
        assert first["properties"]["name"]

    def test_a_result_without_places_is_no_map(self, store: Store) -> None:
        assert query_results.geography(solutions(store, "same-names"), {}) is None

    @pytest.mark.parametrize(
        ("text", "kind", "coordinates"),
        [
            ("POINT(139.7 35.6)", "Point", [139.7, 35.6]),
            ("POINT Z (139.7 35.6 12)", "Point", [139.7, 35.6, 12]),
            ("LINESTRING(1 2, 3 4)", "LineString", [[1, 2], [3, 4]]),
            ("POLYGON((0 0,1 0,1 1,0 0))", "Polygon", [[[0, 0], [1, 0], [1, 1], [0, 0]]]),
            ("MULTIPOINT((1 2),(3 4))", "MultiPoint", [[1, 2], [3, 4]]),
            ("MULTIPOINT(1 2,3 4)", "MultiPoint", [[1, 2], [3, 4]]),
            (
                "<http://www.opengis.net/def/crs/OGC/1.3/CRS84> MULTIPOLYGON(((0 0,1 0,1 1,0 0)))",
                "MultiPolygon",
                [[[[0, 0], [1, 0], [1, 1], [0, 0]]]],
            ),
        ],
    )
    def test_wkt_becomes_a_geometry(self, text: str, kind: str, coordinates: object) -> None:
        assert query_results.wkt(text) == {"type": kind, "coordinates": coordinates}

    @pytest.mark.parametrize(
        "text",
        ["", "POINT(1)", "POINT(200 10)", "POINT(a b)", "POINT((1 2))", "POLYGON(0 0)", "x" * 5000,
         "<http://www.opengis.net/def/crs/EPSG/0/2451> POINT(1 2)", "POINT EMPTY", "LINESTRING()"],
    )  # fmt: skip
    def test_what_is_no_geometry_has_none(self, text: str) -> None:
        assert query_results.wkt(text) is None


class TestValues:
    @pytest.mark.parametrize(
        ("name", "values"),
        [
            ("nearest-aed", {"lat": "north"}),
            ("nearest-aed", {"lat": "91"}),
            ("nearest-aed", {"lat": "1e2"}),
            ("nearest-aed", {"latitude": "35"}),
            ("same-names", {"least": "2.5"}),
            ("same-names", {"least": "1"}),
            ("accessible-toilets", {"wheelchair": "maybe"}),
            ("evacuation-sites-by-disaster", {"disaster": "雪"}),
            ("region-by-code", {"code": "99999"}),
            ("region-by-code", {"code": "131019"}),
            ("region-by-code", {"code": "府中市"}),
            ("municipalities-by-reading", {"reading": "ア" * 3000}),
        ],
    )
    def test_a_wrong_value_is_refused_with_what_to_do(
        self, name: str, values: dict[str, str]
    ) -> None:
        with pytest.raises(BadRequest) as caught:
            bind(QUERIES[name], values.items(), regions)
        assert next(iter(values)) in caught.value.text.ja
        assert caught.value.hint is None or caught.value.hint.ja != ""

    @pytest.mark.parametrize(
        "key", ["鳥取市", "31201", "312011", f"{BASE}/id/region/31201", "３１２０１"]
    )
    def test_a_region_is_read_from_what_people_have(self, key: str) -> None:
        bound = bind(QUERIES["postal-codes-of-municipality"], [("municipality", key)], regions)
        assert bound.substitutions == {"_municipality": '"31201"'}

    def test_a_value_cannot_leave_its_literal(self) -> None:
        value = 'ア" . } DROP ALL #\\'
        bound = bind(QUERIES["municipalities-by-reading"], [("reading", value)], regions)
        (term,) = bound.substitutions.values()
        quad = next(iter(parse(f"<http://x/s> <http://x/p> {term} .", RdfFormat.N_TRIPLES)))
        assert quad.object.value == value

    def test_a_value_given_twice_is_refused(self) -> None:
        with pytest.raises(BadRequest):
            bind(QUERIES["nearest-aed"], [("lat", "1"), ("lat", "2")], regions)


class TestReading:
    def read(self, folder: Path, decorators: str) -> SavedQuery:
        file = folder / "q.rq"
        file.write_text(f"{decorators}\nSELECT ?a WHERE {{ ?a ?b ?c }}\n", encoding="utf-8")
        return read_query(file)

    @pytest.mark.parametrize(
        "decorators",
        ["#+ summary: [", "#+ params: {a: {type: colour}}", "#+ columns: {a: [一つ]}",
         "#+ params: {a: {type: integer, least: few}}", "#+ - a"],
    )  # fmt: skip
    def test_broken_decorators_name_the_file(self, tmp_path: Path, decorators: str) -> None:
        with pytest.raises(DatasetError) as caught:
            self.read(tmp_path, decorators)
        assert caught.value.place is not None
        assert caught.value.place.file == str(tmp_path / "q.rq")

    def test_without_decorators_the_name_is_the_title(self, tmp_path: Path) -> None:
        assert self.read(tmp_path, "").summary.ja == "q"
