"""`/browse` and `/regions`: tables by address, in every form; hostile input is told."""

from __future__ import annotations

import base64
import csv
import io
import re
from collections.abc import Iterator

import orjson
import pytest

from app.errors import QueryTimeout, Text
from app.publish import search
from app.web.app import build_app
from tests.web.client import Client
from tests.web.conftest import Open
from tests.web.fakes import BASE, MemoryQueries, MemorySnapshot, parts

FACILITY = "/browse/ic:施設型"
THINGS = "\n".join(
    f'<id/thing/{n}> a <def/Thing> ; rdfs:label "もの{n:02d}"@ja ; <def/size> {n % 4} ; '
    f"<def/open> {'true' if n % 2 else 'false'} ; dcterms:isPartOf <id/region/13101> ."
    for n in range(60)
)


@pytest.fixture(scope="module")
def browsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    from tests.web.fakes import SAMPLE

    folder, snapshot = tmp_path_factory.mktemp("files"), MemorySnapshot(SAMPLE + THINGS)
    search.write(folder, snapshot)
    snapshot.files["search/meta.json"] = folder / "search" / "meta.json"
    with Client(build_app(parts(snapshot)), raise_faults=True) as opened:
        yield opened


def page(client: Client, address: str) -> str:
    answer = client.get(address, headers={"accept": "text/html"})
    assert answer.status_code == 200
    return answer.text


def test_classes_are_listed_with_counts_and_names(browsed: Client) -> None:
    text = page(browsed, "/browse?lang=ja")
    assert 'href="/browse/def:Thing"' in text
    assert "施設" in text
    classes = {known["id"]: known for known in browsed.get("/browse.json").json()}
    assert classes[f"{BASE}/def/Thing"]["count"] == 60
    assert classes["http://imi.go.jp/ns/core/rdf#施設型"]["label"] == {
        "ja": "施設",
        "en": "Facility",
    }
    assert classes["http://imi.go.jp/ns/core/rdf#座標型"]["named"] is False


def test_a_class_is_a_table_with_links_and_a_query(browsed: Client) -> None:
    text = page(browsed, f"{FACILITY}?lang=ja")
    assert '<a href="/id/aed/1"' in text
    assert "東京都千代田区一番町1" in text
    assert "/sparql?query=SELECT" in text
    assert 'aria-sort="' not in text


@pytest.mark.parametrize("name", ["def:Thing", "https%3A%2F%2Fdata.example.jp%2Fdef%2FThing"])
def test_a_class_is_named_shortly_or_in_full(browsed: Client, name: str) -> None:
    assert browsed.get(f"/browse/{name}.json?limit=1").json()["class"] == f"{BASE}/def/Thing"


@pytest.mark.parametrize("sort", ["", "&sort=label", "&sort=-label", "&sort=def:size"])
def test_pages_hold_every_thing_once(browsed: Client, sort: str) -> None:
    met: list[str] = []
    address = f"/browse/def:Thing.json?limit=7{sort}"
    while address:
        body = browsed.get(address).json()
        met += [row["id"] for row in body["rows"]]
        address = (body["next"] or "").removeprefix(BASE)
    assert len(met) == len(set(met)) == 60
    if sort == "&sort=-label":
        assert met == sorted(met, key=lambda iri: -int(iri.rpartition("/")[2]))


def test_filters_narrow_down(browsed: Client) -> None:
    def ids(query: str) -> list[str]:
        return [row["id"] for row in browsed.get(f"/browse/def:Thing.json?{query}").json()["rows"]]

    assert len(ids("def:open=true")) == 30
    assert len(ids("def:open=true&def:size=1")) == 15
    assert len(ids("def:size=1&def:size=2")) == 30
    assert len(ids("region=id:region/13000")) == 60
    assert ids("region=id:region/99999") == []
    assert len(ids("dataset=sample")) == 60
    assert ids("q=もの07") == [f"{BASE}/id/thing/7"]
    assert len(ids("q=もの&sort=-label")) == 60
    assert ids("type=ic:施設型") == []
    assert len(ids("dcterms:isPartOf=id:region/13101")) == 60


def test_the_page_offers_what_narrows_it_down(browsed: Client) -> None:
    text = page(browsed, "/browse/def:Thing?def:open=true&lang=ja")
    assert "def:open=false" in text
    assert "region=id:region/13101" in text
    assert "はい ✕" in text
    assert 'rel="next"' not in text  # thirty things stand on one page


