"""The data sets that come with the program: described, mapped without a finding, and linked."""

from __future__ import annotations

import csv
from io import BytesIO
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store, Variable, parse

from app.codes.addresses import AddressReader
from app.codes.regions import RegionTable
from app.codes.terms import TermTable, vocabulary
from app.findings import Findings
from app.publish.convert import convert
from app.publish.dataset import Dataset, all_datasets
from app.rdf.namespaces import GEO, IC, PREFIXES, RDF, SAC, XSD
from app.settings import Settings

ROOT = Path(__file__).resolve().parents[3]
BASE = "https://data.example.jp"
SETTINGS = Settings.model_validate(
    {
        "base_iri": BASE,
        "mappings_dir": ROOT / "mappings",
        "vocab_dir": ROOT / "vocab",
        "sparql_dir": ROOT / "sparql",
        "data_dir": ROOT / "data",
    }
)
DATASETS = {dataset.id: dataset for dataset in all_datasets(SETTINGS)}
SMALL = [dataset for dataset in DATASETS.values() if not dataset.description.large]
REGIONS = RegionTable.load(ROOT / "vocab")
TERMS = TermTable.load(ROOT / "vocab", base_iri=BASE)


def each(datasets: list[Dataset]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("dataset", datasets, ids=[dataset.id for dataset in datasets])


@pytest.fixture(scope="module")
def store() -> Store:
    """The union of all small data sets and the vocabularies, each in its graph."""
    store = Store()
    for dataset in SMALL:
        findings = Findings()
        output = BytesIO()
        convert(dataset, output.write, findings=findings)
        assert findings.counts() == {}, dataset.id
        graph = NamedNode(dataset.graph)
        store.bulk_extend(
            Quad(quad.subject, quad.predicate, quad.object, graph)
            for quad in parse(output.getvalue(), RdfFormat.N_QUADS)
        )
    graph = NamedNode(BASE + "/graphs/vocabulary")
    store.bulk_extend(
        Quad(quad.subject, quad.predicate, quad.object, graph)
        for quad in vocabulary(ROOT / "vocab", base_iri=BASE)
    )
    return store


def select(store: Store, query: str, **bound: Literal) -> list[dict[str, str]]:
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in PREFIXES.items())
    solutions = store.query(
        query if "PREFIX" in query else f"{prefixes}PREFIX def: <def/>\n{query}",
        base_iri=BASE + "/",
        use_default_graph_as_union=True,
        substitutions={Variable(name): value for name, value in bound.items()},
    )
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    return [{name: row[name].value for name in names if row[name] is not None} for row in solutions]


class TestDescriptions:
    def test_the_bundled_data_sets(self) -> None:
        assert list(DATASETS) == [
            "census-population",
            "postal-codes",
            "postal-codes-all",
            "regions",
            "sample-aed",
            "sample-evacuation-sites",
            "sample-public-toilets",
        ]

    @each(list(DATASETS.values()))
    def test_every_data_set_has_what_the_open_data_guide_asks_for(self, dataset: Dataset) -> None:
        description = dataset.description
        assert description.name == dataset.id
        assert description.title
        assert description.title_en
        assert description.description
        assert description.description_en
        assert description.licenses
        assert all(licence.path for licence in description.licenses)
        assert description.contributors
        assert description.sources
        assert description.keywords
        assert description.accrual_periodicity
        assert description.spatial.startswith(SAC)
        assert all(resource.encoding for resource in description.resources)

    @each(SMALL)
    def test_the_described_fields_are_the_columns_of_the_table(self, dataset: Dataset) -> None:
        for resource in dataset.description.resources:
            encoding = "utf-8-sig" if resource.encoding == "utf-8" else resource.encoding
            with (dataset.folder / resource.path).open(encoding=encoding, newline="") as file:
                header = next(csv.reader(file))
            assert [field.name for field in resource.table_schema.fields] == header
            assert set(resource.table_schema.primary_key) <= set(header)

    def test_both_sizes_of_the_postal_codes_have_one_mapping(self) -> None:
        small, large = DATASETS["postal-codes"], DATASETS["postal-codes-all"]
        assert large.description.large
        assert large.mapping_path.read_bytes() == small.mapping_path.read_bytes()

    @each([dataset for id, dataset in DATASETS.items() if id.startswith("sample-")])
    def test_a_sample_says_so_in_title_and_description(self, dataset: Dataset) -> None:
        description = dataset.description
        assert description.sample
        assert "見本" in description.title
        assert "Sample" in description.title_en
        assert "実在せず" in description.description
        assert "not exist" in description.description_en


