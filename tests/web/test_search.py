"""`/search`: a page, JSON, suggestions, OpenSearch; hostile input is told or shown as text."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree

import pytest

from app.publish import search
from app.web.app import build_app
from tests.web.client import Client
from tests.web.conftest import Open
from tests.web.fakes import BASE, MemorySnapshot, parts


@pytest.fixture(scope="module")
def searched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder, snapshot = tmp_path_factory.mktemp("files"), MemorySnapshot()
    search.write(folder, snapshot)
    snapshot.files["search/meta.json"] = folder / "search" / "meta.json"
    with Client(build_app(parts(snapshot)), raise_faults=True) as opened:
        yield opened


def test_the_page_shows_what_was_found_with_facets(searched: Client) -> None:
    page = searched.get("/search?q=千代田&lang=ja", headers={"accept": "text/html"}).text
    assert "<title>千代田 | 検索 | " in page
    assert '<a href="/id/region/13101"' in page
    assert "東京都千代田区一番町1" in page
    assert "region=id:region/13000" in page
    assert 'value="千代田"' in page


def test_the_page_keeps_the_question_in_another_language(searched: Client) -> None:
    page = searched.get("/search?q=千代田", headers={"accept": "text/html"}).text
    assert "/search?q=%E5%8D%83%E4%BB%A3%E7%94%B0&amp;lang=en" in page


def test_json_names_things_in_both_languages(searched: Client) -> None:
    answer = searched.get("/search.json?q=chiyoda")
    assert answer.headers["content-type"] == "application/json"
    body = answer.json()
    assert body["total"] == 1
    (result,) = body["results"]
    assert result["id"] == f"{BASE}/id/region/13101"
    assert result["label"]["en"] == "Chiyoda"
    assert result["regions"][0]["label"] == {"ja": "東京都", "en": "Tokyo"}
    assert result["dataset"]["label"] == {"ja": "見本", "en": "Sample"}
    assert searched.get("/search?q=chiyoda", headers={"accept": "application/json"}).json() == body


def test_facets_narrow_down_and_pages_follow_each_other(searched: Client) -> None:
    body = searched.get("/search.json?q=&type=ic:市区町村型").json()
    assert [r["id"] for r in body["results"]] == [f"{BASE}/id/region/13101"]
    met, address = set(), "/search.json?dataset=sample&limit=4"
    while address:
        body = searched.get(address, headers={"accept": "application/json"}).json()
        met |= {result["id"] for result in body["results"]}
        address = (body["next"] or "").removeprefix(BASE)
    assert len(met) == body["total"] > 4


def test_suggestions_have_the_form_that_browsers_know(searched: Client) -> None:
    answer = searched.get("/search/suggest?q=千&lang=en")
    assert answer.headers["content-type"].startswith("application/x-suggestions+json")
    text, names, _, iris = answer.json()
    assert text == "千"
    assert names[0] == "Chiyoda"
    assert iris[0] == f"{BASE}/id/region/13101"
    assert searched.get("/search/suggest?q=").json()[1] == []


def test_opensearch_tells_the_addresses(searched: Client) -> None:
    answer = searched.get("/opensearch.xml")
    root = ElementTree.fromstring(answer.content)
    urls = {u.get("type"): u.get("template") for u in root if u.tag.endswith("}Url")}
    assert urls["text/html"] == f"{BASE}/search?q={{searchTerms}}"
    assert len(urls) == 3
    for path in ("/", "/doc/region/13101.html"):
        assert 'href="/opensearch.xml"' in searched.get(path, headers={"accept": "text/html"}).text


def test_the_answer_can_be_asked_again_for_free(searched: Client) -> None:
    answer = searched.get("/search.json?q=千代田")
    again = searched.get("/search.json?q=千代田", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304
    other = searched.get("/search.json?q=東京")
    assert other.headers["etag"] != answer.headers["etag"]


@pytest.mark.parametrize("form", ["", ".json"])
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("q=" + "あ" * 2_700, 400),
        ("q=" + "a " * 4_000, 400),
        ("offset=-1", 400),
        ("offset=1e9", 400),
        ("offset=９", 400),
        ("limit=100000", 400),
        ("type=javascript:alert(1)", 200),
        ("type=%3Cscript%3E", 400),
        ("region=ic:%00", 400),
        ("region=" + "a" * 3_000, 400),
        ("dataset=%22%3E%3Cscript%3E", 200),
        ("q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", 200),
        ("q=%E2%80%AEevil", 200),
        ("q=%00", 200),
        ("q=%FF%FE", 200),
        ("q=%F0%9F%8E%8C", 200),
        ("q=AND+OR+NOT+(+*%3F+field:value", 200),
        ("&".join(f"type=ic:x{n}" for n in range(500)), 200),
    ],
)
def test_hostile_input_is_refused_or_shown_as_text(
    searched: Client, form: str, query: str, status: int
) -> None:
    answer = searched.get(f"/search{form}?{query}", headers={"accept": "text/html, */*;q=0.1"})
    assert answer.status_code == status
    assert "content-security-policy" in answer.headers
    if form == "" and status == 200:
        assert answer.headers["content-type"].startswith("text/html")
        assert "<script>alert" not in answer.text


def test_a_hostile_name_is_text(searched: Client) -> None:
    page = searched.get("/search?q=evil", headers={"accept": "text/html"}).text
    assert "<script>alert(1)" not in page
    assert 'dir="auto"' in page


def test_a_release_without_an_index_says_so(open_client: Open) -> None:
    client = open_client(parts())
    page = client.get("/search?q=千代田&lang=en", headers={"accept": "text/html"})
    assert page.status_code == 200
    assert "no index" in page.text
    assert client.get("/search.json?q=千代田").json()["total"] == 0
    assert client.get("/search/suggest?q=千").json()[1] == []
