"""Saved queries over HTTP: the list, the page, the API in every form, frames of other sites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import orjson
import pytest
from pyoxigraph import (
    BlankNode,
    Literal,
    NamedNode,
    QueryResultsFormat,
    QuerySolutions,
    Triple,
    Variable,
)
from python_calamine import CalamineWorkbook
from starlette.routing import Match

from app.publish.queries import load_queries
from app.store.base import QueryAnswer, QueryRequest
from app.web.app import build_app
from tests.web.client import Client
from tests.web.fakes import BASE, MemoryQueries, MemorySnapshot, parts

NEAR = """\
#+ summary: 場所のあるもの
#+ summary_en: Things with a place
#+ description: 緯度が指定した値より北のもの
#+ description_en: Things north of a latitude
#+ map: {lat: lat, long: long, label: label}
#+ links: {label: thing}
#+ columns: {label: [名称, Name]}
#+ params:
#+   north: {type: decimal, default: "0", least: -90, most: 90, title: 緯度, title_en: Latitude}

PREFIX geo: <http://www.w3.org/2003/01/geo/wgs84_pos#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?thing ?label ?lat ?long ?_north WHERE {
  ?thing geo:lat ?lat ; geo:long ?long ; rdfs:label ?label .
  FILTER (LANG(?label) = "ja" && ?lat >= ?_north)
}
"""
CLASSES = """\
#+ summary: <b>種類</b>
#+ summary_en: Classes
#+ chart: {type: bar, x: class, y: number}
SELECT ?class (COUNT(?thing) AS ?number) WHERE { ?thing a ?class } GROUP BY ?class ORDER BY ?class
"""


class BoundQueries(MemoryQueries):
    """Binds what is to be bound, and cuts at the wanted rows."""

    async def run(self, request: QueryRequest) -> QueryAnswer:
        self.asked.append(request)
        if self.failure is not None:
            raise self.failure
        terms: dict[Variable, NamedNode | BlankNode | Literal | Triple] = {
            Variable(n): _term(t) for n, t in request.substitutions.items()
        }
        found = self.store.query(
            request.text, use_default_graph_as_union=True, substitutions=terms,
            base_iri=request.base_iri, prefixes=dict(request.prefixes),
        )  # fmt: skip
        assert isinstance(found, QuerySolutions)
        body = found.serialize(format=QueryResultsFormat.JSON)
        assert body is not None
        document = orjson.loads(body)
        rows = document["results"]["bindings"]
        wanted = rows[request.skip : request.skip + (request.rows or len(rows))]
        document["results"]["bindings"] = wanted
        return QueryAnswer(
            form="select",
            media_type=QueryResultsFormat.JSON.media_type,
            release="r1",
            chunks=self._chunks(orjson.dumps(document)),
            whole=True,
            rows=len(wanted),
            limited=request.skip + len(wanted) < len(rows),
            seconds=0.001,
        )


def _term(text: str) -> Literal:
    value, _, datatype = text.partition("^^")
    return (
        Literal(value.strip('"'), datatype=NamedNode(datatype[1:-1]))
        if datatype
        else Literal(value)
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder: Path = tmp_path_factory.mktemp("sparql")
    (folder / "near.rq").write_text(NEAR, encoding="utf-8")
    (folder / "classes.rq").write_text(CLASSES, encoding="utf-8")
    snapshot = MemorySnapshot()
    own = replace(
        parts(snapshot),
        queries=BoundQueries(snapshot.store),
        saved_queries=load_queries(folder),
    )
    with Client(build_app(own)) as opened:
        yield opened


def test_the_list_is_a_page_and_json(client: Client) -> None:
    page = client.get("/queries?lang=ja", headers={"accept": "text/html"})
    assert "場所のあるもの" in page.text
    assert "<b>種類" not in page.text
    assert "Things with a place" in client.get("/queries?lang=en").text
    listed = client.get("/queries.json").json()
    assert [query["name"] for query in listed] == ["classes", "near"]
    assert listed[1]["parameters"][0]["least"] == -90
    assert client.get("/queries", headers={"accept": "application/json"}).json() == listed


def test_the_page_has_a_form_a_table_and_addresses_of_each_form(client: Client) -> None:
    page = client.get("/queries/near?lang=ja").text
    assert 'name="north"' in page
    assert re.search(r'<a href="/id/aed/1"[^>]*>', page)
    for form in ("json", "srj", "csv", "xlsx", "geojson"):
        assert f'href="/api/queries/near.{form}"' in page
    assert "data-map=" in page
    assert "data-chart=" in client.get("/queries/classes").text


def test_the_page_keeps_the_values_in_every_address(client: Client) -> None:
    page = client.get("/queries/near?north=10.0").text
    assert 'value="10.0"' in page
    assert 'href="/api/queries/near.csv?north=10.0"' in page


def test_a_wrong_value_is_told_on_the_page_and_by_the_api(client: Client) -> None:
    page = client.get("/queries/near?north=<b>&lang=en")
    assert page.status_code == 400
    assert "&lt;b&gt;" in page.text
    assert "Write a number" in page.text
    answer = client.get("/api/queries/near?north=100")
    assert answer.status_code == 400
    problem = answer.json()
    assert problem["code"] == "bad-request"
    assert "緯度" in problem["message"]["ja"]
    assert problem["hint"]["en"] == "Between -90 and 90."


@pytest.mark.parametrize(
    ("accept", "suffix", "media_type"),
    [
        ("*/*", "", "application/json"),
        ("application/json", "", "application/json"),
        ("application/sparql-results+json", "", "application/sparql-results+json"),
        ("text/csv", "", "text/csv; charset=utf-8"),
        ("application/geo+json", "", "application/geo+json"),
        ("text/html", ".csv", "text/csv; charset=utf-8"),
        ("*/*", "?format=geojson", "application/geo+json"),
    ],
)
def test_the_api_answers_in_the_form_asked_for(
    client: Client, accept: str, suffix: str, media_type: str
) -> None:
    answer = client.get(f"/api/queries/near{suffix}", headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == media_type
    assert answer.headers["tsunagu-result"].startswith("complete; rows=")
    assert "Accept" in answer.headers["vary"]
    assert "_north" not in answer.text


def test_objects_are_plain_and_a_map_has_features(client: Client) -> None:
    first = client.get("/api/queries/near.json").json()[0]
    assert first.keys() == {"thing", "label", "lat", "long"}
    assert isinstance(first["lat"], float)
    feature = client.get("/api/queries/near.geojson").json()["features"][0]
    assert feature["geometry"]["type"] == "Point"
    assert feature["id"].startswith(BASE)
    assert client.get("/api/queries/classes.geojson").status_code == 400


def test_a_workbook_has_headings_in_the_readers_language(client: Client) -> None:
    answer = client.get("/api/queries/near.xlsx?lang=en")
    assert "near.xlsx" in answer.headers["content-disposition"]
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0)
    assert rows.to_python()[0][1] == "Name"


def test_html_leads_to_the_page(client: Client) -> None:
    answer = client.get("/api/queries/near?north=1", headers={"accept": "text/html"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/queries/near?north=1"


def test_nothing_acceptable_is_406_with_what_there_is(client: Client) -> None:
    answer = client.get("/api/queries/near", headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert "/api/queries/near.csv" in {a["href"] for a in answer.json()["alternatives"]}


def test_more_rows_are_offered_page_by_page(client: Client) -> None:
    answer = client.get("/api/queries/classes.json?limit=1")
    assert answer.headers["tsunagu-result"] == "limited; rows=1"
    following = re.search(r'<([^>]+)>; rel="next"', answer.headers["link"])
    assert following is not None
    second = client.get(following[1]).json()
    every = client.get("/api/queries/classes.json").json()
    assert [*answer.json(), *second] == every[:2]
    for wrong in ("limit=0", "limit=x", "offset=-1"):
        assert client.get(f"/api/queries/classes.json?{wrong}").status_code == 400


def test_answers_are_revalidated_and_differ_by_value_and_form(client: Client) -> None:
    addresses = ["/api/queries/near", "/api/queries/near.csv", "/api/queries/near.json?north=1",
                 "/queries/near", "/queries/near?lang=en", "/queries/near?embed=1"]  # fmt: skip
    tags = {}
    for address in addresses:
        tag = client.get(address).headers["etag"]
        assert client.get(address, headers={"if-none-match": tag}).status_code == 304
        tags[address] = tag
    assert len(set(tags.values())) == len(addresses)


def test_unknown_names_are_404_with_a_near_one(client: Client) -> None:
    for address in ("/queries/nearr", "/api/queries/nearr.json"):
        answer = client.get(address)
        assert answer.status_code == 404
        assert "near" in answer.json()["hint"]["en"]
    assert client.get("/api/queries/near.exe").status_code == 404


def test_only_the_embedded_page_may_stand_in_frames_of_others(client: Client) -> None:
    embedded = client.get("/queries/near?embed=1")
    assert "frame-ancestors 'self' *" in embedded.headers["content-security-policy"]
    assert "<form" not in embedded.text
    plain = client.get("/queries/near")
    assert plain.headers["content-security-policy"].endswith("frame-ancestors 'self'")


def test_the_text_of_a_query_runs_elsewhere(client: Client) -> None:
    answer = client.get("/queries/near.rq")
    assert answer.headers["content-type"] == "application/sparql-query; charset=utf-8"
    assert answer.text.startswith(f"BASE <{BASE}/>")
    assert "VALUES (?_north)" in answer.text


def test_the_interface_is_described_with_each_parameter(client: Client) -> None:
    document = client.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    operation = document["paths"]["/api/queries/near"]["get"]
    north = next(p for p in operation["parameters"] if p["name"] == "north")
    assert north["schema"] == {"type": "number", "default": 0.0, "minimum": -90, "maximum": 90}
    assert "text/csv" in operation["responses"]["200"]["content"]
    assert "/changes/{from}..{to}" in document["paths"]
    operations = [
        (path, operation) for path, item in document["paths"].items() for operation in item.values()
    ]
    names = [operation["operationId"] for _, operation in operations]
    assert len(names) == len(set(names))
    for path, operation in operations:
        told = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert told == set(re.findall(r"{(\w+)}", path))
        assert any(code.startswith(("2", "3")) for code in operation["responses"])
    routes = build_app(parts(MemorySnapshot())).router.routes
    for path, item in document["paths"].items():
        here = re.sub(r"{\w+}", "x", path)
        for method in item:
            scope = {"type": "http", "path": here, "method": method.upper(), "headers": []}
            assert any(route.matches(scope)[0] is Match.FULL for route in routes), (method, path)