class TestTriples:
    def test_every_class_and_property_has_a_label_in_both_languages(self, store: Store) -> None:
        used = {quad.predicate.value for quad in store}
        used |= {
            quad.object.value
            for quad in store
            if quad.predicate.value == RDF + "type" and isinstance(quad.object, NamedNode)
        }
        unlabelled = {iri for iri in used if iri not in TERMS}
        assert unlabelled == set()

    def test_every_iri_of_our_own_that_is_linked_to_is_described(self, store: Store) -> None:
        described = {quad.subject for quad in store}
        dangling = {
            quad.object.value
            for quad in store
            if isinstance(quad.object, NamedNode)
            and quad.object.value.startswith(BASE)
            and quad.object not in described
        }
        assert dangling == set()

    def test_every_link_to_e_stat_is_a_region_of_today(self, store: Store) -> None:
        codes = {
            quad.object.value.removeprefix(SAC + "C")
            for quad in store
            if isinstance(quad.object, NamedNode) and quad.object.value.startswith(SAC)
        }
        assert codes == {region.code5 for region in REGIONS}

    def test_the_census_adds_up(self, store: Store) -> None:
        rows = select(
            store,
            """SELECT ?sex (SUM(?n) AS ?people) (COUNT(?area) AS ?areas) {
                 ?o def:population ?n ; <http://purl.org/linked-data/sdmx/2009/dimension#sex> ?sex ;
                    <http://purl.org/linked-data/sdmx/2009/dimension#refArea> ?area .
                 ?area a def:Region
               } GROUP BY ?sex""",
        )
        assert {row["sex"].rsplit("#")[-1]: (row["people"], row["areas"]) for row in rows} == {
            "sex-T": ("126146099", "47"),
            "sex-M": ("61349581", "47"),
            "sex-F": ("64796518", "47"),
        }

    def test_men_and_women_are_the_total_of_each_prefecture(self) -> None:
        folder = DATASETS["census-population"].folder
        with (folder / "population.csv").open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                assert int(row["男"]) + int(row["女"]) == int(row["総数"])
                assert REGIONS.get(row["都道府県コード"]).name == row["都道府県名"]

    def test_every_facility_lies_in_the_region_that_its_address_names(self, store: Store) -> None:
        addresses = AddressReader(REGIONS)
        rows = select(
            store,
            """SELECT ?facility ?address ?code { ?facility def:sample true ;
                 (ic:設置地点?)/ic:住所/ic:表記 ?address ;
                 dcterms:spatial/dcterms:identifier ?code }""",
        )
        assert len(rows) == 15 + 12 + 14
        for row in rows:
            match = addresses.read(row["address"])
            assert match is not None
            assert match.region.code5 == row["code"], row["facility"]

    def test_values_as_municipalities_write_them_are_understood(self, store: Store) -> None:
        graph = {
            (q.subject.value, q.predicate.value): q.object.value
            for q in store
            if isinstance(q.subject, NamedNode) and isinstance(q.object, NamedNode | Literal)
        }
        aed, site = f"{BASE}/id/aed/sample-", f"{BASE}/id/evacuation-site/sample-"
        assert graph[aed + "1#installed", IC + "標準型日付"] == "2021-04-01"
        assert graph[aed + "5#hours", IC + "開始時間"] == "08:00:00"
        assert graph[aed + "6#hours", IC + "終了時間"] == "21:30:00"
        assert graph[aed + "4", PREFIXES["schema"] + "openingHours"] == "Mo-Su 00:00-24:00"
        assert graph[aed + "14", BASE + "/def/childMode"] == "false"
        assert graph[site + "1#capacity", IC + "数値"] == "12000"
        assert graph[site + "1", PREFIXES["dcterms"] + "spatial"] == f"{BASE}/id/region/01101"

    def test_no_facility_has_a_telephone_number_or_lies_outside_japan(self, store: Store) -> None:
        assert not list(store.quads_for_pattern(None, NamedNode(IC + "電話番号"), None))
        for name, low, high in (("lat", 20, 46), ("long", 122, 154)):
            values = [
                float(quad.object.value)
                for quad in store.quads_for_pattern(None, NamedNode(GEO + name), None)
                if isinstance(quad.object, Literal)
            ]
            assert len(values) == 15 + 12 + 14
            assert low < min(values) < max(values) < high


DECIMAL = NamedNode(XSD + "decimal")
QUERIES: dict[str, tuple[dict[str, Literal], int, str]] = {
    "data-sets-and-counts": ({}, 40, f"{BASE}/graphs/regions"),
    "evacuation-sites-by-disaster": ({"_disaster": Literal("洪水")}, 9, "見本中央公園"),
    "facilities-of-municipality": ({"_code": Literal("01100")}, 14, "指定緊急避難場所"),
    "municipalities-of-prefecture": ({"_code": Literal("31000")}, 19, "鳥取市"),
    "nearest-aed": (
        {
            "_lat": Literal("35.6812", datatype=DECIMAL),
            "_long": Literal("139.7671", datatype=DECIMAL),
        },
        10,
        "見本出張所　丸の内のAED",
    ),
    "population-by-prefecture": ({}, 47, "14047594"),
    "region-by-code": ({"_code": Literal("13101")}, 1, "東京都千代田区"),
}
"""For each saved query: its parameters, at least so many solutions, and a value in them."""


class TestSavedQueries:
    def test_every_saved_query_is_tried_here_or_with_the_saved_queries(self) -> None:
        assert QUERIES.keys() <= {path.stem for path in SETTINGS.sparql_dir.glob("*.rq")}

    @pytest.mark.parametrize("name", QUERIES)
    def test_gives_what_its_summary_says(self, store: Store, name: str) -> None:
        parameters, count, value = QUERIES[name]
        text = (SETTINGS.sparql_dir / f"{name}.rq").read_text("utf-8")
        rows = select(store, text, **parameters)
        assert len(rows) >= count
        assert any(value in row.values() for row in rows)

    @pytest.mark.parametrize("path", sorted(SETTINGS.sparql_dir.glob("*.rq")), ids=lambda p: p.stem)
    def test_is_described_in_both_languages(self, path: Path) -> None:
        text = path.read_text("utf-8")
        for decorator in ("summary", "summary_en", "description", "description_en", "tags"):
            assert f"#+ {decorator}: " in text