def test_every_form_of_a_view(browsed: Client) -> None:
    for suffix, media_type in (
        ("csv", "text/csv; charset=utf-8"),
        ("json", "application/json"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("geojson", "application/geo+json"),
        ("kml", "application/vnd.google-earth.kml+xml"),
        ("ttl", "text/turtle; charset=utf-8"),
        ("nt", "application/n-triples; charset=utf-8"),
    ):
        answer = browsed.get(f"{FACILITY}.{suffix}")
        assert answer.status_code == 200, suffix
        assert answer.headers["content-type"] == media_type
        assert answer.content
    rows = list(csv.reader(io.StringIO(browsed.get(f"{FACILITY}.csv").text, newline="")))
    assert rows[1][0] == f"{BASE}/id/aed/1"
    features = browsed.get(f"{FACILITY}.geojson").json()["features"]
    assert features[0]["geometry"]["coordinates"] == [139.6917, 35.6895]
    assert browsed.get("/browse/def:Thing.kml").status_code == 404  # no coordinates


def test_the_next_page_of_a_file_is_told_in_a_header(browsed: Client) -> None:
    answer = browsed.get("/browse/def:Thing.csv?limit=50")
    links = answer.headers.get_list("link")
    (following,) = [m for x in links if (m := re.search(r'<([^>]+)>; rel="next"', x))]
    rest = browsed.get(following.group(1))
    assert len(rest.text.splitlines()) == 11


@pytest.mark.parametrize("sort", ["", "&sort=label"])
@pytest.mark.parametrize("form", [".nt", ".ttl", ".rdf", ".jsonld", ".csv", ".xlsx", "?format=nt"])
def test_a_file_in_any_form_says_that_others_follow(browsed: Client, form: str, sort: str) -> None:
    address = f"/browse/def:Thing{form}{'&' if '?' in form else '?'}limit=40{sort}"
    first = browsed.get(address)
    assert first.headers["tsunagu-result"] == "limited; rows=40"
    (following,) = re.findall(r'<([^>]+)>; rel="next"', first.headers["link"])
    rest = browsed.get(following)
    assert rest.headers["content-type"] == first.headers["content-type"]
    assert rest.headers["tsunagu-result"] == "complete; rows=20"
    assert 'rel="next"' not in rest.headers["link"]


def test_parts_of_a_graph_hold_every_thing_once(browsed: Client) -> None:
    met: list[str] = []
    address: str | None = "/browse/def:Thing.nt?limit=25&sort=-label"
    while address:
        answer = browsed.get(address)
        met += re.findall(r"<(\S+)> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type>", answer.text)
        found = re.search(r'<([^>]+)>; rel="next"', answer.headers["link"])
        address = found and found.group(1)
    assert len(met) == len(set(met)) == 60


def test_the_same_view_is_answered_304(browsed: Client) -> None:
    answer = browsed.get("/browse/def:Thing.csv?sort=label")
    headers = {"if-none-match": answer.headers["etag"]}
    assert browsed.get("/browse/def:Thing.csv?sort=label", headers=headers).status_code == 304
    assert browsed.get("/browse/def:Thing.csv", headers=headers).status_code == 200


def cursor(body: object) -> str:
    return base64.urlsafe_b64encode(orjson.dumps(body)).decode().rstrip("=")


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("cursor=x", 400),
        ("cursor=%FF", 400),
        ("cursor=" + "A" * 9_000, 400),
        ("cursor=" + cursor([1]), 400),
        ("cursor=" + cursor([1, 2, 3]), 400),
        ("cursor=" + cursor({"a": 1}), 400),
        ("cursor=" + cursor([-5, "r1"]), 400),
        ("cursor=" + cursor([True, "r1"]), 400),
        ("cursor=" + cursor([10**12, "r1"]), 400),
        ("cursor=" + cursor(["a", "http://x/y"]), 400),
        ("cursor=" + cursor([5, "r0"]), 412),
        ("cursor=" + cursor([5_000, "r1"]), 200),
        ("sort=label&cursor=" + cursor([5, "r1"]), 400),
        ("sort=label&cursor=" + cursor(["a", '"> } DROP ALL']), 400),
        ("sort=label&cursor=" + cursor(['" } DROP ALL #\\', "http://x/y"]), 200),
        ("sort=def:size&cursor=" + cursor(["no number", "http://x/y"]), 200),
        ("sort=nothing", 400),
        ("sort=" + "x" * 5_000, 400),
        ("limit=0", 400),
        ("limit=1000000", 400),
        ("q=" + "あ" * 2_700, 400),
        ("q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", 200),
        ("q=%00%E2%80%AE", 200),
        ("def:open=%22%20%7D%20DROP%20ALL", 200),
        ("def:open=%00", 200),
        ("def:op%3E%20en=1", 400),
        ("http://a%20b/c=1", 400),
        ("dataset=nothing", 400),
        ("region=%3Cx%3E", 400),
        ("&".join(f"def:p{n}=1" for n in range(100)), 400),
    ],
)
def test_hostile_input_is_refused_or_harmless(browsed: Client, query: str, status: int) -> None:
    answer = browsed.get(f"/browse/def:Thing?{query}", headers={"accept": "text/html"})
    assert answer.status_code == status
    assert "<script>alert" not in answer.text


@pytest.mark.parametrize(
    "path",
    ["/browse/def:Nothing", "/browse/%00", "/browse/x", "/browse/" + "a" * 3_000, "/browse/"],
)
def test_a_class_that_is_not_there_is_not_found(browsed: Client, path: str) -> None:
    assert browsed.get(path).status_code == 404


def test_a_sort_that_takes_too_long_is_told(open_client: Open) -> None:
    own = parts()
    client = open_client(own)
    assert isinstance(own.queries, MemoryQueries)
    own.queries.failure = QueryTimeout(Text(ja="時間切れ", en="Too long."))
    answer = client.get(f"{FACILITY}.json?sort=label")
    assert answer.status_code == 503
    assert answer.json()["code"] == "query-timeout"


def test_tables_work_without_an_index(open_client: Open) -> None:
    client = open_client(parts())
    assert '<a href="/id/aed/1"' in page(client, FACILITY)
    assert "/browse/ic:" in page(client, "/browse")


def test_regions_lead_down_to_what_is_there(browsed: Client) -> None:
    index = page(browsed, "/regions?lang=ja")
    assert "関東" in index
    assert 'href="/regions/13000"' in index
    tokyo = page(browsed, "/regions/13000?lang=ja")
    assert 'href="/regions/13101"' in tokyo
    chiyoda = page(browsed, "/regions/13101?lang=ja")
    assert 'href="/browse/def:Thing?region=id:region/13101"' in chiyoda
    assert "/search?region=id:region/13101" in chiyoda
    for code in ("99999", "x", "%3Cscript%3E"):
        assert browsed.get(f"/regions/{code}").status_code == 404
